"""Automatic indexing of content that is saved, published, moved, restricted or deleted."""

import logging
from functools import partial

from django.apps import apps
from django.db import transaction
from django.db.models.signals import post_delete, post_save, pre_delete
from django_tasks import TaskResultStatus
from django_tasks.signals import task_finished
from wagtail.documents import get_document_model
from wagtail.documents.models import AbstractDocument
from wagtail.models import PageViewRestriction
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from egov_cms.adapters.wagtail.pages import page_model
from egov_cms.adapters.wagtail.permissions import CollectionViewRestriction
from egov_cms.adapters.wagtail.references import references_were_read
from egov_cms.search import attachments, documents, store, tasks
from egov_cms.search.finding import SYNONYMS_VERSION
from egov_cms.search.indexing import index_object, index_objects, is_paused, remove_object, source_of
from egov_cms.search.models import AttachmentText, SynonymGroup

Page = page_model()

logger = logging.getLogger(__name__)


def connect():
    """Connect the signals of content changes; called once from `AppConfig.ready()`."""
    post_save.connect(_saved, dispatch_uid="egov_search_saved")
    post_delete.connect(_deleted, dispatch_uid="egov_search_deleted")
    pre_delete.connect(_going, dispatch_uid="egov_search_going")
    page_published.connect(_published, dispatch_uid="egov_search_published")
    page_unpublished.connect(_unpublished, dispatch_uid="egov_search_unpublished")
    page_slug_changed.connect(_tree_changed, dispatch_uid="egov_search_slug")
    post_page_move.connect(_tree_changed, dispatch_uid="egov_search_moved")
    task_finished.connect(_references_read, dispatch_uid="egov_search_references")


def _saved(sender, instance, raw=False, update_fields=None, **kwargs):
    if raw or is_paused():
        return
    if update_fields is not None and documents.indexes_for(sender):
        # A draft is saved as a few fields of an object that contains the draft's text. Only the database has the
        # public text.
        instance = sender._default_manager.get(pk=instance.pk)
    _reindex(sender, instance)
    if documents.indexes_for(sender) and attachments.has_documents(sender, instance.pk):
        # Also when the object has just lost a document: Wagtail updates its reference index later.
        task = tasks.read_attachments_of
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
        tasks.read_document.enqueue(instance.pk)


def _going(sender, instance, **kwargs):
    """Store the objects that reference a document on it, because after its deletion the references are unknown."""
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
    read = references_were_read(task_result)
    if read is None or task_result.status != TaskResultStatus.SUCCESSFUL or is_paused():
        return
    label, pk = read
    model = apps.get_model(label)
    if documents.indexes_for(model) and attachments.has_documents(model, pk):
        tasks.read_attachments_of.enqueue(model._meta.label, pk)


def _collection_changed(collection):
    model = get_document_model()
    for document in model.objects.filter(collection__path__startswith=collection.path):
        for obj in attachments.objects_with(document):
            _safely(index_object, obj)


def _published(sender, instance, together=None, **kwargs):
    """`together`: all pages published together, each with this signal; all are indexed at the signal of the last one."""
    if is_paused():
        return
    if together is None:
        _reindex(sender, instance)
    elif instance is together[-1]:
        pages = [page for page in together if documents.indexes_for(type(page))]
        try:
            with transaction.atomic():
                index_objects(pages)
        except Exception:
            # One page with an error must not stop the indexing of the others.
            for page in pages:
                _safely(index_object, page)


def _unpublished(sender, instance, **kwargs):
    if documents.indexes_for(sender):
        _safely(remove_object, instance)


def _tree_changed(sender, instance, **kwargs):
    """Index a page and all its descendants again after a change of its URL or privacy."""
    for page in Page.objects.get(pk=instance.pk).get_descendants(inclusive=True).specific().iterator():
        if documents.indexes_for(type(page)):
            _safely(index_object, page)


def _safely(action, obj):
    """An error in search must not stop publishing: it is logged, and a rebuild repairs the index."""
    try:
        with transaction.atomic():
            action(obj)
    except Exception:
        logger.exception("search: %s could not be brought up to date", source_of(obj))
