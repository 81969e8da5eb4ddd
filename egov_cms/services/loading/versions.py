"""The version of many services that editors see: the latest draft, or what is stored where none waits.

`Page.get_latest_revision_as_object` asks the database once for every foreign key of every row; here all drafts together
ask once for each kind of record that they point at. What a draft points at and is gone is dropped as Wagtail drops it:
the row if it cannot be without, else the pointer.
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

# Belongs to the page as a whole, not to one version of it.
OF_THE_PAGE = (
    "content_type_id", "path", "depth", "numchild", "draft_title", "live", "has_unpublished_changes", "owner_id",
    "locked", "locked_by_id", "locked_at", "latest_revision_id", "latest_revision_created_at", "live_revision_id",
    "first_published_at", "last_published_at", "translation_key", "locale_id", "alias_of_id",
)  # fmt: skip


def newest(pages: Iterable[ServicePage]) -> list[ServicePage]:
    """The newest version of every page, with its rows, lists and open comments in memory; about ten queries in all.

    The versions of drafts are read in one query, so `pages` come without them (as `stored` gives them).
    """
    pages = list(pages)
    drafts = Revision.objects.in_bulk([page.latest_revision_id for page in pages if _waits(page)])
    return _loaded(
        [_draft(page, drafts[page.latest_revision_id]) if _waits(page) else page for page in pages]
    )


def versions(pages: Iterable[ServicePage], revisions: dict[int, Revision]) -> list[ServicePage]:
    """Every page as one of its revisions has it: primary key of the page → revision."""
    return _loaded([_draft(page, revisions[page.pk]) for page in pages])


def _loaded(found):
    load_rows(found)
    drafts = [page for page in found if hasattr(page, "_draft_content")]
    records = _records(drafts)
    for page in drafts:
        _fill(page, page._draft_content, records)
        del page._draft_content
    _load_comments(found)
    return found


def _waits(page) -> bool:
    # The tables of a page that is not public hold its draft.
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
    # Not empty: `load_rows` must not put the public rows into a draft.
    held_rows(draft).update({name: [] for name in (*ROWS, *LISTS)})
    return draft


def _records(drafts) -> dict[type, dict]:
    """Model → primary key → record, of everything that the drafts point at."""
    wanted = defaultdict(set)
    for page in drafts:
        content = page._draft_content
        for name in LISTS:
            wanted[ServicePage._meta.get_field(name).related_model].update(content.get(name) or ())
        for owner, data in ((ServicePage, content), *_rows(content)):
            for field in _pointers(owner):
                if data.get(field.name) is not None:
                    wanted[field.related_model].add(data[field.name])
    return {model: model._base_manager.in_bulk(list(keys)) for model, keys in wanted.items()}


def _rows(content):
    return ((model, row) for name, model in ROWS.items() for row in content.get(name) or ())


def _pointers(model):
    own = model._meta.local_fields if model is ServicePage else model._meta.concrete_fields
    return [
        field
        for field in own
        if isinstance(field, models.ForeignKey) and field.name not in ("page", page_pointer(), "locale")
    ]


def _fill(page, content, records):
    held = held_rows(page)
    for name in LISTS:
        known = records[ServicePage._meta.get_field(name).related_model]
        held[name] = [known[key] for key in content.get(name) or () if key in known]
    for field in _pointers(ServicePage):
        _point(page, field, records)
    for name, model in ROWS.items():
        rows = [_row(model, data, page) for data in content.get(name) or ()]
        held[name] = [row for row in rows if all(_point(row, field, records) for field in _pointers(model))]


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


def _point(instance, field, records) -> bool:
    """Put the record that a foreign key names in its place. False when it is gone and needed."""
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
    """Serialising a page writes its open comments along; one query for all of them."""
    comments = defaultdict(list)
    for comment in open_comments(pages):
        comments[comment.page_id].append(comment)
    for page in pages:
        held_rows(page)[COMMENTS_RELATION_NAME] = comments[page.pk]


def stored(**filters) -> list[ServicePage]:
    """Service pages with what `newest` needs of them, in tree order."""
    pages = ServicePage.objects.filter(alias_of=None, **filters).exclude(service_code="")
    return list(pages.select_related("locale").order_by("path"))
