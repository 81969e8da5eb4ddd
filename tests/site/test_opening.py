"""Opening hours in Asia/Baghdad: when an office is open and when it opens next."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from egov_cms.site.models import Governorate, Holiday, Office, OfficeHours, SpecialPeriod, Weekday
from egov_cms.site.opening import BAGHDAD, HORIZON_DAYS, MIDNIGHT, Span, Special, opening, spans_on

SUNDAY = dt.date(2026, 11, 22)
WORKDAY = (Span(dt.time(8), dt.time(12)), Span(dt.time(13), dt.time(15)))
WEEK = dict.fromkeys(range(5), WORKDAY)


def at(day, hour, minute=0):
    return dt.datetime.combine(day, dt.time(hour, minute), BAGHDAD)


def test_two_spans_of_a_working_day():
    states = {
        hour: opening(at(SUNDAY, *hour), WEEK)
        for hour in ((7, 59), (8, 0), (11, 59), (12, 0), (13, 0), (15, 0))
    }
    assert {hour: state.open for hour, state in states.items()} == {
        (7, 59): False,
        (8, 0): True,
        (11, 59): True,
        (12, 0): False,
        (13, 0): True,
        (15, 0): False,
    }
    assert states[8, 0].until == at(SUNDAY, 12)
    assert states[12, 0].next_opening == at(SUNDAY, 13)
    assert states[15, 0].next_opening == at(SUNDAY + dt.timedelta(days=1), 8)


def test_the_weekend_is_friday_and_saturday():
    thursday = SUNDAY + dt.timedelta(days=4)
    assert opening(at(thursday, 16), WEEK).next_opening == at(SUNDAY + dt.timedelta(days=7), 8)


def test_times_are_in_baghdad_in_any_time_zone_of_the_server():
    assert opening(dt.datetime(2026, 11, 22, 5, 0, tzinfo=dt.UTC), WEEK).open
    assert not opening(dt.datetime(2026, 11, 22, 4, 59, tzinfo=dt.UTC), WEEK).open


def test_midnight_ends_a_day_and_joins_the_next():
    late = {0: (Span(dt.time(20), MIDNIGHT),), 1: (Span(MIDNIGHT, dt.time(2)),)}
    state = opening(at(SUNDAY, 23, 59), late)
    assert state.open
    assert state.until == at(SUNDAY + dt.timedelta(days=1), 2)
    assert opening(at(SUNDAY + dt.timedelta(days=1), 0), late).open
    assert not opening(at(SUNDAY + dt.timedelta(days=1), 2), late).open


def test_an_office_open_day_and_night_has_no_end():
    always = {day: (Span(MIDNIGHT, MIDNIGHT),) for day in range(7)}
    state = opening(at(SUNDAY, 3), always)
    assert (state.open, state.until, state.next_opening) == (True, None, None)


def test_an_office_without_hours_never_opens():
    state = opening(at(SUNDAY, 9), {})
    assert (state.open, state.until, state.next_opening) == (False, None, None)


def test_a_special_period_replaces_working_days_only():
    ramadan = Special(SUNDAY, SUNDAY + dt.timedelta(days=29), (Span(dt.time(9), dt.time(13)),))
    assert spans_on(SUNDAY, WEEK, [ramadan]) == ramadan.spans
    assert spans_on(SUNDAY + dt.timedelta(days=5), WEEK, [ramadan]) == ()
    assert spans_on(SUNDAY + dt.timedelta(days=30), WEEK, [ramadan]) == WORKDAY


def test_the_shortest_of_overlapping_periods_applies():
    ramadan = Special(SUNDAY, SUNDAY + dt.timedelta(days=29), (Span(dt.time(9), dt.time(13)),))
    inventory = Special(SUNDAY, SUNDAY)
    assert spans_on(SUNDAY, WEEK, [ramadan, inventory]) == ()


def test_a_holiday_closes_unless_a_period_opens_every_day():
    holidays = frozenset([SUNDAY])
    assert opening(at(SUNDAY, 9), WEEK, (), holidays).next_opening == at(SUNDAY + dt.timedelta(days=1), 8)
    extra = Special(SUNDAY, SUNDAY, WORKDAY, every_day=True)
    assert opening(at(SUNDAY, 9), WEEK, [extra], holidays).open


minutes = st.integers(0, 24 * 60 - 1).map(lambda m: dt.time(m // 60, m % 60))


@st.composite
def days(draw):
    times = sorted(draw(st.lists(minutes, min_size=0, max_size=4, unique=True)))
    spans = [Span(opens, closes) for opens, closes in zip(times[::2], times[1::2], strict=False)]
    if draw(st.booleans()) and spans:
        spans[-1] = Span(spans[-1].opens, MIDNIGHT)
    return tuple(spans)


@st.composite
def specials(draw):
    first = SUNDAY + dt.timedelta(days=draw(st.integers(-5, 20)))
    return Special(
        first, first + dt.timedelta(days=draw(st.integers(0, 9))), draw(days()), draw(st.booleans())
    )


weeks = st.dictionaries(st.integers(0, 6), days())
moments = st.datetimes(dt.datetime(2026, 11, 20), dt.datetime(2026, 12, 10)).map(
    lambda m: m.replace(tzinfo=BAGHDAD)
)
holiday_sets = st.frozensets(st.integers(0, 20).map(lambda n: SUNDAY + dt.timedelta(days=n)))


@given(moments, weeks, st.lists(specials(), max_size=3), holiday_sets)
def test_the_state_agrees_with_the_spans_of_the_day(now, weekly, periods, holidays):
    state = opening(now, weekly, periods, holidays)
    spans = spans_on(now.date(), weekly, periods, holidays)
    inside = any(
        span.opens <= now.time() and (now.time() < span.closes or span.closes == MIDNIGHT) for span in spans
    )
    assert state.open == inside
    assert state.open or state.until is None
    assert not (state.open and state.next_opening)


@given(moments, weeks, st.lists(specials(), max_size=3), holiday_sets)
def test_the_state_changes_at_the_stated_time_and_not_before(now, weekly, periods, holidays):
    state = opening(now, weekly, periods, holidays)
    change = state.until or state.next_opening
    if change is None:
        later = now + dt.timedelta(days=HORIZON_DAYS - 1)
        assert opening(later, weekly, periods, holidays).open == state.open or periods
        return
    assert change > now
    assert opening(change, weekly, periods, holidays).open != state.open
    before = change - dt.timedelta(seconds=1)
    assert opening(max(before, now), weekly, periods, holidays).open == state.open
    halfway = now + (change - now) / 2
    assert opening(halfway, weekly, periods, holidays).open == state.open


@pytest.fixture
def baghdad(db):
    return Governorate.objects.create(
        code="BG", slug="baghdad", name={"ar": "بغداد", "ckb": "بەغدا", "en": "Baghdad"}
    )


def make_office(governorate, number=1, **fields):
    office = Office(
        name={"ar": f"دائرة {number}", "en": f"Office {number}"}, governorate=governorate, **fields
    )
    office.hours = [
        OfficeHours(
            weekday=day,
            opens=dt.time(8),
            closes=dt.time(12),
            opens_again=dt.time(13),
            closes_again=dt.time(15),
        )
        for day in range(5)
    ]
    office.special_periods = [
        SpecialPeriod(
            name={"ar": "جرد"},
            first_day=SUNDAY + dt.timedelta(days=1),
            last_day=SUNDAY + dt.timedelta(days=1),
            closed=True,
        )
    ]
    office.full_clean()
    office.save()
    return office


def test_the_state_of_an_office_uses_its_hours_periods_and_holidays(baghdad):
    basra = Governorate.objects.create(
        code="BA", slug="basra", name={"ar": "البصرة", "ckb": "بەسرە", "en": "Basra"}
    )
    here, there = make_office(baghdad, 1), make_office(basra, 2)
    local = Holiday.objects.create(date=SUNDAY, name={"ar": "عطلة", "ckb": "پشوو", "en": "Holiday"})
    local.governorates.add(basra)
    now = at(SUNDAY, 9)
    assert here.opening(now).open
    assert not there.opening(now).open
    assert there.opening(now).next_opening == at(SUNDAY + dt.timedelta(days=2), 8)
    week = dict(here.week(SUNDAY))
    assert len(week[SUNDAY]) == 2
    assert week[SUNDAY + dt.timedelta(days=1)] == ()


def test_a_list_of_offices_runs_five_queries_for_any_length(baghdad, django_assert_max_num_queries):
    for number in range(3):
        make_office(baghdad, number)
    with django_assert_max_num_queries(5):
        assert [office.state.open for office in Office.objects.public().with_states(at(SUNDAY, 9))] == [
            True
        ] * 3
    for number in range(3, 12):
        make_office(baghdad, number)
    with django_assert_max_num_queries(5):
        assert len(Office.objects.public().with_states(at(SUNDAY, 9))) == 12


@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("latitude", {"latitude": 51.5, "longitude": 44.4}),
        ("longitude", {"latitude": 33.3, "longitude": 0.1}),
        ("longitude", {"latitude": 33.3}),
        ("whatsapp", {"whatsapp": "123"}),
        ("phones", {"phones": ["abc"]}),
        ("access_features", {"access_features": ["helicopter"]}),
        ("slug", {"slug": "دائرة"}),
        ("governorate", {"governorate": None}),
    ],
)
def test_an_invalid_office_has_the_error_at_its_field(baghdad, field, fields):
    office = Office(**{"name": {"ar": "دائرة"}, "governorate": baghdad, **fields})
    with pytest.raises(ValidationError) as refused:
        office.full_clean()
    assert field in refused.value.message_dict


def test_a_mission_abroad_can_be_anywhere(db):
    office = Office(
        name={"ar": "السفارة", "en": "Embassy"}, kind="mission", latitude=51.5, longitude=-0.1276481927
    )
    office.phones = ["+442071234567"]
    office.full_clean()
    office.save()
    assert (office.slug, office.place_slug) == ("embassy", "abroad")


def test_phones_are_stored_in_one_form(baghdad):
    office = Office(name={"ar": "دائرة"}, governorate=baghdad, phones=["٠٧٧٠ ١٢٣ ٤٥٦٧"])
    office.full_clean()
    assert office.phones == ["+9647701234567"]


@pytest.mark.parametrize(
    "fields",
    [
        {"opens": dt.time(8)},
        {"opens": dt.time(8), "closes": dt.time(3)},
        {"opens": dt.time(8), "closes": dt.time(12), "opens_again": dt.time(11), "closes_again": dt.time(15)},
        {"opens": dt.time(8), "closes": MIDNIGHT, "opens_again": dt.time(13), "closes_again": dt.time(15)},
        {"opens_again": dt.time(13), "closes_again": dt.time(15)},
        {},
    ],
)
def test_impossible_hours_are_refused(fields):
    with pytest.raises(ValidationError):
        OfficeHours(weekday=Weekday.SUNDAY, **fields).clean()


def test_a_special_period_is_closed_or_has_hours():
    days = {"first_day": SUNDAY, "last_day": SUNDAY}
    for fields in (
        {},
        {"closed": True, "opens": dt.time(8), "closes": dt.time(9)},
        {"closed": True, "last_day": SUNDAY - dt.timedelta(1)},
    ):
        with pytest.raises(ValidationError):
            SpecialPeriod(**{**days, **fields}).clean()
