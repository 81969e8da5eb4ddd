"""What every engine does. Engines match keys and count; analysis and the final order are the same Python for
all."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field, replace

TITLE_FACTOR = 3
"""A key in a title or popular name counts this many times as much as elsewhere when candidates are chosen."""


class EngineDown(Exception):
    """The engine did not answer in time, or refused; the message says why, for the log."""


@dataclass(frozen=True)
class Scope:
    """Which entries are asked. Empty `locales` and `types` mean all; codes of one facet are alternatives."""

    space: str = "site"
    locales: tuple[str, ...] = ()
    without_locale: str = ""
    types: tuple[str, ...] = ()
    facets: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def narrowed(self, types=(), facets=None):
        return replace(self, types=tuple(types), facets=dict(facets or {}))

    @property
    def is_narrow(self):
        return bool(self.types or self.facets)


@dataclass(frozen=True)
class Candidates:
    """Primary keys of entries, best first, and how many entries matched altogether."""

    ids: list[int]
    total: int


class Engine(ABC):
    """`keys` are `{key: weight}` with positive whole weights, `boosts` `{type: factor}`; a match holds any of
    the keys.

    The score of a match is Σ weight x (TITLE_FACTOR if in a title, else 1) x factor of its type, the same in
    every engine; ties go to the lower primary key. An engine that cannot answer raises `EngineDown`.
    """

    name: str
    distant = False

    @abstractmethod
    def index(self, entries):
        """Store or replace `Entry` objects."""

    @abstractmethod
    def remove(self, ids, space="site", changed=None):
        """Forget entries by primary key."""

    @abstractmethod
    def candidates(self, keys, scope, boosts=None, limit=500):
        """The best matches as `Candidates`. Without keys: everything in the scope, newest first."""

    @abstractmethod
    def facets(self, keys, scope):
        """`{facet: {code: number of matches}}` over all matches; the type of things is the facet "type"."""

    @abstractmethod
    def suggest(self, words, scope, limit=8):
        """Primary keys of entries whose names hold all folded words, the last one as a beginning."""

    @abstractmethod
    def rebuild(self, space="site", progress=None):
        """Bring the engine's own storage in line with the entries of a space, answering all the while."""

    def patient(self):
        """The same engine for a command, which may wait longer than a visitor."""
        return self

    @abstractmethod
    def spaces(self):
        """The names of all spaces that the engine holds anything of."""

    @abstractmethod
    def drop(self, space):
        """Forget a whole space."""
