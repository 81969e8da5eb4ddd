"""What services point at: records by the codes that files use, and the codes of records."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Model
from django.utils.translation import gettext as _
from wagtail.models import Locale

from egov_cms.language import fold
from egov_cms.services import models
from egov_cms.services.code_lists import ministry_names
from egov_cms.services.importing.plain import PlainRecord
from egov_cms.services.importing.vocabularies import possible_owners, unknown_code
from egov_cms.site.models import Governorate, LegalReference, Office, OrganisationUnitPage
from egov_cms.tabular.values import nearest


class RecordsByCode:
    """Code → record for each vocabulary. `remember` adds the records that an import creates."""

    def __init__(self):
        self.source = Locale.get_default()
        self.records: dict[str, dict[str, Model]] = {
            "audiences": self._by("code", models.Audience.objects.all()),
            "life_events": self._by("code", models.LifeEvent.objects.all()),
            "category": self._by("code", models.ServiceCategory.objects.all()),
            "document_type": self._by("code", models.DocumentType.objects.all()),
            "template": self._by("code", models.StepTemplate.objects.all()),
            "coverage": self._by("code", Governorate.objects.all()),
            "office": self._by("slug", Office.objects.all()),
            "service": self._by("service_code", self._services()),
            "ministry": self._by("code", self._units().exclude(code="")),
        }
        self.ministries = {**ministry_names(), **dict.fromkeys(self.records["ministry"])}
        self.laws = list(LegalReference.objects.all())
        self.records["law"] = {law.slug: law for law in self.laws}

    def _by(self, column, queryset) -> dict[str, Model]:
        return {getattr(record, column): record for record in queryset}

    def _services(self):
        return models.ServicePage.objects.filter(locale=self.source).exclude(service_code="")

    def _units(self):
        return OrganisationUnitPage.objects.filter(locale=self.source)

    def has(self, kind: str, code: str) -> bool:
        return code in (self.ministries if kind == "ministry" else self.records[kind])

    def get(self, kind: str, code: str):
        return self.records[kind].get(code) if code else None

    def remember(self, kind: str, code: str, record):
        self.records[kind][code] = record

    def store(self, model: type[Model], kind: str, plain: PlainRecord, facts: dict[str, Any]):
        """Create or change a record that the file itself brings."""
        current = self.get(kind, plain.code)
        record = current or model(code=plain.code)
        before = _columns(record)
        # A language that the file leaves out keeps the words that editors gave it.
        record.name = {**record.name, **plain.name}
        for name, value in facts.items():
            setattr(record, name, value)
        if current is None or _columns(record) != before:
            record.save()
            self.remember(kind, plain.code, record)

    def unknown(self, kind: str, code: str) -> str:
        """The message for a code that no record has, with the nearest that there is."""
        codes = self.ministries if kind == "ministry" else self.records[kind]
        return unknown_code(kind, code) + nearest(code, codes)

    @cached_property
    def users(self) -> dict[str, Model]:
        """User name → user, of those who may be named as owners."""
        return {user.get_username(): user for user in possible_owners()}

    @cached_property
    def _units_by_name(self) -> dict[str, list[OrganisationUnitPage]]:
        """Folded code or title in any language → units of the source language."""
        units = list(self._units())
        sources = {unit.translation_key: unit for unit in units}
        titles = OrganisationUnitPage.objects.values_list("translation_key", "title")
        pairs = {(fold(unit.code), unit) for unit in units if unit.code}
        pairs |= {(fold(title), sources[key]) for key, title in titles if key in sources}
        found: dict[str, list[OrganisationUnitPage]] = {}
        for name, unit in sorted(pairs, key=lambda pair: pair[1].path):
            found.setdefault(name, []).append(unit)
        return found

    def units(self, ministry: str, name: str) -> list[OrganisationUnitPage]:
        """The units that a workbook may mean by a ministry's code and the code or name of a unit of it."""
        above = self.get("ministry", ministry)
        if not name:
            return [above] if above else []
        found = self._units_by_name.get(fold(name), [])
        if not ministry:
            return found
        return [unit for unit in found if above and unit.path.startswith(above.path)]

    def unknown_unit(self, ministry: str, name: str) -> str:
        """The message for a unit that does not exist, with the nearest of the ministry."""
        above = self.get("ministry", ministry)
        names = {
            unit.title
            for units in self._units_by_name.values()
            for unit in units
            if not ministry or (above and unit.path.startswith(above.path))
        }
        message = _("There is no unit “%(name)s”; make it in the admin first.") % {"name": name}
        return message + nearest(name, names)

    def law(self, given: dict):
        """The law that a file means: the same kind, number and year, else the same title in any language."""
        for law in self.laws:
            if given["number"] and (law.kind, law.number, law.year) == (
                given["kind"],
                given["number"],
                given["year"],
            ):
                return law
        titles = {fold(text) for text in given["title"].values()}
        return next((law for law in self.laws if titles & {fold(text) for text in law.title.values()}), None)


def _columns(record):
    columns = [column.attname for column in record._meta.concrete_fields if not column.primary_key]
    return {name: getattr(record, name) for name in columns}


class CodesByRecord:
    """The codes of what services point at, by primary key."""

    def __init__(self):
        self._units = _unit_codes()
        users = get_user_model()
        self._by_field = {
            "coverage": dict(Governorate.objects.values_list("pk", "code")),
            "office": dict(Office.objects.values_list("pk", "slug")),
            "legal": dict(LegalReference.objects.values_list("pk", "slug")),
        }
        # Every user: a draft may name an owner whom no stored service names.
        names = dict(users.objects.values_list("pk", users.USERNAME_FIELD))
        self._by_field |= {"content_owner": names, "backup_owner": names}
        self._by_field["governorate"] = self._by_field["coverage"]
        self._codes = {}

    def unit(self, key) -> tuple[str, str]:
        """(code of the ministry, code or name of the unit where it is another one)."""
        return self._units.get(key, ("", ""))

    def value(self, instance, name):
        """The value of a field as plain services hold it."""
        field = instance._meta.get_field(name)
        if field.many_to_many:
            return [record.code for record in getattr(instance, name).all()]
        value = getattr(instance, field.attname)
        if not field.remote_field:
            return _plain(value)
        if value is None:
            return ""
        if name in self._by_field:
            return self._by_field[name].get(value, "")
        return self._code(field.related_model, value)

    def _code(self, model, key):
        if model not in self._codes:
            self._codes[model] = dict(model._base_manager.values_list("pk", "code"))
        return self._codes[model].get(key, "")


def _plain(value):
    if isinstance(value, list | dict):
        return value.copy()
    if value is None or isinstance(value, bool | int | str):
        return value
    return str(value)


def _unit_codes() -> dict[int, tuple[str, str]]:
    """Primary key of a unit → (code of its highest unit with one, own code or title unless it is that unit)."""
    found, highest = {}, {}
    units = OrganisationUnitPage.objects.order_by("path").values_list("pk", "path", "code", "title")
    step = OrganisationUnitPage.steplen
    for key, path, code, title in units:
        above = highest.get(path[:-step])
        highest[path] = above or code
        found[key] = (highest[path], "" if highest[path] and not above else code or title)
    return found
