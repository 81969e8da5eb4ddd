"""The versions of many services that editors see: the latest draft, or the stored page where there is no draft.

`Page.get_latest_revision_as_object` runs one query for every foreign key of every row; here all drafts together run
one query for each model that they refer to. What a deleted record takes with it decides `site.restoring`, as for every
page that comes out of a revision: a row that goes with its office does not stay without one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db import models
from wagtail.models import Revision

from egov_cms.adapters.modelcluster import held_rows, page_from_data
from egov_cms.adapters.wagtail.pages import COMMENTS_RELATION_NAME, open_comments
from egov_cms.services.loading.rows import LISTS, load_rows
from egov_cms.services.models import ROWS, ServicePage
from egov_cms.site import restoring

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
    draft = page_from_data(ServicePage, _own(revision.content))
    for name in OF_THE_PAGE:
        setattr(draft, name, getattr(page, name))
    draft.pk = draft.id = page.pk
    draft._state.adding = False
    parent_path = page.url_path.rstrip("/").rpartition("/")[0]
    draft.url_path = f"{parent_path}/{draft.slug}/"
    draft.locale = page.locale
    draft._draft_content = {
        name: value
        for name, value in revision.content.items()
        if name not in OF_THE_PAGE and f"{name}_id" not in OF_THE_PAGE
    }
    # Set all relations: otherwise `load_rows` would load the public rows into the draft.
    held_rows(draft).update({name: [] for name in (*ROWS, *LISTS)})
    return draft


def _own(content):
    others = {*ROWS, *LISTS, COMMENTS_RELATION_NAME}
    return {name: value for name, value in content.items() if name not in others}


def _records(drafts) -> dict[tuple[type, str], dict]:
    """(model, name of its key) → key → record, of all records that the drafts refer to. One query for each model."""
    contents = [page._draft_content for page in drafts]
    keys_of = restoring.references(ServicePage, contents)
    for name in LISTS:
        model = ServicePage._meta.get_field(name).related_model
        keys_of[model, model._meta.pk.name].update(
            key for content in contents for key in content.get(name) or ()
        )
    return {(model, key): _by_key(model, key, values) for (model, key), values in keys_of.items()}


def _by_key(model, key, values) -> dict:
    # Not `in_bulk`: where the key is a pointer at the row of the base page, it would name the page instead of its number.
    column = model._meta.get_field(key).attname
    found = model._default_manager.filter(**{f"{column}__in": list(values)})
    return {getattr(record, column): record for record in found}


def _fill(page, content, records):
    content, page.lost = restoring.keep(ServicePage, content, records)
    prefetched = held_rows(page)
    for name in LISTS:
        model = ServicePage._meta.get_field(name).related_model
        existing = records[model, model._meta.pk.name]
        prefetched[name] = [existing[key] for key in content.get(name) or () if key in existing]
    _set_references(page, content, records)
    for name, model in ROWS.items():
        prefetched[name] = [_row(model, data, page, records) for data in content.get(name) or ()]


def _row(model, data, page, records):
    values = {"pk": data["pk"]}
    for field in model._meta.concrete_fields:
        if field.name in data and field.name not in ("id", "page"):
            values[field.attname] = (
                data[field.name] if field.remote_field else field.to_python(data[field.name])
            )
    row = model(**values)
    row.page = page
    row._state.adding = row.pk is None
    _set_references(row, data, records)
    return row


def _set_references(instance, data, records):
    """Set the foreign keys to the loaded records; the keys of deleted ones are no longer in `data`."""
    for field, target, value in restoring.foreign_keys(type(instance), data):
        setattr(instance, field.name, records[target][value])
    for field in instance._meta.concrete_fields:
        if field.name in data and data[field.name] is None and isinstance(field, models.ForeignKey):
            setattr(instance, field.name, None)


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
