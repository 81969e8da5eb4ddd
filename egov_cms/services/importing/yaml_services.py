"""The YAML form of the catalogue to plain services. Every key is mapped; one that is not known is refused.

    read(data, file_name, report, languages) -> PlainCatalogue

Nothing here asks the database: whether a ministry or an audience exists is checked afterwards, for every
form of file.
"""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from egov_cms.services import choices
from egov_cms.services.answers import ANSWERABLE, REASON_LENGTH
from egov_cms.services.importing import values
from egov_cms.services.importing.plain import PlainCatalogue, PlainRecord, PlainService
from egov_cms.services.importing.yaml_rows import read_rows
from egov_cms.services.importing.yaml_text import Mapping, YamlProblem, load

LONGEST = {
    "title": 255,
    "summary": 240,
    "label": 200,
    "name": 200,
    "question": 250,
    "text": 500,
    "answer": 2000,
}
LONGEST_OTHER = 250
NAME = re.compile("[a-z0-9_]+")


def read(data: bytes, file_name: str, report, languages) -> PlainCatalogue:
    """The catalogue in `data`; what is wrong goes to `report` with its item, field and line."""
    try:
        document = load(data)
    except YamlProblem as problem:
        report.refuse("", "", str(problem), "yaml", line=problem.line)
        return PlainCatalogue()
    if not isinstance(document, dict):
        report.refuse("", "", _("The file holds no services."), "empty", line=1)
        return PlainCatalogue()
    return _File(document, report, languages).catalogue


class _Reader:
    """Takes keys out of one mapping; what is left at the end is refused."""

    def __init__(self, report, item, languages, source_language, line=0):
        self.report = report
        self.item = item
        self.languages = languages
        self.source_language = source_language
        self.line = line
        self.asked = set()  # every name that a reader looked for, to suggest the nearest to a misspelt one

    def refuse(self, field, problem, line=0):
        code = getattr(problem, "code", "invalid")
        value = getattr(problem, "value", "")
        self.report.refuse(self.item, field, problem, code, value, line or self.line)

    def take(self, mapping, key, field, convert, *args, default=None):
        """The converted value of `key`, removed from `mapping`; `default` where absent, null or refused."""
        self.asked.add(key)
        value = mapping.pop(key, None)
        if value is None:
            return default
        try:
            return convert(value, *args)
        except values.Refused as problem:
            self.refuse(field, problem, getattr(value, "line", 0))
            return default

    def words(self, mapping, field, prefix=""):
        """The texts of every language in `mapping` under `prefix` + code, removed from it."""
        longest = LONGEST.get(field.rpartition(".")[2], LONGEST_OTHER)
        found = {}
        for code in self.languages:
            value = self.take(mapping, f"{prefix}{code}", f"{field}.{code}", values.text, longest)
            if value:
                found[code] = value
        return found

    def word_map(self, parent, key, name=None):
        """Texts per language under `key` of `parent`: a mapping, or one text in the source language."""
        field = name or key
        self.asked.add(key)
        value = parent.pop(key, None)
        if value is None:
            return {}
        if isinstance(value, str):
            value = Mapping({self.source_language: value})
        if not isinstance(value, dict):
            self.refuse(field, values.Refused(_("Write the text of each language."), "not_words", value))
            return {}
        value = self.rejoin(value, field)
        found = self.words(value, field)
        self.finish(value, field)
        return found

    def rejoin(self, mapping, field):
        """Put back together a text that YAML cut at a comma: `{en: for work, study or family, ckb: …}`.

        An unquoted comma ends a text inside braces, and the rest becomes a key without a value. Nothing else
        in these files has a null value after a text, so the words are restored and the writer is told.
        """
        whole, last = Mapping(), None
        whole.line = getattr(mapping, "line", 0)
        for key, value in mapping.items():
            cut = value is None and isinstance(key, str) and not NAME.fullmatch(key)
            if cut and last in self.languages:
                whole[last] = f"{whole[last]}, {key}"
                message = _("A comma cut this text; it was put together again. Put it in quotation marks.")
                self.report.warn(self.item, f"{field}.{last}", message, "comma", whole[last], whole.line)
                continue
            whole[key] = value
            last = key
        return whole

    def mappings(self, parent, key):
        """The list of mappings under `key`, as (position from 1, mapping); None where the key is absent."""
        self.asked.add(key)
        held = parent.pop(key, None)
        if held is None:
            return None
        if not isinstance(held, list):
            self.refuse(key, values.Refused(_("A list is expected here."), "not_a_list", held))
            return None
        found = []
        for position, entry in enumerate(held, 1):
            if isinstance(entry, dict):
                found.append((position, entry))
            else:
                problem = values.Refused(_("Names with values are expected here."), "not_a_mapping", entry)
                self.refuse(f"{key}[{position}]", problem)
        return found

    def codes(self, parent, key):
        """The list of codes under `key`; None where the key is absent."""
        self.asked.add(key)
        held = parent.pop(key, None)
        if held is None:
            return None
        if not isinstance(held, list):
            self.refuse(key, values.Refused(_("A list is expected here."), "not_a_list", held))
            return None
        found = []
        for position, entry in enumerate(held, 1):
            try:
                found.append(values.text(entry, 40))
            except values.Refused as problem:
                self.refuse(f"{key}[{position}]", problem)
        for code in {code for code in found if found.count(code) > 1}:
            problem = values.Refused(_("“%(code)s” is listed twice.") % {"code": code}, "duplicate", code)
            self.refuse(key, problem)
        return found

    def finish(self, mapping, field):
        """Refuse what nobody took: a misspelt or unknown key is never dropped silently."""
        for key in mapping:
            name = f"{field}.{key}" if field else str(key)
            message = _("“%(key)s” is not a known name here.") % {"key": key}
            message += values.nearest(key, self.asked)
            self.report.refuse(self.item, name, message, "unknown_key", mapping[key], self.line)


class _File(_Reader):
    """The whole document."""

    def __init__(self, document, report, languages):
        super().__init__(report, "", languages, languages[0], 1)
        meta = document.pop("meta", None) or {}
        self.catalogue = PlainCatalogue()
        self.online_url = ""
        self._read_meta(dict(meta))
        self.catalogue.document_types = self._records(document, "document_types", self._document_type)
        self.catalogue.step_types = self._records(document, "step_types", self._step_type)
        self.asked |= {"meta", "services"}
        services = document.pop("services", None)
        if not isinstance(services, list) or not services:
            self.refuse("services", values.Refused(_("The file holds no services."), "empty"))
            services = []
        for position, entry in enumerate(services, 1):
            if isinstance(entry, dict):
                self.catalogue.services.append(_Service(entry, position, self).service)
            else:
                problem = values.Refused(_("Names with values are expected here."), "not_a_mapping", entry)
                self.refuse(f"services[{position}]", problem)
        self.finish(document, "")

    def _read_meta(self, meta):
        self.catalogue.sample = self.take(meta, "sample", "meta.sample", values.yes_no, default=False)
        source = self.take(meta, "source_language", "meta.source_language", values.one_of, self.languages)
        self.source_language = self.catalogue.source_language = source or self.languages[0]
        self.online_url = self.take(meta, "online_url", "meta.online_url", values.https, default="")
        self.take(meta, "currency", "meta.currency", values.one_of, ("IQD",))
        self.take(meta, "compiled", "meta.compiled", values.text)
        for code in self.codes(meta, "languages") or ():
            if code not in self.languages:
                message = _("The site does not have the language “%(code)s”.") % {"code": code}
                self.refuse("meta.languages", values.Refused(message, "unknown_language", code))
        self.finish(meta, "meta")

    def _records(self, document, key, convert):
        self.asked.add(key)
        held = document.pop(key, None)
        if held is None:
            return []
        if not isinstance(held, dict):
            self.refuse(key, values.Refused(_("Names with values are expected here."), "not_a_mapping", held))
            return []
        found = []
        for code, entry in held.items():
            reader = _Reader(self.report, f"{key}.{code}", self.languages, self.source_language)
            if not isinstance(entry, dict):
                problem = values.Refused(_("Names with values are expected here."), "not_a_mapping", entry)
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
            "downloadable": reader.take(entry, "downloadable", "downloadable", values.yes_no, default=False),
            "reusable": reader.take(entry, "reusable", "reusable", values.yes_no, default=False),
        }

    def _step_type(self, reader, entry):
        return {
            "channel": reader.take(
                entry, "channel", "channel", values.one_of, choices.ChannelKind.values, default=""
            ),
            "is_visit": reader.take(entry, "visit", "visit", values.yes_no, default=False),
            "needs_signature": reader.take(entry, "signature", "signature", values.yes_no, default=False),
            "minutes": reader.take(entry, "minutes", "minutes", values.whole, 0, 100_000),
            "actor": reader.take(
                entry, "actor", "actor", values.one_of, choices.Actor.values, default="applicant"
            ),
        }


def _missing(language):
    message = _("The text in the source language (%(code)s) is missing.") % {"code": language}
    return values.Refused(message, "missing")


class _Service(_Reader):
    """One entry of `services`."""

    def __init__(self, entry, position, file):
        code = entry.pop("id", None)
        item = code if isinstance(code, str) and code else f"services[{position}]"
        super().__init__(file.report, item, file.languages, file.source_language, getattr(entry, "line", 0))
        self.online_url = file.online_url
        self.service = PlainService(code=code if isinstance(code, str) else "", line=self.line)
        if not self.service.code:
            self.refuse("id", values.Refused(_("The service code is missing."), "missing"))
        self._words(entry)
        self._facts(entry)
        read_rows(self, entry)
        self.finish(entry, "")

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
            problem = values.Refused(_("Write a list of names for each language."), "not_words", held)
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
            except values.Refused as problem:
                self.refuse(f"synonyms.{language}", problem)
        return [name for name in found if name]

    def _facts(self, entry):
        service, facts = self.service, self.service.facts
        service.slug = self.take(entry, "slug", "slug", values.text, 100, default="")
        service.ministry = self.take(entry, "ministry", "ministry", values.text, 32, default="")
        service.unit = self.word_map(entry, "unit")
        if not service.ministry:
            self.refuse("ministry", values.Refused(_("The ministry is missing."), "missing"))
        facts["audiences"] = self.codes(entry, "audience")
        events = [self.codes(entry, "life_events"), self.codes(entry, "business_events")]
        facts["life_events"] = [code for codes in events if codes for code in codes]
        facts["coverage"] = self.codes(entry, "coverage")
        facts["category"] = self.take(entry, "category", "category", values.text)
        for key, field, convert, *args in (
            ("status", "status", values.one_of, choices.Status.values),
            ("ur_class", "ur_class", values.one_of, choices.UrClass.values),
            ("digital_level", "digital_level", values.one_of, choices.DigitalLevel.values),
            ("ur_url", "ur_url", values.https),
            ("gems_code", "gems_code", values.text, 20),
            ("visits", "visits", values.whole, 0, 50),
            ("signatures", "signatures", values.whole, 0, 50),
            ("review_months", "review_months", values.one_of, choices.ReviewPeriod.values),
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
        """`true` says that a power of attorney is enough, as the files' heading defines it."""
        value = entry.get("proxy_allowed")
        if isinstance(value, bool):
            entry.pop("proxy_allowed")
            return "attorney" if value else "no"
        return self.take(entry, "proxy_allowed", "proxy_allowed", values.one_of, choices.Proxy.values)

    def _reasons(self, entry):
        held = entry.pop("not_applicable", None)
        if held is None:
            return None
        if not isinstance(held, dict):
            problem = values.Refused(_("Names with values are expected here."), "not_a_mapping", held)
            self.refuse("not_applicable", problem)
            return None
        reasons = {}
        for key, reason in held.items():
            field = f"not_applicable.{key}"
            try:
                values.one_of(key, ANSWERABLE)
                reasons[key] = values.text(reason, 500)
            except values.Refused as problem:
                self.refuse(field, problem)
                continue
            if len(reasons[key]) < REASON_LENGTH:
                message = _("A reason has at least %(length)s letters.") % {"length": REASON_LENGTH}
                self.refuse(field, values.Refused(message, "short", reason))
        return reasons

    def _duration(self, entry):
        held = entry.pop("duration", None)
        if held is None:
            return
        if not isinstance(held, dict):
            problem = values.Refused(_("Names with values are expected here."), "not_a_mapping", held)
            self.refuse("duration", problem)
            return
        held, facts = dict(held), self.service.facts
        facts["duration_unit"] = self.take(
            held, "unit", "duration.unit", values.one_of, choices.DurationUnit.values
        )
        for key in ("min", "max"):
            facts[f"duration_{key}"] = self.take(held, key, f"duration.{key}", values.whole, 0, 10_000)
        note = self.words(held, "duration.note", "note_")
        if note:
            self.service.words["duration_note"] = note
        low, high = facts["duration_min"], facts["duration_max"]
        if None not in (low, high) and high < low:
            message = _("The longest time is below the fastest.")
            self.refuse("duration.max", values.Refused(message, "order", high))
        if (low is not None or high is not None) and facts["duration_unit"] is None:
            self.refuse("duration.unit", values.Refused(_("Choose a unit of time."), "missing"))
        self.finish(held, "duration")
