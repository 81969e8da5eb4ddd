"""Views, filters and choosers of the admin. Imported by what is wired in `wagtail_hooks.py`, when all models are there."""

from functools import wraps

from django.db import DatabaseError, transaction
from django.utils.functional import cached_property
from django.views.generic import TemplateView
from wagtail.admin.auth import require_admin_access
from wagtail.admin.filters import ContentTypeFilter, DateRangePickerWidget
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.mixins import CreateEditViewOptionalFeaturesMixin
from wagtail.admin.views.home import UserObjectsInWorkflowModerationPanel, WorkflowObjectsToModeratePanel
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.admin.views.pages.edit import EditView as PageEditView
from wagtail.snippets.views.chooser import SnippetChooserViewSet
from wagtail.snippets.views.snippets import CreateView, EditView, IndexView
from wagtail.snippets.widgets import AdminSnippetChooser

from egov_cms.adapters.django import impatient, is_outage

__all__ = [
    "AdminPageView",
    # A filter of a list by a related content type: documented is WagtailFilterSet, which makes it for own fields only.
    "ContentTypeFilter",
    # The views that a SnippetViewSet has where `add_view_class` and its like, which are documented, name no others.
    "CreateView",
    # A filter from one day to another, likewise.
    "DateRangePickerWidget",
    "EditView",
    "IndexView",
    "SnippetChooser",
    "choosing_with",
    "exported_rows",
    "exported_titles",
    "is_moderation_panel",
    "open_without_sessions",
    # Views of `register_admin_urls`, which is documented, have it by themselves; one that goes before Wagtail's own has not.
    "require_admin_access",
    "write_exports_with",
]


def open_without_sessions() -> None:
    """From now on an editor opens while nothing can be written, without the list of others who have it open.

    Wagtail writes who opens a page or a record before it shows the form, and has no documented place to say otherwise.
    """
    for view in (PageEditView, CreateEditViewOptionalFeaturesMixin):
        original = view.get_editing_sessions
        if not hasattr(original, "__wrapped__"):
            view.get_editing_sessions = _or_none(original)


def _or_none(method):
    @wraps(method)
    def sessions(self):
        try:
            with impatient(), transaction.atomic():
                return method(self)
        except DatabaseError as error:
            if is_outage(error):
                return None
            raise

    return sessions


class AdminPageView(WagtailAdminTemplateMixin, TemplateView):
    """A screen of the admin with its head and crumbs: `page_title`, `header_icon`, `template_name`, `path()`.

    The documented generic views are lists and forms of one model; the documented template (`generic/base.html`) gets
    its head and crumbs from this mixin.
    """

    def path(self) -> list[dict]:
        """Crumbs between the start page and this one: `{"url": …, "label": …}`."""
        return []

    def get_breadcrumbs_items(self):
        here = {"url": "", "label": self.get_page_title()}
        return [*super().get_breadcrumbs_items(), *self.path(), here]


class SnippetChooser(AdminSnippetChooser):
    """The input that chooses a snippet; `says()` gives its three texts when it is made.

    Wagtail's says them for ever in the language in which the process began, and its viewset (documented as
    `chooser_viewset_class`) makes it without a documented place to name another class.
    """

    def __init__(self, model, **kwargs):
        super().__init__(model, **kwargs)
        self.choose_one_text, self.choose_another_text, self.link_to_chosen_text = self.says(model)

    def says(self, model):
        return self.choose_one_text, self.choose_another_text, self.link_to_chosen_text


def choosing_with(widget):
    """A SnippetChooserViewSet whose input is of this class of SnippetChooser."""

    class ViewSet(SnippetChooserViewSet):
        @cached_property
        def widget_class(self):
            return widget(model=self.model, icon=self.icon)

    return ViewSet


def is_moderation_panel(panel) -> bool:
    """Is this one of Wagtail's two panels of the start page that list what waits for approval, without an end?

    The hook `construct_homepage_panels` is documented; the panels that it is given are not.
    """
    return isinstance(panel, UserObjectsInWorkflowModerationPanel | WorkflowObjectsToModeratePanel)


def write_exports_with(stream_csv, write_xlsx) -> None:
    """Let every list of the admin write its files by these functions, Wagtail's own lists included.

    stream_csv(view, queryset) yields the bytes of a CSV file; write_xlsx(view, queryset, output) writes a workbook into an
    open binary file. All views with an export share one mixin, and nothing documented says how another writer is chosen.
    """
    SpreadsheetExportMixin.stream_csv = stream_csv
    SpreadsheetExportMixin.write_xlsx = write_xlsx


def exported_titles(view, queryset) -> list[str]:
    """The titles of the columns that a view exports, in the active language."""
    return [view.get_heading(queryset, field) for field in view.list_export]


def exported_rows(view, queryset, file_format, convert=None):
    """A list of values for each exported row, as the view prepares them for "csv" or "xlsx".

    convert(value) -> (value, True) where it takes a value over, else (value, False).
    """
    for item in queryset:
        row = view.to_row_dict(item)
        cells = []
        for field in view.list_export:
            value, done = convert(row[field]) if convert else (row[field], False)
            cells.append(value if done else view.preprocess_field_value(field, value, file_format))
        yield cells
