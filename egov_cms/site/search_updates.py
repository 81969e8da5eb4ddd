"""The step "search" of a publication: the entries of what changed are made anew."""

from __future__ import annotations

import logging
from collections import defaultdict
from functools import partial

from django.db import transaction

from egov_cms.adapters.wagtail.pages import page_model
from egov_cms.search import attachments, documents, finding, tasks
from egov_cms.search.indexing import index_objects, remove_sources, source_of

from .models.base import expired_pages
from .publication import Events, step

logger = logging.getLogger("egov_cms.site")


@step("search", "site.search")
def update_search(events: Events):
    objects: dict[str, object] = {}
    gone: list[str] = []
    for model, keys in _indexed(events).items():
        found = model._base_manager.in_bulk(keys)
        objects |= {source_of(each): each for each in found.values()}
        gone += [source_of(model(pk=key)) for key in keys if key not in found]
    for event in events:
        for index in documents.indexes():
            if event.model in index.related:
                objects |= {source_of(each): each for each in index.related[event.model](event.instance)}
    _safely(index_objects, list(objects.values()))
    _safely(remove_sources, gone)
    # Wagtail reads later what an object points to, and the text of documents is read by a task after that.
    for source in attachments.sources(objects.values()):
        if source in objects:
            label = objects[source]._meta.label
            transaction.on_commit(partial(tasks.read_attachments_of.enqueue, label, str(objects[source].pk)))


@finding.hidden.register
def expired() -> list[str]:
    """Search does not show an expired page until the schedule has withdrawn it."""
    return [source_of(page) for page in expired_pages().only("pk")]


def _indexed(events) -> dict[type, list]:
    keys = defaultdict(list)
    for event in events:
        model = event.model
        if model is page_model():
            # The page was noted by its base class: only the database knows its type.
            page = model.objects.filter(pk=event.pk).first()
            model = (
                page.specific_class if page is not None else getattr(event.instance, "specific_class", None)
            )
        if model is not None and documents.indexes_for(model):
            keys[model].append(event.pk)
    return keys


def _safely(function, items):
    """An error in search does not stop a publication: the others are indexed, it is logged, `check_published` finds it."""
    if not items:
        return
    try:
        with transaction.atomic():
            function(items)
    except Exception:
        if len(items) == 1:
            logger.exception("search: %s could not be brought up to date", items[0])
            return
        for item in items:
            _safely(function, [item])
