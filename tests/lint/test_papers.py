"""The papers of a public project: public card, licence, links."""

import re
import tomllib
from datetime import date

import pytest
import yaml

from tests.conftest import REPOSITORY


def test_publiccode_follows_the_standard():
    card = yaml.safe_load((REPOSITORY / "publiccode.yml").read_text())
    assert card["publiccodeYmlVersion"] == "0.5"
    for key in ("name", "url", "platforms", "developmentStatus", "softwareType", "description", "legal"):
        assert card[key], key
    assert card["url"].startswith("https://")
    assert date.fromisoformat(card["releaseDate"])
    assert card["developmentStatus"] in {"concept", "development", "beta", "stable", "obsolete"}
    assert card["softwareType"] in {
        f"standalone/{kind}" for kind in ("mobile", "iot", "desktop", "web", "backend", "other")
    } | {"addon", "library", "configurationFiles"}
    assert set(card["categories"]) <= {
        "content-management", "website-builder", "digital-citizenship", "document-management", "budgeting",
        "data-visualization",
    }  # fmt: skip
    assert card["legal"]["license"] == "BSD-3-Clause"
    assert card["maintenance"]["type"] in {"internal", "contract", "community", "none"}
    assert card["maintenance"]["contacts"][0]["name"]
    assert card["localisation"]["localisationReady"] is True
    assert card["localisation"]["availableLanguages"] == ["ar", "ckb", "en"]
    for language, words in card["description"].items():
        assert 0 < len(words["shortDescription"]) <= 150, language
        assert 150 <= len(words["longDescription"]) <= 10_000, language
        assert words["features"], language


def test_the_licence_is_the_one_that_is_declared():
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    assert project["license"] == "BSD-3-Clause"
    assert "Neither the name of the copyright holder" in (REPOSITORY / "LICENSE").read_text()


@pytest.mark.parametrize("name", sorted(path.name for path in REPOSITORY.glob("*.md")))
def test_links_between_the_papers_lead_somewhere(name):
    check_links(REPOSITORY / name)


@pytest.mark.parametrize("name", sorted(path.name for path in (REPOSITORY / "docs").glob("*.md")))
def test_links_between_the_docs_lead_somewhere(name):
    check_links(REPOSITORY / "docs" / name)


def check_links(paper):
    text = paper.read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", text)
    broken = [target for target in targets if "://" not in target and not (paper.parent / target).exists()]
    assert broken == []
