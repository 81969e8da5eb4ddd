"""`check_published [--repair]`: compares what is published with everything that is made of it."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from egov_cms.site.consistency import comparisons

MOST_SHOWN = 20


class Command(BaseCommand):
    help = "Compares published pages with what is made of them: facts, snapshots, search, counts, the public log."

    def add_arguments(self, parser):
        parser.add_argument("--repair", action="store_true", help="make what differs anew")

    def handle(self, *args, repair, **options):
        left = 0
        for comparison in comparisons():
            found = list(comparison.find())
            for text in found[:MOST_SHOWN]:
                self.stdout.write(f"{comparison.name}: {text}")
            if len(found) > MOST_SHOWN:
                self.stdout.write(f"{comparison.name}: … {len(found) - MOST_SHOWN}")
            if found and repair:
                comparison.repair()
                found = list(comparison.find())
                self.stdout.write(
                    _("%(name)s: repaired, %(left)s left.") % {"name": comparison.name, "left": len(found)}
                )
            left += len(found)
        if left:
            raise CommandError(_("Differences: %(count)s.") % {"count": left})
        self.stdout.write(_("Everything that is published agrees with what is made of it."))
