"""A kept page stays kept when something that it does not show is published; one address of every page type."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from egov_cms.site import models as site

ADDRESSES = {
    "home": "",
    "section": "about/",
    "content": "about/mission/",
    "statement": "privacy/",
    "news": "news/",
    "story": "news/story/",
    "organisation": "organisation/",
    "unit": "organisation/finance/",
    "people": "people/",
    "person": "people/sara-ahmed/",
    "offices": "offices/",
    "governorate": "offices/baghdad/",
    "office": "offices/baghdad/karkh/",
    "laws": "legislation/",
    "law": "legislation/law-8-2019/",
    "faq": "faq/",
    "a-z": "a-z/",
    "site-map": "site-map/",
}
# These list pages of every type.
LISTS = {"home", "section", "a-z", "site-map"}


def page(name):
    return lambda made: type(made[name]["en"]).objects.get(pk=made[name]["en"].pk).save_revision().publish()


def row(model):
    return lambda made: model.objects.first().save()


def draft(made):
    site.NewsPage.objects.get(pk=made["story"]["en"].pk).save_revision()


# What is changed → the addresses that may be made anew for it. No other may.
CHANGES = {
    "a draft": (draft, set()),
    "content page": (page("mission"), LISTS | {"content"}),
    "news item": (page("story"), LISTS | {"news", "story"}),
    "unit": (
        page("unit"),
        LISTS | {"organisation", "unit", "person", "people", "office", "offices", "governorate"},
    ),
    "person": (page("person"), LISTS | {"people", "person", "unit"}),
    "office": (row(site.Office), {"offices", "governorate", "office", "unit"}),
    "governorate": (row(site.Governorate), {"offices", "governorate", "office", "unit"}),
    "law": (row(site.LegalReference), {"laws", "law", "person"}),
    "question": (row(site.Faq), {"faq"}),
}


@pytest.fixture
def kept(ministry, client):
    """`kept()`: names of the addresses that are answered without a query."""
    law = site.LegalReference.objects.get()
    addresses = ADDRESSES | {"law": f"legislation/{law.slug}/"}

    def ask():
        found = set()
        for name, address in addresses.items():
            with CaptureQueriesContext(connection) as queries:
                assert client.get(f"/en/{address}").status_code == 200, address
            if not len(queries):
                found.add(name)
        return found

    ask()
    assert ask() == set(ADDRESSES)
    return ask


@pytest.mark.parametrize("change", CHANGES)
def test_only_what_shows_it_is_made_anew(ministry, kept, change):
    make, may_go = CHANGES[change]
    make(ministry)
    assert set(ADDRESSES) - kept() <= may_go


@pytest.mark.parametrize("name", ["settings", "identity"])
def test_what_nobody_knows_the_pages_of_drops_all(ministry, kept, name):
    {"settings": site.SiteSettings, "identity": site.MinistryIdentity}[name].objects.get().save()
    assert not kept()


def test_a_page_in_the_menu_drops_all(ministry, kept):
    page("news")(ministry)
    assert not kept()


def test_parameters_that_an_address_does_not_read_make_no_other_entry(
    ministry, client, django_assert_num_queries
):
    for address in ("/robots.txt", "/en/about/mission/", "/en/people/sara-ahmed/", "/en/news/feed.atom"):
        client.get(address)
        for number in range(3):
            with django_assert_num_queries(0):
                client.get(address, {"tag": number, "year": 2020, "page": number + 1})


def test_a_page_number_beyond_the_last_makes_no_other_entry(ministry, client):
    from django.core.cache import cache

    client.get("/en/news/")
    before = sum("egov-page-" in key for key in cache._cache)
    for number in range(2, 30):
        assert client.get("/en/news/", {"page": number}).status_code == 200
    assert sum("egov-page-" in key for key in cache._cache) == before


def test_an_address_has_a_bounded_number_of_entries(ministry, client, monkeypatch):
    from django.core.cache import cache

    from egov_cms.site import page_cache

    monkeypatch.setattr(page_cache, "MOST_VARIANTS", 3)
    for kind in site.LegalReference.Kind.values:
        for status in site.LegalReference.Status.values:
            client.get("/en/legislation/", {"kind": kind, "status": status})
    assert sum("egov-page-" in key for key in cache._cache) == 3


def test_large_bodies_are_not_kept(ministry, client, monkeypatch):
    from egov_cms.site import middleware

    monkeypatch.setattr(middleware, "LARGEST", 100)
    client.get("/en/about/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/en/about/")
    assert len(queries)
