"""Importing the sample: complete, repeatable, and all or nothing when something is wrong."""

import json
from pathlib import Path

import pytest
import yaml
from django.core.management import CommandError, call_command

from egov_cms.exchange.models import ExchangeRun
from egov_cms.services.importing import import_services
from egov_cms.services.models import DocumentType, ServicePage, StepTemplate
from egov_cms.site.models import LegalReference, OrganisationUnitPage

from .conftest import SAMPLE, sample_data

pytestmark = pytest.mark.django_db

LANGUAGES = ("ar", "ckb", "en")


@pytest.fixture
def write(tmp_path):
    """Write a catalogue as YAML: the first sample service with changes, or several."""

    def build(*services, name="services.yaml", **top):
        data = sample_data()
        document = {
            "meta": data["meta"],
            "document_types": data["document_types"],
            "step_types": data["step_types"],
            "services": list(services),
        }
        path = tmp_path / name
        path.write_text(yaml.safe_dump({**document, **top}, allow_unicode=True), encoding="utf-8")
        return path

    return build


def one(**changes):
    """The first sample service with some keys changed (None takes a key out)."""
    entry = sample_data()["services"][0]
    entry |= {"id": "IQ-MOI-801"} | changes
    return {key: value for key, value in entry.items() if value is not None}


def problems(report):
    return {(problem.item, problem.field, problem.code) for problem in report.errors}


def test_thirty_services_in_three_languages_are_published(sample):
    for language in LANGUAGES:
        pages = ServicePage.objects.public().filter(locale__language_code=language)
        assert pages.count() == 30
    assert (len(sample.created), len(sample.errors), len(sample.warnings)) == (30, 0, 0)


def test_editors_find_imported_pages_in_the_admins_own_search(sample):
    found = ServicePage.objects.all().search("اجازة السوق")
    assert "IQ-MOI-004" in {page.service_code for page in found}


def test_the_second_import_changes_nothing(sample, django_assert_max_num_queries):
    revisions = ServicePage.objects.first().revisions.count()
    with django_assert_max_num_queries(100):
        report = import_services(SAMPLE, publish=True)
    assert (len(report.created), len(report.changed), len(report.unchanged)) == (0, 0, 30)
    assert report.changes == []
    assert report.run is None
    assert ServicePage.objects.first().revisions.count() == revisions


def test_the_shared_file_imports_like_ours(sample, reference_data):
    report = import_services(reference_data / "reference" / "iraq_services.yaml", dry_run=True)
    assert report.ok, report.errors
    cut = [problem for problem in report.warnings if problem.code == "comma"]
    assert [(problem.item, problem.field) for problem in cut] == [("IQ-MOI-009", "summary.en")]
    assert cut[0].value == "Yearly residence for foreigners who work, study or join family."
    assert {problem.code for problem in report.warnings} == {"comma", "untranslated", "fee_reason"}


def leaves(value, path=()):
    if isinstance(value, dict):
        for key, each in value.items():
            yield from leaves(each, (*path, key))
    elif isinstance(value, list):
        for each in value:
            yield from leaves(each, path)
    else:
        yield path, value


def text_of(page):
    """Every word and number that the database holds of one service in one language."""
    state = {**page.__dict__, "unit": page.owner_unit.title}
    rows = [
        row.__dict__
        for name in ("requirements", "fees", "outputs", "documents")
        for row in getattr(page, name).all()
    ]
    return {str(value) for each in (state, *rows) for value in each.values()}


def test_no_text_of_the_file_is_dropped(service):
    """Every text in the file stands on the page of its language, every number on all of them."""
    data = sample_data()
    for entry in data["services"]:
        pages = {language: service(entry["id"], language) for language in LANGUAGES}
        held = {language: text_of(page) for language, page in pages.items()}
        held["ar"] |= {unit.title for unit in OrganisationUnitPage.objects.all()}
        laws = {law.reference.title.in_locale(code) for law in pages["ar"].legal.all() for code in LANGUAGES}
        names = {line for page in pages.values() for line in page.popular_names.splitlines()}
        units = {page.title for page in OrganisationUnitPage.objects.all()}
        for path, value in leaves(entry):
            language = path[-1].rpartition("_")[2]
            if language in LANGUAGES and isinstance(value, str):
                assert value in held[language] | laws | names | units, (entry["id"], path)


def test_facts_of_one_service(service):
    for language in LANGUAGES:
        page = service("IQ-MOI-002", language)
        assert (page.duration_min, page.duration_max, page.duration_unit) == (7, 15, "working_day")
        assert (page.visits, page.proxy_allowed, page.digital_level, page.ur_class) == (
            2,
            "no",
            3,
            "interactive",
        )
        assert page.owner_unit.locale.language_code == "ar"
        assert [each.code for each in page.audiences.all()] == ["citizen"]
        fees = [(fee.key, fee.kind, fee.amount_minor, fee.conditional) for fee in page.fees.all()]
        assert fees == [("F1", "fixed", 10000, False), ("F2", "fixed", 25000, True)]
        documents = [(row.document_type.code, row.originals, row.copies) for row in page.documents.all()]
        assert documents == [("loss_report", 1, 0), ("residence_card", 1, 1)]
        steps = [(row.key, row.is_visit, row.channel) for row in page.steps.all()]
        assert steps[0] == ("book", False, "online")
        assert steps[1] == ("attend", True, "office")
    assert service("IQ-MOI-002", "ckb").fees.all()[1].condition == "ئەگەر ون بووبێت"
    assert service("IQ-MOI-002", "ar").documents.all()[0].condition == "عند الفقدان"


def test_rows_of_all_languages_belong_together(service):
    pages = [service("IQ-MOTR-003", language) for language in LANGUAGES]
    for relation in ("documents", "fees", "steps", "channels", "outputs", "legal", "requirements"):
        keys = [[row.translation_key for row in getattr(page, relation).all()] for page in pages]
        assert keys[0] == keys[1] == keys[2]
    assert len({page.translation_key for page in pages}) == len({page.slug for page in pages}) == 1


def test_percent_unit_free_and_validity(service):
    assert service("IQ-MOJ-001").fees.all()[0].kind == "percent"
    per_unit = service("IQ-MOCHPW-001", "ckb").fees.all()[0]
    assert (per_unit.kind, per_unit.amount_minor, per_unit.unit) == (
        "per_unit",
        500,
        "بۆ هەر مەترێکی چوارگۆشە",
    )
    assert service("IQ-MOH-001").is_free and not service("IQ-MOH-001").fees.exists()
    output = service("IQ-MOI-008").outputs.get()
    assert (output.validity_value, output.validity_unit) == (3, "month")


def test_issuers_give_the_once_only_figures(sample):
    """Ninety-nine demands, twenty-eight of papers that the asking ministry itself issues."""
    asked = same = 0
    for page in ServicePage.objects.filter(locale__language_code="ar").select_related("owner_unit"):
        ministry = page.owner_unit.get_ancestors(inclusive=True).type(OrganisationUnitPage).specific()
        codes = {unit.code for unit in ministry if unit.code}
        for row in page.documents.select_related("document_type__issuer_unit"):
            asked += 1
            issuer = row.document_type.issuer_unit
            same += issuer is not None and issuer.code in codes
    assert (asked, same) == (99, 28)


def test_units_laws_and_records_are_made_once(sample):
    import_services(SAMPLE)
    assert DocumentType.objects.count() == 38
    assert StepTemplate.objects.count() == 21
    assert LegalReference.objects.filter(kind="law", number="8", year=2019).count() == 1
    moi = OrganisationUnitPage.objects.get(code="MOI", locale__language_code="ar")
    assert moi.get_children().count() == 6
    assert OrganisationUnitPage.objects.filter(code="MOI").count() == 3


def test_a_changed_service_becomes_a_draft_and_the_public_page_stays(service, write):
    entry = one(id="IQ-MOI-001", visits=5)
    report = import_services(write(entry))
    assert report.changed == ["IQ-MOI-001"]
    changes = {(change.field, change.locale, change.before, change.after) for change in report.changes}
    assert changes == {("visits", "", 2, 5)}
    page = service("IQ-MOI-001", "ar")
    assert page.visits == 2 and page.has_unpublished_changes
    assert page.get_latest_revision_as_object().visits == 5
    # Facts reach the translations when the source is published, so those have no draft.
    assert not service("IQ-MOI-001", "en").has_unpublished_changes
    again = import_services(write(entry))
    assert again.unchanged == ["IQ-MOI-001"]
    run = ExchangeRun.objects.get(pk=report.run)
    assert {item.action for item in run.items.all()} == {"changed"}
    assert all(item.revision_before_id and item.revision_after_id for item in run.items.all())
    page.latest_revision.publish()
    assert service("IQ-MOI-001", "en").visits == 5


def test_rows_that_left_the_file_leave_the_service(service, write):
    entry = one(id="IQ-MOI-001")
    entry["documents"] = entry["documents"][1:]
    assert import_services(write(entry), publish=True).ok
    assert [row.key for row in service("IQ-MOI-001", "ckb").documents.all()] == [
        "parents_ids",
        "residence_card",
        "ration_card",
    ]


def test_a_new_service_is_a_draft_unless_published(sample, write):
    report = import_services(write(one(slug="a-new-card")))
    assert report.created == ["IQ-MOI-801"]
    assert not ServicePage.objects.filter(service_code="IQ-MOI-801", live=True).exists()
    assert ServicePage.objects.filter(service_code="IQ-MOI-801", slug="a-new-card").count() == 3


def test_a_dry_run_writes_nothing(sample, write):
    units = OrganisationUnitPage.objects.count()
    report = import_services(
        write(one(ministry="MOO", unit={"ar": "شركة نفط", "en": "Oil company"})), dry_run=True
    )
    assert report.ok and report.created == ["IQ-MOI-801"] and report.changes
    assert not ServicePage.objects.filter(service_code="IQ-MOI-801").exists()
    assert OrganisationUnitPage.objects.count() == units
    assert report.run is None


BAD = {
    "ministry": ({"ministry": "MOX"}, "ministry", "unknown_code"),
    "fee": ({"fees": [{"ar": "رسم", "amount": -5}]}, "fees[1].amount", "negative"),
    "amount": ({"fees": [{"ar": "رسم", "amount": "كثير"}]}, "fees[1].amount", "not_a_number"),
    "half": ({"fees": [{"ar": "رسم", "amount": 2.5}]}, "fees[1].amount", "not_whole"),
    "percent": ({"fees": [{"ar": "رسم", "percent": 140}]}, "fees[1].percent", "percent"),
    "title": ({"title": {"en": "Only English"}}, "title.ar", "missing"),
    "document": (
        {"documents": [{"doc": "national_ld"}]},
        "documents.national_ld.document_type",
        "unknown_code",
    ),
    "step": ({"steps": ["fill", "atend"]}, "steps.atend.template", "unknown_code"),
    "audience": ({"audience": ["citizens"]}, "audience", "unknown_code"),
    "event": ({"life_events": ["brth"]}, "life_events", "unknown_code"),
    "channel": ({"channels": ["on-line"]}, "channels[1]", "unknown_code"),
    "level": ({"digital_level": 9}, "digital_level", "unknown_code"),
    "key": ({"sumary": {"ar": "نص"}}, "sumary", "unknown_key"),
    "row key": ({"documents": [{"doc": "photo", "copys": 2}]}, "documents[1].copys", "unknown_key"),
    "code": ({"id": "MOI-1"}, "id", "code_form"),
    "no code": ({"id": None}, "id", "missing"),
    "order": ({"duration": {"min": 9, "max": 3, "unit": "hour"}}, "duration.max", "order"),
    "unit": ({"duration": {"min": 1, "max": 3, "unit": "week"}}, "duration.unit", "unknown_code"),
    "boolean": ({"proxy_allowed": "perhaps"}, "proxy_allowed", "unknown_code"),
    "long": ({"summary": {"ar": "ا" * 300}}, "summary.ar", "too_long"),
    "reason": ({"not_applicable": {"fees": "لا"}}, "not_applicable.fees", "short"),
    "http": ({"channels": [{"kind": "online", "url": "http://x.iq"}]}, "channels[1].url", "not_https"),
    "nothing to bring": ({"documents": [{"doc": "photo", "copies": 0}]}, "documents[1].originals", "none"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_refused_with_file_item_and_field(sample, write, case):
    changes, field, code = BAD[case]
    good, bad = one(id="IQ-MOI-802"), one(**changes)
    report = import_services(write(good, bad), publish=True)
    item = bad.get("id", "services[2]")
    assert (item, field, code) in problems(report)
    assert report.file == "services.yaml" and all(problem.place.line for problem in report.errors)
    assert not ServicePage.objects.filter(service_code__in=["IQ-MOI-801", "IQ-MOI-802"]).exists()
    assert report.created == report.changed == []


def test_a_duplicate_code_is_refused_with_both_lines(sample, write):
    report = import_services(write(one(), one()))
    (problem,) = report.errors
    assert (problem.item, problem.field, problem.code) == ("IQ-MOI-801", "id", "duplicate_code")
    assert problem.place.line > 1 and not ServicePage.objects.filter(service_code="IQ-MOI-801").exists()


def test_the_nearest_code_is_offered(sample, write):
    report = import_services(write(one(ministry="MOTRAN", audience=["citzen"])))
    messages = " ".join(problem.message for problem in report.errors)
    assert "«MOTRANS»" in messages and "«citizen»" in messages


def test_what_the_gate_refuses_is_reported_and_nothing_is_written(sample, write):
    report = import_services(write(one(steps=["fill"], summary={"ar": "يُملأ لاحقاً"})), publish=True)
    assert ("IQ-MOI-801", "steps (ar)", "too_few") in problems(report)
    assert ("IQ-MOI-801", "summary (ar)", "placeholder") in problems(report)
    assert not ServicePage.objects.filter(service_code="IQ-MOI-801").exists()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"services: [", "not_yaml"),
        (b"\xff\xfe\x00", "not_text"),
        (b"services: []", "empty"),
        (b"- 1", "empty"),
        (b"", "empty"),
        (b"a: &x [1]\nb: *x", "aliases"),
        (b"services:\n- {id: IQ-MOI-001, id: IQ-MOI-002}", "duplicate"),
        (b"services: [1, text]", "not_a_mapping"),
    ],
)
def test_files_that_are_no_catalogue(sample, tmp_path, text, code):
    path = tmp_path / "services.yml"
    path.write_bytes(text)
    report = import_services(path)
    assert code in {problem.code for problem in report.errors}


def test_numbers_in_any_digits(sample, write):
    fees = [{"ar": "رسم", "en": "Fee", "amount": "٢٥٬٠٠٠"}]
    entry = one(fees=fees, visits="۳")
    assert import_services(write(entry)).ok
    page = ServicePage.objects.get(service_code="IQ-MOI-801", locale__language_code="ar")
    assert page.get_latest_revision_as_object().fees.all()[0].amount_minor == 25000
    assert page.visits == 3


def test_the_command_reports_and_exits(sample, write, tmp_path, capsys):
    target = tmp_path / "report.json"
    call_command("import_services", write(one(id="IQ-MOI-001", visits=4)), report=target, dry_run=True)
    report = json.loads(target.read_text(encoding="utf-8"))
    assert report["counts"]["changed"] == 1 and report["dry_run"] is True
    assert "1 would be changed" in capsys.readouterr().out
    with pytest.raises(SystemExit) as exit_:
        call_command("import_services", write(one(ministry="MOX")), report=target)
    assert exit_.value.code == 1
    report = json.loads(target.read_text(encoding="utf-8"))
    assert report["refused"][0]["item"] == "IQ-MOI-801" and report["refused"][0]["field"] == "ministry"
    assert "IQ-MOI-801: ministry:" in capsys.readouterr().err
    with pytest.raises(CommandError):
        call_command("import_services", Path("/nowhere.yaml"))
