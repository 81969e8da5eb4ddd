"""A node is killed in the middle of a bulk, of a rebuild and of questions: nothing is lost, nobody waits for it."""

import threading

import pytest

from egov_cms.search import indexing, search, store
from egov_cms.search.engines import EngineDown, choice, database_engine
from egov_cms.search.models import SITE
from tests.search.conftest import document, ids

pytestmark = [pytest.mark.django_db, pytest.mark.elasticsearch]


def test_killed_in_a_bulk_in_a_rebuild_and_in_a_query(node, cluster, write, monkeypatch):
    engine = cluster(node.url).patient()
    monkeypatch.setattr(choice, "elasticsearch_engine", lambda url: engine)
    monkeypatch.setattr(engine, "patient", lambda: engine)
    engine.seconds, engine.breaker.seconds = 20, 0.0
    monkeypatch.setattr(indexing, "_everything", lambda kept, progress: iter(()))
    documents = [document(f"d{number}", f"جواز سفر رقم {number}") for number in range(1500)]
    store.put((("test", each) for each in documents[:1000]), SITE)
    engine.rebuild()

    # In the middle of a bulk: what was not confirmed waits.
    store.put((("test", each) for each in documents[1000:]), SITE)
    store.put([("test", document("d0", "إجازة سوق"))], SITE)
    bulk, calls = engine._bulk, []

    def killing_bulk(client, target, actions, progress=None):
        calls.append(target)
        if len(calls) == 2:
            node.kill()
        return bulk(client, target, actions, progress)

    monkeypatch.setattr(engine, "_bulk", killing_bulk)
    assert engine.catch_up(batches=None) > 0
    monkeypatch.setattr(engine, "_bulk", bulk)
    assert [hit.id for hit in search("إجازة", "ar").hits] == ["d0"]
    node.start()
    assert engine.catch_up(batches=None) == 0
    engine.refresh()
    everything = ids(database_engine(), "رقم", "سوق")
    assert ids(engine, "رقم", "سوق") == everything

    # In the middle of a rebuild: the old index still answers when the node is back.
    def killing(done, total):
        if done == 500:
            node.kill()

    with pytest.raises(EngineDown):
        engine.rebuild(progress=killing)
    assert search("جواز", "ar").total == 1499
    node.start()
    assert ids(engine, "رقم", "سوق") == everything
    engine.rebuild()
    assert len(engine._indices(engine.client, SITE)) == 1
    assert ids(engine, "رقم", "سوق") == everything

    # In the middle of questions.
    killer = threading.Timer(0.5, node.kill)
    killer.start()
    while killer.is_alive():
        assert search("جواز", "ar").total == 1499
    assert search("جواز", "ar").total == 1499
