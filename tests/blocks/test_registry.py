"""The registry: streams, order, groups, duplicate names, blocks of apps that are added and removed."""

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from wagtail import blocks as wagtail_blocks
from wagtail.blocks import Block

from blocks import registry
from blocks.checks import check_registry
from blocks.fields import StreamField


class Chart(wagtail_blocks.StructBlock):
    title = wagtail_blocks.CharBlock()


class Map(wagtail_blocks.StructBlock):
    title = wagtail_blocks.CharBlock()


@pytest.fixture(autouse=True)
def as_it_was():
    with registry.restored():
        yield


def names(stream):
    return [name for name, _ in registry.stream(stream)]


def test_three_streams_are_named_and_the_service_stream_is_limited():
    assert registry.names() == ["body", "home", "service"]
    assert names("service") == ["text", "note", "faq", "table"]
    assert set(names("service")) < set(names("home"))


def test_blocks_are_sorted_by_group_and_order():
    registry.register("chart", Chart, group="facts", order=15)
    registry.register("own", Map, group="Own group")
    assert names("body").index("figures") + 1 == names("body").index("chart")
    assert names("body")[-1] == "own"
    groups = [str(block.meta.group) for _, block in registry.stream("body")]
    assert groups == sorted(groups, key=groups.index)
    assert len(set(groups)) == len([g for i, g in enumerate(groups) if i == 0 or groups[i - 1] != g])


def test_a_registered_block_appears_in_fields_that_were_used_before():
    field = StreamField("body")
    assert "chart" not in field.stream_block.child_blocks
    registry.register("chart", Chart)
    assert "chart" in field.stream_block.child_blocks


def test_a_registered_block_has_a_default_preview_template():
    registry.register("chart", Chart)
    assert dict(registry.stream("body"))["chart"].meta.preview_template == "egov_blocks/preview.html"


def test_a_block_can_be_limited_in_number_and_unregistered():
    registry.register("chart", Chart, max_num=2)
    assert StreamField("body").stream_block.meta.block_counts["chart"] == {"max_num": 2}
    registry.unregister("chart", ["body"])
    assert "chart" not in names("body")


def test_the_first_of_two_blocks_with_one_name_is_used_and_a_check_names_both():
    registry.register("chart", Chart)
    registry.register("chart", Map)
    assert isinstance(dict(registry.stream("body"))["chart"], Chart)
    (error,) = check_registry(None)
    assert error.id == "egov.E101"
    assert "Chart" in error.msg and "Map" in error.msg and "body" in error.msg


def test_registering_the_same_block_again_is_no_clash():
    registry.register("chart", Chart)
    registry.register("chart", Chart)
    assert check_registry(None) == []


def test_one_name_can_be_different_blocks_in_different_streams():
    registry.register("chart", Chart, fields=("body",))
    registry.register("chart", Map, fields=("home",))
    assert check_registry(None) == []


def test_a_factory_that_returns_no_block_is_an_error():
    registry.register("chart", lambda: "chart")
    assert [error.id for error in check_registry(None)] == ["egov.E103"]


def test_a_stream_cannot_be_built_while_apps_are_loading(monkeypatch):
    monkeypatch.setattr(apps, "ready", False)
    with pytest.raises(ImproperlyConfigured, match="before all apps"):
        registry.stream("body")


def test_every_process_finds_a_block_of_the_editors_preview_under_the_same_id():
    registry.define()
    first = {key for key in Block.definition_registry if key.startswith("blockdef-egov-")}
    registry.define()
    assert {key for key in Block.definition_registry if key.startswith("blockdef-egov-")} == first
    assert Block.definition_registry["blockdef-egov-body-note"].name == "note"


def test_the_suites_registrations_pass_the_checks():
    assert check_registry(None) == []
