"""load_demo: the demonstration ministry. May be run again."""

import time
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from egov_cms.demo.loading import ADMINISTRATOR, EDITORS, LoadError, load
from egov_cms.demo.passwords import kept_password


class Command(BaseCommand):
    help = "Loads the demonstration: the Ministry of Planning in three languages, marked as illustrative."

    def add_arguments(self, parser):
        parser.add_argument(
            "--password-file",
            type=Path,
            default=Path(settings.BASE_DIR) / "var" / "editor-password",
            help="file with the password of the demonstration's users; made when it is missing",
        )

    def handle(self, *, password_file, verbosity, **options):
        started = time.monotonic()
        say = self.stdout.write if verbosity else lambda sentence: None
        try:
            load(kept_password(password_file), say)
        except LoadError as error:
            raise CommandError(str(error)) from error
        say(f"Loaded in {time.monotonic() - started:.0f} s.")
        say(f"Users: {ADMINISTRATOR}, {', '.join(EDITORS)}; their password is in {password_file}")
