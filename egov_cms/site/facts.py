"""Facts are copied in one direction: from the page in the source language to its translations.

A page type declares its facts:

    class ServicePage(SitePage):
        fact_fields = ("is_free", "duration_max", "coverage")
        fact_rows = {"fees": FactRows(facts=("kind", "amount"), words=("label", "condition"))}

    class ServiceFee(FactRow):
        page = ParentalKey(ServicePage, related_name="fees", on_delete=models.CASCADE)

Every publication of the source writes its facts into each translation, live version and drafts alike. Rows are
matched by `translation_key`, so that they are added, deleted and reordered in all languages. Texts (`words`) are not
changed; a new row has the texts of the source until they are translated (`untranslated_rows`). Publishing a
translation writes the source's facts again, so that an old draft cannot restore an old fee.

Panels for the editor are `FactPanel` and `FactInlinePanel`: inputs on the source, read-only values on translations.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils import timezone
from modelcluster.fields import ParentalManyToManyField
from wagtail.log_actions import log
from wagtail.models import Locale, Orderable, Revision, TaskState, TranslatableMixin

from egov_cms.adapters.modelcluster import page_data, read_into_memory
from egov_cms.adapters.wagtail.pages import page_model, slug_is_free

from .publication import Events, current, step, together

Page = page_model()


@dataclass(frozen=True)
class FactRows:
    """The columns of a child relation: `facts` are copied from the source, `words` are translatable texts."""

    facts: tuple[str, ...]
    words: tuple[str, ...] = ()


class FactRow(TranslatableMixin, Orderable):
    """Base of child rows that hold facts. A subclass has a ParentalKey and `class Meta(FactRow.Meta)`."""

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        abstract = True


def follows_source(model) -> bool:
    """Does this page type have rows of facts? Then its translations live and end with their source (`site.life`)."""
    return bool(fact_rows(model))


def fact_fields(model) -> tuple[str, ...]:
    """The names of a page type's fields that are facts: what it declares, the slug that translations share, and the expiry
    of a page that lives with its source."""
    slug = ("slug",) if getattr(model, "shares_slug", False) else ()
    expiry = ("expire_at",) if follows_source(model) else ()
    return (*slug, *expiry, *getattr(model, "fact_fields", ()))


def fact_rows(model) -> dict[str, FactRows]:
    return getattr(model, "fact_rows", {})


def _default_locale() -> int:
    """The key of the default language; a publication asks for it many times."""
    block = current()
    if block is None:
        return Locale.get_default().pk
    if "default locale" not in block.known:
        block.known["default locale"] = Locale.get_default().pk
    return block.known["default locale"]


def source_among(family):
    """The page from which the facts of a family of translations are copied: in the default language, else the oldest."""
    default = _default_locale()
    return next((page for page in family if page.locale_id == default), None) or min(
        family, key=lambda page: page.pk
    )


def source_of(page):
    """The page from which this page's facts are copied; None when the page is itself the source."""
    others = (
        type(page)
        ._base_manager.filter(translation_key=page.translation_key, alias_of__isnull=True)
        .exclude(pk=page.pk)
    )
    default = _default_locale()
    if page.locale_id == default:
        return None
    in_default = others.filter(locale_id=default).first()
    if in_default is not None or page.pk is None:
        return in_default
    # No page in the default language: the oldest page is the source.
    return others.filter(pk__lt=page.pk).order_by("pk").first()


def takes_facts(page) -> bool:
    """True when the facts of this page come from another page."""
    return bool(fact_fields(type(page)) or fact_rows(type(page))) and source_of(page) is not None


@step("facts", "site.facts")
def _copy_published_facts(events: Events):
    for event in events.of(Page).with_kind("published"):
        if not event.facts_given and "deleted" not in event.kinds:
            copy_facts(event.instance)


def copy_facts(page) -> list[Page]:
    """Write the published facts of the source into its translations.

    `page` is the source (all its translations are updated) or a translation (only this one is). Returns the
    translations that changed. Drafts keep their texts and their workflow state. Live translations bypass the publish
    gate: a wrong fee is worse than a missing sentence.
    """
    model = type(page)
    if page.alias_of_id or not (fact_fields(model) or fact_rows(model)):
        return []
    source = source_of(page)
    if source is None:
        source = page
        targets = model._base_manager.filter(
            translation_key=page.translation_key, alias_of__isnull=True
        ).exclude(pk=page.pk)
    else:
        targets = [page]
    source = model._base_manager.filter(pk=source.pk, live=True).first()
    if source is None:
        return []
    read_facts(source)
    with together(gate=False):
        return [target for target in targets if _write(source, target.pk)]


def _write(source, pk) -> bool:
    target = type(source)._base_manager.get(pk=pk)
    read_facts(target)
    changed = apply_facts(source, target)
    # Held from here on: stored rows would have to be read again.
    rows = {relation: list(getattr(target, relation).all()) for relation in fact_rows(type(source))}
    if changed:
        if target.live:
            target.last_published_at = timezone.now()
        target.save(clean=False)
        log(instance=target, action="egov.copy_facts", revision=target.live_revision, content_changed=True)
    row_pks = {relation: {row.translation_key: row.pk for row in held} for relation, held in rows.items()}
    for revision in open_revisions(target):
        draft = revision.as_object()
        if apply_facts(source, draft, row_pks):
            # Updated in place, so that a draft under review remains the revision that the reviewer has open.
            Revision.objects.filter(pk=revision.pk).update(content=page_data(draft))
            changed = True
    return changed


def read_facts(page):
    """Read the rows that are facts into memory; later access runs no queries."""
    fields = (page._meta.get_field(name) for name in fact_fields(type(page)))
    many = [field.name for field in fields if isinstance(field, ParentalManyToManyField)]
    for relation in (*fact_rows(type(page)), *many):
        read_into_memory(page, relation)


def open_revisions(page):
    """The revisions of a page that are public or can become public: live, latest, scheduled, under review."""
    reviewed = TaskState.objects.filter(status=TaskState.STATUS_IN_PROGRESS).values("revision_id")
    return page.revisions.filter(
        models.Q(pk__in=[page.latest_revision_id, page.live_revision_id])
        | models.Q(approved_go_live_at__isnull=False)
        | models.Q(pk__in=reviewed)
    )


def apply_facts(source, target, row_pks=None) -> bool:
    """Set the facts of `target` (in memory) to those of `source`. Returns whether anything changed.

    `row_pks` maps relation -> translation key -> primary key, for revisions whose new rows are already stored.
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
    for position, original in enumerate(getattr(source, relation).all()):
        row = present.get(original.translation_key)
        if row is None:
            row = type(original)(translation_key=original.translation_key)
            for name in columns.words:
                _copy_value(original, row, name)
        row.pk = pks.get(original.translation_key, row.pk)
        row.locale_id = target.locale_id
        # Not the source's `sort_order`: it can be NULL, which databases sort differently.
        row.sort_order = position
        for name in columns.facts:
            _copy_value(original, row, name)
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
    """Pairs of relation and row of a translation whose texts are still identical to those of the source."""
    source = source_of(page)
    if source is None:
        return []
    untranslated = []
    for relation, columns in fact_rows(type(page)).items():
        originals = {row.translation_key: _words(row, columns) for row in getattr(source, relation).all()}
        for row in getattr(page, relation).all():
            words = _words(row, columns)
            if any(words) and words == originals.get(row.translation_key):
                untranslated.append((relation, row))
    return untranslated


def _words(row, columns) -> tuple:
    return tuple(getattr(row, name) for name in columns.words)
