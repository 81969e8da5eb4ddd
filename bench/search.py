"""Search over 20,000 documents on each engine, beside Wagtail's stock search over the same data.

SQLite; PostgreSQL instead where EGOV_TEST_DATABASE_URL names one; Elasticsearch where
EGOV_TEST_ELASTICSEARCH_URL names one. Times are of whole faceted searches in process, in milliseconds: on the
clock, and of this process alone ("cpu"), which what else the machine does hardly moves. "asked" counts the
searches put while everything was indexed anew, "empty" those of them that found nothing.
"""

import os
import time
from pathlib import Path
from statistics import mean, quantiles

DOCUMENTS = 20_000
CASES = Path(__file__).parent.parent / "tests" / "search" / "data" / "search_eval_public.yaml"


def measure(documents=DOCUMENTS):
    import django

    django.setup()
    import yaml
    from django.conf import settings
    from django.test.utils import get_runner

    cases = yaml.safe_load(CASES.read_text(encoding="utf-8"))
    runner = get_runner(settings)(verbosity=0, interactive=False)
    old = runner.setup_databases()
    try:
        return list(_rows(cases, documents))
    finally:
        runner.teardown_databases(old)


def _rows(cases, documents):
    from egov_cms.search.engines import database_engine

    corpus = list(_corpus(cases, documents))
    yield _ours(database_engine(), cases, corpus)
    if url := os.environ.get("EGOV_TEST_ELASTICSEARCH_URL"):
        from egov_cms.search.engines.elastic import ElasticsearchEngine

        yield _ours(ElasticsearchEngine(url, seconds=30, prefix="bench"), cases, corpus)
    yield _stock(cases, corpus)


def _corpus(cases, documents):
    """The judged corpus and generated news, each with facets."""
    from dataclasses import replace

    from egov_cms.search.evaluation import evaluation_documents

    places = [f"p{number}" for number in range(18)]
    for number, document in enumerate(
        evaluation_documents(cases["corpus"], documents - len(cases["corpus"]))
    ):
        facets = {"governorate": [places[number % 18]], "year": [str(2015 + number % 12)]}
        yield replace(document, facets=facets)


def _ours(engine, cases, corpus):
    from egov_cms.search import store
    from egov_cms.search.evaluation import temporary_space
    from egov_cms.search.finding import Search
    from egov_cms.search.synonyms import Synonyms

    synonyms = Synonyms((terms, (), "all") for terms in cases["synonyms"])
    with temporary_space(engine) as space:
        started = time.perf_counter()
        store.put((("", document) for document in corpus), space, engine)
        engine.rebuild(space)
        building = time.perf_counter() - started

        def ask(query, **options):
            search = Search(space, synonyms, engine)
            search.weights = {"service": 2.0, "news": 1.0}
            search.falls_back = False
            return search.results(query["query"], None, **options)

        asked, started = [], time.perf_counter()
        again = _asking_between(corpus, lambda: asked.append(ask(cases["queries"][0]).total))
        store.put((("", document) for document in again), space, engine, force=True)
        store.recount(space)
        engine.rebuild(space, lambda done, total: asked.append(ask(cases["queries"][0]).total))
        rebuilding = time.perf_counter() - started
        recall, times = _measured(
            cases,
            lambda query: [hit.id for hit in ask(query).hits],
            [lambda query: ask(query), lambda query: ask(query, facets={"governorate": ["p1", "p2"]})],
        )
    return {
        **_row(engine.name, building, times, recall, len(corpus)),
        "rebuild s": round(rebuilding, 1),
        "asked": len(asked),
        "empty": asked.count(0),
    }


def _asking_between(corpus, ask):
    for number, document in enumerate(corpus):
        if number % 500 == 0:
            ask()
        yield document


def _measured(cases, top, questions):
    """The recall of each query, and `(seconds, seconds of this process)` of each question about it."""
    recall, times = [], []
    for query in cases["queries"]:
        recall.append(_recall(query, top(query)))
        for question in questions:
            clock, process = time.perf_counter(), time.process_time()
            question(query)
            times.append((time.perf_counter() - clock, time.process_time() - process))
    return recall, times


def _stock(cases, corpus):
    """Wagtail's own backend for this database, as it comes, on a model that holds the same texts."""
    from django.db import connection, models
    from modelsearch.abstract_models import TextIDGenericRelation
    from wagtail.search import index
    from wagtail.search.backends.database import SearchBackend
    from wagtail.search.models import IndexEntry

    class BenchItem(index.Indexed, models.Model):
        code = models.CharField(max_length=120)
        title = models.TextField()
        summary = models.TextField()
        governorate = models.CharField(max_length=20)
        search_fields = [
            index.SearchField("title", boost=2),
            index.SearchField("summary"),
            index.FilterField("governorate"),
        ]

        class Meta:
            app_label = "egov_search"

    with connection.schema_editor() as editor:
        editor.create_model(BenchItem)
    # What the app does for the models that it finds when it starts.
    TextIDGenericRelation(IndexEntry).contribute_to_class(BenchItem, "index_entries")
    backend = SearchBackend({})
    started = time.perf_counter()
    items = BenchItem.objects.bulk_create(
        BenchItem(
            code=document.id,
            title=document.title,
            summary=document.summary,
            governorate=document.facets["governorate"][0],
        )
        for document in corpus
    )
    for start in range(0, len(items), 1000):
        backend.add_bulk(BenchItem, items[start : start + 1000])
    building = time.perf_counter() - started
    everything = BenchItem.objects.all()
    narrowed = everything.filter(governorate__in=["p1", "p2"])
    recall, times = _measured(
        cases,
        lambda query: [item.code for item in backend.search(query["query"], everything)[:5]],
        [
            lambda query: _stock_answer(backend, everything, query["query"]),
            lambda query: _stock_answer(backend, narrowed, query["query"]),
        ],
    )
    return _row(f"Wagtail on {connection.vendor}", building, times, recall, len(corpus))


def _stock_answer(backend, items, query):
    results = backend.search(query, items)
    return [item.code for item in results[:10]], results.count(), results.facet("governorate")


def _recall(query, top):
    relevant = set(query["relevant"])
    return len(relevant.intersection(top[:5])) / min(5, len(relevant))


def _row(name, building, times, recall, documents):
    clock, process = (
        quantiles([each * 1000 for each in column], n=100, method="inclusive")
        for column in zip(*times, strict=True)
    )
    return {
        "engine": name,
        "documents": documents,
        "build s": round(building, 1),
        "p50 ms": round(clock[49], 1),
        "p95 ms": round(clock[94], 1),
        "cpu p50": round(process[49], 1),
        "cpu p95": round(process[94], 1),
        "recall@5": round(mean(recall), 3),
    }
