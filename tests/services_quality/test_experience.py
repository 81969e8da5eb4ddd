"""“How did it go?”: a form without traces, figures from twenty answers on, outliers for auditors."""

import datetime as dt
import random
import re
import statistics
import time

import pytest
from django.contrib.auth.models import Permission, User
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from egov_cms.services.experience.declared import calendar_days, declared
from egov_cms.services.experience.figures import PUBLIC_FROM, figures
from egov_cms.services.loading.rows import load_rows
from egov_cms.services.models import ServiceExperience, ServicePage
from egov_cms.site.feedback import new_token
from egov_cms.site.page_cache import version
from egov_cms.site.publication import changed

LANGUAGES = ("ar", "ckb", "en")


@pytest.fixture
def slug(service):
    return service().slug


@pytest.fixture
def send(client, slug):
    """`send("en", days="3")`: an answer as a browser sends it."""

    def post(language="en", **changes):
        fields = {
            "outcome": "yes", "days": "12", "fee": "25,000", "visits": "2", "governorate": "", "satisfaction": "4",
            "comment": "Everything was clear.", "website": "", "token": new_token(time.time() - 30), **changes,
        }  # fmt: skip
        data = {name: value for name, value in fields.items() if value is not None}
        return client.post(f"/{language}/services/{slug}/experience/", data)

    return post


def add_answers(page, count, **fields):
    day = timezone.localdate()
    return ServiceExperience.objects.bulk_create(
        ServiceExperience(
            **{"page": page, "locale_code": "ar", "reported_on": day, "outcome": "yes", **fields},
        )
        for _ in range(count)
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_opens_and_an_answer_is_stored(few, service, client, slug, send, language):
    form = client.get(f"/{language}/services/{slug}/experience/")
    assert form.status_code == 200
    assert not form.cookies
    html = form.content.decode()
    assert 'name="csrfmiddlewaretoken"' not in html
    assert "<script" not in html.partition("<main")[2]
    answer = send(language)
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/{language}/services/{slug}/experience/thanks/"
    assert not answer.cookies
    stored = ServiceExperience.objects.get()
    assert stored.page_id == service("IQ-MOI-004", "ar").pk
    assert (stored.days, stored.fee_minor, stored.visits, stored.satisfaction) == (12, 25_000, 2, 4)
    assert (stored.outcome, stored.locale_code, stored.status) == ("yes", language, "new")
    assert stored.reported_on == timezone.localdate()
    assert client.get(answer.headers["Location"]).status_code == 200


def test_the_service_page_leads_to_the_form(few, service, client, slug):
    html = client.get(f"/en/services/{slug}/").content.decode()
    assert f'href="/en/services/{slug}/experience/"' in html


def test_numbers_are_read_as_people_write_them(few, send):
    assert send("ar", days="١٢", fee="٢٥٬٠٠٠", visits="۳").status_code == 303
    stored = ServiceExperience.objects.get()
    assert (stored.days, stored.fee_minor, stored.visits) == (12, 25_000, 3)


def test_only_the_first_question_must_be_answered(few, send):
    assert send(days="", fee="", visits="", satisfaction="", comment="").status_code == 303
    stored = ServiceExperience.objects.get()
    assert (stored.days, stored.fee_minor, stored.visits, stored.satisfaction) == (None, None, None, None)
    refused = send(outcome="")
    assert refused.status_code == 422
    assert "Choose one of the answers." in refused.content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"days": "many"}, {"days": "-1"}, {"days": "4000"}, {"fee": "1,5"}, {"fee": "99999999999"}, {"visits": "100"},
        {"outcome": "maybe"}, {"satisfaction": "6"}, {"governorate": "atlantis"}, {"comment": "x" * 501},
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_what_was_written_is_kept(few, send, wrong):
    answer = send(**{"comment": "Keep <b>this</b>", **wrong})
    assert answer.status_code == 422
    html = answer.content.decode()
    assert 'role="alert"' in html
    assert "no-store" in answer.headers["Cache-Control"]
    if "comment" not in wrong:
        assert "Keep &lt;b&gt;this&lt;/b&gt;" in html
    assert not ServiceExperience.objects.exists()


def test_nothing_about_the_person_is_stored(few, client, slug, send):
    client.defaults |= {"REMOTE_ADDR": "10.9.8.7", "HTTP_USER_AGENT": "Mozilla/5.0 secret-agent"}
    answer = send(comment="I am 199012345678, call 0770 123 4567 or ali@example.com")
    assert answer.status_code == 303
    assert not answer.cookies
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM egov_services_serviceexperience")
        kept = str(cursor.fetchall())
    for trace in ("10.9.8.7", "secret-agent", "1990", "0770", "4567", "ali@"):
        assert trace not in kept
    columns = {field.name for field in ServiceExperience._meta.get_fields()}
    assert columns == {
        "id", "page", "reported_on", "locale_code", "governorate", "channel", "outcome", "days", "fee_minor", "visits",
        "satisfaction", "comment", "status", "spam_rule", "declared_days", "declared_fee_minor", "declared_visits",
    }  # fmt: skip


def test_robots_meet_a_trap_a_clock_and_a_limit(few, send, settings):
    assert send(website="https://spam.example").status_code == 303
    assert not ServiceExperience.objects.exists()
    assert send(token=new_token()).status_code == 422
    assert send(token="forged").status_code == 422
    settings.EGOV = {**settings.EGOV, "FEEDBACK_RATE_PER_HOUR": 2}
    assert [send().status_code for _ in range(3)] == [303, 303, 429]


def test_unknown_and_planned_services_have_no_form(few, service, client, slug):
    assert client.get("/en/services/nothing/experience/").status_code == 404
    ServicePage.objects.filter(slug=slug).update(status="planned")
    changed(ServicePage.objects.filter(slug=slug).first(), "saved")
    cache.clear()
    assert client.get(f"/en/services/{slug}/experience/").status_code == 404
    assert client.post(f"/en/services/{slug}/experience/", {}).status_code == 404
    assert "experience/" not in client.get(f"/en/services/{slug}/").content.decode()


def test_what_was_declared_that_day_is_kept_beside_the_answer(few, service, send):
    page = service()
    load_rows([page])
    known = declared(page, timezone.localdate())
    assert known.visits == page.visits
    assert known.days == calendar_days(page.duration_max, page.duration_unit)
    send()
    stored = ServiceExperience.objects.get()
    assert (stored.declared_days, stored.declared_fee_minor, stored.declared_visits) == (
        known.days,
        known.fee_minor,
        known.visits,
    )


@pytest.mark.parametrize(
    ("amount", "unit", "days"),
    [
        (5, "working_day", 7),
        (15, "working_day", 21),
        (2, "month", 62),
        (90, "minute", 0),
        (48, "hour", 2),
        (3, "", None),
    ],
)
def test_times_in_calendar_days(amount, unit, days):
    assert calendar_days(amount, unit) == days


def section(client, slug, language="en"):
    cache.clear()
    html = client.get(f"/{language}/services/{slug}/").content.decode()
    return re.search(r'<section id="experience">.*?</section>', html, re.DOTALL)[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_figures_are_public_from_twenty_answers_on(few, service, client, slug, language):
    page = service()
    add_answers(page, PUBLIC_FROM - 1, days=7, fee_minor=25_000, visits=2)
    assert "columns" not in section(client, slug, language)
    assert "19" not in section(client, slug, language)
    add_answers(page, 1, days=7, fee_minor=25_000, visits=2)
    shown = section(client, slug, language)
    assert "columns" in shown
    assert "20" in shown


def test_every_figure_needs_its_own_twenty_answers(few, service, client, slug):
    page = service()
    add_answers(page, 20, days=7)
    add_answers(page, 19, fee_minor=31_000)
    shown = section(client, slug)
    assert "7 days" in shown
    assert "20 answers" in shown.replace("\u00a0", " ")
    assert "31,000" not in shown


def test_no_single_answer_is_shown(few, service, client, slug):
    page = service()
    for days in range(3, 43, 2):
        add_answers(page, 1, days=days)
    add_answers(page, 1, days=997)
    shown = section(client, slug)
    assert "997" not in shown
    assert ">3 " not in shown
    found = figures([page.pk])[page.pk]
    assert (found.days.low, found.days.median, found.days.high) == (13, 23, 33)
    assert "middle half: 13 to 33 days" in shown.replace("\u00a0", " ")


def test_spam_and_old_answers_count_for_nothing(few, service, client, slug):
    page = service()
    add_answers(page, 20, days=7)
    ServiceExperience.objects.update(status="spam")
    assert "columns" not in section(client, slug)
    ServiceExperience.objects.update(status="new", reported_on=timezone.localdate() - dt.timedelta(days=400))
    assert "columns" not in section(client, slug)


def test_an_answer_does_not_empty_the_page_cache(few, send):
    before = version()
    send()
    assert version() == before


def test_all_figures_are_one_query_and_the_right_ones(few, service, django_assert_num_queries):
    numbers = random.Random(7)
    expected = {}
    for code in ("IQ-MOI-001", "IQ-MOI-002", "IQ-MOI-004"):
        page = service(code)
        values = [numbers.choice([None, *range(40)]) for _ in range(numbers.randint(1, 90))]
        ServiceExperience.objects.bulk_create(
            ServiceExperience(page=page, locale_code="ar", days=days, visits=days and days % 3)
            for days in values
        )
        expected[page.pk] = sorted(days for days in values if days is not None)
    with django_assert_num_queries(1):
        found = figures()
    for pk, values in expected.items():
        days = found[pk].days
        assert days.count == len(values)
        assert days.median == statistics.median_low(values)
        assert days.low == values[-(-len(values) // 4) - 1]
        assert days.high == values[-(-3 * len(values) // 4) - 1]


def test_one_rule_of_what_is_out_of_line():
    numbers, names = random.Random(5), ("days", "fee_minor", "visits")
    for _ in range(500):
        reported = [numbers.choice([None, *range(9)]) for _ in names]
        known = [numbers.choice([None, *range(9)]) for _ in names]
        answer = ServiceExperience(
            **dict(zip(names, reported, strict=True)),
            **{f"declared_{name}": value for name, value in zip(names, known, strict=True)},
        )
        wide = {
            "days": lambda said, declared: said > 2 * declared and said >= 2,
            "fee_minor": lambda said, declared: said > declared,
            "visits": lambda said, declared: said >= declared + 2 and said >= 2 * declared,
        }
        pairs = zip(names, reported, known, strict=True)
        expected = [name for name, *pair in pairs if None not in pair and wide[name](*pair)]
        assert answer.out_of_line() == expected


def test_the_database_finds_the_same_outliers(few, service):
    page, numbers = service(), random.Random(3)
    pick = lambda: numbers.choice([None, *range(8)])  # noqa: E731
    names = ("days", "fee_minor", "visits", "declared_days", "declared_fee_minor", "declared_visits")
    ServiceExperience.objects.bulk_create(
        ServiceExperience(page=page, locale_code="ar", **{name: pick() for name in names}) for _ in range(400)
    )
    expected = {answer.pk for answer in ServiceExperience.objects.all() if answer.out_of_line()}
    assert 50 < len(expected) < 350
    assert set(ServiceExperience.objects.outliers().values_list("pk", flat=True)) == expected


@pytest.fixture
def auditor(few):
    user = User.objects.create_user("auditor", "auditor@example.gov.iq", "password")
    user.user_permissions.add(
        *Permission.objects.filter(codename__in=["access_admin", "view_serviceexperience"])
    )
    return user


def test_auditors_see_outliers_and_change_nothing(auditor, service, client):
    page = service()
    add_answers(page, 3, fee_minor=5_000, declared_fee_minor=25_000)
    add_answers(page, 1, fee_minor=75_000, declared_fee_minor=25_000)
    (odd,) = ServiceExperience.objects.outliers()
    client.force_login(auditor)
    home = client.get(reverse("wagtailadmin_home")).content.decode()
    assert "egov-experience-outliers" in home
    assert "75,000" in home
    listed = client.get(reverse("serviceexperience:index"), {"outlier": "1"})
    assert [answer.pk for answer in listed.context["object_list"]] == [odd.pk]
    assert "egov-many" not in listed.content.decode()
    report = client.get(reverse("egov_experience_report"))
    (row,) = report.context["object_list"]
    assert (row["answers"], row["outliers"], row["fee_minor"]) == (4, 1, 5_000)
    changed = client.post(reverse("serviceexperience:status", args=[odd.pk]), {"status": "spam"})
    assert changed.status_code in (302, 403)
    odd.refresh_from_db()
    assert odd.status == "new"


def test_others_see_nothing_of_the_answers(few, people, client, service):
    add_answers(service(), 1, fee_minor=75_000, declared_fee_minor=25_000)
    client.force_login(people["ali"])
    assert "egov-experience-outliers" not in client.get(reverse("wagtailadmin_home")).content.decode()
    for name in ("serviceexperience:index", "egov_experience_report"):
        assert client.get(reverse(name)).status_code in (302, 403)


def test_lists_cost_the_same_for_ten_and_two_hundred_answers(few, people, client, service):
    client.force_login(people["root"])

    def cost(name):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(name)).status_code == 200
        return len(queries)

    add_answers(service(), 10, days=3, declared_days=1, comment="text")
    names = ("serviceexperience:index", "egov_experience_report", "wagtailadmin_home")
    for name in names:
        cost(name)
    before = {name: cost(name) for name in names}
    add_answers(service(), 200, days=9, declared_days=1, comment="text")
    assert {name: cost(name) for name in names} == before
