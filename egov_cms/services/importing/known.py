"""Everything that codes in a file may point at, loaded once."""

from __future__ import annotations

from functools import cached_property

from django.contrib.auth import get_user_model
from django.db.models import Model
from django.utils.translation import gettext as _
from wagtail.models import Locale

from egov_cms.language import fold
from egov_cms.services import models
from egov_cms.services.code_lists import ministry_names
from egov_cms.services.importing.compare import ORDER
from egov_cms.services.importing.values import nearest
from egov_cms.services.models.service import ROWS
from egov_cms.site.models import Governorate, LegalReference, Office, OrganisationUnitPage


def possible_owners():
    """Everybody with an account, those who have left too: a draft may still name them."""
    return get_user_model().objects.order_by(get_user_model().USERNAME_FIELD)


class Known:
    """Code → record for each kind of thing. Changes with `remember` while an import creates records."""

    def __init__(self):
        self.source = Locale.get_default()
        self._names: dict[tuple[type, int], str] = {}
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

    def _by(self, field, queryset) -> dict[str, Model]:
        return {getattr(record, field): record for record in queryset}

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

    def unknown(self, kind: str, code: str) -> str:
        """What to say of a code that nothing has: with the nearest that there is."""
        codes = self.ministries if kind == "ministry" else self.records[kind]
        return _("There is no %(kind)s with the code “%(code)s”.") % {
            "kind": KINDS[kind](),
            "code": code,
        } + nearest(code, codes)

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
        """What to say of a unit that is not there: with the nearest of the ministry."""
        above = self.get("ministry", ministry)
        names = {
            unit.title
            for units in self._units_by_name.values()
            for unit in units
            if not ministry or (above and unit.path.startswith(above.path))
        }
        message = _("There is no unit “%(name)s”; make it in the admin first.") % {"name": name}
        return message + nearest(name, names)

    def name_of(self, model, key) -> str:
        """The code of a record by its primary key, as far as it is known here."""
        if not self._names:
            for records in self.records.values():
                self._names |= {(type(each), each.pk): code for code, each in records.items()}
            self._names |= {(OrganisationUnitPage, each.pk): each.title for each in self._units()}
            self._names |= {(type(user), user.pk): name for name, user in self.users.items()}
        return self._names.get((model, key), str(key))

    def readable(self, name, value):
        """The code of what a foreign key points at, instead of its number."""
        relation, _dot, column = name.rpartition(".")
        model = ROWS[relation.partition(".")[0]] if relation else models.ServicePage
        if value is None or column == ORDER or (relation and "." not in relation):
            return value
        pointer = model._meta.get_field(column).remote_field
        if pointer is None:
            return value
        if isinstance(value, list):
            return [self.name_of(pointer.model, key) for key in value]
        return self.name_of(pointer.model, value)

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


KINDS = {
    "ministry": lambda: _("ministry"),
    "audiences": lambda: _("audience"),
    "life_events": lambda: _("life or business event"),
    "category": lambda: _("subject"),
    "document_type": lambda: _("document type"),
    "template": lambda: _("step wording"),
    "coverage": lambda: _("governorate"),
    "office": lambda: _("office"),
    "service": lambda: _("service"),
}
