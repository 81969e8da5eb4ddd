"""Only `egov_cms.language` makes the dates and numbers that people read."""

import re

import pytest

from tests.conftest import REPOSITORY

ROOMS = ("egov_cms", "blocks", "transparency", "open_data", "site_template")
TEMPLATES = {".html", ".txt", ".xml", ".jinja"}

FILTERS = (
    "date|time|floatformat|intcomma|intword|ordinal|apnumber|naturalday|naturaltime|timesince|timeuntil"
    "|filesizeformat|localize|unlocalize|stringformat"
)
IN_TEMPLATES = re.compile(
    rf"""\{{[{{%][^}}]*\|\s*(?:{FILTERS})\b     # a filter of Django's
    | \{{%\s*load\b[^%]*\b(?:humanize|l10n)\b   # its libraries
    | \{{%\s*(?:now|localize)\b                 # its tags
    """,
    re.VERBOSE,
)
IN_PYTHON = re.compile(
    # As a function: a column or cell of `tabular` has a `number_format` for the spreadsheet; the number itself stays one.
    r"""\b(?:date_format|time_format|formats\.number_format|number_format\(|import\ number_format
        |intcomma|intword|floatformat|naturaltime|naturalday|timesince
        |timeuntil|filesizeformat|localize_input)\b
    | \bcontrib\.humanize\.templatetags\b
    | \bstrftime\(\s*f?["'][^"']*(?:%[-_]?[aAbBcpxX]|%[-_]?d[/.-]%[-_]?m|%[-_]?m/%)
    | \{[^{}"']*:\s*,[.0-9]*[dfn]?\}  # f"{amount:,}"
    """,
    re.VERBOSE,
)


def offences(room):
    for path in sorted((REPOSITORY / room).rglob("*")):
        inside = path.relative_to(REPOSITORY)
        if not path.is_file() or inside.is_relative_to("egov_cms/language") or "migrations" in inside.parts:
            continue
        pattern = IN_PYTHON if path.suffix == ".py" else IN_TEMPLATES if path.suffix in TEMPLATES else None
        if pattern is None:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if found := pattern.search(line):
                yield f"{inside}:{number}: {found[0].strip()}"


@pytest.mark.parametrize("room", ROOMS)
def test_nothing_else_formats_dates_or_numbers(room):
    found = list(offences(room))
    assert not found, "Use egov_cms.language (templates: {% load egov_language %}):\n" + "\n".join(found)


@pytest.mark.parametrize(
    "line",
    [
        "{{ page.date|date:'j F Y' }}",
        "{% if x|floatformat:2 == 1 %}",
        "{% load i18n humanize %}",
        '{% now "Y" %}',
        "{{ size|filesizeformat }}",
    ],
)
def test_what_templates_may_not_do_is_found(line):
    assert IN_TEMPLATES.search(line)


@pytest.mark.parametrize(
    "line",
    [
        "from django.utils.formats import date_format",
        'day.strftime("%d %B %Y")',
        'day.strftime("%d/%m/%Y")',
        'f"{amount:,}"',
        'f"{amount:,.2f}"',
        "from django.contrib.humanize.templatetags.humanize import intcomma",
    ],
)
def test_what_code_may_not_do_is_found(line):
    assert IN_PYTHON.search(line)


@pytest.mark.parametrize(
    "line",
    [
        'day.strftime("%Y-%m-%d")',
        'f"{name}: {value}, {other}"',
        "day.isoformat()",
        "{'a': 1, 'b': 2}",
        'f"{code:03}"',
    ],
)
def test_what_machines_read_is_allowed(line):
    assert not IN_PYTHON.search(line)


@pytest.mark.parametrize(
    "line", ["{{ page.date|day }}", "{{ amount|money }}", '<time datetime="{{ day.isoformat }}">']
)
def test_the_library_of_this_room_is_allowed(line):
    assert not IN_TEMPLATES.search(line)
