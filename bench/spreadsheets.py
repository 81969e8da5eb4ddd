"""Benchmark of the service workbook: export and import of 500 services in three languages, each step in its own process.

The services are copies of the thirty sample services with new codes. Times are those of a complete import or export: wall
clock and CPU time, because other processes can use the machine. Memory is the peak of the process, including Django and the
file. The database is SQLite, or PostgreSQL when EGOV_TEST_DATABASE_URL is set.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

SERVICES = 500


def measure(services=SERVICES):
    import django

    with tempfile.TemporaryDirectory() as folder:
        if not os.environ.get("EGOV_TEST_DATABASE_URL"):
            # Each step runs in its own process, so the database must be a file.
            os.environ["EGOV_TEST_DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
        django.setup()
        from django.conf import settings
        from django.db import connection
        from django.test.utils import get_runner

        if connection.vendor == "sqlite":
            connection.settings_dict["TEST"]["NAME"] = f"{folder}/bench.sqlite3"
        old = get_runner(settings)(verbosity=0, interactive=False).setup_databases()
        try:
            name = connection.settings_dict["NAME"]
            return list(_rows(Path(folder), str(name), services))
        finally:
            get_runner(settings)(verbosity=0, interactive=False).teardown_databases(old)


def _rows(folder, database, services):
    _prepare(folder, services)
    for step in ("check", "import new", "export", "import unchanged", "import changed", "undo"):
        yield _run_in_process(folder, database, step)


def _prepare(folder, services):
    """Create a site with the sample services, and a workbook with `services` new ones."""
    from copy import deepcopy
    from dataclasses import replace

    from egov_cms.language import content_languages
    from egov_cms.services.importing import import_services
    from egov_cms.services.importing.stored_services import stored_services
    from egov_cms.services.importing.vocabularies import Vocabularies
    from egov_cms.services.importing.workbook_writer import write_workbook
    from tests.services.conftest import SAMPLE, make_homes, seed

    make_homes()
    seed({}, {})
    assert import_services(SAMPLE).ok
    sample = stored_services()
    copies = []
    for number in range(services):
        service = deepcopy(sample.services[number % len(sample.services)])
        service.code, service.slug, service.version = f"IQ-BENCH-{number:04}", "", ""
        service.words["title"] = {code: f"{text} {number}" for code, text in service.words["title"].items()}
        copies.append(service)
    languages = content_languages()
    data = write_workbook(replace(sample, services=copies), Vocabularies(languages), languages, languages[0])
    (folder / "new.xlsx").write_bytes(data)


def _run_in_process(folder, database, step):
    """Run one step in a new process and return the row that it prints."""
    import json

    command = [sys.executable, "-m", "bench.spreadsheets", str(folder), database, step]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    return json.loads(done.stdout.splitlines()[-1])


def _step(folder, database, step):
    import json
    import resource
    import time

    import django
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = database
    django.setup()
    from egov_cms.exchange.models import ExchangeRun
    from egov_cms.exchange.runs import undo
    from egov_cms.services.importing import export_services, import_services
    from egov_cms.services.models import ServicePage

    if step == "import changed":
        _change(folder / "all.xlsx", folder / "changed.xlsx")
    file = {"import unchanged": "all.xlsx", "import changed": "changed.xlsx"}.get(step, "new.xlsx")
    started, cpu = time.perf_counter(), time.process_time()
    if step == "export":
        (folder / "all.xlsx").write_bytes(export_services())
    elif step == "undo":
        undo(ExchangeRun.objects.first(), trusted=True)
    else:
        report = import_services(folder / file, dry_run=step == "check")
        assert report.ok, [str(each) for each in report.errors[:3]]
    row = {
        "step": step,
        "pages": ServicePage.objects.count(),
        "wall s": round(time.perf_counter() - started, 1),
        "CPU s": round(time.process_time() - cpu, 1),
        "memory MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    print(json.dumps(row))


def _change(source, target):
    """Change a text and a fact of every service, in a process whose memory is not measured."""
    code = (
        "import sys, openpyxl\n"
        "book = openpyxl.load_workbook(sys.argv[1]); sheet = book['Services']\n"
        "names = [cell.value for cell in sheet[1]]\n"
        "for number in range(2, sheet.max_row + 1):\n"
        "    sheet.cell(number, names.index('summary_en') + 1).value = f'Summary {number}'\n"
        "    sheet.cell(number, names.index('visits') + 1).value = 7\n"
        "book.save(sys.argv[2])\n"
    )
    subprocess.run([sys.executable, "-c", code, str(source), str(target)], check=True)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "egov_cms.settings.testing")
    _step(Path(sys.argv[1]), *sys.argv[2:])
