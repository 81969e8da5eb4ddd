"""Synonyms are exported to CSV and imported without a difference; an invalid line refuses the whole file."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from egov_cms.exchange import runs
from egov_cms.exchange.models import ExchangeRun
from egov_cms.language import content_languages
from egov_cms.search import synonym_files
from egov_cms.search.models import SynonymGroup

pytestmark = pytest.mark.django_db


@pytest.fixture
def import_csv(tmp_path):
    """`import_csv(text)` imports a file with this content and returns the report."""

    def import_csv(text, name="synonyms.csv", **options):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return runs.import_file("synonyms", path, **options)

    return import_csv


def test_the_starter_set_is_valid_and_can_be_loaded_again():
    assert synonym_files.load_starter() >= 60
    assert synonym_files.load_starter() == 0


@pytest.mark.parametrize("language", ["ar", "ckb", "en"])
def test_an_export_is_imported_without_a_difference(import_csv, language):
    SynonymGroup.objects.create(terms="طابو\nسند ملكية", note='with "quotes", commas')
    SynonymGroup.objects.create(terms="هوية", targets="بطاقة وطنية", scope="ar", active=False, note="=1+1")
    with translation.override(language):
        exported = synonym_files.to_csv(SynonymGroup.objects.all())
    assert exported.startswith(b"\xef\xbb\xbf") and b"'=1+1" in exported
    before = list(SynonymGroup.objects.values("terms", "targets", "scope", "active", "note"))
    report = import_csv(exported)
    assert (report.ok, report.created, report.changed, len(report.unchanged)) == (True, [], [], 2)
    SynonymGroup.objects.all().delete()
    assert len(import_csv(exported).created) == 2
    assert list(SynonymGroup.objects.values("terms", "targets", "scope", "active", "note")) == before


def test_the_column_titles_of_an_export_are_translated():
    titles = set()
    for language in content_languages():
        with translation.override(language):
            titles.add(synonym_files.to_csv([]).decode("utf-8-sig").strip())
    assert len(titles) == len(content_languages()) and "terms,targets" not in titles


@pytest.mark.parametrize(
    "line",
    [
        "طابو,,ar,yes,",
        "طابو | الطابو و,,xx,yes,",
        "من,إلى,all,yes,",
        "أ ب ج د ه خمسة | سند,,all,yes,",
        "إجازة | اجازه,,all,yes,",
        "طابو | سند,,all,maybe,",
        "طابو | سند,,all,yes," + "x" * 300,
    ],
)
def test_an_invalid_line_is_reported_and_nothing_is_written(import_csv, line):
    report = import_csv(f"terms,targets,scope,active,note\nجواز | باسبورت,,all,yes,\n{line}\n")
    assert {issue.place.row for issue in report.errors} == {3}
    assert not SynonymGroup.objects.exists()


@pytest.mark.parametrize("text", ["", "\x00", "a,b\n", 'terms\n"open', "terms\n" + "x" * 2_000_000])
def test_any_other_file_is_refused(import_csv, text):
    report = import_csv(text)
    assert report.error_count >= 1 and not SynonymGroup.objects.exists()


def test_a_dry_run_writes_nothing(import_csv):
    report = import_csv("terms\nطابو | سند\n", write=False)
    assert (report.created, SynonymGroup.objects.count()) == (["طابو"], 0)


def test_an_import_is_undone(import_csv):
    group = SynonymGroup.objects.create(terms="جواز\nباسبورت")
    report = import_csv("terms\nطابو | سند\nجواز | باس | پاسپۆرت\n")
    done = runs.undo(ExchangeRun.objects.get(pk=report.run))
    assert (done.removed, done.restored, done.kept) == (["طابو"], ["جواز"], [])
    assert list(SynonymGroup.objects.values_list("pk", "terms")) == [(group.pk, "جواز\nباسبورت")]


def test_an_invalid_group_is_refused():
    with pytest.raises(ValidationError):
        SynonymGroup(terms="إجازة\nاجازه").full_clean()
    with pytest.raises(ValidationError):
        SynonymGroup(terms="طابو").full_clean()
    SynonymGroup(terms="طابو\nسند").full_clean()
