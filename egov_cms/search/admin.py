"""Search tools for editors: synonym groups, promoted results, a page to try synonyms, reports."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from egov_cms.adapters.wagtail.admin import CreateView, EditView
from egov_cms.language import content_languages, native_name
from egov_cms.search import reports
from egov_cms.search.analysis import query_keys, words
from egov_cms.search.finding import Search
from egov_cms.search.models import PromotedResult, SynonymGroup
from egov_cms.search.synonyms import Synonyms, problems

SHOWN = 5
MOST_ROWS = 200
CHANGE_SYNONYMS = "egov_search.change_synonymgroup"


class WarnsOfUnknownTerms:
    """After saving, warn about terms that no document contains: they only help as search terms."""

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
    """A choice of the content languages, read when the form is displayed."""

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
    submitted = "query" in request.GET
    form = TryForm(request.GET if submitted else None, initial=initial)
    columns = []
    if submitted and form.is_valid():
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
            results = Search(synonyms=Synonyms(groups)).results(
                values["query"], values["locale"], per_page=SHOWN
            )
            columns.append({"title": title, "hits": results.hits, "total": results.total})
    return render(request, "egov_search/admin/try.html", {"form": form, "columns": columns})


def missed_searches(request):
    """Queries without results, and queries whose results were hardly ever opened."""
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
    path("search-tools/missed/", missed_searches, name="egov_search_missed"),
]


def _require_synonyms(request):
    if not request.user.has_perm(CHANGE_SYNONYMS):
        raise PermissionDenied


def _number(text):
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0
