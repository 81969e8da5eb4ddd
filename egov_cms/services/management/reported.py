"""What commands that change the catalogue share: `--report FILE.json` and `--user NAME`."""

import json
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError


class ReportedCommand(BaseCommand):
    def add_arguments(self, parser):
        parser.add_argument("--report", type=Path, metavar="FILE.json", help="write the report as JSON")
        parser.add_argument("--user", default="", help="user name of whoever the changes are made for")

    def write_report(self, path, outcome):
        """`outcome.as_dict()` as a JSON file; nothing without a path."""
        if path:
            text = json.dumps(outcome.as_dict(), ensure_ascii=False, indent=1, default=str)
            path.write_text(text + "\n", encoding="utf-8")

    def user_named(self, name):
        """The user of this name, None without a name. CommandError: there is none."""
        if not name:
            return None
        model = get_user_model()
        try:
            return model.objects.get_by_natural_key(name)
        except model.DoesNotExist:
            raise CommandError(f"There is no user {name!r}.") from None
