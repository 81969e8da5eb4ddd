"""Text is extracted from office files and PDFs; malicious files are refused."""

import io
import zipfile

import pytest

from egov_cms.search import extraction

from .test_indexing import docx, pdf


def test_words_split_into_runs_are_joined():
    text = "إجا</w:t></w:r><w:r><w:t>زة"
    assert extraction.extract(docx(text), "a.docx") == "إجازة"


def test_pdf_text():
    assert extraction.extract(pdf("Hello world"), "A.PDF") == "Hello world"


@pytest.mark.parametrize("encoding", ["utf-8", "cp1256"])
def test_plain_text_in_utf_8_and_in_the_arabic_windows_encoding(encoding):
    assert extraction.extract("جواز سفر".encode(encoding), "a.txt") == "جواز سفر"


def test_a_zip_bomb_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * (extraction.LARGEST_PART + 10))
    with pytest.raises(extraction.ExtractionFailed, match="unpacks"):
        extraction.extract(out.getvalue(), "bomb.docx")


def test_exponential_entity_expansion_is_refused():
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    xml = f'<!DOCTYPE x [<!ENTITY l0 "{"ha" * 50}">{laughs}]><x><p>&l11;</p></x>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("content.xml", xml)
    with pytest.raises(extraction.ExtractionFailed):
        extraction.extract(out.getvalue(), "laughs.odt")


def test_extraction_stops_at_the_time_limit(monkeypatch):
    monkeypatch.setattr(extraction, "SECONDS", 0)
    with pytest.raises(extraction.ExtractionFailed, match="seconds"):
        extraction.extract(pdf("x"), "a.pdf")


def test_other_file_types_are_refused():
    with pytest.raises(extraction.ExtractionFailed):
        extraction.extract(b"MZ", "a.exe")
