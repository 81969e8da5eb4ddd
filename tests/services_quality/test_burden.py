"""The burden figure: what counts, how versions are kept, and how a trend reads."""

import csv
import datetime as dt
import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from egov_cms.editing.models import ChangeLogEntry
from egov_cms.services.models import ServiceBurden, ServicePage, ServiceSnapshot
from egov_cms.services.publishing import fact_changes
from egov_cms.services.reform import burden, tables, trend
from egov_cms.services.reform.burden import Burden
from egov_cms.services.reform.report import reform_report
from tests.services_reform.many import add_services

DAY = dt.date(2026, 5, 1)


def paper(**changes):
    row = {"code": "id", "originals": 1, "copies": 1, "conditional": False, "alternative_group": ""}
    return row | {"attestation": "none", "case": ""} | changes


def fee(**changes):
    row = {"kind": "fixed", "amount": "25000", "amount_max": None, "percent": None, "currency": "IQD"}
    return row | {"conditional": False, "valid_from": None, "valid_to": None, "channel": ""} | changes


def known(papers=(), fees=(), time=(None, 10, "working_day"), visits=2, signatures=1, free=False):
    return {
        "document": {"": {"none_needed": False}, **{f"D{n}": row for n, row in enumerate(papers)}},
        "fee": {"": {"free": free}, **{f"F{n}": row for n, row in enumerate(fees)}},
        "channel": {},
        "duration": {"": dict(zip(("min", "max", "unit"), time, strict=True))},
        "visits": {"": {"visits": visits, "signatures": signatures}},
        "status": {"": {"status": "available"}},
    }


def test_the_figure_is_the_documented_sum():
    found = burden.measure(known([paper(), paper(copies=2)], [fee()]), DAY)
    assert found == Burden(documents=2, copies=3, visits=2, signatures=1, days=10, fee_minor=25_000)
    assert found.points == 4 * 2 + 3 + 10 * 2 + 2 * 1 + 10 + 5


def test_the_database_and_the_function_count_alike(few):
    burden.catch_up()
    rows = ServiceBurden.objects.annotate(sum=burden.points())
    assert rows.count() >= 3
    for row in rows:
        assert row.sum == burden._of_row(row).points
    ServiceBurden.objects.update(fee_minor=10_000_000)
    assert {row.sum for row in rows.all()} == {
        burden._of_row(row).points for row in ServiceBurden.objects.all()
    }


def test_what_holds_in_some_cases_only_is_not_counted():
    found = burden.measure(known([paper(), paper(conditional=True)], [fee(), fee(conditional=True)]), DAY)
    assert (found.documents, found.fee_minor) == (1, 25_000)


def test_of_alternatives_the_lightest_counts_once():
    papers = [paper(alternative_group="a", copies=3), paper(alternative_group="a", copies=0), paper()]
    found = burden.measure(known(papers), DAY)
    assert (found.documents, found.copies) == (2, 1)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([fee(kind="range", amount="10000", amount_max="40000")], (40_000, False)),
        ([fee(), fee(kind="percent", amount=None, percent="3.00")], (25_000, True)),
        ([fee(kind="varies", amount=None)], (0, True)),
        ([fee(currency="USD", amount="10.00")], (0, True)),
        ([fee(valid_from="2026-06-01")], (0, False)),
        ([fee(valid_to="2026-04-30")], (0, False)),
        ([fee(valid_from="2026-05-01", valid_to="2026-05-01")], (25_000, False)),
        ([{"amount": "99", "currency": "IQD", "label": {}}], (0, False)),
    ],
)
def test_fees(rows, expected):
    found = burden.measure(known(fees=rows), DAY)
    assert (found.fee_minor, found.fee_open) == expected


def test_a_free_service_costs_nothing():
    assert burden.measure(known(fees=[fee()], free=True), DAY).fee_minor == 0


@pytest.mark.parametrize(
    ("time", "days"),
    [
        ((3, 7, "working_day"), 7),
        ((3, None, "working_day"), 3),
        ((None, 2, "month"), 44),
        ((None, 90, "minute"), 0),
        ((None, 3, "hour"), 0),
        ((None, None, ""), 0),
    ],
)
def test_times(time, days):
    assert burden.measure(known(time=time), DAY).days == days


def test_signatures_of_steps_stand_in_for_a_missing_number():
    assert burden.measure(known(signatures=None), DAY, signatures=3).signatures == 3
    assert burden.measure(known(signatures=0), DAY, signatures=3).signatures == 0


def lighter(page, **facts):
    """Publish a service with other facts by the second person's way of a command."""
    draft = ServicePage.objects.get(pk=page.pk)
    for name, value in facts.items():
        setattr(draft, name, value)
    return draft


def test_a_publication_that_changes_a_number_adds_a_version(service, committed):
    burden.catch_up()
    page = service()
    before = ServiceBurden.objects.get(service_code=page.service_code, current=True)
    with committed():
        draft = ServicePage.objects.get(pk=page.pk)
        draft.documents.set(list(draft.documents.all())[2:])
        draft.save_revision().publish()
    rows = list(ServiceBurden.objects.filter(service_code=page.service_code).order_by("pk"))
    assert len(rows) == 2
    assert [row.current for row in rows] == [False, True]
    assert rows[1].documents == before.documents - 2
    with committed():
        draft = ServicePage.objects.get(pk=page.pk)
        draft.title = "عنوان آخر"
        draft.save_revision().publish()
    assert ServiceBurden.objects.filter(service_code=page.service_code).count() == 2
    with committed():
        ServicePage.objects.get(pk=page.pk).unpublish()
    assert not ServiceBurden.objects.filter(service_code=page.service_code, current=True).exists()


def test_two_papers_fewer(service, committed):
    burden.catch_up()
    page = service()
    ServiceBurden.objects.update(measured_at=timezone.now() - dt.timedelta(days=400))
    with committed():
        draft = ServicePage.objects.get(pk=page.pk)
        draft.documents.set(list(draft.documents.all())[2:])
        draft.signatures = 1
        draft.save_revision().publish()
    row = trend.burdens().get(service_code=page.service_code)
    assert row.change == row.points - row.before_points
    with translation.override("en"):
        (found,) = trend.trends([row], "en")
        assert "2 papers fewer" in found.change
        assert "1 signature more" in found.change
    with translation.override("ar"):
        assert "مستمسكان أقل" in trend.trends([row], "ar")[0].change
    totals = trend.totals(trend.burdens())
    assert (totals["lighter"], totals["heavier"]) == (1, 0)
    assert totals["total_points"] - totals["total_before_points"] == row.change
    later = trend.burdens(since=timezone.localdate() + dt.timedelta(days=1)).get(
        service_code=page.service_code
    )
    assert later.change == 0


def test_versions_from_before_the_table_come_out_of_the_log(service, committed):
    page = service()
    original = burden.of_document(ServiceSnapshot.objects.get(page=page).document, timezone.localdate())
    for drop in (1, 2):
        with committed():
            draft = ServicePage.objects.get(pk=page.pk)
            draft.documents.set(list(draft.documents.all())[1:])
            draft.visits = drop
            draft.duration_max = 30 + drop
            draft.save_revision().publish()
    written = list(
        ServiceBurden.objects.filter(service_code=page.service_code)
        .order_by("pk")
        .values_list("documents", "visits", "days")
    )
    ServiceBurden.objects.all().delete()
    assert burden.catch_up() >= 3
    rows = list(ServiceBurden.objects.filter(service_code=page.service_code).order_by("measured_at", "pk"))
    assert burden._of_row(rows[0]) == original
    assert [(row.documents, row.visits, row.days) for row in rows] == written
    assert [row.current for row in rows] == [False, False, True]
    assert burden.catch_up() == 0


def test_a_service_that_came_back_is_rewound_through_its_absence(service, committed):
    page = service()
    with committed():
        ServicePage.objects.get(pk=page.pk).unpublish()
    with committed():
        draft = ServicePage.objects.get(pk=page.pk)
        draft.visits = (draft.visits or 0) + 4
        draft.save_revision().publish()
    document = ServiceSnapshot.objects.get(page=page).document
    log = ChangeLogEntry.objects.filter(code=page.service_code)
    versions = list(burden.history(document, log))
    assert versions[0][1].visits == versions[-1][1].visits + 4
    assert fact_changes.facts(document)["visits"][""]["visits"] == versions[0][1].visits


def test_the_report_costs_the_same_for_three_and_two_hundred_services(few):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            found = reform_report("en")
        return len(queries), len(found.parts["burden"].rows)

    burden.catch_up()
    cost()
    before = cost()
    add_services(200)
    cost()
    after = cost()
    assert after == (before[0], before[1] + 200)
    assert before[0] <= 30


REPORTS = ("egov_reform_once_only", "egov_reform_burden", "egov_reform_documents", "egov_experience_report")


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("language", ["ar", "ckb", "en"])
def test_reports_open_in_every_language_and_as_files(few, people, client, name, language):
    from wagtail.users.models import UserProfile

    UserProfile.objects.update_or_create(user=people["root"], defaults={"preferred_language": language})
    client.force_login(people["root"])
    page = client.get(reverse(name))
    assert page.status_code == 200
    assert f'dir="{"ltr" if language == "en" else "rtl"}"' in page.content.decode()
    text = b"".join(client.get(reverse(name), {"export": "csv"}).streaming_content).decode("utf-8-sig")
    head = next(csv.reader(io.StringIO(text)))
    book = openpyxl.load_workbook(
        io.BytesIO(b"".join(client.get(reverse(name), {"export": "xlsx"}).streaming_content))
    )
    assert list(next(iter(book.active.values))) == head


def test_a_report_is_filtered_by_unit(few, people, client):
    client.force_login(people["root"])
    whole = client.get(reverse("egov_reform_burden")).context["object_list"]
    assert len(whole) == 3
    other = ServicePage.objects.get(pk=whole[0]["page_pk"]).owner_unit
    found = client.get(reverse("egov_reform_burden"), {"unit": other.pk, "since": "2026-01-01"})
    assert {row["unit"] for row in found.context["object_list"]} <= {row["unit"] for row in whole}
    assert 0 < len(found.context["object_list"]) <= 3
    for odd in ("x", "999999999999999", "-1", "1' or '1'='1"):
        answer = client.get(reverse("egov_reform_burden"), {"unit": odd, "since": odd})
        assert answer.status_code == 200


def test_the_printed_report_and_the_workbook(few, people, client):
    client.force_login(people["root"])
    printed = client.get(reverse("egov_reform_print"), {"all": "1"})
    assert printed.status_code == 200
    assert "IQ-MOI-001" in printed.content.decode()
    book = openpyxl.load_workbook(io.BytesIO(client.get(reverse("egov_reform_workbook")).content))
    assert book.sheetnames == [
        table.name
        for table in (
            tables.ONCE_BY_MINISTRY, tables.OWN_PAPERS, tables.BURDEN_BY_MINISTRY, tables.BURDENS, tables.MOST_ASKED,
        )
    ]  # fmt: skip
    for sheet in book:
        assert len({len(row) for row in sheet.values}) == 1


def test_only_those_with_the_right_see_reports(few, client):
    from django.contrib.auth.models import Permission, User

    user = User.objects.create_user("auditor", "a@example.gov.iq", "password")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)
    addresses = [reverse(name) for name in (*REPORTS, "egov_reform_print", "egov_reform_workbook")]
    for address in addresses:
        assert client.get(address).status_code in (302, 403), address
    user.user_permissions.add(
        *Permission.objects.filter(codename__in=["view_serviceburden", "view_serviceexperience"])
    )
    for address in addresses:
        assert client.get(address).status_code == 200, address
    burden_page = client.get(reverse("egov_reform_burden"), {"since": "2026-01-01"}).content.decode()
    assert f"{reverse('egov_reform_print')}?since=2026-01-01" in burden_page
    assert reverse("egov_reform_workbook") in burden_page
    assert reverse("egov_reform_print") not in client.get(reverse("egov_experience_report")).content.decode()
    menu = client.get(reverse("wagtailadmin_home")).content.decode()
    assert reverse("egov_reform_burden") in menu
