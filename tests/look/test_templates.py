import re
from pathlib import Path

import pytest
from django.template.loader import get_template, render_to_string
from django.utils import translation

import egov_cms.look
from egov_cms.look import patterns

TEMPLATES = Path(egov_cms.look.__file__).parent / "templates"
COMPONENTS = sorted((TEMPLATES / "egov" / "components").glob("*.html"))
# Parts of field.html and facets.html.
PARTS = {"field_state"}


@pytest.mark.parametrize("locale", ["ar", "ckb", "en"])
def test_every_input_has_a_label(locale):
    with translation.override(locale):
        for section in patterns.sections(locale):
            for control in re.findall(r"<(?:input|select|textarea)\b[^>]*>", section["html"]):
                if 'type="hidden"' in control or 'tabindex="-1"' in control or 'type="checkbox"' in control:
                    continue
                identity = re.search(r'\bid="([^"]+)"', control)[1]
                assert f'<label for="{identity}"' in section["html"] or (
                    f'for="{identity}"' in section["html"]
                ), control


def test_the_pattern_page_shows_every_component():
    shown = {section["name"] for section in patterns.sections("en")} | patterns.IN_LAYOUT | PARTS
    assert shown == {path.stem for path in COMPONENTS}


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_a_component_without_variables_does_not_break_the_page(path):
    get_template(f"egov/components/{path.name}").render({})


@pytest.mark.parametrize("locale", ["ar", "ckb", "en"])
def test_components_escape_their_variables(locale):
    evil = "<script>alert(1)</script>\"'"
    variables = {
        "text": evil,
        "title": evil,
        "url": evil,
        "label": evil,
        "facts": [{"label": evil, "value": evil, "note": evil}],
        "items": [
            {"title": evil, "how": evil, "note": evil, "url": evil, "body": evil, "term": evil, "value": evil}
        ],
        "steps": [{"title": evil, "meta": evil, "body": evil}],
        "summary": evil,
        "meta": [evil],
        "lang": evil,
        "dir": evil,
        "phones": [evil],
        "emails": [evil],
        "address": evil,
        "name": evil,
        "query": evil,
        "id": evil,
        "level": 2,
    }
    with translation.override(locale):
        for path in COMPONENTS:
            assert "<script" not in render_to_string(f"egov/components/{path.name}", variables), path.stem


def test_the_layout_renders_without_chrome():
    with translation.override("ar"):
        html = render_to_string("egov/layout.html", {})
    assert '<main id="main"' in html and '<html lang="ar" dir="rtl">' in html
    assert "<nav" not in html and "<footer" not in html


def test_the_server_error_page_needs_no_context_and_has_three_languages():
    html = get_template("500.html").render()
    for code in ("ar", "ckb", "en"):
        assert f'lang="{code}"' in html
