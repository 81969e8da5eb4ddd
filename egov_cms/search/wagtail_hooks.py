"""Adds the search tools for editors to Wagtail's admin."""

from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets import Button
from wagtail.snippets.models import register_snippet

from egov_cms.search import admin
from egov_cms.search.models import SynonymGroup

register_snippet(admin.SearchViewSetGroup)


class SynonymsMenuItem(MenuItem):
    def is_shown(self, request):
        return request.user.has_perm(admin.CHANGE_SYNONYMS)


@hooks.register("register_admin_urls")
def urls():
    return [path("", include(admin.urlpatterns))]


@hooks.register("register_reports_menu_item")
def missed_searches():
    return SynonymsMenuItem(
        _("Missed searches"), reverse("egov_search_missed"), icon_name="search", order=900
    )


@hooks.register("register_snippet_listing_buttons")
def try_button(snippet, user, next_url=None):
    if isinstance(snippet, SynonymGroup) and user.has_perm(admin.CHANGE_SYNONYMS):
        url = f"{reverse('egov_search_try')}?group={snippet.pk}"
        yield Button(_("Try"), url, icon_name="view", priority=30)
