"""django-modelcluster: pages with their rows in memory.

Its documentation is its README: ParentalKey, ParentalManyToManyField, `get_all_child_relations` and
`get_all_child_m2m_relations`. How rows are held, and how a page becomes data and comes back, is not in it.
"""

from modelcluster.models import (
    get_all_child_m2m_relations,
    get_all_child_relations,
    get_serializable_data_for_fields,
)

SEEN_IN = ("6.5",)


def held_rows(instance) -> dict[str, list]:
    """Relation → the objects that the instance holds in memory; what is put into it is held from then on.

    The documented way is `page.fees = [row, …]` for each relation: it compares them with the stored rows, which is a query.
    """
    return instance.__dict__.setdefault("_cluster_related_objects", {})


def hold_all(instance) -> None:
    """Nothing more is read for an instance that is not stored yet: relations that are not in memory are empty."""
    held = held_rows(instance)
    for relation in get_all_child_m2m_relations(type(instance)):
        held.setdefault(relation.name, [])
    for relation in get_all_child_relations(type(instance)):
        held.setdefault(relation.get_accessor_name(), [])


def read_into_memory(instance, relation: str) -> list:
    """The rows of a relation, read once and held; later access runs no queries. `all()` would read them each time."""
    return getattr(instance, relation).get_object_list()


def row_data(row) -> dict:
    """One row as the data of its page holds it: names of fields with plain values."""
    return get_serializable_data_for_fields(row)


def page_data(instance) -> dict:
    """An instance with its rows as plain data: what a revision keeps as its content."""
    return instance.serializable_data()


def page_from_data(model, data: dict):
    """The instance that such data describes, unsaved. Keys are not looked up: whoever calls knows that they are there."""
    return model.from_serializable_data(data, check_fks=False)
