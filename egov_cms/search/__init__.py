"""One search for the whole suite: fold, stem, match, re-rank; on SQLite, PostgreSQL and Elasticsearch alike.

The registry can be used while apps are loading; what needs models is imported on first use.
"""

from importlib import import_module

from egov_cms.search.documents import Index, SearchDocument, register

_LATER = {
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
    if name in _LATER:
        return getattr(import_module(f"egov_cms.search.{_LATER[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
