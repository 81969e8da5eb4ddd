"""Benchmark of search over 20,000 documents on each engine, compared with Wagtail's standard search on the same data.

The database is SQLite, or PostgreSQL when EGOV_TEST_DATABASE_URL is set; Elasticsearch is included when
EGOV_TEST_ELASTICSEARCH_URL is set. Times are those of complete faceted searches in this process, in milliseconds: wall
clock, and CPU time of the process ("cpu"), which other load on the machine hardly changes. "asked" is the number of
searches made during a rebuild, "empty" the number of those without results.
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
    yield _measure_engine(database_engine(), cases, corpus)
    if url := os.environ.get("EGOV_TEST_ELASTICSEARCH_URL"):
        from egov_cms.search.engines.elastic import ElasticsearchEngine

        yield _measure_engine(ElasticsearchEngine(url, seconds=30, prefix="bench"), cases, corpus)
    yield _measure_wagtail(cases, corpus)


def _corpus(cases, documents):
    """The judged corpus and generated news items, with facets."""
    from dataclasses import replace

    from egov_cms.search.evaluation import evaluation_documents

    places = [f"p{number}" for number in range(18)]
    for number, document in enumerate(
        evaluation_documents(cases["corpus"], documents - len(cases["corpus"]))
    ):
        facets = {"governorate": [places[number % 18]], "year": [str(2015 + number % 12)]}
        yield replace(document, facets=facets)


def _measure_engine(engine, cases, corpus):
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

        def search(query, **options):
            new = Search(space, synonyms, engine)
            new.weights = {"service": 2.0, "news": 1.0}
            new.falls_back = False
            return new.results(query["query"], None, **options)

        totals, started = [], time.perf_counter()
        same = _with_searches(corpus, lambda: totals.append(search(cases["queries"][0]).total))
        store.put((("", document) for document in same), space, engine, force=True)
        store.recount(space)
        engine.rebuild(space, lambda done, total: totals.append(search(cases["queries"][0]).total))
        rebuilding = time.perf_counter() - started
        recall, times = _measure_queries(
            cases,
            lambda query: [hit.id for hit in search(query).hits],
            [lambda query: search(query), lambda query: search(query, facets={"governorate": ["p1", "p2"]})],
        )
    return {
        **_row(engine.name, building, times, recall, len(corpus)),
        "rebuild s": round(rebuilding, 1),
        "asked": len(totals),
        "empty": totals.count(0),
    }


def _with_searches(corpus, search):
    """The documents of the corpus; `search()` is called before every 500th."""
    for number, document in enumerate(corpus):
        if number % 500 == 0:
            search()
        yield document


def _measure_queries(cases, top, searches):
    """The recall of each query, and `(wall seconds, CPU seconds)` of each of the `searches` for it."""
    recall, times = [], []
    for query in cases["queries"]:
        recall.append(_recall(query, top(query)))
        for search in searches:
            clock, process = time.perf_counter(), time.process_time()
            search(query)
            times.append((time.perf_counter() - clock, time.process_time() - process))
    return recall, times


def _measure_wagtail(cases, corpus):
    """Wagtail's own backend for this database with default settings, on a model with the same texts."""
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
    # modelsearch does this at start-up for the models that exist then.
    TextIDGenericRelation(IndexEntry).contribute_to_class(BenchItem, "index_entries")
    backend = SearchBackend({})
    started = time.perf_counter()
    created = BenchItem.objects.bulk_create(
        BenchItem(
            code=document.id,
            title=document.title,
            summary=document.summary,
            governorate=document.facets["governorate"][0],
        )
        for document in corpus
    )
    for start in range(0, len(created), 1000):
        backend.add_bulk(BenchItem, created[start : start + 1000])
    building = time.perf_counter() - started
    items = BenchItem.objects.all()
    filtered = items.filter(governorate__in=["p1", "p2"])
    recall, times = _measure_queries(
        cases,
        lambda query: [item.code for item in backend.search(query["query"], items)[:5]],
        [
            lambda query: _wagtail_results(backend, items, query["query"]),
            lambda query: _wagtail_results(backend, filtered, query["query"]),
        ],
    )
    return _row(f"Wagtail on {connection.vendor}", building, times, recall, len(corpus))


def _wagtail_results(backend, items, query):
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
