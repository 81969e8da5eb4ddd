"""Personal data in texts and in columns: telephone and national numbers, passports, e-mail, accounts, and what the names of
columns promise.

    mask("اتصل بي 07701234567")            -> "اتصل بي •••"
    scan = ColumnScan("رقم الهاتف"); for value in column: scan.add(value); scan.findings()

Nothing is decided here: whoever publishes asks a person where there are findings.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from egov_cms.language import normalise_phone, strip_bidi, to_ascii_digits
from egov_cms.tabular.cells import Cell, value_text
from egov_cms.tabular.personal_headings import kinds_promised

MASK = "•••"
SAMPLES = 3
# Share of the filled cells of a column from which its values alone, without a heading that says so, are a finding.
SHARE = 0.5

_DIGIT = "[0-9٠-٩۰-۹]"
_GAP = r"[ \u00a0().\-/]{0,2}"
# Ten digits and more: national numbers (12), mobile numbers (11, or 10 without the first zero), cards.
_LONG_NUMBER = rf"[+＋]?{_DIGIT}(?:{_GAP}{_DIGIT}){{9,}}"
# Shorter numbers only where their start says telephone: +964 …, 00964 …, or a zero and eight digits more.
_PHONE = rf"(?:[+＋]|[0٠۰]{{2}}){_DIGIT}(?:{_GAP}{_DIGIT}){{6,}}|(?<!{_DIGIT})[0٠۰](?:{_GAP}{_DIGIT}){{8,}}"
_EMAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
_IBAN = r"\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b"
_PASSPORT = r"\b[A-Z][0-9]{8}\b"
_MASKED = re.compile(f"{_EMAIL}|{_IBAN}|{_PASSPORT}|{_LONG_NUMBER}|{_PHONE}")
_IRAQI_IBAN = re.compile(r"IQ[0-9]{2}[A-Z]{4}[0-9]{15}")
_ANY_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_MOBILE = re.compile(r"(?:\+?964|00964)?0?7[3-9][0-9]{8}")
_SEPARATORS = re.compile(r"[\s().\-/‐‑–]+")


class PersonalKind(StrEnum):
    """Kinds of personal data."""

    NAME = "name"
    MOTHER_NAME = "mother_name"
    BIRTH_DATE = "birth_date"
    PHONE = "phone"
    EMAIL = "email"
    NATIONAL_ID = "national_id"
    PASSPORT = "passport"
    IBAN = "iban"
    CARD = "card"
    ACCOUNT = "account"
    ADDRESS = "address"
    SENSITIVE = "sensitive"

    @property
    def label(self):
        """What it is called, in the active language."""
        return LABELS[self]


LABELS = {
    PersonalKind.NAME: _("name of a person"),
    PersonalKind.MOTHER_NAME: _("name of the mother"),
    PersonalKind.BIRTH_DATE: _("date or place of birth"),
    PersonalKind.PHONE: _("telephone number"),
    PersonalKind.EMAIL: _("e-mail address"),
    PersonalKind.NATIONAL_ID: _("national or identity card number"),
    PersonalKind.PASSPORT: _("passport number"),
    PersonalKind.IBAN: _("bank account number (IBAN)"),
    PersonalKind.CARD: _("payment card number"),
    PersonalKind.ACCOUNT: _("bank account"),
    PersonalKind.ADDRESS: _("home address"),
    PersonalKind.SENSITIVE: _("religion, ethnicity, health or family status"),
}


@dataclass(frozen=True)
class Finding:
    """What was found in one column or text.

    count: values of the kind; of: filled values that were looked at. samples: some of them, all but their ends hidden.
    by_heading: the name of the column promises it.
    """

    kind: PersonalKind
    count: int
    of: int
    samples: tuple[str, ...] = ()
    by_heading: bool = False

    @property
    def share(self) -> float:
        return self.count / self.of if self.of else 0.0


def mask(text: str) -> str:
    """`text` with telephone, national, passport and account numbers (in any digits) and e-mail addresses as “•••”."""
    return _MASKED.sub(MASK, strip_bidi(text))


def hidden(value: str) -> str:
    """A value of which only the ends can be seen: enough to find it again, not to use it."""
    name, _at, domain = value.partition("@")
    if name and domain:
        return f"{name[:1]}{MASK}@{domain}"
    shown = 2 if len(value) > 6 else 1
    return f"{value[:shown]}{MASK}{value[-shown:]}" if len(value) > 2 else MASK


def kind_of_value(text: str) -> PersonalKind | None:
    """What a whole value is by its form alone; None where it is nothing of the kind."""
    written = to_ascii_digits(strip_bidi(text)).strip()
    if not 6 <= len(written) <= 80:
        return None
    if "@" in written:
        return PersonalKind.EMAIL if re.fullmatch(_EMAIL, written) else None
    if not any(letter.isdigit() for letter in written):
        return None
    compact = _SEPARATORS.sub("", written)
    if compact[:1].isalpha():
        upper = compact.upper()
        if re.fullmatch(r"[A-Z][0-9]{7,8}", upper):
            return PersonalKind.PASSPORT
        return PersonalKind.IBAN if _is_iban(upper) else None
    if _MOBILE.fullmatch(compact) or (written.startswith(("+", "00")) and _is_phone(written)):
        return PersonalKind.PHONE
    if not compact.isdigit():
        return None
    if len(compact) == 12:
        return PersonalKind.NATIONAL_ID
    return PersonalKind.CARD if 13 <= len(compact) <= 19 and _luhn(compact) and compact[0] in "3456" else None


def _is_phone(written):
    try:
        return bool(normalise_phone(written, foreign=True))
    except ValueError:
        return False


def _is_iban(compact):
    """Iraqi accounts by their form, because they are mistyped as others are; others also by their check digits."""
    if _IRAQI_IBAN.fullmatch(compact):
        return True
    if not _ANY_IBAN.fullmatch(compact):
        return False
    moved = compact[4:] + compact[:4]
    return int("".join(str(int(letter, 36)) for letter in moved)) % 97 == 1


def _luhn(digits):
    total = 0
    for place, digit in enumerate(reversed(digits)):
        number = int(digit) * (1 + place % 2)
        total += number - 9 if number > 9 else number
    return total % 10 == 0 and len(set(digits)) > 1


# Forms that are what they are even once; the others are ordinary numbers in ordinary columns.
_SURE = (PersonalKind.EMAIL, PersonalKind.IBAN)


class ColumnScan:
    """Looks at the values of one column, one after the other, in little memory."""

    def __init__(self, heading: str = ""):
        self.heading = heading
        self.promised = [PersonalKind(kind) for kind in kinds_promised(heading)]
        self.filled = 0
        self._counts: dict[PersonalKind, int] = {}
        self._samples: dict[PersonalKind, list[str]] = {}
        self._round = 0
        self._plausible = 0
        self._plausible_samples: list[str] = []

    def add(self, value) -> None:
        """One value: a text, a number, a date or a `Cell`."""
        text = value.text if isinstance(value, Cell) else value_text(value)
        text = text.strip()
        if not text:
            return
        self.filled += 1
        kind = kind_of_value(text)
        if kind is not None:
            self._count(kind, text)
            self._round += text.endswith("000")
        if self.promised and _is_plausible(self.promised[0], text, value, kind):
            self._plausible += 1
            if len(self._plausible_samples) < SAMPLES:
                self._plausible_samples.append(hidden(text))

    def _count(self, kind, text):
        self._counts[kind] = self._counts.get(kind, 0) + 1
        samples = self._samples.setdefault(kind, [])
        if len(samples) < SAMPLES:
            samples.append(hidden(text))

    def findings(self) -> list[Finding]:
        """What the values are and what the heading promises, the heading's first."""
        found: dict[PersonalKind, Finding] = {}
        if self._plausible:
            kind = self.promised[0]
            samples = tuple(self._plausible_samples)
            found[kind] = Finding(kind, self._plausible, self.filled, samples, by_heading=True)
        for kind, count in self._counts.items():
            if kind not in found and self._is_finding(kind, count):
                found[kind] = Finding(kind, count, self.filled, tuple(self._samples[kind]))
        return list(found.values())

    def _is_finding(self, kind, count):
        if kind in _SURE:
            return True
        # Amounts of twelve digits end in zeros; numbers of people do not.
        return count / self.filled >= SHARE and self._round <= count / 10


def _is_plausible(kind, text, value, form) -> bool:
    """May `text` be what the heading promises? A column «passports» of counts is none of passport numbers."""
    digits = sum(letter.isdigit() for letter in text)
    letters = sum(letter.isalpha() for letter in text)
    if kind in (PersonalKind.NAME, PersonalKind.MOTHER_NAME, PersonalKind.SENSITIVE):
        return letters > digits
    if kind is PersonalKind.BIRTH_DATE:
        is_date = isinstance(value.value if isinstance(value, Cell) else value, datetime.date)
        return is_date or 4 <= digits <= 8 or letters > 2
    if kind is PersonalKind.EMAIL:
        return form is PersonalKind.EMAIL
    if kind is PersonalKind.ADDRESS:
        return letters + digits > 0
    if kind in (PersonalKind.ACCOUNT, PersonalKind.IBAN):
        return digits >= 10
    return digits >= 6


def inspect_column(values: Iterable, heading: str = "") -> list[Finding]:
    """The findings of a whole column."""
    scan = ColumnScan(heading)
    for value in values:
        scan.add(value)
    return scan.findings()


def inspect_text(text: str) -> list[Finding]:
    """Personal data in running text, by kind."""
    counts: dict[PersonalKind, list[str]] = {}
    plain = strip_bidi(text)
    for match in _MASKED.finditer(plain):
        kind = kind_of_value(match.group()) or _kind_of_number(match.group())
        if kind is not None:
            counts.setdefault(kind, []).append(match.group())
    return [
        Finding(kind, len(found), len(found), tuple(hidden(each) for each in found[:SAMPLES]))
        for kind, found in counts.items()
    ]


def _kind_of_number(text):
    """A number in running text that `mask` hides and whose form is no proof: most are telephone numbers."""
    if not re.fullmatch(rf"{_LONG_NUMBER}|{_PHONE}", text):
        return None
    digits = sum(letter.isdigit() for letter in text)
    return PersonalKind.PHONE if digits < 12 else PersonalKind.ACCOUNT
