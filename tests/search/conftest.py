"""Fixtures and helpers of the search tests: engines, documents, judged queries.

`engine` runs a test on every engine: the one inside the database of this run, and Elasticsearch. `make test`
runs the suite on SQLite and again on PostgreSQL.
"""

import contextlib
import os
import time
import uuid
from pathlib import Path

import pytest
import yaml

from egov_cms.search import lexicon, store, synonyms
from egov_cms.search.documents import SearchDocument
from egov_cms.search.engines import EngineDown, choice, database_engine
from egov_cms.search.models import SITE
from tests.site.conftest import bare_site, homes  # noqa: F401

EVALUATION = Path(__file__).parent / "data" / "search_eval_public.yaml"


def elasticsearch(prefix=None):
    """An engine with a long timeout and its own index prefix."""
    from egov_cms.search.engines.elastic import ElasticsearchEngine

    url = os.environ["EGOV_TEST_ELASTICSEARCH_URL"]
    return ElasticsearchEngine(url, seconds=20, prefix=prefix or f"test{uuid.uuid4().hex[:8]}")


@pytest.fixture(params=["database", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)])
def engine(request, db):
    """Each engine that is available in this run. Spaces in Elasticsearch are deleted afterwards."""
    if request.param == "database":
        yield database_engine()
        return
    engine = elasticsearch()
    yield engine
    for space in engine.spaces():
        engine.drop(space)


@pytest.fixture
def put(engine):
    """Index documents in a new space: `put(document(…), …)` returns the name of the space."""
    spaces = []

    def index(*documents, space=None):
        space = space or f"test-{uuid.uuid4().hex[:8]}"
        spaces.append(space)
        store.put((("", document) for document in documents), space, engine)
        engine.rebuild(space)
        return space

    yield index
    for space in spaces:
        lexicon.clear_cache(space)


def document(id_, title, locale="ar", type_="page", **fields):
    return SearchDocument(id=id_, type=type_, locale=locale, title=title, url=f"/{locale}/{id_}/", **fields)


def groups(*terms):
    """Synonyms that work in both directions and in all languages."""
    return synonyms.Synonyms((group, (), "all") for group in terms)


def add(parent, model, slug, **fields):
    """Add a published child page in the language of its parent."""
    page = model(locale=parent.locale, slug=slug, **{"title": slug, **fields})
    parent.add_child(instance=page)
    page.save_revision().publish()
    return model.objects.get(pk=page.pk)


@pytest.fixture(scope="session")
def cases():
    return yaml.safe_load(EVALUATION.read_text(encoding="utf-8"))


def eventually(question):
    """The first answer that is true, of many that are asked one after another."""
    return next((found for _try in range(400) if (found := question()) or time.sleep(0.05)), None)


@pytest.fixture
def cluster(settings):
    """Make the site use a cluster at an address; its engine is forgotten afterwards."""
    made, forget = [], choice.elasticsearch_engine.cache_clear

    def use(url, prefix=None):
        settings.EGOV = {"ELASTICSEARCH_URL": url, "ELASTICSEARCH_PREFIX": prefix or f"out{os.getpid()}"}
        forget()
        engine = choice.current_engine()
        made.append(engine)
        return engine

    yield use
    forget()
    for engine in made:
        with contextlib.suppress(EngineDown):
            engine.patient().drop(SITE)


@pytest.fixture
def write(django_capture_on_commit_callbacks):
    """Put documents as a request does: the cluster is told after the commit."""

    def put(*documents):
        with django_capture_on_commit_callbacks(execute=True):
            store.put((("test", each) for each in documents), SITE)

    return put


def ids(engine, *keys, space=SITE):
    """What an engine finds under any of the keys, best first."""
    matches = engine.matches(dict.fromkeys(keys, 1), space)
    return matches.candidates(dict.fromkeys(matches.facets, 100), 5000)
