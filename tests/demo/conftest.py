"""The whole demonstration, loaded once for the tests of this folder."""

import os
import sqlite3
from contextlib import closing
from functools import partial

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher, make_password
from django.contrib.auth.models import User
from django.db import connection
from django.test import override_settings

from egov_cms.demo.loading import load


@pytest.fixture(scope="package")
def demonstration(request, database_image):
    """The password of the whole demonstration: of the one that is served where it is on SQLite too, else of a new one."""
    if connection.vendor == "sqlite" and not os.environ.get("EGOV_TEST_SITE_URL"):
        _url, data = request.getfixturevalue("demonstration_served")
        with (
            database_image("demonstration", partial(taken_from, data)) as password,
            override_settings(MEDIA_ROOT=data / "media"),
        ):
            yield password
    else:
        with database_image("demonstration", loaded_anew) as password:
            yield password


def taken_from(data):
    """Copies the demonstration that is served from this folder. Its password is checked once, then kept as tests do."""
    with closing(sqlite3.connect(data / "demo.sqlite3")) as source:
        source.backup(connection.connection)
    password = (data / "editor-password").read_text().strip()
    (hashed,) = set(User.objects.values_list("password", flat=True))
    assert PBKDF2PasswordHasher().verify(password, hashed)
    User.objects.update(password=make_password(password))
    return password


def loaded_anew():
    password = "a quiet river 1975"
    load(password)
    return password


@pytest.fixture
def loaded(demonstration, db):
    """The demonstration, for one test: what the test changes is taken back. Gives its password."""
    return demonstration
