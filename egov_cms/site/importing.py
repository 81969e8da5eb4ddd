"""Offices from a spreadsheet, a CSV file or GeoJSON: all rows or none, and every problem with its place.

Columns (the first row names them; Arabic headings work too): name_ar, name_ckb, name_en, slug, kind,
governorate (code, address or name), unit (code), district_*, address_*, landmark_*, mahalla, zuqaq, dar,
latitude, longitude, phones (separated by ;), whatsapp, email, access (separated by ;), sunday … saturday
("08:00-12:00, 13:00-15:00"), hours ("sunday-thursday 08:00-15:00"), public (yes or no). An office is found
again by `slug`, or by its English name.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import asdict, dataclass, field
from pathlib import Path

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from egov_cms.adapters.modelcluster import page_data
from egov_cms.language import content_languages, fold, parse_number, to_ascii_digits

from .hours_text import DAYS, parse_spans, parse_week
from .models import Governorate, Office, OfficeHours, OrganisationUnitPage
from .office_rows import PLAIN, WORDS, Unreadable, read_rows


@dataclass(frozen=True)
class ImportProblem:
    """What is wrong and where.

    `row` as the spreadsheet counts it (the heading is 1), None for the whole file.
    """

    file: str
    row: int | None
    column: str
    message: str
    sheet: str = ""

    def __str__(self):
        place = [self.file, self.sheet, _("row %d") % self.row if self.row else "", self.column]
        return ": ".join([", ".join(part for part in place if part), self.message])


@dataclass
class Report:
    """What an import did, or would do: slugs of offices, and the problems for which nothing was written."""

    file: str
    dry_run: bool = False
    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    problems: list[ImportProblem] = field(default_factory=list)

    @property
    def refused(self) -> bool:
        return bool(self.problems)

    def as_dict(self) -> dict:
        return {**asdict(self), "refused": self.refused}


def import_offices(path, *, dry_run: bool = False, progress=None) -> Report:
    """Create and update offices from a file.

    Nothing is written when a single row has a problem, or with `dry_run`.

    `progress`: called with (done, all) after each row.
    """
    path = Path(path)
    report = Report(path.name, dry_run)
    try:
        rows = list(read_rows(path))
    except Unreadable as error:
        report.problems.append(ImportProblem(path.name, None, "", str(error)))
        return report
    with transaction.atomic():
        writer = _Writer(report)
        for done, row in enumerate(rows, start=1):
            writer.write(row)
            if progress:
                progress(done, len(rows))
        if report.problems or dry_run:
            transaction.set_rollback(True)
    if report.problems:
        report.created, report.updated, report.unchanged = [], [], []
    return report


class _Writer:
    """Writes rows one by one and gathers problems; the caller rolls back."""

    def __init__(self, report):
        self.report = report
        self.governorates = {}
        for governorate in Governorate.objects.all():
            names = [governorate.code, governorate.slug, *governorate.name.values(), *governorate.other_names]
            self.governorates |= {fold(name): governorate for name in names}
        units = OrganisationUnitPage.objects.exclude(code="").order_by("-locale_id")
        self.units = {
            unit.code.lower(): unit for unit in units if unit.locale.language_code == content_languages()[0]
        }
        self.offices = {office.slug: office for office in Office.objects.prefetch_related("hours")}
        self.seen: dict[str, int] = {}

    def write(self, row):
        self.row = row
        self.failed = False
        slug = self._slug()
        if slug in self.seen:
            self._problem("slug", _("The same office stands in row %d.") % self.seen[slug])
        if self.failed:
            return
        self.seen[slug] = row.number
        known = self.offices.get(slug)
        office = known or Office(slug=slug)
        before = _snapshot(office) if known else None
        self._fill(office)
        hours = self._hours()
        if not self.failed:
            self._check(office)
        if self.failed:
            return
        if hours is not None:
            office.hours = hours
        if known and _snapshot(office) == before:
            self.report.unchanged.append(slug)
            return
        office.save()
        (self.report.updated if known else self.report.created).append(slug)

    def _problem(self, column, message):
        self.failed = True
        self.report.problems.append(
            ImportProblem(self.report.file, self.row.number, column, str(message), self.row.sheet)
        )

    def _slug(self) -> str:
        slug = self.row.values.get("slug") or slugify(self.row.values.get("name_en", ""))[:80].strip("-")
        if not slug:
            self._problem(
                "slug",
                _("Give an address (“slug”) or an English name, so that the office can be found again."),
            )
        return slug

    def _fill(self, office):
        values = self.row.values
        for word in WORDS:
            given = {
                code: values[f"{word}_{code}"] for code in content_languages() if f"{word}_{code}" in values
            }
            if given:
                setattr(office, word, {**getattr(office, word), **given})
        for name in PLAIN:
            if name in values:
                setattr(office, name, to_ascii_digits(values[name]))
        self._fill_choices(office, values)
        for name in ("latitude", "longitude"):
            if name in values:
                self._number(office, name, values[name])
        if "phones" in values:
            office.phones = [part.strip() for part in re.split(r"[;،؛\n]", values["phones"]) if part.strip()]
        if "access" in values:
            office.access_features = [
                part.strip() for part in re.split(r"[;,،؛]", values["access"]) if part.strip()
            ]

    def _fill_choices(self, office, values):
        if "kind" in values:
            office.kind = values["kind"].lower()
        if "governorate" in values:
            office.governorate = self.governorates.get(fold(values["governorate"]))
            if office.governorate is None:
                self._problem("governorate", _("There is no governorate “%s”.") % values["governorate"])
        if "unit" in values:
            office.unit = self.units.get(values["unit"].lower())
            if office.unit is None:
                self._problem("unit", _("There is no organisation unit with the code “%s”.") % values["unit"])
        if "public" in values:
            answer = {
                "yes": True,
                "1": True,
                "true": True,
                "نعم": True,
                "no": False,
                "0": False,
                "false": False,
                "لا": False,
            }
            if values["public"].lower() not in answer:
                self._problem("public", _("Write yes or no."))
            office.is_public = answer.get(values["public"].lower(), office.is_public)

    def _number(self, office, name, text):
        try:
            setattr(office, name, round(parse_number(text), 6))
        except ValueError:
            self._problem(name, _("“%s” is not a number.") % text[:40])

    def _hours(self) -> list[OfficeHours] | None:
        """Hours rows from the day columns and `hours`; None when the row says nothing of hours."""
        values = self.row.values
        days: dict[int, list[tuple[dt.time, dt.time]]] = {}
        named = [name for name in ("hours", *DAYS) if name in values]
        for name in named:
            try:
                if name == "hours":
                    days |= parse_week(values[name])
                else:
                    days[DAYS.index(name)] = parse_spans(values[name])
            except ValueError as error:
                self._problem(name, error)
        if not named:
            return None
        rows = []
        for day, spans in sorted(days.items()):
            row = OfficeHours(weekday=day)
            for (opens, closes), suffix in zip(spans, ("", "_again"), strict=False):
                setattr(row, f"opens{suffix}", opens)
                setattr(row, f"closes{suffix}", closes)
            try:
                if spans:
                    row.clean()
                    rows.append(row)
            except ValidationError as error:
                self._problem(DAYS[day] if DAYS[day] in values else "hours", "; ".join(error.messages))
        return rows

    def _check(self, office):
        try:
            office.full_clean(exclude=["photo"], validate_unique=False)
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                column = "" if name == NON_FIELD_ERRORS else {"access_features": "access"}.get(name, name)
                if column in WORDS:
                    column = f"{column}_{content_languages()[0]}"
                for message in messages:
                    self._problem(column, message)


def _snapshot(office) -> dict:
    data = page_data(office)
    for row in data["hours"]:
        row.pop("pk", None)
        row.pop("office", None)
    return data
