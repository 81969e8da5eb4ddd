"""What holds on every type of public page in every language: one test for each, in which every check is told.

A class for each language: parallel processes take classes, and each language is one's whole work.
"""

import pytest

from .checks import check_all
from .pages import PAGES


class EveryPage:
    language = ""

    @pytest.mark.parametrize("name", PAGES)
    def test_page(self, visitor, subtests, name):
        check_all(visitor.see(name, self.language), PAGES[name], self.language, subtests)


class TestArabic(EveryPage):
    language = "ar"


class TestSorani(EveryPage):
    language = "ckb"


class TestEnglish(EveryPage):
    language = "en"
