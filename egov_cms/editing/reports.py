"""Entries of the admin's menu “Reports”."""

from collections.abc import Callable

from django.urls import reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from egov_cms.adapters.wagtail.permissions import may_edit_pages


class ReportMenuItem(MenuItem):
    """`shown_to(user)` says whose menu it stands in."""

    def __init__(self, *args, shown_to: Callable, **options):
        super().__init__(*args, **options)
        self.shown_to = shown_to

    def is_shown(self, request):
        return self.shown_to(request.user)


def register_report(label, url_name: str, *, icon: str, order: int, shown_to: Callable = may_edit_pages):
    """Put a report into the menu, for everybody who edits pages unless told otherwise; called in `wagtail_hooks`."""

    @hooks.register("register_reports_menu_item")
    def item():
        return ReportMenuItem(
            label,
            reverse(url_name),
            name=url_name.replace("_", "-"),
            icon_name=icon,
            order=order,
            shown_to=shown_to,
        )
