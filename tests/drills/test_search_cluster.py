"""A cluster of three loses one node and then its majority: every question is answered, every write arrives."""

import pytest

from egov_cms.search import search
from egov_cms.search.engines import database_engine
from egov_cms.search.models import PendingWrite
from tests.search.conftest import document, eventually, ids

from .amounts import amount

pytestmark = [pytest.mark.django_db, pytest.mark.elasticsearch]
DOCUMENTS = amount(reduced=300, full=20_000)


def test_nodes_come_and_go(nodes, cluster, write):
    engine = cluster(nodes[0].url)
    patient = engine.patient()
    write(*(document(f"d{number}", f"جواز سفر رقم {number}") for number in range(DOCUMENTS)))
    patient.rebuild()
    written = DOCUMENTS
    for dead in ([nodes[1]], [nodes[2]], [nodes[1], nodes[2]]):
        for node in dead:
            node.kill()
        write(document(f"e{written}", f"جواز سفر رقم {written}"))
        written += 1
        # Whichever engine answers: nothing is missing but what was just written, which the cluster shows a little later.
        assert search("جواز", "ar").total in (written - 1, written)
        assert eventually(lambda written=written: search("جواز", "ar").total == written)
        for node in dead:
            node.start()
        patient.client.cluster.health(wait_for_nodes="3", wait_for_status="green", timeout="120s")
        engine.breaker.failures = 0
        assert patient.catch_up(batches=None) == 0
        patient.refresh()
        assert ids(patient, "رقم") == ids(database_engine(), "رقم")
    assert not PendingWrite.objects.exists()
    assert search("جواز", "ar").total == written
