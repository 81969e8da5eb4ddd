"""A small site: three languages, a home page in each, pages made the way editors make them."""

from copy import deepcopy

import pytest
from django.contrib.auth.models import User
from wagtail.models import Locale, Page, Site

from egov_cms.site.models import HomePage, PeopleIndexPage
from tests.images import state


def make_homes():
    """A home page per language, keyed by code; the Arabic one is the source and the site's root."""
    root = Page.objects.get(depth=1)
    root.get_children().delete()
    root = Page.objects.get(depth=1)
    made = {}
    for code in ("ar", "ckb", "en"):
        locale = Locale.objects.get_or_create(language_code=code)[0]
        page = HomePage(title=f"home {code}", slug="home" if code == "ar" else f"home-{code}", locale=locale)
        if made:
            page.translation_key = made["ar"].translation_key
        made[code] = root.add_child(instance=page)
    Site.objects.all().delete()
    Site.objects.create(hostname="testserver", root_page=made["ar"], is_default_site=True, site_name="Test")
    return made


bare_site = state("bare-site", make_homes)


@pytest.fixture
def homes(bare_site, db):
    """The home pages by language; what a test does to them is undone after it."""
    return deepcopy(bare_site)


def add_page(parent, model, **fields):
    """A published page below `parent`, in its language, with a revision as an editor's page has."""
    page = model(locale=parent.locale, live=False, **fields)
    parent.add_child(instance=page)
    page.save_revision().publish()
    return model.objects.get(pk=page.pk)


def translate(page, code):
    """A draft translation of a page (its parents are translated too), as Wagtail makes it."""
    return page.copy_for_translation(Locale.objects.get(language_code=code), copy_parents=True)


def publish(page):
    page.save_revision().publish()
    return type(page).objects.get(pk=page.pk)


@pytest.fixture
def people(homes):
    return add_page(homes["ar"], PeopleIndexPage, title="الأشخاص", slug="people")


@pytest.fixture
def admin(db):
    return User.objects.create_superuser("admin", "admin@example.gov.iq", "password")
