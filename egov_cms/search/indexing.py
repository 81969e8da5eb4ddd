"""Updates the index from the content: one object, several objects, all objects."""

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace

from wagtail.models import PageViewRestriction

from egov_cms.adapters.wagtail.pages import page_model
from egov_cms.search import attachments, documents, store
from egov_cms.search.engines import current_engine, database_engine
from egov_cms.search.models import SITE, Entry

Page = page_model()

_paused = ContextVar("egov_search_paused", default=False)


def index_object(obj):
    """Update the documents of an object in the index; they are removed when it is no longer public."""
    store.replace_source(list(documents_of(obj)), source_of(obj))


def index_objects(objects):
    """`index_object` for a list of objects, with a few queries per batch."""
    hidden_paths = _hidden_paths()
    for start in range(0, len(objects), store.BATCH):
        batch = objects[start : start + store.BATCH]
        with_attachments = set(attachments.sources(batch))
        store.replace_sources(
            {source_of(obj): list(documents_of(obj, hidden_paths, with_attachments)) for obj in batch}
        )


def remove_object(obj):
    """Remove all documents of an object from the index."""
    store.replace_source([], source_of(obj))


def rebuild(progress=None):
    """Index all objects again; search keeps answering meanwhile. Returns the number of documents.

    `progress(done, total)` is called at intervals; `total` is None while it is not known.
    """
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


@contextmanager
def paused():
    """Disable automatic indexing during bulk writes; the caller must call `rebuild()` afterwards."""
    token = _paused.set(True)
    try:
        yield
    finally:
        _paused.reset(token)


def is_paused():
    """Whether the current context is inside `paused()`."""
    return _paused.get()


def documents_of(obj, hidden_paths=None, with_attachments=None):
    """The documents that the registered indexes make of an object; none when it is not public.

    A caller with many objects passes `hidden_paths` (tree paths below which pages are restricted) and
    `with_attachments` (the sources that have attachments), so that they are queried once.
    """
    if is_hidden(obj, hidden_paths):
        return
    may_have_attachments = with_attachments is None or source_of(obj) in with_attachments
    text = attachments.text_of(obj) if may_have_attachments else ""
    for index in documents.indexes_for(type(obj)):
        for document in index.documents(obj):
            yield replace(document, attachments=f"{document.attachments}\n{text}") if text else document


def is_hidden(obj, hidden_paths=None):
    """Whether an object is not public: a draft, an alias, not marked as public, or a page with a view restriction."""
    if getattr(obj, "live", True) is False or getattr(obj, "is_public", True) is False:
        return True
    if not isinstance(obj, Page):
        return False
    paths = _hidden_paths() if hidden_paths is None else hidden_paths
    return bool(obj.alias_of_id) or any(obj.path.startswith(path) for path in paths)


def _hidden_paths():
    return list(PageViewRestriction.objects.values_list("page__path", flat=True))


def source_of(obj):
    """The value of `Entry.source` for an object; the same for a page and its specific instance."""
    model = (obj._meta.get_parent_list() or [obj._meta.concrete_model])[-1]
    return f"{model._meta.label_lower}:{obj.pk}"


def _everything(identities, progress):
    """`(source, document)` of all objects; the identity of each document is added to the set `identities`."""
    hidden_paths, with_attachments = _hidden_paths(), set(attachments.sources())
    for index in documents.indexes():
        for obj in index.all_objects():
            for document in documents_of(obj, hidden_paths, with_attachments):
                identities.add((document.type, document.id, document.locale))
                yield source_of(obj), document
                if progress and len(identities) % 200 == 0:
                    progress(len(identities), None)
