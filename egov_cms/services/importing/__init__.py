"""Importing the catalogue: `import_services(path)` reads, checks everything, then writes all or nothing."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from egov_cms.language import content_languages
from egov_cms.services.importing.report import Change, Refusal, Report

__all__ = ["Change", "Refusal", "Report", "import_services"]


def import_services(path, *, publish=False, dry_run=False, user=None, progress=None) -> Report:
    """Bring the services of a file into the catalogue: found by `service_code` and row key, in all languages.

    path: a YAML file. publish: publish the services, otherwise drafts. dry_run: write nothing, report what
    would change. progress: called with (done, total, service code). Nothing is written when anything is
    refused; the report says what, with file, item and field. OSError when the file cannot be read.
    """
    from egov_cms.services.code_lists import seed_code_lists
    from egov_cms.services.importing.check import check
    from egov_cms.services.importing.known import Known
    from egov_cms.services.importing.yaml_services import read

    path = Path(path)
    started = time.monotonic()
    data = path.read_bytes()
    report = Report(path.name, dry_run=dry_run, publish=publish)
    if path.suffix.lower() not in (".yaml", ".yml"):
        message = _("Files of the kind “%(suffix)s” are not read; give a YAML file.") % {
            "suffix": path.suffix
        }
        report.refuse("", "", message, "file_kind", path.suffix)
    else:
        catalogue = read(data, path.name, report, content_languages())
        with transaction.atomic():
            seed_code_lists()
            known = Known()
            check(catalogue, known, report)
            if report.ok:
                _write(catalogue, known, report, data, user, progress)
            if dry_run or not report.ok:
                report.batch = None
                transaction.set_rollback(True)
    if not report.ok:
        report.created, report.changed, report.unchanged, report.changes = [], [], [], []
    report.seconds = time.monotonic() - started
    return report


def _write(catalogue, known, report, data, user, progress):
    from egov_cms.services.importing.units import NoHome
    from egov_cms.services.importing.write import Writer
    from egov_cms.services.models import ImportBatch, ImportItem
    from egov_cms.services.seeds import ensure_sections

    started = timezone.now()
    try:
        ensure_sections()
        writer = Writer(catalogue, known, report, report.publish, user, progress)
        writer.run()
    except NoHome as problem:
        report.refuse("", "", problem, "no_site")
        return
    if not report.ok or not writer.written:
        return
    batch = ImportBatch.objects.create(
        started_at=started,
        finished_at=timezone.now(),
        user=user,
        file_name=report.file,
        file_sha256=hashlib.sha256(data).hexdigest(),
        published=report.publish,
        created=len(report.created),
        changed=len(report.changed),
        unchanged=len(report.unchanged),
    )
    ImportItem.objects.bulk_create(
        ImportItem(
            batch=batch,
            page=each.page,
            service_code=each.page.service_code,
            action=each.action,
            revision_before_id=each.revision_before,
            revision_after_id=each.revision_after,
        )
        for each in writer.written
    )
    batch.report = report.as_dict()
    batch.save(update_fields=["report"])
    report.batch = batch.pk
