"""Query parameters that an endpoint declares: read, checked, documented from one description."""

import datetime
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from egov_cms.language import to_ascii_digits

from .problems import Problem

LONGEST_VALUE, MOST_VALUES = 200, 50
BOOLEANS = {"true": True, "false": False, "1": True, "0": False}
WHOLE_NUMBER = re.compile(r"-?[0-9]{1,18}")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class Parameter:
    """One query parameter.

    kind: "string", "integer", "boolean" or "date" (ISO 8601). choices: allowed values, or a function that
    gives them (asked once a request). many: may be repeated; the value is then a list. minimum and maximum
    bound numbers, shortest and longest the letters of a text; all are inclusive. pattern: a regular
    expression that the whole text fits. invalid: code of the problem that a wrong value is.
    """

    description: str
    kind: str = "string"
    choices: Iterable[str] | Callable[[], Iterable[str]] | None = None
    many: bool = False
    minimum: int | None = None
    maximum: int | None = None
    default: object = None
    shortest: int = 1
    longest: int = LONGEST_VALUE
    pattern: str = ""
    invalid: str = "invalid-parameter"

    def read(self, name, texts):
        """The raw values of one name → the typed value; raises `Problem` that points at `name`."""
        if not self.many and len(texts) > 1:
            raise self._refusal(name, _("Give this parameter once."))
        if len(texts) > MOST_VALUES:
            raise self._refusal(
                name, _("Give this parameter at most %(number)s times.") % {"number": MOST_VALUES}
            )
        allowed = self.allowed()
        values = [self._value(name, text, allowed) for text in texts]
        return list(dict.fromkeys(values)) if self.many else values[0]

    def allowed(self):
        """The allowed values, or None when any value of the kind will do."""
        choices = self.choices() if callable(self.choices) else self.choices
        return None if choices is None else list(choices)

    def schema(self):
        """The same as JSON Schema, as exact as `read` is."""
        item = getattr(self, f"_{self.kind}_schema")()
        if (allowed := self.allowed()) is not None:
            item = {"type": "string", "enum": sorted(allowed)}
        if self.many:
            item = {"type": "array", "items": item, "maxItems": MOST_VALUES}
        default = str(self.default).lower() if self.kind == "boolean" else self.default
        return item if self.default in (None, "") else {**item, "default": default}

    def _value(self, name, text, allowed):
        if allowed is not None and text not in allowed:
            listed = ", ".join(allowed[:30])
            raise self._refusal(
                name, _("“%(value)s” is not one of: %(allowed)s.") % {"value": text[:80], "allowed": listed}
            )
        return getattr(self, f"_{self.kind}")(name, text)

    def _string(self, name, text):
        if len(text) < self.shortest:
            raise self._refusal(name, _("Give a value, or leave the parameter out."))
        if len(text) > self.longest or "\x00" in text:
            raise self._refusal(name, _("The value is too long or contains a control character."))
        if self.pattern and not re.search(self.pattern, text):
            raise self._refusal(name, _("The value does not have the form that is expected here."))
        return text

    def _string_schema(self):
        limits = {"minLength": self.shortest, "maxLength": self.longest}
        return {"type": "string", **limits, "pattern": self.pattern or r"^[^\u0000]*$"}

    def _boolean(self, name, text):
        if text.lower() in BOOLEANS:
            return BOOLEANS[text.lower()]
        raise self._refusal(name, _("Use true or false."))

    def _boolean_schema(self):
        return {"type": "string", "enum": list(BOOLEANS)}

    def _integer(self, name, text):
        digits = to_ascii_digits(text)
        if not WHOLE_NUMBER.fullmatch(digits):
            raise self._refusal(name, _("Use a whole number."))
        value = int(digits)
        too_small = self.minimum is not None and value < self.minimum
        if too_small or (self.maximum is not None and value > self.maximum):
            bounds = {"minimum": self.minimum, "maximum": self.maximum}
            raise self._refusal(name, _("Use a whole number from %(minimum)s to %(maximum)s.") % bounds)
        return value

    def _integer_schema(self):
        bounds = {"minimum": self.minimum, "maximum": self.maximum}
        return {"type": "integer", **{name: bound for name, bound in bounds.items() if bound is not None}}

    def _date(self, name, text):
        digits = to_ascii_digits(text)
        try:
            if DAY.fullmatch(digits):
                return datetime.date.fromisoformat(digits)
        except ValueError:
            pass  # 31 February
        raise self._refusal(name, _("Use a date such as 2026-11-23."))

    def _date_schema(self):
        return {"type": "string", "format": "date"}

    def _refusal(self, name, message):
        return Problem(self.invalid, message, pointer=name)


def read_query(query, parameters):
    """A QueryDict and {name: Parameter} → {name: value}, defaults filled in.

    Raises `Problem` for the first parameter that is not declared or has a bad value: nothing is ignored, so a
    mistyped filter can not silently return everything.
    """
    for name in query:
        if name not in parameters:
            known = ", ".join(sorted(parameters))
            message = _("“%(name)s” is not known here. Known: %(known)s.") % {
                "name": name[:80],
                "known": known,
            }
            raise Problem("unknown-parameter", message, pointer=name[:80])
    return {
        name: parameter.read(name, query.getlist(name)) if name in query else parameter.default
        for name, parameter in parameters.items()
    }
