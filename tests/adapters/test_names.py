"""Names that the suite hands to Wagtail as text: templates, blocks of templates, addresses, actions of the log."""

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest
import wagtail
from django.contrib.staticfiles import finders
from django.urls import URLResolver, get_resolver
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.log_actions import registry

from . import sources

pytestmark = pytest.mark.contract

BLOCK = re.compile(r"{%\s*block\s+(\w+)")
EXTENDS = re.compile(r'{%\s*extends\s+"([^"]+)"')
URL = re.compile(r"""{%\s*url\s+["'](wagtail[\w:]+)["']""")


@cache
def templates_of(*roots) -> dict[str, Path]:
    """Name → file of the templates below some folders."""
    folders = [folder for root in roots for folder in Path(root).glob("**/templates") if folder.is_dir()]
    return {
        str(file.relative_to(folder)): file
        for folder in folders
        for file in folder.rglob("*.*")
        if file.is_file()
    }


def theirs():
    return templates_of(Path(wagtail.__file__).parent)


def ours():
    return {file: name for room in sources.ROOMS for name, file in templates_of(sources.ROOT / room).items()}


def blocks_of(name):
    """The blocks that one of Wagtail's templates has, its own and those of what it extends."""
    text = theirs()[name].read_text(encoding="utf-8")
    above = EXTENDS.search(text)
    return {*BLOCK.findall(text), *(blocks_of(above[1]) if above else ())}


def extending():
    for file, name in ours().items():
        text = file.read_text(encoding="utf-8")
        above = EXTENDS.search(text)
        if above and above[1].startswith("wagtail"):
            yield name, above[1], set(BLOCK.findall(text))


EXTENDING = list(extending())


@pytest.mark.parametrize(
    ("name", "above", "blocks"), EXTENDING, ids=[f"{one}<{two}" for one, two, _ in EXTENDING]
)
def test_templates_fill_blocks_that_wagtail_has(name, above, blocks):
    assert above in theirs(), f"{above} is gone"
    assert blocks - blocks_of(above) == set()


def test_templates_in_place_of_wagtails_have_one_to_replace():
    replacing = {name for name in ours().values() if name.startswith("wagtail")}
    assert replacing
    assert replacing - theirs().keys() == set()


def test_a_yes_or_no_is_drawn_by_the_template_that_is_replaced():
    column = BooleanColumn("is_public")
    assert column.cell_template_name == "wagtailadmin/tables/boolean_cell.html"
    context = column.get_cell_context_data(
        type("Row", (), {"is_public": True}), {"row": None, "table": None, "request": None}
    )
    assert context["value"] is True
    assert context["column"] is column


def test_the_browsers_script_of_streams_stands_on_one_of_wagtails():
    ours_ = Path(finders.find("egov_blocks/stream.js")).read_text(encoding="utf-8")
    bundle = Path(finders.find("wagtailadmin/js/telepath/blocks.js")).read_text(encoding="utf-8")
    names = re.findall(r"\b(StreamBlock\w*)\b", ours_)
    assert names
    assert all(name in bundle for name in names)


@cache
def addresses() -> set[str]:
    return set(_names(get_resolver(), ""))


def _names(resolver, space):
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _names(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space)
        elif pattern.name:
            yield f"{space}{pattern.name}"


def strings(pattern):
    """String constants of the suite that match a pattern as a whole, with their places."""
    for file, tree in sources.sources().items():
        if "settings" in file.parts:
            continue
        for node in sources.ast.walk(tree):
            value = getattr(node, "value", None)
            if (
                isinstance(node, sources.ast.Constant)
                and isinstance(value, str)
                and re.fullmatch(pattern, value)
            ):
                yield sources.place(file, node), value


def test_addresses_of_the_admin_have_the_names_by_which_they_are_asked_for():
    asked = {value for _place, value in strings(r"wagtailadmin\w*(:\w+)?|wagtail_serve")}
    asked |= {name for file in ours() for name in URL.findall(file.read_text(encoding="utf-8"))}
    apps = {"wagtailadmin"}
    assert len(asked) > 8
    assert {name for name in asked - apps if not name.endswith("_tags")} - addresses() == set()


def test_actions_are_logged_under_wagtails_names():
    """Other strings of this form name one of Wagtail's modules."""
    actions = {name for name, _label in registry.get_choices()}
    used = {value for _place, value in strings(r"wagtail(\.[a-z_]+)+")}
    assert {"wagtail.publish", "wagtail.publish.scheduled"} < used
    assert [name for name in used - actions if find_spec(name) is None] == []
