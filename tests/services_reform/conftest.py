"""The thirty sample services, published in three languages, once for all tests of this folder."""

import pytest
from django.contrib.auth.models import Group, Permission, User

from tests.services.conftest import loaded, sample, service  # noqa: F401
from tests.services_truth.conftest import committed  # noqa: F401


@pytest.fixture
def somebody(db):
    """`somebody("auditor", "egov_services.view_serviceburden")`: a member of a group with permissions."""

    def make(name, *permissions):
        user = User.objects.create_user(name, f"{name}@example.gov.iq", "password")
        group = Group.objects.create(name=f"group of {name}")
        for permission in ("wagtailadmin.access_admin", *permissions):
            app, codename = permission.split(".")
            group.permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
        user.groups.add(group)
        return user

    return make
