"""Formats numbers, percentages, counted nouns and durations."""

from decimal import ROUND_HALF_UP, Decimal, localcontext

from egov_cms.language.vocabulary import plural_category, vocabulary

from .digits import localise_digits, parse_number, shown_digits
from .locales import direction

NO_BREAK_SPACE = "\u00a0"
# In right-to-left text a minus would be displayed after its number. CLDR puts this mark before it, too.
LEFT_TO_RIGHT_MARK = "\u200e"
# Enough digits for any amount; the default context of Decimal rounds to 28.
PRECISION = 120


def format_number(value, locale=None, places=None):
    """`value` (int, Decimal, float or a number as text) with thousands separators: 1,234,567.5. None gives "".

    places: exactly this many decimals, rounded half up; without it all decimals, without trailing zeros. ValueError if
    `value` is not a finite number.
    """
    if value is None or value == "":
        return ""
    number = _decimal(value)
    if places is None:
        text = f"{abs(number):,f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    else:
        number = rounded(number, places)
        text = f"{abs(number):,f}"
    if number < 0:
        text = f"-{text}"
        if direction(locale) == "rtl":
            text = LEFT_TO_RIGHT_MARK + text
    return localise_digits(text, shown_digits(locale))


def format_percent(value, locale=None, places=None):
    """`value` percent (15.5 → "15.5%"), with at most two decimals, or exactly `places`."""
    if value is None or value == "":
        return ""
    number = _decimal(value)
    number = number if places is not None else rounded(number, 2)
    sign = "%" if shown_digits(locale) == "latn" else "٪"
    return format_number(number, locale, places) + sign


def format_count(number, unit, locale=None, alone=True):
    """A whole number with its unit in the correct plural form: (3, "day") → "3 أيام"; (2, "day") → "يومان".

    unit: minute, hour, day, working_day, week, month or year. alone: False after a preposition (قبل يومين).
    """
    forms = vocabulary(locale).units[unit]
    category = plural_category(number, locale)
    if category == "one":
        return localise_digits(forms.one, shown_digits(locale))
    if category == "two" and forms.two:
        return forms.dual if alone else forms.two
    return f"{format_number(number, locale)} {unit_word(number, unit, locale)}"


def unit_word(number, unit, locale=None):
    """The plural form of the unit that follows `number`, without the number: (3, "day") → "أيام"."""
    forms = vocabulary(locale).units[unit]
    return {"few": forms.few, "many": forms.many}.get(plural_category(number, locale)) or forms.other


def format_duration(minimum, maximum=None, unit="working_day", locale=None):
    """A duration in whole units: (3, 7) → "3 to 7 working days"; (5) → "5 working days".

    minimum None: "up to …". Zero days: "the same day". Both None gives "".
    """
    if minimum is None and maximum is None:
        return ""
    if minimum is None:
        return vocabulary(locale).at_most.format(format_count(maximum, unit, locale, alone=False))
    if maximum is None or maximum == minimum:
        if minimum == 0 and unit in ("day", "working_day"):
            return vocabulary(locale).same_day
        return format_count(minimum, unit, locale)
    low, high = format_number(minimum, locale), format_number(maximum, locale)
    return f"{vocabulary(locale).between.format(low=low, high=high)} {unit_word(maximum, unit, locale)}"


def _decimal(value):
    if isinstance(value, str):
        return parse_number(value)
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not number.is_finite():
        raise ValueError(f"Not a finite number: {value!r}")
    return number


def rounded(number, places):
    """`number` (a Decimal) rounded to `places` decimals, half away from zero."""
    with localcontext(prec=PRECISION):
        return number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def scaled(value, power):
    """`value` × 10**power, exact."""
    with localcontext(prec=PRECISION):
        return _decimal(value).scaleb(power)
