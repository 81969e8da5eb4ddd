"""Queries generated from titles, in every class of the judged queries, find their documents."""

import pytest

from egov_cms.search.engines import database_engine
from egov_cms.search.evaluation import evaluate

from .variations import queries


@pytest.mark.django_db
def test_generated_variants_of_titles_reach_the_required_recall(cases):
    varied = queries(cases)
    assert len(varied) >= 100
    report = evaluate({**cases, "queries": varied}, database_engine(), distractors=300)
    assert report["overall"]["recall_at_5"] >= 0.95
    assert report["overall"]["mrr_at_10"] >= 0.92
    assert {name: scores for name, scores in report["classes"].items() if scores["recall_at_5"] < 0.85} == {}
