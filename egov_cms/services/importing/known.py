"""Everything that codes in a file may point at, loaded once."""

from __future__ import annotations

from django.db.models import Model
from django.utils.translation import gettext as _
from wagtail.models import Locale

from egov_cms.language import fold
from egov_cms.services import models
from egov_cms.services.code_lists import ministry_names
from egov_cms.services.importing.values import nearest
from egov_cms.site.models import Governorate, LegalReference, Office, OrganisationUnitPage


class Known:
    """Code → record for each kind of thing. Changes with `remember` while an import creates records."""

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
