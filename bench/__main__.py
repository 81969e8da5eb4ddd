"""Runs the benchmarks: each module of this package has `measure()`, which returns rows of a table."""

import json
import os
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

FOLDER = Path(__file__).parent
REPORT = FOLDER.parent / "var" / "bench.json"


def main(names):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "egov_cms.settings.testing")
    names = names or [
        module.name for module in iter_modules([str(FOLDER)]) if not module.name.startswith("_")
    ]
    report = {}
    for name in names:
        rows = import_module(f"bench.{name}").measure()
        report[name] = rows
        print(f"\n{name}")
        print_table(rows)
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps(report, ensure_ascii=False, indent=2), encoding="utf-8")
    print(f"\nwritten to {REPORT.relative_to(FOLDER.parent)}")


def print_table(rows):
    columns = list(dict.fromkeys(column for row in rows for column in row))
    table = [columns, *([str(row.get(column, "")) for column in columns] for row in rows)]
    widths = [max(len(line[column]) for line in table) for column in range(len(columns))]
    for line in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


if __name__ == "__main__":
    main(sys.argv[1:])
