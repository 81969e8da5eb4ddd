"""The public log of changed facts tells of whatever an app registers: here of offices, which are records, and of pages."""

from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.test import override_settings
from django.utils import timezone

from egov_cms.editing import change_log, subjects
from egov_cms.editing.change_log import FactDifference, record
from egov_cms.editing.models import ChangeLogEntry
from egov_cms.site import public_codes, query_parameters
from egov_cms.site.models import Governorate, LegalReference, Office, SectionPage
from egov_cms.site.public_codes import PublicSubject
from tests.site.conftest import add_page

LIST = "/en/services/changes/"
PATTERN = r"[A-Za-z0-9._:/-]{1,100}"
ATOM = "{http://www.w3.org/2005/Atom}"


def words(**texts):
    return {"ar": "عربي", "ckb": "کوردی", "en": "English", **texts}


def told(entry, language):
    return f"{entry.field}: {entry.before} → {entry.after} ({language})"


def offices(codes, language):
    found = Office.objects.filter(slug__in=codes)
    return {
        office.slug: PublicSubject(
            office.slug, office.name.best(language)[0], f"/{language}/offices/{office.slug}/", language
        )
        for office in found
    }


def sections(codes, language):
    pages = SectionPage.objects.live().filter(slug__in=codes, locale__language_code=language)
    return {page.slug: PublicSubject(page.slug, page.title, page.url, language) for page in pages}


@pytest.fixture
def kinds(monkeypatch):
    """Offices are a kind of thing that the log tells of, the only one for one test."""
    monkeypatch.setattr(subjects, "_subjects", {})
    monkeypatch.setattr(query_parameters, "_parameters", dict(query_parameters._parameters))
    monkeypatch.setattr(public_codes, "_kinds", {})
    public_codes.register_code(
        "office", label="Office", code_help="Address of an office.", pattern=PATTERN, resolve=offices
    )
    subjects.register_subject(
        "office",
        all_label="All offices",
        heading="Changes of offices",
        introduction="When offices moved.",
        facts={"address": "address", "hours": "opening hours"},
        sentence=told,
    )
    cache.clear()


@pytest.fixture
def two_kinds(kinds):
    public_codes.register_code(
        "section", label="Section", code_help="Slug of a section.", pattern=PATTERN, resolve=sections
    )
    subjects.register_subject(
        "section",
        all_label="All sections",
        heading="Changes of sections",
        introduction="What sections say.",
        facts={"wording": "wording"},
        sentence=told,
    )


@pytest.fixture
def office(homes):
    place = Governorate.objects.create(code="BG", slug="baghdad", name=words(en="Baghdad"))
    return Office.objects.create(slug="karkh", governorate=place, name=words(en="Karkh passport office"))


MOVED = FactDifference("address", "", "street", "Haifa Street", "Palestine Street")


@pytest.fixture
def moved(kinds, office, editor):
    law = LegalReference.objects.create(slug="order-7", title=words(en="Order 7"), number="7", year=2026)
    (entry,) = record(
        "office",
        "karkh",
        [MOVED],
        about=office,
        title=office.name,
        reason="The lease ended.",
        law=law,
        changed_by_id=editor.pk,
    )
    return entry


def page(client, query="", language="en"):
    answer = client.get(f"/{language}/services/changes/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_entry_keeps_what_changed_who_wrote_it_and_what_it_is_about(moved, office, editor):
    moved.refresh_from_db()
    assert (moved.subject, moved.code, moved.record, moved.page) == ("office", "karkh", office, None)
    assert (moved.what, moved.field, moved.before, moved.after) == (
        "address",
        "street",
        "Haifa Street",
        "Palestine Street",
    )
    assert (moved.reason, moved.law.slug, moved.changed_by) == ("The lease ended.", "order-7", editor)
    assert list(ChangeLogEntry.objects.about(office)) == list(ChangeLogEntry.objects.of("office", ["karkh"]))


def test_whoever_wrote_one_fact_stands_at_that_fact(kinds, office, editor, admin_user):
    other = FactDifference("hours", "sunday", "", "8–14", "9–15", changed_by_id=admin_user.pk)
    entries = record("office", "karkh", [MOVED, other], about=office, changed_by_id=editor.pk)
    assert [entry.changed_by_id for entry in entries] == [editor.pk, admin_user.pk]


@pytest.mark.parametrize(("kind", "what"), [("ship", "address"), ("office", "captain")])
def test_what_nobody_has_registered_is_not_written(kinds, db, kind, what):
    with pytest.raises(LookupError):
        record(kind, "karkh", [FactDifference(what, "", "", 1, 2)])
    assert not ChangeLogEntry.objects.exists()


def test_nothing_that_differs_is_nothing_to_tell(kinds, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert record("office", "karkh", []) == []


@pytest.mark.parametrize("language", ["ar", "ckb", "en"])
def test_the_page_tells_it_in_each_language(moved, office, client, language):
    text = page(client, language=language)
    assert f"street: Haifa Street → Palestine Street ({language})" in text
    assert f'<a href="/{language}/offices/karkh/">{office.name.best(language)[0]}</a>' in text
    assert "The lease ended." in text
    assert f'<html lang="{language}"' in text


def test_the_page_speaks_of_the_only_kind_that_there_is(moved, client):
    text = page(client)
    assert "<h1>Changes of offices</h1>" in text
    assert 'name="office"' in text
    assert 'name="subject"' not in text


def test_an_office_that_is_gone_is_called_what_it_was_called(moved, office, client):
    office.delete()
    text = page(client)
    assert "<bdi>Karkh passport office</bdi>" in text
    moved.refresh_from_db()
    assert (moved.record, moved.object_id != "") == (None, True)


def test_a_title_in_another_language_says_so(kinds, client, homes):
    record("office", "gone", [MOVED], title={"ar": "دائرة قديمة"})
    record("office", "unnamed", [MOVED])
    text = page(client)
    assert '<bdi lang="ar" dir="rtl">دائرة قديمة</bdi>' in text
    assert "<bdi>unnamed</bdi>" in text


def test_the_page_is_narrowed_and_refuses_what_it_does_not_know(moved, client):
    record("office", "rusafa", [FactDifference("hours", "sunday", "", "8–14", "9–15")])
    assert "Haifa" in page(client, "?office=karkh")
    assert "Haifa" not in page(client, "?office=rusafa")
    assert "Haifa" not in page(client, "?kind=hours")
    assert "No change fits" in page(client, "?office=karkh&kind=hours")
    for query in ("?office=unknown", "?kind=captain", "?subject=ship"):
        assert client.get(LIST + query).status_code == 404


def test_several_kinds_of_things_stand_in_one_log(two_kinds, moved, homes, client):
    section = add_page(homes["en"], SectionPage, title="Passports", slug="passports")
    record("section", "passports", [FactDifference("wording", "", "text", "old", "new")], about=section)
    text = page(client)
    assert "<h1>Changes of published facts</h1>" in text
    assert "Karkh passport office" in text
    assert f'<a href="{section.url}">Passports</a>' in text
    assert 'name="subject"' in text
    narrowed = page(client, "?subject=section")
    assert "<h1>Changes of sections</h1>" in narrowed
    assert "Karkh passport office" not in narrowed
    assert 'name="section"' in narrowed
    assert "feed.atom?subject=section" in narrowed
    assert list(ChangeLogEntry.objects.about(section)) == list(
        ChangeLogEntry.objects.of("section", ["passports"])
    )


def test_the_feed_is_atom_and_is_narrowed(moved, client):
    record("office", "rusafa", [MOVED])
    for query, number in (("", 2), ("?office=karkh", 1), ("?office=unknown", 0), ("?subject=office", 2)):
        answer = client.get(f"{LIST}feed.atom{query}")
        assert answer["Content-Type"].startswith("application/atom+xml")
        feed = ElementTree.fromstring(answer.content)
        assert len(feed.findall(f"{ATOM}entry")) == number, query
    entry = ElementTree.fromstring(client.get(f"{LIST}feed.atom?office=karkh").content).find(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "Karkh passport office: address"
    assert entry.findtext(f"{ATOM}summary").splitlines()[1:] == ["The lease ended.", "Order 7"]


def test_programs_read_it_under_the_name_of_the_kind(two_kinds, moved, client):
    record("section", "passports", [FactDifference("wording", "", "text", {"a": 1}, None)])
    found = client.get("/api/v1/changes/", {"office": "karkh"}).json()["data"]
    assert [(each["subject"], each["office"], each["section"]) for each in found] == [
        ("office", "karkh", None)
    ]
    assert (found[0]["what"], found[0]["before"], found[0]["law"]) == ("address", "Haifa Street", "order-7")
    both = client.get("/api/v1/changes/", {"office": "karkh", "section": "passports"}).json()["data"]
    assert [each["subject"] for each in both] == ["section", "office"]
    assert client.get("/api/v1/changes/", {"subject": "section"}).json()["data"] == both[:1]
    assert client.get("/api/v1/changes/", {"service": "IQ-MOI-004"}).status_code == 400
    head, *rows = client.get("/api/v1/changes.csv").content.decode("utf-8-sig").splitlines()
    assert head == "id,subject,office,section,what,row,field,before,after,reason,law,happened_at"
    assert len(rows) == 2
    feed = ElementTree.fromstring(client.get("/api/v1/changes.atom", {"lang": "en"}).content)
    assert len(feed.findall(f"{ATOM}entry")) == 2


def test_what_is_hidden_or_whose_app_is_gone_is_not_public(two_kinds, moved, client):
    record("section", "passports", [FactDifference("wording", "", "text", 1, 2)])
    ChangeLogEntry.objects.filter(subject="office").update(public=False)
    subjects._subjects.pop("section")
    cache.clear()
    assert "No facts have changed yet." in page(client)
    assert client.get("/api/v1/changes/").json()["data"] == []


def test_an_empty_log_says_so(kinds, homes, client):
    assert "No facts have changed yet." in page(client)


@override_settings(EGOV={"PAGE_CACHE_SECONDS": 0, "REQUIRE_MFA": False})
def test_the_page_costs_the_same_for_many_changes(moved, client, django_assert_max_num_queries):
    record("office", "karkh", [MOVED] * 200)
    client.get(LIST)
    with django_assert_max_num_queries(25):
        client.get(LIST + "?page=2")


def test_a_new_entry_drops_the_kept_page(moved, client):
    assert "Rusafa" not in page(client)
    record("office", "rusafa", [MOVED], title={"en": "Rusafa"})
    assert "Rusafa" in page(client)


def test_the_latest_comes_first(kinds, db):
    record("office", "a", [MOVED])
    record("office", "b", [MOVED])
    ChangeLogEntry.objects.filter(code="a").update(happened_at=timezone.now())
    assert [change.entry.code for change in change_log.in_words(ChangeLogEntry.objects.all(), "en")] == [
        "a",
        "b",
    ]
