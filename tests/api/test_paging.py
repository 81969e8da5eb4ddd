"""Pages of a list stay where they are while rows come and go."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from django.contrib.auth.models import Group
from django.core.signing import Signer
from django.db.models import Value

from .groups import GroupResource

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.api.urls"),
    pytest.mark.usefixtures("version"),
]
LIST = "/api/v1/groups/"


@pytest.fixture(autouse=True)
def groups(db):
    Group.objects.all().delete()
    return Group.objects.bulk_create(Group(name=f"g{number:02}") for number in range(10))


def page(client, url):
    body = client.get(url).json()
    return [item["name"] for item in body["data"]], body["links"]


def test_rows_that_come_or_go_move_no_other_row(client):
    first, links = page(client, LIST + "?limit=4")
    assert first == ["g00", "g01", "g02", "g03"]
    Group.objects.create(name="a-before-all")
    Group.objects.create(name="g03-behind-the-page")
    Group.objects.filter(name__in=["g00", "g03"]).delete()
    second, links = page(client, links["next"])
    assert second == ["g03-behind-the-page", "g04", "g05", "g06"]
    back, _links = page(client, links["prev"])
    assert back == ["a-before-all", "g01", "g02"]


def test_the_way_back_is_the_way_there(client):
    pages, url = [], LIST + "?limit=3"
    while url:
        names, links = page(client, url)
        pages.append(names)
        last, url = links, links.get("next")
    assert [len(names) for names in pages] == [3, 3, 3, 1]
    backwards, url = [], last.get("prev")
    while url:
        names, links = page(client, url)
        backwards.append(names)
        assert "next" in links
        url = links.get("prev")
    assert backwards == pages[-2::-1]


def test_ties_are_parted_by_the_last_column(client, monkeypatch):
    # Names are unique, so equal ones are made: every group is of kind 7.
    monkeypatch.setattr(GroupResource, "ordering", ("-kind", "id"))
    monkeypatch.setattr(
        GroupResource, "get_queryset", lambda self: Group.objects.annotate(kind=Value(7)).order_by("id")
    )
    seen, links = page(client, LIST + "?limit=3")
    for _page in range(2):
        names, links = page(client, links["next"])
        seen += names
        Group.objects.create(name=f"late-{len(seen)}")
    names, links = page(client, links["next"])
    assert seen + names == [*(f"g{number:02}" for number in range(10)), "late-6", "late-9"]
    assert "next" not in links


def test_when_everything_before_is_gone_the_beginning_comes_next(client):
    _names, links = page(client, LIST + "?limit=4")
    _names, links = page(client, links["next"])
    Group.objects.filter(name__lt="g04").delete()
    names, links = page(client, links["prev"])
    assert names == [] and "cursor" not in links["next"]


@pytest.mark.parametrize(
    "cursor",
    ["not a cursor", "abc:def", Signer(salt="other").sign_object(["after", ["g01", 1], ""])],
    ids=["no cursor", "forged", "signed for something else"],
)
def test_forged_cursors_are_refused(client, cursor):
    refused(client.get(LIST, {"cursor": cursor}))


def test_a_cursor_belongs_to_its_query_its_language_and_its_list(client):
    _names, links = page(client, LIST + "?limit=2&lang=en")
    cursor = dict(parse_qsl(urlsplit(links["next"]).query))["cursor"]
    refused(client.get(LIST, {"cursor": cursor, "lang": "en", "above": "0"}))
    refused(client.get(LIST, {"cursor": cursor, "lang": "ar"}))
    elsewhere = client.get("/api/v1/networks/rivers/stations/", {"cursor": cursor, "lang": "en"})
    refused(elsewhere, "stale-cursor")
    for kept in ({"limit": "5"}, {"lang": "en"}):
        assert client.get(LIST, {"lang": "en", "cursor": cursor, **kept}).status_code == 200


def test_a_cursor_of_another_release_is_refused(client, monkeypatch):
    _names, links = page(client, LIST + "?limit=2")
    monkeypatch.setattr(GroupResource, "ordering", ("id",))
    refused(client.get(links["next"]), "stale-cursor")


def test_the_same_page_has_the_same_cursors(client):
    """Or the ETag, which is made of the version, would not tell the truth."""
    assert client.get(LIST + "?limit=2").content == client.get(LIST + "?limit=2").content


def refused(answer, code="invalid-cursor"):
    assert answer.status_code == 400
    assert answer.json()["type"].endswith(f"/{code}/")
    assert answer.json()["errors"][0]["parameter"] == "cursor"


def test_a_table_is_whole_unless_a_page_of_it_is_asked_for(client):
    whole = client.get("/api/v1/groups.csv").content.decode("utf-8-sig").splitlines()
    assert len(whole) == 11
    some = client.get("/api/v1/groups.csv", {"limit": 3})
    assert [line.split(",")[1] for line in some.content.decode("utf-8-sig").splitlines()] == [
        "name", "g00", "g01", "g02",
    ]  # fmt: skip
    assert 'rel="next"' in some["Link"]
    next_url = some["Link"].split(">")[0].removeprefix("<")
    assert "g03" in client.get(next_url).content.decode()
