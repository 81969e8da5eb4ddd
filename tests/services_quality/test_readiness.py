"""The catalogue measured: command, overview, workbook, each row a self-assessment."""

import datetime as dt
import io
import json

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.models import Page, Site

from egov_cms.services.blocks import most_visited_services
from egov_cms.services.models import ServicePage, ServiceSnapshot
from egov_cms.services.quality import readiness
from egov_cms.services.quality.sheets import workbook
from egov_cms.site.models import DailyPageCount


def test_the_command_writes_json_that_is_marked(few, capsys):
    call_command("readiness", "--format", "json", "--language", "en")
    found = json.loads(capsys.readouterr().out)
    assert found["kind"] == "self-assessment"
    assert found["services_public"] == 3
    codes = [service["code"] for service in found["services"]]
    assert codes == sorted(codes)
    for service in found["services"]:
        assert service["kind"] == "self-assessment"
        assert service["score"] + sum(service["missing"].values()) == 100
        assert len(service["cheapest_fixes"]) <= 3
    assert {check["kind"] for check in found["site"]} == {"self-assessment"}


def test_the_command_writes_text_and_a_workbook(few, capsys, tmp_path):
    call_command("readiness", "--language", "en")
    assert "3 services" in capsys.readouterr().out
    file = tmp_path / "readiness.xlsx"
    call_command("readiness", "--format", "xlsx", "--output", str(file))
    assert openpyxl.load_workbook(file).sheetnames == ["GEMS", "Ur", "OSI", "Score", "Ministries"]
    with pytest.raises(CommandError):
        call_command("readiness", "--format", "xlsx")
    with pytest.raises(CommandError):
        call_command("readiness", "--language", "tlh")


@pytest.mark.parametrize("language", ["ar", "ckb", "en"])
def test_every_row_of_the_workbook_says_self_assessment(few, language):
    with translation.override(language):
        book = openpyxl.load_workbook(io.BytesIO(workbook(readiness.measure(language), language)))
    for sheet in book:
        rows = list(sheet.values)
        assert len(rows) > 1
        assert len({row[0] for row in rows[1:]}) == 1
        assert len({len(row) for row in rows}) == 1
        assert bool(sheet.sheet_view.rightToLeft) == (language != "en")
    if language == "en":
        assert book["GEMS"]["A2"].value == "Self-assessment"


def test_the_score_in_the_editor_is_that_of_the_published_document(service):
    found = {row.code: row.score for row in readiness.measure("ar").services}
    page = service()
    in_editor = readiness.score_of(page)
    assert in_editor == found["IQ-MOI-004"]
    page.fees.set([])
    assert readiness.score_of(page).total == in_editor.total - 15


def test_the_overview_shows_ministries_and_the_lowest_first(few, people, client):
    client.force_login(people["root"])
    address = reverse("egov_quality_readiness")
    page = client.get(address)
    assert page.status_code == 200
    totals = [row.score.total for row in page.context["page_obj"]]
    assert totals == sorted(totals)
    ministry = page.context["found"].services[0].ministry
    assert client.get(address, {"ministry": ministry}).status_code == 200
    assert client.get(reverse("egov_quality_readiness_xlsx"))["Content-Type"].endswith("spreadsheetml.sheet")


def test_the_editor_shows_the_score_beside_the_page(service, people, client):
    client.force_login(people["root"])
    text = client.get(reverse("wagtailadmin_pages:edit", args=[service().pk])).content.decode()
    assert "#id_last_reviewed_at" in text


def test_measuring_costs_the_same_for_three_and_two_hundred_services(few):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            found = readiness.measure("ar")
        return len(queries), len(found.services)

    cost()  # what is kept is read the first time
    before = cost()
    document = ServiceSnapshot.objects.first().document
    page = ServicePage.objects.filter(service_code=document["code"]).first()
    clones = [
        Page(path=f"{page.path}{number:04}", depth=9, title="x", slug=f"x-{number}") for number in range(200)
    ]
    Page.objects.bulk_create(
        Page(
            path=clone.path, depth=9, title="خدمة", slug=clone.slug, locale=page.locale,
            content_type=page.content_type,
        )
        for clone in clones
    )  # fmt: skip
    pages = Page.objects.filter(slug__startswith="x-", depth=9)
    for base in pages:
        models.Model.save_base(
            ServicePage(page_ptr_id=base.pk, service_code=f"IQ-TST-{base.pk}", **page_columns(base)),
            raw=True,
            force_insert=True,
        )
    ServiceSnapshot.objects.bulk_create(
        ServiceSnapshot(page_id=base.pk, service_code=f"IQ-TST-{base.pk}", document=document)
        for base in pages
    )
    after = cost()
    assert after == (before[0], before[1] + 200)


def page_columns(base):
    return {
        field.attname: getattr(base, field.attname)
        for field in Page._meta.concrete_fields
        if not field.primary_key
    }


def test_page_views_are_the_usage_and_fill_the_home_page(few, service):
    site, today = Site.objects.get(), timezone.localdate()

    def viewed(page, count, ago=0):
        DailyPageCount.objects.create(
            day=today - dt.timedelta(days=ago),
            site=site,
            path=page.url_path,
            locale="ar",
            page=page,
            visits=count,
        )

    viewed(service("IQ-MOI-001", "ar"), 5)
    viewed(service("IQ-MOI-001", "en"), 6, ago=3)
    viewed(service("IQ-MOI-002", "ar"), 9)
    viewed(service("IQ-MOI-004", "ar"), 50, ago=40)
    usage = {row.code: row.usage for row in readiness.measure("en").services}
    assert usage == {"IQ-MOI-001": 11, "IQ-MOI-002": 9, "IQ-MOI-004": 50}
    with CaptureQueriesContext(connection) as queries:
        found = most_visited_services("ckb", 6)
    assert len(queries) <= 2
    assert [page.pk for page in found] == [service("IQ-MOI-001", "ckb").pk, service("IQ-MOI-002", "ckb").pk]
    assert [page.pk for page in most_visited_services("ckb", 1)] == [service("IQ-MOI-001", "ckb").pk]
