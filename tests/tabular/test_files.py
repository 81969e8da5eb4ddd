"""What a file is, by its content, and what is refused before anything of it is read."""

import gzip
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from egov_cms.tabular import FileKind, Limits, UnreadableFile, find_kind, open_tables

from .packages import opendocument, package, parts_of, rewritten, workbook, zipped

GOOD = workbook('<row r="1"><c r="A1"><v>1</v></c></row>')
CSV = "اسم,عدد\nبغداد,1\n".encode()
SHEET = "xl/worksheets/sheet1.xml"


def read(data, **options):
    with open_tables(data, **options) as tables:
        return [[cell.value for row in sheet.rows() for cell in row.cells] for sheet in tables]


def code_of(data, **options):
    with pytest.raises(UnreadableFile) as refused:
        read(data, **options)
    assert str(refused.value)
    return refused.value.code


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (GOOD, FileKind.XLSX),
        (opendocument('<table:table table:name="a"/>'), FileKind.ODS),
        (CSV, FileKind.CSV),
        (b'{"type": "FeatureCollection", "features": []}', FileKind.GEOJSON),
        (zipped(a_csv="").replace(b"a_csv", b"a.csv"), None),
    ],
)
def test_the_kind_is_found_by_content(data, kind):
    for name in ("a.xlsx", "a.csv", "a.ods", "a.txt", "a"):
        try:
            with open_tables(data, name) as tables:
                assert tables.kind is kind
        except UnreadableFile as refused:
            assert kind is None and refused.code == "empty"


@pytest.mark.parametrize(
    ("name", "told"), [("a.xls", True), ("a.csv", True), ("a.xlsx", False), ("a", False), ("a.b", False)]
)
def test_a_name_that_promises_another_kind_is_told(name, told):
    with open_tables(GOOD, name) as tables:
        assert [note.code for note in tables.notes] == (["suffix"] if told else [])


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html><table></table>", "html"),
        (b"\xef\xbb\xbf  <html><script>", "html"),
        ("<html>".encode("utf-16"), "html"),
        (b"<?xml version='1.0'?><rdf:RDF/>", "file_kind"),
        (b"<svg onload='x()'/>", "file_kind"),
        (b"%PDF-1.7", "file_kind"),
        (b"PAR1" + b"\0" * 20, "file_kind"),
        (gzip.compress(CSV), "file_kind"),
        (b"\x89PNG\r\n\x1a\n", "file_kind"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "legacy"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (b"[[[]]]", "file_kind"),
        (b"PK\x03\x04 no", "damaged"),
        (package({"[Content_Types].xml": "", "word/document.xml": ""}), "file_kind"),
        (package({"[Content_Types].xml": "", "xl/workbook.bin": ""}), "file_kind"),
        (package({"[Content_Types].xml": "", "a.xml": "<a/>"}), "not_a_workbook"),
        (package({"Index/Document.iwa": ""}), "file_kind"),
        (package({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": ""}), "file_kind"),
        (opendocument("", manifest="<m:encryption-data/>"), "encrypted"),
        (package({"a.csv": CSV, "b.csv": CSV}), "zip_content"),
        (package({"a/": "", "readme.txt/": ""}), "zip_content"),
        (package({"a.zip": package({"b.csv": CSV})}), "nested"),
    ],
)
def test_what_is_not_read_is_named(data, code):
    assert code_of(data) == code
    for language in ("ar", "ckb"):
        with override(language), pytest.raises(UnreadableFile):
            read(data)


def test_a_zip_with_one_data_file():
    data = package({"folder/": "", "folder/بيانات.csv": CSV, "__MACOSX/._x": "x", "folder/.DS_Store": "x"})
    assert read(data, name="data.zip") == [["اسم", "عدد", "بغداد", "1"]]
    assert read(package({"book.xlsx": GOOD})) == [[1]]


def test_the_kind_of_an_upload_leaves_it_at_its_beginning():
    upload = BytesIO(GOOD)
    assert find_kind(upload, "a.csv") is FileKind.XLSX and upload.tell() == 0
    assert find_kind(b"a: 1\n", "a.yaml") is FileKind.YAML
    assert find_kind(b'[{"a": 1}]') is FileKind.JSON


def test_only_the_kinds_that_are_asked_for():
    assert code_of(CSV, kinds=["xlsx"]) == "file_kind"
    assert code_of(GOOD, kinds=["csv", "geojson"]) == "file_kind"
    assert read(GOOD, kinds=["xlsx", "csv"]) == [[1]]


# Packages that want to do harm


def test_a_part_that_unpacks_without_end():
    assert code_of(rewritten(GOOD, SHEET, lambda old: old + b" " * 60_000_000)) == "zip_bomb"
    assert code_of(package({"a.csv": b"0" * 30_000_000})) == "zip_bomb"
    assert code_of(GOOD, limits=Limits(unpacked_bytes=1000)) == "zip_bomb"
    assert code_of(GOOD, limits=Limits(entries=3)) == "zip_bomb"


def test_macros_are_refused():
    assert code_of(package({**parts_of(GOOD), "xl/vbaProject.bin": "x"})) == "macros"


@pytest.mark.parametrize(
    "doctype",
    [
        b'<!DOCTYPE a [<!ENTITY b "ha">]>',
        b'<?xml version="1.0"?><!DOCTYPE a SYSTEM "file:///etc/hostname">',
        b"<!-- " + b"x" * 200_000 + b' --><!DOCTYPE a [<!ENTITY b "ha">]>',
    ],
)
@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"])
def test_declared_entities_are_refused(doctype, part):
    assert code_of(rewritten(GOOD, part, lambda old: doctype + old)) == "entities"


def test_declared_entities_in_utf16():
    text = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a [<!ENTITY b "ha">]><worksheet/>'
    assert code_of(rewritten(GOOD, SHEET, lambda _old: text.encode("utf-16"))) == "entities"


def test_an_entry_that_stands_twice():
    file = BytesIO(GOOD)
    with ZipFile(file, "a", ZIP_DEFLATED) as archive, pytest.warns(UserWarning):
        archive.writestr(SHEET, "<worksheet/>")
    assert code_of(file.getvalue()) == "damaged"


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels"])
def test_damaged_parts(part):
    assert code_of(rewritten(GOOD, part, lambda old: old[: len(old) // 2])) == "damaged"


def test_a_damaged_sheet_gives_no_fewer_rows_but_an_error():
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 50_000))
    data = workbook(rows)
    assert code_of(rewritten(data, SHEET, lambda old: old[:-200])) == "damaged"
    assert code_of(data[: len(data) // 2]) == "damaged"


def test_a_missing_sheet():
    parts = parts_of(GOOD)
    del parts[SHEET]
    assert code_of(package(parts)) == "damaged"


@given(st.integers(0, len(GOOD) - 1), st.integers(0, 255))
def test_a_workbook_with_one_wrong_byte_is_read_or_refused(place, byte):
    data = bytearray(GOOD)
    data[place] = byte
    try:
        read(bytes(data))
    except UnreadableFile as refused:
        assert refused.code


@given(st.sampled_from(sorted(parts_of(GOOD))), st.data())
def test_a_part_with_anything_in_it_is_read_or_refused(part, data):
    old = parts_of(GOOD)[part]
    start = data.draw(st.integers(0, len(old)))
    end = data.draw(st.integers(start, len(old)))
    inserted = data.draw(
        st.sampled_from(
            [
                b"",
                b"<",
                b"<c",
                b"<row>",
                b"</row>",
                b"<v>",
                b"&x;",
                b"\xff",
                b"<!--",
                b"-->",
                b'"',
                b"9" * 50,
                b"<![",
            ]
        )
    )
    try:
        read(rewritten(GOOD, part, lambda _old: old[:start] + inserted + old[end:]))
    except UnreadableFile as refused:
        assert refused.code
