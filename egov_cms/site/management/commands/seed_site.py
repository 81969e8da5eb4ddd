"""seed_site ministry.yaml: create or complete a ministry's site. Can be run again.

Ends with status 3 when it has added pages to a site that was there already: they are drafts until somebody publishes them.
"""

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from egov_cms.site.ministry import MinistryError, read_ministry
from egov_cms.site.seed import seed_site
from egov_cms.site.tree import PagesRefused


class Command(BaseCommand):
    help = "Makes the home pages, standard sections, legal pages, roles and workflow from ministry.yaml."

    def add_arguments(self, parser):
        parser.add_argument("file", help="the ministry's configuration, ministry.yaml")
        parser.add_argument(
            "--dry-run", action="store_true", help="check the file and try it, but change nothing"
        )

    def handle(self, *args, **options):
        try:
            config = read_ministry(options["file"])
        except MinistryError as error:
            raise CommandError(str(error)) from error
        drafts = []
        try:
            with transaction.atomic():
                homes = seed_site(config, drafts)
                if options["dry_run"]:
                    transaction.set_rollback(True)
        except PagesRefused as error:
            raise CommandError(str(error)) from error
        for code, home in homes.items():
            self.stdout.write(f"/{code}/ {home.title}")
        if drafts:
            names = "\n".join(f"  {page.url_path} {page.title}" for page in drafts)
            raise CommandError(f"Added as drafts; publish them in the admin:\n{names}", returncode=3)
