"""Keeping the index in step with the content: one object, everything, and what publishing does by itself."""

import logging
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from functools import partial

from django.apps import apps
from django.db import transaction
from django.db.models.signals import post_delete, post_save, pre_delete
from django_tasks import TaskResultStatus
from django_tasks.signals import task_finished
from wagtail.documents import get_document_model
from wagtail.documents.models import AbstractDocument
from wagtail.models import CollectionViewRestriction, Page, PageViewRestriction
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from egov_cms.search import attachments, documents, store
from egov_cms.search.engines import current_engine, database_engine
from egov_cms.search.finding import SYNONYMS_VERSION
from egov_cms.search.models import SITE, AttachmentText, Entry, SynonymGroup

REFERENCES_TASK = "wagtail.tasks.update_reference_index_task"

logger = logging.getLogger(__name__)
_paused = ContextVar("egov_search_paused", default=False)


def index_object(obj):
    """Bring what is found of an object up to date; it is removed when it is no longer public."""
    store.replace_source(list(documents_of(obj)), source_of(obj))


def index_objects(objects):
    """The same for a list of objects, with a few questions for each batch of them."""
    hidden_paths = _hidden_paths()
    for start in range(0, len(objects), store.BATCH):
        batch = objects[start : start + store.BATCH]
        with_attachments = set(attachments.sources(batch))
        store.replace_sources(
            {source_of(obj): list(documents_of(obj, hidden_paths, with_attachments)) for obj in batch}
        )


def remove_object(obj):
    """Take all documents of an object out of search, at once and everywhere."""
    store.replace_source([], source_of(obj))


def rebuild(progress=None):
    """Index everything anew while search keeps answering; returns how many documents there are.

    `progress(done, total)` is called now and then; `total` is None while it is not known.
    """
    attachments.read_unread()
    kept = set()
    store.put(_everything(kept, progress), SITE, force=True)
    stale = [
        entry.pk
        for entry in Entry.objects.filter(space=SITE).only("type", "document_id", "locale").iterator()
        if (entry.type, entry.document_id, entry.locale) not in kept
    ]
    store.remove(stale)
    store.recount()
    database_engine().rebuild(SITE, progress)
    engine = current_engine()
    if engine.distant:
        engine.patient().rebuild(SITE, progress)
    return len(kept)


@contextmanager
def paused():
    """Index nothing by itself while much is written at once; whoever asks for it calls `rebuild()` after."""
    token = _paused.set(True)
    try:
        yield
    finally:
        _paused.reset(token)


def documents_of(obj, hidden_paths=None, with_attachments=None):
    """The documents that the registered indexes make of an object, none when it is hidden from the public.

    Whoever asks for many objects gives the paths below which pages are hidden and the sources that have
    attachments, so that they are read once.
    """
    if is_hidden(obj, hidden_paths):
        return
    asked = with_attachments is None or source_of(obj) in with_attachments
    papers = attachments.text_of(obj) if asked else ""
    for index in documents.indexes_for(type(obj)):
        for document in index.documents(obj):
            yield replace(document, papers=f"{document.papers}\n{papers}") if papers else document


def is_hidden(obj, hidden_paths=None):
    """Is an object not for the public: a draft, an alias, withheld, or a page behind a restriction?"""
    if getattr(obj, "live", True) is False or getattr(obj, "is_public", True) is False:
        return True
    if not isinstance(obj, Page):
        return False
    paths = _hidden_paths() if hidden_paths is None else hidden_paths
    return bool(obj.alias_of_id) or any(obj.path.startswith(path) for path in paths)


def _hidden_paths():
    return list(PageViewRestriction.objects.values_list("page__path", flat=True))


def source_of(obj):
    """What entries remember of the object they were made of; the same for a page and its specific form."""
    model = (obj._meta.get_parent_list() or [obj._meta.concrete_model])[-1]
    return f"{model._meta.label_lower}:{obj.pk}"


def connect():
    """Listen to what changes content; called once from `AppConfig.ready()`."""
    post_save.connect(_saved, dispatch_uid="egov_search_saved")
    post_delete.connect(_deleted, dispatch_uid="egov_search_deleted")
    pre_delete.connect(_going, dispatch_uid="egov_search_going")
    page_published.connect(_published, dispatch_uid="egov_search_published")
    page_unpublished.connect(_unpublished, dispatch_uid="egov_search_unpublished")
    page_slug_changed.connect(_tree_changed, dispatch_uid="egov_search_slug")
    post_page_move.connect(_tree_changed, dispatch_uid="egov_search_moved")
    task_finished.connect(_references_read, dispatch_uid="egov_search_references")


def _everything(kept, progress):
    hidden_paths, with_attachments = _hidden_paths(), set(attachments.sources())
    for index in documents.indexes():
        for obj in index.everything():
            for document in documents_of(obj, hidden_paths, with_attachments):
                kept.add((document.type, document.id, document.locale))
                yield source_of(obj), document
                if progress and len(kept) % 200 == 0:
                    progress(len(kept), None)


def _safely(action, obj):
    """Search must not keep anybody from publishing: what goes wrong is logged, and a rebuild heals it."""
    try:
        with transaction.atomic():
            action(obj)
    except Exception:
        logger.exception("search: %s could not be brought up to date", source_of(obj))


def _saved(sender, instance, raw=False, update_fields=None, **kwargs):
    if raw or _paused.get():
        return
    if update_fields is not None and documents.indexes_for(sender):
        # Saving a draft saves a few fields of an object that holds the draft's words: only the database
        # says what is public.
        instance = sender._default_manager.get(pk=instance.pk)
    _reindex(sender, instance)
    if documents.indexes_for(sender) and attachments.has_documents(sender, instance.pk):
        # Wagtail may still have to learn that it no longer points to one of them.
        task = tasks().read_attachments_of
        transaction.on_commit(partial(task.enqueue, sender._meta.label, str(instance.pk)))
    for index in documents.indexes():
        if sender in index.related:
            for obj in index.related[sender](instance):
                _safely(index_object, obj)
    if sender is PageViewRestriction:
        _tree_changed(sender, instance.page)
    elif sender is CollectionViewRestriction:
        _collection_changed(instance.collection)
    elif sender is SynonymGroup:
        store.raise_version(SYNONYMS_VERSION)
    elif isinstance(instance, AbstractDocument):
        tasks().read_document.enqueue(instance.pk)


def _going(sender, instance, **kwargs):
    """Once a document is deleted nobody knows any more what pointed to it."""
    if isinstance(instance, AbstractDocument):
        instance.pointed_to_by = list(attachments.objects_with(instance))


def _deleted(sender, instance, **kwargs):
    if documents.indexes_for(sender):
        _safely(remove_object, instance)
    if sender is PageViewRestriction and Page.objects.filter(pk=instance.page_id).exists():
        _tree_changed(sender, instance.page)
    elif sender is CollectionViewRestriction:
        _collection_changed(instance.collection)
    elif sender is SynonymGroup:
        store.raise_version(SYNONYMS_VERSION)
    elif isinstance(instance, AbstractDocument):
        AttachmentText.objects.filter(pk=instance.pk).delete()
        for obj in getattr(instance, "pointed_to_by", ()):
            _safely(index_object, obj)


def _reindex(sender, instance):
    if documents.indexes_for(sender):
        _safely(index_object, instance)


def _references_read(sender, task_result, **kwargs):
    """Wagtail has read what an object points to, as it does after each save: now its documents can be read."""
    of_references = task_result.task.module_path == REFERENCES_TASK
    if not of_references or task_result.status != TaskResultStatus.SUCCESSFUL or _paused.get():
        return
    app_label, model_name, pk = task_result.args
    model = apps.get_model(app_label, model_name)
    if documents.indexes_for(model) and attachments.has_documents(model, pk):
        tasks().read_attachments_of.enqueue(model._meta.label, pk)


def _collection_changed(collection):
    model = get_document_model()
    for document in model.objects.filter(collection__path__startswith=collection.path):
        for obj in attachments.objects_with(document):
            _safely(index_object, obj)


def tasks():
    """The tasks of this room, imported late: they use this module."""
    from egov_cms.search import tasks

    return tasks


def _published(sender, instance, together=None, **kwargs):
    """`together`: all pages that are being published at once, each with this signal; the last one is for all."""
    if _paused.get():
        return
    if together is None:
        _reindex(sender, instance)
    elif instance is together[-1]:
        pages = [page for page in together if documents.indexes_for(type(page))]
        try:
            with transaction.atomic():
                index_objects(pages)
        except Exception:
            # One of them must not keep the others from being found.
            for page in pages:
                _safely(index_object, page)


def _unpublished(sender, instance, **kwargs):
    if documents.indexes_for(sender):
        _safely(remove_object, instance)


def _tree_changed(sender, instance, **kwargs):
    """An address or a privacy setting changed: it holds for all pages below."""
    for page in Page.objects.get(pk=instance.pk).get_descendants(inclusive=True).specific().iterator():
        if documents.indexes_for(type(page)):
            _safely(index_object, page)
