"""Workbooks as an editor changes them: an exported workbook with some changed cells."""

from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl

from egov_cms.services.importing import export_services, import_services

# Enough services to test cells; one test exports and imports the whole catalogue.
FEW = ("IQ-MOI-001", "IQ-MOI-004", "IQ-MOI-005")


def load(book, name="services.xlsx", **options):
    """Import a Book, or the bytes of a file."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(book.data() if isinstance(book, Book) else book)
        return import_services(path, **options)


def exported_again():
    return Book(export_services(FEW))


def places(report):
    """The refused cells as (sheet, row, column, value, code)."""
    return {
        (each.place.sheet, each.place.row, each.place.column, each.value, each.code) for each in report.errors
    }


class Book:
    """An XLSX workbook whose cells are found by sheet, column heading, service code and row key."""

    def __init__(self, data):
        self.book = openpyxl.load_workbook(BytesIO(data))

    def sheet(self, name):
        return self.book[name]

    def heading(self, sheet, column):
        return [cell.value for cell in self.book[sheet][1]].index(column) + 1

    def row(self, sheet, code, key=None):
        """The row number of a service, or of one of its rows."""
        for cells in self.book[sheet].iter_rows(min_row=2, max_col=2):
            if cells[0].value == code and (key is None or cells[1].value == key):
                return cells[0].row
        raise LookupError((sheet, code, key))

    def cell(self, sheet, column, code, key=None):
        return self.book[sheet].cell(self.row(sheet, code, key), self.heading(sheet, column))

    def set(self, sheet, column, value, code, key=None):
        self.cell(sheet, column, code, key).value = value
        return self

    def add(self, sheet, number=None, **values):
        """Add a row at the end, or at this row number."""
        page = self.book[sheet]
        number = number or page.max_row + 1
        for column, value in values.items():
            page.cell(number, self.heading(sheet, column)).value = value
        return number

    def delete(self, sheet, code, key=None):
        self.book[sheet].delete_rows(self.row(sheet, code, key))
        return self

    def data(self):
        file = BytesIO()
        self.book.save(file)
        return file.getvalue()
