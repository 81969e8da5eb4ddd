"""The base page, its slugs, comments and sites."""

import pytest
from django.contrib.auth.models import Permission
from django.test import RequestFactory
from wagtail.models import Comment, Site
from wagtail.models import Page as StandardPage

from egov_cms.adapters.wagtail.pages import (
    COMMENTS_RELATION_NAME,
    DefaultSlug,
    open_comments,
    page_model,
    page_model_name,
    page_permission,
    page_pointer,
    remember_route,
    remember_site,
    routed_page,
    site_of_host,
    slug_is_free,
)
from egov_cms.site.models import HomePage, SectionPage
from tests.site.conftest import add_page

pytestmark = [pytest.mark.contract, pytest.mark.django_db]


def test_the_base_page_is_wagtails_unless_a_project_chooses_another():
    assert page_model() is StandardPage
    assert page_model_name() == page_model()._meta.label
    assert HomePage._meta.get_field(page_pointer()).related_model is page_model()


@pytest.mark.parametrize("action", ["add", "change", "delete", "publish", "bulk_delete", "lock", "unlock"])
def test_permissions_are_named_after_the_base_page(action):
    app, codename = page_permission(action).split(".")
    assert Permission.objects.filter(content_type__app_label=app, codename=codename).count() == 1


def test_a_page_without_slug_gets_the_proposed_one(homes, monkeypatch):
    monkeypatch.setattr(SectionPage, "default_slug", lambda page: "proposed")
    assert issubclass(SectionPage, DefaultSlug)
    for slug in ("proposed", "proposed-2"):
        page = add_page(homes["ar"], SectionPage, title="وزارة الصحة")
        assert page.slug == slug
    draft = SectionPage(title="مسودة", locale=homes["ar"].locale)
    draft.fill_in_defaults()
    assert (draft.slug, draft.draft_title) == ("proposed", "مسودة")


def test_a_slug_is_free_where_no_other_child_has_it(homes):
    page = add_page(homes["ar"], SectionPage, title="About", slug="about")
    assert not slug_is_free("about", homes["ar"])
    assert slug_is_free("about", homes["ar"], page)
    assert slug_is_free("about", homes["en"])


def test_comments_that_nobody_resolved_belong_to_a_page(homes, admin):
    page = add_page(homes["ar"], SectionPage, title="About", slug="about")
    comments = [Comment(page=page, user=admin, text=text, contentpath="title") for text in ("one", "two")]
    Comment.objects.bulk_create(comments)
    Comment.objects.filter(text="two").update(resolved_at=page.first_published_at)
    assert [(each.page_id, each.text) for each in open_comments([page])] == [(page.pk, "one")]
    assert getattr(page, COMMENTS_RELATION_NAME).count() == 2
    (open_,) = getattr(page.get_latest_revision().as_object(), COMMENTS_RELATION_NAME).all()
    assert open_.text == "one"


def test_the_page_of_a_request_is_known_once_wagtail_has_looked(homes, django_assert_num_queries):
    page = add_page(homes["ar"], SectionPage, title="About", slug="about")
    request = RequestFactory().get("/ar/about/", SERVER_NAME="testserver")
    assert routed_page(request) is None
    assert page_model().find_for_request(request, "about/").pk == page.pk
    with django_assert_num_queries(0):
        assert routed_page(request).pk == page.pk
    missing = RequestFactory().get("/ar/nothing/", SERVER_NAME="testserver")
    page_model().find_for_request(missing, "nothing/")
    assert routed_page(missing) is None


def test_wagtail_takes_the_page_and_the_site_that_were_found_for_it(homes, django_assert_num_queries):
    page = add_page(homes["ar"], SectionPage, title="About", slug="about")
    request = RequestFactory().get("/ar/elsewhere/", SERVER_NAME="testserver")
    site = Site.objects.get()
    remember_site(request, site)
    remember_route(request, page.route(request, []))
    with django_assert_num_queries(0):
        assert Site.find_for_request(request) is site
        assert page_model().find_for_request(request, "elsewhere/") is page


def test_a_host_has_a_site(homes):
    default = Site.objects.get()
    other = Site.objects.create(hostname="other.example", port=8000, root_page=homes["en"])
    assert site_of_host("other.example", 8000) == other
    assert site_of_host("stranger.example", 80) == default
    Site.objects.all().delete()
    assert site_of_host("stranger.example", 80) is None
