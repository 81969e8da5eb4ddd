"""What every engine does. Engines match keys and count; analysis and the final order are the same Python for
all.

Whatever narrows a search (type, language, facet codes) is one number at each entry, its *facet set*
(`egov_cms.search.facet_sets`): an engine counts matches by that number and picks the best of some numbers, and
knows no facet by name.
"""

from abc import ABC, abstractmethod
from contextlib import nullcontext

TITLE_FACTOR = 3
"""A key in a title or popular name counts this many times as much as elsewhere when candidates are chosen."""


class EngineDown(Exception):
    """The engine did not answer in time, or refused; the message says why, for the log."""


class Matches(ABC):
    """All that answers to some keys. `facets` is `{facet set: how many entries of it match}`."""

    facets: dict[int, int]

    @abstractmethod
    def candidates(self, factors, limit):
        """Primary keys of the best matches, best first. `factors` are `{facet set: whole factor of the score}`;
        entries of other sets are left out.

        The score is Σ weight x (TITLE_FACTOR if in a title, else 1) x factor, the same in every engine; ties go
        to the lower primary key. Without keys the newest come first.
        """


class Engine(ABC):
    """One store of keys. An engine that cannot answer raises `EngineDown`."""

    name: str
    distant = False

    @abstractmethod
    def index(self, entries):
        """Store or replace `Entry` objects."""

    @abstractmethod
    def remove(self, ids, space, changed=None):
        """Forget entries by primary key."""

    @abstractmethod
    def matches(self, keys, space):
        """`Matches`: what holds any of the keys (`{key: positive whole weight}`); without keys, everything."""

    @abstractmethod
    def suggest(self, words, space, locale, limit=8):
        """Primary keys of entries whose names hold all folded words, the last one as a beginning."""

    @abstractmethod
    def rebuild(self, space, progress=None):
        """Bring the engine's own storage in line with the entries of a space, answering all the while."""

    @abstractmethod
    def spaces(self):
        """The names of all spaces that the engine holds anything of."""

    @abstractmethod
    def drop(self, space):
        """Forget a whole space."""

    def patient(self):
        """The same engine for a command, which may wait longer than a visitor."""
        return self

    def in_time(self):
        """A context in which all questions together take no longer than a visitor may wait."""
        return nullcontext()
