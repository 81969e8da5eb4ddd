import pytest
from hypothesis import given
from hypothesis import strategies as st

from egov_cms.language import content_languages
from egov_cms.site import languages


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("", "ar"),
        ("ar-IQ,ar;q=0.9,en;q=0.5", "ar"),
        ("ku", "ckb"),
        ("ku-Arab-IQ,en;q=0.8", "ckb"),
        ("ckb-IQ", "ckb"),
        ("CKB", "ckb"),
        ("en-GB,en;q=0.9", "en"),
        ("fr,de;q=0.9", "ar"),
        ("fr,en;q=0.2", "en"),
        ("en;q=0.3,ku;q=0.9", "ckb"),
        ("en;q=0,ar;q=0.1", "ar"),
        ("*", "ar"),
        ("*;q=0.9,en;q=0.1", "ar"),
        ("en_US", "ar"),
        ("x" * 5000, "ar"),
    ],
)
def test_the_best_language_for_a_reader(header, code):
    assert languages.preferred(header) == code


@given(st.text())
def test_any_header_gives_a_language_of_the_site(header):
    assert languages.preferred(header) in ("ar", "ckb", "en")


def test_the_source_language_is_first():
    assert content_languages()[0] == "ar"


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("/ckb/offices/", ("ckb", "offices/")),
        ("/en", ("en", "")),
        ("/ku/offices/", ("", "ku/offices/")),
        ("/enough/", ("", "enough/")),
        ("/", ("", "")),
    ],
)
def test_a_path_is_split_into_language_and_rest(path, parts):
    assert languages.split_path(path) == parts


def test_the_switcher_keeps_the_path():
    assert languages.in_language("/ar/news/a-story/", "en") == "/en/news/a-story/"
    assert languages.in_language("/ar/", "ckb") == "/ckb/"
