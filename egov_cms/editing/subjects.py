"""What the public log of changes may be about: each app registers its kind of thing, in `ready()`.

A kind of thing has public codes (`site.public_codes`), which give its label, its titles and its addresses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from egov_cms.site import public_codes
from egov_cms.site.query_parameters import register_parameters

Words = str | Promise


@dataclass(frozen=True)
class Subject:
    """One kind of thing that has published facts: services, budgets, offices.

    kind: its kind of code, also the query parameter and the member of the API that hold the code of one of them.
    all_label: "All services". heading, introduction: of the page when it is about this kind only.
    facts: code of a fact that may change ("fee") → what people read for it.
    sentence: (entry, language) -> before and after in words, as plain text.
    """

    kind: str
    all_label: Words
    heading: Words
    introduction: Words
    facts: Mapping[str, Words]
    sentence: Callable[[Any, str], str]

    @property
    def codes(self) -> public_codes.CodeKind:
        return public_codes.kinds()[self.kind]

    @property
    def label(self) -> Words:
        return self.codes.label


_subjects: dict[str, Subject] = {}


def register_subject(kind: str, **options) -> Subject:
    """Let the log tell changes of a kind of thing whose codes are registered; `options`: the other fields of `Subject`."""
    subject = Subject(kind, **options)
    _subjects[kind] = subject
    register_parameters(**{kind: subject.codes.pattern})
    return subject


def registered() -> dict[str, Subject]:
    """Kind → Subject of the apps that are installed, in the order in which they registered."""
    return _subjects


def facts() -> dict[str, Words]:
    """Code → words of every fact that some kind of thing has. Kinds that share a code share its meaning."""
    return {code: words for subject in reversed(_subjects.values()) for code, words in subject.facts.items()}


register_parameters(subject=r"[a-z-]{1,40}")
