"""Page × language: missing, not published, to be brought up to date, up to date."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import BooleanField, CharField, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.translation import gettext_lazy as _
from wagtail.models import Locale

from egov_cms.adapters.wagtail.pages import page_model
from egov_cms.adapters.wagtail.permissions import page_permission_policy

from .models import PageWords
from .page_words import site_page_types

Page = page_model()

CURRENT, STALE = PageWords.State.CURRENT.value, PageWords.State.STALE.value
MISSING, DRAFT = "missing", "draft"
STATES = {
    CURRENT: _("Up to date"),
    STALE: _("To be brought up to date"),
    DRAFT: _("Not published"),
    MISSING: _("Missing"),
}


@dataclass(frozen=True)
class Cell:
    """One page in one language. `words` are those of the page, `waiting` those of the source that wait for a translator.

    `page_pk` is None where there is no page.
    """

    language: str
    state: str
    page_pk: int | None
    words: int
    waiting: int

    @property
    def label(self):
        return STATES[self.state]


def languages() -> list[str]:
    """The codes of the languages that are translated into."""
    default = Locale.get_default()
    return list(Locale.objects.exclude(pk=default.pk).order_by("pk").values_list("language_code", flat=True))


def source_pages(user=None) -> QuerySet[Page]:
    """Public pages of the source language that stand in the matrix, of those this person may edit."""
    pages = Page.objects.all()
    if user is not None:
        pages = page_permission_policy.instances_user_has_any_permission_for(
            user, {"add", "change", "publish"}
        )
        # Translators may edit no page of the source language, yet have to see what waits.
        if not pages.filter(locale=Locale.get_default()).exists():
            pages = Page.objects.filter(translation_key__in=pages.values("translation_key"))
    return pages.filter(
        locale=Locale.get_default(),
        live=True,
        alias_of=None,
        depth__gt=1,
        content_type__in=site_page_types(),
    ).order_by("path")


def in_state(pages: QuerySet[Page], state: str, language: str = "") -> QuerySet[Page]:
    """The pages that have this state in a language, or in any."""
    chosen = [language] if language else languages()
    condition = Q(pk__in=[])
    for number, code in enumerate(chosen):
        translations = Page.objects.filter(
            translation_key=OuterRef("translation_key"), locale__language_code=code, alias_of=None
        )
        if state == MISSING:
            found = ~Exists(translations)
        elif state == DRAFT:
            found = Exists(translations.filter(live=False))
        elif state == STALE:
            found = Exists(translations.filter(live=True, egov_words__state=STALE))
        else:
            found = Exists(translations.filter(live=True).exclude(egov_words__state=STALE))
        name = f"in_state_{number}"
        pages = pages.annotate(**{name: found})
        condition |= Q(**{name: True})
    return pages.filter(condition)


def cells(pages: Iterable[Page]) -> dict[int, list[Cell]]:
    """Primary key of a source page → its cells, in the order of `languages()`. Two queries for any number of pages."""
    pages = list(pages)
    codes = languages()
    rows = (
        Page.objects.filter(translation_key__in=[page.translation_key for page in pages], alias_of=None)
        .exclude(locale=Locale.get_default())
        .values_list(
            "translation_key",
            "locale__language_code",
            "pk",
            "live",
            "egov_words__state",
            "egov_words__words",
            "egov_words__stale_words",
        )
    )
    own = dict(PageWords.objects.filter(page__in=[page.pk for page in pages]).values_list("page_id", "words"))
    found = {(key, code): values for key, code, *values in rows}
    return {
        page.pk: [_cell(code, found.get((page.translation_key, code)), own.get(page.pk, 0)) for code in codes]
        for page in pages
    }


def _cell(code, values, source_words) -> Cell:
    if values is None:
        return Cell(code, MISSING, None, 0, source_words)
    pk, live, state, words, waiting = values
    if not live:
        return Cell(code, DRAFT, pk, words or 0, source_words)
    return Cell(code, state or CURRENT, pk, words or 0, waiting or 0)


def totals(pages: QuerySet[Page]) -> list[dict]:
    """For each language: how many of these pages have each state, and how many words wait. Three queries a language."""
    found = []
    count = pages.count()
    for code in languages():
        translations = Page.objects.filter(
            locale__language_code=code, alias_of=None, translation_key__in=pages.values("translation_key")
        )
        drafts = translations.filter(live=False).count()
        stale = translations.filter(live=True, egov_words__state=STALE)
        waiting = stale.aggregate(words=Sum("egov_words__stale_words"))["words"] or 0
        live, late = translations.filter(live=True).count(), stale.count()
        found.append(
            {
                "language": code,
                CURRENT: live - late,
                STALE: late,
                DRAFT: drafts,
                MISSING: max(0, count - live - drafts),
                "waiting": waiting,
            }
        )
    return found


def annotated(pages: QuerySet[Page]) -> QuerySet[Page]:
    """For spreadsheets: `words`, and for each language `state_xx` and `waiting_xx`, in one query."""
    pages = pages.annotate(words=Subquery(_words("pk", OuterRef("pk"), "words")))
    for code in languages():
        translation = Page.objects.filter(
            translation_key=OuterRef("translation_key"), locale__language_code=code, alias_of=None
        )
        name = code.replace("-", "_")
        pages = pages.annotate(
            **{
                f"live_{name}": Subquery(translation.values("live")[:1], output_field=BooleanField()),
                f"words_state_{name}": Subquery(
                    translation.values("egov_words__state")[:1], output_field=CharField()
                ),
                f"waiting_{name}": Subquery(translation.values("egov_words__stale_words")[:1]),
            }
        )
    return pages


def _words(column, value, result):
    return PageWords.objects.filter(**{f"page__{column}": value}).values(result)[:1]


def state_of(page, code: str) -> str:
    """The state of an annotated page in a language."""
    name = code.replace("-", "_")
    live = getattr(page, f"live_{name}")
    if live is None:
        return MISSING
    if not live:
        return DRAFT
    return getattr(page, f"words_state_{name}") or CURRENT


def waiting_of(page, code: str) -> int:
    """The words that wait for a translator into this language, of an annotated page."""
    state = state_of(page, code)
    if state in (MISSING, DRAFT):
        return page.words or 0
    return getattr(page, f"waiting_{code.replace('-', '_')}") or 0
