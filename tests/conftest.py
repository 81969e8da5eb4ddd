"""What the tests of every room share: engines, one browser, one demonstration, states of the database, and marks."""

import os
from contextlib import ExitStack, contextmanager

import hypothesis
import pytest

from . import engines, outgoing, servers
from .demonstration import (  # noqa: F401
    demonstration,
    end,
    is_served_to,
    is_used_by,
    loaded,
    served,
    start_once,
)
from .engines import REPOSITORY, chromium_path
from .images import Images
from .sql import touches_sql

pytest_plugins = ["egov_cms.testing.plugin"]

# Playwright's synchronous interface runs an event loop in the test's thread, and Django then refuses its
# (synchronous) database calls; the tests never use both at the same moment.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# The same few examples on every machine; HYPOTHESIS_PROFILE=thorough looks for new ones, as the drills do. How long an
# example takes says more about the machine than about the code.
COMMON = {"deadline": None, "suppress_health_check": [hypothesis.HealthCheck.too_slow]}
hypothesis.settings.register_profile("egov", derandomize=True, max_examples=25, **COMMON)
hypothesis.settings.register_profile("thorough", max_examples=500, print_blob=True, **COMMON)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "egov"))

DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "django_db_setup"}
LINT = REPOSITORY / "tests" / "lint"


def pytest_configure(config):
    outgoing.guard()
    try:
        engines.required()
    except ValueError as error:
        raise pytest.UsageError(str(error)) from error


def pytest_ignore_collect(collection_path, config):
    """What reads only sources is run by `make lint`: it is collected where it is named."""
    if collection_path == LINT and not any("tests/lint" in argument for argument in config.args):
        return True


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """Marks that tests get by themselves are set before `-m` chooses by them. What needs the demonstration comes last."""
    for item in items:
        for name in engines.needed((), item.fixturenames):
            item.add_marker(name)
        if item.get_closest_marker("django_db") or DATABASE_FIXTURES.intersection(item.fixturenames):
            item.add_marker("database")
            if touches_sql(item.path):
                item.add_marker("sql")
    if not os.environ.get("EGOV_DRILLS"):
        drills = [item for item in items if item.get_closest_marker("drill")]
        config.hook.pytest_deselected(items=drills)
        items[:] = [item for item in items if item not in set(drills)]
    yield
    items.sort(key=is_used_by)


def pytest_sessionfinish(session):
    if "PYTEST_XDIST_WORKER" not in os.environ:
        end(run_folder(session.config._tmp_path_factory))


def pytest_runtest_setup(item):
    names = {mark.name for mark in item.iter_markers()}
    for name in engines.needed(names, item.fixturenames):
        if reason := engines.ENGINES[name]():
            (pytest.fail if name in engines.required() else pytest.skip)(f"{name}: {reason}")


@pytest.fixture(scope="session")
def reference_data():
    """The folder of reference data beside the repository (EGOV_REFERENCE_DATA names another one)."""
    return engines.reference_folder()


@pytest.fixture(scope="session")
def chromium():
    """One browser for the run. A test opens its own context: `chromium.new_context(viewport=…)`."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def redis_url():
    """The address of a Redis that tests may empty."""
    with servers.redis() as url:
        yield url


@pytest.fixture
def nginx():
    """`nginx(configuration) -> (url, folder)`: an nginx with this text in its `http` block (tests/servers.py)."""
    with ExitStack() as stack:
        yield lambda configuration: stack.enter_context(servers.nginx(configuration))


@pytest.fixture(autouse=True)
def fresh_process():
    """What one test leaves in the process: kept pages name rows that the next test lacks, and its language stays."""
    from django.core.cache import cache
    from django.utils import translation

    cache.clear()
    translation.deactivate()


@pytest.fixture(scope="session")
def demonstration_served(tmp_path_factory):
    """The address of the demonstration and the folder of its data (tests/demonstration.py)."""
    return served(run_folder(tmp_path_factory))


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
def django_db_setup(
    request, django_db_setup, django_db_modify_db_settings, django_db_blocker, images, tmp_path_factory
):
    """pytest-django's test database, as the migrations leave it.

    The demonstration begins with it too: it loads its content while tests run that do not need it.
    """
    with django_db_blocker.unblock():
        django_db_modify_db_settings.close()
    if any(is_served_to(item) for item in request.session.items):
        start_once(run_folder(tmp_path_factory))
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
