"""django-treebeard: where a page stands in the tree (docs: django-treebeard.readthedocs.io, “Materialized Path trees”)."""

from collections.abc import Sequence

SEEN_IN = ("5.3",)


def place_last(parent, nodes: Sequence) -> None:
    """Give new nodes, which are not stored yet, the places after the last child of `parent`.

    The documented `add_child` stores each node by itself, and locks and counts again for each.
    """
    last = parent.get_last_child()
    for node in nodes:
        node.depth, node.numchild = parent.depth + 1, 0
        node.path = last._inc_path() if last else type(parent)._get_path(parent.path, node.depth, 1)
        last = node
