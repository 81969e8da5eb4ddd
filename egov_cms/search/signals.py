"""What changes in the index without a publication: the text of documents, who may read them, synonyms.

Pages and records that change what the public may see reach the index by the step "search" of a publication.
"""

import logging

from django.apps import apps
from django.db import transaction
from django.db.models.signals import post_delete, post_save, pre_delete
from django_tasks import TaskResultStatus
from django_tasks.signals import task_finished
from wagtail.documents import get_document_model
from wagtail.documents.models import AbstractDocument

from egov_cms.adapters.wagtail.permissions import CollectionViewRestriction
from egov_cms.adapters.wagtail.references import references_were_read
from egov_cms.search import attachments, documents, store, tasks
from egov_cms.search.finding import SYNONYMS_VERSION
from egov_cms.search.indexing import index_object, source_of
from egov_cms.search.models import AttachmentText, SynonymGroup

logger = logging.getLogger(__name__)


def connect():
    """Connect the signals of content changes; called once from `AppConfig.ready()`."""
    post_save.connect(_saved, dispatch_uid="egov_search_saved")
    post_delete.connect(_deleted, dispatch_uid="egov_search_deleted")
    pre_delete.connect(_going, dispatch_uid="egov_search_going")
    task_finished.connect(_references_read, dispatch_uid="egov_search_references")


def _saved(sender, instance, raw=False, **kwargs):
    if raw:
        return
    if sender is CollectionViewRestriction:
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
    if sender is CollectionViewRestriction:
        _collection_changed(instance.collection)
    elif sender is SynonymGroup:
        store.raise_version(SYNONYMS_VERSION)
    elif isinstance(instance, AbstractDocument):
        AttachmentText.objects.filter(pk=instance.pk).delete()
        for obj in getattr(instance, "pointed_to_by", ()):
            _safely(index_object, obj)


def _references_read(sender, task_result, **kwargs):
    """Wagtail has read what an object points to, as it does after each save: now its documents can be read."""
    read = references_were_read(task_result)
    if read is None or task_result.status != TaskResultStatus.SUCCESSFUL:
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


def _safely(action, obj):
    """An error in search must not stop an editor: it is logged, and a rebuild repairs the index."""
    try:
        with transaction.atomic():
            action(obj)
    except Exception:
        logger.exception("search: %s could not be brought up to date", source_of(obj))
