"""What is exported is described, and every described address gives what its description says."""

import re

import pytest
from django.utils import timezone

from egov_cms.site import exports

NAMES = ("services", "offices", "notices", "organisation", "changes", "news")
# The descriptions of the whole suite: each is opened in every language.
ADDRESSES = [
    pytest.param(export, form, id=f"{export.name}-{form.media_type.rpartition('/')[2]}-{number}")
    for export in exports.registered().values()
    for number, form in enumerate(export.all_formats())
]


def test_the_quarters_that_exist_have_described_theirs():
    assert set(NAMES) <= set(exports.registered())


def test_every_list_of_the_api_is_described_or_says_why_not():
    assert exports.undescribed() == []


def test_a_list_that_nobody_describes_is_found(monkeypatch):
    monkeypatch.delitem(exports._exports, "offices")
    assert exports.undescribed() == ["offices"]


@pytest.mark.parametrize(("export", "form"), ADDRESSES)
def test_every_address_gives_the_media_type_that_is_told_of_it(export, form, documents, client):
    assert export.languages()
    for language in export.languages():
        answer = client.get(form.address(language))
        assert answer.status_code == 200, (export.name, language)
        assert answer["Content-Type"].partition(";")[0] == form.media_type
        assert answer.get("Content-Language", language) == language


@pytest.mark.parametrize("name", NAMES)
def test_a_description_holds_what_an_entry_of_a_catalogue_needs(name, documents, client):
    export = exports.registered()[name]
    assert str(export.title) and str(export.description) and export.keywords
    assert export.licence.startswith("https://") and export.themes
    assert re.fullmatch(r"[A-Z]{4}", export.themes[0])
    if export.changed and (changed := export.changed()):
        assert changed <= timezone.now()
    if export.landing_page:
        assert client.get(export.landing_page("en")).status_code == 200
    assert list(export.versions() if export.versions else ()) == []


def test_the_time_of_the_last_change_of_the_services_is_known(documents):
    assert exports.registered()["services"].changed() is not None


def test_the_catalogue_of_apis_lists_every_export(documents, client):
    answer = client.get("/.well-known/api-catalog")
    contexts = answer.json()["linkset"]
    listed = [item for context in contexts if "item" in context for item in context["item"]]
    titled = {
        title["value"]: item["href"]
        for item in listed
        for title in item.get("title*", ())
        if title["language"] == "en"
    }
    assert titled["Services"] == "http://testserver/api/v1/services/"
    assert len(titled) == len(exports.registered())
    services = next(each for each in contexts if each["anchor"] == titled["Services"])
    assert services["license"][0]["href"].startswith("https://creativecommons.org/")
    assert {"text/csv", "text/turtle", "text/html"} <= {each["type"] for each in services["alternate"]}
    for each in services["alternate"]:
        assert client.get(each["href"]).status_code == 200, each
