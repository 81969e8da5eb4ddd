"""What is wrong with where a project keeps files of runs is told by `manage.py check`."""

import pytest
from django.core import checks


def found(**options):
    return {error.id for error in checks.run_checks(tags=["egov"], **options)}


def private(settings, location):
    settings.STORAGES = {
        **settings.STORAGES,
        "private": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": location},
        },
    }


def test_the_settings_of_the_suite_are_right():
    assert not {each for each in found() if each.startswith("egov_exchange")}


def test_without_a_private_storage(settings):
    settings.STORAGES = {name: value for name, value in settings.STORAGES.items() if name != "private"}
    assert "egov_exchange.E001" in found()


@pytest.mark.parametrize("place", ["media", "media/private", "."])
def test_a_private_storage_may_not_be_served(settings, tmp_path, place):
    settings.MEDIA_ROOT = tmp_path / "media"
    private(settings, tmp_path / place)
    assert "egov_exchange.E002" in found()


@pytest.mark.django_db
def test_on_a_site_files_are_read_in_children(settings):
    settings.EGOV = {"EXCHANGE_IN_PROCESS": True}
    assert "egov_exchange.W001" in found(include_deployment_checks=True)
    assert "egov_exchange.W001" not in found()
