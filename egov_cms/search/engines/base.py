"""The interface of all engines. An engine only matches and counts keys; analysis and final ranking are the same
Python code for all engines.

Everything that filters a search (type, language, facet codes) is one number per entry, its *facet set*
(`egov_cms.search.facet_sets`). An engine counts matches per facet set and returns the best matches of given
sets; it has no knowledge of single facets.
"""

from abc import ABC, abstractmethod
from contextlib import nullcontext

TITLE_FACTOR = 3
"""Weight of a key in a title or popular name, relative to other fields, when candidates are selected."""


class EngineDown(Exception):
    """The engine did not answer in time, or refused the request; the message gives the reason, for the log."""


class Matches(ABC):
    """All entries that match some keys. `facets` is `{facet set: number of matching entries}`."""

    facets: dict[int, int]

    @abstractmethod
    def candidates(self, factors, limit):
        """Primary keys of the best matches, best first. `factors` is `{facet set: integer factor of the score}`;
        entries of other sets are excluded.

        The score is Σ weight x (TITLE_FACTOR if in a title, else 1) x factor, the same in every engine. On equal
        scores the lower primary key comes first. Without keys the newest entries come first.
        """


class Engine(ABC):
    """A store of keys. Its methods raise `EngineDown` when it cannot answer.

    `remote`: it is not the site's own database, so it can be down or behind.
    """

    name: str
    remote = False

    @abstractmethod
    def index(self, entries):
        """Store or replace `Entry` objects."""

    @abstractmethod
    def remove(self, ids, space, changed=None):
        """Remove entries by primary key."""

    @abstractmethod
    def matches(self, keys, space):
        """`Matches`: the entries with any of the keys (`{key: positive integer weight}`); without keys, all entries."""

    @abstractmethod
    def suggest(self, words, space, locale, limit=8):
        """Primary keys of entries whose names contain all the folded words, the last one as a prefix."""

    @abstractmethod
    def rebuild(self, space, progress=None):
        """Synchronise the engine's storage with the entries of a space; it keeps answering meanwhile."""

    @abstractmethod
    def spaces(self):
        """The names of all spaces of which the engine stores entries."""

    @abstractmethod
    def drop(self, space):
        """Remove a whole space."""

    def patient(self):
        """The same engine with long timeouts, for commands and tasks."""
        return self

    def deadline(self):
        """A context manager that limits the total time of all requests inside it to a visitor's time limit."""
        return nullcontext()
