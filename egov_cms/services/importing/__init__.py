"""Importing the catalogue: `import_services(path)` reads, checks everything, then writes all or nothing."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from egov_cms.language import content_languages
from egov_cms.services.importing.report import Change, Place, Refusal, Report

__all__ = ["Change", "Place", "Refusal", "Report", "import_data", "import_services"]

YAML = (".yaml", ".yml")
WORKBOOK = ".xlsx"


def import_services(path, **options) -> Report:
    """Bring the services of a file into the catalogue; see `import_data`. OSError when the file cannot be read."""
    path = Path(path)
    return import_data(path.read_bytes(), path.name, **options)


def import_data(
    data: bytes,
    name: str,
    *,
    publish=False,
    dry_run=False,
    user=None,
    progress=None,
    reason="",
    permitted=None,
    confirmed="",
    batch=None,
) -> Report:
    """Bring services into the catalogue: found by `service_code` and row key, in all languages.

    data, name: a YAML file or an XLSX workbook. publish: publish the services, otherwise drafts. dry_run: write nothing,
    report what would change. progress: called with (done, total, service code). reason: why fees change, for services that
    give none. permitted: language that `user` may write in → may services be added there? (None: all).
    confirmed: the `digest` of a dry run;
    nothing is written when something else would change by now. batch: an ImportBatch to fill instead of a new one.

    Nothing is written when anything is refused; the report says what, with its place in the file.
    """
    from egov_cms.services.importing.write import Writer

    started = time.monotonic()
    report = Report(name, dry_run=dry_run, publish=publish)
    suffix = Path(name).suffix.lower()
    if suffix not in (*YAML, WORKBOOK):
        message = _("Files of the kind “%(suffix)s” are not read; give an XLSX workbook or a YAML file.")
        report.refuse("", "", message % {"suffix": suffix}, "file_kind", suffix)
    else:
        with transaction.atomic():
            catalogue = _read(data, name, suffix, report)
            if catalogue is not None:
                known = _checked(catalogue, report)
                if report.ok:
                    writer = Writer(catalogue, known, report, publish, user, progress, reason, permitted)
                    _write(writer, report, data, user, confirmed, batch)
            if dry_run or not report.ok:
                report.batch = None
                transaction.set_rollback(True)
    if not report.ok:
        report.created, report.changed, report.unchanged, report.changes = [], [], [], []
    report.places = {}
    report.seconds = time.monotonic() - started
    return report


def _read(data, name, suffix, report):
    """The plain catalogue of the file; None when a workbook has problems already (a YAML file is checked further)."""
    from egov_cms.services.code_lists import seed_code_lists

    if suffix in YAML:
        from egov_cms.services.importing.yaml_services import read

        catalogue = read(data, name, report, content_languages())
        seed_code_lists()
        return catalogue
    from egov_cms.services.workbook.reading import read

    seed_code_lists()
    return read(data, name, report, content_languages())


def _checked(catalogue, report):
    from egov_cms.services.importing.check import check
    from egov_cms.services.importing.known import Known

    known = Known()
    check(catalogue, known, report)
    return known


def _write(writer, report, data, user, confirmed, batch):
    from egov_cms.services.importing.units import NoHome
    from egov_cms.services.seeds import ensure_sections

    started = timezone.now()
    try:
        ensure_sections()
        writer.run()
    except NoHome as problem:
        report.refuse("", "", problem, "no_site")
        return
    if report.ok and confirmed and report.digest != confirmed:
        message = _("The catalogue has changed since you looked at the differences. Look at them again.")
        report.refuse("", "", message, "changed_meanwhile")
    if report.ok and not report.dry_run and (writer.written or batch):
        _record(writer, report, data, user, batch, started)


def _record(writer, report, data, user, batch, started):
    """Keep what was done, page by page, so that it can be undone."""
    from egov_cms.services.models import ImportBatch, ImportItem

    batch = batch or ImportBatch(started_at=started, user=user, file_name=report.file[-255:])
    batch.finished_at = timezone.now()
    batch.file_sha256 = hashlib.sha256(data).hexdigest()
    batch.published = report.publish
    batch.created, batch.changed = len(report.created), len(report.changed)
    batch.unchanged = len(report.unchanged)
    batch.save()
    ImportItem.objects.bulk_create(
        (
            ImportItem(
                batch=batch,
                page_id=each.page,
                service_code=each.service_code,
                action=each.action,
                revision_before_id=each.revision_before,
                revision_after_id=each.revision_after,
            )
            for each in writer.written.values()
        ),
        batch_size=200,
    )
    report.batch = batch.pk
    batch.report = report.as_dict()
    batch.save(update_fields=["report"])
