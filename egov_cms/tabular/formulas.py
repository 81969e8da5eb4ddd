"""The guard against texts that a spreadsheet would run as formulas (OWASP: CSV injection, CWE-1236).

Only texts are guarded. A number is never a formula, and a text that is only a number or a telephone number is none either:
"-5" and "+964 770 123 4567" stay as they are.
"""

from __future__ import annotations

import re

# Some programs skip blanks and invisible marks before the sign; full-width signs count as signs in East Asian editions.
_SKIPPED = r"[\s\u00a0\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*"
_STARTS = re.compile(rf"(?:[\t\r\n]|{_SKIPPED}[=+\-@\u2212＝＋－＠])")
_DIGIT = r"[0-9\u0660-\u0669\u06f0-\u06f9]"
# One sign, digits in groups, perhaps decimals, an exponent and a percent sign: nothing that could be worked out.
_NUMBER = re.compile(
    rf"\s*[+\-\u2212]\s?(?:{_DIGIT}+(?:[.,'\u066b\u066c\u060c\u00a0\u202f ]{_DIGIT}+)*|\.{_DIGIT}+)"
    rf"(?:[eE][+-]?{_DIGIT}{{1,3}})?\s?[%\u066a]?\s*"
)
# As people write the numbers of other countries: +964 (0)770 123-4567. At least seven digits, or it is a sum.
_PHONE = re.compile(
    rf"\s*\+\s?(?=(?:[ .()\u00a0\-]*{_DIGIT}){{7,15}}[ .()\u00a0\-]*$){_DIGIT}{{1,3}}(?:[ .\u00a0\-]?\(?{_DIGIT}++\)?)*\s*"
)


def is_risky(text: str) -> bool:
    """Would a spreadsheet run `text`, or does it look like a guarded text that would be run without its guard?"""
    bare = text.lstrip("'")
    if not _STARTS.match(bare):
        return False
    return bare[:1] in "\t\r\n" or not (_NUMBER.fullmatch(bare) or _PHONE.fullmatch(bare))


def guarded(value):
    """A text with an apostrophe in front where a spreadsheet would run it; every other value as it is."""
    return f"'{value}" if isinstance(value, str) and is_risky(value) else value


def unguarded(value):
    """What `guarded` was given."""
    return value[1:] if isinstance(value, str) and value.startswith("'") and is_risky(value) else value
