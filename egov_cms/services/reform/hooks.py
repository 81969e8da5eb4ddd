"""Registers the reform reports in the admin."""

from django.urls import reverse
from wagtail import hooks

from egov_cms.services.reform import admin


@hooks.register("register_admin_urls")
def admin_urls():
    return admin.urlpatterns


def _menu_item(view, order):
    @hooks.register("register_reports_menu_item")
    def item():
        return admin.ReformMenuItem(
            view.page_title,
            reverse(view.index_url_name),
            name=view.index_url_name.replace("_", "-"),
            icon_name=view.header_icon,
            order=order,
        )


_menu_item(admin.OnceOnlyReport, 40)
_menu_item(admin.BurdenReport, 50)
_menu_item(admin.MostAskedReport, 60)
