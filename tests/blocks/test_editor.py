"""The editor's form in a real browser: the menu of blocks, content of absent blocks, the table."""

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

ABSENT = {"dataset": "iq-2026"}
TABLE = {
    "cells": {
        "caption": "رسوم",
        "columns": [{"type": "text", "heading": "وثيقة"}],
        "rows": [{"values": ["شهادة"]}],
    }
}

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def editor(chromium, live_server, client):
    """A browser page with a signed-in administrator; closed at the end of the test."""
    user = get_user_model().objects.create_superuser("editor", "editor@example.iq", "secret")
    client.force_login(user)
    context = chromium.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 900})
    context.add_cookies(
        [
            {"name": name, "value": morsel.value, "url": live_server.url}
            for name, morsel in client.cookies.items()
        ]
    )
    page = context.new_page()
    page.problems = []
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    yield page
    context.close()


def test_the_form_shows_content_of_absent_blocks_but_does_not_offer_it(editor, make_page):
    page = make_page(("budget_chart", ABSENT), ("table", TABLE))
    editor.goto(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    unavailable = editor.locator("textarea[readonly]")
    unavailable.wait_for()
    assert "iq-2026" in unavailable.input_value()
    typed = editor.evaluate("[...document.querySelectorAll('input, textarea')].map(field => field.value)")
    assert {"رسوم", "وثيقة", "شهادة"} <= set(typed)
    editor.locator("button[data-streamblock-menu-open], .c-sf-add-button").last.click()
    options = editor.locator(".w-combobox__option-text")
    options.first.wait_for()
    labels = options.all_inner_texts()
    assert len(labels) >= 16
    assert not [label for label in labels if "غير منصّب" in label or "not installed" in label]
    assert editor.problems == []
