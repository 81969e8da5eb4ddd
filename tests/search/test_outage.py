"""The cluster is down, slow or rejects requests: searches are answered, no write is lost, and the cluster is repaired later.

Nodes that are killed: tests/drills.
"""

import contextlib
import os
import socket
import threading
import time

import pytest

from egov_cms.search import search, store, suggest
from egov_cms.search.engines import elastic
from egov_cms.search.engines.breaker import Breaker
from egov_cms.search.health import check_cluster, check_engine, health
from egov_cms.search.models import SITE, Entry, PendingWrite

from .conftest import document, elasticsearch, eventually, ids

pytestmark = [pytest.mark.django_db, pytest.mark.elasticsearch]


@pytest.fixture
def silent():
    """The address of a server that accepts connections and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=50) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def closed():
    """An address without a server."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
    return address


ANSWER = b"HTTP/1.1 200 OK\r\nX-Elastic-Product: Elasticsearch\r\nContent-Type: application/json\r\n"


@contextlib.contextmanager
def serving(answer):
    """The address of a server that calls `answer(connection)` for each connection."""

    def take(connection):
        with connection, contextlib.suppress(OSError):
            connection.recv(65536)
            answer(connection)

    def serve():
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=take, args=(server.accept()[0],), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0), backlog=50) as server:
        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def dripping():
    """A server that answers one byte at a time."""
    ended = threading.Event()

    def drip(connection):
        connection.sendall(ANSWER + b"Content-Length: 9999\r\n\r\n")
        while not ended.wait(0.1):
            connection.sendall(b" ")

    with serving(drip) as address:
        yield address
        ended.set()


@pytest.fixture
def babbling():
    """A server that answers immediately, but not with an answer of Elasticsearch."""
    with serving(lambda connection: connection.sendall(ANSWER + b"Content-Length: 2\r\n\r\n{}")) as address:
        yield address


@pytest.fixture
def waited(monkeypatch):
    """How many seconds each question to a cluster was given, in order."""
    given, within = [], elastic._run_with_timeout

    def noted(seconds, question):
        given.append(seconds)
        return within(seconds, question)

    monkeypatch.setattr(elastic, "_run_with_timeout", noted)
    return given


@pytest.mark.parametrize("fault", ["silent", "closed", "dripping", "babbling"])
def test_the_database_answers_once_the_cluster_has_had_its_time(
    fault, request, cluster, write, waited, caplog
):
    engine = cluster(request.getfixturevalue(fault))
    write(document("a", "جواز سفر"))
    assert PendingWrite.objects.count() == 1
    engine.breaker.failures = 0
    waited.clear()
    assert [hit.id for hit in search("جوازات", "ar").hits] == ["a"]
    # It was asked once, for no longer than a search may wait; from then on the database is asked at once.
    assert len(waited) == 1 and waited[0] <= engine.seconds <= 0.5
    assert [hit.id for hit in suggest("جوا", "ar")] == ["a"]
    assert len(waited) == 1
    assert "the database answers instead" in caplog.text
    assert health() == {"engine": "elasticsearch", "answers": True, "degraded": True, "pending": 1}
    assert "egov.W401" in [warning.id for warning in check_cluster(None)]


def test_many_slow_answers_together_take_no_longer_than_one(cluster, write, monkeypatch):
    engine = cluster(os.environ["EGOV_TEST_ELASTICSEARCH_URL"])
    write(document("a", "جواز سفر"))
    engine.patient().rebuild()
    slow, asked = engine.run, []

    def run(question):
        asked.append(engine._left())
        time.sleep(0.3)
        return slow(question)

    monkeypatch.setattr(engine, "run", run)
    assert [hit.id for hit in search("جواز", "ar").hits] == ["a"]
    assert sorted(asked, reverse=True) == asked
    assert all(left < engine.seconds for left in asked)


def test_a_visitor_after_an_outage_sends_what_was_missed_in_the_time_that_is_left(cluster, write, closed):
    cluster(closed)
    write(document("a", "جواز سفر"))
    engine = cluster(os.environ["EGOV_TEST_ELASTICSEARCH_URL"])
    engine.patient().rebuild()
    PendingWrite.objects.create(entry_id=Entry.objects.get().pk, changed=Entry.objects.get().changed)
    engine.breaker.failed("gone")
    engine.breaker.seconds, engine.breaker._open_until, engine.seconds = 0.0, 0.0, 20
    assert [hit.id for hit in search("جواز", "ar").hits] == ["a"]
    assert not PendingWrite.objects.exists()


def test_the_operator_is_told_of_a_wrong_setting(settings):
    settings.EGOV = {"SEARCH_ENGINE": "elasticsearch"}
    assert [error.id for error in check_engine(None)] == ["egov.E401"]


def test_writes_are_kept_and_sent_when_the_cluster_is_back(closed, cluster, write):
    cluster(closed)
    write(document("a", "جواز سفر"), document("b", "إجازة سوق"))
    store.remove(Entry.objects.filter(document_id="b").values_list("pk", flat=True))
    assert PendingWrite.objects.count() == 3
    engine = cluster(os.environ["EGOV_TEST_ELASTICSEARCH_URL"]).patient()
    engine.rebuild()
    assert PendingWrite.objects.count() == 0
    assert ids(engine, "جواز", "سوق") == [Entry.objects.get().pk]


def test_a_cluster_that_refuses_writes_gets_them_later(cluster, write):
    engine = cluster(os.environ["EGOV_TEST_ELASTICSEARCH_URL"])
    patient = engine.patient()
    patient.rebuild()
    index = next(iter(patient._indices(patient.client, SITE)))
    patient.client.indices.put_settings(index=index, settings={"index.blocks.write": True})
    write(document("a", "جواز سفر"))
    assert PendingWrite.objects.count() == 1
    assert [hit.id for hit in search("جواز", "ar").hits] == ["a"]
    patient.client.indices.put_settings(index=index, settings={"index.blocks.write": None})
    assert patient.catch_up(batches=None) == 0
    patient.refresh()
    assert len(ids(patient, "جواز")) == 1


def test_an_edit_is_found_without_anybody_asking_for_it(cluster, write):
    engine = cluster(os.environ["EGOV_TEST_ELASTICSEARCH_URL"])
    engine.client, engine.seconds = engine.patient().client, 20
    engine.rebuild()
    for title in ("جواز سفر", "عقد زواج"):
        write(document("a", title))
        assert eventually(lambda title=title: ids(engine, title.split()[0]))
    (index,) = engine.client.indices.get_settings(index=engine.alias(SITE)).values()
    assert index["settings"]["index"]["refresh_interval"] == "1s"


def test_a_late_write_of_an_old_state_does_not_win(cluster):
    engine = elasticsearch()
    try:
        store.put([("", document("a", "جواز"))], "late", engine)
        old = Entry.objects.get()
        engine.rebuild("late")
        store.put([("", document("a", "سوق"))], "late", engine)
        engine.catch_up()
        engine.index([old])
        engine.refresh("late")
        assert len(ids(engine, "سوق", space="late")) == 1
        assert ids(engine, "جواز", space="late") == []
    finally:
        engine.drop("late")


def test_the_breaker_lets_one_through_now_and_then():
    now = [0.0]
    breaker = Breaker("test", seconds=10, clock=lambda: now[0])
    assert breaker.allows()
    breaker.failed("gone")
    assert not breaker.allows()
    now[0] = 11
    assert (breaker.allows(), breaker.allows()) == (True, False)
    assert breaker.succeeded()
    assert breaker.allows()
    assert not breaker.succeeded()
