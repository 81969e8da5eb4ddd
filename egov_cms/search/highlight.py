"""Safe HTML in which the original letters of matching words are marked."""

from django.utils.html import escape
from django.utils.safestring import mark_safe

from egov_cms.search.analysis import STOP_WORDS, not_stop_words, word_keys, words_in_place

PASSAGE = 220
LEAD = 60


def mark(text, keys, locale):
    """`text` escaped, with `<mark>` around each word that has one of the `keys` in a document of `locale`."""
    pieces, last = [], 0
    for start, end in _matches(text, keys, locale):
        pieces += [escape(text[last:start]), "<mark>", escape(text[start:end]), "</mark>"]
        last = end
    return mark_safe("".join([*pieces, escape(text[last:])]))  # noqa: S308 - every piece is escaped


def passage(summary, text, keys, locale):
    """The summary, or where it holds no match the passage of `text` around the first match, marked; with …
    where cut."""
    if not any(_matches(summary, keys, locale)) and (first := next(_matches(text, keys, locale), None)):
        start = max(0, first[0] - LEAD)
        start = text.find(" ", start) + 1 if start > 0 and " " in text[start : first[0]] else start
        return mark_safe(  # noqa: S308
            ("…" if start else "")
            + mark(_cut(text[start:]), keys, locale)
            + ("…" if len(text) - start > PASSAGE else "")
        )
    shown = summary or text
    return mark_safe(mark(_cut(shown), keys, locale) + ("…" if len(shown) > PASSAGE else ""))  # noqa: S308


def _matches(text, keys, locale):
    passed_over = STOP_WORDS - not_stop_words(text)
    for word in words_in_place(text):
        if word.folded not in passed_over and not keys.isdisjoint(word_keys(word.folded, locale)):
            yield word.start, word.end


def _cut(text):
    if len(text) <= PASSAGE:
        return text
    return text[:PASSAGE].rsplit(" ", 1)[0]
