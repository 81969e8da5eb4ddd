"""XML parts of packages, read without document types: whoever declares entities wants them expanded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO
from xml.parsers import expat

from django.utils.translation import gettext as _

from egov_cms.tabular.packages import damage_told, damaged
from egov_cms.tabular.unreadable import UnreadableFile

PART = 64 * 1024


def parser():
    """An expat parser that names elements "namespace name" and refuses document types (`entities`)."""
    found = expat.ParserCreate(namespace_separator=" ")
    found.buffer_text = True
    found.buffer_size = PART
    found.StartDoctypeDeclHandler = _refuse_doctype
    return found


def _refuse_doctype(*_declared):
    raise UnreadableFile(_("The workbook declares entities and is not read."), "entities")


def feed(xml, stream: BinaryIO) -> Iterator[None]:
    """Parse a stream in parts; yields after each, so that the caller can hand on what the handlers found."""
    try:
        with damage_told():
            while part := stream.read(PART):
                xml.Parse(part)
                yield
            xml.Parse(b"", True)
            yield
    except expat.ExpatError as error:
        raise damaged() from error


def local(name: str) -> str:
    """The name without its namespace."""
    return name.rpartition(" ")[2]


def elements(stream: BinaryIO) -> Iterator[tuple[str, dict[str, str]]]:
    """(name, attributes) of every element of a part, without namespaces: for the small parts of a package."""
    found = []
    xml = parser()
    xml.StartElementHandler = lambda name, attributes: found.append((name, attributes))
    for _part in feed(xml, stream):
        for name, attributes in found:
            yield local(name), {local(key): value for key, value in attributes.items()}
        found.clear()
