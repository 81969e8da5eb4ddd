"""Synonyms are exported to CSV and imported without a difference; an invalid line refuses the whole file."""

import pytest
from django.core.exceptions import ValidationError

from egov_cms.search import synonym_files
from egov_cms.search.models import SynonymGroup

pytestmark = pytest.mark.django_db


def test_the_starter_set_is_valid_and_can_be_loaded_again():
    first = synonym_files.load_starter()
    assert first.refused == []
    assert first.created >= 60
    assert synonym_files.load_starter().created == 0


def test_an_export_is_imported_without_a_difference():
    SynonymGroup.objects.create(terms="طابو\nسند ملكية", note='with "quotes", commas')
    SynonymGroup.objects.create(terms="هوية", targets="بطاقة وطنية", scope="ar", active=False)
    text = synonym_files.to_csv(SynonymGroup.objects.all())
    before = list(SynonymGroup.objects.values("terms", "targets", "scope", "active", "note"))
    report = synonym_files.from_csv(text)
    assert (report.created, report.changed, report.unchanged, report.refused) == (0, 0, 2, [])
    SynonymGroup.objects.all().delete()
    assert synonym_files.from_csv(text).created == 2
    assert list(SynonymGroup.objects.values("terms", "targets", "scope", "active", "note")) == before


@pytest.mark.parametrize(
    "line",
    [
        "طابو,,ar,yes,",
        "طابو | الطابو و,,xx,yes,",
        "من,إلى,all,yes,",
        "أ ب ج د ه خمسة | سند,,all,yes,",
        "إجازة | اجازه,,all,yes,",
        "طابو | سند,,all,maybe,",
    ],
)
def test_an_invalid_line_is_reported_and_nothing_is_written(line):
    report = synonym_files.from_csv(f"terms,targets,scope,active,note\nجواز | باسبورت,,all,yes,\n{line}\n")
    assert {number for number, _message in report.refused} == {3}
    assert not SynonymGroup.objects.exists()


@pytest.mark.parametrize("text", ["", "\x00", "a,b\n", 'terms\n"open', "terms\n" + "x" * 2_000_000])
def test_any_other_file_is_refused(text):
    assert synonym_files.from_csv(text).refused or not SynonymGroup.objects.exists()


def test_a_dry_run_writes_nothing():
    report = synonym_files.from_csv("terms\nطابو | سند\n", dry_run=True)
    assert (report.created, SynonymGroup.objects.count()) == (1, 0)


def test_an_invalid_group_is_refused():
    with pytest.raises(ValidationError):
        SynonymGroup(terms="إجازة\nاجازه").full_clean()
    with pytest.raises(ValidationError):
        SynonymGroup(terms="طابو").full_clean()
    SynonymGroup(terms="طابو\nسند").full_clean()
