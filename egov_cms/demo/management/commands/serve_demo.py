"""serve_demo: the command of `make demo`. Prepares what is missing, prints the addresses, and serves the site."""

import hashlib
import json
import os
import sys
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from egov_cms.demo.loading import ADMINISTRATOR, EDITORS
from egov_cms.demo.passwords import get_or_create_password

# SQLite allows one writer at a time: two processes with a few threads are enough for readers, and few writers compete.
WORKERS, THREADS = 2, 8


class Command(BaseCommand):
    help = "Prepares the demonstration (database, content, static files) and serves it with gunicorn."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=8000, help="port on 127.0.0.1 (8000)")
        parser.add_argument("--prepare-only", action="store_true", help="prepare, then stop")

    def handle(self, *, port, prepare_only, **options):
        var = Path(settings.VAR)
        self._prepare_database(var)
        self._prepare_static_files(var)
        self._print_addresses(port, get_or_create_password(var / "editor-password"))
        if prepare_only:
            return
        sys.stdout.flush()
        os.environ["PORT"] = str(port)
        arguments = ["--bind", f"127.0.0.1:{port}", "--workers", str(WORKERS), "--threads", str(THREADS)]
        arguments += ["--worker-class", "gthread", "--preload", "--log-level", "warning"]
        arguments += ["--chdir", str(settings.BASE_DIR), "egov_cms.demo.wsgi:application"]
        os.execv(sys.executable, [sys.executable, "-m", "gunicorn", *arguments])  # noqa: S606

    def _prepare_database(self, var):
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("Preparing the database …")
            call_command("migrate", verbosity=0)
        from egov_cms.site.models import HomePage

        # Only once: content that was edited or deleted since must not be restored.
        if not HomePage.objects.exists():
            self.stdout.write("Loading the demonstration …")
            call_command("load_demo", password_file=var / "editor-password", verbosity=0)

    def _prepare_static_files(self, var):
        file, digest = var / "static-files", static_files_digest()
        if not file.exists() or file.read_text() != digest:
            self.stdout.write("Preparing the static files …")
            call_command("collectstatic", interactive=False, clear=True, verbosity=0)
            file.write_text(digest)

    def _print_addresses(self, port, password):
        address = f"http://127.0.0.1:{port}"
        lines = [
            "",
            f"  The site       {address}/ar/   {address}/ckb/   {address}/en/",
            f"  Components     {address}/en/patterns/",
            f"  For editors    {address}/admin/",
            f"  Users          {ADMINISTRATOR}, {', '.join(EDITORS)}",
            f"  Password       {password}",
            "",
            "  Everything on it is illustrative. Ctrl+C stops it; what was edited is kept in var/.",
            "",
        ]
        self.stdout.write("\n".join(lines))


def static_files_digest():
    """A digest of the names, sizes and times of all static files. When it changes, they are collected again."""
    listing = []
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = Path(storage.path(name)).stat()
            listing.append((name, status.st_size, status.st_mtime_ns))
    return hashlib.sha256(json.dumps(sorted(listing)).encode()).hexdigest()
