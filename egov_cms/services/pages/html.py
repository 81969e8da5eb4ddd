"""Texts as safe HTML: bidirectional isolation of numbers, `lang` and `dir` for texts in another language."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString

from egov_cms.language import TranslatedText, direction, resolve


def bdi(text) -> SafeString | str:
    """The text in <bdi>, so that numbers keep their position in right-to-left lines; "" for empty text."""
    return format_html("<bdi>{}</bdi>", text) if text else ""


def localised(translated) -> SafeString | str:
    """A translatable text in the active language, or in another one with its `lang` and `dir` attributes."""
    text, code = TranslatedText.of(translated).best(resolve())
    if not text or code == resolve():
        return text
    return format_html('<span lang="{}" dir="{}">{}</span>', code, direction(code), text)
