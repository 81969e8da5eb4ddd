"""The YAML form of the catalogue to plain services. Every key is mapped; one that is not known is refused.

Nothing here runs a query: whether a ministry or an audience exists is checked afterwards, for every form of file.
"""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext as _

from egov_cms.exchange.report import Place, Report
from egov_cms.services import choices
from egov_cms.services.answers import ANSWERABLE, REASON_LENGTH
from egov_cms.services.importing.plain import PlainCatalogue, PlainRecord, PlainService
from egov_cms.services.importing.yaml_fields import FieldReader
from egov_cms.services.importing.yaml_rows import read_rows
from egov_cms.tabular import InvalidValue, UnreadableFile, load_yaml, values


def read_yaml(source: Path | bytes, report: Report, languages) -> PlainCatalogue | None:
    """The catalogue in a file; errors are added to `report` with item, field and line. None: it cannot be read."""
    try:
        document = load_yaml(source)
    except UnreadableFile as problem:
        report.error(problem.code, str(problem), place=Place(line=problem.line))
        return None
    if not isinstance(document, dict):
        report.error("empty", _("The file holds no services."), place=Place(line=1))
        return None
    return _File(document, report, languages).catalogue


class _File(FieldReader):
    """The whole document."""

    def __init__(self, document, report, languages):
        super().__init__(report, "", languages, languages[0], 1)
        meta = document.pop("meta", None) or {}
        self.catalogue = PlainCatalogue()
        self.online_url = ""
        self._read_meta(dict(meta))
        self.catalogue.document_types = self._records(document, "document_types", self._document_type)
        self.catalogue.step_types = self._records(document, "step_types", self._step_type)
        self.names |= {"meta", "services"}
        services = document.pop("services", None)
        if not isinstance(services, list) or not services:
            self.refuse("services", InvalidValue(_("The file holds no services."), "empty"))
            services = []
        for position, entry in enumerate(services, 1):
            if isinstance(entry, dict):
                self.catalogue.services.append(_Service(entry, position, self).service)
            else:
                problem = InvalidValue(_("Names with values are expected here."), "not_a_mapping", entry)
                self.refuse(f"services[{position}]", problem)
        self.finish(document, "")

    def _read_meta(self, meta):
        self.catalogue.sample = self.take(meta, "sample", "meta.sample", values.true_false, default=False)
        source = self.take(meta, "source_language", "meta.source_language", values.choice, self.languages)
        self.source_language = self.catalogue.source_language = source or self.languages[0]
        self.online_url = self.take(meta, "online_url", "meta.online_url", values.https, default="")
        self.take(meta, "currency", "meta.currency", values.choice, ("IQD",))
        self.take(meta, "compiled", "meta.compiled", values.text)
        for code in self.codes(meta, "languages") or ():
            if code not in self.languages:
                message = _("The site does not have the language “%(code)s”.") % {"code": code}
                self.refuse("meta.languages", InvalidValue(message, "unknown_language", code))
        self.finish(meta, "meta")

    def _records(self, document, key, convert):
        self.names.add(key)
        held = document.pop(key, None)
        if held is None:
            return []
        if not isinstance(held, dict):
            self.refuse(key, InvalidValue(_("Names with values are expected here."), "not_a_mapping", held))
            return []
        found = []
        for code, entry in held.items():
            reader = FieldReader(self.report, f"{key}.{code}", self.languages, self.source_language)
            if not isinstance(entry, dict):
                problem = InvalidValue(_("Names with values are expected here."), "not_a_mapping", entry)
                reader.refuse("", problem)
                continue
            reader.line = getattr(entry, "line", 0)
            entry = reader.rejoin(entry, "name")
            record = PlainRecord(str(code), reader.words(entry, "name"), convert(reader, entry), reader.line)
            if not record.name.get(self.source_language):
                reader.refuse(f"name.{self.source_language}", _missing(self.source_language))
            reader.finish(entry, "")
            found.append(record)
        return found

    def _document_type(self, reader, entry):
        return {
            "issuer": reader.take(entry, "issuer", "issuer", values.text, default=""),
            "downloadable": reader.take(
                entry, "downloadable", "downloadable", values.true_false, default=False
            ),
            "reusable": reader.take(entry, "reusable", "reusable", values.true_false, default=False),
        }

    def _step_type(self, reader, entry):
        return {
            "channel": reader.take(
                entry, "channel", "channel", values.choice, choices.ChannelKind.values, default=""
            ),
            "is_visit": reader.take(entry, "visit", "visit", values.true_false, default=False),
            "needs_signature": reader.take(entry, "signature", "signature", values.true_false, default=False),
            "minutes": reader.take(entry, "minutes", "minutes", values.whole, 0, 100_000),
            "actor": reader.take(
                entry, "actor", "actor", values.choice, choices.Actor.values, default="applicant"
            ),
        }


def _missing(language):
    message = _("The text in the source language (%(code)s) is missing.") % {"code": language}
    return InvalidValue(message, "missing")


class _Service(FieldReader):
    """One entry of `services`."""

    def __init__(self, entry, position, file):
        code = entry.pop("id", None)
        item = code if isinstance(code, str) and code else f"services[{position}]"
        super().__init__(file.report, item, file.languages, file.source_language, getattr(entry, "line", 0))
        self.online_url = file.online_url
        self.service = PlainService(code=code if isinstance(code, str) else "", position=self.line)
        if not self.service.code:
            self.refuse("id", InvalidValue(_("The service code is missing."), "missing"))
        self._words(entry)
        self._facts(entry)
        read_rows(self, entry)
        self.finish(entry, "")
        self.service.is_readable = self.is_readable

    def _words(self, entry):
        words = self.service.words
        for key, field in (("title", "title"), ("summary", "summary"), ("fee_exemptions", "fee_exemptions")):
            if key in entry:
                words[field] = self.word_map(entry, key)
        if "synonyms" in entry:
            words["popular_names"] = self._names(entry)
        if not words.get("title", {}).get(self.source_language):
            self.refuse(f"title.{self.source_language}", _missing(self.source_language))

    def _names(self, entry):
        held = entry.pop("synonyms")
        if not isinstance(held, dict):
            problem = InvalidValue(_("Write a list of names for each language."), "not_words", held)
            self.refuse("synonyms", problem)
            return {}
        held = dict(held)
        found = {}
        for language in self.languages:
            names = self.codes_or_words(held, language)
            if names:
                found[language] = "\n".join(names)
        self.finish(held, "synonyms")
        return found

    def codes_or_words(self, held, language):
        names = held.pop(language, None) or []
        if not isinstance(names, list):
            names = [names]
        found = []
        for name in names:
            try:
                found.append(values.text(name, 100))
            except InvalidValue as problem:
                self.refuse(f"synonyms.{language}", problem)
        return [name for name in found if name]

    def _facts(self, entry):
        service, facts = self.service, self.service.facts
        service.slug = self.take(entry, "slug", "slug", values.text, 100, default="")
        service.ministry = self.take(entry, "ministry", "ministry", values.text, 32, default="")
        service.unit = self.word_map(entry, "unit")
        if not service.ministry:
            self.refuse("ministry", InvalidValue(_("The ministry is missing."), "missing"))
        facts["audiences"] = self.codes(entry, "audience")
        events = [self.codes(entry, "life_events"), self.codes(entry, "business_events")]
        facts["life_events"] = [code for codes in events if codes for code in codes]
        facts["coverage"] = self.codes(entry, "coverage")
        facts["category"] = self.take(entry, "category", "category", values.text)
        for key, field, convert, *args in (
            ("status", "status", values.choice, choices.Status.values),
            ("ur_class", "ur_class", values.choice, choices.UrClass.values),
            ("digital_level", "digital_level", values.choice, choices.DigitalLevel.values),
            ("ur_url", "ur_url", values.https),
            ("gems_code", "gems_code", values.text, 20),
            ("visits", "visits", values.whole, 0, 50),
            ("signatures", "signatures", values.whole, 0, 50),
            ("review_months", "review_months", values.choice, choices.ReviewPeriod.values),
            ("owner_email", "owner_email", values.text, 254),
            ("seen", "sources", values.text, 2000),
        ):
            facts[field] = self.take(entry, key, key, convert, *args)
        facts["proxy_allowed"] = self._proxy(entry)
        facts["not_applicable"] = self._reasons(entry)
        self._duration(entry)
        for field in [name for name, value in facts.items() if value is None]:
            del facts[field]

    def _proxy(self, entry):
        """`true` means that a power of attorney is enough, as the heading of the files defines."""
        value = entry.get("proxy_allowed")
        if isinstance(value, bool):
            entry.pop("proxy_allowed")
            return "attorney" if value else "no"
        return self.take(entry, "proxy_allowed", "proxy_allowed", values.choice, choices.Proxy.values)

    def _reasons(self, entry):
        held = entry.pop("not_applicable", None)
        if held is None:
            return None
        if not isinstance(held, dict):
            problem = InvalidValue(_("Names with values are expected here."), "not_a_mapping", held)
            self.refuse("not_applicable", problem)
            return None
        reasons = {}
        for key, reason in held.items():
            field = f"not_applicable.{key}"
            try:
                values.choice(key, ANSWERABLE)
                reasons[key] = values.text(reason, 500)
            except InvalidValue as problem:
                self.refuse(field, problem)
                continue
            if len(reasons[key]) < REASON_LENGTH:
                message = _("A reason has at least %(length)s letters.") % {"length": REASON_LENGTH}
                self.refuse(field, InvalidValue(message, "short", reason))
        return reasons

    def _duration(self, entry):
        held = entry.pop("duration", None)
        if held is None:
            return
        if not isinstance(held, dict):
            problem = InvalidValue(_("Names with values are expected here."), "not_a_mapping", held)
            self.refuse("duration", problem)
            return
        held, facts = dict(held), self.service.facts
        facts["duration_unit"] = self.take(
            held, "unit", "duration.unit", values.choice, choices.DurationUnit.values
        )
        for key in ("min", "max"):
            facts[f"duration_{key}"] = self.take(held, key, f"duration.{key}", values.whole, 0, 10_000)
        note = self.words(held, "duration.note", "note_")
        if note:
            self.service.words["duration_note"] = note
        low, high = facts["duration_min"], facts["duration_max"]
        if None not in (low, high) and high < low:
            message = _("The longest time is below the fastest.")
            self.refuse("duration.max", InvalidValue(message, "order", high))
        if (low is not None or high is not None) and facts["duration_unit"] is None:
            self.refuse("duration.unit", InvalidValue(_("Choose a unit of time."), "missing"))
        self.finish(held, "duration")
