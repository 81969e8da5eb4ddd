"""The servers, programs and data that some tests need: which are here, and what is said where one is missing.

A test that asks for a fixture of `FIXTURES`, or carries the marker of that name, needs that engine. Where it is missing
the test is skipped by name; `EGOV_TEST_REQUIRE=browser,postgres` turns such a skip into a failure.
"""

import os
import shutil
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
FIXTURES = {
    "chromium": "browser",
    "nginx": "nginx",
    "own_postgres": "postgresql",
    "redis": "redis",
    "redis_url": "redis",
    "reference_data": "data",
    "small_disk": "mounts",
}


def program(variable, *names):
    """The path of a program: the one that the variable names, else the first of `names` that is here, else ""."""
    wanted = [os.environ[variable]] if os.environ.get(variable) else names
    # Servers are installed where only the administrator's path leads.
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"])
    return next((found for name in wanted if (found := shutil.which(name, path=path))), "")


def chromium_path():
    """The browser to drive. The one without windows comes first: it takes half the processor time."""
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    return program("EGOV_TEST_CHROMIUM", *names)


def redis_path():
    return program("EGOV_TEST_REDIS_SERVER", "redis-server", "valkey-server")


def nginx_path():
    return program("EGOV_TEST_NGINX", "nginx")


def reference_folder():
    """The reference data: EGOV_REFERENCE_DATA, else `shared/data` beside the repository."""
    return Path(os.environ.get("EGOV_REFERENCE_DATA") or REPOSITORY.parent / "shared" / "data")


def missing_browser():
    return "" if chromium_path() else "no Chromium on the path (EGOV_TEST_CHROMIUM names one)"


def missing_postgres():
    from django.db import connection

    return "" if connection.vendor == "postgresql" else "EGOV_TEST_DATABASE_URL names no PostgreSQL server"


def postgresql_folder():
    """The folder of PostgreSQL's programs, for a server that a test may stop; None where there is none."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if folders and not os.environ.get("EGOV_TEST_INITDB"):
        return folders[-1].parent
    found = program("EGOV_TEST_INITDB", "initdb")
    # On the path may stand a link to it, and not to the others.
    return Path(found).resolve().parent if found else None


def missing_postgresql():
    return "" if postgresql_folder() else "no initdb in /usr/lib/postgresql or on the path (EGOV_TEST_INITDB)"


def missing_mounts():
    if os.geteuid():
        return "only root mounts a small file system"
    with tempfile.TemporaryDirectory() as folder:
        arguments = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder]
        if subprocess.run(arguments, check=False, capture_output=True).returncode:
            return "this machine does not let root mount"
        subprocess.run(["umount", folder], check=True)
    return ""


def missing_elasticsearch():
    return "" if os.environ.get("EGOV_TEST_ELASTICSEARCH_URL") else "EGOV_TEST_ELASTICSEARCH_URL is not set"


def missing_redis():
    if not find_spec("redis"):
        return "the Python package redis is not installed"
    if os.environ.get("EGOV_TEST_REDIS_URL") or redis_path():
        return ""
    return "no redis-server on the path and EGOV_TEST_REDIS_URL is not set"


def missing_nginx():
    return "" if nginx_path() else "no nginx on the path (EGOV_TEST_NGINX names one)"


def missing_data():
    folder = reference_folder()
    return (
        "" if (folder / "reference").is_dir() else f"{folder} holds no reference data (EGOV_REFERENCE_DATA)"
    )


ENGINES = {
    "browser": missing_browser,
    "data": missing_data,
    "elasticsearch": missing_elasticsearch,
    "mounts": missing_mounts,
    "nginx": missing_nginx,
    "postgres": missing_postgres,
    "postgresql": missing_postgresql,
    "redis": missing_redis,
}


def required(variable=None):
    """The engines that must be here: the names in EGOV_TEST_REQUIRE. ValueError for a name that is none."""
    text = os.environ.get("EGOV_TEST_REQUIRE", "") if variable is None else variable
    names = {name.strip() for name in text.split(",") if name.strip()}
    if unknown := names - ENGINES.keys():
        raise ValueError(
            f"EGOV_TEST_REQUIRE: unknown {', '.join(sorted(unknown))}; known {', '.join(ENGINES)}"
        )
    return names


def needed(markers, fixtures):
    """The engines that a test with these markers and fixtures needs, in the order of `ENGINES`."""
    names = {FIXTURES[name] for name in fixtures if name in FIXTURES} | set(markers)
    return [name for name in ENGINES if name in names]
