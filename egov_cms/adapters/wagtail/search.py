"""Wagtail's own search: the page explorer and the choosers of the admin."""

from wagtail.search.backends import get_search_backends


def update_search_index(objects) -> None:
    """Let the admin's search find these objects: it listens to `save()`, which bulk writes do not call.

    Documented is one backend (`get_search_backend()`) and the command `update_index`, which reads everything.
    """
    for backend in get_search_backends(with_auto_update=True):
        for model in dict.fromkeys(type(each) for each in objects):
            backend.add_bulk(model, [each for each in objects if type(each) is model])
