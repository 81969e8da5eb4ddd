"""Two people edit one page: the second learns of the first before she saves, publishes or submits over her work."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from egov_cms.site.models import SectionPage
from egov_cms.testing.factories import add_page

pytestmark = pytest.mark.django_db

ACTIONS = ("", "action-publish", "action-submit")


@pytest.fixture
def page(homes):
    page = add_page(homes["ar"], SectionPage, title="الطرق", slug="roads")
    return SectionPage.objects.get(pk=page.pk)


def editor(name):
    user = User.objects.create_superuser(
        name, f"{name}@example.gov.iq", first_name=name.title(), last_name="Ali"
    )
    client = Client()
    client.force_login(user)
    return client


def address(page):
    return f"/admin/pages/{page.pk}/edit/"


def form_of(text):
    """What a browser without scripts sends: all inputs of the form as they stand, ticks left alone."""
    form = re.search(r'<form\s[^>]*id="page-edit-form".*?</form>', text, re.S).group()
    found = {}
    for tag in re.findall(r"<input[^>]*>", form):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if "name" in attributes and attributes.get("type") not in ("checkbox", "radio", "submit"):
            found[attributes["name"]] = attributes.get("value", "")
    for name, text in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>\s*(.*?)</textarea>', form, re.S):
        found[name] = "null" if "body" in name and not text else text
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)"\s+selected', options)
        found[name] = chosen.group(1) if chosen else ""
    return found


def opened(client, page, title):
    form = form_of(client.get(address(page)).content.decode())
    # A StreamField is drawn by scripts.
    return form | {"title": title, "body-count": "0"}


def send(client, page, form, action=""):
    return client.post(address(page), form | ({action: "1"} if action else {}))


def draft(page):
    return SectionPage.objects.get(pk=page.pk).get_latest_revision_as_object().title


@pytest.mark.parametrize("action", ACTIONS)
def test_the_second_is_told_and_decides(page, action):
    sara, huda = editor("sara"), editor("huda")
    first, second = opened(sara, page, "طرق سارة"), opened(huda, page, "طرق هدى")
    assert send(sara, page, first, "action-publish").status_code == 302
    refused = send(huda, page, second, action)
    text = refused.content.decode()
    assert refused.status_code == 200 and "Sara Ali" in text and "طرق هدى" in text
    assert draft(page) == "طرق سارة" and SectionPage.objects.get(pk=page.pk).title == "طرق سارة"
    # Sent again without the tick it is refused again, although the page now names the latest version.
    again = form_of(text) | {"body-count": "0"}
    assert again["title"] == "طرق هدى"
    assert "Sara Ali" in send(huda, page, again, action).content.decode()
    tick = re.search(r'name="egov_replace" value="(\d+)"', text).group(1)
    assert send(huda, page, again | {"egov_replace": tick}, action).status_code == 302
    assert draft(page) == "طرق هدى"


def test_a_tick_does_not_hold_for_a_third_version(page):
    sara, huda = editor("sara"), editor("huda")
    second = opened(huda, page, "طرق هدى")
    send(sara, page, opened(sara, page, "طرق سارة"))
    text = send(huda, page, second).content.decode()
    tick = re.search(r'name="egov_replace" value="(\d+)"', text).group(1)
    send(sara, page, opened(sara, page, "طرق سارة مرة أخرى"))
    refused = send(huda, page, form_of(text) | {"body-count": "0", "egov_replace": tick})
    assert refused.status_code == 200 and draft(page) == "طرق سارة مرة أخرى"


def test_nobody_is_told_of_herself(page):
    sara = editor("sara")
    first, second = opened(sara, page, "نافذة أولى"), opened(sara, page, "نافذة ثانية")
    assert send(sara, page, first).status_code == 302
    assert send(sara, page, second).status_code == 302
    assert draft(page) == "نافذة ثانية"


def test_one_after_the_other_is_no_conflict(page):
    sara, huda = editor("sara"), editor("huda")
    assert send(sara, page, opened(sara, page, "طرق سارة")).status_code == 302
    assert send(huda, page, opened(huda, page, "طرق هدى"), "action-publish").status_code == 302
    assert SectionPage.objects.get(pk=page.pk).title == "طرق هدى"


@pytest.mark.contract
def test_the_form_of_every_page_type_knows_others():
    from wagtail.models import get_page_models

    from egov_cms.site.models import SitePage
    from egov_cms.site.two_editors import KnowsOthers

    kinds = [model for model in get_page_models() if issubclass(model, SitePage)]
    assert len(kinds) > 10
    for model in kinds:
        assert issubclass(model.get_edit_handler().get_form_class(), KnowsOthers), model


@pytest.mark.parametrize("moment", ["yesterday", "2026-13-01T00:00:00", "2026-01-01", "\x00"])
def test_a_malformed_moment_is_no_error(page, moment):
    sara = editor("sara")
    form = opened(sara, page, "طرق") | {"loaded_revision_created_at": moment}
    assert send(sara, page, form).status_code == 302
