"""Highlights: safe HTML with `<mark>` around the original letters of matching words."""

from django.utils.html import escape
from django.utils.safestring import mark_safe

from egov_cms.search.analysis import STOP_WORDS, stop_word_exceptions, word_keys, words_with_positions

PASSAGE_LENGTH = 220
CONTEXT_BEFORE_MATCH = 60


def mark(text, keys, locale):
    """`text` escaped, with `<mark>` around each word that has one of the `keys` in a document of `locale`."""
    pieces, last = [], 0
    for start, end in _matches(text, keys, locale):
        pieces += [escape(text[last:start]), "<mark>", escape(text[start:end]), "</mark>"]
        last = end
    return mark_safe("".join([*pieces, escape(text[last:])]))  # noqa: S308 - every piece is escaped


def passage(summary, text, keys, locale):
    """The summary with its matches marked; if it has none, the passage of `text` around its first match. "…"
    shows where the text was cut."""
    if not any(_matches(summary, keys, locale)) and (first := next(_matches(text, keys, locale), None)):
        start = max(0, first[0] - CONTEXT_BEFORE_MATCH)
        start = text.find(" ", start) + 1 if start > 0 and " " in text[start : first[0]] else start
        return mark_safe(  # noqa: S308
            ("…" if start else "")
            + mark(_cut(text[start:]), keys, locale)
            + ("…" if len(text) - start > PASSAGE_LENGTH else "")
        )
    shown = summary or text
    return mark_safe(mark(_cut(shown), keys, locale) + ("…" if len(shown) > PASSAGE_LENGTH else ""))  # noqa: S308


def _matches(text, keys, locale):
    ignored = STOP_WORDS - stop_word_exceptions(text)
    for word in words_with_positions(text):
        if word.folded not in ignored and not keys.isdisjoint(word_keys(word.folded, locale)):
            yield word.start, word.end


def _cut(text):
    if len(text) <= PASSAGE_LENGTH:
        return text
    return text[:PASSAGE_LENGTH].rsplit(" ", 1)[0]
