from django.core.management.base import BaseCommand, CommandError

from egov_cms.search.engines import EngineDown, current_engine
from egov_cms.search.indexing import rebuild


class Command(BaseCommand):
    help = "Index everything anew; search keeps answering meanwhile."

    def add_arguments(self, parser):
        parser.add_argument(
            "--pending", action="store_true", help="only send the writes that a distant engine missed"
        )

    def handle(self, *args, **options):
        if options["pending"]:
            return self.send_pending()
        try:
            number = rebuild(self.progress if self.stdout.isatty() else None)
        except EngineDown as error:
            raise CommandError(f"The database is up to date, the search cluster is not: {error}")
        self.stdout.write(f"{number} documents are in the index.")

    def send_pending(self):
        engine = current_engine()
        pending = engine.patient().catch_up(batches=None) if engine.remote else 0
        if pending:
            raise CommandError(f"{pending} writes are still waiting.")
        self.stdout.write("Nothing is waiting.")

    def progress(self, done, total):
        self.stdout.write(f"\r{done} of {total}" if total else f"\r{done}", ending="")
        self.stdout.flush()
