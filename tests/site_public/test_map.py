"""The files of the map, and its data on the office index page."""

import gzip
import json
import re

import pytest
import yaml
from bs4 import BeautifulSoup
from django.core.cache import cache

from egov_cms.site import maps
from egov_cms.site.models.place import IRAQ
from tests.conftest import REPOSITORY

from .conftest import CODES, make_office

STATIC = REPOSITORY / "egov_cms" / "site" / "static" / "egov_site"
LEAFLET = STATIC / "vendor" / "leaflet"


def points(coordinates):
    if isinstance(coordinates[0], (int, float)):
        return [tuple(coordinates)]
    return [point for part in coordinates for point in points(part)]


def test_the_outline_has_every_governorate_but_one_within_the_country():
    assert maps.OUTLINE.stat().st_size <= 60_000
    outline = json.loads(maps.OUTLINE.read_text("utf-8"))
    assert outline["licence"] == "public domain" and "Natural Earth" in outline["source"]
    file = REPOSITORY / "egov_cms" / "site" / "data" / "governorates.yaml"
    codes = {row["code"] for row in yaml.safe_load(file.read_text("utf-8"))}
    assert codes - maps.outlined_codes() == {"HA"} and maps.outlined_codes() <= codes
    for feature in outline["features"]:
        for longitude, latitude in points(feature["geometry"]["coordinates"]):
            assert IRAQ["west"] <= longitude <= IRAQ["east"]
            assert IRAQ["south"] <= latitude <= IRAQ["north"]


def test_neighbours_share_their_border():
    """Simplified separately, they would leave gaps: most points belong to two governorates or to the frontier."""
    outline = json.loads(maps.OUTLINE.read_text("utf-8"))
    seen = {}
    for feature in outline["features"]:
        for point in set(points(feature["geometry"]["coordinates"])):
            seen[point] = seen.get(point, 0) + 1
    assert sum(count > 1 for count in seen.values()) > len(seen) * 0.5


def test_leaflet_is_small_licensed_and_loads_from_no_other_host():
    files = [LEAFLET / name for name in ("leaflet.js", "leaflet.css")]
    assert sum(len(gzip.compress(file.read_bytes(), 9)) for file in files) <= 45_000
    assert "Redistribution and use" in (LEAFLET / "LICENSE").read_text()
    assert "url(" not in (LEAFLET / "leaflet.css").read_text()
    own = (STATIC / "map.js").read_text() + (STATIC / "map.css").read_text()
    assert "//" not in re.sub(r"^\s*//.*$", "", own, flags=re.M)
    assert "innerHTML" not in own


@pytest.fixture
def get(ministry, client):
    def fetch(path):
        cache.clear()
        answer = client.get(path)
        assert answer.status_code == 200
        return BeautifulSoup(answer.content, "html.parser")

    return fetch


def drawn(found):
    return json.loads(found.select_one("#office-map-data").string)


@pytest.mark.parametrize("code", CODES)
def test_the_country_shows_how_many_offices_there_are(get, code):
    found = get(f"/{code}/offices/?view=map")
    baghdad, erbil = drawn(found)["governorates"]
    assert (baghdad["count"], baghdad["url"]) == ("1", f"/{code}/offices/baghdad/?view=map")
    assert erbil["url"] == "" and drawn(found)["offices"] == []
    assert found.select_one("#office-map").has_attr("hidden")
    assert found.select("ul.results > li")
    plain = get(f"/{code}/offices/")
    assert plain.select_one("#office-map") is None
    assert plain.select_one('main a[href="?view=map"]')


def test_a_governorate_shows_its_offices_with_a_position(get, ministry):
    make_office(ministry["office"].governorate, "nowhere", latitude=None, longitude=None)
    data = drawn(get("/en/offices/baghdad/?view=map"))
    assert [(each["url"], each["lat"]) for each in data["offices"]] == [
        ("/en/offices/baghdad/karkh/", 33.3152)
    ]
    assert data["governorates"][0]["chosen"] is True


def test_the_name_of_an_office_cannot_inject_html(get, ministry):
    make_office(
        ministry["office"].governorate, "odd", name={"ar": "x", "en": "</script><img src=x onerror=alert(1)>"}
    )
    found = get("/en/offices/baghdad/?view=map")
    assert any(each["name"].startswith("</script>") for each in drawn(found)["offices"])
    assert found.select("img[onerror]") == []


def test_the_map_runs_one_query_more_than_the_list(ministry, client, django_assert_max_num_queries):
    for address in ("/en/offices/?view=map", "/en/offices/baghdad/?view=map"):
        cache.clear()
        with django_assert_max_num_queries(27):
            client.get(address)
