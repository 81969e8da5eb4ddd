"""`send_review_digest`: mail the owners of services that are due for review."""

from django.core.management.base import BaseCommand, CommandError

from egov_cms.services.quality.digest import send_digests
from egov_cms.services.quality.tasks import send_review_digest as send_review_digest_task


class Command(BaseCommand):
    help = "Mail the owners of services that are due to be checked. Run it every morning; a second run sends nothing."

    def add_arguments(self, parser):
        parser.add_argument("--background", action="store_true", help="leave the work to the task worker")

    def handle(self, *args, background, **options):
        if background:
            send_review_digest_task.enqueue()
            self.stdout.write("The digest was handed to the task worker.")
            return
        summary = send_digests()
        self.stdout.write(f"{summary.mails} mails about {summary.services} services.")
        if summary.orphans:
            self.stdout.write("Nobody keeps: " + ", ".join(summary.orphans))
        if summary.failed:
            raise CommandError("Not sent to: " + ", ".join(summary.failed))
