"""Tables that are sent while they are made: no row is held, and nobody takes a broken file for a whole one."""

import gzip
import http.client
import io
import json
import logging
import multiprocessing
import os
import signal
import socket
import tracemalloc

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.utils import translation
from django.utils.translation import gettext
from openpyxl import load_workbook

from egov_cms.api import rendering, streams

from .conftest import problem_of
from .stations import Export, StationResource

pytestmark = [pytest.mark.urls("tests.api.urls"), pytest.mark.usefixtures("version")]
EXPORT = "/api/v1/networks/rivers/export"


@pytest.fixture(autouse=True)
def unbroken(monkeypatch):
    monkeypatch.setattr(Export, "made", 0)


def lines_of(answer):
    return answer.getvalue().decode().splitlines()


@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
def test_the_first_bytes_are_sent_before_the_last_rows_are_made(client, suffix):
    answer = client.get(f"{EXPORT}.{suffix}")
    assert answer.streaming and "Content-Length" not in answer
    assert 0 < Export.made < 20_000
    assert len(lines_of(answer)) in (60_000, 60_001)
    assert Export.made == 59_999


def test_memory_does_not_grow_with_the_rows(client, monkeypatch):
    monkeypatch.setattr(Export, "text", "م" * 500)
    monkeypatch.setattr(Export, "largest_number", 20_000)
    answer = client.get(f"{EXPORT}.csv", headers={"Accept-Encoding": "gzip"})
    tracemalloc.start()
    # Twenty megabytes before they are packed.
    size = sum(len(chunk) for chunk in answer.streaming_content)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size > 50_000 and peak < 4_000_000


def test_what_fits_into_the_first_part_is_an_ordinary_answer(client, monkeypatch):
    monkeypatch.setattr(Export, "largest_number", 3)
    answer = client.get(f"{EXPORT}.csv")
    assert not answer.streaming and answer["Content-Length"] == str(len(answer.content))
    assert lines_of(answer) == ["number,text", "0,محطة", "1,محطة", "2,محطة"]


def test_an_empty_table_has_its_heading(client, monkeypatch):
    monkeypatch.setattr(Export, "largest_number", 0)
    assert lines_of(client.get(f"{EXPORT}.csv")) == ["number,text"]
    assert client.get(f"{EXPORT}.jsonl").content == b""


def test_a_stream_is_compressed_and_its_tag_stays_strong(client):
    plain = client.get(f"{EXPORT}.csv")
    packed = client.get(f"{EXPORT}.csv", headers={"Accept-Encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip" and packed["Vary"] == plain["Vary"]
    assert gzip.decompress(packed.getvalue()) == plain.getvalue()
    assert packed["ETag"] == plain["ETag"].removesuffix('"') + '-gzip"'
    again = client.get(f"{EXPORT}.csv", headers={"If-None-Match": packed["ETag"]})
    assert again.status_code == 304
    refused = client.get(f"{EXPORT}.csv", headers={"Accept-Encoding": "br, gzip;q=0"})
    assert "Content-Encoding" not in refused


@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_head_has_the_fields_of_the_whole_and_makes_no_more_than_the_first_part(client, suffix, encoding):
    headers = {"Accept-Encoding": encoding}
    whole = client.get(f"{EXPORT}.{suffix}", headers=headers)
    whole.getvalue()
    Export.made = 0
    head = client.head(f"{EXPORT}.{suffix}", headers=headers)
    assert head.status_code == 200 and head.getvalue() == b""
    assert Export.made < 20_000
    for name in ("ETag", "Content-Type", "Content-Disposition", "Cache-Control", "Vary"):
        assert head[name] == whole[name]
    assert head.get("Content-Encoding") == whole.get("Content-Encoding")
    assert head.get("Content-Length") == whole.get("Content-Length")


def test_an_error_in_the_first_part_is_a_problem(client, monkeypatch):
    monkeypatch.setattr(Export, "breaks_at", 10)
    client.raise_request_exception = False
    for suffix in ("csv", "jsonl"):
        body = problem_of(client.get(f"{EXPORT}.{suffix}"), 500, "internal-error")
        assert "disk" not in json.dumps(body)


@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_an_error_behind_it_breaks_the_answer_and_is_reported(client, monkeypatch, caplog, encoding):
    monkeypatch.setattr(Export, "breaks_at", 40_000)
    answer = client.get(f"{EXPORT}.csv", headers={"Accept-Encoding": encoding})
    assert answer.status_code == 200
    with pytest.raises(RuntimeError, match="disk"):
        answer.getvalue()
    assert "API request failed: /api/v1/networks/rivers/export.csv" in caplog.text


def test_http_1_0_is_told_the_length_because_it_could_not_see_a_break(client, monkeypatch):
    whole = client.get(f"{EXPORT}.csv").getvalue()
    answer = client.get(f"{EXPORT}.csv", SERVER_PROTOCOL="HTTP/1.0")
    assert answer["Content-Length"] == str(len(whole)) and answer.getvalue() == whole
    monkeypatch.setattr(Export, "breaks_at", 40_000)
    client.raise_request_exception = False
    problem_of(client.get(f"{EXPORT}.csv", SERVER_PROTOCOL="HTTP/1.0"), 500, "internal-error")


def test_words_are_in_the_language_of_the_answer_to_the_last_row(rf):
    def chunks():
        for _number in range(40):
            yield gettext("Saturday").encode().ljust(2000)

    with translation.override("ar"):
        expected = gettext("Saturday").encode()
        answer = streams.answer(chunks(), rf.get("/"), "text/plain")
    with translation.override("en"):
        found = {chunk.strip() for chunk in answer.streaming_content}
        assert translation.get_language() == "en"
    assert answer.streaming and found == {expected} and expected != b"Saturday"


@pytest.mark.django_db
def test_whoever_goes_away_ends_the_reading(client):
    answer = client.get(f"{EXPORT}.csv")
    next(iter(answer.streaming_content))
    made = Export.made
    answer.close()
    assert Export.made == made


@pytest.mark.django_db
def test_a_workbook_holds_every_row_and_too_many_are_a_problem(client, groups, monkeypatch):
    address = "/api/v1/networks/rivers/stations.xlsx"
    sheet = load_workbook(io.BytesIO(client.get(address).getvalue())).active
    assert [row[0] for row in sheet.iter_rows(values_only=True)] == [
        "number",
        *(group.pk for group in groups),
    ]
    monkeypatch.setattr(rendering, "MOST_ROWS", 5)
    body = problem_of(client.get(address, {"lang": "en"}), 406, "not-acceptable")
    assert ".csv" in body["detail"]


@pytest.mark.django_db
def test_a_defect_in_a_workbook_is_a_problem_however_late(client, groups, monkeypatch):
    def table(self, stations):
        return ["number"], ([1 / (5 - number)] for number in range(10_000))

    monkeypatch.setattr(StationResource, "table", table)
    client.raise_request_exception = False
    problem_of(client.get("/api/v1/networks/rivers/stations.xlsx"), 500, "internal-error")


def serve(listening):
    """The site on the production server, until it is ended."""
    from django.core.wsgi import get_wsgi_application
    from gunicorn.app.base import BaseApplication

    class Server(BaseApplication):
        def load_config(self):
            self.cfg.set("bind", f"fd://{listening.fileno()}")
            self.cfg.set("workers", 1)
            self.cfg.set("loglevel", "critical")

        def load(self):
            return get_wsgi_application()

    logging.disable(logging.CRITICAL)
    for signalled in (request_started, request_finished):
        signalled.disconnect(close_old_connections)  # those are the parent's
    os.setsid()
    Server().run()


@pytest.fixture
def server(monkeypatch):
    """The port of a production server whose export breaks; a copy of this process, so nothing is loaded anew."""
    monkeypatch.setattr(Export, "breaks_at", 40_000)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.set_inheritable(True)
        process = multiprocessing.get_context("fork").Process(target=serve, args=(listening,), daemon=True)
        process.start()
        yield listening.getsockname()[1]
        os.kill(process.pid, signal.SIGTERM)
        process.join(20)


def test_the_production_server_breaks_the_connection(server):
    connection = http.client.HTTPConnection("127.0.0.1", server, timeout=60)
    connection.request("GET", f"{EXPORT}.csv")
    answer = connection.getresponse()
    assert answer.status == 200 and answer.getheader("Transfer-Encoding") == "chunked"
    with pytest.raises(http.client.IncompleteRead):
        answer.read()
