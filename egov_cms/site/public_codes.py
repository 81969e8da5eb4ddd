"""Stable public codes: a service, a budget line, a contract, a project or a data set has one for ever, in all languages.

An app registers its kind of code in `ready()`:

    register_code("permit", label=_("Permit"), code_help=_("Permit code."), pattern=r"[A-Z0-9-]{1,32}", resolve=permits)

`find(kind, codes, language)` is the only way from a code to a title and an address: it asks the app that owns the kind what
is public now, so nothing here or elsewhere keeps titles of other things. `address(kind, code)` is the permanent address
`/id/<kind>/<code>` (`views.codes`).

Links between subjects are told by the app that stores them (`register_links`) and are read from both ends (`links`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.apps import apps
from django.urls import reverse
from django.utils.functional import Promise

from egov_cms.policies import Policy

Words = str | Promise


@dataclass(frozen=True)
class PublicSubject:
    """Something that is public now in a language. `url` is the path of its page; empty where it has none of its own."""

    code: str
    title: str
    url: str
    language: str


@dataclass(frozen=True)
class PagesWithCode:
    """The pages that are the subjects of a kind: the name of their model, and its field that holds the code."""

    model: str
    field: str

    def _pages(self):
        return apps.get_model(self.model).objects

    def translation_keys(self, codes):
        """The translation keys of the pages with these codes, as a subquery."""
        return self._pages().filter(**{f"{self.field}__in": codes}).values("translation_key")

    def codes_of(self, translation_keys) -> dict:
        """Translation key → code, of the public pages among these. One query."""
        pages = self._pages().public().filter(translation_key__in=translation_keys)
        return dict(pages.exclude(**{self.field: ""}).values_list("translation_key", self.field))


Resolve = Callable[[Collection[str], str], Mapping[str, PublicSubject]]


@dataclass(frozen=True)
class CodeKind:
    """One kind of subject that has codes.

    kind: its name in addresses and for programs ("service", "budget-line"). label: what people call it. code_help: what
    the code is, for the API. pattern: a regular expression that every code fits whole. resolve: (codes, language) → those
    of the subjects that are public now in this language, by code. pages: where they are pages. data: code → the path at
    which programs read it, where they can choose the format by `Accept`.
    """

    kind: str
    label: Words
    code_help: Words
    pattern: str
    resolve: Resolve
    pages: PagesWithCode | None = None
    data: Callable[[str], str] | None = None

    def fits(self, code: str) -> bool:
        return re.fullmatch(self.pattern, code) is not None


class Past(NamedTuple):
    """A subject that was public: what it was called (may be empty), and the path at which its history can be read."""

    title: str
    url: str


def _no_history(kind: str, code: str, language: str) -> Past | None:
    return None


# What is known of a subject that is not public now; None: it never was. The log of changes knows.
history = Policy("site.public_codes.history", default=_no_history)

KIND = re.compile(r"[a-z]+(?:-[a-z]+)*")
_kinds: dict[str, CodeKind] = {}


def register_code(
    kind: str,
    *,
    label: Words,
    code_help: Words,
    pattern: str,
    resolve: Resolve,
    pages: PagesWithCode | None = None,
    data: Callable[[str], str] | None = None,
) -> CodeKind:
    """Make a kind of code known; the fields are those of `CodeKind`."""
    if not KIND.fullmatch(kind):
        raise ValueError(f"A kind of code is small Latin letters and hyphens: {kind!r}.")
    _kinds[kind] = CodeKind(kind, label, code_help, pattern, resolve, pages, data)
    return _kinds[kind]


def kinds() -> dict[str, CodeKind]:
    """Kind → CodeKind of the apps that are installed, in the order in which they registered."""
    return _kinds


def kinds_of_pages() -> dict[str, CodeKind]:
    """Those whose subjects are pages."""
    return {name: kind for name, kind in _kinds.items() if kind.pages}


def find(kind: str, codes: Collection[str], language: str) -> dict[str, PublicSubject]:
    """Code → what is public now in this language, of these codes. LookupError for a kind that nobody has registered."""
    known = _kinds[kind]
    wanted = [code for code in dict.fromkeys(codes) if known.fits(code)]
    return dict(known.resolve(wanted, language)) if wanted else {}


def address(kind: str, code: str) -> str:
    """The permanent path of a subject, which leads to its page in the reader's language."""
    return reverse("egov_code", args=[kind, code])


@dataclass(frozen=True)
class Relation:
    """How one subject concerns another: its name for programs, and what each of the two says of the other.

    `Relation("pays-for", label=_("Pays for"), inverse=_("Paid from"))`.
    """

    name: str
    label: Words
    inverse: Words


class SubjectLink(NamedTuple):
    """A stored link from one subject to another, by kinds and codes."""

    from_kind: str
    from_code: str
    to_kind: str
    to_code: str
    relation: Relation


class Linked(NamedTuple):
    """The other end of a link, as this end tells of it: the words of the relation, and what is public there now."""

    relation: Relation
    label: Words
    kind: str
    subject: PublicSubject


LinkSource = Callable[[str, Collection[str]], Iterable[SubjectLink]]
_link_sources: list[LinkSource] = []


def register_links(function: LinkSource) -> LinkSource:
    """Let an app tell the links that it stores: `function(kind, codes)` gives every `SubjectLink` with one of these at
    either end. Returns it, so that it can be used as a decorator.
    """
    _link_sources.append(function)
    return function


def links(kind: str, code: str, language: str) -> list[Linked]:
    """What this subject is linked with, in both directions; only what is public now in this language, this end too."""
    return links_of(kind, [code], language).get(code, [])


def links_of(kind: str, codes: Collection[str], language: str) -> dict[str, list[Linked]]:
    """Code → its links, of those subjects that are public now and have any. One question for each kind at the other ends."""
    here = find(kind, codes, language)
    if not here:
        return {}
    ends = []  # (code here, relation, label, kind there, code there)
    for source in _link_sources:
        for link in source(kind, list(here)):
            relation = link.relation
            if link.from_kind == kind and link.from_code in here:
                ends.append((link.from_code, relation, relation.label, link.to_kind, link.to_code))
            if link.to_kind == kind and link.to_code in here:
                ends.append((link.to_code, relation, relation.inverse, link.from_kind, link.from_code))
    wanted: dict[str, set[str]] = {}
    for *_end, other_kind, other_code in ends:
        wanted.setdefault(other_kind, set()).add(other_code)
    there = {other: find(other, found, language) for other, found in wanted.items() if other in _kinds}
    told: dict[str, list[Linked]] = {}
    for own_code, relation, label, other_kind, other_code in ends:
        subject = there.get(other_kind, {}).get(other_code)
        linked = subject and Linked(relation, label, other_kind, subject)
        if linked and linked not in told.setdefault(own_code, []):
            told[own_code].append(linked)
    return {own_code: found for own_code, found in told.items() if found}
