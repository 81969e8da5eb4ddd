"""Workbooks read and written, side by side with other libraries, each step in a process of its own.

75,000 rows of 29 columns are a state's budget (texts, amounts, dates, a percentage, codes). openpyxl keeps formats and
errors as we do; python-calamine and XlsxWriter, which are measured where they are installed, give values only or only write.
Times are of the clock, with the CPU time beside, because others may use the machine; the ratio is that of CPU times to ours;
memory is the most that the process held.
"""

import datetime
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

ROWS, COLUMNS = 75_000, 29
# With its heading as many cells as are read at most.
MANY_ROWS, MANY_COLUMNS = 49_999, 100
LINES = 1_000_000
MODULES = {
    "tabular": "egov_cms.tabular",
    "openpyxl": "openpyxl",
    "calamine": "python_calamine",
    "xlsxwriter": "xlsxwriter",
}
STEPS = (
    ("read", "budget.xlsx", ("tabular", "openpyxl", "calamine")),
    ("read", "many.xlsx", ("tabular",)),
    ("write", "out.xlsx", ("tabular", "openpyxl", "xlsxwriter")),
    ("decode", "large.csv", ("tabular",)),
)


def measure():
    with tempfile.TemporaryDirectory() as folder:
        _in_a_process(folder, "prepare", "", "tabular")
        return [row for step in STEPS for row in _side_by_side(folder, *step)]


def _side_by_side(folder, action, file, libraries):
    ours = None
    for library in libraries:
        if find_spec(MODULES[library]) is None:
            yield {"step": f"{action} {file}", "with": library, "cells": "not installed"}
            continue
        row = _in_a_process(folder, action, file, library)
        ours = ours or row["CPU s"]
        yield {**row, "ratio": round(row["CPU s"] / ours, 1)}


def _in_a_process(folder, action, file, library):
    command = [sys.executable, "-m", "bench.tabular", folder, action, file, library]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    return json.loads(done.stdout.splitlines()[-1])


def _step(folder, action, file, library):
    import django

    django.setup()
    started, cpu = time.perf_counter(), time.process_time()
    count = _ACTIONS[action, library](Path(folder) / file)
    row = {
        "step": f"{action} {file}",
        "with": library,
        "cells": count,
        "wall s": round(time.perf_counter() - started, 1),
        "CPU s": round(time.process_time() - cpu, 1),
        "memory MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    print(json.dumps(row))


def _prepare(folder):
    """A budget with shared texts as Excel writes them, very many numbers, a large text file in an old encoding."""
    from egov_cms.tabular import Column, Table, write_xlsx
    from egov_cms.tabular.cells import column_letters
    from tests.tabular.packages import workbook

    letters = [column_letters(place) for place in range(1, COLUMNS + 1)]
    texts = {text: number for number, text in enumerate(_texts())}
    rows = []
    for number, row in enumerate(_rows(), 1):
        cells = "".join(_cell(f"{letters[place]}{number}", value, texts) for place, value in enumerate(row))
        rows.append(f'<row r="{number}">{cells}</row>')
    shared = "".join(f"<si><t>{text}</t></si>" for text in texts)
    (folder / "budget.xlsx").write_bytes(workbook("".join(rows), texts=shared))
    many = ([number * place / 4 for place in range(MANY_COLUMNS)] for number in range(MANY_ROWS))
    write_xlsx(
        [Table("many", [Column(f"c{place}") for place in range(MANY_COLUMNS)], many)], folder / "many.xlsx"
    )
    line = "وزارة التخطيط;دائرة الاستثمار;123456789,50;2026-01-31\r\n".encode("cp1256")
    (folder / "large.csv").write_bytes(line * LINES)
    return 0


def _cell(address, value, texts):
    if isinstance(value, str):
        return f'<c r="{address}" t="s"><v>{texts[value]}</v></c>'
    if isinstance(value, datetime.date):
        # The second style is that of dates.
        return f'<c r="{address}" s="1"><v>{value.toordinal() - 693594}</v></c>'
    return f'<c r="{address}"><v>{value}</v></c>'


def _texts():
    words = (
        "وزارة الصحة",
        "تعويضات الموظفين",
        "مستلزمات سلعية",
        "برنامج الاستثمار",
        "W00",
        "دائرة صحة بغداد",
    )
    return [f"{words[number % len(words)]} {number}" for number in range(8000)]


def _rows():
    texts, day = _texts(), datetime.date(2026, 1, 1)
    for number in range(ROWS):
        row = [texts[(number * 7 + place * 13) % len(texts)] for place in range(14)]
        row += [(number * 7919 + place * 104729) % 10**9 / 100 for place in range(12)]
        yield [*row, day + datetime.timedelta(days=number % 365), 0.04, number]


def _read(path):
    from egov_cms.tabular import open_tables

    with open_tables(path) as tables:
        return sum(len(row.cells) for row in tables.sheets[0].rows())


def _read_openpyxl(path):
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True)
    return sum(len(row) for row in book.worksheets[0].iter_rows())


def _read_calamine(path):
    from python_calamine import CalamineWorkbook

    return sum(len(row) for row in CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).iter_rows())


def _write(path):
    from egov_cms.tabular import Column, Table, write_xlsx

    write_xlsx([Table("data", [Column(f"c{number}") for number in range(COLUMNS)], _rows())], path)
    return ROWS * COLUMNS


def _write_openpyxl(path):
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("data")
    for row in _rows():
        sheet.append(row)
    book.save(path)
    return ROWS * COLUMNS


def _write_xlsxwriter(path):
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet, day = book.add_worksheet("data"), book.add_format({"num_format": "yyyy-mm-dd"})
    for number, row in enumerate(_rows()):
        for place, value in enumerate(row):
            if isinstance(value, datetime.date):
                sheet.write_datetime(number, place, value, day)
            else:
                sheet.write(number, place, value)
    book.close()
    return ROWS * COLUMNS


def _decode(path):
    from egov_cms.tabular import Limits, open_text

    with open_text(path, limits=Limits(file_bytes=2**30)) as text:
        text.write_utf8(path.with_suffix(".utf8"))
        return LINES * 4


_ACTIONS = {
    ("prepare", "tabular"): _prepare,
    ("read", "tabular"): _read,
    ("read", "openpyxl"): _read_openpyxl,
    ("read", "calamine"): _read_calamine,
    ("write", "tabular"): _write,
    ("write", "openpyxl"): _write_openpyxl,
    ("write", "xlsxwriter"): _write_xlsxwriter,
    ("decode", "tabular"): _decode,
}


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "egov_cms.settings.testing")
    _step(*sys.argv[1:])
