"""Sanitises SVG files of editors: only drawing elements remain, no scripts, links, fonts or external files."""

import re
from xml.etree import ElementTree

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import models
from django.utils.translation import gettext_lazy as _

from egov_cms.adapters.django import is_new_file

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
LARGEST_SVG_BYTES = 200_000

ELEMENTS = frozenset(
    [
        "svg",
        "g",
        "defs",
        "symbol",
        "use",
        "title",
        "desc",
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "polyline",
        "polygon",
        "text",
        "tspan",
        "linearGradient",
        "radialGradient",
        "stop",
        "clipPath",
        "mask",
        "pattern",
    ]
)
ATTRIBUTES = frozenset(
    [
        "id",
        "x",
        "y",
        "x1",
        "y1",
        "x2",
        "y2",
        "cx",
        "cy",
        "r",
        "rx",
        "ry",
        "fx",
        "fy",
        "d",
        "points",
        "width",
        "height",
        "viewBox",
        "preserveAspectRatio",
        "transform",
        "version",
        "role",
        "fill",
        "fill-opacity",
        "fill-rule",
        "stroke",
        "stroke-width",
        "stroke-opacity",
        "stroke-linecap",
        "stroke-linejoin",
        "stroke-miterlimit",
        "stroke-dasharray",
        "stroke-dashoffset",
        "opacity",
        "color",
        "clip-path",
        "clip-rule",
        "mask",
        "gradientUnits",
        "gradientTransform",
        "spreadMethod",
        "offset",
        "stop-color",
        "stop-opacity",
        "clipPathUnits",
        "maskUnits",
        "maskContentUnits",
        "patternUnits",
        "patternContentUnits",
        "patternTransform",
        "font-size",
        "font-weight",
        "text-anchor",
        "dx",
        "dy",
        "visibility",
        "display",
        "style",
    ]
)
_OUTSIDE = re.compile(r"url\s*\(\s*['\"]?\s*(?!#)|@import|expression|javascript:|\\", re.IGNORECASE)


def sanitise_svg(data: bytes) -> bytes:
    """The SVG in `data` without elements and attributes that could run or load anything.

    ValueError when it is not SVG or too large.
    """
    if len(data) > LARGEST_SVG_BYTES:
        raise ValueError("too large")
    try:
        root = fromstring(data, forbid_dtd=False)
    except (ElementTree.ParseError, DefusedXmlException, ValueError) as error:
        raise ValueError("not readable as SVG") from error
    if root.tag != f"{{{SVG}}}svg":
        raise ValueError("not an SVG")
    _clean(root)
    ElementTree.register_namespace("", SVG)
    ElementTree.register_namespace("xlink", XLINK)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def _clean(element):
    for name, value in list(element.attrib.items()):
        if not _is_harmless(name, value):
            del element.attrib[name]
    for child in list(element):
        namespace, _brace, tag = str(child.tag).removeprefix("{").rpartition("}")
        if namespace == SVG and tag in ELEMENTS:
            _clean(child)
        else:
            element.remove(child)


def _is_harmless(name, value) -> bool:
    if name in ("href", f"{{{XLINK}}}href"):
        return value.startswith("#")
    return name in ATTRIBUTES and not _OUTSIDE.search(value)


class SVGField(models.FileField):
    """A FileField that stores sanitised SVG only."""

    def clean(self, value, model_instance):
        file = super().clean(value, model_instance)
        if is_new_file(file):
            file.file.seek(0)
            try:
                cleaned = sanitise_svg(file.file.read(LARGEST_SVG_BYTES + 1))
            except ValueError:
                raise ValidationError(
                    _("This is not an SVG drawing of at most 200 kB."), code="svg"
                ) from None
            file.file = ContentFile(cleaned, name=file.name)
        return file

    def pre_save(self, model_instance, add):
        # Commands save without `clean()`: sanitise here too, so that every stored file is sanitised.
        file = getattr(model_instance, self.attname)
        if is_new_file(file):
            file.file.seek(0)
            file.file = ContentFile(sanitise_svg(file.file.read(LARGEST_SVG_BYTES + 1)), name=file.name)
        return super().pre_save(model_instance, add)
