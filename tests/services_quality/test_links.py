"""A start link that fails twice in a row gives way to words, and comes back by itself."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from egov_cms.fetching import CheckResult
from egov_cms.services.models import LinkCheck, ServiceChannel, ServicePage
from egov_cms.services.quality import links, tasks
from egov_cms.services.snapshots import store

URL = "https://ur.gov.iq/driving"


@pytest.fixture
def online(service):
    """Every language of a service begins at URL; no other service begins anywhere."""
    ServiceChannel.objects.update(url="")
    ServicePage.objects.update(ur_url="")
    key = service().translation_key
    ServiceChannel.objects.filter(page__translation_key=key, kind="online").update(url=URL)
    store.refresh()
    return service()


def answers(ok):
    return lambda url: CheckResult(ok, 200 if ok else 503, "" if ok else "503", url)


def test_one_failure_is_forgiven_and_two_are_told(online):
    assert links.check_links(answers(False)) == links.Run(checked=1, failing=1, broken=0)
    assert links.start_link(online).works
    assert links.check_links(answers(False)).broken == 1
    start = links.start_link(online)
    assert (start.url, start.works) == (URL, False)
    assert start.fallback
    row = LinkCheck.objects.get()
    assert (row.failures, row.http_status, row.ok) == (2, 503, False)
    links.check_links(answers(True))
    assert links.start_link(online).works


def test_the_page_shows_the_words_instead_of_the_button(online, client):
    address = online.url
    assert URL in client.get(address).content.decode()
    for _night in range(2):
        links.check_links(answers(False))
    text = client.get(address).content.decode()
    assert 'class="button go"' not in text
    links.check_links(answers(True))
    assert 'class="button go"' in client.get(address).content.decode()


def test_a_suspended_service_begins_nowhere(online):
    online.status = "suspended"
    assert links.start_link(online) is None


def test_addresses_that_no_service_uses_are_forgotten(online):
    LinkCheck.objects.create(url="https://old.gov.iq/", failures=9)
    links.check_links(answers(True))
    assert [row.url for row in LinkCheck.objects.all()] == [URL]


def test_editors_see_which_services_are_hurt(online, people, client):
    for _night in range(2):
        links.check_links(answers(False))
    ((row, pages),) = links.broken_links()
    assert (row.url, [page.service_code for page in pages]) == (URL, ["IQ-MOI-004"])
    client.force_login(people["root"])
    assert URL in client.get(reverse("wagtailadmin_home")).content.decode()


def test_the_command_and_the_task_ask_the_real_addresses(service, capsys):
    """Nothing of the internet is asked here: the addresses are ones that are always refused."""
    ServiceChannel.objects.update(url="")
    ServicePage.objects.update(ur_url="")
    ServiceChannel.objects.filter(page=service().pk, kind="online").update(url="https://127.0.0.1/")
    call_command("check_links")
    assert "1 addresses, 1 without an answer, 0 shown as broken." in capsys.readouterr().out
    result = tasks.check_links.enqueue()
    assert result.return_value == {"checked": 1, "failing": 1, "broken": 1}


def test_the_check_costs_the_same_for_many_addresses(online, django_assert_max_num_queries):
    channel = ServiceChannel.objects.filter(page=online.pk).first()
    ServiceChannel.objects.bulk_create(
        ServiceChannel(
            page_id=online.pk,
            locale_id=channel.locale_id,
            kind="online",
            key=f"C{number}",
            url=f"{URL}/{number}",
        )
        for number in range(50, 150)
    )
    with django_assert_max_num_queries(14):
        assert links.check_links(answers(True)).checked == 101
