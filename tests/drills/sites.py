"""A site of its own for faults that would stop the others: the demonstration, copied or loaded anew, served by gunicorn."""

import html
import http.client
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

from tests import servers
from tests.engines import REPOSITORY

SETTINGS = """
from egov_cms.settings.demo import *
from egov_cms.settings.databases import prepared

{text}
"""


class Site:
    """`with Site(folder) as site:` serves the demonstration whose data is in `folder`; `text` is put below its settings."""

    def __init__(self, folder, text=""):
        self.folder, self.port = folder, servers.free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        (folder / "drill_settings.py").write_text(SETTINGS.format(text=text))

    def __enter__(self):
        # The page cache is this site's own.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("EGOV_TEST")}
        environment |= {
            "DJANGO_SETTINGS_MODULE": "drill_settings",
            "PYTHONPATH": os.pathsep.join([str(self.folder), str(REPOSITORY)]),
            "EGOV_DEMO_VAR": str(self.folder),
        }
        self.environment = environment
        self.log = self.folder / "log"
        with self.log.open("wb") as output:
            arguments = [sys.executable, "manage.py", "serve_demo", "--port", str(self.port)]
            self.process = subprocess.Popen(
                arguments,
                cwd=REPOSITORY,
                env=environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        deadline = time.monotonic() + 400
        while not servers.answers(self.port):
            assert self.process.poll() is None and time.monotonic() < deadline, self.log.read_text()[-3000:]
            time.sleep(0.2)
        return self

    def __exit__(self, *_error):
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait()

    def command(self, *arguments):
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=REPOSITORY,
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
        ).stdout


class Reader:
    """A browser without JavaScript: keeps cookies, follows no redirect, tells how long an answer took."""

    def __init__(self, site):
        self.site, self.cookies = site, CookieJar()
        self.opener = urllib.request.build_opener(_Stay, urllib.request.HTTPCookieProcessor(self.cookies))

    def ask(self, path, data=None):
        """`(status, text, seconds)`; with `data` a form is sent."""
        body = None if data is None else urllib.parse.urlencode(data, doseq=True).encode()
        begun = time.monotonic()
        request = urllib.request.Request(self.site.url + path, data=body)
        try:
            answer = self.opener.open(request, timeout=90)
        except urllib.error.HTTPError as error:
            answer = error
        except http.client.RemoteDisconnected:
            return 0, "", time.monotonic() - begun
        text = answer.read().decode(errors="replace")
        return answer.status, text, time.monotonic() - begun

    def form(self, path):
        """What the editor's form of a page sends as it stands; its blocks, which scripts draw, are left empty."""
        text = self.ask(path)[1]
        form = re.search(r'<form\s[^>]*id="page-edit-form".*?</form>', text, re.S).group()
        found = {}
        for tag in re.findall(r"<input[^>]*>", form):
            attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
            if "name" in attributes and attributes.get("type") not in ("checkbox", "radio", "submit"):
                found[attributes["name"]] = html.unescape(attributes.get("value", ""))
        for name, written in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>\s*(.*?)</textarea>', form, re.S):
            found[name] = html.unescape(written)
        return found | {f"{name}-count": "0" for name in ("body", "content")}

    def status(self, path):
        return self.ask(path)[0]

    def sign_in(self):
        _status, text, _seconds = self.ask("/accounts/login/")
        password = (self.site.folder / "editor-password").read_text().strip()
        data = {
            "login": "admin",
            "password": password,
            "csrfmiddlewaretoken": hidden(text, "csrfmiddlewaretoken"),
        }
        return self.ask("/accounts/login/", data)[0]


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments):
        return None


def hidden(text, name):
    """The value of an input in a page."""
    tag = next(tag for tag in re.findall(r"<input[^>]*>", text) if f'name="{name}"' in tag)
    return re.search(r'value="([^"]*)"', tag).group(1)
