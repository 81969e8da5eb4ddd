"""Once only: evidence that ministries issue and require again, counted by one join."""

import json

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from egov_cms.services.models import DocumentType, ServiceDocument, ServicePage
from egov_cms.services.reform import evidence
from egov_cms.services.reform.units import units
from egov_cms.services.snapshots import store
from tests.services.conftest import sample_data

from .many import add_services


@pytest.fixture
def published(sample):
    store.refresh()
    return sample


def counted_from_the_file():
    """(demands, issued by a public body, issued by the requiring ministry), counted in the file."""
    data = sample_data()
    issuer = {code: kind["issuer"] for code, kind in data["document_types"].items()}
    asked = [
        (service["ministry"], issuer[row["doc"]])
        for service in data["services"]
        for row in service["documents"]
    ]
    return (
        len(asked),
        sum(issued is not None for _asker, issued in asked),
        sum(asker == issued for asker, issued in asked),
    )


def test_of_99_documents_28_are_issued_by_the_requiring_ministry(sample):
    result = evidence.once_only()
    assert (result.demands, result.issued, result.own) == (99, 66, 28)
    assert counted_from_the_file() == (99, 66, 28)
    assert result.share == 28


def test_the_list_has_the_same_28(sample):
    rows = list(evidence.own_demands())
    assert len(rows) == 28
    for row in rows:
        asker, issuer = row.page.owner_unit, row.document_type.issuer_unit
        assert asker.get_ancestors(inclusive=True).filter(path=row.asker).exists()
        assert issuer.get_ancestors(inclusive=True).filter(path=row.asker).exists()


def test_ministries_add_up_to_the_whole(sample):
    rows = list(evidence.by_ministry())
    assert sum(row["demands"] for row in rows) == 99
    assert sum(row["issued"] for row in rows) == 66
    assert sum(row["own"] for row in rows) == 28
    assert [row["own"] for row in rows] == sorted((row["own"] for row in rows), reverse=True)


def test_a_document_of_another_ministry_is_not_counted(sample):
    interior = DocumentType.objects.get(code="national_id").issuer_unit
    health = DocumentType.objects.get(code="birth_certificate").issuer_unit
    own = evidence.once_only().own
    asked = ServiceDocument.objects.filter(
        page__in=evidence.public_services(), document_type__code="national_id",
        page__owner_unit__path__startswith=interior.path,
    ).count()  # fmt: skip
    assert asked > 0
    DocumentType.objects.filter(code="national_id").update(issuer_unit=health)
    moved = ServiceDocument.objects.filter(
        page__in=evidence.public_services(), document_type__code="national_id",
        page__owner_unit__path__startswith=health.path,
    ).count()  # fmt: skip
    assert evidence.once_only().own == own - asked + moved


def test_a_unit_deep_below_its_ministry_counts_for_the_ministry(sample):
    row = evidence.own_demands().first()
    parent = row.document_type.issuer_unit
    deep = parent.add_child(instance=type(parent)(title="شعبة", slug="deep", locale=parent.locale))
    deeper = deep.add_child(instance=type(parent)(title="وحدة", slug="deeper", locale=parent.locale))
    before = evidence.once_only().own
    DocumentType.objects.filter(pk=row.document_type_id).update(issuer_unit=deeper)
    assert evidence.once_only().own == before


def test_what_is_not_public_is_not_counted(sample):
    page = evidence.own_demands().first().page
    theirs = page.documents.count()
    ServicePage.objects.filter(pk=page.pk).update(live=False)
    assert evidence.once_only().demands == 99 - theirs


def test_a_report_is_filtered_by_ministry_and_by_unit(sample):
    all_units = units("en")
    interior = next(unit for unit in all_units if unit.code == "MOI")
    assert interior.name == "Ministry of Interior"
    assert interior.depth == 0
    whole = {row["asker"]: row for row in evidence.by_ministry()}[interior.path]
    result = evidence.once_only(interior)
    assert (result.demands, result.own) == (whole["demands"], whole["own"])
    below = next(unit for unit in all_units if unit.path.startswith(interior.path) and unit.depth == 1)
    assert evidence.once_only(below).demands < result.demands


def test_the_most_required_document_and_its_droppable_demands(sample):
    rows = list(evidence.most_asked())
    assert sum(row["demands"] for row in rows) == 99
    assert sum(row["droppable"] for row in rows) == 28
    demands = [row["demands"] for row in rows]
    assert demands == sorted(demands, reverse=True)
    identity = DocumentType.objects.get(code="national_id")
    first = rows[0]
    assert first["document_type"] == identity.pk
    DocumentType.objects.filter(pk=identity.pk).update(reusable=True)
    assert evidence.most_asked().first()["droppable"] == first["demands"]


def test_the_number_of_queries_does_not_grow(sample):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            evidence.once_only()
            list(evidence.by_ministry())
            list(evidence.own_demands()[:50])
            list(evidence.most_asked())
        return len(queries)

    cost()
    before = cost()
    add_services(200)
    assert evidence.once_only().demands > 400
    assert cost() == before
    assert before <= 12


def test_the_command_writes_json(published, capsys):
    call_command("reform_report", "--format", "json", "--language", "en")
    result = json.loads(capsys.readouterr().out)
    assert result["once_only"]["demands"] == 99
    assert result["once_only"]["issued_by_public_body"] == 66
    assert result["once_only"]["same_ministry"] == 28
    assert len(result["once_only"]["list"]) == 28
    assert len(result["burden"]["services"]) == 30
    assert result["documents"][0]["paper_code"] == "national_id"
