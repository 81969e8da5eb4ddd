"""Synonyms leave as CSV and come back the same; a wrong line stops the file."""

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
def take_in(tmp_path):
    """`take_in(text)`: the report of an import of this file."""

    def take_in(text, name="synonyms.csv", **options):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return runs.import_file("synonyms", path, **options)

    return take_in


def test_the_starter_set_is_sound_and_may_be_loaded_again():
    assert synonym_files.load_starter() >= 60
    assert synonym_files.load_starter() == 0


@pytest.mark.parametrize("language", ["ar", "ckb", "en"])
def test_what_is_exported_is_imported_without_a_difference(take_in, language):
    SynonymGroup.objects.create(terms="طابو\nسند ملكية", note='with "quotes", commas')
    SynonymGroup.objects.create(terms="هوية", targets="بطاقة وطنية", scope="ar", active=False, note="=1+1")
    with translation.override(language):
        exported = synonym_files.to_csv(SynonymGroup.objects.all())
    assert exported.startswith(b"\xef\xbb\xbf") and b"'=1+1" in exported
    before = list(SynonymGroup.objects.values("terms", "targets", "scope", "active", "note"))
    report = take_in(exported)
    assert (report.ok, report.created, report.changed, len(report.unchanged)) == (True, [], [], 2)
    SynonymGroup.objects.all().delete()
    assert len(take_in(exported).created) == 2
    assert list(SynonymGroup.objects.values("terms", "targets", "scope", "active", "note")) == before


def test_the_titles_of_an_export_are_words_of_its_language():
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
def test_a_wrong_line_is_named_and_nothing_is_written(take_in, line):
    report = take_in(f"terms,targets,scope,active,note\nجواز | باسبورت,,all,yes,\n{line}\n")
    assert {issue.place.row for issue in report.errors} == {3}
    assert not SynonymGroup.objects.exists()


@pytest.mark.parametrize("text", ["", "\x00", "a,b\n", 'terms\n"open', "terms\n" + "x" * 2_000_000])
def test_any_other_file_is_refused(take_in, text):
    report = take_in(text)
    assert report.error_count >= 1 and not SynonymGroup.objects.exists()


def test_a_dry_run_writes_nothing(take_in):
    report = take_in("terms\nطابو | سند\n", write=False)
    assert (report.created, SynonymGroup.objects.count()) == (["طابو"], 0)


def test_an_import_is_undone(take_in):
    group = SynonymGroup.objects.create(terms="جواز\nباسبورت")
    report = take_in("terms\nطابو | سند\nجواز | باس | پاسپۆرت\n")
    done = runs.undo(ExchangeRun.objects.get(pk=report.run))
    assert (done.removed, done.restored, done.kept) == (["طابو"], ["جواز"], [])
    assert list(SynonymGroup.objects.values_list("pk", "terms")) == [(group.pk, "جواز\nباسبورت")]


def test_the_form_says_what_is_wrong_with_a_group():
    with pytest.raises(ValidationError):
        SynonymGroup(terms="إجازة\nاجازه").full_clean()
    with pytest.raises(ValidationError):
        SynonymGroup(terms="طابو").full_clean()
    SynonymGroup(terms="طابو\nسند").full_clean()
