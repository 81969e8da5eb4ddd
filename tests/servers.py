"""Servers that tests start for themselves: on a free port of this machine, with a folder that goes with them."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path

from .engines import nginx_path, redis_path

# A server that has not answered after so many tries will not: longer than any loaded machine took.
TRIES, PAUSE_SECONDS = 600, 0.1


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(port):
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5):
        return True
    return False


@contextmanager
def running(arguments, port, log):
    """The process of a server, once somebody listens on `port`; ended after the block. AssertionError with its log."""
    with log.open("wb") as output:
        process = subprocess.Popen(arguments, stdout=output, stderr=output)
    try:
        for _try in range(TRIES):
            if answers(port) or process.poll() is not None:
                break
            time.sleep(PAUSE_SECONDS)
        assert process.poll() is None and answers(port), log.read_text(errors="replace")
        yield process
    finally:
        process.terminate()
        process.wait()


@contextmanager
def redis():
    """The address of an empty Redis that keeps nothing: EGOV_TEST_REDIS_URL, else one that is started here."""
    if url := os.environ.get("EGOV_TEST_REDIS_URL"):
        yield url
        return
    with temporary_folder() as folder:
        port = free_port()
        arguments = [redis_path(), "--bind", "127.0.0.1", "--port", str(port), "--dir", str(folder)]
        arguments += ["--save", "", "--appendonly", "no", "--daemonize", "no"]
        with running(arguments, port, folder / "log"):
            yield f"redis://127.0.0.1:{port}/0"


NGINX = """
daemon off;
worker_processes 1;
pid {folder}/pid;
error_log stderr;
events {{}}
http {{
    include {mime_types};
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {configuration}
}}
"""


@contextmanager
def nginx(configuration):
    """The address of an nginx with this text in its `http` block, where `{port}` and `{folder}` are filled in."""
    with temporary_folder() as folder:
        port = free_port()
        configuration = configuration.replace("{port}", str(port)).replace("{folder}", str(folder))
        mime_types = next(
            (
                path
                for path in ("/etc/nginx/mime.types", "/usr/local/etc/nginx/mime.types")
                if Path(path).exists()
            ),
            os.devnull,
        )
        file = folder / "nginx.conf"
        file.write_text(NGINX.format(folder=folder, configuration=configuration, mime_types=mime_types))
        with running([nginx_path(), "-p", str(folder), "-c", str(file)], port, folder / "log"):
            yield f"http://127.0.0.1:{port}", folder


@contextmanager
def temporary_folder():
    """A folder that a server's own user may enter, too (nginx started by root gives its rights away)."""
    folder = Path(tempfile.mkdtemp(prefix="egov-test-server-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
