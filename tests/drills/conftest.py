"""What takes long or hurts: kills, full disks, clusters, large data. `make drills` runs it, `make test` does not."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.search.conftest import cluster, write  # noqa: F401
from tests.servers import free_port

from .killing import Durable
from .nodes import Node


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker("drill")


@pytest.fixture
def durable(transactional_db, tmp_path):
    """A database that outlives whoever works in it (tests/drills/killing.py)."""
    return Durable(tmp_path / "durable.sqlite3")


@pytest.fixture(scope="session")
def program():
    """The program that starts Elasticsearch nodes to be killed: docs/testing.md says what it is asked."""
    return os.environ["EGOV_TEST_ELASTICSEARCH_NODE"]


@pytest.fixture
def node(program, tmp_path):
    node = Node(program, tmp_path / "node", free_port())
    node.start()
    yield node
    node.stop()


@pytest.fixture
def nodes(program, tmp_path):
    """Three nodes that are one cluster."""
    first = free_port()
    done = subprocess.run(
        [program, "cluster", str(tmp_path), "3", str(first)], check=True, capture_output=True, text=True
    )
    made = [Node(program, tmp_path / f"n{number + 1}", first + number) for number in range(3)]
    for node, url in zip(made, done.stdout.split(), strict=True):
        node.url = url
    yield made
    subprocess.run([program, "stop", str(tmp_path)], check=False, capture_output=True)
