"""Extracts the text of PDF and office files in a child process, because parsers can fail, hang or use too much memory.

`extract(data, name)` is for callers. `python -m egov_cms.search.extraction KIND` is the child process: it reads the
file from standard input and writes the text as JSON to standard output. It does not need Django.
"""

import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import PurePath
from xml.etree import ElementTree

LARGEST_FILE = 50 * 1024 * 1024
LARGEST_PART = 30 * 1024 * 1024
MOST_TEXT = 200_000
MOST_PAGES = 400
SECONDS = 40
MEMORY = 1024 * 1024 * 1024

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


class Unreadable(Exception):
    """The file cannot be read; the message gives the reason in one line."""


def is_readable(name):
    """Whether text can be extracted from this type of file."""
    return PurePath(name).suffix.lower() in KINDS


def extract(data, name):
    """The text of a file, at most MOST_TEXT characters. `Unreadable` when the file is broken, encrypted or too large."""
    kind = KINDS.get(PurePath(name).suffix.lower())
    if kind is None:
        raise Unreadable("not a kind of file whose words can be read")
    if len(data) > LARGEST_FILE:
        raise Unreadable("larger than 50 MB")
    try:
        done = subprocess.run(  # noqa: S603 - our own module; the file only comes in as data
            [sys.executable, "-m", "egov_cms.search.extraction", kind],
            input=data,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Unreadable(f"took more than {SECONDS} seconds")
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        raise Unreadable("needed too much memory or time")
    if "problem" in answer:
        raise Unreadable(answer["problem"])
    return answer["text"]


def read_pdf(data):
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise Unreadable("locked with a password")
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
                raise Unreadable("unpacks to too much")
            text = " ".join(_texts(content))
            pieces.append(text)
            length += len(text)
    return "\n".join(pieces)


def read_text(data):
    for encoding in ("utf-8-sig", "cp1256"):
        try:
            return data[: 4 * MOST_TEXT].decode(encoding)
        except UnicodeDecodeError:
            continue
    return data[: 4 * MOST_TEXT].decode("utf-8", errors="replace")


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


def _limit():
    """Limit the memory and CPU time of this process."""
    try:
        import resource
    except ImportError:
        # Windows: only the time limit of the caller applies.
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def main(kind):
    _limit()
    data = sys.stdin.buffer.read(LARGEST_FILE + 1)
    try:
        text = {"pdf": read_pdf, "office": read_office, "text": read_text}[kind](data)
        answer = {"text": " ".join(text.replace("\x00", " ").split())[:MOST_TEXT]}
    except Unreadable as error:
        answer = {"problem": str(error)}
    except Exception as error:
        # A parser can raise any exception for a broken file.
        answer = {"problem": f"broken: {type(error).__name__}"}
    sys.stdout.buffer.write(json.dumps(answer).encode())


if __name__ == "__main__":
    main(sys.argv[1])
