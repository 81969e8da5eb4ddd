"""docs/blocks.md names every block, stream and check."""

from blocks import registry
from tests.engines import REPOSITORY

PAGE = REPOSITORY / "docs" / "blocks.md"
CHECKS = {"egov.E101", "egov.E102", "egov.E103"}


def test_every_block_stream_and_check_is_documented():
    page = PAGE.read_text(encoding="utf-8")
    names = {entry.name for stream in registry.names() for entry in registry.entries(stream)}
    assert [name for name in sorted(names) if f"\n### `{name}`" not in page] == []
    assert [name for name in sorted({*registry.names(), *CHECKS}) if f"`{name}`" not in page] == []
