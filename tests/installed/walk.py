"""The suite as it is installed: the wheel and what requirements/production.txt names, in an empty environment, outside the
repository. `make installed` runs this; `make test` does not, because it makes environments and needs the package index.
"""

import json
import re
import shlex
import shutil
import zipfile
from types import SimpleNamespace

import pytest

from egov_cms import __version__
from egov_cms.modules import released
from tests.conftest import REPOSITORY

from .crawl import Site, Walk
from .installation import LOCK, Environment, Project, build_wheel, tracked_files

PACKAGES = ("egov_cms", "blocks", "transparency", "open_data", "site_template")

# What answers a reader with an error, and why.
REFUSED = {
    r"search/opened/$": "takes only what a page sends",
    r"services/review/": "needs the token of a mail",
    r"^/api/v1/changes/1": "no fact of the demonstration has changed yet",
    r"^/api/v1/.+\.1$": "there is no such format",
    r"^/api/v1/no-such-address$": "there is nothing",
    r"_util/authenticate_with_password/|^/documents/authenticate_with_password/": "needs a page with a password",
}
PROBLEM = "application/problem+json"
# Raises on purpose, to see that errors are reported.
FAILS = "admin/failwhale/"

SUFFIXES = {
    "application/json": "",
    "application/x-ndjson": ".jsonl",
    "text/csv": ".csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/ld+json": ".jsonld",
    "text/turtle": ".ttl",
    "application/geo+json": ".geojson",
    "application/atom+xml": ".atom",
}


@pytest.fixture(scope="session")
def wheel(tmp_path_factory):
    return build_wheel(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="session")
def bare(wheel, tmp_path_factory):
    """A site without any module: the wheel with what it needs by its own metadata, in the locked versions."""
    folder = tmp_path_factory.mktemp("bare")
    environment = Environment(folder / "environment")
    environment.install("--constraint", LOCK, wheel)
    project = Project(folder / "project", environment, modules=[])
    project.manage("migrate", "--verbosity", "0")
    shutil.copy(project.folder / "db.sqlite3", project.folder / "migrated.sqlite3")
    return project


@pytest.fixture(scope="session")
def whole(wheel, bare, tmp_path_factory):
    """The demonstration's content on all modules, installed as the deployer's guide says."""
    folder = tmp_path_factory.mktemp("whole")
    environment = Environment(folder / "environment")
    environment.install("--require-hashes", "--requirement", LOCK)
    environment.install("--no-deps", wheel)
    project = Project(folder / "project", environment, released(), apps=["egov_cms.demo"])
    shutil.copy(bare.folder / "migrated.sqlite3", project.folder / "db.sqlite3")
    project.manage("migrate", "--verbosity", "0")
    project.manage("load_demo", "--password-file", "password", "--verbosity", "0")
    project.manage("collectstatic", "--noinput", "--verbosity", "0")
    return project


@pytest.fixture(scope="session")
def site(whole):
    """The served demonstration: `port`, `table` (url_table.py), `project`."""
    table = whole.url_table()
    with whole.served() as port:
        yield SimpleNamespace(port=port, table=table, project=whole)


@pytest.fixture(scope="session")
def public_walk(site):
    walk = Walk(Site(site.port), site.table["entries"])
    walk.formats = formats_of_the_api(walk)
    walk.crawl([*site.table["pages"], *walk.plain()])
    walk.ask_rest()
    return walk


def failures(walk, project):
    """Address → status and what the log says of it, of every answer that is an error of the server."""
    said = project.exceptions()
    return {
        answer.address: (answer.status, said.get(answer.address.partition("?")[0]))
        for answers in walk.answers.values()
        for answer in answers
        if answer.status >= 500 and FAILS not in answer.address
    }


def test_the_wheel_has_every_file_of_its_packages(wheel):
    held = set(zipfile.ZipFile(wheel).namelist())
    assert [name for name in tracked_files(*PACKAGES) if name not in held] == []
    assert {name.partition("/")[0] for name in held if ".dist-info/" not in name} == set(PACKAGES)


def test_a_site_without_modules_is_checked_and_seeded(bare):
    assert "no issues (0 silenced)" in check(bare)
    bare.manage("seed_site", "ministry.yaml")
    bare.manage("collectstatic", "--noinput", "--verbosity", "0")
    answers = served_walk(bare)
    assert answers["/en/"] == 200
    assert answers["/en/services/"] == 404


@pytest.mark.parametrize("name", released())
def test_a_module_alone_needs_its_extra_and_nothing_more(bare, wheel, tmp_path, name):
    environment = Environment(tmp_path / "environment")
    environment.install("--constraint", LOCK, wheel)
    project = Project(tmp_path / "project", environment, [name])
    shutil.copy(bare.folder / "migrated.sqlite3", project.folder / "db.sqlite3")
    refused = project.run("python", "manage.py", "check")
    assert refused.returncode != 0
    assert f"pip install 'egov-cms[{name}]'" in refused.stderr

    environment.install("--constraint", LOCK, f"egov-cms[{name}] @ {wheel.as_uri()}")
    assert "no issues (0 silenced)" in check(project)
    project.manage("migrate", "--verbosity", "0")
    project.manage("seed_site", "ministry.yaml")
    project.manage("collectstatic", "--noinput", "--verbosity", "0")
    assert served_walk(project)["/en/"] == 200


def test_a_site_goes_on_when_its_modules_are_taken_out(whole, tmp_path):
    project = Project(tmp_path / "project", whole.environment, modules=[])
    shutil.copy(whole.folder / "db.sqlite3", project.folder)
    project.manage("rebuild_search", "--verbosity", "0")
    project.manage("collectstatic", "--noinput", "--verbosity", "0")
    answers = served_walk(project)
    assert answers["/en/"] == 200
    assert answers["/en/services/"] == 404


def check(project):
    return project.manage(
        "check", "--deploy", "--fail-level", "WARNING", DJANGO_SETTINGS_MODULE="planning.settings"
    )


def served_walk(project):
    """Address → status of what a reader finds; no answer is an error of the server."""
    table = project.url_table()
    with project.served() as port:
        walk = Walk(Site(port), table["entries"])
        walk.crawl([*table["pages"], "/en/services/", *walk.plain()])
    assert failures(walk, project) == {}
    return {answer.address: answer.status for answers in walk.answers.values() for answer in answers}


def test_the_checks_of_a_deployment_are_clean(whole):
    assert "no issues (0 silenced)" in check(whole)
    assert "No changes detected" in whole.manage("makemigrations", "--check", "--dry-run")


def test_the_suite_comes_from_the_wheel(whole, site):
    assert site.table["suite"].startswith(str(whole.environment.packages()))
    assert not site.table["suite"].startswith(str(REPOSITORY))


IMPORT_ALL = """
import importlib, pkgutil, django
django.setup()
for package in {packages!r}:
    for module in pkgutil.walk_packages([f"{folder}/{{package}}"], package + "."):
        if ".settings." not in module.name and ".testing" not in module.name:  # which needs its extra
            importlib.import_module(module.name)
"""


def test_every_module_can_be_imported(whole):
    packages = whole.environment.packages()
    done = whole.run("python", "-c", IMPORT_ALL.format(packages=PACKAGES, folder=packages))
    assert done.returncode == 0, done.stderr


def test_the_command_says_its_version_and_what_is_not_there_yet(whole):
    assert whole.run("egov-cms", "--version").stdout == f"egov-cms {__version__}\n"
    for command in ("new planning", "update planning", "bundle planning", "fleet status sites.yaml"):
        done = whole.run("egov-cms", *command.split())
        assert done.returncode == 2
        assert "is not in this release yet" in done.stderr


def test_public_addresses_answer(public_walk, site):
    assert failures(public_walk, site.project) == {}
    refused = {
        answers[0].address: answers[0].status
        for entry, answers in public_walk.answers.items()
        if entry and all(answer.status >= 400 for answer in answers)
        if not any(re.search(pattern, answers[0].address) for pattern in REFUSED)
    }
    assert refused == {}


def test_every_entry_of_the_url_table_is_asked(public_walk):
    assert [entry for entry in site_entries(public_walk) if entry not in public_walk.answers] == []


def site_entries(walk):
    return [
        entry["regex"] for entry in walk.entries if not entry["regex"].startswith(("admin/", "accounts/"))
    ]


def test_addresses_of_the_admin_send_readers_to_the_sign_in(public_walk):
    statuses = {
        answer.address: answer.status
        for entry, answers in public_walk.answers.items()
        for answer in answers
        if entry and entry.startswith("admin/")
    }
    assert len(statuses) > 300
    opened = {address for address, status in statuses.items() if status == 200}
    assert opened - {"/admin/login/", "/admin/sprite/", "/admin/jsi18n/"} == set()


def test_addresses_of_the_admin_answer_an_administrator(site):
    walk = Walk(Site(site.port, site.table["cookie"]), site.table["entries"])
    walk.crawl([address for address in walk.plain() if address.startswith(("/admin/", "/accounts/"))])
    walk.ask_rest()
    assert failures(walk, site.project) == {}
    assert walk.site.get("/admin/").status == 200, "signed out on the way"
    opened = [answers for answers in walk.answers.values() if any(answer.status == 200 for answer in answers)]
    assert len(opened) > 300


def formats_of_the_api(walk):
    """(address, media type) → answers to each format that the OpenAPI document names, by Accept and by suffix.

    `status`: 404 where the demonstration has no example of an item, else 200. `wrong`: to a parameter that does not exist.
    """
    found = {}
    for path, methods in json.loads(walk.site.get("/api/v1/openapi.json").body)["paths"].items():
        address, status = with_examples(walk.site, path)
        for kind in methods["get"]["responses"]["200"]["content"]:
            asked = address.rstrip("/") + SUFFIXES[kind] if SUFFIXES[kind] else address
            answers = walk.site.get(address, Accept=kind), *walk.ask([asked])
            wrong = walk.site.get(f"{asked}?no_such_parameter=1")
            found[address, kind] = SimpleNamespace(status=status, answers=answers, wrong=wrong)
    return found


def with_examples(site, path):
    """Path and status: for each `{name}` that member, or the key, of the first item listed before; 1 and 404 without."""
    status = 200
    while found := re.search(r"\{(\w+)\}", path):
        listed = path[: found.start()]
        first = next(iter(json.loads(site.get(listed).body)["data"]), None)
        names = (found[1], "id", "code", "slug")
        key = next(first[name] for name in names if name in first) if first else 1
        status = 200 if first else 404
        path = f"{listed}{key}{path[found.end() :]}"
    return path, status


def test_every_format_of_the_api_is_given(public_walk):
    assert len(public_walk.formats) > 20
    for (address, kind), asked in public_walk.formats.items():
        shown = kind if asked.status == 200 else PROBLEM
        for answer in asked.answers:
            assert (answer.status, answer.kind) == (asked.status, shown), (address, kind)
            assert answer.body
        assert (asked.wrong.status, asked.wrong.kind) == (400, PROBLEM), asked.wrong.address


def test_the_examples_of_the_documentation_work(site):
    lines = [
        line
        for page in sorted((REPOSITORY / "docs").glob("*.md"))
        for line in page.read_text().splitlines()
        if line.startswith("curl ")
    ]
    assert len(lines) > 5
    for line in lines:
        words = shlex.split(line)
        address = re.sub("^https?://[^/]+", "", words[-1])
        headers = [words[place + 1].split(": ") for place, word in enumerate(words) if word == "-H"]
        answer = Site(site.port).get(address, **dict(headers))
        assert (answer.status, len(answer.body) > 100) == (200, True), line
