"""How complete a service is, from 0 to 100, and what would raise that most for the least work.

The score is soft: it advises. What must be there before publishing is the gate's matter. The input is a document in the
form of `snapshots.read`, or the part of it that `readiness.document_of` makes of a page that is being edited.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from egov_cms.language import native_name
from egov_cms.services.answers import REASON_LENGTH
from egov_cms.services.choices import COUNTERS
from egov_cms.services.quality.reviews import add_months

Snapshot = dict[str, Any]
# Asked for in rows, not in one input.
ROW_FIELDS = ("documents", "fees", "steps", "channels", "requirements", "outputs", "legal", "faqs")
# Shared by the languages that are translated into.
TRANSLATIONS = 10


@dataclass(frozen=True)
class Facts:
    """What a document says, and what is known beside it: offices that give the service, whether anybody can be reached,
    the languages that are translated into, and the day on which is asked."""

    document: Snapshot
    offices: int
    contact: bool
    languages: tuple[str, ...]
    today: dt.date

    def has(self, name) -> bool:
        return bool(self.document[name])

    def answered(self, name) -> bool:
        """Is there a reason why this does not apply?"""
        return len((self.document["not_applicable"] or {}).get(name, "").strip()) >= REASON_LENGTH


@dataclass(frozen=True)
class Rule:
    """`points` of 100; `effort` from 1 (a tick) to 5 (a translation); `field` is where the form asks for it."""

    code: str
    points: int
    effort: int
    field: str
    fix: str | Promise
    is_met: Callable[[Facts], bool]


def _documents(facts):
    return facts.has("documents") or facts.has("needs_no_documents")


def _fees(facts):
    return facts.has("fees") or facts.has("is_free") or facts.answered("fees")


def _steps(facts):
    document = facts.document
    return len(document["steps"]) >= 2 or document["ur_class"] == "informational" or facts.answered("steps")


def _duration(facts):
    document = facts.document
    known = document["duration_min"] is not None or document["duration_max"] is not None
    return (known and bool(document["duration_unit"])) or facts.answered("duration")


def _channels(facts):
    return facts.has("channels") or facts.answered("channels")


def _places(facts):
    """Every channel leads somewhere: a counter to an office, an online one to its address."""
    kinds = {row["kind"] for row in facts.document["channels"]}
    if not kinds:
        return facts.answered("channels")
    if kinds & set(COUNTERS) and not facts.offices and not facts.answered("offices"):
        return False
    online = [row for row in facts.document["channels"] if row["kind"] == "online"]
    return all(row["url"] for row in online) or facts.answered("online_address")


def _reviewed(facts):
    last = facts.document["last_reviewed_at"]
    if not last:
        return False
    day = last if isinstance(last, dt.date) else dt.date.fromisoformat(last)
    return add_months(day, facts.document["review_months"]) >= facts.today


def _faqs(facts):
    return facts.has("faqs") or any(row["form"] for row in facts.document["documents"])


RULES = (
    Rule(
        "documents",
        15,
        3,
        "documents",
        gettext_lazy("list the documents, or say that none are needed"),
        _documents,
    ),
    Rule("fees", 15, 2, "fees", gettext_lazy("list the fees, or mark the service as free"), _fees),
    Rule("steps", 12, 3, "steps", gettext_lazy("describe at least two steps"), _steps),
    Rule("channels", 6, 1, "channels", gettext_lazy("say through which channels it is given"), _channels),
    Rule("places", 6, 2, "channels", gettext_lazy("give the offices or the online address"), _places),
    Rule("duration", 8, 1, "duration_max", gettext_lazy("say how long it takes"), _duration),
    Rule(
        "eligibility",
        5,
        1,
        "requirements",
        gettext_lazy("say who can apply"),
        lambda facts: facts.has("requirements"),
    ),
    Rule(
        "output",
        5,
        1,
        "outputs",
        gettext_lazy("say what people get"),
        lambda facts: facts.has("outputs") or facts.answered("outputs"),
    ),
    Rule("legal", 5, 1, "legal", gettext_lazy("name the legal basis"), lambda facts: facts.has("legal")),
    Rule(
        "contact",
        5,
        1,
        "owner_unit",
        gettext_lazy("give the unit or a channel a telephone or an e-mail address"),
        lambda facts: facts.contact,
    ),
    Rule("reviewed", 5, 1, "last_reviewed_at", gettext_lazy("confirm that it is still correct"), _reviewed),
    Rule("faqs", 3, 2, "faqs", gettext_lazy("answer a common question, or attach a form"), _faqs),
)
ADD_LANGUAGE = gettext_noop("add %(language)s")


@dataclass(frozen=True)
class Item:
    """One rule applied to one service. `fix` says in words what would earn the points."""

    code: str
    points: int
    effort: int
    field: str
    fix: str
    met: bool

    @property
    def anchor(self) -> str:
        """Where the editing form asks for it: the element's id."""
        return f"id_{self.field}-FORMS" if self.field in ROW_FIELDS else f"id_{self.field}"


@dataclass(frozen=True)
class Score:
    items: tuple[Item, ...]

    @property
    def total(self) -> int:
        return sum(item.points for item in self.items if item.met)

    @property
    def missing(self) -> list[Item]:
        return [item for item in self.items if not item.met]

    def cheapest(self, number: int = 3) -> list[Item]:
        """The missing items that give most points for the least effort."""
        return sorted(self.missing, key=lambda item: (-item.points / item.effort, -item.points, item.code))[
            :number
        ]


def score(
    document: Snapshot,
    *,
    offices: int = 0,
    contact: bool = False,
    languages: Iterable[str] = (),
    today: dt.date | None = None,
) -> Score:
    """The score of one service. `languages` are the codes that are translated into; their points add up to ten."""
    facts = Facts(document, offices, contact, tuple(languages), today or timezone.localdate())
    items = [
        Item(rule.code, rule.points, rule.effort, rule.field, str(rule.fix), bool(rule.is_met(facts)))
        for rule in RULES
    ]
    return Score((*items, *_translations(facts)))


def _translations(facts):
    if not facts.languages:
        # A site of one language lacks none.
        return [Item("translation", TRANSLATIONS, 5, "title", "", True)]
    share, rest = divmod(TRANSLATIONS, len(facts.languages))
    return [
        Item(
            f"translation:{code}",
            share + (number < rest),
            4,
            "title",
            _(ADD_LANGUAGE) % {"language": native_name(code)},
            bool(facts.document["title"].get(code) and facts.document["summary"].get(code)),
        )
        for number, code in enumerate(facts.languages)
    ]
