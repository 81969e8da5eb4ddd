"""The editors' tools: synonym groups and promoted results, a place to try synonyms, CSV, reports."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from egov_cms.adapters.wagtail.admin import CreateView, EditView
from egov_cms.language import content_languages, native_name
from egov_cms.search import reports, synonym_files
from egov_cms.search.analysis import query_keys, words
from egov_cms.search.finding import Search
from egov_cms.search.models import PromotedResult, SynonymGroup
from egov_cms.search.synonyms import Synonyms, problems

SHOWN = 5
MOST_ROWS = 200
CHANGE_SYNONYMS = "egov_search.change_synonymgroup"


class WarnsOfUnknownTerms:
    """After saving, say which terms stand in no document: they help only as what people type."""

    def save_instance(self):
        group = super().save_instance()
        lexicon = Search().lexicon
        terms = [*group.term_list, *group.target_list]
        missing = [
            term for term in terms if not all(lexicon.documents(query_keys(word)) for word in words(term))
        ]
        if len(missing) == len(terms):
            text = _("None of these terms stands in any document yet, so the group finds nothing.")
            messages.warning(self.request, text)
        elif missing:
            text = _("In no document: %(terms)s. Visitors may still type them.")
            messages.info(self.request, text % {"terms": "، ".join(missing)})
        return group


class CreateSynonyms(WarnsOfUnknownTerms, CreateView):
    def get_initial_form_instance(self):
        instance = super().get_initial_form_instance() or SynonymGroup()
        instance.terms = self.request.GET.get("terms", "")[:200]
        return instance


class EditSynonyms(WarnsOfUnknownTerms, EditView):
    pass


class SynonymGroupViewSet(SnippetViewSet):
    model = SynonymGroup
    icon = "list-ul"
    menu_label = gettext_lazy("Synonyms")
    add_view_class = CreateSynonyms
    edit_view_class = EditSynonyms
    list_display = ["__str__", Column("scope", label=gettext_lazy("for")), BooleanColumn("active"), "note"]
    list_filter = ["scope", "active"]
    search_fields = ["terms", "targets", "note"]
    panels = [
        HelpPanel(template="egov_search/admin/help.html"),
        FieldPanel("terms"),
        FieldPanel("targets"),
        MultiFieldPanel([FieldPanel("scope"), FieldPanel("active"), FieldPanel("note")]),
    ]


class LanguageSelect(forms.Select):
    """The languages of the content as they are when the form is shown."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.choices = [(code, native_name(code)) for code in content_languages()]


class PromotedResultViewSet(SnippetViewSet):
    model = PromotedResult
    icon = "pick"
    menu_label = gettext_lazy("Promoted results")
    list_display = ["query", "title", "url", "locale", "sort_order"]
    list_filter = ["locale"]
    search_fields = ["query", "title"]
    panels = [
        FieldPanel("query"),
        FieldPanel("locale", widget=LanguageSelect),
        FieldPanel("title"),
        FieldPanel("url"),
        FieldPanel("summary"),
        FieldPanel("sort_order"),
    ]


class SearchViewSetGroup(SnippetViewSetGroup):
    items = (SynonymGroupViewSet, PromotedResultViewSet)
    menu_icon = "search"
    menu_label = gettext_lazy("Site search")
    menu_name = "egov-search"
    add_to_admin_menu = True


class TryForm(forms.Form):
    terms = forms.CharField(
        label=gettext_lazy("Terms, one a line"), widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"})
    )
    targets = forms.CharField(
        label=gettext_lazy("Also find (one way)"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )
    scope = forms.ChoiceField(
        label=SynonymGroup._meta.get_field("scope").verbose_name,
        choices=SynonymGroup.Scope.choices,
        initial=SynonymGroup.Scope.ALL,
        required=False,
    )
    query = forms.CharField(
        label=gettext_lazy("What a visitor types"),
        max_length=200,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    locale = forms.ChoiceField(label=gettext_lazy("On the site in"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["locale"].choices = [(code, native_name(code)) for code in content_languages()]

    def clean(self):
        values = super().clean()
        if found := problems(lines(values.get("terms", "")), lines(values.get("targets", ""))):
            raise forms.ValidationError(found)
        return values


class UploadForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("CSV file"))
    dry_run = forms.BooleanField(
        label=gettext_lazy("Only say what would happen"), required=False, initial=True
    )


def lines(text):
    return [line.strip() for line in text.splitlines() if line.strip()]


def try_synonyms(request):
    """The first five results of a query with and without a group; nothing is saved."""
    _require_synonyms(request)
    group = SynonymGroup.objects.filter(pk=_number(request.GET.get("group"))).first()
    initial = {"locale": get_language()}
    if group:
        initial |= {"terms": group.terms, "targets": group.targets, "scope": group.scope}
        initial["query"] = (group.term_list or [""])[0]
    asked = "query" in request.GET
    form = TryForm(request.GET if asked else None, initial=initial)
    columns = []
    if asked and form.is_valid():
        values = form.cleaned_data
        terms, targets = lines(values["terms"]), lines(values["targets"])
        others = [
            (row.term_list, row.target_list, row.scope)
            for row in SynonymGroup.objects.filter(active=True)
            if row.term_list[:1] != terms[:1]
        ]
        for title, groups in (
            (_("Without the group"), others),
            (_("With the group"), [*others, (terms, targets, values["scope"] or "all")]),
        ):
            found = Search(synonyms=Synonyms(groups)).results(
                values["query"], values["locale"], per_page=SHOWN
            )
            columns.append({"title": title, "hits": found.hits, "total": found.total})
    return render(request, "egov_search/admin/try.html", {"form": form, "columns": columns})


def export_synonyms(request):
    _require_synonyms(request)
    response = HttpResponse(
        synonym_files.to_csv(SynonymGroup.objects.all()), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="synonyms.csv"'
    return response


def import_synonyms(request):
    """Read a CSV file; with a tick nothing is written, and the page says what would be."""
    _require_synonyms(request)
    form = UploadForm(request.POST or None, request.FILES or None)
    report = None
    if request.method == "POST" and form.is_valid():
        report = _read(form.cleaned_data["file"], form.cleaned_data["dry_run"])
        if not report.refused and not form.cleaned_data["dry_run"]:
            text = _("Added: %(created)s. Changed: %(changed)s. The same as before: %(unchanged)s.")
            messages.success(request, text % vars(report))
            return redirect(SynonymGroup.snippet_viewset.get_url_name("list"))
    return render(request, "egov_search/admin/import.html", {"form": form, "report": report})


def missed_searches(request):
    """Queries that found nothing, and queries whose results nobody opened."""
    _require_synonyms(request)
    add_url = reverse(SynonymGroup.snippet_viewset.get_url_name("add"))
    context = {
        "add_url": add_url,
        "tables": [
            (_("Found nothing"), reports.without_results()[:MOST_ROWS]),
            (_("Found something that hardly anybody opened"), reports.without_clicks()[:MOST_ROWS]),
        ],
    }
    return render(request, "egov_search/admin/missed.html", context)


urlpatterns = [
    path("search-tools/try/", try_synonyms, name="egov_search_try"),
    path("search-tools/synonyms.csv", export_synonyms, name="egov_search_export"),
    path("search-tools/import/", import_synonyms, name="egov_search_import"),
    path("search-tools/missed/", missed_searches, name="egov_search_missed"),
]


def _require_synonyms(request):
    if not request.user.has_perm(CHANGE_SYNONYMS):
        raise PermissionDenied


def _number(text):
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def _read(file, dry_run):
    if file.size > synonym_files.LARGEST:
        return synonym_files.Report(refused=[(0, _("The file is too large."))])
    try:
        return synonym_files.from_csv(file.read().decode("utf-8"), dry_run)
    except UnicodeDecodeError:
        return synonym_files.Report(refused=[(0, _("Save the file as CSV in UTF-8."))])
