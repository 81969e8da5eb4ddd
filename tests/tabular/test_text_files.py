"""CSV and its relatives: encoding, dialect, lines."""

import io
import unicodedata
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from egov_cms.tabular import Limits, UnreadableFile, open_tables, open_text, write_csv
from egov_cms.tabular.encodings import LEGACY
from egov_cms.tabular.plausibility import whole_letters

ARABIC = "المحافظة,القضاء,عدد الطلبة\nبغداد,مركز المحافظة,631429\nالبصرة,أبو الخصيب,12\nنينوى,تلعفر,٧٧\n"
SORANI = "ناو,پارێزگا\nخوێندنگەی سەرەتایی,هەولێر\nنەخۆشخانەی گشتی,سلێمانی\n"
SPANISH = "Organización,País\nCooperación,España\nEducación,Panamá\n"


def table(data, **options):
    with open_tables(data, **options) as tables:
        return [[cell.value for cell in row.cells] for row in tables.sheets[0].rows()]


def notes(data, name=""):
    with open_tables(data, name) as tables:
        list(tables.sheets[0].rows())
        return [(note.code, note.lines) for note in tables.notes]


def code_of(data, **options):
    with pytest.raises(UnreadableFile) as refused:
        table(data, **options)
    return refused.value.code


def encoded(text, codec):
    """Bytes of a code page; DOS 864 has shapes of letters in place of letters."""
    if codec != "cp864":
        return text.encode(codec)
    shapes: dict[tuple[str, bool], str] = {}
    for shape in bytes(range(128, 256)).decode("cp864", "ignore"):
        is_open = unicodedata.decomposition(shape).startswith(("<initial>", "<medial>"))
        shapes.setdefault((whole_letters(shape), is_open), shape)
    shaped = ""
    for letter, after in zip(text, text[1:] + " ", strict=True):
        wanted = (letter, after.isalpha() and after > "\x80")
        shaped += shapes.get(wanted) or shapes.get((letter, not wanted[1])) or letter
    return shaped.encode("cp864")


# Encodings


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("text", [ARABIC, SORANI, SPANISH])
def test_unicode_with_and_without_a_mark(codec, text):
    assert table(text.encode(codec)) == [line.split(",") for line in text.strip().split("\n")]
    assert notes(text.encode(codec)) == []


@pytest.mark.parametrize("codec", ["cp1256", "cp720", "iso8859_6", "mac_arabic", "cp864"])
def test_arabic_code_pages_are_found_and_told(codec):
    text = ARABIC if codec in ("mac_arabic", "cp864") else ARABIC.replace("٧٧", "77")
    with open_tables(encoded(text, codec)) as tables:
        assert tables.text.encoding.name == codec
        assert not tables.text.encoding.certain
        found = [[cell.value for cell in row.cells] for row in tables.sheets[0].rows()]
    assert found == [line.split(",") for line in text.strip().split("\n")]
    assert [code for code, _lines in notes(encoded(text, codec))] == ["legacy_encoding"]


@pytest.mark.parametrize("codec", ["cp1252", "cp850", "iso8859_1"])
def test_western_code_pages_are_not_taken_for_arabic(codec):
    assert table(SPANISH.encode(codec)) == [line.split(",") for line in SPANISH.strip().split("\n")]


@pytest.mark.parametrize("codec", sorted(set(LEGACY) - {"cp864"}))
@given(data=st.data())
def test_any_bytes_of_a_code_page_are_read_or_refused(codec, data):
    text = data.draw(st.text(st.characters(codec=codec, exclude_categories=["Cc"]), min_size=1))
    try:
        table(text.encode(codec))
    except UnreadableFile as refused:
        assert str(refused) and refused.code


def test_a_letter_beyond_ascii_late_in_a_large_file_is_seen():
    rows = "a,b\n" + f"1,{'x' * 70}\n" * 20_000
    assert table((rows + "بغداد,البصرة\n").encode("cp1256"))[-1] == ["بغداد", "البصرة"]
    assert table((rows + "بغداد,البصرة\n").encode())[-1] == ["بغداد", "البصرة"]


def test_lines_of_another_encoding_are_read_and_named():
    good = "المحافظة,القضاء\n" + "بغداد,الكرخ\n" * 18
    data = good.encode() + "واسط,الكوت\n".encode("cp1256") + "ديالى,بعقوبة\n".encode()
    assert table(data)[-2:] == [["واسط", "الكوت"], ["ديالى", "بعقوبة"]]
    assert notes(data) == notes(b"\xef\xbb\xbf" + data) == [("mixed_encoding", (20,))]
    assert table(b"\xef\xbb\xbf" + data) == table(data)


def test_zero_bytes_are_left_out_and_told():
    assert table(b"a,b\n1,\x00x\x00\n2,y\n") == [["a", "b"], ["1", "x"], ["2", "y"]]
    assert notes(b"a,b\n1,\x00x\x00\n2,y\n") == [("nul_letters", ())]


@pytest.mark.parametrize("data", [b"\x00" * 500, bytes(range(1, 9)) * 60, b"\xff\xfe", b"   \n \n"])
def test_what_is_no_text(data):
    assert code_of(data) in ("not_text", "empty")


# Dialect


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_that_parts_the_lines_evenly(delimiter):
    rows = [["اسم", "مبلغ، دينار", "c"], ["a,b;c", "1.234,50", "x"], ["x\ty|z", "-5", ""]]
    data = b"".join(write_csv(rows, delimiter=delimiter))
    assert table(data) == [[cell or None for cell in row] for row in rows]


def test_a_decimal_comma_is_no_delimiter():
    assert table(b"a;b\n1,5;2,5\n3,5;4,5\n")[1] == ["1,5", "2,5"]


def test_a_line_that_names_the_delimiter_is_no_row():
    with open_tables(b"sep=;\r\na;b\r\n1;2\r\n") as tables:
        assert [row.number for row in tables.sheets[0].rows()] == [2, 3]


def test_a_blank_before_each_quote():
    assert table(b'ID, Test\n1, "a, b"\n2, "c"\n') == [["ID", "Test"], ["1", "a, b"], ["2", "c"]]


def test_one_column():
    assert table(b"date\n2024-01-31\n2024-02-01\n") == [["date"], ["2024-01-31"], ["2024-02-01"]]
    assert table("terms\nإجازة | رخصة\nسيارة\nبيت\n".encode())[1] == ["إجازة | رخصة"]


def test_only_the_delimiters_that_are_asked_for():
    data = b"hours\nsunday 08:00 | monday 09:00\nsunday 08:00 | monday 09:00\n" * 9
    assert table(data, delimiters=",;\t")[1] == ["sunday 08:00 | monday 09:00"]


# Lines


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_all_systems(end):
    data = end.join(["a,b", '"x\n y",2', "3,4"]).encode()
    with open_tables(data) as tables:
        rows = list(tables.sheets[0].rows())
    assert [(row.number, row.last_line) for row in rows] == [(1, 1), (2, 3), (4, 4)]
    assert rows[2].cells[1].address == "B4"


def test_blank_lines_leave_gaps_in_the_numbers():
    with open_tables(b"a,b\n\n,,\n \n1,2\n") as tables:
        assert [row.number for row in tables.sheets[0].rows()] == [1, 5]


def test_every_row_keeps_the_cells_that_the_file_gives_it():
    assert [len(row) for row in table(b"a,b,c\n1,2\n1,2,3,4\n5,,\n")] == [3, 2, 4, 3]


@pytest.mark.parametrize("data", [b'a,b\n1,"x\n2,y\n3,z\n', b'a,b\n1,"x\n2,y\n3,z'])
def test_an_open_quote_swallows_no_rows(data):
    with pytest.raises(UnreadableFile) as refused:
        table(data)
    assert (refused.value.code, refused.value.line) == ("unclosed_quote", 2)


def test_a_cell_of_three_megabytes():
    data = b'a,b\n"' + b"x" * 3_000_000 + b'",2\n'
    assert code_of(data) == "cell_too_long"
    assert len(table(data, limits=Limits(cell_letters=4_000_000))[1][0]) == 3_000_000


def test_one_row_without_end_is_refused_before_it_fills_the_memory():
    assert code_of(b"a,b\n" + b'"\n",' * 6_000_000) == "cell_too_long"
    assert code_of(b"a,b\n" + b"x," * 9_000_000) == "line_too_long"


def test_limits_of_text_files():
    rows = b"a,b\n" + b"1,2\n" * 10
    assert code_of(rows, limits=Limits(rows=10)) == "too_many_rows"
    assert code_of(rows, limits=Limits(columns=1)) == "too_many_columns"
    assert code_of(rows, limits=Limits(cells=21)) == "too_many_cells"
    assert code_of(rows, limits=Limits(file_bytes=40)) == "too_large"


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=5))
def test_any_rows_come_back_as_they_were_written(rows):
    data = b"".join(write_csv(rows, columns=["first", "second"]))
    expected = [
        [value.replace("\x00", "").encode("utf-8", "replace").decode() or None for value in row]
        for row in rows
    ]
    expected = [row for row in expected if any(value and value.strip() for value in row)]
    try:
        assert table(data)[1:] == expected
    except UnreadableFile as refused:
        # Texts of control letters only are no text.
        assert refused.code == "not_text"


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data):
    try:
        table(data)
    except UnreadableFile as refused:
        assert str(refused) and refused.code


# Large files go on as text


def test_a_large_file_goes_on_as_utf8_text(tmp_path):
    rows = "sep=;\r\n" + "اسم;عدد\r\n" + "بغداد;1\r\n" * 100_000
    source, target = tmp_path / "large.csv", tmp_path / "utf8.csv"
    source.write_bytes(rows.encode("cp1256"))
    with open_text(source) as text:
        assert (text.encoding.label, text.dialect.delimiter, text.complete) == ("windows-1256", ";", False)
        assert text.write_utf8(target) == target.stat().st_size
        assert sum(1 for _line in text.lines()) == 100_001
    assert target.read_bytes() == rows.removeprefix("sep=;\r\n").encode()


def test_an_upload_stays_open_and_is_read_from_its_beginning():
    upload = io.BytesIO(b"a,b\n1,2\n")
    upload.read(3)
    assert table(upload) == [["a", "b"], ["1", "2"]]
    assert not upload.closed
    assert table(SimpleUploadedFile("a.csv", b"a,b\n1,2\n"))[1] == ["1", "2"]


def test_a_missing_file():
    assert code_of(Path("/nowhere/at/all.csv")) == "not_found"
