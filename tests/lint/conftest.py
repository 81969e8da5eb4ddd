"""What reads only sources: `make lint` runs it, `make test` does not. No test of this folder asks a database."""

from pathlib import Path

import pytest

from tests.repository.conftest import project  # noqa: F401


def pytest_collection_modifyitems(items):
    own = [item for item in items if item.path.is_relative_to(Path(__file__).parent)]
    if asking := [item.nodeid for item in own if item.get_closest_marker("database")]:
        raise pytest.UsageError(f"Tests of sources ask no database: {', '.join(asking)}")
