"""One service from the first word to a new fee, as an editor and two others do it in a browser."""

import pytest
from django.contrib.auth.models import Group, User
from wagtail.users.models import UserProfile

from egov_cms.services.models import ServiceIndexPage, ServicePage
from egov_cms.services.seeds import seed
from egov_cms.services.workbook import export_services
from egov_cms.site import roles
from egov_cms.site.models import HomePage, OrganisationIndexPage, OrganisationUnitPage

from . import walk
from .conftest import make_homes
from .sheets import Book

pytestmark = pytest.mark.browser
PEOPLE = {"editor": roles.SERVICE_EDITOR, "approver": roles.APPROVER, "publisher": roles.PUBLISHER}
UNIT = "مديرية التعليم"


@pytest.fixture
def site(transactional_db, settings):
    """An empty catalogue with one unit, the roles and their two steps, and a person for each."""
    from wagtail.models import Collection, Locale, Page

    # Nothing saves itself between two steps of the walk.
    settings.WAGTAIL_AUTOSAVE_INTERVAL = 0
    if not Page.objects.filter(depth=1).exists():
        for code in ("ar", "ckb", "en"):
            Locale.objects.get_or_create(language_code=code)
        Page.add_root(instance=Page(title="Root", slug="root"))
        Collection.add_root(name="Root")
    make_homes()
    seed({}, {})
    homes = {page.locale.language_code: page for page in HomePage.objects.select_related("locale")}
    index = OrganisationIndexPage(title="الهيكل", slug="organisation-x", locale=homes["ar"].locale)
    homes["ar"].add_child(instance=index)
    index.add_child(instance=OrganisationUnitPage(title=UNIT, slug="education", locale=homes["ar"].locale))
    roles.apply_workflow(homes, roles.apply_roles(homes, "ar"))
    for name, role in PEOPLE.items():
        user = User.objects.create_user(name, f"{name}@example.gov.iq", "password")
        user.groups.add(Group.objects.get(name=role))
        UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": "en"})


def test_a_service_from_the_first_word_to_a_new_fee(live_server, site, chromium):
    steps = walk.Walk(chromium, live_server.url)
    parent = ServiceIndexPage.objects.get(locale__language_code="ar").pk
    with steps.person("editor") as page:
        form = steps.create(page, parent)
        steps.submit(page)
        problems = steps.problems(page)
        assert "Summary" in problems and "Responsible unit" in problems, problems
        assert not ServicePage.objects.get().current_workflow_state
        steps.mend(page, UNIT)
        steps.submit(page)
        page.wait_for_url("**/admin/pages/**")
        assert ServicePage.objects.get().current_workflow_state is not None
    service = ServicePage.objects.get()
    with steps.person("approver") as page:
        steps.approve(page, form)
    assert not ServicePage.objects.get().live
    with steps.person("publisher") as page:
        steps.approve(page, form)
        page.goto(live_server.url + ServicePage.objects.get().url)
        assert walk.ARABIC in page.inner_text("h1") and "5,000" in page.inner_text("main")
        words = {walk.ARABIC: walk.SORANI, walk.SUMMARY: walk.SUMMARY_SORANI, walk.FEE: walk.FEE_SORANI}
        steps.translate(page, service.pk, "ckb", words)
        sorani = ServicePage.objects.get(locale__language_code="ckb")
        assert sorani.live
        page.goto(live_server.url + sorani.url)
        assert walk.SORANI in page.inner_text("h1") and walk.FEE_SORANI in page.inner_text("main")
    changed = Book(export_services()).set("Fees", "amount", "٧٬٥٠٠", walk.CODE, "F1").data()
    with steps.person("editor") as page:
        steps.upload(page, changed)
        shown = page.inner_text("main")
        assert walk.CODE in shown and "5,000" in shown and "7,500" in shown
        assert ServicePage.objects.get(pk=service.pk).has_unpublished_changes is False
        steps.confirm(page, "قرار وزاري جديد")
        assert ServicePage.objects.get(pk=service.pk).has_unpublished_changes
    with steps.person("publisher") as page:
        steps.publish(page, form)
        for one in ServicePage.objects.all():
            page.goto(live_server.url + one.url)
            assert "7,500" in page.inner_text("main") and "5,000" not in page.inner_text("main")
