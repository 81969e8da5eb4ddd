"""What happens to the source page of a service happens to its translations, by every road."""

import datetime

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from egov_cms.editing.models import ChangeLogEntry
from egov_cms.search.models import Entry
from egov_cms.services.models import ServiceIndexPage, ServicePage, ServiceSnapshot
from egov_cms.site import publication
from egov_cms.site.gate import PublishRefused
from egov_cms.site.models import base
from egov_cms.site.publication import changed, current, together

CODE = "IQ-MOI-004"


def family():
    pages = ServicePage.objects.filter(service_code=CODE).select_related("locale")
    return {page.locale.language_code: page for page in pages}


def live():
    return {language for language, page in family().items() if page.live}


@pytest.fixture
def admin(sample, settings):
    settings.EGOV = {**settings.EGOV, "REQUIRE_MFA": False}
    user = User.objects.create_superuser("root", "root@example.gov.iq", "password")
    client = Client()
    client.force_login(user)
    return client


def by_hand(client, page):
    page.unpublish()


def in_the_admin(client, page):
    client.post(reverse("wagtailadmin_pages:unpublish", args=[page.pk]))


def by_bulk_action(client, page):
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "unpublish"])
    client.post(f"{address}?id={page.pk}")


def by_schedule(client, page):
    ServicePage.objects.filter(pk=page.pk).update(expire_at=timezone.now() - datetime.timedelta(minutes=1))
    call_command("publish_scheduled")


WAYS = {"method": by_hand, "admin": in_the_admin, "bulk": by_bulk_action, "schedule": by_schedule}


@pytest.mark.parametrize("way", WAYS)
def test_withdrawn_in_all_languages_and_back_again(admin, way):
    before = live()
    words = family()["ckb"].title
    WAYS[way](admin, family()["ar"])
    assert (live(), ServiceSnapshot.objects.filter(service_code=CODE).count()) == (set(), 0)
    assert ChangeLogEntry.objects.filter(code=CODE, field="published", after__isnull=True).count() == 1
    page = family()["ar"]
    page.expire_at = None
    page.save_revision().publish()
    assert live() == before
    assert family()["ckb"].title == words
    assert ServiceSnapshot.objects.get(service_code=CODE).document["title"]["ckb"] == words


def test_a_translation_that_was_withdrawn_by_itself_stays_away(sample):
    family()["ckb"].unpublish()
    assert live() == {"ar", "en"}
    family()["ar"].unpublish()
    family()["ar"].save_revision().publish()
    assert live() == {"ar", "en"}


def test_a_translation_is_not_published_before_its_source(sample):
    family()["ar"].unpublish()
    with pytest.raises(PublishRefused) as refused:
        family()["en"].save_revision().publish()
    assert [problem.code for problem in refused.value.problems] == ["source_not_public"]


@pytest.mark.parametrize("way", ["method", "admin", "queryset"])
def test_deleted_in_all_languages(admin, way):
    page = family()["ar"]
    if way == "method":
        page.delete()
    elif way == "admin":
        admin.post(reverse("wagtailadmin_pages:delete", args=[page.pk]))
    else:
        with together():
            Page.objects.filter(pk=page.pk).delete()
    assert family() == {}
    entry = ChangeLogEntry.objects.get(code=CODE, field="published")
    assert (entry.after, entry.page) == (None, None)


def test_a_deleted_translation_takes_nothing_with_it(sample):
    family()["en"].delete()
    assert live() == {"ar", "ckb"}


def test_moved_below_the_same_page_in_every_language(sample):
    index = family()["ar"].get_parent()
    places = {}
    for page in Page.objects.filter(translation_key=index.translation_key).select_related("locale"):
        section = ServiceIndexPage(title="قسم", slug="moved", locale=page.locale)
        if places:
            section.translation_key = next(iter(places.values())).translation_key
        places[page.locale.language_code] = page.get_parent().add_child(instance=section)
    family()["ar"].move(places["ar"], pos="last-child")
    assert {language: page.get_parent().pk for language, page in family().items()} == {
        language: place.pk for language, place in places.items()
    }
    assert all(Client().get(page.url).status_code == 200 for page in family().values())
    urls = ServiceSnapshot.objects.get(service_code=CODE).document["urls"]
    assert urls == {language: page.url for language, page in family().items()}


def test_protected_in_every_language_and_open_again(sample):
    addresses = [page.url for page in family().values()]
    restriction = PageViewRestriction.objects.create(
        page=Page.objects.get(pk=family()["ar"].pk), restriction_type="login"
    )
    assert {Client().get(address).status_code for address in addresses} == {302}
    restriction.delete()
    assert {Client().get(address).status_code for address in addresses} == {200}
    assert ServiceSnapshot.objects.filter(service_code=CODE).exists()


def test_protection_does_not_depend_on_what_is_kept(sample, monkeypatch):
    """A process whose cache knows nothing of the restriction still asks for it."""
    page = family()["ckb"]
    PageViewRestriction.objects.create(page=Page.objects.get(pk=family()["ar"].pk), restriction_type="login")
    monkeypatch.setattr(base, "restricted", lambda: base.Restricted([], []))
    assert Client().get(page.url).status_code == 302


def test_the_oldest_page_is_the_source_where_the_default_language_has_none(sample):
    ServicePage.objects.get(pk=family()["ar"].pk)
    rows = {language: page for language, page in family().items() if language != "ar"}
    with together(skipped=frozenset({"facts"})):
        family()["ar"].delete()
    source, follower = sorted(rows.values(), key=lambda page: page.pk)
    PageViewRestriction.objects.create(page=Page.objects.get(pk=source.pk), restriction_type="login")
    assert not ServicePage.objects.public().filter(service_code=CODE).exists()
    assert Client().get(follower.url).status_code == 302


def test_another_slug_reaches_what_stands_below_in_the_same_transaction(sample):
    index = Page.objects.get(pk=family()["ar"].get_parent().pk).specific
    with transaction.atomic():
        index.slug = "catalogue"
        index.save()
        assert family()["ar"].url == f"/ar/catalogue/{family()['ar'].slug}/"
        assert ServiceSnapshot.objects.get(service_code=CODE).document["urls"]["ar"] == family()["ar"].url
        assert Entry.objects.get(document_id=CODE, locale="ar").url == family()["ar"].url


def test_what_stands_below_an_expired_page_is_still_found(sample):
    index = Page.objects.get(pk=family()["ar"].get_parent().pk)
    Page.objects.filter(pk=index.pk).update(expire_at=timezone.now() - datetime.timedelta(minutes=1))
    assert Client().get(index.url).status_code == 404
    assert Client().get(family()["ar"].url).status_code == 200


def test_a_protected_translation_hides_nothing_else(sample):
    PageViewRestriction.objects.create(page=Page.objects.get(pk=family()["en"].pk), restriction_type="login")
    assert Client().get(family()["ar"].url).status_code == 200
    assert set(ServiceSnapshot.objects.get(service_code=CODE).document["urls"]) == {"ar", "ckb"}


def test_steps_run_once_for_all_that_a_block_notes(sample, monkeypatch):
    seen = []
    monkeypatch.setitem(
        publication._steps["copies"], "test", lambda events: seen.append({event.pk for event in events})
    )
    pages = family()
    with together():
        for page in pages.values():
            changed(page, "saved")
        assert seen == []
    assert seen == [{page.pk for page in pages.values()}]
    assert current() is None


def test_a_block_that_is_rolled_back_runs_no_step(sample, monkeypatch):
    seen = []
    monkeypatch.setitem(publication._steps["copies"], "test", seen.append)
    with transaction.atomic(), together():
        changed(family()["ar"], "saved")
        transaction.set_rollback(True)
    assert seen == []


def test_a_tree_that_is_deleted_outside_the_admin_is_one_publication(sample, monkeypatch):
    runs, run = [], publication._run
    monkeypatch.setattr(publication, "_run", lambda block: (runs.append(block), run(block)))
    ServiceIndexPage.objects.get(locale__language_code="ar").get_children().delete()
    assert len(runs) == 1
    assert not ServicePage.objects.exists() and not ServiceSnapshot.objects.exists()
    assert ChangeLogEntry.objects.filter(field="published").count() == 30
    connection.check_constraints()


def test_a_deletion_that_failed_leaves_nothing_behind(sample, monkeypatch):
    children = ServiceIndexPage.objects.get(locale__language_code="ar").get_children()
    with pytest.raises(RuntimeError), transaction.atomic():
        monkeypatch.setattr(publication, "_run", fail)
        children.delete()
    monkeypatch.undo()
    assert ServicePage.objects.count() == 90
    children.first().specific.delete()
    assert ServicePage.objects.count() == 87


def fail(_block):
    raise RuntimeError("killed")
