"""Text that exists in several languages at once."""

from django.utils.translation import get_language

from .fold import strip_bidi
from .locales import content_languages


class TranslatedText(dict):
    """Language code → text, without empty texts. `str()` is the text in the active language, else the first
    there is.

    A plain `dict`, so it is compared, iterated and serialised as one; falsy when no language has any text.
    """

    def __init__(self, value=(), **words):
        super().__init__()
        for code, text in dict(value, **words).items():
            text = strip_bidi(str(text)).strip() if text is not None else ""
            if text:
                self[code] = text

    @classmethod
    def of(cls, value):
        """`value` as TranslatedText: a mapping, a plain text (taken to be in the source language) or None."""
        if isinstance(value, cls):
            return value
        if value is None:
            return cls()
        if isinstance(value, str):
            return cls({content_languages()[0]: value})
        return cls(value)

    def in_locale(self, code):
        """The text in exactly this language; empty when there is none."""
        return self.get(code, "")

    def best(self, code=None):
        """(text, the code it is in): in `code` (default: the active language), else in the first language
        that has it.

        "First" is the site's order of languages, source first; then any other. `("", code)` when there is
        no text.
        """
        code = code or get_language() or content_languages()[0]
        for candidate in (code, code.split("-")[0], *content_languages(), *self):
            if self.get(candidate):
                return self[candidate], candidate
        return "", code

    def __str__(self):
        return self.best()[0]
