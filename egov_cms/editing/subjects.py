"""What the public log of changes may be about: each app registers its kind of thing, in `ready()`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from egov_cms.site.query_parameters import register_parameters

Words = str | Promise


@dataclass(frozen=True)
class Subject:
    """One kind of thing that has published facts: services, budgets, offices.

    kind: its name for programs, also the query parameter and the member of the API that hold the code of one of them.
    label, all_label: "Service", "All services". heading, introduction: of the page when it is about this kind only.
    code_help: what the code is, for the API. code_pattern: what a code looks like.
    facts: code of a fact that may change ("fee") → what people read for it.
    sentence: (entry, language) -> before and after in words, as plain text.
    titles: (codes, language) -> {code: (title, address)} of those that are public in this language; address may be "".
    """

    kind: str
    label: Words
    all_label: Words
    heading: Words
    introduction: Words
    code_help: Words
    facts: Mapping[str, Words]
    sentence: Callable[[Any, str], str]
    titles: Callable[[Collection[str], str], Mapping[str, tuple[str, str]]]
    code_pattern: str = r"[A-Za-z0-9._:/-]{1,100}"


_subjects: dict[str, Subject] = {}


def register_subject(kind: str, **options) -> Subject:
    """Let the log tell changes of this kind of thing; `options` are the other fields of `Subject`."""
    subject = Subject(kind, **options)
    _subjects[kind] = subject
    register_parameters(**{kind: subject.code_pattern})
    return subject


def registered() -> dict[str, Subject]:
    """Kind → Subject of the apps that are installed, in the order in which they registered."""
    return _subjects


def facts() -> dict[str, Words]:
    """Code → words of every fact that some kind of thing has. Kinds that share a code share its meaning."""
    return {code: words for subject in reversed(_subjects.values()) for code, words in subject.facts.items()}


register_parameters(subject=r"[a-z_]{1,40}")
