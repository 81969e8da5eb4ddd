"""Static files of the demonstration: hashed and compressed as in production, except those of the admin.

The admin of the demonstration is used on the machine that serves it, and compressing Wagtail's files takes longer than
collecting all of them.
"""

from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage


class PublicCompressor(Compressor):
    def should_compress(self, filename):
        return not filename.startswith("wagtail") and super().should_compress(filename)


class DemoStaticFilesStorage(CompressedManifestStaticFilesStorage):
    def create_compressor(self, **options):
        return PublicCompressor(**options)
