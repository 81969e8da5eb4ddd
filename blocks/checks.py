"""System checks of the registry (docs/blocks.md lists the ids)."""

from django.core import checks
from wagtail.blocks import Block

from blocks import registry


def check_registry(app_configs, **kwargs):
    """egov.E101: a name registered twice in one stream. egov.E103: a factory that does not return a block."""
    problems = [
        checks.Error(
            f"The stream “{stream}” has two blocks named “{name}”: {_name(first)} and {_name(second)}.",
            hint="Names are stored in content: give the second block a name of its own.",
            id="egov.E101",
        )
        for stream, name, first, second in registry.duplicates()
    ]
    for stream in registry.names():
        for entry in registry.entries(stream):
            if not isinstance(entry.factory(), Block):
                problems.append(
                    checks.Error(
                        f"What the stream “{stream}” knows as “{entry.name}” does not make a block.",
                        hint="Register a block class, or a function that returns a block.",
                        id="egov.E103",
                    )
                )
    return problems


def _name(factory):
    return f"{factory.__module__}.{getattr(factory, '__qualname__', factory)}"
