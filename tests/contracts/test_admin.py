"""Every kind of page of the admin that a link leads to opens, and so does the form of everything that can be edited."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from wagtail.contrib.settings.registry import registry as settings_registry
from wagtail.models import Page, get_page_models
from wagtail.snippets.models import get_snippet_models

from .walk import walk

# Of the kinds of addresses in the admin; the walk found 115 when this was written.
KINDS_AT_LEAST = 100


@pytest.fixture
def staff(loaded, client):
    """A client that is signed in as the administrator."""
    client.force_login(User.objects.get(username="admin"))
    return client


def opens(staff, *address, **options):
    response = staff.get(reverse(*address, **options))
    assert response.status_code == 200


def own_page_types():
    return [model for model in get_page_models() if model._meta.app_label.startswith("egov_")]


def own_snippets():
    return [model for model in get_snippet_models() if model._meta.app_label.startswith("egov_")]


def test_every_kind_of_page_that_a_link_of_the_admin_leads_to(staff, subtests):
    kinds = 0
    for address, response in walk(
        lambda address: staff.get(address, follow=True), "/admin/", lambda link: link.startswith("/admin/")
    ):
        kinds += 1
        with subtests.test(address):
            assert response.status_code == 200
    assert kinds >= KINDS_AT_LEAST


def test_every_type_of_page_can_be_edited_and_added(staff, subtests):
    for model in own_page_types():
        page = model.objects.first()
        with subtests.test(model.__name__, form="edit"):
            assert page, "the demonstration has no page of this type"
            opens(staff, "wagtailadmin_pages:edit", args=[page.pk])
        parents = model.allowed_parent_page_models()
        parent = next(
            (found for each in parents if each is not Page and (found := each.objects.first())), None
        )
        if parent and model.can_create_at(parent):
            with subtests.test(model.__name__, form="add"):
                opens(
                    staff,
                    "wagtailadmin_pages:add",
                    args=[model._meta.app_label, model._meta.model_name, parent.pk],
                )


def test_every_snippet_can_be_listed_edited_and_added(staff, subtests):
    for model in own_snippets():
        viewset = model.snippet_viewset
        for name, args in (("list", []), ("add", []), ("edit", [getattr(model.objects.first(), "pk", None)])):
            if args != [None]:
                with subtests.test(model.__name__, view=name):
                    opens(staff, viewset.get_url_name(name), args=args)


def test_every_setting_can_be_edited(staff, subtests):
    for model in settings_registry:
        with subtests.test(model.__name__):
            address = reverse("wagtailsettings:edit", args=[model._meta.app_label, model._meta.model_name])
            assert staff.get(address, follow=True).status_code == 200
