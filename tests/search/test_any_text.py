"""Any text typed as a query gets an answer and never an error, on each engine."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from egov_cms.search.finding import Search, suggest
from egov_cms.search.synonyms import Synonyms

from .conftest import document, groups

HOSTILE_TEXTS = [
    "",
    " \t\n",
    '"',
    "'",
    "%",
    "_%",
    "*",
    "(",
    ")",
    "\\",
    ":",
    "\x00",
    "جواز\x00سفر",
    "\u202e\u2066\u200f",
    "😀",
    "جواز 😀",
    "' OR 1=1 --",
    '"; DROP TABLE egov_search_entry; --',
    "title:جواز AND NOT (سفر OR *)",
    "NEAR(جواز سفر, 2)",
    "جواز & | ! <-> سفر:*",
    '{"query": {"match_all": {}}}',
    "/.*/",
    "جواز~2^4 +سفر -passport",
    "AND OR NOT NEAR",
    "جواز " * 2500,
    "ا" * 10_000,
    "\ud800",
    "﷽ ½ ⅷ ㎏ ﻻ",
]
TEXTS = st.text(max_size=60) | st.text(alphabet="جوازسفر\"'*():^~\\%_{}[]!&|<>+-/\x00\u200f ", max_size=60)


@pytest.fixture
def search_without_fallback(engine, put):
    """A search that does not fall back to the database when its engine fails."""
    space = put(document("a", "جواز سفر", popular_names=["باسبورت"]), document("b", "Passport", "en"))
    search = Search(space, groups(["جواز", "passport"]), engine)
    search.falls_back = False
    return search


def _assert_answers(search, text):
    for locale in ("ar", None):
        results = search.results(text, locale, types=["page"], facets={"audience": [text[:20] or "x"]})
        assert results.total == len(results.hits) == 0
        results = search.results(text, locale)
        assert results.total >= len(results.hits)
    assert isinstance(suggest(text, "ar", space=search.space, engine=search.engine), list)


def test_known_attacks_get_an_answer(search_without_fallback):
    for text in HOSTILE_TEXTS:
        _assert_answers(search_without_fallback, text)


def test_any_text_gets_an_answer(search_without_fallback):
    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(TEXTS)
    def check(text):
        _assert_answers(search_without_fallback, text)

    check()


def test_words_between_special_characters_are_still_found(search_without_fallback):
    hits = search_without_fallback.results('"جواز* (سفر)~2"', "ar").hits
    assert [hit.id for hit in hits] == ["a"]


def test_synonyms_can_be_any_text():
    Synonyms([(HOSTILE_TEXTS, (), "all"), (["جواز"], HOSTILE_TEXTS, "ar")])
