"""Money: 64-bit integers in minor units of a currency, formatted for people and for machines.

`data/currencies.csv` contains the number of decimals of each currency (ISO 4217). For the Iraqi dinar it is 0, not the
3 of ISO 4217: fils are no longer in use, and every amount of the state is in whole dinars.
"""

import csv
from decimal import Decimal
from functools import cache
from pathlib import Path

from .numbers import NO_BREAK_SPACE, format_number, rounded, scaled
from .vocabulary import vocabulary

DATA = Path(__file__).resolve().parent / "data" / "currencies.csv"


@cache
def exponents() -> dict[str, int]:
    """ISO 4217 code → number of decimals of the currency."""
    with DATA.open(encoding="utf-8", newline="") as file:
        return {row["code"]: int(row["exponent"]) for row in csv.DictReader(file)}


def currency_exponent(currency: str) -> int:
    """The number of decimals of a currency; 2 where the code is not in ISO 4217."""
    return exponents().get(currency, 2)


def minor_to_text(amount_minor: int | None, currency: str = "IQD") -> str | None:
    """Minor units → a decimal string: 25000 dinars "25000", 1050 US cents "10.50". None stays None."""
    if amount_minor is None:
        return None
    return f"{Decimal(amount_minor).scaleb(-currency_exponent(currency)):f}"


def format_money(amount_minor, currency="IQD", exponent=0, locale=None):
    """An amount in minor units with its currency: (25000) → "25,000 IQD", "25,000 د.ع".

    exponent: the number of decimals of the currency (2 for cents); the amount is amount_minor / 10**exponent. Decimals
    are shown only if they are not zero, and then all of them. None gives "".
    """
    if amount_minor is None or amount_minor == "":
        return ""
    amount = scaled(amount_minor, -exponent)
    whole = amount == amount.to_integral_value()
    number = format_number(amount, locale, places=0 if whole else exponent)
    return f"{number}{NO_BREAK_SPACE}{currency_name(currency, locale)}"


def format_money_words(amount_minor, currency="IQD", exponent=0, locale=None, places=2):
    """A large amount in millions, billions or trillions: (1_840_000_000_000) → "1.84 trillion IQD", "1.84 ترليون د.ع".

    Rounded to `places` decimals. Below one million the same as `format_money`.
    """
    if amount_minor is None or amount_minor == "":
        return ""
    amount = scaled(amount_minor, -exponent)
    lowest = vocabulary(locale).scales[0][0]
    for power, name, few_name in reversed(vocabulary(locale).scales):
        shown = rounded(scaled(amount, -power), places)
        if abs(shown) >= 1 and abs(amount) >= 10**lowest:
            few = shown == shown.to_integral_value() and 3 <= abs(shown) <= 10
            number = format_number(shown, locale)
            scale = few_name if few else name
            return NO_BREAK_SPACE.join([number, scale, currency_name(currency, locale)])
    return format_money(amount_minor, currency, exponent, locale)


def currency_name(currency, locale=None):
    """The name of a currency next to an amount: د.ع for the dinar in Arabic and Sorani; the ISO code if there is no
    name.
    """
    return vocabulary(locale).currencies.get(currency, currency)
