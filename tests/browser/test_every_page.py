"""What holds on every type of public page in every language."""

import pytest

from .pages import LANGUAGES, PAGES
from .visits import DESK, EVERY_PAGE, NARROW, PHONE

every_page = pytest.mark.parametrize(("name", "language"), EVERY_PAGE, ids=lambda word: word)


@every_page
def test_answers_in_its_language(visitor, name, language):
    visit = visitor.see(name, language)
    assert visit.status == PAGES[name].status
    assert (visit.lang, visit.dir) == (language, LANGUAGES[language])
    assert visit.title.strip(" –")


@every_page
def test_axe_finds_nothing(visitor, name, language):
    assert visitor.see(name, language).violations == []


@every_page
def test_nothing_scrolls_sideways(visitor, name, language):
    assert visitor.see(name, language).sideways == {DESK: [], PHONE: [], NARROW: []}


@every_page
def test_a_first_visit_is_light(visitor, name, language):
    visit = visitor.see(name, language)
    weights = {kind: visit.transferred(kind) for kind in ("Stylesheet", "Script", "Font")}
    assert weights["Stylesheet"] <= PAGES[name].styles * 1000, visit.sizes
    assert weights["Script"] <= PAGES[name].scripts * 1000, visit.sizes
    assert weights["Font"] <= 25_000, visit.sizes
    assert weights["Font"] > 0 and weights["Stylesheet"] > 0
    assert visit.transferred() <= PAGES[name].kilobytes * 1000, visit.sizes


@every_page
def test_no_other_host_learns_of_the_reader(visitor, name, language):
    assert visitor.see(name, language).other_hosts == []
    assert visitor.see(name, language).cookies == []


@every_page
def test_the_browser_complains_of_nothing(visitor, name, language):
    """Nothing refused by the content security policy, no missing file, no error of a script."""
    complaints = visitor.see(name, language).complaints
    if PAGES[name].status == 404:
        complaints = [text for text in complaints if "404 (Not Found)" not in text]
    assert complaints == []


@every_page
def test_telephone_numbers_keep_their_order(visitor, name, language):
    assert visitor.see(name, language).loose_numbers == []


@every_page
def test_words_are_in_the_language_they_are_marked_as(visitor, name, language):
    assert visitor.see(name, language).wrong_script == []
