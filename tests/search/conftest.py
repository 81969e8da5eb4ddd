"""What the tests of search share: the engine of the database, documents, the judged queries."""

from pathlib import Path

import pytest
import yaml

from egov_cms.search import lexicon, store, synonyms
from egov_cms.search.documents import Document
from egov_cms.search.engines import database_engine

EVALUATION = Path(__file__).parent / "data" / "search_eval_public.yaml"


@pytest.fixture
def engine(db):
    """The engine that a test runs on: the one inside the database."""
    return database_engine()


@pytest.fixture
def put(engine):
    """Index documents in a space of their own: `put(document(…), …)` gives the space's name."""

    def index(*documents, space="test"):
        store.put((("", document) for document in documents), space, engine)
        if engine.distant:
            engine.catch_up()
        return space

    yield index
    lexicon.forget("test")


def document(id_, title, locale="ar", type_="page", **fields):
    return Document(id=id_, type=type_, locale=locale, title=title, url=f"/{locale}/{id_}/", **fields)


def groups(*terms):
    """Two-way synonyms for all languages."""
    return synonyms.Synonyms((group, (), "all") for group in terms)


@pytest.fixture(scope="session")
def cases():
    return yaml.safe_load(EVALUATION.read_text(encoding="utf-8"))
