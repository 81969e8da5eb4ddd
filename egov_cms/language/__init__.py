"""How Arabic, Sorani and English are read and written. Plain functions over plain values."""

from .digits import localise_digits, parse_number, shown_digits, to_ascii_digits
from .fold import strip_bidi
from .locales import content_languages, direction, native_name, source_language
from .phones import format_phone, normalise_phone
from .text import TranslatedText

__all__ = [
    "TranslatedText",
    "content_languages",
    "direction",
    "format_phone",
    "localise_digits",
    "native_name",
    "normalise_phone",
    "parse_number",
    "shown_digits",
    "source_language",
    "strip_bidi",
    "to_ascii_digits",
]
