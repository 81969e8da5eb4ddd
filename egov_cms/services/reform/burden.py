"""The burden figure: the cost of the ordinary case of a service for a citizen, and its history.

    points = 4 × documents + copies + 10 × visits + 2 × signatures + working days + fee ÷ 5,000 IQD (50 at most)

A point stands for about a quarter of an hour: obtaining a document takes one hour, a visit half a day. The fee is
capped, so that one large fee does not hide everything else. The figure compares services and versions of a
service; it is not an amount of money. It counts what every applicant must bring, do and pay, the lightest of
alternatives, and no rows that apply “only in some cases”.

`measure` is a plain function over published facts. Each publication that changes a number adds a row to
`ServiceBurden`, so reports add up columns in the database. Older versions are computed backwards from the
change log (`catch_up`).
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
from egov_cms.services.publishing.fact_changes import WITHDRAWN, Snapshot, facts
from egov_cms.services.publishing.log_subject import log_of

WEIGHTS = {"documents": 4, "copies": 1, "visits": 10, "signatures": 2, "days": 1}
FEE_STEP = 5_000
FEE_MOST = 50
WORKING_DAYS_OF_A_MONTH = 22
CURRENCY = "IQD"

Facts = dict[str, dict[str, dict[str, Any]]]


@dataclass(frozen=True)
class Burden:
    """Numbers of the ordinary case. `fee_open`: there are also fees without a fixed amount in dinars."""

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
    """The same figure as a database expression over the columns of `ServiceBurden`."""
    weighed = sum((F(prefix + name) * weight for name, weight in WEIGHTS.items()), Value(0))
    return weighed + Least(F(prefix + "fee_minor") / FEE_STEP, FEE_MOST)


def measure(by_kind: Facts, day: dt.date, signatures: int = 0) -> Burden:
    """The burden of facts (as `publishing.fact_changes.facts` returns them) on a day.

    `signatures`: their number in the steps, used for services that do not state a number.
    """
    documents = list(_always_required(by_kind["document"].values()))
    fee, fee_open = _fee(by_kind["fee"].values(), day)
    visits = by_kind["visits"][""]
    stated = visits["signatures"]
    return Burden(
        documents=len(documents),
        copies=sum(row["copies"] for row in documents),
        visits=visits["visits"] or 0,
        signatures=signatures if stated is None else stated,
        days=_working_days(by_kind["duration"].get("")),
        fee_minor=0 if by_kind["fee"][""]["free"] else fee,
        fee_open=not by_kind["fee"][""]["free"] and fee_open,
    )


def _always_required(documents) -> Iterator[dict[str, Any]]:
    """The documents that every applicant brings; of alternatives the one with the fewest originals and copies."""
    groups = defaultdict(list)
    for row in documents:
        if "code" not in row or row["conditional"]:
            continue
        if row["alternative_group"]:
            groups[row["alternative_group"]].append(row)
        else:
            yield row
    for alternatives in groups.values():
        yield min(alternatives, key=lambda row: row["copies"] + row["originals"])


def _fee(fees, day) -> tuple[int, bool]:
    total, more = 0, False
    for fee in fees:
        # The row "free" and the totals of places have no kind.
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
    """The longest time in working days; 0 for minutes and hours, which are part of the visit."""
    if not time or not time["unit"]:
        return 0
    longest = time["max"] if time["max"] is not None else time["min"] or 0
    return longest * {"working_day": 1, "month": WORKING_DAYS_OF_A_MONTH}.get(time["unit"], 0)


def of_document(document: Snapshot, day: dt.date) -> Burden:
    return measure(facts(document), day, _signatures_of_steps(document))


def _signatures_of_steps(document: Snapshot) -> int:
    return sum(step["needs_signature"] for step in document["steps"])


def record(page, before: Snapshot | None, after: Snapshot | None) -> None:
    """Store the burden of a new publication if it differs from the version before."""
    code = (after or before)["code"]
    current_rows = ServiceBurden.objects.filter(service_code=code, current=True)
    now = of_document(after, timezone.localdate()) if after else None
    last = current_rows.first()
    if last and now and (last.page_id, _of_row(last)) == (page.pk, now):
        return
    with transaction.atomic():
        current_rows.update(current=False)
        if now:
            ServiceBurden.objects.create(page=page, service_code=code, **asdict(now))


def _of_row(row: ServiceBurden) -> Burden:
    return Burden(**{name: getattr(row, name) for name in asdict(Burden())})


def _unmeasured():
    measured = ServiceBurden.objects.filter(service_code=OuterRef("service_code"), current=True)
    return ServiceSnapshot.objects.filter(~Exists(measured)).order_by("service_code")


def unmeasured() -> list[str]:
    """The codes of public services without a burden."""
    return list(_unmeasured().values_list("service_code", flat=True))


def catch_up() -> int:
    """Write the history of public services without one, from the change log. Returns the number of rows.

    Two queries if there is nothing to do; else a constant number for any number of services.
    """
    documents = list(_unmeasured().values_list("page_id", "document"))
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


def history(document: Snapshot, changes: Iterable[ChangeLogEntry]) -> Iterator[tuple[dt.datetime, Burden]]:
    """(start time, burden) of every published version that differs from the one before, the public one first.

    `changes`: the change log of this service, latest first.
    """
    by_kind, signatures = copy.deepcopy(facts(document)), _signatures_of_steps(document)
    first = document["first_published_at"]
    began = dt.datetime.fromisoformat(first) if first else timezone.now()
    versions = []
    for when, group in _publications(changes):
        versions.append((when, measure(by_kind, when.date(), signatures)))
        for change in group:
            by_kind = _before_change(by_kind, change)
    versions.append(
        (min(began, versions[-1][0]) if versions else began, measure(by_kind, began.date(), signatures))
    )
    # Of consecutive equal versions, the oldest has the start time.
    for place, (when, burden) in enumerate(versions):
        if place + 1 == len(versions) or versions[place + 1][1] != burden:
            yield when, burden


def _publications(changes) -> Iterator[tuple[dt.datetime, list[ChangeLogEntry]]]:
    """The changes grouped by publication: by revision, or by second if the revision is unknown."""

    def publication(change):
        return change.revision_id or change.happened_at.replace(microsecond=0)

    for _key, group in groupby(changes, key=publication):
        group = list(group)
        yield group[0].happened_at, group


def _before_change(by_kind: Facts, change: ChangeLogEntry) -> Facts:
    """The facts before a change."""
    if change.field == WITHDRAWN:
        return copy.deepcopy(change.before) if change.before else by_kind
    # A change of the number of signatures is logged as "other"; `facts` has it in the row of the visits.
    rows = by_kind["visits" if change.what == ChangedFact.OTHER else change.what]
    if change.row_key == "" and change.what != ChangedFact.DURATION:
        rows[""][change.field] = change.before
    elif change.before is None:
        rows.pop(change.row_key, None)
    else:
        rows[change.row_key] = change.before
    return by_kind
