"""Selects the engine: `EGOV["SEARCH_ENGINE"]` is "auto", "database" or "elasticsearch".

"auto" selects Elasticsearch when `EGOV["ELASTICSEARCH_URL"]` is set, else the engine of the site's database.
"""

from functools import lru_cache

from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from egov_cms.conf import egov_settings
from egov_cms.search.engines.database import POSTGRES, SQLITE, DatabaseEngine

DATABASE_ENGINES = {"sqlite": DatabaseEngine(SQLITE), "postgresql": DatabaseEngine(POSTGRES)}


def current_engine():
    """The engine that the settings select (it can be down)."""
    setting, url = egov_settings.SEARCH_ENGINE, egov_settings.ELASTICSEARCH_URL
    if setting == "elasticsearch" or (setting == "auto" and url):
        return elasticsearch_engine(url)
    return database_engine()


def database_engine():
    """The engine inside the site's database, which is always available."""
    if connection.vendor not in DATABASE_ENGINES:
        raise ImproperlyConfigured(f"Search runs on SQLite and PostgreSQL, not on {connection.vendor}.")
    return DATABASE_ENGINES[connection.vendor]


@lru_cache(maxsize=4)
def elasticsearch_engine(url):
    """One engine, and therefore one circuit breaker, per address and process."""
    from egov_cms.search.engines.elastic import ElasticsearchEngine

    return ElasticsearchEngine(url)


def engine_named(name):
    """The engine "sqlite", "postgres" or "elasticsearch". ImproperlyConfigured when it cannot be used on this site."""
    if name == "elasticsearch":
        if not egov_settings.ELASTICSEARCH_URL:
            raise ImproperlyConfigured('EGOV["ELASTICSEARCH_URL"] is not set.')
        return elasticsearch_engine(egov_settings.ELASTICSEARCH_URL)
    engine = database_engine()
    if engine.name != name:
        raise ImproperlyConfigured(f"The database of this site is {engine.name}; {name} cannot be asked.")
    return engine
