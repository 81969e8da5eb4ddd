"""No English is left in the Arabic admin: what the libraries do not say in Arabic, `editing/libraries` does."""

import json
from pathlib import Path

import django
import polib
import pytest
import wagtail
from django.apps import apps
from django.conf import settings
from django.test import RequestFactory
from django.utils.translation import gettext, ngettext, override
from django.views.i18n import JSONCatalog

from tests.conftest import REPOSITORY

OURS = REPOSITORY / "egov_cms" / "editing" / "libraries" / "ar" / "LC_MESSAGES"
# Said in the source and missing from Wagtail's English catalogue, too.
FORGOTTEN = {
    "django": {(None, 'You do not have permission to publish pages at "%(page_title)s"')},
    "djangojs": set(),
}


@pytest.mark.skipif(
    wagtail.VERSION >= (8,), reason="our catalogue fills what the Wagtail of the lock file lacks"
)
@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_our_arabic_is_exactly_what_the_libraries_lack(domain):
    """Ours wins over theirs: what a new release translates itself is taken out of our catalogue."""
    folders = [Path(django.__file__).parent / "conf" / "locale"]
    theirs = (app for app in apps.get_app_configs() if not app.name.startswith(("egov_cms", "blocks")))
    folders += [Path(app.path) / "locale" for app in theirs]
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


def test_the_admin_and_its_scripts_find_them():
    assert [OURS.parents[1]] == settings.LOCALE_PATHS
    for locale, words, script in (
        ("ar", "الحفظ التلقائي متوقف مؤقتاً", "حُفظت التغييرات تلقائياً."),
        ("ckb", "پاراستنی خۆکار ڕاگیراوە", "گۆڕانکارییەکان خۆکارانە پارێزران."),
    ):
        with override(locale):
            assert gettext("Autosave is paused") == words
            view = JSONCatalog.as_view(packages=["wagtail.admin"])
            found = json.loads(view(RequestFactory().get("/")).content)["catalog"]
            assert found["Changes have been autosaved."] == script
    with override("ar"):
        text = "This password is too short. It must contain at least %d character."
        for number in (0, 1, 2, 12, 100):
            assert "كلمة المرور" in ngettext(text, text.replace("character.", "characters."), number) % number
