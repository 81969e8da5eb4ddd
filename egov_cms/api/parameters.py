"""Query parameters that an endpoint declares: read, checked, documented from one description."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from egov_cms.language import to_ascii_digits

from .problems import Problem

LONGEST_VALUE = 1000
TRUE, FALSE = {"1", "true", "yes"}, {"0", "false", "no"}


@dataclass(frozen=True)
class Parameter:
    """One query parameter.

    kind: "string", "integer", "boolean" or "date" (ISO 8601). choices: allowed values, or a function that
    gives them (asked once a request). many: may be repeated; the value is then a list. Bounds are inclusive.
    """

    description: str
    kind: str = "string"
    choices: Iterable[str] | Callable[[], Iterable[str]] | None = None
    many: bool = False
    minimum: int | None = None
    maximum: int | None = None
    default: object = None
    longest: int = LONGEST_VALUE
    example: object = field(default=None, compare=False)

    def read(self, name, texts):
        """The raw values of one name → the typed value; raises `Problem` that points at `name`."""
        if not self.many and len(texts) > 1:
            raise self._refusal(name, _("Give this parameter once."))
        allowed = self.allowed()
        values = [self._value(name, text, allowed) for text in texts]
        return values if self.many else values[0]

    def allowed(self):
        """The set of allowed values, or None when any value of the kind will do."""
        choices = self.choices() if callable(self.choices) else self.choices
        return None if choices is None else list(choices)

    def _value(self, name, text, allowed):
        if len(text) > self.longest or "\x00" in text:
            raise self._refusal(name, _("The value is too long or contains a control character."))
        if allowed is not None and text not in allowed:
            listed = ", ".join(allowed[:30])
            raise self._refusal(
                name, _("“%(value)s” is not one of: %(allowed)s.") % {"value": text[:80], "allowed": listed}
            )
        return getattr(self, f"_{self.kind}")(name, text)

    def _string(self, _name, text):
        return text

    def _boolean(self, name, text):
        if text.lower() in TRUE | FALSE:
            return text.lower() in TRUE
        raise self._refusal(name, _("Use true or false."))

    def _integer(self, name, text):
        digits = to_ascii_digits(text.strip())
        try:
            value = int(digits) if len(digits) < 19 else None
        except ValueError:
            value = None
        if value is None or not digits.lstrip("-").isascii():
            raise self._refusal(name, _("Use a whole number."))
        too_small = self.minimum is not None and value < self.minimum
        if too_small or (self.maximum is not None and value > self.maximum):
            bounds = {"minimum": self.minimum, "maximum": self.maximum}
            raise self._refusal(name, _("Use a whole number from %(minimum)s to %(maximum)s.") % bounds)
        return value

    def _date(self, name, text):
        try:
            return datetime.date.fromisoformat(to_ascii_digits(text))
        except ValueError:
            raise self._refusal(name, _("Use a date such as 2026-11-23."))

    @staticmethod
    def _refusal(name, message):
        return Problem("invalid-parameter", message, pointer=name)


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
