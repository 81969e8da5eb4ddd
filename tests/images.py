"""States of the test database that are costly to make: made once in a run, then copied in within moments.

`database_image(name, make)` is for fixtures that several tests share. The first process that asks calls `make()` in a
database as the migrations left it and keeps what is there then as an image; every other one copies the image. On
leaving the block the database is as before. An image inside the block of another one begins with that one. Tests inside
use `db` as ever, which rolls back what each of them does; a test that commits (`transactional_db`, `live_server`) is
followed by a fresh copy (tests/conftest.py).

The migrations themselves run in the first process only. What they leave is an image like any other; on SQLite it also
stays in pytest's cache for the next run, until a migration or a library changes (`pytest --cache-clear` forgets it).

An image of SQLite is a file, one of PostgreSQL a database made WITH TEMPLATE and named after the run.
"""

import fcntl
import hashlib
import pickle
import shutil
import sqlite3
from contextlib import closing, contextmanager
from functools import cached_property
from importlib import metadata
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection
from wagtail.models import Site

MIGRATED = "migrated"


def state(name, make, scope="module"):
    """A fixture that begins with what `make()` leaves: `made = state("name", make)` in a conftest or a file of tests.

    Its value is what `make()` returned. A test that changes it takes a copy.
    """

    @pytest.fixture(scope=scope)
    def made(database_image):
        with database_image(name, make) as value:
            yield value

    return made


def migrated_database(run):
    """The file that the migrations have left on SQLite, of the run with this folder; None before they have."""
    image = run / "images" / f"{MIGRATED}.sqlite3"
    return image if image.exists() and image.with_suffix(".pickle").exists() else None


class Images:
    """The images of one run, in a folder that its processes share. Everything happens on the default database.

    `kept` is a folder that outlives the run.
    """

    def __init__(self, folder, kept):
        self.folder, self.kept = Path(folder), Path(kept)
        self.folder.mkdir(exist_ok=True)
        self.current = MIGRATED
        with self._alone():
            self._count(1)

    @contextmanager
    def migrated(self):
        """Within the block the test database is made: by migrations in the first process, bare in the others."""
        with self._alone():
            self._fetch_migrated()
            here = self._path(MIGRATED).exists()
            connection.settings_dict["TEST"]["MIGRATE"] = not here
            yield
            if here:
                self.load(MIGRATED)
            else:
                self._save(MIGRATED, None)
                # pytest-django makes no tables where no chosen test has the mark `django_db` or the fixture `db`.
                if connection.introspection.table_names():
                    self._keep_migrated()

    @contextmanager
    def image(self, name, make):
        """What `make()` adds to the image around this block, with what it returned (by value), until its end."""
        around = self.current
        # Others may make theirs meanwhile.
        with self._alone(name):
            if not self._path(name).exists():
                self.load(around)
                self._save(name, make())
        self.load(name)
        try:
            yield pickle.loads(self._path(name).read_bytes())
        finally:
            self.load(around)

    def load(self, name=None):
        """Copy an image into the database: `name`, or again the one that was copied last."""
        self.current = name or self.current
        if connection.vendor == "postgresql":
            self._copy(self._database(self.current), connection.settings_dict["NAME"])
        else:
            connection.ensure_connection()
            with closing(sqlite3.connect(self._file(self.current))) as source:
                source.backup(connection.connection)
        cache.clear()
        ContentType.objects.clear_cache()
        Site.clear_site_root_paths_cache()

    def close(self):
        """The last process of the run takes the images away."""
        with self._alone():
            if self._count(-1) == 0:
                for value in self.folder.glob("*.pickle"):
                    value.unlink()
                    if connection.vendor == "postgresql":
                        self._drop(self._database(value.stem))

    def _fetch_migrated(self):
        if connection.vendor == "sqlite" and self._kept.exists() and not self._path(MIGRATED).exists():
            shutil.copy(self._kept, self._file(MIGRATED))
            self._path(MIGRATED).write_bytes(pickle.dumps(None))

    def _keep_migrated(self):
        if connection.vendor == "sqlite":
            for old in self.kept.glob("*.sqlite3"):
                old.unlink()
            shutil.copy(self._file(MIGRATED), self._kept)

    @cached_property
    def _kept(self):
        """The image of these very migrations on these very libraries."""
        state = hashlib.sha256()
        for app in apps.get_app_configs():
            for file in sorted(Path(app.path, "migrations").glob("*.py")):
                state.update(file.read_bytes())
        for library in ("django", "wagtail", "wagtail-localize"):
            state.update(metadata.version(library).encode())
        return self.kept / f"{state.hexdigest()[:16]}.sqlite3"

    def _save(self, name, value):
        if connection.vendor == "postgresql":
            self._copy(connection.settings_dict["NAME"], self._database(name))
        else:
            connection.ensure_connection()
            with closing(sqlite3.connect(self._file(name))) as target:
                connection.connection.backup(target)
        self._path(name).write_bytes(pickle.dumps(value))

    @contextmanager
    def _alone(self, name=MIGRATED):
        with (self.folder / f"{name}.lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def _count(self, change):
        users = self.folder / "users"
        number = (int(users.read_text()) if users.exists() else 0) + change
        users.write_text(str(number))
        return number

    def _path(self, name):
        """Where the value that belongs to an image is kept; written last, so it stands for the whole."""
        return self.folder / f"{name}.pickle"

    def _file(self, name):
        return self.folder / f"{name}.sqlite3"

    def _database(self, name):
        run = hashlib.sha256(str(self.folder).encode()).hexdigest()[:8]
        return f"test_image_{run}_{name}"

    def _copy(self, source, target):
        self._drop(target)
        quote = connection.ops.quote_name
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {quote(target)} TEMPLATE {quote(source)}")

    def _drop(self, database):
        connection.close()
        with connection._nodb_cursor() as cursor:
            # WITH (FORCE) would also end the server's own autovacuum, for which a test's role has no right.
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename = current_user",
                [database],
            )
            cursor.execute(f"DROP DATABASE IF EXISTS {connection.ops.quote_name(database)}")
