"""Text blocks: rich text, headings, notes, quotations, questions with answers, steps."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import blocks

from blocks import examples
from blocks.inputs import Component, Line, Paragraph, Rich, anchor_block
from blocks.richtext import safe_html


class Text(Rich):
    def get_context(self, value, parent_context=None):
        context = super().get_context(value, parent_context=parent_context)
        context["html"] = safe_html(value)
        return context

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        description = _("Paragraphs and lists, with links to pages and documents.")
        template = "egov_blocks/text.html"
        preview_value = examples.TEXT


class Heading(Component):
    text = Line(label=_("Heading"), max_length=160)
    level = blocks.ChoiceBlock(
        search_index=False,
        choices=[("h2", pgettext_lazy("level of a heading", "Section")), ("h3", _("Part of a section"))],
        default="h2",
        label=_("Level"),
    )
    anchor = anchor_block(
        required=False,
        label=_("Anchor"),
        help_text=_("A short name for links to this heading, the same in all languages. May stay empty."),
    )

    def get_context(self, value, parent_context=None):
        context = super().get_context(value, parent_context=parent_context)
        context["anchor_id"] = anchor_id(value, context.get("block_id"))
        return context

    class Meta:
        icon = "title"
        label = _("Heading")
        description = _(
            "A heading that readers can link to. Use them in order: sections first, then their parts."
        )
        template = "egov_blocks/heading.html"
        preview_value = examples.HEADING


class Note(Component):
    level = blocks.ChoiceBlock(
        search_index=False,
        choices=[("info", _("Information")), ("warning", _("Warning")), ("stop", _("Stop"))],
        default="info",
        label=_("Kind"),
    )
    title = Line(required=False, max_length=120, label=_("Title"))
    body = Rich(label=_("Text"))

    def get_context(self, value, parent_context=None):
        context = super().get_context(value, parent_context=parent_context)
        context["html"] = safe_html(value["body"])
        return context

    class Meta:
        icon = "info-circle"
        label = _("Note")
        description = _("Something the reader must not miss: information, a warning, or a reason to stop.")
        template = "egov_blocks/note.html"
        preview_value = examples.NOTE


class Quote(Component):
    text = Paragraph(label=_("Quotation"))
    name = Line(required=False, max_length=120, label=_("Who said it"))
    role = Line(required=False, max_length=160, label=_("Office or title"))

    class Meta:
        icon = "openquote"
        label = _("Quotation")
        description = _("The words of a person, with the name and the office.")
        template = "egov_blocks/quote.html"
        preview_value = examples.QUOTE


class Question(Component):
    question = Line(max_length=255, label=_("Question"))
    answer = Rich(label=_("Answer"))

    class Meta:
        icon = "help"
        label = _("Question")


class Faq(Component):
    items = blocks.ListBlock(Question(), min_num=1, max_num=60, label=_("Questions"))

    def get_context(self, value, parent_context=None):
        context = super().get_context(value, parent_context=parent_context)
        context["items"] = [
            {"title": item["question"], "body": safe_html(item["answer"])}
            for item in value["items"]
            if item["question"]
        ]
        return context

    class Meta:
        icon = "help"
        label = _("Questions and answers")
        description = _("Questions that open to show their answer.")
        template = "egov_blocks/faq.html"
        preview_value = examples.FAQ


class Step(Component):
    title = Line(max_length=160, label=_("Step"))
    body = Rich(required=False, label=_("What happens"))

    class Meta:
        icon = "list-ol"
        label = _("Step")


class Steps(Component):
    items = blocks.ListBlock(Step(), min_num=1, max_num=40, label=_("Steps"))

    def get_context(self, value, parent_context=None):
        context = super().get_context(value, parent_context=parent_context)
        context["steps"] = [
            {"title": item["title"], "body": safe_html(item["body"])}
            for item in value["items"]
            if item["title"]
        ]
        return context

    class Meta:
        icon = "list-ol"
        label = _("Steps")
        description = _("Numbered steps in the order in which a person takes them.")
        template = "egov_blocks/steps.html"
        preview_value = examples.STEPS


def anchor_id(heading, block_id=None) -> str:
    """The `id` of a heading: its anchor, or one made from the block's id, which is the same in all translations."""
    return heading.get("anchor") or f"h-{(block_id or 'preview')[:8]}"


def outline(stream) -> list[dict]:
    """The headings of a stream for "on this page": `level` (2 or 3), `id`, `title`; empty headings are left out."""
    return [
        {
            "level": int(child.value["level"][1]),
            "id": anchor_id(child.value, child.id),
            "title": child.value["text"],
        }
        for child in stream
        if child.block_type == "heading" and child.value["text"]
    ]
