"""Background tasks of search. All are idempotent."""

from django.apps import apps
from django_tasks import task
from wagtail.documents import get_document_model

from egov_cms.search import attachments, reports
from egov_cms.search.engines import current_engine
from egov_cms.search.indexing import index_object


@task()
def read_attachments_of(label, pk):
    """Read the documents that an object references, and index the object again with their text."""
    obj = apps.get_model(label)._default_manager.filter(pk=pk).first()
    if obj is None:
        return
    obj = getattr(obj, "specific", obj)
    for document in attachments.documents_of(obj):
        attachments.read(document)
    index_object(obj)


@task()
def read_document(pk):
    """Read one document, and index again the objects that reference it."""
    document = get_document_model().objects.filter(pk=pk).first()
    if document is not None:
        attachments.read(document)
        for obj in attachments.objects_with(document):
            index_object(obj)


@task()
def tidy():
    """Daily task: send the pending writes to a remote engine, and delete old counts of queries."""
    engine = current_engine()
    if engine.remote:
        engine.patient().catch_up(batches=None)
    reports.prune()
