"""`TranslatedText`: one text in several languages."""

from django.utils.translation import get_language

from .fold import strip_bidi
from .locales import content_languages


class TranslatedText(dict):
    """Language code → text, without empty texts. `str()` is the text in the active language, else in the first language
    that has one.

    It is a `dict`, so it is compared, iterated and serialised as one; falsy when there is no text in any language.
    """

    def __init__(self, value=(), **texts):
        super().__init__()
        for code, text in dict(value, **texts).items():
            text = strip_bidi(str(text)).strip() if text is not None else ""
            if text:
                self[code] = text

    @classmethod
    def of(cls, value):
        """A TranslatedText from a mapping, a plain text (in the source language) or None."""
        if isinstance(value, cls):
            return value
        if value is None:
            return cls()
        if isinstance(value, str):
            return cls({content_languages()[0]: value})
        return cls(value)

    def in_locale(self, code):
        """The text in exactly this language, or ""."""
        return self.get(code, "")

    def best(self, code=None):
        """(text, language code of the text): in `code` (default: the active language), else in the first content
        language that has a text (source language first), else in any other. `("", code)` when there is no text.
        """
        code = code or get_language() or content_languages()[0]
        for candidate in (code, code.split("-")[0], *content_languages(), *self):
            if self.get(candidate):
                return self[candidate], candidate
        return "", code

    def __str__(self):
        return self.best()[0]
