"""The tables of search are lost: the site answers, readiness and the log name the command that mends it, and it does."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.test import Client

from egov_cms.search import indexing, search, tables
from egov_cms.site.models import SectionPage
from egov_cms.testing.factories import add_page

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def found(homes, monkeypatch):
    """A page that search finds."""
    add_page(homes["ar"], SectionPage, title="جواز السفر", slug="passport")
    indexing.rebuild()
    assert [hit.title for hit in search("جواز", "ar").hits] == ["جواز السفر"]
    monkeypatch.setattr(tables, "_told_at", float("-inf"))


def everything(*, fails):
    answers = {
        path: Client().get(path)
        for path in ("/ar/search/?q=%D8%AC%D9%88%D8%A7%D8%B2", "/ar/", "/ar/passport/", "/readyz")
    }
    answers |= {
        path: Client().get(path)
        for path in (
            "/ar/search/suggest/?q=%D8%AC%D9%88%D8%A7%D8%B2",
            "/ar/search/completions/?q=%D8%AC%D9%88%D8%A7%D8%B2",
        )
    }
    assert {path: each.status_code for path, each in answers.items()} == dict.fromkeys(answers, 200)
    api = Client().get("/api/v1/search/?q=%D8%AC%D9%88%D8%A7%D8%B2")
    assert api.status_code == (503 if fails else 200)
    ready = answers["/readyz"].json()
    assert (ready.get("mended_by") == {"search": "manage.py rebuild_search"}) is fails
    assert ready["status"] == ("degraded" if fails else "ok")
    return answers["/ar/search/?q=%D8%AC%D9%88%D8%A7%D8%B2"].content.decode()


def drop(name):
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {name}" + (" CASCADE" if connection.vendor == "postgresql" else ""))


def test_every_table_of_search_may_be_lost(found, caplog, capsys):
    """Each alone, and all at once: the list is the models of the app and the engine's own table."""
    names = [*tables._models(), *tables._engine_table()]
    assert len(names) > 5
    for lost in [*([name] for name in names), names]:
        caplog.clear()
        tables._told_at = float("-inf")
        for name in lost:
            drop(name)
        ready = Client().get("/readyz").json()
        assert ready["mended_by"] == {"search": tables.COMMAND}, lost
        for path in (
            "/ar/search/?q=%D8%AC%D9%88%D8%A7%D8%B2",
            "/ar/",
            "/ar/passport/",
            "/ar/search/suggest/?q=%D8%AC%D9%88%D8%A7%D8%B2",
        ):
            assert Client().get(path).status_code == 200, (lost, path)
        assert Client().get("/api/v1/search/?q=%D8%AC%D9%88%D8%A7%D8%B2").status_code in (200, 503)
        # What is published meanwhile is public all the same.
        page = SectionPage.objects.get(slug="passport", locale__language_code="ar")
        page.save_revision().publish()
        assert tables.COMMAND in caplog.text, lost
        call_command("rebuild_search", verbosity=0)
        assert tables.missing() == []
        text = everything(fails=False)
        assert "/ar/passport/" in text, lost


def test_it_says_so(found):
    drop(tables._engine_table()[0])
    text = everything(fails=True)
    assert "البحث غير متاح حالياً" in text, text[text.index("<main") : text.index("</main")]
    call_command("rebuild_search", verbosity=0)
    assert "/ar/passport/" in everything(fails=False)


def test_other_errors_are_not_taken_for_it(found):
    assert not tables.explain(DatabaseError("no such table: egov_site_office"))
    assert tables.mend() == []


@pytest.mark.elasticsearch
def test_the_index_of_elasticsearch_is_gone(homes, settings, monkeypatch, caplog):
    import os

    from egov_cms.search.engines import choice

    from .conftest import elasticsearch

    engine = elasticsearch()
    settings.EGOV = {
        **settings.EGOV,
        "SEARCH_ENGINE": "elasticsearch",
        "ELASTICSEARCH_URL": os.environ["EGOV_TEST_ELASTICSEARCH_URL"],
    }
    monkeypatch.setattr(choice, "elasticsearch_engine", lambda url: engine)
    monkeypatch.setattr(engine, "patient", lambda: engine)
    engine.breaker.seconds = 0.0
    add_page(homes["ar"], SectionPage, title="جواز السفر", slug="passport")
    call_command("rebuild_search", verbosity=0)
    try:
        assert Client().get("/readyz").json()["status"] == "ok"
        engine.drop("site")
        assert "/ar/passport/" in Client().get("/ar/search/?q=%D8%AC%D9%88%D8%A7%D8%B2").content.decode()
        assert Client().get("/readyz").json()["mended_by"] == {"search": tables.COMMAND}
        assert tables.COMMAND in caplog.text
        call_command("rebuild_search", verbosity=0)
        assert Client().get("/readyz").json()["status"] == "ok"
    finally:
        engine.drop("site")
