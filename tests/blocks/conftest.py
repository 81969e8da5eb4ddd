"""A small site in three languages, and a factory for a page with a given body."""

import uuid
from copy import deepcopy

import pytest
from django.core.files.base import ContentFile
from django.utils import translation
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Locale, Page, Site

from egov_cms.site.models import ContentPage, HomePage
from tests.images import state

HEADING = [("heading", {"text": "عنوان", "level": "h2", "anchor": ""})]
LANGUAGES = ("ar", "ckb", "en")


@pytest.fixture(autouse=True)
def in_arabic():
    with translation.override("ar"):
        yield


@pytest.fixture(autouse=True)
def media_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def make_site():
    """The Arabic home page, root of the site `testserver`, and a picture with the content of its file."""
    root = Page.get_first_root_node() or Page.add_root(title="Root", slug="root")
    Site.objects.all().delete()
    for page in Page.objects.filter(depth=2):
        page.delete()
    root.refresh_from_db()
    locales = [Locale.objects.get_or_create(language_code=code)[0] for code in LANGUAGES]
    home = HomePage(title="الرئيسية", slug="ar", locale=locales[0], summary="بداية")
    root.add_child(instance=home)
    Site.objects.create(hostname="testserver", root_page=home, is_default_site=True)
    file = get_test_image_file(filename="hall.png", size=(1200, 120))
    image = get_image_model().objects.create(title="قاعة", file=file)
    return home, image, image.file.read()


small_site = state("site-of-blocks", make_site)


@pytest.fixture
def home(small_site, db):
    """The Arabic home page, root of the site `testserver`."""
    return deepcopy(small_site[0])


@pytest.fixture
def homes(home):
    """The home pages of all languages by code."""
    pages = {"ar": home}
    for locale in Locale.objects.exclude(language_code="ar"):
        page = home.copy_for_translation(locale)
        page.slug, page.live, page.draft_title = locale.language_code, True, page.title
        page.save()
        pages[locale.language_code] = page
    return pages


@pytest.fixture
def make_page(home):
    """A live page below the home with stream items `(type, stored value)`, as read from the database.

    Without items it has a heading: a page without a body is not published.
    """

    def make(*items, slug="page", **fields):
        body = [{"type": kind, "value": value, "id": str(uuid.uuid4())} for kind, value in items or HEADING]
        page = ContentPage(title="صفحة", slug=slug, summary="ملخص", body=body, **fields)
        home.add_child(instance=page)
        return ContentPage.objects.get(pk=page.pk)

    return make


@pytest.fixture
def image(small_site, db, media_folder):
    """A picture 1200 pixels wide, with its file in the folder of this test."""
    _home, image, content = small_site
    image = deepcopy(image)
    image.file.storage.save(image.file.name, ContentFile(content))
    return image


@pytest.fixture
def document(db):
    file = ContentFile(b"%PDF-1.4 " + b"x" * 2_400_000, name="form.pdf")
    stored = get_document_model()(title="استمارة", file=file, file_size=2_400_009)
    # In bulk, without signals, so that the search does not index this file.
    return get_document_model().objects.bulk_create([stored])[0]
