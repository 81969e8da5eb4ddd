"""Parameters that an endpoint declares: read, checked, documented from one description."""

import datetime
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from egov_cms.language import to_ascii_digits

from .problems import Problem
from .suggestions import Refusal, listed, nearest

LONGEST_VALUE, MOST_VALUES = 200, 50
BOOLEANS = {"true": True, "false": False, "1": True, "0": False}
WHOLE_NUMBER = re.compile(r"-?[0-9]{1,18}")
DECIMAL_NUMBER = re.compile(r"-?[0-9]{1,24}(\.[0-9]{1,12})?")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
JSON_KINDS = {"integer": (int,), "decimal": (int, Decimal, str), "boolean": (bool,)}


@dataclass(frozen=True)
class Parameter:
    """One parameter of a query, or one member of a JSON body.

    kind: "string", "integer", "decimal", "boolean" or "date" (ISO 8601). choices: allowed values, or a
    function that gives them (asked once a request). many: may be repeated; the value is then a list. minimum
    and maximum bound numbers, shortest and longest the letters of a text; all are inclusive. pattern: a
    regular expression that the whole text fits. convert: makes another value of the checked one; a `ValueError`
    (or a `Refusal`, with a suggestion) from it says what is wrong. required: to leave it out is an error.
    invalid: code of the problem that a wrong value is.
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
    convert: Callable[[object], object] | None = None
    required: bool = False
    invalid: str = "invalid-parameter"

    def read(self, name, texts):
        """The raw values of one name → the typed value; raises `Problem` that points at `name`."""
        if not self.many and len(texts) > 1:
            raise Problem(self.invalid, _("Give this parameter once."), parameter=name)
        if len(texts) > MOST_VALUES:
            raise Problem(self.invalid, _too_many(), parameter=name)
        allowed = self.allowed()
        try:
            values = [self._value(text, allowed) for text in texts]
        except Refusal as refusal:
            raise Problem(self.invalid, str(refusal), parameter=name, suggestion=refusal.suggestion)
        return list(dict.fromkeys(values)) if self.many else values[0]

    def read_member(self, value, path):
        """A value of a JSON body → the typed value; raises `Problem` whose pointer is `path`."""
        invalid = "invalid-member" if self.invalid == "invalid-parameter" else self.invalid
        if self.many and not isinstance(value, list):
            raise Problem(invalid, _("Use a list of values."), member=path)
        if self.many and len(value) > MOST_VALUES:
            raise Problem(invalid, _too_many(), member=path)
        allowed = self.allowed()
        values = []
        for place, each in enumerate(value) if self.many else [(None, value)]:
            try:
                values.append(self._value(self._text(each), allowed))
            except Refusal as refusal:
                where = path if place is None else (*path, place)
                raise Problem(invalid, str(refusal), member=where, suggestion=refusal.suggestion)
        return list(dict.fromkeys(values)) if self.many else values[0]

    def pairs(self, name, value):
        """A value that `read_member` has taken, as [(name, text)] of a query."""
        return [(name, self._text(each)) for each in (value if self.many else [value])]

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

    def member_schema(self):
        """The JSON Schema of the member of a body: booleans and numbers are those of JSON."""
        if self.kind not in ("boolean", "decimal"):
            return {**self.schema(), "description": str(self.description)}
        item = {"type": "boolean"} if self.kind == "boolean" else {"type": ["number", "string"]}
        if self.many:
            item = {"type": "array", "items": item, "maxItems": MOST_VALUES}
        default = {} if self.default is None else {"default": self.default}
        return {**item, **default, "description": str(self.description)}

    def _text(self, value):
        """A value of a JSON body as it would stand in a query; raises `Refusal` for one of another kind."""
        is_boolean = isinstance(value, bool)  # which is an int as well
        if not isinstance(value, JSON_KINDS.get(self.kind, (str,))) or is_boolean != (self.kind == "boolean"):
            messages = {
                "integer": _("Use a whole number."),
                "decimal": _("Use a number such as 1250.75."),
                "boolean": _("Use true or false."),
                "date": _("Use a date such as 2026-11-23."),
            }
            raise Refusal(messages.get(self.kind, _("Use a text.")))
        if is_boolean:
            return str(value).lower()
        return format(value, "f") if isinstance(value, Decimal) else str(value)

    def _value(self, text, allowed):
        if allowed is not None and text not in allowed:
            message = _("“%(value)s” is not one of: %(allowed)s.")
            names = {"value": text[:80], "allowed": listed(allowed)}
            raise Refusal(message % names, nearest(text, allowed))
        value = getattr(self, f"_{self.kind}")(text)
        if self.convert is None:
            return value
        try:
            return self.convert(value)
        except ValueError as error:
            raise error if isinstance(error, Refusal) else Refusal(str(error))

    def _string(self, text):
        if len(text) < self.shortest:
            raise Refusal(_("Give a value, or leave the parameter out."))
        if len(text) > self.longest or "\x00" in text:
            raise Refusal(_("The value is too long or contains a control character."))
        if self.pattern and not re.search(self.pattern, text):
            raise Refusal(_("The value does not have the form that is expected here."))
        return text

    def _string_schema(self):
        limits = {"minLength": self.shortest, "maxLength": self.longest}
        return {"type": "string", **limits, "pattern": self.pattern or r"^[^\u0000]*$"}

    def _boolean(self, text):
        if text.lower() in BOOLEANS:
            return BOOLEANS[text.lower()]
        raise Refusal(_("Use true or false."))

    def _boolean_schema(self):
        return {"type": "string", "enum": list(BOOLEANS)}

    def _integer(self, text):
        digits = to_ascii_digits(text)
        if not WHOLE_NUMBER.fullmatch(digits):
            raise Refusal(_("Use a whole number."))
        return self._bounded(int(digits), _("Use a whole number from %(minimum)s to %(maximum)s."))

    def _integer_schema(self):
        bounds = {"minimum": self.minimum, "maximum": self.maximum}
        return {"type": "integer", **{name: bound for name, bound in bounds.items() if bound is not None}}

    def _decimal(self, text):
        digits = to_ascii_digits(text)
        if not DECIMAL_NUMBER.fullmatch(digits):
            raise Refusal(_("Use a number such as 1250.75."))
        return self._bounded(Decimal(digits), _("Use a number from %(minimum)s to %(maximum)s."))

    def _decimal_schema(self):
        return {"type": "string", "pattern": f"^{DECIMAL_NUMBER.pattern}$"}

    def _bounded(self, value, message):
        too_small = self.minimum is not None and value < self.minimum
        if too_small or (self.maximum is not None and value > self.maximum):
            raise Refusal(message % {"minimum": self.minimum, "maximum": self.maximum})
        return value

    def _date(self, text):
        digits = to_ascii_digits(text)
        try:
            if DAY.fullmatch(digits):
                return datetime.date.fromisoformat(digits)
        except ValueError:
            pass  # 31 February
        raise Refusal(_("Use a date such as 2026-11-23."))

    def _date_schema(self):
        return {"type": "string", "format": "date"}


def _too_many():
    return _("Give at most %(number)s values.") % {"number": MOST_VALUES}
