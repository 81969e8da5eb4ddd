"""Updates the index from the content: one object, several objects, all objects."""

from collections import defaultdict
from dataclasses import replace

from egov_cms.search import attachments, documents, store, tables
from egov_cms.search.engines import current_engine, database_engine
from egov_cms.search.models import SITE, Entry


def index_object(obj):
    """Update the documents of an object in the index; they are removed when it is no longer public."""
    index_objects([obj])


def index_objects(objects):
    """`index_object` for a list of objects, with a few queries per batch."""
    for start in range(0, len(objects), store.BATCH):
        batch = objects[start : start + store.BATCH]
        for index in documents.indexes():
            if index.load is not None and (own := [obj for obj in batch if isinstance(obj, index.model)]):
                index.load(own)
        public, with_attachments = public_sources(batch), set(attachments.sources(batch))
        store.replace_sources(
            {
                source_of(obj): list(documents_of(obj, with_attachments)) if source_of(obj) in public else []
                for obj in batch
            }
        )


def remove_object(obj):
    """Remove all documents of an object from the index."""
    remove_sources([source_of(obj)])


def remove_sources(sources):
    """Remove all documents of these objects (`source_of`) from the index."""
    store.replace_sources({source: [] for source in sources})


def rebuild(progress=None):
    """Index all objects again; search keeps answering meanwhile. Returns the number of documents.

    Tables that were lost are made anew first.

    `progress(done, total)` is called at intervals; `total` is None while it is not known.
    """
    tables.mend()
    attachments.read_unread()
    identities = set()
    store.put(_everything(identities, progress), SITE, force=True)
    stale = [
        entry.pk
        for entry in Entry.objects.filter(space=SITE).only("type", "document_id", "locale").iterator()
        if (entry.type, entry.document_id, entry.locale) not in identities
    ]
    store.remove(stale)
    store.recount()
    database_engine().rebuild(SITE, progress)
    engine = current_engine()
    if engine.remote:
        engine.patient().rebuild(SITE, progress)
    return len(identities)


def documents_of(obj, with_attachments=None):
    """The documents that the registered indexes make of a public object.

    A caller with many objects passes `with_attachments` (the sources that have attachments), so that it is asked once.
    """
    may_have_attachments = with_attachments is None or source_of(obj) in with_attachments
    text = attachments.text_of(obj) if may_have_attachments else ""
    for index in documents.indexes_for(type(obj)):
        for document in index.documents(obj):
            yield replace(document, attachments=f"{document.attachments}\n{text}") if text else document


def public_sources(objects) -> set[str]:
    """The sources of those objects that the public may see now: one query for each of their models."""
    by_model = defaultdict(list)
    for obj in objects:
        by_model[type(obj)].append(obj)
    found = set()
    for model, own in by_model.items():
        keys = set(
            documents.public(model).filter(pk__in=[obj.pk for obj in own]).values_list("pk", flat=True)
        )
        found |= {source_of(obj) for obj in own if obj.pk in keys}
    return found


def source_of(obj):
    """The value of `Entry.source` for an object; the same for a page and its specific instance."""
    model = (obj._meta.get_parent_list() or [obj._meta.concrete_model])[-1]
    return f"{model._meta.label_lower}:{obj.pk}"


def _everything(identities, progress):
    """`(source, document)` of all objects; the identity of each document is added to the set `identities`."""
    with_attachments = set(attachments.sources())
    for index in documents.indexes():
        for obj in index.all_objects():
            for document in documents_of(obj, with_attachments):
                identities.add((document.type, document.id, document.locale))
                yield source_of(obj), document
                if progress and len(identities) % 200 == 0:
                    progress(len(identities), None)
