"""The codes that cells can hold, with their names in every language: for drop-downs, the sheet Lists and the reader."""

from __future__ import annotations

from collections import Counter

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from egov_cms.language import fold
from egov_cms.services import choices, models
from egov_cms.services.code_lists import initial_names, ministry_names
from egov_cms.services.models.rows import CURRENCIES, spoken_languages
from egov_cms.site.models import Governorate, LegalReference, Office, OrganisationUnitPage

CLOSED = {
    "yes_no": [("yes", gettext_lazy("yes")), ("no", gettext_lazy("no"))],
    "status": choices.Status.choices,
    "digital_level": choices.DigitalLevel.choices,
    "ur_class": choices.UrClass.choices,
    "duration_unit": choices.DurationUnit.choices,
    "proxy_allowed": choices.Proxy.choices,
    "review_months": choices.ReviewPeriod.choices,
    "attestation": choices.Attestation.choices,
    "fee_kind": choices.FeeKind.choices,
    "currency": [(code, code) for code in CURRENCIES],
    "methods": choices.PaymentMethod.choices,
    "channel": choices.ChannelKind.choices,
    "actor": choices.Actor.choices,
    "logic": choices.StepLogic.choices,
    "offices_rule": choices.OfficesRule.choices,
    "office_kind": Office.Kind.choices,
    "sign_in": choices.SignIn.choices,
}

# What an entry of a vocabulary is called in messages.
TITLES = {
    "ministry": gettext_lazy("ministry"),
    "unit": gettext_lazy("unit"),
    "audiences": gettext_lazy("audience"),
    "life_events": gettext_lazy("life or business event"),
    "category": gettext_lazy("subject"),
    "document_type": gettext_lazy("document type"),
    "template": gettext_lazy("step wording"),
    "coverage": gettext_lazy("governorate"),
    "office": gettext_lazy("office"),
    "law": gettext_lazy("law"),
    "user": gettext_lazy("user"),
    "service": gettext_lazy("service"),
}

Names = dict[str, str]  # language → name


def possible_owners():
    """Every account, those of people who have left too: a draft may still name them."""
    return get_user_model().objects.order_by(get_user_model().USERNAME_FIELD)


class Vocabularies:
    """`names[vocabulary][code]` are the names of a code; `find(vocabulary, text)` is the code that a cell means."""

    def __init__(self, languages):
        self.languages = languages
        self.names: dict[str, dict[str, Names]] = {
            name: self._closed(pairs) for name, pairs in {**CLOSED, "languages": spoken_languages()}.items()
        }
        for name, model, column in (
            ("category", models.ServiceCategory, "code"),
            ("audiences", models.Audience, "code"),
            ("life_events", models.LifeEvent, "code"),
            ("document_type", models.DocumentType, "code"),
            ("template", models.StepTemplate, "code"),
            ("coverage", Governorate, "code"),
            ("office", Office, "slug"),
        ):
            self.names[name] = {**initial_names(name), **dict(model.objects.values_list(column, "name"))}
        self.names["law"] = dict(LegalReference.objects.values_list("slug", "title"))
        self._read_units()
        self.names["user"] = {
            user.get_username(): dict.fromkeys(languages, user.get_full_name()) for user in possible_owners()
        }
        self._meanings: dict[str, dict[str, str]] = {}

    def _closed(self, pairs):
        found = {str(code): {} for code, _label in pairs}
        for language in self.languages:
            with override(language):
                for code, label in pairs:
                    found[str(code)][language] = str(label)
        return found

    def _read_units(self):
        """Every unit by its code, else by its title; the names of ministries that have no page yet as well."""
        rows = OrganisationUnitPage.objects.order_by("path").values_list(
            "translation_key", "locale__language_code", "code", "title"
        )
        units: dict = {}
        for key, language, code, unit_title in rows:
            unit = units.setdefault(key, {"code": "", "names": {}})
            unit["code"] = unit["code"] or code
            unit["names"][language] = unit_title
        self.names["ministry"] = {
            **{code: dict(name) for code, name in ministry_names().items()},
            **{unit["code"]: unit["names"] for unit in units.values() if unit["code"]},
        }
        source = self.languages[0]
        self.names["unit"] = {
            unit["code"] or unit["names"].get(source, ""): unit["names"]
            for unit in units.values()
            if unit["code"] or unit["names"].get(source)
        }

    def codes(self, name: str) -> dict[str, Names]:
        return self.names[name]

    def find(self, name: str, text: str) -> str | None:
        """The code that `text` means: itself in any case of letters, or its name in any language."""
        codes = self.names[name]
        if text in codes:
            return text
        if name not in self._meanings:
            self._meanings[name] = _meanings(codes)
        return self._meanings[name].get(fold(text))


def _meanings(codes: dict[str, Names]) -> dict[str, str]:
    """Folded code or name → code; a name that several codes share means none of them."""
    pairs = {(fold(text), code) for code, names in codes.items() for text in names.values() if text}
    count = Counter(text for text, _code in pairs)
    found = {text: code for text, code in pairs if count[text] == 1}
    return found | {fold(code): code for code in codes}


def unknown_code(name: str, code: str) -> str:
    """The message for a code that a vocabulary lacks."""
    kind = TITLES.get(name)
    if kind is None:
        return _("“%(value)s” is not known here.") % {"value": code}
    return _("There is no %(kind)s with the code “%(code)s”.") % {"kind": kind, "code": code}
