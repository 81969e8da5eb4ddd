"""Notices, laws, feedback, SVG files and the identity."""

import contextlib
import datetime as dt

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from hypothesis import given
from hypothesis import strategies as st

from egov_cms.site.models import (
    LegalReference,
    MinistryIdentity,
    Notice,
    PageFeedback,
    SectionPage,
    SiteSettings,
)
from egov_cms.site.models.feedback import mask_personal_data
from egov_cms.site.svg import sanitise_svg

from .conftest import add_page, publish, translate

WORDS = {"ar": "تنبيه", "ckb": "ئاگاداری", "en": "Notice"}
NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def now():
    with time_machine.travel(NOW, tick=False):
        yield


def make_notice(**fields):
    values = {"title": WORDS, "body": WORDS, "starts": NOW - HOUR, "ends": NOW + HOUR, **fields}
    return Notice.objects.create(**values)


@pytest.mark.django_db
def test_current_notices_begin_and_end_at_their_times(now):
    shown = make_notice()
    make_notice(starts=NOW + HOUR, ends=NOW + 2 * HOUR)
    ended = make_notice(starts=NOW - 2 * HOUR, ends=NOW)
    make_notice(is_public=False)
    assert Notice.objects.current() == [shown]
    assert list(Notice.objects.past(now=NOW)) == [ended]


@pytest.mark.django_db
def test_the_most_serious_notice_is_first(now):
    levels = [make_notice(level=level).level for level in ("info", "suspended", "limited")]
    assert [notice.level for notice in Notice.objects.current()] == ["suspended", "limited", "info"] != levels


@pytest.mark.django_db
def test_a_notice_of_a_page_is_shown_below_it_and_in_translations(
    homes, now, django_assert_num_queries, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        section = add_page(homes["ar"], SectionPage, title="قسم", slug="section")
        child = add_page(section, SectionPage, title="فرع", slug="child")
        other = add_page(homes["ar"], SectionPage, title="آخر", slug="other")
        sorani = publish(translate(child, "ckb"))
        notice = make_notice(everywhere=False)
        notice.pages.add(section)
    with django_assert_num_queries(5):
        assert Notice.objects.current(child) == [notice]
    with django_assert_num_queries(0):
        assert Notice.objects.current(sorani) == [notice]
        assert Notice.objects.current(other) == []
        assert Notice.objects.current() == []


@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("ends", {"ends": None}),
        ("ends", {"ends": NOW - HOUR}),
        ("title", {"title": {"ar": "تنبيه", "en": "Notice"}}),
        ("body", {"body": {"ar": "تنبيه"}}),
    ],
)
@pytest.mark.django_db
def test_a_notice_needs_an_end_and_every_language(field, fields):
    notice = Notice(**{"title": WORDS, "body": WORDS, "starts": NOW - HOUR, "ends": NOW + HOUR, **fields})
    with pytest.raises(ValidationError) as refused:
        notice.full_clean()
    assert field in refused.value.message_dict


@pytest.mark.django_db
def test_laws_get_an_address_from_kind_number_and_year():
    first = LegalReference.objects.create(title={"ar": "قانون الموازنة"}, number="13", year=2023)
    second = LegalReference.objects.create(title={"ar": "قانون آخر"}, number="13", year=2023)
    decision = LegalReference.objects.create(title={"ar": "قرار"}, kind="cabinet_decision", number="٤")
    assert [each.slug for each in (first, second)] == ["law-13-2023", "law-13-2023-2"]
    assert decision.slug.startswith("cabinet-decision")


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("رقم بطاقتي 199012345678 شكراً", "رقم بطاقتي ••• شكراً"),
        ("اتصلوا على ٠٧٧٠١٢٣٤٥٦٧", "اتصلوا على •••"),
        ("+964 770 123 4567", "•••"),
        ("a.b@example.com", "•••"),
        ("الرسم 25000 دينار في سنة 2026", "الرسم 25000 دينار في سنة 2026"),
        ("25,000,000", "25,000,000"),
    ],
)
def test_personal_numbers_are_masked_and_amounts_are_not(text, masked):
    assert mask_personal_data(text) == masked


@pytest.mark.django_db
def test_feedback_is_masked_when_stored_and_has_no_network_address():
    stored = PageFeedback.objects.create(
        path="/ar/x/", locale="ar", helpful=False, comment="07701234567 " + "ا" * 600
    )
    stored.refresh_from_db()
    assert stored.comment.startswith("••• ")
    assert len(stored.comment) == 500
    assert not any("ip" in field.name or "user" in field.name for field in PageFeedback._meta.fields)


SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">'
    "{}</svg>"
)


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<path onclick="alert(1)" d="M0 0"/>',
        '<a href="https://example.com"><path d="M0 0"/></a>',
        '<use xlink:href="https://example.com/x.svg#a"/>',
        '<image href="https://example.com/x.png"/>',
        '<foreignObject><body xmlns="http://www.w3.org/1999/xhtml"/></foreignObject>',
        '<style>@import url("https://example.com/x.css")</style>',
        '<path style="fill:url(https://example.com/x)" d="M0 0"/>',
        '<path fill="url(//example.com)" d="M0 0"/>',
        '<animate attributeName="href" values="javascript:alert(1)"/>',
    ],
)
def test_elements_that_run_or_load_are_removed_from_svg(inside):
    cleaned = sanitise_svg(SVG.format(inside).encode()).decode()
    for word in ("script", "onclick", "example.com", "foreignObject", "image", "animate", "@import"):
        assert word not in cleaned


def test_svg_keeps_its_shapes():
    drawing = (
        '<defs><linearGradient id="a"><stop offset="0"/></linearGradient></defs>'
        '<path d="M0 0h9" fill="url(#a)"/><use xlink:href="#a"/>'
    )
    cleaned = sanitise_svg(SVG.format(drawing).encode()).decode()
    for kept in ('d="M0 0h9"', 'fill="url(#a)"', 'viewBox="0 0 9 9"', 'href="#a"'):
        assert kept in cleaned


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html/>",
        b"not xml",
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><svg xmlns="http://www.w3.org/2000/svg">&b;</svg>',
        b"<svg>" + b" " * 300_000 + b"</svg>",
    ],
)
def test_other_files_than_svg_are_refused(data):
    with pytest.raises(ValueError):
        sanitise_svg(data)


@given(st.binary(max_size=300))
def test_any_bytes_are_svg_or_a_value_error(data):
    with contextlib.suppress(ValueError):
        sanitise_svg(data)


@pytest.mark.django_db
def test_a_crest_is_sanitised_by_the_form_and_by_save(homes):
    settings = SiteSettings.for_site(homes["ar"].get_site())
    settings.crest_svg = ContentFile(
        SVG.format("<script>x()</script><path d='M0 0'/>").encode(), name="crest.svg"
    )
    settings.save()
    assert b"script" not in SiteSettings.objects.get(pk=settings.pk).crest_svg.read()
    settings.crest_svg = ContentFile(b"<html/>", name="crest.svg")
    with pytest.raises(ValidationError):
        settings.full_clean()
    with pytest.raises(ValueError):
        settings.save()


@pytest.mark.django_db
def test_the_identity_is_read_once_per_request(homes, django_assert_num_queries):
    site = homes["ar"].get_site()
    with django_assert_num_queries(1):
        assert str(MinistryIdentity.for_site(site)) == str(MinistryIdentity.for_site(site)) == "Test"
