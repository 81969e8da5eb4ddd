"""Selects the language for a visitor, and computes the address of the same page in another language."""

from django.utils.translation.trans_real import parse_accept_lang_header

from egov_cms.language import content_languages, source_language

# Browsers and older sites use `ku` for all of Kurdish; in Iraq's offices it means Sorani, unless the site has a
# language with the requested code.
ALIASES = {"ku": "ckb"}


def supported(code):
    """The site's language code for a language tag (`ar-IQ`, `ku-Arab`, `en_GB`); an empty string if none matches."""
    tag = code.replace("_", "-").lower()
    known = content_languages()
    while tag:
        if tag in known:
            return tag
        if ALIASES.get(tag) in known:
            return ALIASES[tag]
        tag = tag.rpartition("-")[0]
    return ""


def preferred(accept_language):
    """The best of the site's languages for an `Accept-Language` header; the source language if none matches."""
    for tag, quality in parse_accept_lang_header(accept_language.lower()):
        if tag == "*":
            break
        if quality and (code := supported(tag)):
            return code
    return source_language()


def split_path(path):
    """`/ckb/offices/` → `("ckb", "offices/")`; without a language prefix `("", path without its first slash)`."""
    first, _slash, rest = path.lstrip("/").partition("/")
    if first in content_languages():
        return first, rest
    return "", path.lstrip("/")


def in_language(path, code):
    """The address of the same path in another language: `("/ar/news/", "en")` → `/en/news/`."""
    return f"/{code}/{split_path(path)[1]}"
