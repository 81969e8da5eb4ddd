"""`reform_report`: once only, burden and most-asked documents, as text, JSON or a workbook."""

import datetime as dt
import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from egov_cms.language import content_languages, source_language
from egov_cms.services.reform.report import ReformReport, reform_report
from egov_cms.services.reform.sheets import workbook
from egov_cms.services.reform.units import units


class Command(BaseCommand):
    help = "Show what could be reformed: papers that ministries ask for twice, the burden of services, papers asked most."

    def add_arguments(self, parser):
        parser.add_argument("--format", choices=["text", "json", "xlsx"], default="text")
        parser.add_argument("--output", metavar="FILE", help="write to a file (needed for xlsx)")
        parser.add_argument(
            "--unit", default="", metavar="CODE", help="only this ministry or unit, by its code"
        )
        parser.add_argument("--since", default="", metavar="DATE", help="compare with this day (a year ago)")
        parser.add_argument("--language", default="", help="language of names, a code of the site")

    def handle(self, *args, output, language, unit, since, **options):
        language = language or source_language()
        if language not in content_languages():
            raise CommandError(f"The site has no language {language!r}: {', '.join(content_languages())}.")
        if options["format"] == "xlsx" and not output:
            raise CommandError("--format xlsx needs --output FILE.")
        with translation.override(language):
            report = reform_report(language, self._unit(unit, language), self._day(since))
            content = self._content(report, options["format"], language)
        if output:
            Path(output).write_bytes(content if isinstance(content, bytes) else content.encode())
        else:
            self.stdout.write(content)

    def _unit(self, code, language):
        if not code:
            return None
        all_units = units(language)
        chosen = next((unit for unit in all_units if unit.code == code), None)
        if chosen is None:
            codes = ", ".join(unit.code for unit in all_units if unit.code) or "none has a code"
            raise CommandError(f"There is no unit with the code {code!r}: {codes}.")
        return chosen

    def _day(self, text):
        if not text:
            return None
        try:
            return dt.date.fromisoformat(text)
        except ValueError as wrong:
            raise CommandError(f"--since {text!r} is no day of the form 2026-01-31.") from wrong

    def _content(self, report: ReformReport, kind: str, language: str) -> str | bytes:
        if kind == "xlsx":
            return workbook(report, language)
        if kind == "json":
            return json.dumps(report.as_dict(), ensure_ascii=False, indent=2)
        once = report.once
        lines = [
            f"{once.own} of {once.demands} documents are issued by the ministry that asks for them"
            f" ({once.issued} by any public body).",
            f"Points: {report.totals['total_points']}; on {report.since}: {report.totals['total_before_points']}.",
            "",
        ]
        for row in report.parts["burden"].rows:
            lines.append(f"{row['points']:>5}  {row['code']}  {row['service']}  {row['trend']}".rstrip())
        lines.append("")
        for row in report.parts["most_asked"].rows:
            lines.append(f"{row['demands']:>5}  {row['paper']}  {row['issuer']}  ({row['droppable']})")
        return "\n".join(lines)
