"""An API against its own description: requests that fit it and requests that do not, made by schemathesis."""

from contextlib import contextmanager

from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connections

from egov_cms.api.description import openapi

# Every check that schemathesis has, except those that need authentication or writing; the same requests every time.
CONFIGURATION = {
    "workers": 1,
    "seed": 20261126,
    "generation": {"mode": "all", "max-examples": 5, "deterministic": True, "database": "none"},
    "phases": {"stateful": {"enabled": False}},
}


@contextmanager
def application():
    """The site as schemathesis asks it, from threads of its own: on the connection that holds this test's rows.

    A request would close it, as Django's own test client knows; and compressed answers would be given to
    schemathesis as they are.
    """
    wsgi, connection = get_wsgi_application(), connections["default"]
    connection.inc_thread_sharing()

    def call(environ, start_response):
        connections["default"] = connection
        environ.pop("HTTP_ACCEPT_ENCODING", None)
        return wsgi(environ, start_response)

    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield call
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)
        connection.dec_thread_sharing()


def broken_promises(wsgi, unforeseeable=("invalid-cursor",)):
    """{operation and check: what is wrong}; asserts that every operation was asked, and often enough.

    unforeseeable: codes of problems that even a request which fits the description may have.
    """
    # Heavy: only the process that runs such a test pays for it.
    import schemathesis
    from schemathesis.config import SchemathesisConfig
    from schemathesis.engine import events, from_schema

    configuration = SchemathesisConfig.from_dict(CONFIGURATION)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", wsgi, config=configuration)

    @schema.hook
    def filter_failure(_context, failure, _case, response):
        # What only looks like a cursor, or names no column, is refused, and a schema cannot say so.
        if failure.title != "Schema-valid request rejected":
            return True
        return response.json()["type"].rstrip("/").rpartition("/")[2] not in unforeseeable

    checked, seen, broken = 0, set(), {}
    for event in from_schema(schema).execute():
        assert not isinstance(event, events.NonFatalError | events.FatalError), event
        if not isinstance(event, events.ScenarioFinished):
            continue
        for key, results in event.recorder.checks.items():
            label = event.recorder.cases[key].value.operation.label
            seen.add(label)
            for result in results:
                checked += 1
                if result.failure_info is not None:
                    failure = result.failure_info.failure
                    sample = result.failure_info.code_sample
                    broken.setdefault(f"{label}: {failure.title}", f"{failure.message}\n{sample}")
    operations = {
        f"{method.upper()} {path}" for path, methods in openapi()["paths"].items() for method in methods
    }
    assert seen == operations
    assert checked > 50 * len(operations)
    return broken
