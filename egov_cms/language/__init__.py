"""Reads and writes Arabic, Sorani and English text, numbers and dates. Plain functions over plain values.

`locale` is always a language code; where it is optional, the default is the active language.
"""

from egov_cms.language.vocabulary import plural_category

from .alphabets import alphabet, initial, sort_key
from .dates import format_date, format_datetime, format_hijri, format_range, format_relative, format_time
from .digits import localise_digits, parse_number, shown_digits, to_ascii_digits
from .fold import fold, fold_map, strip_bidi
from .locales import content_languages, direction, native_name, resolve, source_language
from .money import (
    currency_exponent,
    currency_name,
    format_money,
    format_money_words,
    minor_to_text,
)
from .numbers import (
    format_count,
    format_duration,
    format_number,
    format_percent,
)
from .phones import format_phone, normalise_phone
from .text import TranslatedText
from .working_days import add_working_days, is_working_day, working_days_between

__all__ = [
    "TranslatedText",
    "add_working_days",
    "alphabet",
    "content_languages",
    "currency_exponent",
    "currency_name",
    "direction",
    "fold",
    "fold_map",
    "format_count",
    "format_date",
    "format_datetime",
    "format_duration",
    "format_hijri",
    "format_money",
    "format_money_words",
    "format_number",
    "format_percent",
    "format_phone",
    "format_range",
    "format_relative",
    "format_time",
    "initial",
    "is_working_day",
    "localise_digits",
    "minor_to_text",
    "native_name",
    "normalise_phone",
    "parse_number",
    "plural_category",
    "resolve",
    "shown_digits",
    "sort_key",
    "source_language",
    "strip_bidi",
    "to_ascii_digits",
    "working_days_between",
]
