"""`check_links`: check the start URL of every public service."""

from django.core.management.base import BaseCommand

from egov_cms.services.quality.links import broken_links, check_links
from egov_cms.services.quality.tasks import check_links as check_links_task


class Command(BaseCommand):
    help = "Ask every address at which a public service begins. Run it every night."

    def add_arguments(self, parser):
        parser.add_argument("--background", action="store_true", help="leave the work to the task worker")

    def handle(self, *args, background, **options):
        if background:
            check_links_task.enqueue()
            self.stdout.write("The check was handed to the task worker.")
            return
        run = check_links()
        for row, pages in broken_links():
            codes = ", ".join(page.service_code for page in pages)
            self.stdout.write(f"{row.url}  {row.http_status or '-'}  {row.failures}x  {codes}")
        self.stdout.write(
            f"{run.checked} addresses, {run.failing} without an answer, {run.broken} shown as broken."
        )
