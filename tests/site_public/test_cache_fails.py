"""The cache is killed, frozen, full or broken: pages are made without it, and nothing old is given when it is back."""

import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.cache import caches
from django.test import Client

from egov_cms.adapters import caches as guarded
from egov_cms.site import models as site
from egov_cms.site import page_cache
from egov_cms.site.models.outbox import OutboxEntry
from tests import servers
from tests.engines import redis_path

ADDRESSES = ("/ar/about/", "/en/", "/api/v1/offices/", "/sitemap.xml", "/robots.txt")


class Redis:
    """A Redis of this test alone, which may be killed, frozen and started again."""

    def __init__(self, folder):
        self.folder, self.port, self.process = folder, servers.free_port(), None
        self.start()

    def start(self, *more):
        arguments = [redis_path(), "--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(self.folder)]
        self.process = subprocess.Popen(
            [*arguments, "--save", "", *more], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        while not servers.answers(self.port):
            time.sleep(0.02)

    def send(self, number):
        self.process.send_signal(number)
        if number == signal.SIGKILL:
            self.process.wait()

    @property
    def client(self):
        import redis

        return redis.Redis(port=self.port)


@pytest.fixture
def redis(tmp_path, settings, monkeypatch):
    monkeypatch.setattr(guarded, "PAUSE_SECONDS", 0.2)
    server = Redis(tmp_path)
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": f"redis://127.0.0.1:{server.port}/0",
        }
    }
    yield server
    server.send(signal.SIGCONT)
    server.send(signal.SIGKILL)


@pytest.fixture
def folder(tmp_path, settings, monkeypatch):
    monkeypatch.setattr(guarded, "PAUSE_SECONDS", 0.2)
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": str(tmp_path / "cache"),
        }
    }
    return tmp_path / "cache"


def everything_answers(states=("degraded",)):
    """Every address answers without the cache, in the time that one waiting for it takes; readiness says so."""
    begun = time.monotonic()
    assert {path: Client().get(path).status_code for path in ADDRESSES} == dict.fromkeys(ADDRESSES, 200)
    ready = Client().get("/readyz")
    assert (ready.status_code, ready.json()["status"]) in [(200, state) for state in states]
    assert ready.json()["status"] == "ok" or "cache" in ready.json()["degraded"]
    return time.monotonic() - begun


def is_ready():
    time.sleep(guarded.PAUSE_SECONDS + 0.05)
    return Client().get("/readyz").json()["checks"]["cache"]


def publish(ministry, title):
    page = site.SectionPage.objects.get(pk=ministry["about"]["ar"].pk)
    page.title = title
    page.save_revision().publish()


def shown():
    return Client().get("/ar/about/").content.decode()


def test_redis_is_killed_and_comes_back(redis, ministry, caplog):
    shown()
    redis.send(signal.SIGKILL)
    everything_answers()
    told = [record for record in caplog.records if record.name == "egov_cms.cache"]
    assert len(told) == 1 and "pages are made without it" in told[0].getMessage()
    publish(ministry, "عنوان بلا مخزن")
    assert "عنوان بلا مخزن" in shown()
    redis.start()
    assert is_ready()
    assert "عنوان بلا مخزن" in shown()
    assert any(b"egov-page-" in key for key in redis.client.scan_iter())


def test_a_frozen_redis_costs_one_waiting(redis, ministry):
    shown()
    redis.send(signal.SIGSTOP)
    guarded.PAUSE_SECONDS = 30
    assert everything_answers() < 20


def test_what_was_published_while_redis_was_frozen_is_what_everybody_gets(redis, ministry):
    assert "عنوان جديد" not in shown()
    redis.send(signal.SIGSTOP)
    publish(ministry, "عنوان جديد")
    redis.send(signal.SIGCONT)
    # Whoever has met the outage empties the cache before it gives anything of it.
    assert is_ready()
    assert "عنوان جديد" in shown() and "عنوان جديد" in shown()


def test_another_process_that_has_not_noticed_gets_nothing_old_either(
    redis, ministry, committed, monkeypatch
):
    shown()
    key = next(key for key in redis.client.scan_iter() if b"egov-page-" in key)
    redis.send(signal.SIGSTOP)
    with committed():
        publish(ministry, "عنوان من عملية أخرى")
    redis.send(signal.SIGCONT)
    # The other process: it has no memory of the outage, and finds the old page and its old tags.
    monkeypatch.setattr(guarded, "_health", {})
    monkeypatch.setattr(page_cache, "_checked", page_cache._Checked())
    monkeypatch.setattr(page_cache, "_local", {})
    del caches["default"]
    assert redis.client.exists(key)
    assert OutboxEntry.objects.filter(kind=page_cache.LOST_DROP).exists()
    assert "عنوان من عملية أخرى" in shown()
    assert not OutboxEntry.objects.filter(kind=page_cache.LOST_DROP).exists()


def test_a_full_redis_gives_nothing_old(redis, ministry):
    shown()
    redis.client.config_set("maxmemory", 1)
    everything_answers()
    publish(ministry, "عنوان مع ذاكرة ممتلئة")
    assert "عنوان مع ذاكرة ممتلئة" in shown()
    redis.client.config_set("maxmemory", 0)
    assert is_ready()
    assert "عنوان مع ذاكرة ممتلئة" in shown()


def spoil_folder(folder):
    shutil.rmtree(folder)
    folder.write_text("a file where the folder was")


def spoil_entries(folder):
    for each in folder.iterdir():
        each.write_bytes(b"cut off")


def spoil_names(folder):
    """Where the files were are folders: they can neither be read nor replaced."""
    for each in folder.iterdir():
        each.unlink()
        each.mkdir()


@pytest.mark.parametrize("spoil", [shutil.rmtree, spoil_folder, spoil_entries, spoil_names])
def test_a_broken_folder_is_no_error_of_any_page(spoil, folder, ministry):
    for path in ADDRESSES:
        Client().get(path)
    assert list(folder.iterdir())
    spoil(folder)
    for _twice in range(2):
        assert {path: Client().get(path).status_code for path in ADDRESSES} == dict.fromkeys(ADDRESSES, 200)
        assert Client().get("/readyz").status_code == 200
    publish(ministry, "عنوان ومجلد معطل")
    assert "عنوان ومجلد معطل" in shown()


@pytest.fixture
def small_disk(folder):
    """The folder of the cache on a file system of two megabytes."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder], check=True)
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def test_a_full_and_a_read_only_disk(small_disk, ministry):
    shown()
    fill(small_disk / "ballast")
    # What cannot be replaced is deleted, which makes room.
    everything_answers(states=("degraded", "ok"))
    publish(ministry, "عنوان وقرص ممتلئ")
    assert "عنوان وقرص ممتلئ" in shown()
    (small_disk / "ballast").unlink()
    assert is_ready()
    assert "عنوان وقرص ممتلئ" in shown()
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    everything_answers()
    publish(ministry, "عنوان وقرص للقراءة")
    assert "عنوان وقرص للقراءة" in shown()
    subprocess.run(["mount", "-o", "remount,rw", small_disk], check=True)
    assert is_ready()
    assert "عنوان وقرص للقراءة" in shown()


def fill(path):
    with path.open("ab", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 512)
        except OSError:
            return


def test_the_admin_works_without_redis(redis, ministry, admin_client):
    redis.send(signal.SIGKILL)
    for path in ("/admin/", f"/admin/pages/{ministry['about']['ar'].pk}/edit/"):
        assert admin_client.get(path).status_code == 200, path


def test_what_cannot_be_kept_at_all_is_still_an_error(folder):
    with pytest.raises((AttributeError, TypeError)):
        caches["default"].set("lock", sys.stdout)
    with pytest.raises(ValueError):
        caches["default"].incr("missing")


def test_every_cache_that_can_fail_is_guarded(settings):
    """All classes of Django that talk to a folder or a server."""
    for name in ("filebased.FileBasedCache", "redis.RedisCache"):
        settings.CACHES = {
            "default": {"BACKEND": f"django.core.cache.backends.{name}", "LOCATION": "redis://x"}
        }
        assert isinstance(caches["default"], guarded.Guarded), name
    names = {each.stem for each in Path(sys.modules["django.core.cache.backends"].__path__[0]).glob("*.py")}
    assert names == {"__init__", "base", "db", "dummy", "filebased", "locmem", "memcached", "redis"}
