"""A page with every block is translated with wagtail-localize and its PO file."""

import json
import uuid

import polib
import pytest
from django.utils import translation
from wagtail.blocks import CharBlock, TextBlock
from wagtail.models import Locale
from wagtail_localize.models import Translation, TranslationSource
from wagtail_localize.segments.extract import StreamFieldSegmentExtractor, extract_segments
from wagtail_localize.segments.ingest import StreamFieldSegmentsWriter
from wagtail_localize.segments.types import StringSegmentValue

from blocks import registry
from blocks.fields import StreamField
from egov_cms.site.models import ContentPage

from .html import read
from .test_blocks import each_sample, walk

pytestmark = [pytest.mark.usefixtures("image", "document"), pytest.mark.contract]


def samples(*names):
    """A stream of preview values, as the editor stores them."""
    field = StreamField("body")
    items = []
    for name, block in field.stream_block.child_blocks.items():
        if name in (names or [entry.name for entry in registry.entries("body")]):
            items.append((name, block.get_prep_value(block.get_preview_value())))
    return json.loads(json.dumps(items, default=str))


def translate(page, code, change):
    """Translate every string of the page with `change` through a PO file; returns the translated draft."""
    source, _ = TranslationSource.update_or_create_from_instance(page)
    work, _ = Translation.objects.get_or_create(
        source=source, target_locale=Locale.objects.get(language_code=code)
    )
    po = polib.pofile(str(work.export_po()))
    for entry in po:
        entry.msgstr = change(entry.msgid)
    assert work.import_po(po) == []
    work.save_target(publish=False)
    return page.get_translation(work.target_locale).get_latest_revision_as_object()


def words(block, value):
    """Every translatable text of a stored value, by block type."""
    from wagtail.blocks import ListBlock, RichTextBlock, StructBlock

    if isinstance(block, ListBlock):
        for item in value:
            yield from words(
                block.child_block, item["value"] if isinstance(item, dict) and "id" in item else item
            )
    elif isinstance(block, StructBlock):
        for name, child in block.child_blocks.items():
            yield from words(child, value.get(name))
    elif isinstance(block, CharBlock | TextBlock | RichTextBlock) and value:
        yield value


@each_sample
def test_every_text_of_a_sample_is_translated_and_restored(name, stream, db):
    field = StreamField(stream)
    block = field.stream_block.child_blocks[name]
    stored = [
        {"type": name, "value": block.get_prep_value(block.get_preview_value()), "id": str(uuid.uuid4())}
    ]
    stored = json.loads(json.dumps(stored, default=str))
    segments = StreamFieldSegmentExtractor(field).handle_stream_block(field.to_python(stored))
    strings = [s for s in segments if isinstance(s, StringSegmentValue) and not s.is_empty()]
    assert strings
    for number, segment in enumerate(segments):
        segment.order = number
        if isinstance(segment, StringSegmentValue) and not segment.is_empty():
            segment.string.data = f"EN{segment.string.data}"
    value = field.to_python(json.loads(json.dumps(stored)))
    writer = StreamFieldSegmentsWriter(field, Locale.get_default(), Locale.get_default())
    written = writer.handle_stream_block(value, [s for s in segments if not s.is_empty()])
    result = json.loads(json.dumps(field.get_prep_value(written), default=str))
    for before, after in zip(words(block, stored[0]["value"]), words(block, result[0]["value"]), strict=True):
        assert "EN" in after and after != before


def test_a_page_of_every_block_is_translated_by_po_file(make_page, homes, rf):
    page = make_page(*samples())
    english = translate(page, "en", lambda text: f"EN {text}")
    assert english.locale.language_code == "en"
    assert [child.block_type for child in english.body] == [child.block_type for child in page.body]
    assert [child.id for child in english.body] == [child.id for child in page.body]
    with translation.override("en"):
        html = str(english.body.render_as_block({"request": rf.get("/en/page/"), "page": english}))
    problems, text = read(html)
    assert problems == []
    for words_on_page in ("EN المستمسكات", "EN وثيقة دراسية", "EN الوثيقة", "EN رسوم تصديق"):
        assert words_on_page in text
    assert 'alt="EN مراجعون' in html


def test_a_changed_source_keeps_the_translations_of_unchanged_texts(make_page, homes):
    page = make_page(*samples("table"))
    translate(page, "en", lambda text: f"EN {text}")
    table = page.body[0].value["cells"]
    table.row_data.reverse()
    table.row_data[0]["values"][0] = "وثيقة جديدة"
    page.save_revision().publish()
    page = ContentPage.objects.get(pk=page.pk)
    source, _ = TranslationSource.update_or_create_from_instance(page)
    work = Translation.objects.get(source=source, target_locale__language_code="en")
    po = polib.pofile(str(work.export_po()))
    missing = {entry.msgid for entry in po if not entry.msgstr and not entry.obsolete}
    assert missing == {"وثيقة جديدة"}


def test_the_translators_editor_opens(make_page, homes, admin_client):
    page = make_page(*samples())
    english = translate(page, "en", lambda text: f"EN {text}")
    response = admin_client.get(f"/admin/pages/{english.pk}/edit/")
    assert response.status_code == 200
    assert "وثيقة دراسية" in json.dumps(json.loads(response.context["props"]), ensure_ascii=False)


def test_content_of_an_absent_block_is_copied_unchanged(make_page, homes):
    absent = {"dataset": "iq-2026"}
    page = make_page(*samples("heading"), ("budget_chart", absent))
    english = translate(page, "en", lambda text: f"EN {text}")
    stored = ContentPage._meta.get_field("body").get_prep_value(english.body)
    assert (stored[1]["type"], stored[1]["value"]) == ("budget_chart", absent)


def test_telephones_addresses_and_figures_are_not_translated(make_page):
    page = make_page(*samples("contact", "video", "figures", "place", "heading"))
    strings = " ".join(
        str(s.string.data) for s in extract_segments(page) if isinstance(s, StringSegmentValue)
    )
    for fact in ("+964", "https://", "example.gov.iq", "214", "33.3", "documents"):
        assert fact not in strings


def test_every_text_input_has_a_translatable_empty_value():
    for name in registry.names():
        for _, block in registry.stream(name):
            for part in walk(block):
                if isinstance(part, CharBlock | TextBlock):
                    assert part.get_default() == ""
