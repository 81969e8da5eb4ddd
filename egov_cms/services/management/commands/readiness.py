"""`readiness`: how complete the catalogue is, as text, JSON or the workbook for GEMS, the UN's survey and Ur."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from egov_cms.language import content_languages, source_language
from egov_cms.services.quality.readiness import Readiness, measure
from egov_cms.services.quality.sheets import workbook


class Command(BaseCommand):
    help = "Measure the public services and the site. Everything is a self-assessment."

    def add_arguments(self, parser):
        parser.add_argument("--format", choices=["text", "json", "xlsx"], default="text")
        parser.add_argument("--output", metavar="FILE", help="write to a file (needed for xlsx)")
        parser.add_argument("--language", default="", help="language of names, a code of the site")

    def handle(self, *args, output, language, **options):
        language = language or source_language()
        if language not in content_languages():
            raise CommandError(f"The site has no language {language!r}: {', '.join(content_languages())}.")
        if options["format"] == "xlsx" and not output:
            raise CommandError("--format xlsx needs --output FILE.")
        with translation.override(language):
            readiness = measure(language)
            content = self._content(readiness, options["format"], language)
        if output:
            Path(output).write_bytes(content if isinstance(content, bytes) else content.encode())
        else:
            self.stdout.write(content)

    def _content(self, readiness: Readiness, kind: str, language: str) -> str | bytes:
        if kind == "xlsx":
            return workbook(readiness, language)
        if kind == "json":
            return json.dumps(readiness.as_dict(), ensure_ascii=False, indent=2)
        lines = [
            f"{readiness.mean:>3}  {len(readiness.services)} services ({readiness.unpublished} not published)"
        ]
        for group in readiness.by_ministry():
            lines.append(
                f"{group.mean:>3}  {group.name}: {len(group.rows)} services, {group.overdue} overdue"
            )
        for row in sorted(readiness.services, key=lambda row: row.score.total):
            fixes = "; ".join(f"+{item.points} {item.fix}" for item in row.score.cheapest())
            lines.append(f"{row.score.total:>3}  {row.code}  {row.title}  {fixes}")
        return "\n".join(lines)
