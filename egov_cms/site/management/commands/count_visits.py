"""`count_visits FILE`: add the visits that a cache in front of the site answered."""

import datetime as dt
import sys
from collections import Counter
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from egov_cms.site import languages
from egov_cms.site.visits import LONGEST_PATH, Visit, write


class Command(BaseCommand):
    help = (
        "Add visits that a cache in front of the site answered, from its log of times, hosts and addresses."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", help="the log, a line a visit: TIME HOST ADDRESS; - reads standard input")
        parser.add_argument("--dry-run", action="store_true", help="say what would be added, but add nothing")

    def handle(self, *, file, dry_run, **options):
        counts, refused = Counter(), 0
        with self._open(file) as lines:
            for line in lines:
                visit = parsed(line)
                if visit is None:
                    refused += 1
                else:
                    counts[visit] += 1
        added = sum(counts.values()) if dry_run else write(counts)
        self.stdout.write(f"{added} visits of {len(counts)} addresses and days; {refused} lines left out.")

    def _open(self, file):
        if file == "-":
            return sys.stdin
        try:
            return Path(file).open(encoding="utf-8", errors="replace")
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error


def parsed(line: str) -> Visit | None:
    """A line of the log as a Visit; None if it has no address of the public site."""
    parts = line.split()
    if len(parts) != 3:
        return None
    time, host, path = parts
    try:
        day = timezone.localtime(dt.datetime.fromisoformat(time)).date()
    except ValueError:
        return None
    if len(path) > LONGEST_PATH or not languages.split_path(path)[0] or not path.startswith("/"):
        return None
    return Visit(day, host.lower(), path)
