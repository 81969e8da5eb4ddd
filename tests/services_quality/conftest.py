"""Six of the sample services, published in three languages, once for all tests of this folder."""

import pytest
import yaml
from django.contrib.auth.models import Group, User
from wagtail.models import GroupPagePermission, Page

from egov_cms.services.importing import import_services
from egov_cms.services.models import ServicePage
from egov_cms.services.seeds import seed
from egov_cms.services.snapshots import store
from tests.services.conftest import sample_data
from tests.site.conftest import make_homes

CODES = ("IQ-MOI-001", "IQ-MOI-002", "IQ-MOI-004")


@pytest.fixture(scope="package")
def loaded(database_image, tmp_path_factory):
    """The file of the services that are in the database."""
    data = sample_data()
    data["services"] = [each for each in data["services"] if each["id"] in CODES]
    few = tmp_path_factory.mktemp("services") / "few.yaml"
    few.write_text(yaml.safe_dump(data, allow_unicode=True))

    def make():
        make_homes()
        seed({}, {})
        report = import_services(few, publish=True)
        assert report.ok, [str(refusal) for refusal in report.errors[:5]]
        store.refresh()

    with database_image("few-services", make):
        yield few


@pytest.fixture
def few(loaded, db):
    """The file of the services that are in the database; what a test changes is undone after it."""
    return loaded


@pytest.fixture
def service(few):
    """`service("IQ-MOI-004", "en")`: the page of one sample service."""

    def find(code="IQ-MOI-004", language="ar"):
        return ServicePage.objects.get(service_code=code, locale__language_code=language)

    return find


@pytest.fixture
def people(few):
    return make_people()


def make_people():
    """Ali and Shirin, who may edit and publish every page, and a superuser."""
    group = Group.objects.create(name="publishers of tests")
    group.permissions.add(*_permissions("wagtailadmin.access_admin"))
    for right in ("add_page", "change_page", "publish_page"):
        permission = _permissions(f"wagtailcore.{right}")[0]
        GroupPagePermission.objects.create(
            group=group, page=Page.get_first_root_node(), permission=permission
        )
    users = {
        name: User.objects.create_user(name, f"{name}@example.gov.iq", "password")
        for name in ("ali", "shirin")
    }
    for user in users.values():
        user.groups.add(group)
    users["root"] = User.objects.create_superuser("root", "root@example.gov.iq", "password")
    return users


def _permissions(name):
    from django.contrib.auth.models import Permission

    app, codename = name.split(".")
    return list(Permission.objects.filter(content_type__app_label=app, codename=codename)[:1])


def with_fee(page, amount, reason="", user=None):
    """A draft of a service whose first fee has another amount."""
    draft = ServicePage.objects.get(pk=page.pk)
    fees = list(draft.fees.all())
    fees[0].amount_minor = amount
    draft.fees.set(fees)
    draft.change_reason = reason
    return draft.save_revision(user=user)
