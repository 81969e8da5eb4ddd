"""Editors with the rights they have on a site, and a site for them to edit."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from wagtail.models import GroupPagePermission

from tests.site.conftest import admin, bare_site, homes, people  # noqa: F401


@pytest.fixture
def group(homes):  # noqa: F811
    """Editors who may enter the admin, write pages below every home page, and sort feedback."""
    group = Group.objects.create(name="writers")
    codes = ["access_admin", "view_pagefeedback", "change_pagefeedback"]
    group.permissions.set(Permission.objects.filter(codename__in=codes))
    for home in homes.values():
        for codename in ("add_page", "change_page", "publish_page"):
            permission = Permission.objects.get(codename=codename, content_type__app_label="wagtailcore")
            GroupPagePermission.objects.create(group=group, page=home, permission=permission)
    return group


@pytest.fixture
def editor(group):
    """Zainab: her password is `a quiet river 1975`."""
    user = User.objects.create_user(
        "zainab", "zainab@example.gov.iq", "a quiet river 1975", first_name="Zainab", last_name="Example"
    )
    user.groups.add(group)
    return user


@pytest.fixture
def editing(client, editor):
    """A client that is signed in as the editor."""
    client.force_login(editor)
    return client
