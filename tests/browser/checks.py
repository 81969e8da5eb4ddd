"""What holds on every public page: `check(visit, page, language)` raises AssertionError; a new check is a new function."""

from .pages import LANGUAGES
from .visits import DESK, PHONE


def answers_in_its_language(visit, page, language):
    assert visit.status == page.status
    assert (visit.lang, visit.dir) == (language, LANGUAGES[language])
    assert visit.title.strip(" –")


def axe_finds_nothing(visit, page, language):
    assert visit.violations == []


def nothing_scrolls_sideways(visit, page, language):
    assert visit.sideways == {PHONE: [], DESK: []}


def a_first_visit_is_light(visit, page, language):
    weights = {kind: visit.transferred(kind) for kind in ("Stylesheet", "Script", "Font")}
    assert weights["Stylesheet"] <= page.styles * 1000, visit.sizes
    assert weights["Script"] <= page.scripts * 1000, visit.sizes
    assert weights["Font"] <= 25_000, visit.sizes
    assert weights["Font"] > 0 and weights["Stylesheet"] > 0
    assert visit.transferred() <= page.kilobytes * 1000, visit.sizes


def no_other_host_learns_of_the_reader(visit, page, language):
    assert visit.other_hosts == []
    assert visit.cookies == []


def the_browser_complains_of_nothing(visit, page, language):
    """Nothing refused by the content security policy, no missing file, no error of a script."""
    expected = "404 (Not Found)" if page.status == 404 else None
    assert [text for text in visit.complaints if not (expected and expected in text)] == []


def telephone_numbers_keep_their_order(visit, page, language):
    assert visit.loose_numbers == []


def words_are_in_the_language_they_are_marked_as(visit, page, language):
    assert visit.wrong_script == []


CHECKS = (
    answers_in_its_language,
    axe_finds_nothing,
    nothing_scrolls_sideways,
    a_first_visit_is_light,
    no_other_host_learns_of_the_reader,
    the_browser_complains_of_nothing,
    telephone_numbers_keep_their_order,
    words_are_in_the_language_they_are_marked_as,
)


def check_all(visit, page, language, subtests):
    """Every check, whatever the others find."""
    for check in CHECKS:
        with subtests.test(check.__name__):
            check(visit, page, language)
