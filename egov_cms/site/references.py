"""Wagtail's index of references, once for each page that is saved.

Wagtail reads all references of a page after every row that is saved with it: a service with forty rows was read
forty-one times on each publication, which took half of its time.
"""

from contextlib import contextmanager

from wagtail.signal_handlers import (
    disable_reference_index_auto_update,
    reference_index_auto_update_disabled,
    update_reference_index_on_save,
)


@contextmanager
def references_read_once(page):
    """Within the block `page` is saved with its rows; afterwards its references are read, all at once."""
    if getattr(reference_index_auto_update_disabled, "value", False):
        # Somebody further out will read them; the switch of Wagtail knows no nesting.
        yield
        return
    with disable_reference_index_auto_update():
        yield
    update_reference_index_on_save(page)
