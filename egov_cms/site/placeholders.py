"""Finds placeholder text, and lists the texts of a page to search for it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.db import models
from django.utils.html import strip_tags
from django.utils.text import capfirst
from modelcluster.models import get_all_child_relations
from wagtail.fields import RichTextField, StreamField
from wagtail.models import TranslatableMixin

from egov_cms.adapters.wagtail.pages import COMMENTS_RELATION_NAME

# Always a placeholder, wherever it occurs. Letters as normalised by `_plain`.
_ALWAYS = re.compile(
    r"\blorem ipsum\b|\bx{3,}\b|\btodo\b|\btbd\b|\bfixme\b|\bplaceholder\b"
    r"|\bto be (?:completed|filled|added)\b"
    r"|(?<!\w)(?:يملا|تملا|يكمل|يستكمل|تستكمل|يضاف|تضاف|يحدد|تحدد)(?: \w+)? (?:لاحقا|فيما بعد)(?!\w)"
    r"|(?<!\w)نص تجريبي(?!\w)"
    r"|(?<!\w)پڕ ?(?:بکرێتەوە|دەکرێتەوە)(?!\w)|(?<!\w)(?:دواتر|پاشان) (?:پڕ|زیاد|دیاری) دەکرێت\w*"
    r"|(?<!\w)دەقی نموونەیی(?!\w)"
)


# Ordinary words and signs; placeholders only in a paragraph of at most `_ALONE_WORDS` words.
_ALONE = re.compile(
    r"(?<!\S)(?:…|\.{3,}|-{3,}|_{3,}|\?{2,}|؟{2,})(?!\w)|(?<!\w)(?:لاحقا|يملا|دواتر|coming soon)(?!\w)"
)


_ALONE_WORDS = 4


_EMPTY_HEADING = re.compile(r"<h([1-6])\b[^>]*>(?:\s|&nbsp;|<br\s*/?>|<b>\s*</b>)*</h\1>", re.IGNORECASE)


_MARKS = re.compile("[\u0610-\u061a\u0640\u064b-\u065f\u0670]")


_LETTERS = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ك": "ک", "ي": "ی", "ى": "ی", "ھ": "ه"})


_PARAGRAPH_END = re.compile(r"</(?:p|li|h[1-6]|td|th|blockquote)>|<br\s*/?>|\n", re.IGNORECASE)


def find_placeholders(text: str) -> list[str]:
    """The placeholder passages of a text (plain or HTML); "<h2>" for an empty heading."""
    found = [f"<h{match.group(1)}>" for match in _EMPTY_HEADING.finditer(text)]
    for paragraph in _PARAGRAPH_END.split(text):
        plain = _plain(strip_tags(paragraph))
        passages = [match.group(0).strip() for match in _always.finditer(plain)]
        if not passages and len(plain.split()) <= _ALONE_WORDS:
            passages = [match.group(0).strip() for match in _alone.finditer(plain)]
        found += passages
    return list(dict.fromkeys(found))


def _plain(text: str) -> str:
    """The text in lower case with one spelling: without vowel marks, hamza carriers unified, one kaf and one ya."""
    return " ".join(_MARKS.sub("", text).lower().translate(_LETTERS).split())


_always = re.compile(_ALWAYS.pattern.translate(_LETTERS))


_alone = re.compile(_ALONE.pattern.translate(_LETTERS))


def texts(instance) -> Iterator[tuple[str, str]]:
    """Every text that editors write on an instance: pairs of field name and text."""
    for field in instance._meta.get_fields():
        if field.name in _NOT_TEXTS or not getattr(field, "editable", False):
            continue
        if isinstance(field, StreamField):
            yield from (
                (field.name, text) for text in _stream_texts(getattr(instance, field.name).get_prep_value())
            )
        elif _is_text(field):
            yield field.name, getattr(instance, field.attname) or ""


_NOT_TEXTS = {"slug", "url_path", "draft_title", "path", "translation_key"}


def _is_text(field) -> bool:
    if isinstance(field, models.URLField | models.EmailField | models.SlugField) or getattr(
        field, "choices", None
    ):
        return False
    return isinstance(field, models.CharField | models.TextField | RichTextField)


def _stream_texts(value) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _stream_texts(item)
    elif isinstance(value, dict):
        if value.get("type") == "heading" and not "".join(_heading_texts(value.get("value"))).strip():
            yield "<h2></h2>"
        for key, item in value.items():
            if key not in ("id", "type", "url", "link"):
                yield from _stream_texts(item)


def _heading_texts(value) -> Iterator[str]:
    if isinstance(value, dict):
        value = [item for key, item in value.items() if key in ("text", "heading", "title", "value")]
    yield from _stream_texts(value)


def page_texts(page) -> Iterator[tuple[str, str, str]]:
    """Every text of a page and its translatable rows: (field or child relation, its label, text)."""
    for name, text in texts(page):
        yield name, capfirst(page._meta.get_field(name).verbose_name), text
    for relation in get_all_child_relations(type(page)):
        if relation.name == COMMENTS_RELATION_NAME or not issubclass(
            relation.related_model, TranslatableMixin
        ):
            continue
        label = capfirst(relation.related_model._meta.verbose_name_plural)
        for row in getattr(page, relation.name).all():
            for _name, text in texts(row):
                yield relation.name, label, text
