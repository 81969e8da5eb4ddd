"""The import of offices from files: all rows or none."""

import contextlib
import datetime as dt
import json
from pathlib import Path

import openpyxl
import pytest
from django.core.management import call_command
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from egov_cms.exchange import handlers, runs
from egov_cms.exchange.models import ExchangeRun
from egov_cms.site.hours_text import DAYS, parse_spans, parse_week
from egov_cms.site.models import Office
from egov_cms.site.seed import load_governorates

pytestmark = pytest.mark.django_db

HEADING = [
    "name_ar",
    "name_en",
    "slug",
    "governorate",
    "kind",
    "latitude",
    "longitude",
    "phones",
    "hours",
    "access",
]
GOOD = [
    [
        *(
            "دائرة الجوازات",
            "Passport office",
            "passports",
            "BG",
            "directorate",
            "33.3152",
            "44.3661",
            "٠٧٧٠١٢٣٤٥٦٧",
        ),
        *("sunday-thursday 08:00-12:00, 13:00-15:00", "ramp; lift"),
    ],
    [
        *("مكتب البصرة", "Basra office", "", "البصرة", "branch", "", "", ""),
        *("الأحد-الخميس ٠٨:٠٠-١٤:٠٠ | السبت 09:00-12:00", ""),
    ],
]


@pytest.fixture(autouse=True)
def governorates(db):
    return load_governorates()


def import_offices(path, **options):
    return runs.import_file("offices", path, **options)


def csv_file(folder, rows, heading=HEADING, encoding="utf-8-sig"):
    lines = [",".join(f'"{cell}"' for cell in row) for row in [heading, *rows]]
    path = folder / "offices.csv"
    path.write_bytes("\n".join(lines).encode(encoding))
    return path


def xlsx_file(folder, rows, heading=HEADING):
    book = openpyxl.Workbook()
    book.active.title = "الدوائر"
    for row in [heading, *rows]:
        book.active.append(row)
    path = folder / "offices.xlsx"
    book.save(path)
    return path


@pytest.mark.parametrize("make", [csv_file, xlsx_file])
def test_offices_are_created_and_matched_by_the_next_import(tmp_path, make):
    path = make(tmp_path, GOOD)
    assert import_offices(path).created == ["passports", "basra-office"]
    passports = Office.objects.get(slug="passports")
    assert passports.name == {"ar": "دائرة الجوازات", "en": "Passport office"}
    assert passports.phones == ["+9647701234567"]
    assert passports.access_features == ["ramp", "lift"]
    assert [len(row.spans) for row in passports.hours.all()] == [2] * 5
    assert {row.weekday for row in Office.objects.get(slug="basra-office").hours.all()} == {0, 1, 2, 3, 4, 6}
    again = import_offices(path)
    assert (again.created, again.changed, again.unchanged) == ([], [], ["passports", "basra-office"])
    changed = [[*GOOD[0][:7], "07801234567", *GOOD[0][8:]], GOOD[1]]
    assert import_offices(make(tmp_path, changed)).changed == ["passports"]
    assert Office.objects.count() == 2


def test_missing_columns_leave_stored_values_unchanged(tmp_path):
    import_offices(csv_file(tmp_path, GOOD))
    import_offices(csv_file(tmp_path, [["passports", "جوازات بغداد"]], ["slug", "name_ar"]))
    office = Office.objects.get(slug="passports")
    assert office.name == {"ar": "جوازات بغداد", "en": "Passport office"}
    assert office.hours.count() == 5


def test_arabic_headings_and_excels_arabic_encoding(tmp_path):
    rows = [["دائرة الجنسية", "nationality", "بغداد"]]
    path = csv_file(tmp_path, rows, ["اسم الدائرة", "slug", "المحافظة"], encoding="cp1256")
    assert import_offices(path).created == ["nationality"]
    assert Office.objects.get().governorate.code == "BG"


def test_geojson_points(tmp_path):
    path = tmp_path / "offices.geojson"
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [44.3661, 33.3152]},
        "properties": {"name_ar": "دائرة", "slug": "office", "governorate": "baghdad", "access": ["ramp"]},
    }
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    assert import_offices(path).created == ["office"]
    office = Office.objects.get()
    assert (float(office.latitude), float(office.longitude)) == (33.3152, 44.3661)
    feature["geometry"]["coordinates"] = [2.35, 48.85]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    assert [issue.field for issue in import_offices(path).errors] == ["latitude", "longitude"]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("governorate", "أطلانتس"),
        ("governorate", ""),
        ("kind", "castle"),
        ("latitude", "north"),
        ("latitude", "51"),
        ("phones", "12"),
        ("hours", "always"),
        ("hours", "sunday 15:00-08:00"),
        ("hours", "sunday 08:00-09:00, 10:00-11:00, 12:00-13:00"),
        ("hours", "sunday 25:00-26:00"),
        ("access", "helicopter"),
        ("name_ar", ""),
        ("slug", "Passports!"),
    ],
)
def test_an_invalid_row_is_refused_with_its_position_and_nothing_is_written(tmp_path, column, value):
    bad = list(GOOD[0])
    bad[HEADING.index(column)] = value
    report = import_offices(xlsx_file(tmp_path, [GOOD[1], bad]))
    assert report.file == "offices.xlsx"
    assert {(issue.place.sheet, issue.place.row) for issue in report.errors} == {("الدوائر", 3)}
    assert column in {issue.field for issue in report.errors}
    assert (report.created, report.ok) == ([], False)
    assert not Office.objects.exists()


def test_the_same_office_twice_is_refused(tmp_path):
    report = import_offices(csv_file(tmp_path, [GOOD[0], GOOD[0]]))
    assert [(issue.place.row, issue.field) for issue in report.errors] == [(3, "slug")]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("offices.csv", b""),
        ("offices.xlsx", b"no workbook"),
        ("offices.geojson", b"{}"),
        ("offices.geojson", b"["),
        ("offices.pdf", b"%PDF"),
    ],
)
def test_an_unreadable_file_is_one_problem(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    assert import_offices(path).error_count == 1
    with pytest.raises(OSError):
        import_offices(tmp_path / "missing.csv")


def test_an_unknown_column_is_reported_together_with_other_problems(tmp_path):
    path = csv_file(tmp_path, [["red", "a"]], ["colour", "slug"])
    assert [issue.code for issue in import_offices(path).errors] == ["unknown_column", "invalid", "invalid"]


def test_the_command_prints_the_report_and_fails_when_anything_was_refused(tmp_path):
    report = tmp_path / "report.json"
    path = csv_file(tmp_path, GOOD)
    call_command("import_offices", str(path), "--dry-run", "--report", str(report))
    assert json.loads(report.read_text(encoding="utf-8"))["created"] == ["passports", "basra-office"]
    assert not Office.objects.exists()
    bad = csv_file(tmp_path, [[*GOOD[0][:3], "XX", *GOOD[0][4:]]])
    with pytest.raises(SystemExit):
        call_command("import_offices", str(bad), "--report", str(report))
    found = json.loads(report.read_text(encoding="utf-8"))
    issue = found["refused"][0]
    assert (found["file"], issue["row"], issue["column"]) == ("offices.csv", 2, "governorate")


def test_hours_in_common_notations():
    assert parse_spans("8:00 - 12:00، 13.00–15.00") == [
        (dt.time(8), dt.time(12)),
        (dt.time(13), dt.time(15)),
    ]
    assert parse_spans("مغلق") == []
    assert parse_spans("20:00-24:00") == [(dt.time(20), dt.time(0))]
    assert set(parse_week("sat-mon 08:00-14:00")) == {6, 0, 1}
    assert set(parse_week("یەکشەممە 08:00-14:00")) == {0}


@given(st.text())
def test_any_text_is_hours_or_a_value_error(text):
    for parse in (parse_spans, parse_week):
        with contextlib.suppress(ValueError):
            parse(text)


@given(st.sampled_from(range(7)), st.sampled_from(range(7)))
def test_a_range_of_days_runs_through_the_week(first, last):
    days = parse_week(f"{DAYS[first]}-{DAYS[last]} 08:00-09:00")
    assert len(days) == (last - first) % 7 + 1


CASES = Path(__file__).parent / "data"


@pytest.mark.parametrize(
    ("name", "offices"),
    [("off-stale-dimension.xlsx", 5), ("off-dimension-A1.xlsx", 5), ("off-bad-colour.xlsx", 5)],
)
def test_all_rows_are_read_in_spite_of_a_wrong_declared_size_or_styles(name, offices):
    report = import_offices(CASES / name)
    assert report.ok, [str(issue) for issue in report.errors]
    assert len(report.created) == offices == Office.objects.count()


def test_an_error_cell_is_refused_with_its_position():
    report = import_offices(CASES / "off-error-cell.xlsx")
    assert not report.ok and {issue.code for issue in report.errors} == {"error_cell"}
    assert all(issue.place.cell for issue in report.errors)
    assert not Office.objects.exists()


def test_importing_an_export_changes_nothing(tmp_path):
    import_offices(csv_file(tmp_path, GOOD))
    Office.objects.filter(slug="passports").update(is_public=False)
    name, _media_type, data = handlers.get("offices").export("offices.xlsx", "ar")
    path = tmp_path / name
    path.write_bytes(b"".join(data))
    report = import_offices(path)
    assert (report.created, report.changed, report.change_count) == ([], [], 0)
    assert report.unchanged == ["basra-office", "passports"]


def test_an_import_is_undone_and_public_offices_stay(tmp_path):
    rows = [["hidden", "مكتب", "BG", "no"], ["shown", "مكتب آخر", "BG", "yes"]]
    report = import_offices(csv_file(tmp_path, rows, ["slug", "name_ar", "governorate", "public"]))
    done = runs.undo(ExchangeRun.objects.get(pk=report.run))
    assert done.removed == ["hidden"] and [kept.item for kept in done.kept] == ["shown"]
    assert [office.slug for office in Office.objects.all()] == ["shown"]


def test_differences_have_labels_and_names(tmp_path):
    import_offices(csv_file(tmp_path, GOOD))
    changed = [["passports", "جوازات بغداد", "basra", "no", "monday 08:00-12:00"]]
    heading = ["slug", "name_ar", "governorate", "public", "hours"]
    with translation.override("en"):
        report = import_offices(csv_file(tmp_path, changed, heading), write=False)
    shown = {
        (change.label, change.locale): (change.shown_before, change.shown_after) for change in report.changes
    }
    assert shown["Governorate", ""] == ("Baghdad", "Basra")
    assert ("Name", "ar") in shown and ("Opening hours", "") in shown
    assert ("yes", "no") in shown.values()
