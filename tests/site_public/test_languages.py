import re

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


def switched(client, address):
    """The links of the language bar of a page: {code: address}."""
    bar = client.get(address).content.decode().partition('class="languages"')[2].partition("</nav>")[0]
    links = (re.search(r'href="([^"]+)"', link)[1] for link in re.findall(r"<a [^>]+>", bar))
    return {link.strip("/").partition("/")[0]: link for link in links}


def move(page, target):
    page.move(target, pos="last-child")
    return type(page).objects.get(pk=page.pk)


def test_the_switcher_leads_to_where_a_moved_page_stands(ministry, client):
    moved = move(ministry["mission"]["ckb"], ministry["news"]["ckb"].get_parent())
    assert moved.url == "/ckb/mission/"
    for address in ("/ar/about/mission/", "/en/about/mission/", "/ckb/mission/"):
        links = switched(client, address)
        assert links["ckb"] == "/ckb/mission/" and links["en"] == "/en/about/mission/", address
        for link in links.values():
            assert client.get(link).status_code == 200, link


def test_the_switcher_keeps_the_part_below_a_page_and_its_query(ministry, client):
    index = ministry["offices"]["en"]
    index = move(index, ministry["about"]["en"])
    below = "baghdad/karkh/"
    assert switched(client, f"/ar/offices/{below}")["en"] == f"/en/about/offices/{below}"
    assert switched(client, f"/en/about/offices/{below}")["ckb"] == f"/ckb/offices/{below}"
    assert (
        switched(client, "/ar/offices/?governorate=baghdad")["en"] == "/en/about/offices/?governorate=baghdad"
    )
    for link in switched(client, f"/en/about/offices/{below}").values():
        assert client.get(link).status_code == 200, link


def test_where_a_page_is_missing_its_languages_are_told_wherever_they_stand(ministry, client):
    move(ministry["mission"]["ar"], ministry["news"]["ar"].get_parent())
    ministry["mission"]["ckb"].unpublish()
    answer = client.get(switched(client, "/en/about/mission/")["ckb"])
    assert answer.status_code == 404
    main = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    assert 'href="/en/about/mission/"' in main and "/ar/mission/" in main
