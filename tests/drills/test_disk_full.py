"""No file can be written any more: pages are read on, and what cannot be kept is refused as a whole."""

import resource
import signal

import pytest
from django.test import Client

from .killing import killed

pytestmark = pytest.mark.django_db


def full_disk():
    """From now on this process writes into no file: every write fails as it does on a full disk."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


@pytest.fixture
def file_cache(settings, tmp_path):
    """The cache of a site without Redis: files."""
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": tmp_path / "cache",
        }
    }


def test_readers_notice_nothing(homes, file_cache):
    def read(_kill):
        answers = [Client().get(f"/{code}/") for code in ("ar", "ckb", "en")]
        assert [answer.status_code for answer in answers] == [200] * 3

    killed(read, prepare=full_disk)
