"""Every string a person reads has its Arabic and its Sorani, compiled."""

import polib
import pytest

from tests.conftest import REPOSITORY


@pytest.mark.parametrize("locale", ["ar", "ckb"])
def test_translations_are_complete_and_compiled(locale):
    catalogues = [
        path
        for room in ("egov_cms", "blocks")
        for path in sorted((REPOSITORY / room).glob(f"**/{locale}/LC_MESSAGES/django.po"))
    ]
    assert catalogues
    for path in catalogues:
        catalogue = polib.pofile(str(path))
        room = path.relative_to(REPOSITORY)
        assert [entry.msgid for entry in catalogue.untranslated_entries()] == [], room
        assert [entry.msgid for entry in catalogue.fuzzy_entries()] == [], room
        forms = 6 if locale == "ar" else 2
        for entry in catalogue:
            if entry.msgid_plural and not entry.obsolete:
                assert len(entry.msgstr_plural) == forms, f"{room}: {entry.msgid}"
                assert all(entry.msgstr_plural.values()), f"{room}: {entry.msgid}"
        compiled = texts(polib.mofile(str(path.with_suffix(".mo"))))
        assert compiled == texts(catalogue), f"{room} is not compiled: make messages"


def texts(catalogue):
    return {
        (entry.msgctxt, entry.msgid): (entry.msgstr, entry.msgstr_plural)
        for entry in catalogue
        if not entry.obsolete
    }
