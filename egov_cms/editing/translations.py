"""The report of translations: page × language, with the words that wait; as a table, CSV or XLSX."""

from __future__ import annotations

import django_filters
from django.contrib.contenttypes.models import ContentType
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.views.reports import ReportView

from egov_cms.adapters.wagtail.admin import ContentTypeFilter
from egov_cms.adapters.wagtail.pages import page_model
from egov_cms.adapters.wagtail.permissions import page_permission_policy
from egov_cms.language import native_name

from . import page_words, translation_matrix

PER_PAGE = 50


class TranslationFilters(WagtailFilterSet):
    """By language, state, page type and title."""

    title = django_filters.CharFilter(label=gettext_lazy("Title contains"), lookup_expr="icontains")
    language = django_filters.ChoiceFilter(
        label=gettext_lazy("Language"),
        choices=lambda: [(code, native_name(code)) for code in translation_matrix.languages()],
        method="by_state",
    )
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"), choices=list(translation_matrix.STATES.items()), method="by_state"
    )
    content_type = ContentTypeFilter(
        label=gettext_lazy("Kind of page"), queryset=lambda request: _page_types()
    )

    class Meta:
        model = page_model()
        fields = ["title", "language", "state", "content_type"]

    def by_state(self, queryset, name, value):
        """Language and state work together: the state in that language, a language alone narrows nothing."""
        language, state = self.data.get("language", ""), self.data.get("state", "")
        if name != "state" or state not in translation_matrix.STATES:
            return queryset
        known = language in translation_matrix.languages()
        return translation_matrix.in_state(queryset, state, language if known else "")


def _page_types():
    return ContentType.objects.filter(pk__in=[each.pk for each in page_words.site_page_types()])


class TranslationsReport(ReportView):
    page_title = gettext_lazy("Translations")
    header_icon = "site"
    template_name = "egov_editing/translations.html"
    results_template_name = "egov_editing/translations_results.html"
    index_url_name = "egov_translations"
    index_results_url_name = "egov_translations_results"
    filterset_class = TranslationFilters
    export_filename = "translations"
    permission_policy = page_permission_policy
    any_permission_required = ["add", "change", "publish"]
    paginate_by = PER_PAGE

    def get_queryset(self):
        page_words.catch_up()
        pages = translation_matrix.source_pages(self.request.user)
        return translation_matrix.annotated(pages) if self.is_export else pages

    def decorate_paginated_queryset(self, object_list):
        if self.is_export:
            return object_list
        pages = list(object_list)
        cells = translation_matrix.cells(pages)
        for page in pages:
            page.cells = cells[page.pk]
        return pages

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        if not self.is_export:
            codes = translation_matrix.languages()
            context["languages"] = [native_name(code) for code in codes]
            pages = translation_matrix.source_pages(self.request.user)
            context["totals"] = [
                {"name": native_name(each["language"]), **each} for each in translation_matrix.totals(pages)
            ]
        return context

    @property
    def list_export(self):
        codes = translation_matrix.languages()
        return [
            "title",
            "url_path",
            "words",
            *(f"{what}:{code}" for code in codes for what in ("state", "waiting")),
        ]

    @property
    def export_headings(self):
        headings = {"title": _("Title"), "url_path": _("Address"), "words": _("Words")}
        for code in translation_matrix.languages():
            headings[f"state:{code}"] = native_name(code)
            headings[f"waiting:{code}"] = _("Words to translate: %(language)s") % {
                "language": native_name(code)
            }
        return headings

    def get_heading(self, queryset, field):
        return self.export_headings[field]

    def to_row_dict(self, item):
        row = {"title": item.title, "url_path": item.url_path, "words": item.words or 0}
        for code in translation_matrix.languages():
            state = translation_matrix.state_of(item, code)
            row[f"state:{code}"] = str(translation_matrix.STATES[state])
            row[f"waiting:{code}"] = translation_matrix.waiting_of(item, code)
        return row


urlpatterns = [
    path("reports/translations/", TranslationsReport.as_view(), name="egov_translations"),
    path(
        "reports/translations/results/",
        TranslationsReport.as_view(results_only=True),
        name="egov_translations_results",
    ),
]
