"""What the models refuse of a page and its rows, without queries.

`full_clean` runs one for every foreign key and every unique column; an import has read all of these records already.
"""

from __future__ import annotations

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models

from egov_cms.services.models.service import ROWS
from egov_cms.site.models.base import validate_ascii_slug_of

# Set when the page is put below its parent.
TREE_FIELDS = {"path", "depth", "numchild", "url_path"}


def page_problems(page) -> list[tuple[str, str, str]]:
    """Field, message and code of every error in the page's own columns."""
    page.fill_in_defaults()
    page.number_rows()
    found = _problems(page.clean_fields, exclude=_skipped(page) | TREE_FIELDS)
    return found + _problems(lambda: validate_ascii_slug_of(page)) + _problems(page.clean_facts)


def row_problems(page) -> list[tuple[str, str, str]]:
    """The same for the rows, named `fees.F1.amount_minor`."""
    found = []
    for relation, model in ROWS.items():
        skipped = {"page", *_skipped(model)}
        for row in getattr(page, relation).all():
            problems = _problems(row.clean_fields, exclude=skipped) + _problems(row.clean)
            found += [
                (f"{relation}.{row.key}{'.' * bool(name)}{name}", message, code)
                for name, message, code in problems
            ]
    return found


def _skipped(model) -> set[str]:
    return {field.name for field in model._meta.concrete_fields if isinstance(field, models.ForeignKey)}


def _problems(validate, **options) -> list[tuple[str, str, str]]:
    try:
        validate(**options)
    except ValidationError as refused:
        if not hasattr(refused, "error_dict"):
            return [("", message, refused.code or "invalid") for message in refused.messages]
        return [
            ("" if name == NON_FIELD_ERRORS else name, message, error.code or "invalid")
            for name, errors in refused.error_dict.items()
            for error in errors
            for message in error.messages
        ]
    return []
