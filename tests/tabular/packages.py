"""Small packages written by hand, as different programs write them."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_RELATIONS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
STYLES = """<styleSheet xmlns="{main}"><numFmts count="5">
<numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/><numFmt numFmtId="165" formatCode="0.0%"/>
<numFmt numFmtId="166" formatCode="00000"/><numFmt numFmtId="167" formatCode="[h]:mm"/>
<numFmt numFmtId="168" formatCode="&quot;dhm %&quot; 0"/></numFmts>
<cellXfs count="9"><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="9"/><xf numFmtId="165"/><xf numFmtId="166"/>
<xf numFmtId="20"/><xf numFmtId="22"/><xf numFmtId="167"/><xf numFmtId="168"/></cellXfs></styleSheet>"""
GENERAL, DAY, PERCENT, TENTHS, ZEROS, CLOCK, MOMENT, HOURS, WORDS = range(9)


def zipped(**parts):
    """A package; keywords name parts: `a__b_xml` is a/b.xml."""
    return package({name.replace("__", "/").replace("_xml", ".xml"): part for name, part in parts.items()})


def package(parts):
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def parts_of(data):
    with ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rewritten(data, part, change):
    """The package with one of its parts changed by a function of its bytes."""
    parts = parts_of(data)
    parts[part] = change(parts[part])
    return package(parts)


def workbook(
    *sheets,
    texts="",
    styles=None,
    workbook_properties="",
    main=MAIN,
    relations=RELATIONS,
    states=(),
    root="worksheet",
):
    """An XLSX file whose sheets are given as the XML inside <sheetData>, or, beginning with "<?xml", as whole parts."""
    names = "".join(
        f'<sheet name="Sheet {number}" sheetId="{number}" r:id="rId{number}"'
        + (f' state="{states[number - 1]}"' if states else "")
        + "/>"
        for number in range(1, len(sheets) + 1)
    )
    related = "".join(
        f'<Relationship Id="rId{number}" Type="{relations}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in range(1, len(sheets) + 1)
    )
    related += f'<Relationship Id="rIdS" Type="{relations}/sharedStrings" Target="sharedStrings.xml"/>'
    related += f'<Relationship Id="rIdT" Type="{relations}/styles" Target="/xl/styles.xml"/>'
    parts = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE_RELATIONS}"><Relationship Id="rId1" '
        f'Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{relations}">{workbook_properties}'
        f"<sheets>{names}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE_RELATIONS}">{related}</Relationships>',
        "xl/sharedStrings.xml": f'<sst xmlns="{main}">{texts}</sst>',
        "xl/styles.xml": STYLES.format(main=main) if styles is None else styles,
    }
    for number, sheet in enumerate(sheets, 1):
        whole = sheet.startswith(("<?xml", "<x:", "<!"))
        parts[f"xl/worksheets/sheet{number}.xml"] = (
            sheet if whole else f'<worksheet xmlns="{main}"><sheetData>{sheet}</sheetData></worksheet>'
        )
    return package(parts)


def opendocument(tables, styles="", manifest=""):
    """An ODS file of the XML inside <office:spreadsheet>."""
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
        'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    parts = {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content}
    if manifest:
        parts["META-INF/manifest.xml"] = manifest
    return package(parts)
