"""Facts flow one way: from the page in the source language to its translations.

A page type declares what is a fact:

    class ServicePage(SitePage):
        fact_fields = ("is_free", "duration_max", "coverage")
        fact_rows = {"fees": FactRows(facts=("kind", "amount"), words=("label", "condition"))}

    class ServiceFee(FactRow):
        page = ParentalKey(ServicePage, related_name="fees", on_delete=models.CASCADE)

On every publication of the source its facts are written into each translation, live version and drafts alike;
rows are matched by `translation_key`, so that they appear, disappear and change places together. Words stay
as they are; the words of a new row are the source's until somebody translates them (`untranslated_rows`).
Publishing a translation writes the source's facts again, so an old draft never brings an old fee back.

In the editor use `FactPanel` and `FactInlinePanel`: inputs on the source, rendered values on translations.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.db import models, transaction
from django.utils import timezone
from modelcluster.fields import ParentalManyToManyField
from wagtail.log_actions import log
from wagtail.models import Locale, Orderable, Revision, TaskState, TranslatableMixin
from wagtail.signals import page_published

from egov_cms.adapters.modelcluster import page_data, read_into_memory
from egov_cms.adapters.wagtail.pages import page_model, slug_is_free

Page = page_model()


@dataclass(frozen=True)
class FactRows:
    """The columns of a child relation: `facts` follow the source, `words` are translated."""

    facts: tuple[str, ...]
    words: tuple[str, ...] = ()


class FactRow(TranslatableMixin, Orderable):
    """Base of child rows that hold facts. A subclass has a ParentalKey and `class Meta(FactRow.Meta)`."""

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        abstract = True


def fact_fields(model) -> tuple[str, ...]:
    """The names of a page type's single facts; the slug is one of them wherever translations share it."""
    slug = ("slug",) if getattr(model, "shares_slug", False) else ()
    return (*slug, *getattr(model, "fact_fields", ()))


def fact_rows(model) -> dict[str, FactRows]:
    return getattr(model, "fact_rows", {})


def source_of(page):
    """The page that this one takes its facts from; None when the page is itself the source."""
    others = (
        type(page)
        ._base_manager.filter(translation_key=page.translation_key, alias_of__isnull=True)
        .exclude(pk=page.pk)
    )
    default = Locale.get_default()
    if page.locale_id == default.pk:
        return None
    in_default = others.filter(locale=default).first()
    if in_default is not None or page.pk is None:
        return in_default
    # Written in another language first: whoever came first is the source.
    return others.filter(pk__lt=page.pk).order_by("pk").first()


def takes_facts(page) -> bool:
    """True when the facts of this page come from another page."""
    return bool(fact_fields(type(page)) or fact_rows(type(page))) and source_of(page) is not None


_written: ContextVar[bool] = ContextVar("egov_facts_written", default=False)


@contextmanager
def facts_written():
    """Publications in this block copy no facts.

    The caller wrote the same facts into every language (an import), or has just copied them.
    """
    token = _written.set(True)
    try:
        yield
    finally:
        _written.reset(token)


def copy_facts(page) -> list[Page]:
    """Write the published facts of the source into its translations.

    `page` is the source (all its translations are written) or a translation (only itself). Returns the
    translations that changed. Drafts keep their words and their place in a workflow; live translations are
    announced as published again, whatever their own gate says: a wrong fee is worse than a missing sentence.
    """
    model = type(page)
    if _written.get() or page.alias_of_id or not (fact_fields(model) or fact_rows(model)):
        return []
    source = source_of(page)
    if source is None:
        source = page
        targets = model._base_manager.filter(
            translation_key=page.translation_key, alias_of__isnull=True
        ).exclude(pk=page.pk)
    else:
        targets = [page]
    source = model._base_manager.get(pk=source.pk)
    if not source.live:
        return []
    _read_facts(source)
    return [target for target in targets if _write(source, target.pk)]


@transaction.atomic
def _write(source, pk) -> bool:
    target = type(source)._base_manager.get(pk=pk)
    _read_facts(target)
    changed = apply_facts(source, target)
    if changed:
        if target.live:
            target.last_published_at = timezone.now()
        target.save(clean=False)
        log(instance=target, action="egov.copy_facts", revision=target.live_revision, content_changed=True)
    row_pks = {
        relation: {row.translation_key: row.pk for row in getattr(target, relation).all()}
        for relation in fact_rows(type(source))
    }
    for revision in _open_revisions(target):
        draft = revision.as_object()
        if apply_facts(source, draft, row_pks):
            # In place, so that a draft under review stays the very draft that the reviewer has open.
            Revision.objects.filter(pk=revision.pk).update(content=page_data(draft))
            changed = True
    if changed and target.live:
        with facts_written():
            page_published.send(sender=type(target), instance=target, revision=target.live_revision)
    return changed


def _read_facts(page):
    """Read the rows of a page into memory; later access runs no queries."""
    fields = (page._meta.get_field(name) for name in fact_fields(type(page)))
    many = [field.name for field in fields if isinstance(field, ParentalManyToManyField)]
    for relation in (*fact_rows(type(page)), *many):
        read_into_memory(page, relation)


def _open_revisions(page):
    """The versions of a page that are public or may become so: live, latest, scheduled, under review."""
    reviewed = TaskState.objects.filter(status=TaskState.STATUS_IN_PROGRESS).values("revision_id")
    return page.revisions.filter(
        models.Q(pk__in=[page.latest_revision_id, page.live_revision_id])
        | models.Q(approved_go_live_at__isnull=False)
        | models.Q(pk__in=reviewed)
    )


def apply_facts(source, target, row_pks=None) -> bool:
    """Set the facts of `target` (in memory) to those of `source`. Returns whether anything changed.

    `row_pks` maps relation -> translation key -> primary key, for versions whose new rows must meet stored
    ones.
    """
    before = page_data(target)
    for name in fact_fields(type(source)):
        if name != "slug" or _slug_is_free(source.slug, target):
            _copy_value(source, target, name)
    for relation, columns in fact_rows(type(source)).items():
        _apply_rows(source, target, relation, columns, (row_pks or {}).get(relation, {}))
    return page_data(target) != before


def _apply_rows(source, target, relation, columns, pks):
    manager = getattr(target, relation)
    present = {row.translation_key: row for row in manager.all()}
    rows = []
    for place, given in enumerate(getattr(source, relation).all()):
        row = present.get(given.translation_key)
        if row is None:
            row = type(given)(translation_key=given.translation_key)
            for name in columns.words:
                _copy_value(given, row, name)
        row.pk = pks.get(given.translation_key, row.pk)
        row.locale_id = target.locale_id
        # Not the number given: one may lack it, and databases disagree where such a row stands.
        row.sort_order = place
        for name in columns.facts:
            _copy_value(given, row, name)
        rows.append(row)
    manager.set(rows)


def _copy_value(source, target, name):
    field = source._meta.get_field(name)
    if field.many_to_many:
        getattr(target, name).set(list(getattr(source, name).all()))
    else:
        setattr(target, field.attname, getattr(source, field.attname))


def _slug_is_free(slug, target) -> bool:
    return target.slug == slug or slug_is_free(slug, target.get_parent(), target)


def untranslated_rows(page) -> list[tuple[str, models.Model]]:
    """Pairs of relation and row of a translation whose words are still, word for word, the source's."""
    source = source_of(page)
    if source is None:
        return []
    found = []
    for relation, columns in fact_rows(type(page)).items():
        originals = {row.translation_key: _words(row, columns) for row in getattr(source, relation).all()}
        for row in getattr(page, relation).all():
            words = _words(row, columns)
            if any(words) and words == originals.get(row.translation_key):
                found.append((relation, row))
    return found


def _words(row, columns) -> tuple:
    return tuple(getattr(row, name) for name in columns.words)
