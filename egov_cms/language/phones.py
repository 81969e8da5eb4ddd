"""Telephone numbers: parsed from any common format, stored as E.164, shown in groups."""

import re

from .digits import to_ascii_digits
from .fold import strip_bidi

COUNTRY = "964"
# ITU-T E.164 plan of Iraq: mobiles 7[3-9] + 8 digits; Baghdad 1 + 7; other areas two digits + 6 or 7.
_MOBILE = re.compile(r"7[3-9][0-9]{8}")
_FIXED = re.compile(r"1[0-9]{7}|(?:2[13-5]|3[02367]|4[023]|5[03]|6[026])[0-9]{6,7}")
_FOREIGN = re.compile(r"(?!964)[1-9][0-9]{6,14}")
_FORMATTING = re.compile(r"[\s().\-‐‑–/]+")


def normalise_phone(text, foreign=False):
    """The E.164 form ("+9647701234567") of a number with any digits, spaces, dashes, and the prefix 0, 00964 or +964.

    foreign: also accept numbers of other countries, which must start with + or 00. ValueError if it is not a valid
    number.
    """
    written = _FORMATTING.sub("", to_ascii_digits(strip_bidi(str(text))))
    if written.startswith("00"):
        written = "+" + written[2:]
    if written.startswith("+") and not written.startswith("+" + COUNTRY):
        if foreign and _FOREIGN.fullmatch(written[1:]):
            return written
        raise ValueError(f"Not an Iraqi telephone number: {str(text)[:40]!r}")
    national = written.removeprefix("+")
    if len(national) > 10:
        national = national.removeprefix(COUNTRY)
    national = national.removeprefix("0")
    if _MOBILE.fullmatch(national) or _FIXED.fullmatch(national):
        return f"+{COUNTRY}{national}"
    raise ValueError(f"Not an Iraqi telephone number: {str(text)[:40]!r}")


def format_phone(number):
    """An E.164 number in groups ("+964 770 123 4567"); other text unchanged. Use `{% ltr %}` to display it: the number
    is always left to right.
    """
    match = re.fullmatch(r"\+964([0-9]+)", number or "")
    if not match:
        return number or ""
    national = match[1]
    area = 3 if _MOBILE.fullmatch(national) else 1 if national.startswith("1") else 2
    rest = national[area:]
    return f"+964 {national[:area]} {rest[:3]} {rest[3:]}"
