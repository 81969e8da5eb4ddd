"""Runs in this process inside the transaction of a test, or (`children`) in real child processes."""

import io
import sqlite3
from contextlib import closing

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import connection

from egov_cms.exchange import runs

from . import kinds  # noqa: F401 - registers the kind


@pytest.fixture
def ali(db):
    return someone("ali")


@pytest.fixture
def shirin(db):
    return someone("shirin")


def someone(name):
    user = get_user_model().objects.create_user(name, f"{name}@example.org", "x")
    wanted = ("view_group", "add_group", "delete_group")
    user.user_permissions.set(Permission.objects.filter(codename__in=wanted))
    return user


def send(text, user=None, name="groups.txt", **options):
    """A received run, as far as it comes by itself; read from the database."""
    run = runs.receive("groups", io.BytesIO(text.encode()), name, user, **options)
    run.refresh_from_db()
    return run


def confirmed(run, user=None, reason=""):
    runs.confirm(run, user, reason, run.digest)
    run.refresh_from_db()
    return run


@pytest.fixture
def children(transactional_db, settings, tmp_path):
    """Steps run in child processes. A database in memory is put into a file, where they find it."""
    settings.EGOV = {**settings.EGOV, "EXCHANGE_IN_PROCESS": False, "EXCHANGE_SECONDS": 60}
    if connection.vendor != "sqlite":
        yield settings
        return
    connection.ensure_connection()
    memory, name = connection.connection, connection.settings_dict["NAME"]
    path = tmp_path / "database.sqlite3"
    with closing(sqlite3.connect(path)) as target:
        memory.backup(target)
    connection.connection, connection.settings_dict["NAME"] = None, str(path)
    yield settings
    connection.close()
    connection.connection, connection.settings_dict["NAME"] = memory, name
