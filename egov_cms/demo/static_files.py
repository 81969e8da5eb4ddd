"""Static files of the demonstration: hashed and compressed as in production, but for the admin's.

Who edits the demonstration sits at the machine that serves it, and to compress Wagtail's files takes longer than to
collect all of them.
"""

from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage


class PublicCompressor(Compressor):
    def should_compress(self, filename):
        return not filename.startswith("wagtail") and super().should_compress(filename)


class DemoStaticFilesStorage(CompressedManifestStaticFilesStorage):
    def create_compressor(self, **options):
        return PublicCompressor(**options)
