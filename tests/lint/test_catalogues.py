"""Translations are complete and compiled, keep the placeholders of their English and count in the right plural forms."""

import re

import polib
import pytest

from tests.conftest import REPOSITORY

PLURALS = {
    "ar": "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : "
    "n%100>=11 && n%100<=99 ? 4 : 5;",
    "ckb": "nplurals=2; plural=(n != 1);",
}
PLACEHOLDER = re.compile(r"%\([a-z_A-Z0-9]+\)[sdf]|%[sd]|\{[a-z_]*\}")
# One and two are words in Arabic ("يومان"): the number itself may stand unsaid there.
UNCOUNTED = {"ar": {0, 1, 2}, "ckb": {0}}

CATALOGUES = sorted(
    path
    for room in ("egov_cms", "blocks", "transparency", "open_data", "site_template")
    for path in (REPOSITORY / room).glob("**/LC_MESSAGES/django*.po")
)


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_placeholders_and_plural_forms(path):
    locale = path.parts[-3]
    catalogue = polib.pofile(str(path))
    assert re.sub(r"\s", "", catalogue.metadata["Plural-Forms"]) == re.sub(r"\s", "", PLURALS[locale])
    for entry in catalogue:
        if entry.obsolete:
            continue
        asked = placeholders(entry.msgid)
        if not entry.msgid_plural:
            assert placeholders(entry.msgstr) == asked, entry.msgid
            continue
        asked = placeholders(entry.msgid_plural)
        assert len(entry.msgstr_plural) == {"ar": 6, "ckb": 2}[locale], entry.msgid
        for form, text in entry.msgstr_plural.items():
            found = placeholders(text)
            missing = asked - found
            assert not found - asked, f"{entry.msgid} [{form}]"
            assert not missing or (form in UNCOUNTED[locale] and len(missing) == 1), f"{entry.msgid} [{form}]"


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_catalogues_are_written_in_their_own_letters(path):
    """Sorani is not typed on an Arabic keyboard (ي ك for ی ک), nor Arabic on a Kurdish one."""
    wrong = {"ckb": "يىكة", "ar": "یکەۆێڕڵ"}[path.parts[-3]]
    for entry in polib.pofile(str(path)):
        text = " ".join([entry.msgstr, *entry.msgstr_plural.values()])
        # Names of languages are written in their own letters.
        quoted = text.replace("کوردی", "").replace("العربية", "")
        assert not set(quoted) & set(wrong), f"{entry.msgid}: {text}"


@pytest.mark.parametrize("locale", PLURALS)
def test_one_word_is_said_in_one_way(locale):
    """Django merges all catalogues: of two translations of a message, one would appear in the other's place.

    Where English has one word for two things, a context tells them apart (`pgettext`).
    """
    said = {}
    for path in CATALOGUES:
        if path.parts[-3] != locale:
            continue
        for entry in polib.pofile(str(path)):
            text = entry.msgstr or tuple(entry.msgstr_plural.values())
            if text and not entry.obsolete:
                said.setdefault((path.name, entry.msgctxt, entry.msgid), {})[text] = str(path.parent)
    assert {key: texts for key, texts in said.items() if len(texts) > 1} == {}


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_everything_is_translated_and_compiled(path):
    catalogue = polib.pofile(str(path))
    assert [entry.msgid for entry in catalogue.untranslated_entries()] == []
    assert [entry.msgid for entry in catalogue.fuzzy_entries()] == []
    assert texts(polib.mofile(str(path.with_suffix(".mo")))) == texts(catalogue), (
        "not compiled: make messages"
    )


def texts(catalogue):
    return {
        (entry.msgctxt, entry.msgid): (entry.msgstr, entry.msgstr_plural)
        for entry in catalogue
        if not entry.obsolete
    }


def placeholders(text):
    return set(PLACEHOLDER.findall(text.replace("%%", "")))
