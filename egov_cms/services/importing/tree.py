"""Many new pages at once.

`add_child`, `save_revision` and `publish` of Wagtail take about seven hundred queries for a service with its
rows; an import makes thousands of pages. What is written here is the same, table by table: page, rows,
many-to-many rows, revision, log, reference index, and the signal of publication.
"""

from __future__ import annotations

from collections import defaultdict

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from modelcluster.models import get_all_child_relations
from wagtail.log_actions import log
from wagtail.models import Page, ReferenceIndex, Revision
from wagtail.signal_handlers import disable_reference_index_auto_update
from wagtail.signals import page_published

from egov_cms.site.facts import facts_written
from egov_cms.site.gate import PublishRefused

BATCH = 200


class PagesRefused(Exception):
    """`refused`: pairs of page and the ValidationError (or PublishRefused) that it met."""

    def __init__(self, refused: list[tuple[Page, ValidationError]]):
        self.refused = refused
        super().__init__(f"{len(refused)} pages refused")


def insert_pages(pages: list[tuple[Page, Page]], *, publish: bool, user=None) -> list[Page]:
    """Store new pages: pairs of parent and unsaved page with its rows in memory; parents are stored already.

    Raises PagesRefused, before anything is stored, with every page that its model or the publish gate
    refuses. Returns the pages with their revisions set.
    """
    if not pages:
        return []
    _place(pages)
    made = [page for _parent, page in pages]
    now = timezone.now()
    refused = []
    for page in made:
        page.live = publish
        page.has_unpublished_changes = not publish
        page.owner = page.owner or user
        page.latest_revision_created_at = now
        if publish:
            page.first_published_at = page.last_published_at = now
        try:
            page.full_clean()
            if publish and (problems := page.gate_problems()):
                raise PublishRefused(page, problems)
        except ValidationError as error:
            refused.append((page, error))
    if refused:
        raise PagesRefused(refused)
    with disable_reference_index_auto_update():
        _insert(made)
        _insert_rows(made)
    _insert_revisions(made, publish, user, now)
    for page in made:
        revision = page.latest_revision
        log(instance=page, action="wagtail.create", user=user, revision=revision, content_changed=True)
        if publish:
            log(instance=page, action="wagtail.publish", user=user, revision=revision)
        ReferenceIndex.create_or_update_for_object(page)
    if publish:
        # The rows of all languages came from one file: there are no facts left to copy.
        with facts_written():
            for page in made:
                page_published.send(sender=type(page), instance=page, revision=page.latest_revision)
    return made


def _place(pages):
    """Give each page its place as the last child of its parent."""
    below = defaultdict(list)
    for parent, page in pages:
        below[parent.pk].append((parent, page))
    for entries in below.values():
        parent = Page.objects.select_for_update().get(pk=entries[0][0].pk)
        last = parent.get_last_child()
        for _parent, page in entries:
            page.depth = parent.depth + 1
            page.numchild = 0
            page.path = last._inc_path() if last else Page._get_path(parent.path, page.depth, 1)
            page.draft_title = page.title
            page.set_url_path(parent)
            last = page
        Page.objects.filter(pk=parent.pk).update(numchild=models.F("numchild") + len(entries))


def _insert(pages):
    columns = [field.attname for field in Page._meta.concrete_fields if not field.primary_key]
    bases = [Page(**{name: getattr(page, name) for name in columns}) for page in pages]
    for base, page in zip(bases, pages, strict=True):
        base.content_type_id = page.content_type_id
    Page.objects.bulk_create(bases, batch_size=BATCH)
    for base, page in zip(bases, pages, strict=True):
        page.pk = page.id = base.pk
        # Raw: the row of the parent table is there; only the table of the page's own type is written.
        models.Model.save_base(page, raw=True, force_insert=True)


def _insert_rows(pages):
    waiting = defaultdict(list)
    for page in pages:
        for relation in get_all_child_relations(type(page)):
            manager = getattr(page, relation.get_accessor_name())
            for row in manager.get_object_list():
                setattr(row, relation.field.attname, page.pk)
                waiting[relation.related_model].append(row)
        for field in page._meta.many_to_many:
            through, source = field.remote_field.through, field.m2m_column_name()
            for record in getattr(page, field.name).all():
                link = through(**{source: page.pk, field.m2m_reverse_name(): record.pk})
                waiting[through].append(link)
    for model, rows in waiting.items():
        model.objects.bulk_create(rows, batch_size=BATCH)


def _insert_revisions(pages, publish, user, now):
    revisions = [
        Revision(
            content_object=page,
            base_content_type=page.get_base_content_type(),
            object_id=str(page.pk),
            object_str=str(page),
            created_at=now,
            user=user,
            content=page.serializable_data(),
        )
        for page in pages
    ]
    Revision.objects.bulk_create(revisions, batch_size=BATCH)
    for page, revision in zip(pages, revisions, strict=True):
        page.latest_revision = revision
        page.live_revision = revision if publish else None
    fields = ["latest_revision", "live_revision"]
    Page.objects.bulk_update([_reference(page) for page in pages], fields, batch_size=BATCH)


def _reference(page):
    return Page(
        pk=page.pk, latest_revision_id=page.latest_revision_id, live_revision_id=page.live_revision_id
    )
