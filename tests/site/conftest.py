"""A small site: three languages with a home page each, and pages created as in the editor."""

from copy import deepcopy

import pytest

from egov_cms.site.models import PeopleIndexPage
from egov_cms.testing.factories import add_page, publish, superuser, translate
from egov_cms.testing.factories import home_pages as make_homes
from tests.images import state

__all__ = ["add_page", "make_homes", "publish", "translate"]

bare_site = state("bare-site", make_homes)


@pytest.fixture
def homes(bare_site, db):
    """The home pages by language; changes are rolled back after each test."""
    return deepcopy(bare_site)


@pytest.fixture
def people(homes):
    return add_page(homes["ar"], PeopleIndexPage, title="الأشخاص", slug="people")


@pytest.fixture
def admin(db):
    return superuser("admin")
