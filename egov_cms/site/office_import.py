"""The exchange kind for offices from a file: all rows or none, every problem with its position, undo.

A stored office is matched by `slug`, or by the slug made from its English name.
"""

from __future__ import annotations

import datetime as dt
import re

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst, slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from egov_cms.exchange import handlers
from egov_cms.exchange.records import record_values
from egov_cms.exchange.report import Change
from egov_cms.language import content_languages, direction, fold, to_ascii_digits
from egov_cms.tabular import InvalidValue, values
from egov_cms.tabular.xlsx_writing import MEDIA_TYPE

from .hours_text import DAYS, parse_spans, parse_week
from .models import Governorate, Office, OfficeHours, OrganisationUnitPage
from .office_table import PLAIN, TEXTS, export_offices, read_offices

# Model field → column of a file, where they differ.
COLUMNS = {"access_features": "access", "is_public": "public"}


class OfficesHandler(handlers.Handler):
    """Creates and updates offices. Offices have no drafts: a row with `public` = yes is public immediately."""

    kind = "offices"
    label = gettext_lazy("Offices")
    introduction = gettext_lazy(
        "Export the offices, change or add rows, and upload the file again. An empty cell leaves the stored value as it is."
    )
    item_label = gettext_lazy("Office")
    icon = "home"
    suffixes = (".xlsx", ".ods", ".csv", ".geojson", ".json")
    permissions = {
        "see": "egov_site.view_office",
        "receive": "egov_site.change_office",
        # Undoing an import deletes offices, so it needs the permission to delete them in the list.
        "undo": "egov_site.delete_office",
    }
    exports = (("offices.xlsx", gettext_lazy("Excel workbook (XLSX)")),)

    def read(self, source, report, context):
        return read_offices(source.path, source.name, report)

    def apply(self, data, report, context):
        if data is None:
            return
        writer = _Writer(report, context)
        for done, row in enumerate(data, start=1):
            writer.write(row)
            context.progress(done, len(data), row.values.get("slug", ""))

    def item_titles(self, items):
        return {office.slug: str(office) for office in Office.objects.filter(slug__in=items)}

    def item_url(self, item):
        return reverse("wagtailsnippets_egov_site_office:edit", args=[item.object_id])

    def export(self, name, language):
        offices = Office.objects.select_related("governorate", "unit").prefetch_related("hours")
        data = export_offices(offices.order_by("slug"), rtl=direction(language) == "rtl")
        return f"offices-{timezone.localdate().isoformat()}.xlsx", MEDIA_TYPE, [data]


class _Writer:
    """Writes rows one by one and adds problems to the report; with problems the run is rolled back."""

    def __init__(self, report, context):
        self.report = report
        self.context = context
        self.governorates = {}
        for governorate in Governorate.objects.all():
            names = [governorate.code, governorate.slug, *governorate.name.values(), *governorate.other_names]
            self.governorates |= {fold(name): governorate for name in names}
        units = OrganisationUnitPage.objects.exclude(code="").select_related("locale")
        source = content_languages()[0]
        self.units = {unit.code.lower(): unit for unit in units if unit.locale.language_code == source}
        self.offices = {office.slug: office for office in Office.objects.prefetch_related("hours")}
        self.seen: dict[str, int] = {}

    def write(self, row):
        self.row = row
        self.failed = bool(row.refused)
        self.wrong: set[str] = set()
        self.slug = self._slug()
        if not self.slug:
            return
        if self.slug in self.seen:
            self._problem("slug", "duplicate", _("The same office stands in row %d.") % self.seen[self.slug])
            return
        self.seen[self.slug] = row.number
        stored = self.offices.get(self.slug)
        office = stored or Office(slug=self.slug)
        before = record_values(office) if stored else {}
        self._fill(office)
        hours = self._hours()
        # A column that could not be read is reported once, not again as missing by the model's validation.
        self._check(office, exclude=row.refused)
        if self.failed:
            return
        if hours is not None:
            office.hours = hours
        after = record_values(office)
        if stored and after == before:
            self.report.count("unchanged", self.slug)
            return
        office.save()
        self._note(office, stored is not None, before, record_values(office))

    def _note(self, office, existed, before, after):
        for change in differences(self.slug, before, after):
            self.report.change(change)
        label = str(office)
        if existed:
            self.report.count("changed", self.slug)
            self.context.changed(office, self.slug, label, before=before, after=after)
        else:
            self.report.count("created", self.slug)
            self.context.created(office, self.slug, label, after=after)

    def _problem(self, column, code, message):
        self.failed = True
        self.wrong.add(column)
        value = self.row.values.get(column, "")
        item = getattr(self, "slug", "")
        self.report.error(
            code, str(message), item=item, field=column, value=value, place=self.row.place(column)
        )

    def _slug(self) -> str:
        slug = self.row.values.get("slug") or slugify(self.row.values.get("name_en", ""))[:80].strip("-")
        if not slug and not {"slug", "name_en"} & self.row.refused:
            self.slug = ""
            message = _("Give an address (“slug”) or an English name, so that the office can be found again.")
            self._problem("slug", "missing", message)
        return slug

    def _fill(self, office):
        cells = self.row.values
        for text in TEXTS:
            words = {
                code: cells[f"{text}_{code}"] for code in content_languages() if f"{text}_{code}" in cells
            }
            if words:
                setattr(office, text, {**getattr(office, text), **words})
        for name in PLAIN:
            if name in cells:
                setattr(office, name, to_ascii_digits(cells[name]))
        self._fill_choices(office, cells)
        for name in ("latitude", "longitude"):
            if name in cells:
                self._number(office, name, cells[name])
        if "phones" in cells:
            office.phones = _parts(r"[;،؛\n]", cells["phones"])
        if "access" in cells:
            office.access_features = _parts(r"[;,،؛]", cells["access"])

    def _fill_choices(self, office, cells):
        if "kind" in cells:
            office.kind = cells["kind"].lower()
        if "governorate" in cells:
            office.governorate = self.governorates.get(fold(cells["governorate"]))
            if office.governorate is None:
                message = _("There is no governorate “%s”.") % cells["governorate"]
                self._problem("governorate", "unknown_code", message)
        if "unit" in cells:
            office.unit = self.units.get(cells["unit"].lower())
            if office.unit is None:
                message = _("There is no organisation unit with the code “%s”.") % cells["unit"]
                self._problem("unit", "unknown_code", message)
        if "public" in cells:
            try:
                office.is_public = values.yes_no(cells["public"])
            except InvalidValue as problem:
                self._problem("public", problem.code, problem)

    def _number(self, office, name, text):
        try:
            setattr(office, name, round(values.number(text), 6))
        except InvalidValue as problem:
            self._problem(name, problem.code, problem)

    def _hours(self) -> list[OfficeHours] | None:
        """Hours rows from the day columns and `hours`; None when the row has no hours."""
        cells = self.row.values
        days: dict[int, list[tuple[dt.time, dt.time]]] = {}
        named = [name for name in ("hours", *DAYS) if name in cells]
        for name in named:
            try:
                if name == "hours":
                    days |= parse_week(cells[name])
                else:
                    days[DAYS.index(name)] = parse_spans(cells[name])
            except ValueError as error:
                self._problem(name, "hours", error)
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
                self._problem(
                    DAYS[day] if DAYS[day] in cells else "hours", "hours", "; ".join(error.messages)
                )
        return rows

    def _check(self, office, exclude=()):
        already = set(self.wrong)
        try:
            office.full_clean(exclude=["photo"], validate_unique=False)
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                column = "" if name == NON_FIELD_ERRORS else COLUMNS.get(name, name)
                if column in TEXTS:
                    column = f"{column}_{content_languages()[0]}"
                if column in exclude or column in already:
                    self.failed = True
                    continue
                for message in messages:
                    self._problem(column, "invalid", message)


def _parts(separators, text) -> list[str]:
    return [part.strip() for part in re.split(separators, text) if part.strip()]


def differences(slug: str, before: dict, after: dict) -> list[Change]:
    """The Changes between two results of `record_values`, with labels and display texts; {} stands for no office."""
    changes = []
    for name in after:
        old, new = before.get(name), after[name]
        if old == new or (not before and new in (None, "", [], {})) or name in ("slug", "search_text"):
            continue
        label = _("opening hours") if name == "hours" else str(Office._meta.get_field(name).verbose_name)
        label = capfirst(label)
        if name in TEXTS:
            languages = dict.fromkeys([*(old or {}), *new])
            changes += [
                Change(slug, name, code, (old or {}).get(code), new.get(code), label)
                for code in languages
                if (old or {}).get(code) != new.get(code)
            ]
        else:
            changes.append(Change(slug, name, "", old, new, label, _display(name, old), _display(name, new)))
    return changes


def _display(name, value) -> str:
    if value in (None, "", []):
        return ""
    if name == "hours":
        return "\n".join(
            f"{OfficeHours(weekday=row['weekday']).get_weekday_display()} "
            + ", ".join(
                f"{row[f'opens{again}'][:5]}–{row[f'closes{again}'][:5]}"
                for again in ("", "_again")
                if row.get(f"opens{again}")
            )
            for row in value
        )
    if name == "governorate":
        return str(Governorate.objects.filter(pk=value).first() or value)
    if name == "unit":
        return str(OrganisationUnitPage.objects.filter(pk=value).first() or value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        labels = dict(Office.Access.choices) if name == "access_features" else {}
        return _(", ").join(str(labels.get(each, each)) for each in value)
    choices = dict(Office._meta.get_field(name).flatchoices)
    return str(choices.get(value, value))
