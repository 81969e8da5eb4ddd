"""What kind of file somebody sent, by its content: a name promises nothing."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from egov_cms.tabular.kinds import NAMES, SUFFIXES, FileKind
from egov_cms.tabular.limits import DEFAULT_LIMITS, MEGABYTE, Limits
from egov_cms.tabular.packages import kind_of_package
from egov_cms.tabular.unreadable import UnreadableFile

HEAD = 64 * 1024


# Suffixes that say nothing against any kind of text.
_TEXT_KINDS = {".yaml": FileKind.YAML, ".yml": FileKind.YAML}
_LEGACY = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_BINARY = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"PAR1", "Parquet"),
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!", "RAR"),
    (b"{\\rtf", "RTF"),
    (b"SQLite format 3", "SQLite"),
    (b"MZ", "EXE"),
    (b"\x7fELF", "ELF"),
)
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|table|script|meta)\b", re.IGNORECASE)
_MARKUP = re.compile(rb"<(?:\?xml|!doctype|!--|svg|[a-z_][\w.-]*:?[\w.-]*[\s>/])", re.IGNORECASE)
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def open_binary(source: Path | str | bytes | BinaryIO, limits: Limits = DEFAULT_LIMITS) -> BinaryIO:
    """A binary file at its beginning that can be read anywhere. The caller closes it.

    source: a path, the bytes, or an open binary file (an upload), which is used as it is and must be seekable.
    Raises UnreadableFile: `too_large`, `empty`, `not_found`.
    """
    if isinstance(source, bytes | bytearray | memoryview):
        file: BinaryIO = io.BytesIO(source)
    elif isinstance(source, str | Path):
        try:
            file = Path(source).open("rb")  # noqa: SIM115 (handed to the caller)
        except OSError as error:
            message = _("The file cannot be opened: %(reason)s") % {"reason": error.strerror or error}
            raise UnreadableFile(message, "not_found") from error
    else:
        file = source
    try:
        size = file.seek(0, io.SEEK_END)
        file.seek(0)
        check_size(size, limits.file_bytes)
    except UnreadableFile:
        if file is not source:
            file.close()
        raise
    return file


def check_size(size: int, most: int):
    """Raise UnreadableFile for a file without content or with more bytes than `most`."""
    if size > most:
        shown = f"{most // MEGABYTE} MB" if most >= MEGABYTE else f"{most // 1024} kB"
        raise UnreadableFile(_("The file is larger than %(size)s.") % {"size": shown}, "too_large")
    if size == 0:
        raise UnreadableFile(_("The file is empty."), "empty")


def find_kind(
    source: Path | str | bytes | BinaryIO, name: str = "", limits: Limits = DEFAULT_LIMITS
) -> FileKind:
    """The kind of a file that is not open yet, or of an upload, which is left at its beginning. See `kind_of`."""
    file = open_binary(source, limits)
    try:
        return kind_of(file, name or (Path(source).name if isinstance(source, str | Path) else ""))
    finally:
        if file is not source:
            file.close()
        else:
            file.seek(0)


def kind_of(file: BinaryIO, name: str = "") -> FileKind:
    """The kind of an open file, by its first bytes and, for a package, by what is in it.

    name: decides only between kinds of plain text, where content alone cannot: YAML or CSV.
    Raises UnreadableFile for what is not read, with the name of what it is.
    """
    file.seek(0)
    head = file.read(HEAD)
    file.seek(0)
    if not head:
        raise UnreadableFile(_("The file is empty."), "empty")
    if head.startswith(_ZIP):
        return kind_of_package(file)
    if head.startswith(_LEGACY):
        raise _legacy(file)
    for magic, what in _BINARY:
        if head.startswith(magic) and (len(magic) > 2 or _has_control_bytes(head)):
            raise _not_read(what)
    return _kind_of_text(head, name)


def _kind_of_text(head, name):
    start = _without_bom(head).lstrip()
    if _HTML.match(start):
        message = _("This is a web page, not a table. Save the table as CSV or XLSX.")
        raise UnreadableFile(message, "html")
    if _MARKUP.match(start):
        raise _not_read("SVG" if b"<svg" in start[:2000].lower() else "XML")
    suffix = Path(name).suffix.lower()
    if suffix in _TEXT_KINDS:
        return _TEXT_KINDS[suffix]
    if start[:1] in (b"{", b"["):
        return _kind_of_json(start, suffix)
    return FileKind.CSV


def _kind_of_json(start, suffix):
    """A list in brackets may also be the first cell of a CSV file: only what goes on as JSON does is JSON."""
    if not re.match(rb'\{\s*(?:"|\})|\[\s*(?:[\[\{"\]0-9tfn-])', start) and suffix not in (
        ".json",
        ".geojson",
    ):
        return FileKind.CSV
    geo = re.search(rb'"type"\s*:\s*"(?:FeatureCollection|Feature)"', start)
    return FileKind.GEOJSON if geo or suffix == ".geojson" else FileKind.JSON


def _without_bom(head):
    """The head as ASCII bytes where it is UTF-16, so that its first sign can be seen."""
    if head.startswith(_BOMS[0]):
        return head[3:]
    if head.startswith(_BOMS[1:]):
        even = len(head) - len(head) % 2
        return head[:even].decode("utf-16", "replace").encode("ascii", "replace")
    return head


def _has_control_bytes(head):
    return any(byte < 9 for byte in head[:200])


def _legacy(file):
    """The container of old Office files is also that of encrypted new ones."""
    start = file.read(4 * MEGABYTE)
    file.seek(0)
    if "EncryptedPackage".encode("utf-16-le") in start:
        message = _("The workbook is protected with a password. Save it without one.")
        return UnreadableFile(message, "encrypted")
    message = _("This is a file of an old Office program (.xls, .doc). Save it as XLSX.")
    return UnreadableFile(message, "legacy")


def _not_read(what):
    message = _("This is a file of the kind %(kind)s, which is not read. Give a CSV or XLSX file.")
    return UnreadableFile(message % {"kind": what}, "file_kind")


def check_kind(kind: FileKind, wanted) -> None:
    """Raise UnreadableFile unless `kind` is among `wanted` (an empty collection wants all)."""
    if wanted and kind not in wanted:
        message = _("This is a file of the kind %(kind)s; give %(wanted)s.")
        names = _(" or ").join(NAMES[FileKind(each)] for each in wanted)
        raise UnreadableFile(message % {"kind": NAMES[kind], "wanted": names}, "file_kind")


def suffix_note(kind: FileKind, name: str) -> str:
    """What to tell a person whose file's name promises another kind; empty when it does not."""
    suffix = Path(name).suffix.lower()
    known = {each for suffixes in SUFFIXES.values() for each in suffixes} | {".xls", ".xlsm", ".xlsb"}
    if suffix not in known or suffix in SUFFIXES[kind]:
        return ""
    message = _("The name ends in “%(suffix)s”, but this is a file of the kind %(kind)s; it is read as such.")
    return message % {"suffix": suffix, "kind": NAMES[kind]}
