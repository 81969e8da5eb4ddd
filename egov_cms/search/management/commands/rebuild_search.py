from django.core.management.base import BaseCommand

from egov_cms.search.indexing import rebuild


class Command(BaseCommand):
    help = "Index everything anew; search keeps answering meanwhile."

    def handle(self, *args, **options):
        number = rebuild(self.progress if self.stdout.isatty() else None)
        self.stdout.write(f"{number} documents are in the index.")

    def progress(self, done, total):
        self.stdout.write(f"\r{done} of {total}" if total else f"\r{done}", ending="")
        self.stdout.flush()
