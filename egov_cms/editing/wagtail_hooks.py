"""Wires the editors' experience into Wagtail's admin."""

from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy
from wagtail import hooks

from egov_cms.adapters.wagtail.admin import is_moderation_panel, open_without_sessions
from egov_cms.adapters.wagtail.permissions import set_permission_policy
from egov_cms.site.models import PageFeedback

from . import exchange, translations, translations_together, visits
from .dashboard import PANELS
from .feedback import FeedbackViewSet
from .queue import ReaderPolicy
from .reports import register_report

set_permission_policy(PageFeedback, ReaderPolicy(PageFeedback))
open_without_sessions()


@hooks.register("insert_global_admin_css")
def admin_css():
    return format_html('<link rel="stylesheet" href="{}">', static("egov_editing/admin.css"))


@hooks.register("insert_global_admin_js")
def direction_js():
    return format_html('<script src="{}"></script>', static("egov_editing/direction.js"))


@hooks.register("construct_homepage_panels")
def panels(request, panels):
    # Those list without an end; ours show the same within bounds.
    panels[:] = [panel for panel in panels if not is_moderation_panel(panel)]
    panels.extend(panel() for panel in (*PANELS, visits.MostVisitedPanel))


@hooks.register("register_admin_viewset")
def feedback():
    return FeedbackViewSet()


hooks.register("after_unpublish_page", translations_together.after_unpublish)
hooks.register("after_delete_page", translations_together.after_delete)
hooks.register("after_move_page", translations_together.after_move)
hooks.register("after_bulk_action", translations_together.after_bulk_action)


@hooks.register("register_admin_urls")
def report_urls():
    return [*translations.urlpatterns, *visits.urlpatterns]


register_report(gettext_lazy("Translations"), "egov_translations", icon="site", order=10)
register_report(gettext_lazy("Page views"), "egov_visits", icon="view", order=80, shown_to=visits.may_see)


@hooks.register("register_admin_urls")
def exchange_urls():
    return exchange.urlpatterns


@hooks.register("register_admin_menu_item")
def exchange_menu():
    return exchange.ExchangeMenuItem(
        gettext_lazy("Files in and out"),
        reverse("egov_exchange"),
        name="egov-exchange",
        icon_name="table",
        order=230,
    )
