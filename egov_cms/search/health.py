"""The state of search for the operator: `health()` for `readyz`, and the system checks."""

from importlib.util import find_spec

from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection

from egov_cms.conf import egov_settings
from egov_cms.search.tables import COMMAND

MOST_PENDING = 1000


def health():
    """`{"engine", "answers", "degraded", "pending"}`; `unbuilt` too where a remote engine answers and has no index.

    `answers` is false only when a visitor's search would fail. `degraded` is true when the remote engine is down
    and the database answers instead. `pending` is the number of writes not yet sent to it.
    """
    from egov_cms.search import tables
    from egov_cms.search.engines import current_engine, database_engine
    from egov_cms.search.models import SITE

    engine = current_engine()
    try:
        database_engine().matches({"x": 1}, SITE)
        answers = not (lost := tables.missing())
        if lost:
            tables.tell(lost)
    except Exception as error:
        # Whoever searches gets no error: the log says here what is amiss.
        tables.explain(error)
        answers = False
    try:
        state = engine.health() if engine.remote else {"reachable": answers, "pending": 0}
    except DatabaseError:
        # The table of pending writes is one of those that are lost.
        state = {"reachable": False, "pending": 0}
    unbuilt = {"unbuilt": True} if state.get("unbuilt") else {}
    return unbuilt | {
        "engine": engine.name,
        "answers": answers,
        "degraded": not state["reachable"],
        "pending": state["pending"],
    }


def mended_by(state) -> str:
    """The command that mends what `health()` has found; empty where a server has to be started, or nothing is amiss."""
    if not state["answers"] or state.get("unbuilt"):
        return COMMAND
    return ""


@checks.register("egov")
def check_engine(app_configs, **kwargs):
    """egov.E401, E402 and E403: search cannot run with these settings."""
    errors = []
    setting = egov_settings.SEARCH_ENGINE
    if setting == "elasticsearch" and not egov_settings.ELASTICSEARCH_URL:
        errors.append(checks.Error('EGOV["ELASTICSEARCH_URL"] is not set.', hint="Set it.", id="egov.E401"))
    if egov_settings.ELASTICSEARCH_URL and setting != "database" and not find_spec("elasticsearch"):
        hint = "pip install egov-cms[elasticsearch]"
        errors.append(checks.Error("Elasticsearch's client is missing.", hint=hint, id="egov.E402"))
    if connection.vendor not in ("sqlite", "postgresql"):
        text = f"Search runs on SQLite and PostgreSQL, not on {connection.vendor}."
        errors.append(checks.Error(text, id="egov.E403"))
    return errors


@checks.register("egov", deploy=True)
def check_cluster(app_configs, **kwargs):
    """egov.W401: the cluster does not answer. egov.W402: many writes are pending.

    Only with `check --deploy`, because it needs the network.
    """
    try:
        state = health()
    except (ImproperlyConfigured, ImportError):
        return []
    warnings = []
    if state["degraded"] and state["engine"] == "elasticsearch":
        hint = "Is it running? Has `rebuild_search` been run? The database answers meanwhile."
        warnings.append(checks.Warning("Elasticsearch does not answer.", hint=hint, id="egov.W401"))
    if state["pending"] > MOST_PENDING:
        text = f"{state['pending']} writes wait for Elasticsearch."
        hint = "rebuild_search --pending sends them."
        warnings.append(checks.Warning(text, hint=hint, id="egov.W402"))
    return warnings
