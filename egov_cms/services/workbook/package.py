"""Whether a file that somebody sent is a workbook that can be opened without harm."""

from __future__ import annotations

from io import BytesIO
from zipfile import BadZipFile, ZipFile

from django.utils.translation import gettext as _

LARGEST_FILE = 10 * 1024 * 1024
# A catalogue of five thousand services unpacks to some sixty megabytes.
LARGEST_UNPACKED = 120 * 1024 * 1024
LARGEST_PART = 80 * 1024 * 1024
MOST_PARTS = 500
# No honest part of a workbook shrinks further than this.
GREATEST_RATIO = 200
HEAD = 4096


class Unreadable(ValueError):
    """The file as a whole cannot be read; the message says why, `code` is for machines."""

    def __init__(self, message, code):
        super().__init__(message)
        self.code = code


def check_package(data: bytes):
    """Raise Unreadable unless `data` is an XLSX package of acceptable size without document types or macros."""
    if len(data) > LARGEST_FILE:
        message = _("The file is larger than %(size)s MB.") % {"size": LARGEST_FILE // 1024 // 1024}
        raise Unreadable(message, "too_large")
    try:
        with ZipFile(BytesIO(data)) as package:
            _check_parts(package)
    except (BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(_("This is not an XLSX workbook."), "not_a_workbook") from error


def _check_parts(package):
    parts = package.infolist()
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names or len(names) != len(parts):
        raise Unreadable(_("This is not an XLSX workbook."), "not_a_workbook")
    if any(name.endswith("vbaProject.bin") for name in names):
        raise Unreadable(_("The workbook holds macros; save it as XLSX without them."), "macros")
    # Reading stops at the size that a part declares, so the declared sizes are what can be unpacked at most.
    packed_up = any(
        part.file_size > LARGEST_PART
        or (part.file_size > 1024 * 1024 and part.file_size > GREATEST_RATIO * max(part.compress_size, 1))
        for part in parts
    )
    if len(parts) > MOST_PARTS or packed_up or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise Unreadable(_("The workbook unpacks to more than can be read."), "zip_bomb")
    for part in parts:
        if part.filename.endswith((".xml", ".rels")):
            with package.open(part) as opened:
                head = opened.read(HEAD)
            # A spreadsheet declares no entities; whoever does wants them expanded.
            if b"<!DOCTYPE" in head or b"<!ENTITY" in head or b"\x00" in head:
                raise Unreadable(_("The workbook declares entities and is not read."), "entities")
