"""ZIP packages: XLSX, ODS and a data file sent as ZIP, guarded against what unpacks without end."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from tempfile import SpooledTemporaryFile
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile

from django.utils.translation import gettext as _

from egov_cms.tabular.kinds import FileKind
from egov_cms.tabular.limits import MEGABYTE, Limits
from egov_cms.tabular.unreadable import UnreadableFile

ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
# Below this size a high ratio harms nobody.
SMALL = MEGABYTE
_DAMAGE = (
    BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
    KeyError,
    UnicodeDecodeError,
)


@contextmanager
def damage_told() -> Iterator[None]:
    """Whatever a damaged package makes the libraries raise becomes UnreadableFile."""
    try:
        yield
    except _DAMAGE as error:
        if "password" in str(error) or "encrypted" in str(error):
            raise UnreadableFile(_("The file is protected with a password."), "encrypted") from error
        raise damaged() from error


def damaged(place: str = "") -> UnreadableFile:
    """The file is broken, at `place` where that is known."""
    message = _("The file is damaged. Open it in a spreadsheet program and save it again.")
    return UnreadableFile(f"{message} ({place})" if place else message, "damaged")


def kind_of_package(file: BinaryIO) -> FileKind:
    """XLSX, ODS or ZIP, by the entries of the package. Raises UnreadableFile for other packages, with their name."""
    with damage_told():
        package = ZipFile(file)
        names = {name.replace("\\", "/").lower() for name in package.namelist()}
        if "content.xml" in names and ("mimetype" in names or "meta-inf/manifest.xml" in names):
            return _opendocument(package)
        if "[content_types].xml" in names:
            return _office(names)
    if any(name.startswith("index/") and name.endswith(".iwa") for name in names) or "index.zip" in names:
        raise UnreadableFile(_("This is a file of Apple Numbers. Export it as XLSX."), "file_kind")
    return FileKind.ZIP


def _opendocument(package):
    kind, manifest = _start_of(package, "mimetype"), _start_of(package, "META-INF/manifest.xml")
    if kind.strip().removesuffix(b"-template") != ODS_TYPE and (kind or ODS_TYPE not in manifest):
        message = _("This is an OpenDocument file, but no spreadsheet. Give an ODS or XLSX file.")
        raise UnreadableFile(message, "file_kind")
    if b"encryption-data" in manifest:
        message = _("The workbook is protected with a password. Save it without one.")
        raise UnreadableFile(message, "encrypted")
    return FileKind.ODS


def _start_of(package, name) -> bytes:
    """The beginning of an entry, empty where there is none."""
    if name not in package.namelist():
        return b""
    with package.open(name) as entry:
        return entry.read(MEGABYTE)


def _office(names):
    if any(name.endswith("workbook.bin") for name in names):
        raise UnreadableFile(_("This is a binary workbook (.xlsb). Save it as XLSX."), "file_kind")
    if any(name.startswith(("word/", "ppt/")) for name in names):
        message = _("This is a document or a presentation, not a spreadsheet. Give an XLSX file.")
        raise UnreadableFile(message, "file_kind")
    return FileKind.XLSX


def open_package(file: BinaryIO, limits: Limits) -> ZipFile:
    """The package, after its directory was found to be harmless.

    Raises UnreadableFile: `damaged`, `encrypted`, `macros`, `zip_bomb`.
    """
    with damage_told():
        package = ZipFile(file)
        entries = package.infolist()
    names = [entry.filename for entry in entries]
    if len(set(names)) != len(names):
        raise damaged(_("an entry stands in it twice"))
    if any(entry.flag_bits & 1 for entry in entries):
        raise UnreadableFile(_("The file is protected with a password."), "encrypted")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise UnreadableFile(_("The workbook holds macros; save it as XLSX without them."), "macros")
    # Reading stops at the size that an entry declares, so the declared sizes are what can be unpacked at most.
    unpacked = sum(entry.file_size for entry in entries)
    shrunk = any(
        entry.file_size > SMALL and entry.file_size > limits.ratio * max(entry.compress_size, 1)
        for entry in entries
    )
    if shrunk or unpacked > limits.unpacked_bytes or len(entries) > limits.entries:
        raise UnreadableFile(_("The file unpacks to more than can be read."), "zip_bomb")
    return package


def data_file(file: BinaryIO, limits: Limits) -> tuple[BinaryIO, str]:
    """(the one data file in a ZIP, its name). The copy is the caller's to close.

    Raises UnreadableFile when there is none or more than one (`zip_content`), or another package is in it (`nested`).
    """
    with open_package(file, limits) as package:
        entries = [
            entry for entry in package.infolist() if not entry.is_dir() and not _is_clutter(entry.filename)
        ]
        if len(entries) != 1:
            message = _("The ZIP file holds %(count)s files; put exactly one into it.") % {
                "count": len(entries)
            }
            raise UnreadableFile(message, "zip_content")
        (entry,) = entries
        name = PurePosixPath(entry.filename.replace("\\", "/")).name
        copy = SpooledTemporaryFile(max_size=16 * MEGABYTE)  # noqa: SIM115 (handed to the caller)
        try:
            with damage_told(), package.open(entry) as opened:
                while part := opened.read(MEGABYTE):
                    copy.write(part)
            copy.seek(0)
        except UnreadableFile:
            copy.close()
            raise
    return copy, name


def _is_clutter(name):
    """What operating systems put beside a file."""
    path = PurePosixPath(name.replace("\\", "/"))
    return path.parts[0] == "__MACOSX" or path.name in (".DS_Store", "Thumbs.db", "desktop.ini")
