"""One visit to one page, as a phone would make it for the first time, and everything that was seen on it."""

import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import quote, urlsplit
from urllib.request import urlopen

import axe_playwright_python

from .pages import FIRST_OF_TEMPLATE, PAGES

AXE = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHOTOGRAPHS = ("image/avif", "image/webp", "image/jpeg", "image/png")
PHONE, DESK = 360, 1280
# Colours are those of the scheme, not of the language: one language is enough to see every page in the dark.
DARK = "ar"

# What is wider than the window, by the elements that stick out and do not scroll by themselves.
SIDEWAYS = """() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  const out = [...document.querySelectorAll("body *")].filter(element => {
    const box = element.getBoundingClientRect();
    return box.width && (box.left < -1 || box.right > root.clientWidth + 1);
  });
  return out.slice(0, 5).map(element => element.outerHTML.slice(0, 120)).concat("wider than the window");
}"""
# Telephone numbers that would turn round in a right-to-left line.
LOOSE_NUMBERS = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const loose = [];
  while (walker.nextNode()) {
    const text = walker.currentNode.data;
    const nearest = walker.currentNode.parentElement.closest("[dir]").dir;
    if (/(\\+|00)964[ \\d-]{8,}|\\b07\\d{2}[ -]\\d{3}/.test(text) && nearest !== "ltr")
      loose.push(text.trim().slice(0, 80));
  }
  return loose;
}"""
# Letters of Arabic script in an English element and whole Latin sentences in an Arabic or Sorani one.
WRONG_SCRIPT = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const wrong = [];
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (parent.closest("script, style, code, pre, bdi, [translate=no]")) continue;
    const text = walker.currentNode.data.trim();
    const arabic = (text.match(/[\\u0621-\\u06d5]/g) || []).length;
    const latin = (text.match(/[A-Za-z]/g) || []).length;
    const language = parent.closest("[lang]").lang;
    const words = (text.match(/[A-Za-z]{2,}/g) || []).length;
    if (language === "en" ? arabic > latin : words > 1 && latin > 10 && latin > 2 * arabic)
      wrong.push(`${language}: ${text.slice(0, 90)}`);
  }
  return [...new Set(wrong)];
}"""


@dataclass
class Visit:
    url: str
    status: int = 0
    lang: str = ""
    dir: str = ""
    title: str = ""
    canonical: str = ""
    violations: list = field(default_factory=list)
    sideways: dict = field(default_factory=dict)
    loose_numbers: list = field(default_factory=list)
    wrong_script: list = field(default_factory=list)
    complaints: list = field(default_factory=list)
    other_hosts: list = field(default_factory=list)
    cookies: list = field(default_factory=list)
    sizes: list = field(default_factory=list)

    def transferred(self, kind=None):
        """Bytes on the wire: all but photographs, or those of one kind (Stylesheet, Script, Font)."""
        return sum(
            size
            for what, mime, size in self.sizes
            if (what == kind if kind else not (what == "Image" and mime in PHOTOGRAPHS))
        )


class Visitor:
    """One tab that makes first visits: nothing of an earlier one is kept, neither files nor cookies nor storage."""

    def __init__(self, browser, site_url):
        self.browser, self.site_url = browser, site_url
        self.seen, self.addresses = {}, {}
        self.visit = None

    @cached_property
    def page(self):
        page = self.browser.new_context().new_page()
        page.on(
            "console",
            lambda message: self.visit.complaints.append(message.text) if message.type == "error" else None,
        )
        page.on("pageerror", lambda error: self.visit.complaints.append(str(error)))
        page.on("request", lambda request: self._note_host(request.url))
        return page

    @cached_property
    def network(self):
        """The developer tools of the tab; they weigh what is loaded."""
        session, kinds = self.page.context.new_cdp_session(self.page), {}
        session.on(
            "Network.responseReceived",
            lambda event: kinds.update({event["requestId"]: (event["type"], event["response"]["mimeType"])}),
        )
        session.on(
            "Network.loadingFinished",
            lambda event: self.visit.sizes.append(
                (*kinds.get(event["requestId"], ("Other", "")), event["encodedDataLength"])
            ),
        )
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        return session

    def see(self, name, language):
        """The Visit to a page type in a language; the page is loaded once."""
        if (name, language) not in self.seen:
            self.seen[name, language] = self._visit(name, language)
        return self.seen[name, language]

    def address(self, name, language):
        """The full address of a page type in a language. AssertionError when its index links to none."""
        if (name, language) not in self.addresses:
            page = PAGES[name]
            below = page.path if page.path.startswith("/") else f"/{language}/{page.path}"
            url = self.site_url + quote(below.format(language=language), safe="/?&=")
            if page.link:
                with urlopen(url) as answer:
                    html = answer.read().decode()
                found = re.search(rf'href="(?:{re.escape(self.site_url)})?(/{language}/{page.link})"', html)
                assert found, f"{url} has no link to a page of the type “{name}”"
                url = self.site_url + found[1]
            self.addresses[name, language] = url
        return self.addresses[name, language]

    def _visit(self, name, language):
        visit = self.visit = Visit(self.address(name, language))
        page = self.page
        self.network.send("Storage.clearDataForOrigin", {"origin": self.site_url, "storageTypes": "all"})
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": PHONE, "height": 740})
        visit.status = page.goto(visit.url, wait_until="load").status
        page.evaluate("document.fonts.ready")
        visit.title = page.title()
        visit.lang = page.evaluate("document.documentElement.lang")
        visit.dir = page.evaluate("document.documentElement.dir")
        visit.canonical = page.evaluate("document.querySelector('link[rel=canonical]')?.href || ''")
        visit.loose_numbers = page.evaluate(LOOSE_NUMBERS)
        visit.wrong_script = page.evaluate(WRONG_SCRIPT)
        for width in (PHONE, DESK):
            page.set_viewport_size({"width": width, "height": 740})
            visit.sideways[width] = page.evaluate(SIDEWAYS)
        if name in FIRST_OF_TEMPLATE:
            visit.violations = self._all_violations(page, language)
        # Last of all: what the page loads or keeps late is seen too.
        visit.cookies = [cookie["name"] for cookie in page.context.cookies()]
        return visit

    def _all_violations(self, page, language):
        """What axe finds on a phone, and of contrast in the dark."""
        page.set_viewport_size({"width": PHONE, "height": 740})
        # The debugger may run what the page's own policy would refuse.
        page.evaluate(AXE + ";0")
        found = self._axe(page, {"type": "tag", "values": RULES})
        if language == DARK:
            page.emulate_media(color_scheme="dark")
            found += self._axe(page, {"type": "rule", "values": ["color-contrast"]})
        return found

    def _note_host(self, url):
        if urlsplit(url).scheme in ("http", "https", "ws", "wss") and not url.startswith(self.site_url + "/"):
            self.visit.other_hosts.append(url)

    @staticmethod
    def _axe(page, only):
        # Only what is wrong is described in full, which is most of the work on a page where little is.
        options = {"runOnly": only, "resultTypes": ["violations"]}
        found = page.evaluate("async options => (await axe.run(document, options)).violations", options)
        return [
            f"{violation['id']}: {node['target']} {node['failureSummary']}"
            for violation in found
            for node in violation["nodes"]
        ]
