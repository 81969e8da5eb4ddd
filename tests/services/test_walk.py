"""One service from its first draft to a new fee, by an editor, an approver and a publisher in a browser."""

import pytest
from django.contrib.auth.models import Group, User
from wagtail.models import Locale
from wagtail.users.models import UserProfile

from egov_cms.editing.models import ChangeLogEntry
from egov_cms.services.models import ServiceIndexPage, ServicePage
from egov_cms.services.seeds import seed
from egov_cms.site import roles
from egov_cms.site.models import HomePage, OrganisationIndexPage, OrganisationUnitPage

from . import walk
from .conftest import make_homes
from .sheets import Book

pytestmark = pytest.mark.browser
# The role of each user, and the language of the admin and the browser.
PEOPLE = {
    "editor": (roles.SERVICE_EDITOR, "ar"),
    "approver": (roles.APPROVER, "ar"),
    "publisher": (roles.PUBLISHER, "en"),
}
UNIT = "مديرية التعليم"
REASON = "قرار وزاري جديد"


@pytest.fixture
def site(transactional_db, settings):
    """An empty catalogue with one unit, the roles with their workflow, and a user for each role."""
    # No background requests of the admin between two steps.
    settings.WAGTAIL_AUTOSAVE_INTERVAL = 0
    settings.WAGTAIL_EDITING_SESSION_PING_INTERVAL = 0
    homes = make_homes()
    seed({}, {})
    homes = {page.locale.language_code: page for page in HomePage.objects.select_related("locale")}
    index = OrganisationIndexPage(title="الهيكل", slug="organisation-x", locale=homes["ar"].locale)
    homes["ar"].add_child(instance=index)
    index.add_child(instance=OrganisationUnitPage(title=UNIT, slug="education", locale=homes["ar"].locale))
    roles.apply_workflow(homes, roles.apply_roles(homes, "ar"))
    for name, (role, language) in PEOPLE.items():
        user = User.objects.create_user(name, f"{name}@example.gov.iq", "password")
        user.groups.add(Group.objects.get(name=role))
        UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": language})


@pytest.fixture
def steps(live_server, site, chromium):
    return walk.Walk(chromium, live_server.url)


def person(steps, name):
    return steps.person(name, PEOPLE[name][1])


def the_service(language="ar"):
    return ServicePage.objects.get(locale__language_code=language)


def test_a_service_from_its_first_draft_to_a_new_fee(steps):
    form = write_draft(steps)
    approve_and_publish(steps, form)
    translate_page(steps)
    change_fee(steps, form)


def write_draft(steps):
    """A draft in Arabic, its problems, and their corrections. Returns the URL of its form."""
    parent = ServiceIndexPage.objects.get(locale__language_code="ar").pk
    with person(steps, "editor") as page:
        form = steps.create(page, parent)
        problems = steps.submit(page)
        assert "«الملخص» مطلوب قبل النشر." in problems, problems
        assert "«الدائرة المسؤولة» مطلوب قبل النشر." in problems
        assert "أضف قناة تقديم، أو اذكر سبب عدم الانطباق." in problems
        assert the_service().current_workflow_state is None
        steps.correct(page, UNIT)
        assert steps.submit(page) == ""
        assert the_service().current_workflow_state is not None
    return form


def approve_and_publish(steps, form):
    """A second user approves, a third publishes; then the page is public."""
    with person(steps, "approver") as page:
        steps.approve(page, form)
    assert not the_service().live
    with person(steps, "publisher") as page:
        steps.approve(page, form)
    text = steps.read(the_service().url)
    assert walk.ARABIC in text and walk.SUMMARY in text and walk.FEE in text and "5,000" in text


def translate_page(steps):
    """The texts in Sorani; the fee is the same."""
    words = {walk.ARABIC: walk.SORANI, walk.SUMMARY: walk.SUMMARY_SORANI, walk.FEE: walk.FEE_SORANI}
    with person(steps, "publisher") as page:
        steps.translate(page, the_service().pk, Locale.objects.get(language_code="ckb").pk, words)
    text = steps.read(the_service("ckb").url)
    assert walk.SORANI in text and walk.SUMMARY_SORANI in text
    assert walk.FEE_SORANI in text and "5,000" in text


def change_fee(steps, form):
    """A new fee in the workbook, confirmed as a draft by one user, published by another in both languages."""
    with person(steps, "editor") as page:
        book = Book(steps.download(page)).set("Fees", "amount", "٧٬٥٠٠", walk.CODE, "F1")
        preview = steps.upload(page, book.data())
        assert walk.CODE in preview and "5,000" in preview and "7,500" in preview, preview
        assert not the_service().has_unpublished_changes
        steps.confirm(page, REASON)
        assert the_service().has_unpublished_changes
    with person(steps, "publisher") as page:
        assert steps.publish(page, form) == ""
    for language in ("ar", "ckb"):
        text = steps.read(the_service(language).url)
        assert "7,500" in text and "5,000" not in text, text
    change = ChangeLogEntry.objects.get(code=walk.CODE, what="fee", reason=REASON)
    assert (change.changed_by.username, change.approved_by.username) == ("editor", "publisher")
