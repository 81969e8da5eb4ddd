"""Rules for every block of every stream, including the blocks of other apps."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from wagtail import blocks as wagtail_blocks
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.contrib.typed_table_block.blocks import BaseTypedTableBlock, TypedTableBlock
from wagtail.embeds.blocks import EmbedBlock
from wagtail.images.blocks import ImageBlock
from wagtail.models import Locale
from wagtail_localize.segments.extract import StreamFieldSegmentExtractor

from blocks import registry
from blocks.fields import StreamField
from egov_cms.site.models import ContentPage

from .html import read


def has_words(name, stream):
    """False for a block that only shows records: its content is tested with the app of the records."""
    block = dict(registry.stream(stream))[name]
    sample = block.meta.preview_value
    if callable(sample) or isinstance(sample, str):
        return True
    return any(
        sample[key] for key in sample if not isinstance(block.child_blocks[key], wagtail_blocks.ChoiceBlock)
    )


BLOCK_ID = "0b7c2f9e-0000-4000-8000-000000000001"
CASES = [(stream, entry.name) for stream in registry.names() for entry in registry.entries(stream)]
EACH = sorted({name: stream for stream, name in CASES}.items())
SAMPLED = [(name, stream) for name, stream in EACH if has_words(name, stream)]
each_sample = pytest.mark.parametrize(("name", "stream"), SAMPLED, ids=[name for name, _ in SAMPLED])
each_block = pytest.mark.parametrize(("name", "stream"), EACH, ids=[name for name, _ in EACH])


class Case:
    """One block in its own field: `empty` and `sample` as read from the database."""

    def __init__(self, name, stream):
        self.field = StreamField(stream)
        self.stream = self.field.stream_block
        self.name = name
        self.block = self.stream.child_blocks[name]

    @property
    def empty(self):
        return self.stored(self.block.get_default())

    @property
    def sample(self):
        return self.stored(self.block.get_preview_value())

    def stored(self, value):
        item = {"type": self.name, "value": self.block.get_prep_value(value), "id": BLOCK_ID}
        return self.field.to_python(json.loads(json.dumps([item], default=str)))


@pytest.fixture
def case(name, stream):
    return Case(name, stream)


@pytest.fixture
def page_context(rf, db):
    page = ContentPage(title="صفحة", slug="p", pk=4711, live=True, locale=Locale.get_default())
    return {"request": rf.get("/ar/p/"), "page": page}


@pytest.fixture
def library(image, document):
    """A picture and a document for the previews."""


@each_block
class TestEmpty:
    def test_empty_renders_no_visible_content(self, case, page_context):
        problems, text = read(str(case.empty.render_as_block(page_context)))
        assert problems == []
        assert text == ""

    def test_empty_has_no_segments_to_translate(self, case, db):
        for overridable in (False, True):
            extractor = StreamFieldSegmentExtractor(case.field, include_overridables=overridable)
            segments = extractor.handle_stream_block(case.empty)
            assert [segment for segment in segments if not segment.is_empty()] == []

    def test_can_be_saved_as_a_draft_and_not_published(self, case, db):
        case.stream.clean_deferred(case.empty)
        with pytest.raises(ValidationError):
            case.stream.clean(case.empty)

    def test_empty_can_be_edited_searched_and_indexed_for_references(self, case, db):
        value = case.block.get_default()
        json.dumps(case.block.get_form_state(value), default=str)
        assert not [text for text in case.block.get_searchable_content(value) if text]
        assert list(case.block.extract_references(value)) == []


@each_sample
@pytest.mark.usefixtures("library")
class TestSample:
    """The preview value is also a complete, publishable example."""

    @pytest.mark.parametrize("language", ["ar", "en"])
    def test_renders_valid_html_and_loads_nothing_from_other_hosts(self, case, page_context, language):
        with translation.override(language):
            html = str(case.sample.render_as_block(page_context))
        problems, text = read(html)
        assert problems == []
        assert text and "None" not in text
        assert "<iframe" not in html
        for part in html.split('src="')[1:] + html.split('srcset="')[1:]:
            assert part.startswith("/") and not part.startswith("//")

    def test_can_be_published_and_is_read_as_it_was_stored(self, case, db):
        cleaned = case.stream.clean(case.sample)
        stored = json.dumps(case.field.get_prep_value(cleaned), default=str)
        again = case.field.to_python(json.loads(stored))
        list(again)
        assert json.dumps(case.field.get_prep_value(again), default=str) == stored
        json.dumps(case.block.get_form_state(again[0].value), default=str)

    def test_the_preview_of_the_editor_shows_it(self, case, stream, admin_client):
        registry.define()
        response = admin_client.get("/admin/block-preview/", {"id": f"blockdef-egov-{stream}-{case.name}"})
        html = response.content.decode()
        assert 'dir="rtl"' in html and "egov/egov.css" in html
        problems, text = read(html[html.index("<main") : html.index("</main>") + 7])
        assert problems == []
        assert text


@each_block
def test_has_a_description_an_icon_and_a_template(case):
    assert str(case.block.get_description())
    assert str(case.block.label)
    assert case.block.meta.icon != "placeholder"
    assert case.block.meta.template
    assert case.block.is_previewable


@each_block
def test_is_at_most_three_levels_deep(case):
    assert 1 + depth(case.block) <= 3


def depth(block):
    """The nesting depth of structs, streams and tables; a list and its items are one level."""
    if isinstance(block, wagtail_blocks.ListBlock):
        return depth(block.child_block)
    if isinstance(block, wagtail_blocks.StructBlock | wagtail_blocks.StreamBlock):
        return 1 + max(depth(child) for child in block.child_blocks.values())
    return 1 if isinstance(block, BaseTypedTableBlock) else 0


@each_block
def test_contains_no_block_that_breaks_translation(case):
    for block in walk(case.block):
        assert not isinstance(block, EmbedBlock | ImageBlock | TableBlock | wagtail_blocks.RawHTMLBlock)
        assert not isinstance(block, TypedTableBlock) or hasattr(block, "get_translatable_segments")
        if isinstance(block, wagtail_blocks.CharBlock | wagtail_blocks.TextBlock):
            assert block.get_default() == "" and block.to_python(None) == ""


def walk(block):
    yield block
    if isinstance(block, wagtail_blocks.ListBlock):
        yield from walk(block.child_block)
    for child in getattr(block, "child_blocks", {}).values():
        yield from walk(child)


def test_a_stream_offers_at_most_twenty_blocks():
    for stream in registry.names():
        assert len(registry.entries(stream)) <= 20
