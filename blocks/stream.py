"""The top level of every stream: renders its blocks, and keeps content whose block is not installed.

Wagtail drops a block of unknown type when it reads a stream, so the next save deletes it. Here such a block
becomes `unavailable`: not rendered on the page, read-only in the editor, saved back unchanged. When its app is
installed again, the block is restored.
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
    """Content of a block that is not installed. Its value is the stored `{"type": …, "value": …}`, or None."""

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
            stored = json.loads(value)
        except (TypeError, ValueError):
            return None
        valid = isinstance(stored, dict) and isinstance(stored.get("type"), str) and "value" in stored
        return stored if valid else None

    def clean(self, value):
        return value

    def render(self, value, context=None):
        return ""

    class Meta:
        label = _("Block that is not installed")
        icon = "warning"


class Stream(blocks.StreamBlock):
    """A stream of the (name, block) pairs that `registry.stream` returns."""

    def __init__(self, child_blocks=(), **kwargs):
        super().__init__([*child_blocks, (UNAVAILABLE, UnavailableBlock())], **kwargs)

    def to_python(self, value):
        if isinstance(value, str) and value:
            try:
                value = json.loads(value)
            except ValueError:
                return super().to_python(value)
        if isinstance(value, list) and value and isinstance(value[0], dict):
            value = [self._wrap_unavailable(item) for item in value]
        return super().to_python(value)

    def get_prep_value(self, value):
        items = (self._unwrap_unavailable(item) for item in super().get_prep_value(value))
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

    def _wrap_unavailable(self, item):
        if item["type"] in self.child_blocks:
            return item
        stored = {"type": item["type"], "value": item.get("value")}
        return {"type": UNAVAILABLE, "value": stored, "id": item.get("id")}

    def _unwrap_unavailable(self, item):
        if item["type"] != UNAVAILABLE:
            return item
        stored = item["value"]
        # A submitted form can name any type: content of an installed block must pass that block's own checks.
        if not stored or stored["type"] in self.child_blocks:
            return None
        return {"type": stored["type"], "value": stored["value"], "id": item["id"]}

    class Meta:
        template = "egov_blocks/stream.html"


class StreamAdapter(StreamBlockAdapter):
    js_constructor = "egov_blocks.Stream"

    @cached_property
    def media(self):
        return super().media + forms.Media(js=["egov_blocks/stream.js"])


register(StreamAdapter(), Stream)
