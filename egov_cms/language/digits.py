"""Digits: converts the digits that users type (0-9, ٠-٩, ۰-۹) and the digits that a page shows."""

import re
from decimal import Decimal

from egov_cms.conf import egov_settings

from .fold import strip_bidi
from .locales import direction, resolve

_ASCII = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫٬", "01234567890123456789.,")
_OTHER_DIGITS = re.compile("[٠-٩۰-۹٫٬]")
_SHOWN = {
    "arab": str.maketrans("0123456789%", "٠١٢٣٤٥٦٧٨٩٪"),
    "arabext": str.maketrans("0123456789%", "۰۱۲۳۴۵۶۷۸۹٪"),
}
_GROUPED = re.compile(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))")
_DECIMAL = re.compile(r"(?<![0-9.])([0-9]+)\.([0-9]+)(?![.0-9])")
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)?(?:\.[0-9]+)?")
_SPACES = re.compile(r"[\s'’_]+")
_LONGEST_NUMBER = 64


def to_ascii_digits(text):
    """`text` with Arabic-Indic and Extended digits as 0-9, ٫ as "." and ٬ as ","; all else is unchanged."""
    # `str.translate` takes a hundred times as long as the search, and most texts hold none of these.
    return text.translate(_ASCII) if _OTHER_DIGITS.search(text) else text


def localise_digits(text, digits="latn"):
    """`text` with its 0-9 in other digits: "latn" (unchanged), "arab" (٠-٩) or "arabext" (۰-۹).

    The separators of numbers are converted too (1,234.5 → ١٬٢٣٤٫٥), but not those of dates, IP addresses and lists.
    """
    if digits == "latn":
        return text
    grouped = _DECIMAL.sub(r"\1٫\2", _GROUPED.sub("٬", text))
    return grouped.translate(_SHOWN[digits])


def shown_digits(locale=None):
    """The digits that a page in `locale` shows: the setting `EGOV["DIGITS"]`, but always "latn" for languages that are
    written left to right.
    """
    return egov_settings.DIGITS if direction(resolve(locale)) == "rtl" else "latn"


def parse_number(text):
    """The Decimal for a number typed by a user: any digits, "." or ٫ before decimals, groups of three separated by , ٬
    ، or space.

    Raises ValueError for everything else: a comma that is not before three digits is ambiguous and refused.
    """
    written = to_ascii_digits(strip_bidi(str(text))).strip()
    written = _SPACES.sub("", written).replace("،", ",").replace("\u2212", "-")
    if len(written) > _LONGEST_NUMBER or not re.search("[0-9]", written) or not _NUMBER.fullmatch(written):
        raise ValueError(f"Not a number: {str(text)[:_LONGEST_NUMBER]!r}")
    return Decimal(written.replace(",", ""))
