"""The versions of many services that editors see: the latest draft, or the stored page where there is no draft.

`Page.get_latest_revision_as_object` runs one query for every foreign key of every row; here all drafts together run
one query for each model that they refer to. References to deleted records are handled as Wagtail does: a required
reference removes its row, an optional one becomes None.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db import models
from wagtail.models import Revision

from egov_cms.adapters.modelcluster import held_rows, page_from_data
from egov_cms.adapters.wagtail.pages import COMMENTS_RELATION_NAME, open_comments, page_pointer
from egov_cms.services.loading.rows import LISTS, load_rows
from egov_cms.services.models import ROWS, ServicePage

# Fields of the page as a whole, not of one version of it.
OF_THE_PAGE = (
    "content_type_id", "path", "depth", "numchild", "draft_title", "live", "has_unpublished_changes", "owner_id",
    "locked", "locked_by_id", "locked_at", "latest_revision_id", "latest_revision_created_at", "live_revision_id",
    "first_published_at", "last_published_at", "translation_key", "locale_id", "alias_of_id",
)  # fmt: skip


def latest_versions(pages: Iterable[ServicePage]) -> list[ServicePage]:
    """The latest version of every page, with its rows, lists and open comments prefetched; about ten queries in all.

    Drafts are loaded here in one query; `pages` are the stored pages (see `stored_pages`).
    """
    pages = list(pages)
    drafts = Revision.objects.in_bulk([page.latest_revision_id for page in pages if _has_draft(page)])
    return _loaded(
        [_draft(page, drafts[page.latest_revision_id]) if _has_draft(page) else page for page in pages]
    )


def versions(pages: Iterable[ServicePage], revisions: dict[int, Revision]) -> list[ServicePage]:
    """Every page in the version of a revision. `revisions`: primary key of the page → revision."""
    return _loaded([_draft(page, revisions[page.pk]) for page in pages])


def _loaded(pages):
    load_rows(pages)
    drafts = [page for page in pages if hasattr(page, "_draft_content")]
    records = _records(drafts)
    for page in drafts:
        _fill(page, page._draft_content, records)
        del page._draft_content
    _load_comments(pages)
    return pages


def _has_draft(page) -> bool:
    # A page that is not live has its draft in its tables.
    return page.live and page.has_unpublished_changes and page.latest_revision_id is not None


def _draft(page, revision):
    content = revision.content
    own = {
        name: value
        for name, value in content.items()
        if name not in ROWS and name not in LISTS and name != COMMENTS_RELATION_NAME
    }
    draft = page_from_data(ServicePage, own)
    for name in OF_THE_PAGE:
        setattr(draft, name, getattr(page, name))
    draft.pk = draft.id = page.pk
    draft._state.adding = False
    parent_path = page.url_path.rstrip("/").rpartition("/")[0]
    draft.url_path = f"{parent_path}/{draft.slug}/"
    draft.locale = page.locale
    draft._draft_content = content
    # Set all relations: otherwise `load_rows` would load the public rows into the draft.
    held_rows(draft).update({name: [] for name in (*ROWS, *LISTS)})
    return draft


def _records(drafts) -> dict[type, dict]:
    """Model → primary key → record, of all records that the drafts refer to."""
    keys_of = defaultdict(set)
    for page in drafts:
        content = page._draft_content
        for name in LISTS:
            keys_of[ServicePage._meta.get_field(name).related_model].update(content.get(name) or ())
        for owner, data in ((ServicePage, content), *_rows(content)):
            for field in _foreign_keys(owner):
                if data.get(field.name) is not None:
                    keys_of[field.related_model].add(data[field.name])
    return {model: model._base_manager.in_bulk(list(keys)) for model, keys in keys_of.items()}


def _rows(content):
    return ((model, row) for name, model in ROWS.items() for row in content.get(name) or ())


def _foreign_keys(model):
    own = model._meta.local_fields if model is ServicePage else model._meta.concrete_fields
    return [
        field
        for field in own
        if isinstance(field, models.ForeignKey) and field.name not in ("page", page_pointer(), "locale")
    ]


def _fill(page, content, records):
    prefetched = held_rows(page)
    for name in LISTS:
        existing = records[ServicePage._meta.get_field(name).related_model]
        prefetched[name] = [existing[key] for key in content.get(name) or () if key in existing]
    for field in _foreign_keys(ServicePage):
        _set_reference(page, field, records)
    for name, model in ROWS.items():
        rows = [_row(model, data, page) for data in content.get(name) or ()]
        prefetched[name] = [
            row for row in rows if all(_set_reference(row, field, records) for field in _foreign_keys(model))
        ]


def _row(model, data, page):
    values = {"pk": data["pk"]}
    for field in model._meta.concrete_fields:
        if field.name in data and field.name not in ("id", "page"):
            values[field.attname] = (
                data[field.name] if field.remote_field else field.to_python(data[field.name])
            )
    row = model(**values)
    row.page = page
    row._state.adding = row.pk is None
    return row


def _set_reference(instance, field, records) -> bool:
    """Set a foreign key to its loaded record. False when a required record was deleted."""
    key = getattr(instance, field.attname)
    if key is None:
        return True
    record = records.get(field.related_model, {}).get(key)
    if record is not None:
        setattr(instance, field.name, record)
        return True
    if not field.null:
        return False
    setattr(instance, field.name, None)
    return True


def _load_comments(pages):
    """Prefetch open comments, which Wagtail serialises with the page. One query."""
    comments = defaultdict(list)
    for comment in open_comments(pages):
        comments[comment.page_id].append(comment)
    for page in pages:
        held_rows(page)[COMMENTS_RELATION_NAME] = comments[page.pk]


def stored_pages(**filters) -> list[ServicePage]:
    """Service pages as stored, with the relations that `latest_versions` needs, in tree order."""
    pages = ServicePage.objects.filter(alias_of=None, **filters).exclude(service_code="")
    return list(pages.select_related("locale").order_by("path"))
