"""Registers the reform reports in the admin."""

from wagtail import hooks

from egov_cms.editing.reports import register_report
from egov_cms.services.reform import admin


@hooks.register("register_admin_urls")
def admin_urls():
    return admin.urlpatterns


for view, order in ((admin.OnceOnlyReport, 40), (admin.BurdenReport, 50), (admin.MostAskedReport, 60)):
    register_report(
        view.page_title, view.index_url_name, icon=view.header_icon, order=order, shown_to=admin.may_see
    )
