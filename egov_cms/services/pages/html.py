"""Words as safe HTML: numbers kept in their place, texts of another language marked as such."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString

from egov_cms.language import TranslatedText, direction, resolve


def bdi(text) -> SafeString | str:
    """Isolated, so that numbers keep their place in right-to-left lines; nothing for nothing."""
    return format_html("<bdi>{}</bdi>", text) if text else ""


def words(translated) -> SafeString | str:
    """A record's text, marked with its language where the active one is missing."""
    text, code = TranslatedText.of(translated).best(resolve())
    if not text or code == resolve():
        return text
    return format_html('<span lang="{}" dir="{}">{}</span>', code, direction(code), text)
