"""The fields of one mapping of a YAML file: taken out one by one, so that what is left at the end is unknown."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from egov_cms.exchange.report import Place
from egov_cms.tabular import InvalidValue, Mapping, values

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


class FieldReader:
    """Takes keys out of one mapping; what is left at the end is refused."""

    def __init__(self, report, item, languages, source_language, line=0):
        self.report = report
        self.item = item
        self.languages = languages
        self.source_language = source_language
        self.line = line
        self.names = set()  # every name that can be given here, to suggest the nearest to a misspelt one
        self.is_readable = True

    def refuse(self, field, problem: InvalidValue, line=0):
        self.error(problem.code, str(problem), field, problem.value, line)

    def error(self, code, message, field, value="", line=0):
        self.is_readable = False
        place = Place(line=line or self.line)
        self.report.error(code, message, item=self.item, field=field, value=value, place=place)

    def warn(self, code, message, field, value="", line=0):
        place = Place(line=line or self.line)
        self.report.warn(code, message, item=self.item, field=field, value=value, place=place)

    def take(self, mapping, key, field, convert, *args, default=None):
        """The converted value of `key`, removed from `mapping`; `default` where absent, null or refused."""
        self.names.add(key)
        value = mapping.pop(key, None)
        if value is None:
            return default
        try:
            return convert(value, *args)
        except InvalidValue as problem:
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
        self.names.add(key)
        value = parent.pop(key, None)
        if value is None:
            return {}
        if isinstance(value, str):
            value = Mapping({self.source_language: value})
        if not isinstance(value, dict):
            self.error("not_words", _("Write the text of each language."), field, value)
            return {}
        value = self.rejoin(value, field)
        found = self.words(value, field)
        self.finish(value, field)
        return found

    def rejoin(self, mapping, field):
        """Put back together a text that YAML cut at a comma: `{en: for work, study or family, ckb: …}`.

        An unquoted comma ends a text inside braces, and the rest becomes a key without a value. Nothing else
        in these files has a null value after a text, so the text is restored, with a warning.
        """
        whole, last = Mapping(), None
        whole.line = getattr(mapping, "line", 0)
        for key, value in mapping.items():
            cut = value is None and isinstance(key, str) and not NAME.fullmatch(key)
            if cut and last in self.languages:
                whole[last] = f"{whole[last]}, {key}"
                message = _("A comma cut this text; it was put together again. Put it in quotation marks.")
                self.warn("comma", message, f"{field}.{last}", whole[last], whole.line)
                continue
            whole[key] = value
            last = key
        return whole

    def entries(self, parent, key):
        """The list under `key`, as (position from 1, value); None where the key is absent."""
        self.names.add(key)
        value = parent.pop(key, None)
        if value is None:
            return None
        if not isinstance(value, list):
            self.error("not_a_list", _("A list is expected here."), key, value)
            return None
        return list(enumerate(value, 1))

    def mappings(self, parent, key):
        """The list of mappings under `key`, as (position from 1, mapping); None where the key is absent."""
        entries = self.entries(parent, key)
        if entries is None:
            return None
        found = []
        for position, entry in entries:
            if isinstance(entry, dict):
                found.append((position, entry))
            else:
                problem = InvalidValue(_("Names with values are expected here."), "not_a_mapping", entry)
                self.refuse(f"{key}[{position}]", problem)
        return found

    def codes(self, parent, key):
        """The list of codes under `key`; None where the key is absent."""
        entries = self.entries(parent, key)
        if entries is None:
            return None
        found = []
        for position, entry in entries:
            try:
                found.append(values.text(entry, 40))
            except InvalidValue as problem:
                self.refuse(f"{key}[{position}]", problem)
        for code in {code for code in found if found.count(code) > 1}:
            problem = InvalidValue(_("“%(code)s” is listed twice.") % {"code": code}, "duplicate", code)
            self.refuse(key, problem)
        return found

    def finish(self, mapping, field):
        """Refuse the keys that are left: a misspelt or unknown key is never dropped silently."""
        for key in mapping:
            name = f"{field}.{key}" if field else str(key)
            message = _("“%(key)s” is not a known name here.") % {"key": key}
            message += values.nearest(key, self.names)
            self.error("unknown_key", message, name, mapping[key])
