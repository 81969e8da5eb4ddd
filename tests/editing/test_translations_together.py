"""No confirmation hides that other languages stay public: they are listed, and what is ticked gets the same."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from wagtail.models import GroupPagePermission, PageViewRestriction
from wagtail.users.models import UserProfile

from egov_cms.adapters.wagtail.pages import page_model
from egov_cms.editing import translations_together as together
from egov_cms.site.models import PersonPage, SectionPage
from egov_cms.testing.factories import add_page, publish, translate

Page = page_model()


def everywhere(page, **titles):
    """A public page in three languages: {code: page}."""
    pages = {"ar": page}
    for code in ("ckb", "en"):
        translation = translate(page, code)
        translation.title = titles.get(code, f"{page.slug} {code}")
        pages[code] = publish(translation)
    return pages


def in_english(user):
    UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": "en"})


@pytest.fixture
def editing(editing, editor):
    """The editor, who reads the admin in English."""
    in_english(editor)
    return editing


@pytest.fixture
def sections(homes):
    """Two sections of the site, to move between."""
    return [
        everywhere(add_page(homes["ar"], SectionPage, title="الطرق", slug="roads")),
        everywhere(add_page(homes["ar"], SectionPage, title="النقل", slug="transport")),
    ]


@pytest.fixture
def pages(sections):
    """A page below the first of them."""
    return everywhere(add_page(sections[0]["ar"], SectionPage, title="الجسور", slug="bridges"))


@pytest.fixture
def without_sorani(group, homes):
    GroupPagePermission.objects.filter(group=group, page=homes["ckb"]).delete()


def address(name, *keys):
    return reverse(f"wagtailadmin_pages:{name}", args=keys)


def bulk(action, *pages):
    base = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
    return f"{base}?{'&'.join(f'id={page.pk}' for page in pages)}&next=/admin/"


def shown(answer):
    assert answer.status_code == 200
    markup = answer.json()["html"] if "json" in answer["Content-Type"] else answer.content
    return BeautifulSoup(markup, "html.parser").select_one("form .egov-together")


def ticks(part):
    """Key → is it ticked, of every translation that can be."""
    return {int(box["value"]): box.has_attr("checked") for box in part.select("input[name=translations]")}


def live(pages):
    return {
        page.locale.language_code
        for page in Page.objects.filter(pk__in=[p.pk for p in pages.values()], live=True)
    }


def told(client):
    """The messages of the last answer, seen on the next page of the admin."""
    text = BeautifulSoup(client.get("/admin/").content, "html.parser").select_one(".messages")
    return " ".join(text.get_text().split()) if text else ""


CONFIRMATIONS = {
    "unpublish": lambda pages, sections: address("unpublish", pages["ar"].pk),
    "delete": lambda pages, sections: address("delete", pages["ar"].pk),
    "move": lambda pages, sections: address("move_confirm", pages["ar"].pk, sections[1]["ar"].pk),
    "privacy": lambda pages, sections: address("set_privacy", pages["ar"].pk),
    "bulk unpublish": lambda pages, sections: bulk("unpublish", pages["ar"]),
    "bulk delete": lambda pages, sections: bulk("delete", pages["ar"]),
    "bulk move": lambda pages, sections: bulk("move", pages["ar"]),
}


@pytest.mark.parametrize("name", CONFIRMATIONS)
def test_every_confirmation_lists_the_other_languages_ticked(name, editing, pages, sections):
    part = shown(editing.get(CONFIRMATIONS[name](pages, sections)))
    assert ticks(part) == {pages["ckb"].pk: True, pages["en"].pk: True}
    text = part.get_text(" ", strip=True)
    assert "bridges ckb" in text and "کوردی" in text and "bridges en" in text and "open to everybody" in text
    assert "untick" in text


@pytest.mark.parametrize("name", CONFIRMATIONS)
def test_what_may_not_be_done_is_listed_as_one_that_stays(name, editing, pages, sections, without_sorani):
    part = shown(editing.get(CONFIRMATIONS[name](pages, sections)))
    assert ticks(part) == {pages["en"].pk: True}
    text = part.get_text(" ", strip=True)
    assert "stay as they are" in text and "bridges ckb" in text and "you may not do this" in text


def posted(name, pages, sections, *codes, **more):
    fields = {"translations": [pages[code].pk for code in codes], **more}
    if name == "bulk move":
        fields["chooser"] = sections[1]["ar"].pk
    if name == "privacy":
        fields |= {"restriction_type": "password", "password": "a quiet river 1975"}
    return CONFIRMATIONS[name](pages, sections), fields


def touched(name, pages):
    """The languages in which the action was done."""
    there = {
        page.locale.language_code: page
        for page in Page.objects.filter(translation_key=pages["ar"].translation_key).select_related("locale")
    }
    if "delete" in name:
        return {"ar", "ckb", "en"} - set(there)
    if "unpublish" in name:
        return {code for code, page in there.items() if not page.live}
    if "move" in name:
        return {code for code, page in there.items() if "/transport/" in page.url_path}
    return {restriction.page.locale.language_code for restriction in PageViewRestriction.objects.all()}


@pytest.mark.parametrize("codes", [(), ("en",), ("ckb", "en")])
@pytest.mark.parametrize("name", CONFIRMATIONS)
def test_what_is_ticked_gets_the_same_and_nothing_else(name, codes, editing, pages, sections):
    target, fields = posted(name, pages, sections, *codes)
    assert editing.post(target, fields).status_code in (200, 302)
    assert touched(name, pages) == {"ar", *codes}
    text = told(editing)
    for code in ("ckb", "en"):
        assert f"bridges {code}" in text, text


@pytest.mark.parametrize("name", CONFIRMATIONS)
def test_a_forged_tick_changes_nothing_that_the_person_may_not_change(
    name, editing, pages, sections, without_sorani
):
    target, fields = posted(name, pages, sections, "ckb", "en")
    editing.post(target, fields)
    assert touched(name, pages) == {"ar", "en"}
    editing.post(*posted(name, sections[0], sections))
    # A page that is no translation of this one is not touched either.
    stranger = sections[1]["en"]
    fields["translations"] = [stranger.pk]
    editing.post(target, fields)
    stranger.refresh_from_db()
    assert stranger.live and "/transport/" in stranger.url_path


@pytest.mark.parametrize("name", CONFIRMATIONS)
def test_all_of_it_is_one_transaction(name, editing, pages, sections, monkeypatch):
    """Whatever fails with the last translation takes everything back."""

    def fail(request, answer):
        raise RuntimeError("killed")

    monkeypatch.setattr(together.messages, "success", fail)
    editing.raise_request_exception = False
    target, fields = posted(name, pages, sections, "ckb", "en")
    assert editing.post(target, fields).status_code == 500
    assert touched(name, pages) == set()


def test_what_stays_public_is_said_afterwards(editing, pages, sections):
    editing.post(*posted("unpublish", pages, sections, "en"))
    text = told(editing)
    assert "The same was done in: English" in text and "Still public in: کوردی" in text


def test_a_tick_that_was_taken_away_stays_so_when_the_form_comes_back(editing, pages, sections, settings):
    settings.WAGTAILADMIN_UNSAFE_PAGE_DELETION_LIMIT = 1
    answer = editing.post(*posted("delete", pages, sections, "en", confirm_site_name="wrong"))
    assert ticks(shown(answer)) == {pages["ckb"].pk: False, pages["en"].pk: True}
    assert live(pages) == {"ar", "ckb", "en"}


def test_pages_below_are_withdrawn_with_each_language(editing, pages, sections):
    target, fields = posted("unpublish", sections[0], sections, "ckb", include_descendants="on")
    part = shown(editing.get(target))
    assert "with 1 page below it" in part.get_text(" ", strip=True)
    editing.post(target, fields)
    assert live(sections[0]) == {"en"} and live(pages) == {"en"}


def test_translations_of_pages_below_that_stand_elsewhere_are_named(client, admin, pages, sections):
    in_english(admin)
    client.force_login(admin)
    pages["en"].move(sections[1]["en"], pos="last-child")
    for name in ("unpublish", "delete", "privacy", "bulk delete"):
        text = shown(client.get(CONFIRMATIONS[name](sections[0], sections))).get_text(" ", strip=True)
        assert "elsewhere" in text.lower() and "bridges en" in text, name
    # What was moved below the English section has no translation below the Arabic one: nothing is elsewhere.
    text = shown(client.get(CONFIRMATIONS["unpublish"](sections[1], sections))).get_text(" ", strip=True)
    assert "elsewhere" not in text.lower() and "with 1 page below it" in text


def test_a_move_says_where_each_language_goes_or_why_it_stays(editing, pages, sections, homes):
    new = add_page(homes["ar"], SectionPage, title="الماء", slug="water")
    english = publish(translate(new, "en"))
    part = shown(editing.get(address("move_confirm", pages["ar"].pk, new.pk)))
    assert ticks(part) == {pages["en"].pk: True}
    text = part.get_text(" ", strip=True)
    assert "does not exist in this language" in text and f"“{english.title}”" in text
    # Where the address is taken, where it stands already.
    add_page(sections[1]["ckb"], SectionPage, title="هەمان ناونیشان", slug="bridges")
    pages["en"].move(sections[1]["en"], pos="last-child")
    text = shown(editing.get(CONFIRMATIONS["move"](pages, sections))).get_text(" ", strip=True)
    assert "another page there has its address" in text and "it stands there already" in text


def test_a_draft_translation_is_not_public_and_not_withdrawn(editing, pages, sections):
    pages["en"].unpublish()
    part = shown(editing.get(CONFIRMATIONS["unpublish"](pages, sections)))
    assert ticks(part) == {pages["ckb"].pk: True}
    assert "not published" in part.get_text(" ", strip=True)
    assert ticks(shown(editing.get(CONFIRMATIONS["delete"](pages, sections)))) == {
        pages["ckb"].pk: True,
        pages["en"].pk: True,
    }


def test_a_selected_translation_is_not_offered_twice(editing, pages, sections):
    part = shown(editing.get(bulk("unpublish", pages["ar"], pages["en"])))
    assert ticks(part) == {pages["ckb"].pk: True}


def test_protection_can_be_taken_away_together(editing, pages, sections):
    editing.post(*posted("privacy", pages, sections, "ckb", "en"))
    text = shown(editing.get(CONFIRMATIONS["privacy"](pages, sections))).get_text(" ", strip=True)
    assert "for some readers only" in text
    target, fields = posted("privacy", pages, sections, "en")
    editing.post(target, {**fields, "restriction_type": "none"})
    assert touched("privacy", pages) == {"ckb"}


@pytest.fixture
def person(people, homes):
    return everywhere(add_page(people, PersonPage, title="سارة أحمد", slug="sara-ahmed"))


@pytest.mark.parametrize("name", ["unpublish", "delete", "privacy", "bulk unpublish"])
def test_where_the_life_of_a_page_is_a_fact_there_is_nothing_to_untick(name, editing, person):
    part = shown(editing.get(CONFIRMATIONS[name](person, None)))
    assert ticks(part) == {}
    text = part.get_text(" ", strip=True)
    assert "This also" in text and "sara-ahmed ckb" in text and "sara-ahmed en" in text


def test_a_translation_alone_leaves_its_source_and_says_so(editing, person):
    part = shown(editing.get(address("unpublish", person["en"].pk)))
    assert ticks(part) == {}
    text = part.get_text(" ", strip=True)
    assert "stay as they are" in text and "سارة أحمد" in text and "sara-ahmed ckb" in text


def test_a_page_in_one_language_has_nothing_to_say(editing, homes):
    page = add_page(homes["ar"], SectionPage, title="وحيدة", slug="alone")
    for name in ("unpublish", "delete", "privacy", "bulk delete"):
        assert shown(editing.get(CONFIRMATIONS[name]({"ar": page}, None))) is None


def test_the_permissions_of_wagtail_are_asked_as_ever(client, pages, sections, group):
    for name in ("unpublish", "move", "privacy"):
        answer = client.get(CONFIRMATIONS[name](pages, sections))
        assert answer.status_code == 302 and "/login" in answer["Location"], name
