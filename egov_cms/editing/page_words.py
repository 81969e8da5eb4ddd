"""Which translations are behind their source: word by word, not by dates.

A page falls apart into passages: a field, a column of a row, a block of the body. A translation is stale when a passage
of its source is new or reads otherwise than when the translation was last published, or when a row still has the
source's words because its facts came over by themselves. Facts, search words and the order of things make nothing stale.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.html import strip_tags
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Locale, get_page_models

from egov_cms.adapters.wagtail.pages import page_model
from egov_cms.site.facts import fact_fields, fact_rows
from egov_cms.site.models import SitePage
from egov_cms.site.placeholders import texts
from egov_cms.site.publication import Events, step

from .models import PageWords

Page = page_model()

BATCH = 200
# Written for one language, not translated from another: what people call a thing there, and what search engines show.
OWN_WORDS = {
    "popular_names",
    "seo_title",
    "search_description",
    "draft_title",
    "slug",
    "change_reason",
    "sources",
}
_LETTER = re.compile(r"[^\W\d_]")

Passages = dict[str, list]
# Page type → what gives many of its pages their rows at once.
_loaders: dict[type[SitePage], Callable[[list], object]] = {}


def register_loader(model: type[SitePage], function: Callable[[list], object]):
    """Read the rows of pages of this type by `function(pages)`: in few queries instead of some for each page."""
    _loaders[model] = function


def passages_of(page) -> Passages:
    """Passage → [fingerprint, words] of a page in memory; empty texts have no passage."""
    found: Passages = {}
    for name, text in _passages(page):
        if words := count_words(text):
            found[name] = [fingerprint(text), words]
    return found


def fingerprint(text: str) -> str:
    """Twelve characters that stand for a text; white space and mark-up around the words do not count."""
    plain = " ".join(strip_tags(text).split())
    return hashlib.sha256(plain.encode()).hexdigest()[:12]


def count_words(text: str) -> int:
    """Words that hold a letter of any script: numbers, codes of digits and signs need no translator."""
    return sum(bool(_LETTER.search(word)) for word in strip_tags(text).split())


def _passages(page) -> Iterator[tuple[str, str]]:
    own = {*OWN_WORDS, *fact_fields(type(page))}
    streams = {field.name for field in page._meta.get_fields() if isinstance(field, StreamField)}
    for name, text in texts(page):
        if name not in own and name not in streams:
            yield name, text
    for name in streams:
        for number, block in enumerate(getattr(page, name).get_prep_value()):
            # Localised copies of a block keep its id, so a block that moves stays the same passage.
            key = block.get("id") or number
            yield f"{name}.{key}", " ".join(_strings(block.get("value")))
    for relation, columns in fact_rows(type(page)).items():
        for row in getattr(page, relation).all():
            for name in columns.words:
                field = row._meta.get_field(name)
                if isinstance(field, models.CharField | models.TextField | RichTextField):
                    yield f"{relation}.{row.translation_key}.{name}", str(getattr(row, name) or "")


def _strings(value) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            if name not in ("id", "type", "url", "link"):
                yield from _strings(item)


def stale_words(source: Passages, own: Passages, seen: dict[str, str]) -> int:
    """How many words of the source wait for a translator; 0 when the translation is up to date.

    `source` and `own` are the passages of the two pages, `seen` the fingerprints at the last publication of `own`.
    """
    return sum(
        words
        for name, (print_, words) in source.items()
        if seen.get(name) != print_ or (words > 1 and _is_copied(name, print_, own))
    )


def _is_copied(name, print_, own) -> bool:
    """Words of a row that are, letter by letter, the source's: it came over with its facts. A single word may be a name."""
    return name.count(".") == 2 and own.get(name, [None])[0] == print_


def refresh(translation_keys: Iterable[UUID]) -> None:
    """Count the words of these pages in every language again."""
    keys = list(dict.fromkeys(translation_keys))
    for start in range(0, len(keys), BATCH):
        _refresh(keys[start : start + BATCH])


def _refresh(keys):
    default = Locale.get_default().pk
    pages = _pages(keys)
    held = {row.page_id: row for row in PageWords.objects.filter(page__translation_key__in=keys)}
    families: dict[UUID, list[Page]] = defaultdict(list)
    for page in pages:
        families[page.translation_key].append(page)
    rows = []
    for family in families.values():
        source = next((page for page in family if page.locale_id == default), None)
        found = {page.pk: passages_of(page) for page in family}
        for page in family:
            row = held.pop(page.pk, None) or PageWords(page_id=page.pk)
            row.passages = found[page.pk]
            row.words = sum(words for _print, words in row.passages.values())
            if source is not None and page is not source:
                _compare(row, page, found[source.pk])
            row.revision_id = page.live_revision_id
            rows.append(row)
    # What is left over is no longer public.
    PageWords.objects.filter(pk__in=[row.pk for row in held.values()]).delete()
    PageWords.objects.bulk_create([row for row in rows if row.pk is None])
    columns = ["passages", "seen", "revision_id", "words", "stale_words", "state"]
    PageWords.objects.bulk_update([row for row in rows if row.pk], columns, batch_size=BATCH)


def _compare(row, page, source: Passages):
    # A copied fact changes the live version in place; only a publication by somebody makes another one live.
    if row.pk is None or row.revision_id != page.live_revision_id:
        row.seen = {name: print_ for name, (print_, _words) in source.items()}
    row.stale_words = stale_words(source, row.passages, row.seen)
    row.state = PageWords.State.STALE if row.stale_words else PageWords.State.CURRENT


def _pages(keys) -> list[Page]:
    bases = Page.objects.live().filter(translation_key__in=keys, alias_of=None, depth__gt=1)
    pages = [page for page in bases.specific() if isinstance(page, SitePage)]
    for model, load in _loaders.items():
        load([page for page in pages if isinstance(page, model)])
    return pages


def catch_up(limit: int = 5000) -> int:
    """Count public pages that were never counted, such as those of a restored database. Returns how many."""
    missing = Page.objects.live().filter(egov_words=None, alias_of=None, depth__gt=1)
    missing = missing.filter(content_type__in=site_page_types()).order_by("translation_key")
    keys = list(missing.values_list("translation_key", flat=True).distinct()[:limit])
    refresh(keys)
    return len(keys)


def differences() -> Iterator[str]:
    """The pages whose counted words are not those that the public reads, in words (`check_published`)."""
    shown = Page.objects.live().filter(alias_of=None, depth__gt=1, content_type__in=site_page_types())
    keys = list(shown.order_by("translation_key").values_list("translation_key", flat=True).distinct())
    for start in range(0, len(keys), BATCH):
        pages = _pages(keys[start : start + BATCH])
        counted = {row.page_id: row for row in PageWords.objects.filter(page__in=[page.pk for page in pages])}
        for page in pages:
            row = counted.get(page.pk)
            if row is None or row.passages != passages_of(page):
                yield f"{page.url_path}: the counted words are not those of the page"
    for row in PageWords.objects.filter(page__live=False).select_related("page"):
        yield f"{row.page.url_path}: words are counted of a page that is not public"


def repair() -> None:
    """Count all words again."""
    keys = set(Page.objects.live().filter(depth__gt=1).values_list("translation_key", flat=True))
    keys |= set(PageWords.objects.values_list("page__translation_key", flat=True))
    refresh(sorted(keys))


def site_page_types() -> list:
    """The content types of the page types whose words are counted."""
    models = [model for model in get_page_models() if issubclass(model, SitePage)]
    types = ContentType.objects.get_for_models(*models).values()
    return sorted(types, key=lambda each: each.model)


@step("copies", "editing.page_words")
def count_words_of_changed(events: Events):
    """Count the words of what was published or taken away, in every language."""
    changed = events.of(SitePage).with_kind("published", "withdrawn", "deleted", "saved")
    shown = Events(event for event in changed if event.kinds != {"saved"} or event.instance.live)
    refresh(shown.families())
