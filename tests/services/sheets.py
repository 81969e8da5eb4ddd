"""Workbooks as an editor leaves them: the exported one with some cells changed."""

from io import BytesIO

import openpyxl


class Book:
    """An XLSX workbook whose cells are found by what stands in them."""

    def __init__(self, data):
        self.book = openpyxl.load_workbook(BytesIO(data))

    def sheet(self, name):
        return self.book[name]

    def heading(self, sheet, column):
        return [cell.value for cell in self.book[sheet][1]].index(column) + 1

    def row(self, sheet, code, key=None):
        """The number of the row of a service, or of one of its rows."""
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
        """A row at the end, or in the row with this number."""
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
