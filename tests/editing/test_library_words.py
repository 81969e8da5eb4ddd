"""No English is left in the Arabic admin: what the libraries do not say in Arabic, `editing/libraries` does."""

from pathlib import Path

import django
import polib
import pytest
from django.apps import apps
from django.conf import settings
from django.utils.translation import ngettext, override
from wagtail.admin.localization import get_js_translation_strings

from tests.conftest import REPOSITORY

OURS = REPOSITORY / "egov_cms" / "editing" / "libraries" / "ar" / "LC_MESSAGES"
# Said in the source and missing from Wagtail's English catalogue, too.
FORGOTTEN = {
    "django": {(None, 'You do not have permission to publish pages at "%(page_title)s"')},
    "djangojs": set(),
}


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_our_arabic_is_exactly_what_the_libraries_lack(domain):
    """Ours wins over theirs: what a new release translates itself is taken out of our catalogue."""
    folders = [Path(django.__file__).parent / "conf" / "locale"]
    folders += [Path(app.path) / "locale" for app in apps.get_app_configs()]
    folders = [folder for folder in folders if not folder.is_relative_to(REPOSITORY)]
    english, arabic = set(), set()
    for folder in folders:
        if (path := folder / "en" / "LC_MESSAGES" / f"{domain}.po").exists():
            english |= {
                (entry.msgctxt, entry.msgid) for entry in polib.pofile(str(path)) if not entry.obsolete
            }
        if (path := folder / "ar" / "LC_MESSAGES" / f"{domain}.mo").exists():
            arabic |= {(entry.msgctxt, entry.msgid) for entry in polib.mofile(str(path)).translated_entries()}
    assert len(english) > 80
    ours = {(entry.msgctxt, entry.msgid) for entry in polib.mofile(str(OURS / f"{domain}.mo")) if entry.msgid}
    assert ours == (english - arabic) | FORGOTTEN[domain]


def test_compiled_catalogues_are_those_that_were_written():
    for domain in ("django", "djangojs"):
        written, compiled = (
            {entry.msgid: (entry.msgstr, entry.msgstr_plural) for entry in catalogue}
            for catalogue in (
                polib.pofile(str(OURS / f"{domain}.po")),
                polib.mofile(str(OURS / f"{domain}.mo")),
            )
        )
        assert written == compiled


def test_the_admin_and_its_scripts_find_them():
    assert [OURS.parents[1]] == settings.LOCALE_PATHS
    with override("ar"):
        assert get_js_translation_strings()
        text = "This password is too short. It must contain at least %d character."
        for number in (0, 1, 2, 12, 100):
            assert "كلمة المرور" in ngettext(text, text.replace("character.", "characters."), number) % number
