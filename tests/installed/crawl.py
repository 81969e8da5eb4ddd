"""Asks a site for every entry of its URL table: what its own pages link to, then the rest with made-up arguments."""

import http.client
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlsplit

HOST = "planning.example.gov.iq"
OWN = f"https://{HOST}"
LINK = re.compile(r"""["'(>](/[^"'\s<>(){}\\]*)""")
READ_FOR_LINKS = re.compile("html|xml|json|css")
AT_ONCE = 4


@dataclass
class Answer:
    address: str
    status: int
    kind: str
    body: bytes
    location: str

    def links(self):
        """The addresses of this site that the answer names."""
        if self.location:
            return {self.location.removeprefix(OWN)}
        if not READ_FOR_LINKS.search(self.kind):
            return set()
        body = self.body.decode("utf-8", "replace").replace(OWN, "")
        return {unescape(link).partition("#")[0] for link in LINK.findall(body)}


@dataclass
class Site:
    """A site that is served on this machine, asked as the proxy in front of it asks."""

    port: int
    cookie: str = ""

    def get(self, address, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            proxy = {"Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}
            cookie = {"Cookie": self.cookie} if self.cookie else {}
            connection.request("GET", address, headers=proxy | cookie | headers)
            response = connection.getresponse()
            kind = response.getheader("Content-Type", "").partition(";")[0]
            location = response.getheader("Location", "")
            return Answer(address, response.status, kind, response.read(), location)
        finally:
            connection.close()


class Walk:
    """The answers of a site by entry of its URL table (url_table.py): regular expression → list of `Answer`."""

    def __init__(self, site, entries):
        self.site, self.entries, self.answers = site, entries, {}
        self._regexes = [(re.compile(entry["regex"]), entry) for entry in entries]
        self._entry_of_path, self._learned = {}, {}

    def ask(self, addresses):
        with ThreadPoolExecutor(AT_ONCE) as pool:
            answers = list(pool.map(self.site.get, addresses))
        for answer in answers:
            self.record(answer)
        return answers

    def crawl(self, start):
        """Ask for `start`, and from then on for the first link to each entry that was not asked yet."""
        wave = start
        while wave:
            found = sorted({link for answer in self.ask(wave) for link in answer.links()}, reverse=True)
            first = {self.entry(link)["regex"]: link for link in found if self.entry(link)}
            wave = [link for regex, link in first.items() if regex not in self.answers]

    def ask_rest(self):
        """Ask for what nothing links to, with arguments that another address below the same one had."""
        rest = [entry for entry in self.entries if entry["template"] and entry["regex"] not in self.answers]
        self.ask([self._address(entry) for entry in rest])

    def plain(self):
        """The addresses without arguments."""
        return [entry["template"] for entry in self.entries if entry["template"] and not entry["arguments"]]

    def entry(self, address):
        """The entry of the URL table that answers `address`, as Django finds it."""
        path = urlsplit(address).path.lstrip("/")
        if path not in self._entry_of_path:
            found = (entry for regex, entry in self._regexes if regex.match(path))
            self._entry_of_path[path] = next(found, None)
        return self._entry_of_path[path]

    def record(self, answer):
        """Keep an answer, and the arguments of its address if they name something."""
        entry = self.entry(answer.address)
        self.answers.setdefault(entry["regex"] if entry else None, []).append(answer)
        if entry and entry["template"] and answer.status < 400:
            match = re.match(entry["regex"], urlsplit(answer.address).path.lstrip("/"))
            for name, value in match.groupdict().items():
                self._learned.setdefault(_place(entry, name), value)

    def _address(self, entry):
        arguments = {
            name: self._learned.get(_place(entry, name), value) for name, value in entry["arguments"].items()
        }
        return entry["template"] % arguments


def _place(entry, name):
    """An argument with what stands before it in its address: `/ar/services/%(slug)s` is always a service."""
    return entry["template"].partition(f"%({name})s")[0], name
