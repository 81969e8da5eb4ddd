"""Wires the editors' experience into Wagtail's admin."""

from django.templatetags.static import static
from django.utils.html import format_html
from wagtail import hooks


@hooks.register("insert_global_admin_css")
def admin_css():
    return format_html('<link rel="stylesheet" href="{}">', static("egov_editing/admin.css"))


@hooks.register("insert_global_admin_js")
def direction_js():
    return format_html('<script src="{}"></script>', static("egov_editing/direction.js"))
