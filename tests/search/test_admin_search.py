"""The admin's search treats the same letters as equal as the public search."""

import pytest
from django.test import override_settings
from wagtail.models import Locale, Page
from wagtail.search.backends import get_search_backend

pytestmark = pytest.mark.contract
BACKEND = {"default": {"BACKEND": "egov_cms.search.wagtail_backend"}}


@pytest.fixture
def backend(db):
    root = Page.objects.get(depth=1)
    locale = Locale.objects.get_or_create(language_code="ar")[0]
    with override_settings(WAGTAILSEARCH_BACKENDS=BACKEND):
        backend = get_search_backend("default")
        for number, title in enumerate(["منح إجازة السوق", "تجديد جواز السفر"]):
            page = root.add_child(instance=Page(title=title, slug=f"p{number}", locale=locale))
            backend.add(page)
        yield backend


@pytest.mark.parametrize("query", ["اجازه سوق", "إجازات", "السوق", "اجازة السُوق"])
def test_a_page_is_found_by_variant_spellings_of_its_title(backend, query):
    assert [page.slug for page in backend.search(query, Page)] == ["p0"]


def test_all_words_are_required_unless_the_operator_is_or(backend):
    assert not backend.search("اجازة جواز", Page)
    assert len(backend.search("اجازة جواز", Page, operator="or")) == 2


@pytest.mark.parametrize("query", ["اجا", "السو", "منح اجازه"])
def test_autocomplete_matches_prefixes(backend, query):
    assert [page.slug for page in backend.autocomplete(query, Page)] == ["p0"]


@pytest.mark.parametrize("query", ['"', "'*(", "\x00", " ", "ـ", "AND OR", "😀", "a" * 10_000])
def test_special_characters_find_nothing_and_are_not_an_error(backend, query):
    assert list(backend.search(query, Page)) == []
    assert list(backend.autocomplete(query, Page)) == []
