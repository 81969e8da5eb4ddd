"""StreamField: the parts of its blocks that have no documented place to extend."""

from wagtail.blocks import Block
from wagtail.blocks.stream_block import StreamBlockAdapter
from wagtail.images.models import Filter

__all__ = [
    # Documented is the adapter of struct blocks; that of streams is made alike.
    "StreamBlockAdapter",
    "name_definition",
    "stored_renditions",
]


def name_definition(block, definition_id: str) -> None:
    """Give a block the id under which the editor and its preview know it.

    Wagtail numbers blocks in the order in which a process happens to make them. Blocks made on first use would have
    another number in each worker, and one worker's page would preview another worker's block.
    """
    Block.definition_registry.pop(block.definition_prefix, None)
    block.definition_prefix = definition_id
    Block.definition_registry[definition_id] = block


def stored_renditions(specs) -> list[str]:
    """The specs under which the renditions that `{% picture … %}` makes are stored, to read them with their images.

    `prefetch_renditions` is documented for single specs; a picture's stands for several, each without `preserve-svg`.
    """
    return [spec.replace("|preserve-svg", "") for spec in Filter.expand_spec(specs)]
