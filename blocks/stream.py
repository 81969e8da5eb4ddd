"""The top level of every stream: renders its blocks, and keeps content whose block is not installed.

Wagtail drops a block of unknown type when it reads a stream, and so loses it with the next save. Here such a
block is held as `unavailable`: invisible on the page, shown read-only to the editor, written back exactly as
it was. When the app that made it returns, so does the block.
"""

import json

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.telepath import register

from egov_cms.adapters.wagtail.blocks import StreamBlockAdapter

UNAVAILABLE = "unavailable"


class UnavailableBlock(blocks.FieldBlock):
    """Content of a block that is not installed. Value: the stored `{"type": …, "value": …}`, or None."""

    def __init__(self, **kwargs):
        self.field = forms.CharField(
            required=False,
            widget=forms.Textarea(attrs={"readonly": True, "rows": 2, "dir": "ltr"}),
            help_text=_(
                "This block belongs to a part of the site that is not installed. Visitors do not see it. "
                "It is kept as it is until you delete it."
            ),
        )
        super().__init__(**kwargs)

    def value_for_form(self, value):
        return json.dumps(value, ensure_ascii=False) if value else ""

    def value_from_form(self, value):
        try:
            held = json.loads(value)
        except (TypeError, ValueError):
            return None
        return (
            held if isinstance(held, dict) and isinstance(held.get("type"), str) and "value" in held else None
        )

    def clean(self, value):
        return value

    def render(self, value, context=None):
        return ""

    class Meta:
        label = _("Block that is not installed")
        icon = "warning"


class Stream(blocks.StreamBlock):
    """The stream of (name, block) pairs that `registry.stream` gives."""

    def __init__(self, child_blocks=(), **kwargs):
        super().__init__([*child_blocks, (UNAVAILABLE, UnavailableBlock())], **kwargs)

    def to_python(self, value):
        if isinstance(value, str) and value:
            try:
                value = json.loads(value)
            except ValueError:
                return super().to_python(value)
        if isinstance(value, list) and value and isinstance(value[0], dict):
            value = [self._hold(item) for item in value]
        return super().to_python(value)

    def get_prep_value(self, value):
        items = (self._release(item) for item in super().get_prep_value(value))
        return [item for item in items if item is not None]

    def clean(self, value):
        cleaned = super().clean(value)
        seen, errors = set(), {}
        for index, child in enumerate(cleaned):
            anchor = child.value.get("anchor") if child.block_type == "heading" else None
            if anchor and anchor in seen:
                message = _("Another heading of this page already has the anchor “%(anchor)s”.") % {
                    "anchor": anchor
                }
                errors[index] = blocks.StructBlockValidationError({"anchor": ValidationError(message)})
            seen.add(anchor)
        if errors:
            raise blocks.StreamBlockValidationError(block_errors=errors)
        return cleaned

    def _hold(self, item):
        if item["type"] in self.child_blocks:
            return item
        held = {"type": item["type"], "value": item.get("value")}
        return {"type": UNAVAILABLE, "value": held, "id": item.get("id")}

    def _release(self, item):
        if item["type"] != UNAVAILABLE:
            return item
        held = item["value"]
        # An editor's form could claim any type: what is installed must come through its own block's checks.
        if not held or held["type"] in self.child_blocks:
            return None
        return {"type": held["type"], "value": held["value"], "id": item["id"]}

    class Meta:
        template = "egov_blocks/stream.html"


class StreamAdapter(StreamBlockAdapter):
    js_constructor = "egov_blocks.Stream"

    @cached_property
    def media(self):
        return super().media + forms.Media(js=["egov_blocks/stream.js"])


register(StreamAdapter(), Stream)
