"""Nothing that is served loads from another host, and nothing names the machine that it was written on."""

import re
import subprocess

import pytest

from tests.conftest import REPOSITORY

ROOMS = ["egov_cms", "blocks", "transparency", "open_data", "site_template"]
SERVED = {".html", ".css", ".js", ".txt", ".xml", ".svg"}
# Names in vocabularies, and the addresses of things that people may open themselves; nothing a browser loads.
NAMESPACES = re.compile(
    r"https?://(www\.w3\.org|schema\.org|www\.sitemaps\.org|purl\.org|data\.europa\.eu|publications\.europa\.eu"
    r"|creativecommons\.org|leafletjs\.com|www\.wcag\.com|guide\.wagtail\.org|example\.|[a-z.]*example\b|127\.0\.0\.1|localhost|\{\{)"
)
LOADS = re.compile(
    r"""(?:<(?:script|img|iframe|source|video|audio|embed|object|track)\b[^>]*?\b(?:src|srcset|data|poster)=
        |<link\b(?![^>]*rel="(?:canonical|alternate|license)")[^>]*?\bhref=|url\(|@import\s+|fetch\(|import\()
        \s*["']?(?:https?:)?//""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)


def files(*folders, suffixes):
    for folder in folders:
        for path in sorted((REPOSITORY / folder).rglob("*")):
            if path.suffix in suffixes and path.is_file():
                yield path


def tracked():
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
    )
    if listing.returncode:
        pytest.skip("repository: this copy is no git work tree")
    return [path for name in listing.stdout.split("\n") if name and (path := REPOSITORY / name).is_file()]


def test_no_served_file_loads_from_another_host():
    loaders = [
        f"{path.relative_to(REPOSITORY)}: {match.group(0)[:80]}"
        for path in files(*ROOMS, suffixes=SERVED)
        for match in LOADS.finditer(path.read_text(encoding="utf-8"))
    ]
    assert loaders == []


def test_the_search_for_other_hosts_can_fail():
    assert LOADS.search('<script src="https://cdn.example/x.js">')
    assert LOADS.search("@font-face { src: url(//fonts.example/x.woff2) }")
    assert LOADS.search('<link rel="stylesheet" href="https://cdn.example/x.css">')
    assert not LOADS.search('<link rel="canonical" href="https://planning.example/">')
    assert not LOADS.search('<a href="https://planning.example/">')


def test_stylesheets_and_scripts_name_no_host():
    named = [
        f"{path.relative_to(REPOSITORY)}: {host}"
        for path in files(*ROOMS, suffixes={".css", ".js"})
        for host in re.findall(r"https?://[^\s\"')]+", path.read_text(encoding="utf-8"))
        if not NAMESPACES.match(host)
    ]
    assert named == []


def test_no_file_names_a_machine():
    words = re.compile(
        "|".join([r"/ho" + r"me/\w+/", r"/ro" + r"ot/\w", r"/wo" + r"rk/\w", r"C:\\Us" + r"ers"])
    )
    named = []
    for path in tracked():
        if path.suffix in {".mo", ".woff2", ".png", ".jpg", ".webp", ".avif", ".xlsx", ".ico"}:
            continue
        found = words.search(path.read_text(encoding="utf-8"))
        if found:
            named.append(f"{path.relative_to(REPOSITORY)}: {found.group(0)}")
    assert named == []
