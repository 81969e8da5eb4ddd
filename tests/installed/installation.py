"""The suite as a ministry's machine has it: a wheel in an environment of its own, and a project as the guide describes it.

Nothing here is imported inside that environment, and nothing in it can see the repository.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import REPOSITORY
from tests.demonstration import free_port

from .crawl import HOST

LOCK = REPOSITORY / "requirements" / "production.txt"
GUIDE = REPOSITORY / "docs" / "deployers-guide.md"
UV = Path(sys.executable).with_name("uv")
STARTS_WITHIN_SECONDS = 120

# What the guide leaves to each machine. The walk signs in without a second factor and asks much in a minute.
SETTINGS_OF_THE_WALK = """
from planning.settings import *

INSTALLED_APPS = [*{apps!r}, *INSTALLED_APPS]
EGOV = {{**EGOV, "REQUIRE_MFA": False, "API_REQUESTS_PER_MINUTE": 100_000}}
STORAGES = {{**STORAGES, "staticfiles": {{"BACKEND": "egov_cms.demo.static_files.DemoStaticFilesStorage"}}}}
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = BASE_DIR / "mail"
"""


def build_wheel(folder):
    """The path of the wheel of what git tracks or would track: nothing that an earlier build left comes into it."""
    source = folder / "source"
    for name in tracked_files():
        target = source / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(REPOSITORY / name, target)
    uv = [UV, "build", "--quiet", "--wheel", "--out-dir", folder / "dist", source]
    pip = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--wheel-dir",
        folder / "dist",
        source,
    ]
    _installer(uv, pip)
    (wheel,) = (folder / "dist").glob("*.whl")
    return wheel


def tracked_files(*folders):
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *folders]
    names = subprocess.check_output(command, cwd=REPOSITORY, text=True).splitlines()
    return [name for name in names if (REPOSITORY / name).is_file()]


class Environment:
    """A new Python environment with nothing in it."""

    def __init__(self, folder):
        self.bin = folder / "bin"
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)

    def install(self, *arguments):
        python = self.bin / "python"
        _installer(
            [UV, "pip", "install", "--quiet", "--python", python, *arguments],
            [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", *arguments],
        )

    def packages(self):
        """The folder into which packages are installed."""
        (folder,) = self.bin.parent.glob("lib/python3*/site-packages")
        return folder


class Project:
    """The project `planning` of the deployer's guide, with these modules in its ministry.yaml, on SQLite."""

    def __init__(self, folder, environment, modules, apps=()):
        folder.mkdir()
        self.folder, self.environment = folder, environment
        self.run("django-admin", "startproject", "planning", ".", DJANGO_SETTINGS_MODULE="")
        for path, text in re.findall(
            r"```python\n# (planning/\w+\.py)\b[^\n]*\n(.+?)```", GUIDE.read_text(), re.DOTALL
        ):
            (folder / path).write_text(text)
        (folder / "planning" / "walk.py").write_text(SETTINGS_OF_THE_WALK.format(apps=list(apps)))
        data = environment.packages() / "egov_cms" / "demo" / "data"
        shutil.copy(data / "crest.svg", folder)
        ministry = (data / "ministry.yaml").read_text()
        chosen = re.sub("^modules:.*$", f"modules: {json.dumps(list(modules))}", ministry, flags=re.MULTILINE)
        (folder / "ministry.yaml").write_text(chosen)

    def variables(self, **more):
        return {
            "PATH": "/usr/bin:/bin",
            "HOME": str(self.folder),
            "LANG": "C.UTF-8",
            "DJANGO_SETTINGS_MODULE": "planning.walk",
            "DJANGO_SECRET_KEY": "k9" * 25 + "Zq!7_p",
            "ALLOWED_HOSTS": HOST,
            "DATABASE_URL": f"sqlite:///{self.folder / 'db.sqlite3'}",
            **more,
        }

    def run(self, program, *arguments, **variables):
        """A program of the environment, in the folder of the project; the finished process, its output as text."""
        return subprocess.run(
            [self.environment.bin / program, *arguments],
            cwd=self.folder,
            env=self.variables(**variables),
            capture_output=True,
            text=True,
            timeout=600,
        )

    def manage(self, *arguments, **variables):
        done = self.run("python", "manage.py", *arguments, **variables)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    def url_table(self):
        """What the installation answers to (url_table.py)."""
        shutil.copy(Path(__file__).with_name("url_table.py"), self.folder)
        done = self.run("python", "url_table.py")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    @contextmanager
    def served(self):
        """The port on which gunicorn serves the project meanwhile, started as the guide says."""
        port = free_port()
        command = ["gunicorn", "planning.wsgi", "--bind", f"127.0.0.1:{port}"]
        command += ["--worker-class", "gthread", "--workers", "2", "--threads", "4"]
        with (self.folder / "log").open("wb") as log:
            server = subprocess.Popen(
                [self.environment.bin / command[0], *command[1:]],
                cwd=self.folder,
                env=self.variables(),
                stdout=log,
                stderr=log,
            )
        try:
            self._wait(server, f"http://127.0.0.1:{port}/readyz")
            yield port
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)

    def _wait(self, server, address):
        request = urllib.request.Request(address, headers={"Host": HOST})
        began = time.monotonic()
        while server.poll() is None and time.monotonic() - began < STARTS_WITHIN_SECONDS:
            try:
                with urllib.request.urlopen(request, timeout=60):
                    return
            except urllib.error.HTTPError as error:
                raise AssertionError(f"{error.code} {error.read()}") from error
            except OSError:
                time.sleep(0.3)
        raise AssertionError((self.folder / "log").read_text()[-3000:])

    def exceptions(self):
        """Path → the last line of the exception that the server logged for it."""
        lines = (self.folder / "log").read_text().splitlines()
        records = [json.loads(line) for line in lines if line.startswith("{")]
        return {
            record.get("path"): record["exception"].splitlines()[-1]
            for record in records
            if "exception" in record
        }


def _installer(uv, pip):
    """Do it with uv, from the index that pip uses; with pip where uv is missing or cannot."""
    if UV.exists():
        listing = subprocess.check_output([sys.executable, "-m", "pip", "config", "list"], text=True)
        index = re.findall(r"^[^=]*\.index-url='(.*)'$", listing, re.MULTILINE)
        variables = {"UV_DEFAULT_INDEX": index[-1]} if index else {}
        if not subprocess.run(uv, env=os.environ | variables).returncode:
            return
    subprocess.run(pip, check=True)
