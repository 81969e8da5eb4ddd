"""The fixtures that every test may ask for, wherever the distribution is installed (pytest finds this module by itself).

Factories stand in `egov_cms.testing.factories`, and in `egov_cms.testing.services` for the catalogue: plain functions that a
test calls with what matters to it. A project's own fixture of the same name takes the place of one of these.
"""

import pytest


def pytest_generate_tests(metafunc):
    """A test that asks for `each_language` runs once in every content language."""
    if "each_language" in metafunc.fixturenames:
        from egov_cms.language import content_languages

        metafunc.parametrize("each_language", content_languages(), indirect=True)


@pytest.fixture
def languages():
    """The codes of the site's content languages, the source first."""
    from egov_cms.language import content_languages

    return content_languages()


@pytest.fixture
def each_language(request):
    """The code of one content language, which is active meanwhile; the test runs once for each."""
    from django.utils import translation

    with translation.override(request.param):
        yield request.param


@pytest.fixture
def home_pages(db):
    """Language code → home page of a small site at `testserver`."""
    from egov_cms.testing.factories import home_pages

    return home_pages()


@pytest.fixture
def client_as(home_pages):
    """`client_as("publisher")`: a test client signed in with that role on all home pages; `client_as()`: a reader."""
    from django.test import Client

    from egov_cms.testing.factories import user_with_role

    def sign_in(role=None):
        client = Client()
        if role is not None:
            client.user = user_with_role(role, home_pages)
            client.force_login(client.user)
        return client

    return sign_in


@pytest.fixture(name="query_budget")
def query_budget_fixture():
    """`with query_budget(4):` fails with the list of queries when the block runs more."""
    from egov_cms.testing.queries import query_budget

    return query_budget
