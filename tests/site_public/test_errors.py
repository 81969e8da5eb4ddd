"""403, 404 and 500 in the language of the address."""

import pytest
from django.test import Client

from egov_cms.site.models import ContentPage, HomePage

from .conftest import CODES

TITLES = {"en": "Page not found", "ar": "الصفحة غير موجودة", "ckb": "پەڕەکە نەدۆزرایەوە"}


@pytest.mark.parametrize("code", CODES)
def test_a_missing_page_offers_search_and_the_sections(ministry, client, code):
    response = client.get(f"/{code}/nowhere/")
    assert response.status_code == 404
    html = response.content.decode()
    assert f'<html lang="{code}"' in html
    assert TITLES[code] in html
    assert f'action="/{code}/search/"' in html
    assert f'href="/{code}/news/"' in html
    assert "hreflang" not in html.partition("</head>")[0]
    assert "canonical" not in html.partition("</head>")[0]
    assert not response.cookies


def test_a_page_that_is_not_translated_names_the_languages_that_have_it(ministry, client):
    ministry["mission"]["ckb"].unpublish()
    response = client.get("/ckb/about/mission/")
    assert response.status_code == 404
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    assert 'href="/ar/about/mission/"' in main
    assert 'href="/en/about/mission/"' in main
    assert 'href="/ckb/about/mission/"' not in main


def test_no_page_is_served_in_another_language(ministry, client):
    HomePage.objects.get(locale__language_code="ckb").unpublish()
    for path in ("", "about/", "about/mission/"):
        response = client.get(f"/ckb/{path}")
        assert response.status_code == 404 or 'lang="ckb"' in response.content.decode()
        assert "home ar" not in response.content.decode()


def test_a_record_below_a_missing_index_is_found_in_the_other_languages(ministry, client):
    ministry["offices"]["en"].unpublish()
    main = (
        client.get("/en/offices/baghdad/karkh/")
        .content.decode()
        .partition("<main")[2]
        .partition("</main>")[0]
    )
    assert 'href="/ar/offices/baghdad/karkh/"' in main


def test_a_record_that_does_not_exist_is_offered_nowhere(ministry, client):
    response = client.get("/en/offices/baghdad/nowhere/")
    assert response.status_code == 404
    assert TITLES["en"] in response.content.decode()


def test_a_restricted_page_is_not_revealed(ministry, client):
    from wagtail.models import PageViewRestriction

    ministry["mission"]["ckb"].unpublish()
    PageViewRestriction.objects.create(
        page=ministry["mission"]["en"], restriction_type=PageViewRestriction.PASSWORD, password="secret"
    )
    main = client.get("/ckb/about/mission/").content.decode().partition("<main")[2]
    assert 'href="/en/about/mission/"' not in main.partition("</main>")[0]


def test_errors_run_few_queries(ministry, client, django_assert_max_num_queries):
    with django_assert_max_num_queries(25):
        client.get("/en/offices/baghdad/karkh/deeper/still/")


def test_an_address_without_language_redirects_to_the_readers_language(ministry, client):
    response = client.get("/about/", headers={"Accept-Language": "en"})
    assert response.status_code == 302
    assert response.headers["Location"] == "/en/about/"


@pytest.mark.parametrize("code", CODES)
def test_the_500_page_needs_no_database(ministry, code, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(ContentPage, "get_context", fail)
    response = Client(raise_request_exception=False).get(f"/{code}/about/mission/")
    assert response.status_code == 500
    html = response.content.decode()
    assert f'<html lang="{code}" dir="{"ltr" if code == "en" else "rtl"}">' in html
    assert f'href="/{code}/"' in html
    assert "no-store" in response.headers["Cache-Control"]


def test_the_500_page_needs_no_collected_files(rf, settings, tmp_path):
    from egov_cms.site.views.errors import server_error

    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
    }
    settings.STATIC_ROOT = tmp_path
    response = server_error(rf.get("/en/"))
    assert response.status_code == 500
    assert "stylesheet" not in response.content.decode()


def test_the_403_page_is_in_the_language_of_the_address(rf, ministry):
    from egov_cms.site.views.errors import forbidden

    response = forbidden(rf.get("/ckb/secret/"))
    assert response.status_code == 403
    assert '<html lang="ckb" dir="rtl">' in response.content.decode()
