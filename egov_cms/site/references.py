"""Wagtail's index of references, once for each page that is saved.

Wagtail reads all references of a page after every row that is saved with it: a service with forty rows was read
forty-one times on each publication, which took half of its time.
"""

from contextlib import contextmanager


@contextmanager
def references_read_once(page):
    """Within the block `page` is saved with its rows; afterwards its references are read, all at once."""
    # Wagtail 8 wants every model to be there when this is imported.
    from wagtail import signal_handlers

    if getattr(signal_handlers.reference_index_auto_update_disabled, "value", False):
        # Somebody further out will read them; the switch of Wagtail knows no nesting.
        yield
        return
    with signal_handlers.disable_reference_index_auto_update():
        yield
    signal_handlers.update_reference_index_on_save(page)
