"""The examples of the pattern page: reads `data/patterns.yaml` in one language and renders the components."""

from functools import cache
from pathlib import Path

import yaml
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from egov_cms.language import alphabet, direction, format_money, format_number, native_name
from egov_cms.look import charts

DATA = Path(__file__).parent / "data" / "patterns.yaml"
# Components of the layout, which are on every page and therefore on the pattern page too.
IN_LAYOUT = {
    "brand",
    "breadcrumbs",
    "footer",
    "illustrative",
    "language_bar",
    "menu",
    "skip_link",
    "toc",
}


def sections(locale):
    """The components as a list of {"name", "title", "html"} in `locale`, in the order of the file."""
    return [
        {
            "name": pattern["name"],
            "title": in_locale(pattern["title"], locale),
            "html": _rendered(pattern, locale),
        }
        for pattern in _data()["patterns"]
    ]


def chrome(locale, codes, url):
    """The `chrome` of an imaginary page in the languages `codes` at the URLs `url(code)`."""
    languages = [
        {
            "code": code,
            "name": native_name(code),
            "dir": direction(code),
            "url": url(code),
            "current": code == locale,
        }
        for code in codes
    ]
    return {**in_locale(_data()["chrome"], locale), "languages": languages}


def in_locale(node, locale):
    """A node of the file with its texts in `locale` and its typed values (`{money: 75000}`) formatted."""
    if isinstance(node, list):
        return [in_locale(item, locale) for item in node]
    if not isinstance(node, dict):
        return node
    if node.keys() == {"ar", "ckb", "en"}:
        return node[locale]
    if len(node) == 1 and (kind := next(iter(node))) in _FORMATTERS:
        return _FORMATTERS[kind](in_locale(node[kind], locale), locale)
    return {key: in_locale(value, locale) for key, value in node.items()}


def _picture(alt, locale):
    return format_html(
        '<svg viewBox="0 0 600 220" width="600" height="220" role="img" aria-label="{}">'
        '<path d="M40 200V90l60-60h400l60 60v110zM220 200v-70a80 80 0 01160 0v70" fill="none" '
        'stroke="currentColor" stroke-width="4"/></svg>',
        alt,
    )


_FORMATTERS = {
    "html": lambda value, locale: mark_safe(value),  # noqa: S308 (from `data/patterns.yaml`)
    "money": lambda value, locale: format_html("<bdi>{}</bdi>", format_money(value, locale=locale)),
    "number": lambda value, locale: format_html("<bdi>{}</bdi>", format_number(value, locale=locale)),
    "raw_date": lambda value, locale: value,
    "alphabet": lambda value, locale: [
        {"letter": letter, "url": None if place % 7 == 5 else "#"}
        for place, letter in enumerate(alphabet(locale))
    ],
    "bars": lambda bars, locale: charts.bar_chart([charts.Bar(**bar) for bar in bars], locale),
    "bar": lambda value, locale: charts.bar(value["of"], value["highest"], locale=locale),
    "picture": _picture,
}


def _rendered(pattern, locale):
    before, after = pattern.get("wrap", ("", ""))
    template = f"egov/components/{pattern['name']}.html"
    examples = pattern.get("examples") or [pattern["with"]]
    parts = [render_to_string(template, in_locale(example, locale)) for example in examples]
    return mark_safe(before + "\n".join(parts) + after)  # noqa: S308 (rendered templates)


@cache
def _data():
    return yaml.safe_load(DATA.read_text("utf-8"))
