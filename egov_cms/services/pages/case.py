"""What of a service applies to somebody's case: chosen by plain GET, so that the address can be sent and printed.

    case = read_case(page, request.GET)        # rows of the page are loaded; unknown values count as not chosen

A document or fee with a case tag applies when its tag is chosen or nothing is. A tag that is the code of an audience
of the service is asked for as “who you are”. A fee of one channel applies when that channel is chosen or none is. Steps
lead through several channels, so that one is left out only where it is an alternative (“or”) to a step of the chosen one.
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
from egov_cms.site.models import Governorate


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
    """`tag`, `audience`, `channel`: codes, empty where nothing was chosen. `remark`: what is left out, in words."""

    tag: str = ""
    audience: str = ""
    channel: str = ""
    governorate: Governorate | None = None
    questions: list[Question] = field(default_factory=list)
    remark: str = ""

    @property
    def query(self) -> str:
        """The query string of this case, with its question mark; empty without choices."""
        values = {question.name: question.chosen for question in self.questions if question.chosen}
        return f"?{urlencode(values)}" if values else ""

    @property
    def words(self) -> list[str]:
        """What was chosen, as the form says it."""
        return [
            choice.label
            for question in self.questions
            for choice in question.choices
            if choice.value == question.chosen
        ]

    def of(self, rows) -> list:
        """The rows that apply. One that holds in the chosen case is no longer conditional."""
        return [self._settled(row) for row in rows if self._applies(row)]

    def steps(self, rows) -> list:
        """The steps, without those that another one of the chosen channel takes the place of."""
        return [row for group in _alternatives(rows) for row in self._taken(group)]

    def _taken(self, group):
        if not self.channel or all(row.channel != self.channel for row in group):
            return group
        taken = [row for row in group if row.channel in ("", self.channel)]
        # The first one says how the group is joined to what stands before it.
        taken[0] = copy.copy(taken[0])
        taken[0].logic = group[0].logic
        return taken

    def left_out(self, page) -> str:
        """How many documents and fees belong to other cases, in words; empty for none."""
        rows = [*page.documents.all(), *page.fees.all()]
        hidden = len(rows) - len(self.of(rows))
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
        """The tags that count as chosen where `tag` is asked about: its own when nothing was chosen there."""
        asked = self.audience if tag in self._audiences() else self.tag
        return (asked or tag,)

    def _audiences(self):
        return {
            choice.value
            for question in self.questions
            if question.name == "audience"
            for choice in question.choices
        }

    def _settled(self, row):
        if not getattr(row, "conditional", False) or row.case_tag not in {self.tag, self.audience} - {""}:
            return row
        settled = copy.copy(row)
        settled.conditional = False
        return settled


def read_case(page, query, governorates: list[Governorate]) -> Case:
    """The case that a query string asks for, with the questions worth asking of this service."""
    conditions = _conditions(page)
    names = {audience.code: str(audience.name) for audience in page.audiences.all()}
    audiences = [Choice(tag, names[tag]) for tag in conditions if tag in names]
    tags = [Choice(tag, text) for tag, text in conditions.items() if tag not in names]
    channels = [Choice(kind, str(ChannelKind(kind).label)) for kind in _channels(page)]
    places = [Choice(each.slug, str(each.name)) for each in governorates]
    asked = [
        ("case", _("Your case"), tags, 1),
        ("audience", _("Who you are"), audiences, 1),
        ("channel", _("How you apply"), channels, 2),
        ("governorate", _("Your governorate"), places, 2),
    ]
    questions = [
        Question(name, label, choices, _known(query.get(name, ""), choices))
        for name, label, choices, fewest in asked
        if len(choices) >= fewest
    ]
    chosen = {question.name: question.chosen for question in questions}
    case = Case(
        tag=chosen.get("case", ""),
        audience=chosen.get("audience", ""),
        channel=chosen.get("channel", ""),
        governorate=next((each for each in governorates if each.slug == chosen.get("governorate")), None),
        questions=questions,
    )
    return replace(case, remark=case.left_out(page))


def _known(value, choices) -> str:
    return value if any(choice.value == value for choice in choices) else ""


def _conditions(page) -> dict[str, str]:
    """Case tag → the first words that say what it means, in the order of the page."""
    found: dict[str, str] = {}
    for row in [*page.documents.all(), *page.fees.all()]:
        if row.case_tag and not found.get(row.case_tag):
            found[row.case_tag] = row.condition
    return {tag: words or tag.replace("-", " ").capitalize() for tag, words in found.items()}


def _alternatives(steps) -> list[list]:
    """Steps in groups: those joined by “or” stand together."""
    groups: list[list] = []
    for row in steps:
        if row.logic == "or" and groups:
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


def _channels(page) -> list[str]:
    """The ways to apply, where fees or alternative steps differ between them."""
    differing = {row.channel for row in page.fees.all() if row.channel}
    for group in _alternatives(page.steps.all()):
        kinds = {row.channel for row in group if row.channel}
        differing |= kinds if len(kinds) > 1 else set()
    offered = list(dict.fromkeys(row.kind for row in page.channels.all()))
    return offered if differing & set(offered) else []
