"""Languages: native names, directions, and the content languages of the site."""

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.utils.translation import get_language

from egov_cms.conf import egov_settings

# Native names and directions. Django has no entry for Kurmanji and Syriac.
NATIVE_NAMES = {
    "ar": ("العربية", "rtl"),
    "ckb": ("کوردی", "rtl"),
    "en": ("English", "ltr"),
    "fa": ("فارسی", "rtl"),
    "kmr": ("Kurdî (Kurmancî)", "ltr"),
    "ku": ("Kurdî", "ltr"),
    "syr": ("ܣܘܪܝܝܐ", "rtl"),
    "tr": ("Türkçe", "ltr"),
}
RTL_SCRIPTS = {"arab", "hebr", "syrc", "thaa", "nkoo"}


def resolve(locale=None):
    """A language code in lower case: `locale`, else the active language, else the site's default."""
    return (locale or get_language() or settings.LANGUAGE_CODE).lower().replace("_", "-")


def base_language(locale=None):
    """The language of a code without its country or script: "ar" for "ar-iq"."""
    return resolve(locale).split("-")[0]


def lookup(table, locale=None, fallback="en"):
    """The entry of `table` (keyed by language code) for `locale`: exact, then its base language, then
    `fallback`.
    """
    code = resolve(locale)
    if code in table:
        return table[code]
    return table.get(base_language(code), table[fallback])


def direction(locale=None):
    """The text direction of `locale`, "rtl" or "ltr". A script subtag (`ku-Arab`) takes precedence over the language."""
    code = resolve(locale)
    scripts = [part for part in code.split("-")[1:] if len(part) == 4 and part.isalpha()]
    if scripts:
        return "rtl" if scripts[0] in RTL_SCRIPTS else "ltr"
    return _entry(code)[1]


def native_name(locale=None):
    """The name of the language in itself ("کوردی"); the code for an unknown language."""
    return _entry(resolve(locale))[0]


def content_languages():
    """The codes of the content languages of the site, source language first."""
    configured = getattr(settings, "WAGTAIL_CONTENT_LANGUAGES", None) or settings.LANGUAGES
    codes = [code for code, _name in configured]
    source = settings.LANGUAGE_CODE
    return [source, *(code for code in codes if code != source)] if source in codes else codes


def source_language():
    """The language in which content is written first and from which it is translated."""
    return content_languages()[0]


def _entry(code):
    own = {key.lower(): value for key, value in egov_settings.LANGUAGE_NAMES.items()}
    for key in (code, base_language(code)):
        for table in (own, NATIVE_NAMES):
            if key in table:
                return tuple(table[key])
        info = LANG_INFO.get(key)
        if info and "name_local" in info:
            return info["name_local"], "rtl" if info["bidi"] else "ltr"
    return code, "ltr"
