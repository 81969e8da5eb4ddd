"""docs/blocks.md names every block, stream and check."""

from pathlib import Path

import pytest

from blocks import registry

PAGE = Path(__file__).resolve().parents[2] / "docs" / "blocks.md"


@pytest.mark.parametrize("name", sorted({e.name for s in registry.names() for e in registry.entries(s)}))
def test_every_block_is_documented(name):
    assert f"\n### `{name}`" in PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("word", ["egov.E101", "egov.E102", "egov.E103", "`body`", "`home`", "`service`"])
def test_streams_and_checks_are_documented(word):
    assert word in PAGE.read_text(encoding="utf-8")
