"""What holds for every room. These tests walk what the rooms have registered, with the content of the demonstration.

A new room adds pages, addresses, forms, search indexes or endpoints, and content for the demonstration; no test.
"""

from pathlib import Path


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker("contract")
