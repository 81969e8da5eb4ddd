"""The EGOV settings: defaults, reloading, checks, and a page that describes each of them."""

import pytest
from django.core import checks

from egov_cms import conf
from egov_cms.conf import CHOICES, DEFAULTS, EgovSettings, egov_settings


def problems():
    return {
        (error.id, error.msg)
        for error in checks.run_checks(tags=["egov"])
        if error.id in ("egov.E001", "egov.E002")
    }


def test_a_project_without_the_setting_gets_every_default(settings):
    settings.EGOV = {}  # taking the setting away is announced to nobody; this is, now and when the test ends
    del settings.EGOV
    assert {name: getattr(egov_settings, name) for name in DEFAULTS} == DEFAULTS
    assert problems() == set()


def test_values_follow_the_settings_as_they_change(settings):
    settings.EGOV = {"DIGITS": "arab"}
    assert egov_settings.DIGITS == "arab"
    settings.EGOV = {"DIGITS": "latn"}
    assert egov_settings.DIGITS == "latn"
    settings.EGOV = None
    assert DEFAULTS["DIGITS"] == egov_settings.DIGITS


def test_a_dotted_path_is_imported(settings, monkeypatch):
    monkeypatch.setitem(DEFAULTS, "SOMETHING", "egov_cms.conf.EgovSettings")
    monkeypatch.setattr(conf, "IMPORT_STRINGS", frozenset({"SOMETHING"}))
    assert EgovSettings().SOMETHING is EgovSettings


def test_a_name_that_is_no_setting_is_an_attribute_error():
    with pytest.raises(AttributeError, match="DIGIT"):
        _ = egov_settings.DIGIT
    assert not hasattr(egov_settings, "_anything")


def test_an_unknown_key_is_a_check_error_that_names_the_likely_one(settings):
    settings.EGOV = {"DIGIT": "arab"}
    (error,) = (error for error in checks.run_checks(tags=["egov"]) if error.id == "egov.E001")
    assert "'DIGIT'" in error.msg
    assert "'DIGITS'" in error.hint


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DIGITS", "roman"),
        ("REQUIRE_MFA", "yes"),
        ("PAGE_CACHE_SECONDS", -1),
        ("PAGE_CACHE_SECONDS", True),
        ("VIDEO_HOSTS", "youtube.com"),
        ("ORGANISATION_CODE", 7),
        ("LANGUAGE_NAMES", ["tr"]),
    ],
)
def test_a_value_of_the_wrong_kind_is_a_check_error(settings, name, value):
    settings.EGOV = {name: value}
    ((identifier, message),) = problems()
    assert identifier == "egov.E002"
    assert name in message


def test_egov_must_be_a_dictionary(settings):
    settings.EGOV = ["DIGITS"]
    ((identifier, _message),) = problems()
    assert identifier == "egov.E002"


def test_every_choice_belongs_to_a_setting_and_allows_its_default():
    for name, values in CHOICES.items():
        assert DEFAULTS[name] in values
