"""A StreamField whose blocks come from the registry by name and never enter a migration.

    body = StreamField("body", blank=True)

A migration records `blocks.fields.StreamField("body", …)` but no blocks: changing a block, or installing or
removing an app that contributes one, needs no migration. When the structure of a block changes, a data migration
edits the stored JSON (`docs/blocks.md`).
"""

from django.core import checks
from django.db import models
from wagtail import fields

from blocks import registry
from blocks.stream import Stream


class StreamField(fields.StreamField):
    """`registry_name` is the name of the stream; other arguments as in Wagtail's field (`min_num`, `blank`, …)."""

    def __init__(self, registry_name: str = "body", use_json_field: bool = True, **kwargs):
        self.registry_name = registry_name
        self._stream_block = None
        self._stream_version = None
        super().__init__([], use_json_field=use_json_field, **kwargs)

    @property
    def stream_block(self):
        if self._stream_block is None or self._stream_version != registry.version():
            block = Stream(registry.stream(self.registry_name))
            limits = {**registry.counts(self.registry_name), **self.block_opts.get("block_counts", {})}
            block.set_meta_options({**self.block_opts, "block_counts": limits})
            self._stream_block, self._stream_version = block, registry.version()
        return self._stream_block

    def deconstruct(self):
        name, path, _, kwargs = models.Field.deconstruct(self)
        return name, path, [self.registry_name], kwargs

    def clone(self):
        _, _, args, kwargs = self.deconstruct()
        limits = {key: value for key, value in self.block_opts.items() if key != "required"}
        return self.__class__(*args, **kwargs, **limits)

    def check(self, **kwargs):
        if self.registry_name in registry.names():
            return super().check(**kwargs)
        return [
            checks.Error(
                f"No app has registered a block for the stream “{self.registry_name}”.",
                hint=f"Streams that have blocks: {', '.join(registry.names()) or 'none'}.",
                obj=self,
                id="egov.E102",
            )
        ]
