"""Which language a visitor is answered in, and where the same page stands in another language."""

from django.utils.translation.trans_real import parse_accept_lang_header

from egov_cms.language import content_languages, source_language

# Browsers and older sites say `ku` for Kurdish as a whole; in Iraq's offices that is Sorani unless a site
# offers the asked form itself.
ALIASES = {"ku": "ckb"}


def supported(code):
    """The site's code for a language tag of any form (`ar-IQ`, `ku-Arab`, `en_GB`), or an empty string."""
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
    """The best of the site's languages for an `Accept-Language` header; the source language if none fits."""
    for tag, quality in parse_accept_lang_header(accept_language.lower()):
        if tag == "*":
            break
        if quality and (code := supported(tag)):
            return code
    return source_language()


def split_path(path):
    """`/ckb/offices/` → `("ckb", "offices/")`; `("", path without its first slash)` outside the languages."""
    first, _slash, rest = path.lstrip("/").partition("/")
    if first in content_languages():
        return first, rest
    return "", path.lstrip("/")


def in_language(path, code):
    """The address of the same path in another language: `("/ar/news/", "en")` → `/en/news/`."""
    return f"/{code}/{split_path(path)[1]}"
