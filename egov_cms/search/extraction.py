"""Extracts the text of PDF, office and text files in a child process with limits of time and memory."""

import io
import re
import zipfile
from pathlib import PurePath
from xml.etree import ElementTree

from egov_cms.exchange.process import ProcessProblem, run_limited
from egov_cms.tabular import open_text

LARGEST_FILE = 50 * 1024 * 1024
LARGEST_PART = 30 * 1024 * 1024
MOST_TEXT = 200_000
MOST_PAGES = 400
SECONDS = 40
MEGABYTES = 1024
# Code of a ProcessProblem → message in the log.
REASONS = {"limit_time": f"took more than {SECONDS} seconds", "limit_memory": "needed too much memory"}

KINDS = {
    ".pdf": "pdf",
    ".docx": "office",
    ".pptx": "office",
    ".xlsx": "office",
    ".odt": "office",
    ".ods": "office",
    ".odp": "office",
    ".txt": "text",
    ".csv": "text",
}
# The members of an office file's archive that contain text; the others are styles, settings and media.
PARTS = re.compile(
    r"word/(document|footnotes|endnotes|header\d*|footer\d*)\.xml"
    r"|ppt/(slides/slide|notesSlides/notesSlide)\d+\.xml|xl/sharedStrings\.xml|content\.xml"
)


class ExtractionFailed(Exception):
    """The file cannot be read; the message gives the reason in one line."""


def is_readable(name):
    """Whether text can be extracted from this type of file."""
    return PurePath(name).suffix.lower() in KINDS


def extract(data, name):
    """The text of a file, at most MOST_TEXT characters. ExtractionFailed: the file is broken, encrypted or too large."""
    kind = KINDS.get(PurePath(name).suffix.lower())
    if kind is None:
        raise ExtractionFailed("not a kind of file whose words can be read")
    if len(data) > LARGEST_FILE:
        raise ExtractionFailed("larger than 50 MB")
    try:
        return run_limited(
            "egov_cms.search.extraction.read_file", data, kind, seconds=SECONDS, megabytes=MEGABYTES
        )
    except ProcessProblem as problem:
        raise ExtractionFailed(REASONS.get(problem.code, "ended without an answer")) from problem


def read_file(data, kind):
    """The part of `extract` that runs in the child process."""
    reader = {"pdf": read_pdf, "office": read_office, "text": read_text}[kind]
    try:
        text = reader(data)
    except (ExtractionFailed, MemoryError):
        raise
    except Exception as error:
        # Any exception that a damaged file causes in a library means that the file is damaged.
        raise ExtractionFailed(f"broken: {type(error).__name__}") from None
    return " ".join(text.replace("\x00", " ").split())[:MOST_TEXT]


def read_pdf(data):
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise ExtractionFailed("locked with a password")
    pieces, length = [], 0
    for number, page in enumerate(reader.pages):
        if number >= MOST_PAGES or length >= MOST_TEXT:
            break
        pieces.append(page.extract_text() or "")
        length += len(pieces[-1])
    return "\n".join(pieces)


def read_office(data):
    pieces, length = [], 0
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for member in archive.infolist():
            if not PARTS.fullmatch(member.filename) or length >= MOST_TEXT:
                continue
            with archive.open(member) as part:
                content = part.read(LARGEST_PART + 1)
            if len(content) > LARGEST_PART:
                raise ExtractionFailed("unpacks to too much")
            text = " ".join(_texts(content))
            pieces.append(text)
            length += len(text)
    return "\n".join(pieces)


def read_text(data):
    with open_text(data[: 4 * MOST_TEXT]) as text:
        return "".join(text.parts())


def _texts(content):
    """The paragraphs of an XML part. The runs of a paragraph are joined, because one word can be split into several."""
    paragraph = []
    for _event, element in ElementTree.iterparse(io.BytesIO(content)):  # noqa: S314 - in a child with limits
        tag = element.tag.rpartition("}")[2]
        if element.text and tag in ("t", "span", "p", "h", "a"):
            paragraph.append(element.text)
        if element.tail and element.tail.strip():
            paragraph.append(element.tail)
        if tag in ("p", "h", "si", "tab", "br"):
            yield "".join(paragraph)
            paragraph = []
    yield "".join(paragraph)
