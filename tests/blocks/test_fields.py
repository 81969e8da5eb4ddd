"""The field: no blocks in migrations, content of absent blocks is kept."""

import copy
import json
import pickle
from pathlib import Path

import pytest
from django.db import models
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.state import ModelState, ProjectState
from django.db.migrations.writer import MigrationWriter
from wagtail import blocks as wagtail_blocks
from wagtail.blocks.migrations.operations import RenameStreamChildrenOperation
from wagtail.blocks.migrations.utils import apply_changes_to_raw_data

from blocks import registry
from blocks.fields import StreamField
from egov_cms.site.models import ContentPage

ABSENT = {"type": "budget_chart", "value": {"dataset": "iq-2026", "rows": [1, 2]}, "id": "a0"}
HEADING = {"type": "heading", "value": {"text": "عنوان", "level": "h2", "anchor": ""}, "id": "h0"}


@pytest.fixture(autouse=True)
def as_it_was():
    with registry.restored():
        yield


def state_with(field):
    state = ProjectState()
    fields = [("id", models.AutoField(primary_key=True)), ("body", field)]
    state.add_model(ModelState("shop", "Item", fields))
    return state


def changes(before, after):
    return MigrationAutodetector(state_with(before), state_with(after))._detect_changes()


def test_a_migration_contains_the_name_of_the_stream_but_no_blocks():
    field = StreamField("body", blank=True, min_num=1, max_num=9)
    _, path, args, kwargs = field.deconstruct()
    assert (path, args, kwargs) == ("blocks.fields.StreamField", ["body"], {"blank": True})
    assert MigrationWriter.serialize(field)[0] == "blocks.fields.StreamField('body', blank=True)"


def test_makemigrations_detects_no_change_when_blocks_change():
    before = StreamField("body").clone()
    registry.register("chart", wagtail_blocks.CharBlock)
    registry.unregister("note", ["body"])
    assert changes(before, StreamField("body")) == {}
    assert changes(before, StreamField("body", max_num=3)) == {}


def test_makemigrations_detects_a_change_of_the_column():
    assert changes(StreamField("body"), StreamField("body", blank=True))


def test_no_migration_of_the_suite_contains_a_block():
    from egov_cms.site import migrations

    for path in migrations.__path__:
        for file in Path(path).glob("0*.py"):
            assert "block_lookup" not in file.read_text()
            assert "wagtail.blocks" not in file.read_text()


def test_a_clone_and_a_copy_keep_the_limits():
    field = StreamField("body", min_num=1, max_num=4, blank=True)
    for twin in (field.clone(), copy.deepcopy(field)):
        assert twin.stream_block.meta.max_num == 4
        assert twin.stream_block.meta.min_num == 1
        assert twin.stream_block.meta.required is False


def test_a_stream_without_blocks_is_a_check_error_and_keeps_its_content():
    field = StreamField("nowhere")
    field.set_attributes_from_name("body")
    assert [error.id for error in field.check()] == ["egov.E102"]
    assert field.get_prep_value(field.to_python([HEADING])) == [HEADING]


class TestAbsentBlocks:
    def test_the_page_does_not_render_them(self, rf):
        value = StreamField("body").to_python([HEADING, ABSENT])
        html = value.render_as_block({"request": rf.get("/")})
        assert "عنوان" in html
        assert "budget" not in html and "2026" not in html

    @pytest.mark.parametrize("stored", [[HEADING, ABSENT], json.dumps([ABSENT, HEADING])])
    def test_they_are_saved_unchanged(self, stored):
        field = StreamField("body")
        value = field.to_python(stored)
        assert len(list(value)) == 2  # reading the children changes nothing
        expected = json.loads(stored) if isinstance(stored, str) else stored
        assert field.get_prep_value(value) == expected

    def test_they_are_kept_by_the_editors_form(self):
        block = StreamField("body").stream_block
        value = block.to_python([ABSENT])
        (state,) = block.get_form_state(value)
        form = {
            "body-count": "1",
            "body-0-deleted": "",
            "body-0-order": "0",
            "body-0-type": state["type"],
            "body-0-id": state["id"],
            "body-0-value": state["value"],
        }
        cleaned = block.clean(block.value_from_datadict(form, {}, "body"))
        assert block.get_prep_value(cleaned) == [ABSENT]

    @pytest.mark.parametrize(
        "posted", ["", "{", "[]", '{"type": 3, "value": 1}', '{"type": "text", "value": {}}']
    )
    def test_a_forged_one_is_removed(self, posted):
        block = StreamField("body").stream_block
        form = {
            "body-count": "1",
            "body-0-deleted": "",
            "body-0-order": "0",
            "body-0-type": "unavailable",
            "body-0-id": "x",
            "body-0-value": posted,
        }
        assert block.get_prep_value(block.value_from_datadict(form, {}, "body")) == []

    def test_they_are_restored_with_their_app(self):
        field = StreamField("body")
        stored = field.get_prep_value(field.to_python([ABSENT]))
        registry.register(
            "budget_chart", lambda: wagtail_blocks.StructBlock([("dataset", wagtail_blocks.CharBlock())])
        )
        (child,) = field.to_python(stored)
        assert child.value["dataset"] == "iq-2026"

    def test_they_are_kept_by_saving_and_publishing_a_revision(self, make_page):
        page = make_page(("heading", HEADING["value"]), ("budget_chart", ABSENT["value"]))
        page.body.insert(0, ("note", {"level": "info", "title": "جديد", "body": "<p>نص</p>"}))
        page.save_revision().publish()
        stored = ContentPage.objects.filter(pk=page.pk).values_list("body", flat=True)[0]
        raw = ContentPage._meta.get_field("body").get_prep_value(stored)
        assert [item["type"] for item in raw] == ["note", "heading", "budget_chart"]
        assert raw[2]["value"] == ABSENT["value"]

    def test_a_stream_value_can_be_pickled(self, make_page):
        page = make_page(("budget_chart", ABSENT["value"]), ("heading", HEADING["value"]))
        again = pickle.loads(pickle.dumps(page.body))
        field = ContentPage._meta.get_field("body")
        assert field.get_prep_value(again) == field.get_prep_value(page.body)


def test_a_data_migration_renames_a_block_in_stored_content():
    """docs/blocks.md: Wagtail's operations work on the stored JSON, also when the old name is not registered."""
    operation = RenameStreamChildrenOperation(old_name="alert", new_name="note")
    stored = [{"type": "alert", "value": {"title": "قديم"}, "id": "n0"}]
    changed = apply_changes_to_raw_data(stored, "", operation, ContentPage.body)
    assert [item["type"] for item in changed] == ["note"]
    assert StreamField("body").to_python(changed)[0].value["title"] == "قديم"
