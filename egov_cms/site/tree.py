"""Inserts many pages, and saves many drafts, in one call.

`add_child`, `save_revision` and `publish` of Wagtail run about seven hundred queries for a service with its rows; an
import creates thousands of pages, a new site a hundred. This module writes the same data, table by table: page, rows,
many-to-many rows, revision, log, reference index, search index; and it notes that the pages were published.
"""

from __future__ import annotations

from collections import defaultdict

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from modelcluster.models import get_all_child_relations
from wagtail.models import PageLogEntry, Revision

from egov_cms.adapters.django import delete_unseen, insert_child_rows
from egov_cms.adapters.modelcluster import hold_all, page_data, read_into_memory
from egov_cms.adapters.treebeard import place_last
from egov_cms.adapters.wagtail.pages import COMMENTS_RELATION_NAME, page_model, page_pointer
from egov_cms.adapters.wagtail.references import write_references
from egov_cms.adapters.wagtail.search import update_search_index
from egov_cms.site.gate import PublishRefused
from egov_cms.site.publication import changed, together

Page = page_model()

BATCH = 200


class PagesRefused(Exception):
    """`refused`: pairs of a page and its ValidationError (or PublishRefused)."""

    def __init__(self, refused: list[tuple[Page, ValidationError]]):
        self.refused = refused
        super().__init__(
            "\n".join(
                f"{page.url_path} “{page.title}”: {' '.join(error.messages)}" for page, error in refused
            )
        )


def insert_pages(pages: list[tuple[Page, Page]], *, publish: bool, user=None, valid=False) -> list[Page]:
    """Store new pages: pairs of a stored parent and an unsaved page with its rows in memory.

    Raises PagesRefused, before anything is stored, with every page that model validation or the publish gate
    refuses; `valid`: model validation was already done. Returns the pages with their revisions set.
    """
    if not pages:
        return []
    with together(publishes=publish, user=user, revision=None):
        return _insert_pages(pages, publish, user, valid)


def _insert_pages(pages, publish, user, valid):
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
        hold_all(page)
        try:
            if not valid:
                page.full_clean()
            if publish and (problems := page.gate_problems()):
                raise PublishRefused(page, problems)
        except ValidationError as error:
            refused.append((page, error))
    if refused:
        raise PagesRefused(refused)
    _insert(made)
    _insert_rows(made)
    revisions = _revisions(made, user, now)
    for page, revision in zip(made, revisions, strict=True):
        page.latest_revision = revision
        page.live_revision = revision if publish else None
    _update_pages(made, ["latest_revision", "live_revision"])
    _log(made, "wagtail.create", user, now)
    if publish:
        _log(made, "wagtail.publish", user, now, content_changed=False)
    write_references(made, new=True)
    if publish:
        # The caller gives the same facts to all languages: there is nothing to copy.
        with together(facts_given=True):
            for page in made:
                changed(page, "published")
    update_search_index(made)
    return made


def save_drafts(pages: list[Page], *, user=None, action="wagtail.edit") -> list[tuple[Page, int, Revision]]:
    """Save a new draft of every page (all of one type): triples of page, previous revision, new revision.

    A page without a revision first gets one of its stored content, so that the change can be undone. For pages that
    are not live, the draft is also written to the tables, as when they are saved in the editor.
    """
    if not pages:
        return []
    for page in pages:
        if page.latest_revision_id is None:
            stored = type(page)._base_manager.get(pk=page.pk)
            page.latest_revision_id = stored.save_revision(changed=False, clean=False).pk
    before = {page.pk: page.latest_revision_id for page in pages}
    now = timezone.now()
    _store_drafts([page for page in pages if not page.live])
    revisions = _revisions(pages, user, now)
    for page, revision in zip(pages, revisions, strict=True):
        page.latest_revision = revision
        page.latest_revision_created_at = now
        page.draft_title = page.title
        page.has_unpublished_changes = True
    names = ["latest_revision", "latest_revision_created_at", "draft_title", "has_unpublished_changes"]
    _update_pages(pages, names)
    _log(pages, action, user, now)
    hidden = [page for page in pages if not page.live]
    write_references(hidden, new=False)
    update_search_index(hidden)
    return [(page, before[page.pk], page.latest_revision) for page in pages]


def _place(pages):
    """Set the tree position of each page: the last child of its parent."""
    below = defaultdict(list)
    for parent, page in pages:
        below[parent.pk].append((parent, page))
    for entries in below.values():
        parent = Page.objects.select_for_update().get(pk=entries[0][0].pk)
        place_last(parent, [page for _parent, page in entries])
        for _parent, page in entries:
            page.draft_title = page.title
            page.set_url_path(parent)
        Page.objects.filter(pk=parent.pk).update(numchild=models.F("numchild") + len(entries))


def _insert(pages):
    columns = [field.attname for field in Page._meta.concrete_fields if not field.primary_key]
    bases = [Page(**{name: getattr(page, name) for name in columns}) for page in pages]
    for base, page in zip(bases, pages, strict=True):
        base.content_type_id = page.content_type_id
    Page.objects.bulk_create(bases, batch_size=BATCH)
    by_type = defaultdict(list)
    for base, page in zip(bases, pages, strict=True):
        page.pk = page.id = base.pk
        by_type[type(page)].append(page)
    for model, pages_of_type in by_type.items():
        insert_child_rows(model, pages_of_type)


def _insert_rows(pages):
    """Store the rows and many-to-many rows that the pages have in memory; existing primary keys are kept."""
    unsaved = defaultdict(list)
    for page in pages:
        for relation in get_all_child_relations(type(page)):
            if relation.get_accessor_name() == COMMENTS_RELATION_NAME:
                continue
            for row in read_into_memory(page, relation.get_accessor_name()):
                setattr(row, relation.field.attname, page.pk)
                unsaved[relation.related_model].append(row)
        for field in page._meta.many_to_many:
            through, source = field.remote_field.through, field.m2m_column_name()
            for record in getattr(page, field.name).all():
                unsaved[through].append(through(**{source: page.pk, field.m2m_reverse_name(): record.pk}))
    for model, rows in unsaved.items():
        model.objects.bulk_create(rows, batch_size=BATCH)


def _store_drafts(pages):
    """Write the fields and rows that pages (all of one type) have in memory to their tables."""
    if not pages:
        return
    model = type(pages[0])
    keys = [page.pk for page in pages]
    columns = {
        field.attname: field.name
        for field in model._meta.concrete_fields
        if not field.primary_key and field.name not in (page_pointer(), "path", "depth", "numchild")
    }
    stored = {row["pk"]: row for row in model._base_manager.filter(pk__in=keys).values("pk", *columns)}
    changed = [
        name
        for column, name in columns.items()
        if any(stored[page.pk][column] != getattr(page, column) for page in pages)
    ]
    if changed:
        model._base_manager.bulk_update(pages, changed, batch_size=BATCH)
    for relation in get_all_child_relations(model):
        if relation.get_accessor_name() != COMMENTS_RELATION_NAME:
            rows = relation.related_model._base_manager
            delete_unseen(rows.filter(**{f"{relation.field.name}__in": keys}))
    for field in model._meta.many_to_many:
        links = field.remote_field.through._base_manager
        delete_unseen(links.filter(**{f"{field.m2m_field_name()}__in": keys}))
    _insert_rows(pages)


def _revisions(pages, user, now) -> list[Revision]:
    revisions = [
        Revision(
            content_object=page,
            base_content_type=page.get_base_content_type(),
            object_id=str(page.pk),
            object_str=str(page),
            created_at=now,
            user=user,
            content=page_data(page),
        )
        for page in pages
    ]
    return Revision.objects.bulk_create(revisions, batch_size=BATCH)


def _update_pages(pages, names):
    """Write only these columns of the page table."""
    columns = [Page._meta.get_field(name).attname for name in names]
    rows = [Page(pk=page.pk, **{name: getattr(page, name) for name in columns}) for page in pages]
    Page.objects.bulk_update(rows, names, batch_size=BATCH)


def _log(pages, action, user, now, content_changed=True):
    PageLogEntry.objects.bulk_create(
        [
            PageLogEntry(
                page=page,
                content_type=ContentType.objects.get_for_model(page, for_concrete_model=False),
                label=page.get_admin_display_title(),
                action=action,
                user=user,
                timestamp=now,
                revision=page.latest_revision,
                content_changed=content_changed,
            )
            for page in pages
        ],
        batch_size=BATCH,
    )
