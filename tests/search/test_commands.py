"""The search commands report results as JSON and as text, and errors in one line."""

import io
import json

import pytest
import yaml
from django.core.management import CommandError, call_command
from django.db import connection

from egov_cms.search.models import Entry

pytestmark = pytest.mark.django_db
AVAILABLE_ENGINE = {"sqlite": "sqlite", "postgresql": "postgres"}
UNAVAILABLE_ENGINE = {"sqlite": "postgres", "postgresql": "sqlite"}


@pytest.fixture
def file(tmp_path):
    """An evaluation file with three documents, a pair of synonyms and two queries."""
    path = tmp_path / "cases.yaml"
    corpus = [
        {"id": "a", "lang": "ar", "title": "منح إجازة السوق", "summary": "للمركبات."},
        {"id": "b", "lang": "ar", "title": "تجديد جواز السفر", "summary": "للمواطنين."},
        {"id": "c", "lang": "en", "title": "Passport renewal"},
    ]
    queries = [
        {"id": "q1", "query": "رخصه قياده", "class": "synonym", "relevant": ["a"]},
        {"id": "q2", "query": "renew passports", "class": "english_morph", "relevant": ["c"]},
    ]
    cases = {"corpus": corpus, "synonyms": [["إجازة سوق", "رخصة قيادة"]], "queries": queries}
    path.write_text(yaml.safe_dump(cases, allow_unicode=True), encoding="utf-8")
    return path


def run(*arguments):
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_an_evaluation_as_json(file):
    name = AVAILABLE_ENGINE[connection.vendor]
    report = json.loads(
        run("evaluate_search", str(file), "--engine", name, "--distractors", "4", "--format", "json")
    )
    assert report["engine"] == name
    assert report["overall"] == {"recall_at_5": 1.0, "mrr_at_10": 1.0}
    assert set(report["classes"]) == {"synonym", "english_morph"}
    assert [(query["id"], query["top"][0]) for query in report["queries"]] == [("q1", "a"), ("q2", "c")]
    assert set(report["latency_ms"]) == {"p50", "p95"}
    assert not Entry.objects.exists()


def test_an_evaluation_as_text(file):
    lines = run("evaluate_search", str(file)).splitlines()
    assert any(line.split() == ["overall", "1.000", "1.000"] for line in lines)
    assert any(line.startswith("q1: a") for line in lines)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "expected corpus"),
        ("corpus: []", "corpus is missing"),
        ("corpus: [{id: a, lang: ar}]", "corpus, item 1: title is missing"),
        ("a: [", "cannot be read"),
    ],
)
def test_an_invalid_file_is_an_error_with_the_reason(tmp_path, content, message):
    path = tmp_path / "wrong.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CommandError, match=message):
        run("evaluate_search", str(path))


def test_an_unavailable_engine_is_an_error(file):
    for name in (UNAVAILABLE_ENGINE[connection.vendor], "elasticsearch"):
        with pytest.raises(CommandError):
            run("evaluate_search", str(file), "--engine", name)


def test_a_rebuild_reports_the_number_of_documents():
    assert "documents are in the index" in run("rebuild_search")
    assert "Nothing is waiting" in run("rebuild_search", "--pending")
