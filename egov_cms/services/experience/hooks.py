"""Registers citizens' answers in the admin."""

from django.urls import reverse
from wagtail import hooks

from egov_cms.adapters.wagtail.permissions import set_permission_policy
from egov_cms.editing.queue import ReaderPolicy
from egov_cms.services.experience import admin
from egov_cms.services.models import ServiceExperience

set_permission_policy(ServiceExperience, ReaderPolicy(ServiceExperience))


@hooks.register("register_admin_urls")
def admin_urls():
    return admin.urlpatterns


@hooks.register("register_admin_viewset")
def answers():
    return admin.ExperienceViewSet()


@hooks.register("register_reports_menu_item")
def report():
    view = admin.ExperienceReport
    return admin.ExperienceMenuItem(
        view.page_title,
        reverse(view.index_url_name),
        name=view.index_url_name.replace("_", "-"),
        icon_name=view.header_icon,
        order=70,
    )


@hooks.register("construct_homepage_panels", order=20)
def panels(request, panels):
    panels.append(admin.OutliersPanel())
