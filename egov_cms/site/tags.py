"""Tags: the names of what a kept page shows and of what a change drops.

* `egov_site.office`: any row of the model, as in a list; dropped by every change of a row.
* `egov_site.office:12`: this row.
* `family:<translation key>`: a page in all its languages. `place:<tree path>`: the page that stands there.
* `chrome`: what stands on every page of a language: menu, footer, index pages, statements.
* `all` and `any`: below.

A change of a model drops the pages that show the model or the row, where the model says `drops_only_its_pages = True`; a
change of any other drops everything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from django.apps import apps
from modelcluster.fields import ParentalKey

from egov_cms.adapters.wagtail.pages import page_model, page_pointer

from .watched import is_watched

# Every kept value has this tag: dropping it drops all.
ALL = "all"
# Dropped with every drop: the tag of what shows nobody knows what.
ANY = "any"
CHROME = "chrome"
RESTRICTED = "restricted"
EXPIRIES = "expiries"
# Their changes drop everything, so no page needs a tag of them; or they never change what a page says.
SILENT_APPS = {"contenttypes", "sites", "wagtailimages", "wagtaildocs", "wagtailredirects", "taggit"}
SILENT_MODELS = {
    "wagtailcore.locale",
    "wagtailcore.site",
    "wagtailcore.pageviewrestriction",
    "wagtailcore.collection",
}
_WORD = re.compile(r"\w+")
READS_RESTRICTIONS = re.compile(r'^SELECT [^()]* FROM "?wagtailcore_pageviewrestriction"?')
READS_SITES = re.compile(r'^SELECT (?:(?! FROM ).)* FROM "?wagtailcore_site"?', re.DOTALL)


def family(page) -> str:
    return f"family:{page.translation_key}"


def place(path: str) -> str:
    return f"place:{path}"


def places(page) -> list[str]:
    """The page and those above it, the root of the tree left out. No query."""
    steps = page.steplen
    return [place(page.path[:end]) for end in range(2 * steps, len(page.path or "") + 1, steps)]


def label(model) -> str:
    """The tag of any row of a model."""
    return model._meta.concrete_model._meta.label_lower


def row(instance, pk=None) -> str:
    return f"{label(type(instance))}:{instance.pk or pk}"


def list_tag(tag: str) -> str:
    """The tag of the model of which a tag names a row."""
    head, colon, _rest = tag.partition(":")
    if not colon:
        return tag
    return label(page_model()) if head in ("family", "place") else head


def tags_of(instance, kinds: Iterable[str] = (), pk=None) -> set[str]:
    """What a change of this object drops: the tags of those that show it. `{ALL}` where nobody can tell.

    `pk`: its key, which a deleted object has no longer.
    """
    if not getattr(instance, "drops_only_its_pages", False) and not isinstance(instance, page_model()):
        return {ALL}
    more = instance.more_tags() if hasattr(instance, "more_tags") else ()
    if isinstance(instance, page_model()):
        return _tags_of_page(instance, set(kinds)) | set(more)
    return {label(type(instance)), row(instance, pk), *more}


def tags_of_events(events) -> set[str]:
    """What all that a publication noted drops (`publication.Events`)."""
    tags: set[str] = set().union(*(tags_of(event.instance, event.kinds, event.pk) for event in events))
    return {ALL} if ALL in tags else tags


def _tags_of_page(page, kinds):
    # The pages below have other addresses or other readers then, and many may show them.
    if {"moved", "restricted"} & kinds or ("deleted" in kinds and page.numchild):
        return {ALL}
    specific = page.specific_class
    if specific is None or not getattr(specific, "drops_only_its_pages", False):
        return {ALL}
    return {*_labels_of_page(specific), family(page), place(page.path)}


def _labels_of_page(model) -> set[str]:
    base = page_model()
    types = [each for each in model.__mro__ if issubclass(each, base)]
    return {label(each) for each in types if not each._meta.abstract}


@cache
def _tables() -> dict[str, frozenset[str]]:
    """Table → the tags of what is read from it."""
    return {
        model._meta.db_table: frozenset(_tags_of_table(model))
        for model in apps.get_models(include_auto_created=True)
    }


def _tags_of_table(model):
    if model._meta.auto_created:
        sides = {field.related_model for field in model._meta.concrete_fields if field.is_relation}
        return set().union(*(_tags_of_table(side) for side in sides))
    owners = {field.related_model for field in model._meta.concrete_fields if isinstance(field, ParentalKey)}
    if owners:
        # A changed row is a change of its page or record.
        return set().union(*(_tags_of_table(owner) for owner in owners if owner is not model))
    if issubclass(model, page_model()):
        return {label(model)}
    if model._meta.app_label in SILENT_APPS or model._meta.label_lower in SILENT_MODELS:
        return set()
    if is_watched(model) or getattr(model, "affects_public_pages", None) is False:
        return {label(model)}
    return {ANY}


@lru_cache(maxsize=4096)
def tags_of_statement(sql: str) -> frozenset[str]:
    """The tags of the tables that a statement names; those of a page type's own table stand for its base table too."""
    if READS_RESTRICTIONS.search(sql):
        # A changed restriction and a page that moves below one drop everything.
        return frozenset()
    if READS_SITES.search(sql):
        # With the home page, whose changes drop what stands on every page.
        return frozenset({CHROME})
    known = _tables()
    base = page_model()._meta.db_table
    found = {word for word in _WORD.findall(sql) if word in known}
    if base in found and _reads_base_through_types(sql, base):
        found.discard(base)
    return frozenset().union(*(known[table] for table in found))


def _reads_base_through_types(sql, base) -> bool:
    """Does each mention of the base table belong to a page type, which is joined with it by its key?"""
    mentions = len(re.findall(rf'(?:FROM|JOIN)\s+"?{base}"?(?!\w)', sql))
    linked = len(
        re.findall(
            rf'JOIN\s+"?{base}"?(?:\s+"?\w+"?)?\s+ON\s+\("?\w+"?\."?{page_pointer()}_id"?\s*=\s*"?\w+"?\."?id"?\)',
            sql,
        )
    )
    return 0 < mentions == linked
