"""The case of a citizen: which rows of a service apply. Chosen by GET, so that the URL can be sent and printed.

    case = read_case(service, request.GET, governorates)        # unknown values are ignored

A document or fee with a case tag applies if its tag is chosen or no tag is. A tag that is the code of an audience
of the service belongs to the question “Who you are”. A fee of one channel applies if that channel is chosen or none is.
Steps can use several channels: a step is left out only if it is an alternative (“or”) to a step of the chosen channel.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field, replace
from typing import NamedTuple
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from egov_cms.language import format_number
from egov_cms.services.choices import ChannelKind
from egov_cms.services.pages.places import Place
from egov_cms.services.snapshots.service import Service, best_name


class Choice(NamedTuple):
    value: str
    label: str


class Question(NamedTuple):
    """One select of the form; `chosen` is empty for “all”."""

    name: str
    label: str
    choices: list[Choice]
    chosen: str


@dataclass(frozen=True)
class Case:
    """`tag`, `audience`, `channel`: codes, empty if not chosen. `remark`: text about the rows that are left out."""

    tag: str = ""
    audience: str = ""
    channel: str = ""
    governorate: Place | None = None
    questions: list[Question] = field(default_factory=list)
    remark: str = ""

    @property
    def query(self) -> str:
        """The query string of this case, with the question mark; empty without choices."""
        values = {question.name: question.chosen for question in self.questions if question.chosen}
        return f"?{urlencode(values)}" if values else ""

    @property
    def chosen_labels(self) -> list[str]:
        """The labels of the chosen values."""
        return [
            choice.label
            for question in self.questions
            for choice in question.choices
            if choice.value == question.chosen
        ]

    def applicable(self, rows) -> list:
        """The rows that apply. A conditional row of the chosen case is returned as unconditional."""
        return [self._without_condition(row) for row in rows if self._applies(row)]

    def steps(self, rows) -> list:
        """The steps, without those that are alternatives to a step of the chosen channel."""
        return [row for group in _alternatives(rows) for row in self._of_channel(group)]

    def _of_channel(self, group):
        if not self.channel or all(row.channel != self.channel for row in group):
            return group
        remaining = [row for row in group if row.channel in ("", self.channel)]
        # The first step of a group has the logic that joins the group to the step before it.
        remaining[0] = copy.copy(remaining[0])
        remaining[0].logic = group[0].logic
        return remaining

    def left_out(self, service: Service) -> str:
        """Text with the number of documents and fees of other cases; empty for none."""
        rows = [*service.documents, *service.fees]
        hidden = len(rows) - len(self.applicable(rows))
        if not hidden:
            return ""
        text = ngettext(
            "%(count)s line of other cases is left out.",
            "%(count)s lines of other cases are left out.",
            hidden,
        )
        return text % {"count": format_number(hidden)}

    def _applies(self, row) -> bool:
        tag, channel = getattr(row, "case_tag", ""), getattr(row, "channel", "")
        if self.channel and channel and channel != self.channel:
            return False
        return not tag or tag in self._chosen(tag)

    def _chosen(self, tag):
        """The chosen tags of the question that `tag` belongs to; `tag` itself if nothing was chosen."""
        chosen = self.audience if tag in self._audiences() else self.tag
        return (chosen or tag,)

    def _audiences(self):
        return {
            choice.value
            for question in self.questions
            if question.name == "audience"
            for choice in question.choices
        }

    def _without_condition(self, row):
        if not getattr(row, "conditional", False) or row.case_tag not in {self.tag, self.audience} - {""}:
            return row
        unconditional = copy.copy(row)
        unconditional.conditional = False
        return unconditional


def read_case(service: Service, query, governorates: list[Place]) -> Case:
    """The case in a query string, with the questions that make a difference for this service."""
    conditions = _conditions(service)
    names = {audience["code"]: str(best_name(audience)) for audience in service.audiences}
    audiences = [Choice(tag, names[tag]) for tag in conditions if tag in names]
    tags = [Choice(tag, text) for tag, text in conditions.items() if tag not in names]
    channels = [Choice(kind, str(ChannelKind(kind).label)) for kind in _channels(service)]
    places = [Choice(each.slug, str(each.name)) for each in governorates]
    candidates = [
        ("case", _("Your case"), tags, 1),
        ("audience", _("Who you are"), audiences, 1),
        ("channel", _("How you apply"), channels, 2),
        ("governorate", _("Your governorate"), places, 2),
    ]
    questions = [
        Question(name, label, choices, _allowed(query.get(name, ""), choices))
        for name, label, choices, minimum in candidates
        if len(choices) >= minimum
    ]
    chosen = {question.name: question.chosen for question in questions}
    case = Case(
        tag=chosen.get("case", ""),
        audience=chosen.get("audience", ""),
        channel=chosen.get("channel", ""),
        governorate=next((each for each in governorates if each.slug == chosen.get("governorate")), None),
        questions=questions,
    )
    return replace(case, remark=case.left_out(service))


def _allowed(value, choices) -> str:
    return value if any(choice.value == value for choice in choices) else ""


def _conditions(service) -> dict[str, str]:
    """Case tag → the first condition text with this tag, in the order of the document."""
    conditions: dict[str, str] = {}
    for row in [*service.documents, *service.fees]:
        if row.case_tag and not conditions.get(row.case_tag):
            conditions[row.case_tag] = row.condition
    return {tag: text or tag.replace("-", " ").capitalize() for tag, text in conditions.items()}


def _alternatives(steps) -> list[list]:
    """Steps in groups: steps joined by “or” are in one group."""
    groups: list[list] = []
    for row in steps:
        if row.logic == "or" and groups:
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


def _channels(service) -> list[str]:
    """The channels of the service, if fees or alternative steps differ between them; else an empty list."""
    differing = {row.channel for row in service.fees if row.channel}
    for group in _alternatives(service.steps):
        kinds = {row.channel for row in group if row.channel}
        differing |= kinds if len(kinds) > 1 else set()
    offered = list(dict.fromkeys(row.kind for row in service.channels))
    return offered if differing & set(offered) else []
