"""What the tests of every room share: which servers are here, and one browser for the whole run.

A test marked `browser`, `postgres` or `elasticsearch` is skipped, by name, where its engine is missing.
`EGOV_TEST_REQUIRE=browser,postgres` turns such a skip into a failure.
"""

import gc
import os
import shutil
from contextlib import ExitStack, contextmanager, suppress
from importlib import import_module
from pathlib import Path

import hypothesis
import pytest

from .demonstration import end_unused, served, starter

pytest_plugins = ["egov_cms.testing.plugin"]

# Playwright's synchronous interface runs an event loop in the test's thread, and Django then refuses its
# (synchronous) database calls; the tests never use both at the same moment.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# How fast an example runs says more about the machine than about the code.
hypothesis.settings.register_profile("egov", deadline=None)
hypothesis.settings.load_profile("egov")

# What is imported and collected stays: until then there is no garbage to look for (`pytest_collection_finish`).
gc.disable()

REPOSITORY = Path(__file__).resolve().parent.parent
REQUIRED = {name.strip() for name in os.environ.get("EGOV_TEST_REQUIRE", "").split(",") if name.strip()}


def chromium_path():
    """The browser to drive: EGOV_TEST_CHROMIUM, else the first Chromium on the path, else an empty string.

    The same browser without windows comes first: it asks half of the processor.
    """
    names = [os.environ.get("EGOV_TEST_CHROMIUM") or "chromium-headless-shell"]
    names += ["chromium", "chromium-browser", "google-chrome"]
    return next((found for name in names if (found := shutil.which(name))), "")


def missing_browser():
    return "" if chromium_path() else "no Chromium on the path (EGOV_TEST_CHROMIUM names one)"


def missing_postgres():
    from django.db import connection

    return "" if connection.vendor == "postgresql" else "EGOV_TEST_DATABASE_URL names no PostgreSQL server"


def missing_elasticsearch():
    return "" if os.environ.get("EGOV_TEST_ELASTICSEARCH_URL") else "EGOV_TEST_ELASTICSEARCH_URL is not set"


DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "django_db_setup"}
ENGINES = {
    "browser": missing_browser,
    "postgres": missing_postgres,
    "elasticsearch": missing_elasticsearch,
}


def pytest_configure(config):
    if unknown := REQUIRED - ENGINES.keys():
        raise pytest.UsageError(f"EGOV_TEST_REQUIRE: unknown {', '.join(sorted(unknown))}")


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session):
    """Parallel processes begin with different files: what one of them has compiled the others need not.

    To rewrite the assertions of all tests takes longer than to import the whole suite.
    """
    config = session.config
    if "PYTEST_XDIST_WORKER" not in os.environ or config.args != config.getini("testpaths"):
        return
    place, number = int(os.environ["PYTEST_XDIST_WORKER"][2:]), int(os.environ["PYTEST_XDIST_WORKER_COUNT"])
    files = sorted((REPOSITORY / "tests").rglob("test_*.py"))
    # The first process comes to its own part by itself, and what cannot be imported is told of on collection.
    for file in files[len(files) * place // number :] if place else []:
        with suppress(Exception, pytest.skip.Exception):
            import_module(".".join(file.relative_to(REPOSITORY).with_suffix("").parts))


def pytest_collection_finish(session):
    """Let the demonstration begin to load its content.

    What is imported by now stays: the collector of garbage need not walk through it again and again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    gc.enable()
    if (
        first_process()
        and not session.config.option.collectonly
        and not os.environ.get("EGOV_TEST_SITE_URL")
        and any(needs_demonstration(item) for item in session.items)
    ):
        starter.start(run_folder(session.config._tmp_path_factory))


def pytest_sessionfinish(session):
    # Pytest looks five times for what nobody holds any more; what this leaves needs no second look.
    gc.collect()
    gc.freeze()
    if first_process():
        starter.stop()
        end_unused(run_folder(session.config._tmp_path_factory))


def first_process():
    return os.environ.get("PYTEST_XDIST_WORKER", "gw0") == "gw0"


def needs_demonstration(item):
    return "site_url" in item.fixturenames or "demonstration" in item.fixturenames


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items):
    """The mark `database` is set before `-m` chooses by it; the order is ours, not pytest-django's.

    What needs no database comes second: it runs while the process that has the first file migrates one. What needs the
    demonstration comes last: by then it stands, and the visits to every page are parts so small that no process waits
    long for the others.
    """
    for item in items:
        if item.get_closest_marker("django_db") or DATABASE_FIXTURES.intersection(item.fixturenames):
            item.add_marker(pytest.mark.database)
    yield
    asking = [shared_by(item.nodeid) for item in items if item.get_closest_marker("database")]
    first, asking = asking[:1], set(asking)
    late = {shared_by(item.nodeid) for item in items if needs_demonstration(item)}

    def turn(item):
        part = shared_by(item.nodeid)
        return part in late, "test_every_page" in item.nodeid, part not in first, part in asking

    items.sort(key=turn)


def shared_by(nodeid):
    """What one parallel process takes at once: a file; of the file that visits every page, one page."""
    file, _, test = nodeid.partition("::")
    return test.partition("[")[2].rpartition("-")[0] if "test_every_page" in file else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    from xdist.scheduler import LoadScopeScheduling

    class Files(LoadScopeScheduling):
        _split_scope = staticmethod(shared_by)

    return Files(config, log)


def pytest_runtest_setup(item):
    for name, missing in ENGINES.items():
        if item.get_closest_marker(name) and (reason := missing()):
            (pytest.fail if name in REQUIRED else pytest.skip)(f"{name}: {reason}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """What a test on a broken server left half-read is closed with its own transaction, not with that of a later test."""
    try:
        return (yield)
    finally:
        if item.get_closest_marker("elasticsearch") and not missing_postgres():
            gc.collect()


@pytest.fixture(scope="session")
def reference_data():
    """The folder of reference data beside the repository (EGOV_REFERENCE_DATA names another one)."""
    folder = Path(os.environ.get("EGOV_REFERENCE_DATA") or REPOSITORY.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip("reference data: EGOV_REFERENCE_DATA names no folder")
    return folder


@pytest.fixture(scope="session")
def chromium():
    """One browser for the run. A test opens its own context: `chromium.new_context(viewport=…)`."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # Pages come one after another: fewer processes have less to start.
        few = ["--renderer-process-limit=1", "--in-process-gpu"]
        # Scripts run for moments: to compile them simply is worth it at once, to interpret them first is not.
        few += ["--js-flags=--always-sparkplug"]
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=["--no-sandbox", "--disable-gpu", *few]
        )
        yield browser
        browser.close()


@pytest.fixture(autouse=True)
def fresh_process():
    """What one test leaves in the process: kept pages name rows that the next test lacks, and its language stays."""
    from django.core.cache import cache
    from django.utils import translation

    cache.clear()
    translation.deactivate()


@pytest.fixture(scope="session", autouse=True)
def contexts_of_pages_only(django_test_environment):
    """`response.context` is that of pages: of templates rendered for a request, not of what they include.

    Django's test environment would tell of every included template and of every widget of every form as well, and the
    test client copy its context, which takes as long as rendering a form of the admin.
    """
    from django.template import RequestContext, Template
    from django.test.signals import template_rendered

    def render(template, context):
        if isinstance(context, RequestContext) and context.template is template:
            template_rendered.send(sender=template, template=template, context=context)
        return template.nodelist.render(context)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", render)
        yield


@pytest.fixture(scope="session")
def demonstration_served(tmp_path_factory):
    """The address of the demonstration and the folder of its data (tests/demonstration.py)."""
    with served(run_folder(tmp_path_factory)) as (url, data):
        yield url, data


@pytest.fixture(scope="session")
def site_url(request):
    """The address of the demonstration, without a slash at its end."""
    running = os.environ.get("EGOV_TEST_SITE_URL", "").rstrip("/")
    return running or request.getfixturevalue("demonstration_served")[0]


def run_folder(tmp_path_factory):
    """A folder that the parallel processes of one run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def images(request, django_test_environment, tmp_path_factory, django_db_blocker):
    """States of the database that the processes of this run share (tests/images.py)."""
    from .images import Images

    images = Images(run_folder(tmp_path_factory) / "images", request.config.cache.mkdir("migrated"))
    request.session.images = images
    yield images
    with django_db_blocker.unblock():
        images.close()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, images, django_db_blocker):
    """Before pytest-django makes the test database: only one process migrates, the others wait for its image."""
    making = ExitStack()
    with django_db_blocker.unblock():
        making.enter_context(images.migrated())
    return making


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_modify_db_settings, django_db_blocker, images):
    """pytest-django's test database, as the migrations leave it."""
    with django_db_blocker.unblock():
        django_db_modify_db_settings.close()
    yield images


@pytest.fixture(scope="session")
def database_image(django_db_setup, django_db_blocker):
    """`with database_image("name", make) as value:` for fixtures that several tests share."""

    @contextmanager
    def use(name, make):
        with (
            django_db_blocker.unblock(),
            django_db_setup.image(name, make) as value,
            django_db_blocker.block(),
        ):
            yield value

    return use


@pytest.fixture
def committed():
    """`with committed():` what would happen at the end of the transaction happens at the end of the block.

    What waited before the block is forgotten: calls that collect work would otherwise join it there.
    """

    @contextmanager
    def run():
        from django.db import transaction

        connection = transaction.get_connection()
        connection.run_on_commit = []
        yield
        while connection.run_on_commit:
            calls, connection.run_on_commit = connection.run_on_commit, []
            for _ids, call, _robust in calls:
                call()

    return run


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item, nextitem):
    """A test that commits leaves every table empty: the next one finds the database as this one did."""
    result = yield
    marker = item.get_closest_marker("django_db")
    transactional = marker and marker.kwargs.get("transaction")
    if nextitem and (transactional or {"transactional_db", "live_server"}.intersection(item.fixturenames)):
        from pytest_django.plugin import blocking_manager_key

        with item.config.stash[blocking_manager_key].unblock():
            item.session.images.load()
    return result
