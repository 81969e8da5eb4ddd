"""Registers citizens' answers in the admin."""

from wagtail import hooks

from egov_cms.adapters.wagtail.permissions import set_permission_policy
from egov_cms.editing.queue import ReaderPolicy
from egov_cms.editing.reports import register_report
from egov_cms.services.experience import admin
from egov_cms.services.models import ServiceExperience

set_permission_policy(ServiceExperience, ReaderPolicy(ServiceExperience))


@hooks.register("register_admin_urls")
def admin_urls():
    return admin.urlpatterns


@hooks.register("register_admin_viewset")
def answers():
    return admin.ExperienceViewSet()


register_report(
    admin.ExperienceReport.page_title,
    admin.ExperienceReport.index_url_name,
    icon=admin.ExperienceReport.header_icon,
    order=70,
    shown_to=lambda user: user.has_perm(admin.MAY_SEE),
)


@hooks.register("construct_homepage_panels", order=20)
def panels(request, panels):
    panels.append(admin.OutliersPanel())
