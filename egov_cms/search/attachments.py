"""Attachments: the text of the documents that pages and records reference is indexed with them."""

import logging

from django.contrib.contenttypes.models import ContentType
from wagtail.documents import get_document_model

from egov_cms.adapters.wagtail.references import is_read, references, references_of, references_to
from egov_cms.search.extraction import ExtractionFailed, extract, is_readable
from egov_cms.search.models import AttachmentText

logger = logging.getLogger(__name__)


def text_of(obj):
    """The text of all public documents that an object references, as far as they have been read."""
    ids = [document.pk for document in documents_of(obj) if is_public(document)]
    if not ids:
        return ""
    texts = AttachmentText.objects.filter(pk__in=ids).exclude(text="").order_by("pk")
    return "\n".join(texts.values_list("text", flat=True))


def documents_of(obj):
    """The documents that an object points to, by Wagtail's reference index."""
    if not is_read(type(obj)):
        return []
    ids = set(_to_documents(references_of(type(obj), obj.pk)).values_list("to_object_id", flat=True))
    return list(get_document_model().objects.filter(pk__in=ids).select_related("collection")) if ids else []


def _to_documents(found):
    return found.filter(to_content_type=ContentType.objects.get_for_model(get_document_model()))


def has_documents(model, pk):
    """Does an object point to a document? Asked without reading the object."""
    return _to_documents(references_of(model, pk)).exists()


def sources(objects=None):
    """`label:pk` of every object that references a document, in the form of `Entry.source`.

    `objects`: check only these objects. The result can then contain other objects with the same primary key.
    """
    found = references()
    if objects is not None:
        found = found.filter(object_id__in=[str(obj.pk) for obj in objects])
    rows = _to_documents(found).values_list("base_content_type", "object_id")
    labels = {}
    for content_type, pk in set(rows):
        if content_type not in labels:
            model = ContentType.objects.get_for_id(content_type).model_class()
            labels[content_type] = model._meta.label_lower if model else ""
        yield f"{labels[content_type]}:{pk}"


def read_unread():
    """Read every document that something points to and nobody has read, as after much was written at once."""
    pointed_to = _to_documents(references()).values_list("to_object_id", flat=True)
    ids = {int(pk) for pk in pointed_to} - set(AttachmentText.objects.values_list("pk", flat=True))
    for document in get_document_model().objects.filter(pk__in=ids).iterator():
        read(document)


def objects_with(document):
    """The objects that point to a document."""
    for content_type, pk in set(references_to(document).values_list("base_content_type", "object_id")):
        model = ContentType.objects.get_for_id(content_type).model_class()
        obj = model._default_manager.filter(pk=pk).first() if model else None
        if obj is not None:
            yield getattr(obj, "specific", obj)


def is_public(document):
    return not document.collection.get_view_restrictions().exists()


def read(document):
    """Extract the text of a document's file, unless this file has been read before. Returns whether it was read and
    there is or was any text."""
    before = AttachmentText.objects.filter(pk=document.pk).first()
    file_hash = document.file_hash or str(document.file_size)
    if before and before.file_hash == file_hash and file_hash:
        return False
    text, problem = "", ""
    if is_readable(document.filename):
        try:
            with document.file.open("rb") as file:
                text = extract(file.read(), document.filename)
        except (ExtractionFailed, OSError) as error:
            problem = str(error)[:200]
            logger.warning(
                "search: document %s (%s) was skipped: %s", document.pk, document.filename, problem
            )
    values = {"file_hash": file_hash, "text": text, "problem": problem}
    AttachmentText.objects.update_or_create(pk=document.pk, defaults=values)
    return bool(text) or bool(before and before.text)
