"""The index in step with the content: one object, many, everything."""

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


def is_paused():
    """Is this process inside `paused()`?"""
    return _paused.get()


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


def _everything(kept, progress):
    hidden_paths, with_attachments = _hidden_paths(), set(attachments.sources())
    for index in documents.indexes():
        for obj in index.everything():
            for document in documents_of(obj, hidden_paths, with_attachments):
                kept.add((document.type, document.id, document.locale))
                yield source_of(obj), document
                if progress and len(kept) % 200 == 0:
                    progress(len(kept), None)
