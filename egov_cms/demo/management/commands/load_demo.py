"""load_demo: creates the demonstration ministry. Idempotent."""

import time
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from egov_cms.demo.loading import ADMINISTRATOR, EDITORS, LoadError, load
from egov_cms.demo.passwords import get_or_create_password


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
        log = self.stdout.write if verbosity else lambda message: None
        try:
            load(get_or_create_password(password_file), log)
        except LoadError as error:
            raise CommandError(str(error)) from error
        log(f"Loaded in {time.monotonic() - started:.0f} s.")
        log(f"Users: {ADMINISTRATOR}, {', '.join(EDITORS)}; their password is in {password_file}")
