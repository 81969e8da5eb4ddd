"""One search for the whole suite: fold, stem, match, re-rank, with the same results on SQLite, PostgreSQL and
Elasticsearch.

The registry can be used while apps are loading. Names that need models are imported on first use.
"""

from importlib import import_module

from egov_cms.search.documents import Index, SearchDocument, register

_LAZY = {
    "Hit": "finding",
    "Results": "finding",
    "search": "finding",
    "suggest": "finding",
    "index_object": "indexing",
    "rebuild": "indexing",
    "remove_object": "indexing",
}

__all__ = [
    "Hit",
    "Index",
    "Results",
    "SearchDocument",
    "index_object",
    "rebuild",
    "register",
    "remove_object",
    "search",
    "suggest",
]


def __getattr__(name):
    if name in _LAZY:
        return getattr(import_module(f"egov_cms.search.{_LAZY[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
