"""The burden figure: what the ordinary case of a service costs a person, and how it has changed.

    points = 4 × documents + copies + 10 × visits + 2 × signatures + working days + fee ÷ 5,000 IQD (50 at most)

A point stands for about a quarter of an hour: fetching a paper takes one hour, a visit half a day. The fee is
capped, so that one large fee does not hide everything else. It is a yardstick for comparing services and
versions of a service, not a sum of money. Counted is what everybody must bring, do and pay; of alternatives
the lightest; no rows that hold “only in some cases”.

`measure` is a plain function over published facts. Each publication that changes a number adds a row to
`ServiceBurden`, so reports add up columns in the database. Versions from before that table existed are worked
out backwards from the log of changes (`catch_up`).
"""

from __future__ import annotations

import copy
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Value
from django.db.models.functions import Least
from django.utils import timezone

from egov_cms.editing.models import ChangeLogEntry
from egov_cms.services.choices import ChangedFact
from egov_cms.services.models import ServiceBurden, ServiceSnapshot
from egov_cms.services.publishing.fact_changes import WITHDRAWN, Document, facts
from egov_cms.services.publishing.log_subject import log_of

WEIGHTS = {"documents": 4, "copies": 1, "visits": 10, "signatures": 2, "days": 1}
FEE_STEP = 5_000
FEE_MOST = 50
WORKING_DAYS_OF_A_MONTH = 22
CURRENCY = "IQD"

Facts = dict[str, dict[str, dict[str, Any]]]


@dataclass(frozen=True)
class Burden:
    """Numbers of the ordinary case. `fee_open`: something is paid on top that is no amount in dinars."""

    documents: int = 0
    copies: int = 0
    visits: int = 0
    signatures: int = 0
    days: int = 0
    fee_minor: int = 0
    fee_open: bool = False

    @property
    def points(self) -> int:
        weighed = sum(weight * getattr(self, name) for name, weight in WEIGHTS.items())
        return weighed + min(FEE_MOST, self.fee_minor // FEE_STEP)


COMPONENTS = (*WEIGHTS, "fee_minor")


def points(prefix: str = ""):
    """The same figure as an expression of the database over the columns of `ServiceBurden`."""
    weighed = sum((F(prefix + name) * weight for name, weight in WEIGHTS.items()), Value(0))
    return weighed + Least(F(prefix + "fee_minor") / FEE_STEP, FEE_MOST)


def measure(known: Facts, day: dt.date, signatures: int = 0) -> Burden:
    """The burden of facts as `publishing.fact_changes.facts` gives them, on a day.

    `signatures`: of the steps, for services that do not say how many there are.
    """
    papers = list(_needed(known["document"].values()))
    fee, fee_open = _fee(known["fee"].values(), day)
    once = known["visits"][""]
    asked = once["signatures"]
    return Burden(
        documents=len(papers),
        copies=sum(paper["copies"] for paper in papers),
        visits=once["visits"] or 0,
        signatures=signatures if asked is None else asked,
        days=_working_days(known["duration"].get("")),
        fee_minor=0 if known["fee"][""]["free"] else fee,
        fee_open=not known["fee"][""]["free"] and fee_open,
    )


def _needed(papers) -> Iterator[dict[str, Any]]:
    """What everybody brings; of papers that are alternatives the one with the fewest copies."""
    groups = defaultdict(list)
    for paper in papers:
        if "code" not in paper or paper["conditional"]:
            continue
        if paper["alternative_group"]:
            groups[paper["alternative_group"]].append(paper)
        else:
            yield paper
    for alternatives in groups.values():
        yield min(alternatives, key=lambda paper: paper["copies"] + paper["originals"])


def _fee(fees, day) -> tuple[int, bool]:
    total, more = 0, False
    for fee in fees:
        # The rows "free" and the totals of single places have no kind.
        if "kind" not in fee or fee["conditional"] or not _in_force(fee, day):
            continue
        amount = fee["amount_max"] if fee["kind"] == "range" and fee["amount_max"] else fee["amount"]
        if fee["kind"] in ("fixed", "range") and fee["currency"] == CURRENCY and amount is not None:
            total += int(Decimal(amount))
        else:
            more = True
    return total, more


def _in_force(fee, day) -> bool:
    return (fee["valid_from"] or "") <= day.isoformat() <= (fee["valid_to"] or "9999")


def _working_days(time) -> int:
    """The longest time in working days; what is done within the visit (minutes, hours) is none."""
    if not time or not time["unit"]:
        return 0
    longest = time["max"] if time["max"] is not None else time["min"] or 0
    return longest * {"working_day": 1, "month": WORKING_DAYS_OF_A_MONTH}.get(time["unit"], 0)


def of_document(document: Document, day: dt.date) -> Burden:
    return measure(facts(document), day, _signatures_of_steps(document))


def _signatures_of_steps(document: Document) -> int:
    return sum(step["needs_signature"] for step in document["steps"])


def record(page, before: Document | None, after: Document | None) -> None:
    """Keep the numbers of what has just been published where they differ from the version before."""
    code = (after or before)["code"]
    held = ServiceBurden.objects.filter(service_code=code, current=True)
    now = of_document(after, timezone.localdate()) if after else None
    last = held.first()
    if last and now and (last.page_id, _of_row(last)) == (page.pk, now):
        return
    with transaction.atomic():
        held.update(current=False)
        if now:
            ServiceBurden.objects.create(page=page, service_code=code, **asdict(now))


def _of_row(row: ServiceBurden) -> Burden:
    return Burden(**{name: getattr(row, name) for name in asdict(Burden())})


def catch_up() -> int:
    """Write the history of public services that have none, from the log of changes. Returns how many rows.

    Two queries when there is nothing to do; a fixed number however many services there are.
    """
    known = ServiceBurden.objects.filter(service_code=OuterRef("service_code"), current=True)
    missing = ServiceSnapshot.objects.filter(~Exists(known)).order_by("service_code")
    documents = list(missing.values_list("page_id", "document"))
    if not documents:
        return 0
    changes = defaultdict(list)
    for change in log_of([document["code"] for _page, document in documents]):
        changes[change.code].append(change)
    rows = []
    for page_id, document in documents:
        versions = list(history(document, changes[document["code"]]))
        rows += [
            ServiceBurden(
                page_id=page_id,
                service_code=document["code"],
                measured_at=when,
                current=place == 0,
                **asdict(burden),
            )
            for place, (when, burden) in enumerate(versions)
        ]
    ServiceBurden.objects.bulk_create(rows, batch_size=200)
    return len(rows)


def history(document: Document, changes: Iterable[ChangeLogEntry]) -> Iterator[tuple[dt.datetime, Burden]]:
    """(since when, burden) of every published version whose numbers differ, the public one first.

    `changes`: the log of this service, the latest first.
    """
    known, signatures = copy.deepcopy(facts(document)), _signatures_of_steps(document)
    first = document["first_published_at"]
    began = dt.datetime.fromisoformat(first) if first else timezone.now()
    versions = []
    for when, group in _publications(changes):
        versions.append((when, measure(known, when.date(), signatures)))
        for change in group:
            known = _undone(known, change)
    versions.append(
        (min(began, versions[-1][0]) if versions else began, measure(known, began.date(), signatures))
    )
    # The numbers have held since the oldest of equal neighbours.
    for place, (when, burden) in enumerate(versions):
        if place + 1 == len(versions) or versions[place + 1][1] != burden:
            yield when, burden


def _publications(changes) -> Iterator[tuple[dt.datetime, list[ChangeLogEntry]]]:
    """The changes of one publication together; without a version number, those of the same second."""

    def publication(change):
        return change.revision_id or change.happened_at.replace(microsecond=0)

    for _key, group in groupby(changes, key=publication):
        group = list(group)
        yield group[0].happened_at, group


def _undone(known: Facts, change: ChangeLogEntry) -> Facts:
    """The facts before a change."""
    if change.field == WITHDRAWN:
        return copy.deepcopy(change.before) if change.before else known
    # The number of signatures is told as "other" and stands beside the visits.
    rows = known["visits" if change.what == ChangedFact.OTHER else change.what]
    if change.row_key == "" and change.what != ChangedFact.DURATION:
        rows[""][change.field] = change.before
    elif change.before is None:
        rows.pop(change.row_key, None)
    else:
        rows[change.row_key] = change.before
    return known
