"""Which engine answers: `EGOV["SEARCH_ENGINE"]` is "auto", "database" or "elasticsearch".

"auto" takes Elasticsearch when `EGOV["ELASTICSEARCH_URL"]` is set, else the engine of the site's database.
"""

from functools import lru_cache

from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from egov_cms.conf import egov_settings
from egov_cms.search.engines.database import POSTGRES, SQLITE, DatabaseEngine

DATABASE_ENGINES = {"sqlite": DatabaseEngine(SQLITE), "postgresql": DatabaseEngine(POSTGRES)}


def current_engine():
    """The engine that this site is set up for (it may be down at the moment)."""
    wanted, url = egov_settings.SEARCH_ENGINE, egov_settings.ELASTICSEARCH_URL
    if wanted == "elasticsearch" or (wanted == "auto" and url):
        return elasticsearch_engine(url)
    return database_engine()


def database_engine():
    """The engine that lives in the site's database and can always answer."""
    if connection.vendor not in DATABASE_ENGINES:
        raise ImproperlyConfigured(f"Search runs on SQLite and PostgreSQL, not on {connection.vendor}.")
    return DATABASE_ENGINES[connection.vendor]


@lru_cache(maxsize=4)
def elasticsearch_engine(url):
    """One engine, and so one circuit breaker, per address and process."""
    from egov_cms.search.engines.elastic import ElasticsearchEngine

    return ElasticsearchEngine(url)


def engine_named(name):
    """ "sqlite", "postgres" or "elasticsearch"; ImproperlyConfigured says why one cannot be used here."""
    if name == "elasticsearch":
        if not egov_settings.ELASTICSEARCH_URL:
            raise ImproperlyConfigured('EGOV["ELASTICSEARCH_URL"] is not set.')
        return elasticsearch_engine(egov_settings.ELASTICSEARCH_URL)
    engine = database_engine()
    if engine.name != name:
        raise ImproperlyConfigured(f"The database of this site is {engine.name}; {name} cannot be asked.")
    return engine
