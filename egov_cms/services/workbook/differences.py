"""The changes of a report as people read them: per service, the name of the field, before and after."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from egov_cms.language import TranslatedText, format_number, native_name
from egov_cms.services.answers import ANSWERABLE
from egov_cms.services.importing.compare import ORDER
from egov_cms.services.models import ServicePage
from egov_cms.services.models.service import ROWS


@dataclass
class Line:
    """One changed value; `before` or `after` is empty where there was or will be nothing."""

    label: str
    language: str
    before: str
    after: str


@dataclass
class Service:
    """The lines of one service; `new` when the import makes it."""

    code: str
    new: bool = False
    title: TranslatedText = field(default_factory=TranslatedText)
    lines: list[Line] = field(default_factory=list)


def by_service(report: dict) -> list[Service]:
    """From the JSON form of a report. New services first, then changed ones, in the order of the file."""
    found = {code: Service(code, new=True) for code in report.get("created", ())}
    found |= {code: Service(code) for code in report.get("changed", ())}
    for change in report.get("changes", ()):
        if change["item"] in found:
            service = found[change["item"]]
            service.lines += _lines(change)
            if service.new and change["field"] == "title":
                service.title[change["locale"]] = change["after"]
    return list(found.values())


def with_titles(services: list[Service]) -> list[Service]:
    """Name those that have pages as the pages are called now; one query for all."""
    found = {service.code: service for service in services}
    pages = ServicePage.objects.filter(alias_of=None, service_code__in=found)
    for code, language, title in pages.values_list("service_code", "locale__language_code", "draft_title"):
        found[code].title[language] = title
    return services


def _lines(change):
    if change["field"] == "not_applicable":
        before, after = change["before"] or {}, change["after"] or {}
        for name in dict.fromkeys([*before, *after]):
            if before.get(name) != after.get(name):
                label = f"{_label('not_applicable')} ({ANSWERABLE.get(name, name)})"
                yield Line(label, "", before.get(name, ""), after.get(name, ""))
        return
    name = change["field"]
    language = native_name(change["locale"]) if _is_word(name) else ""
    yield Line(_label(name), language, _shown(name, change["before"]), _shown(name, change["after"]))


def _parts(name):
    """(relation, key, column) of a name; relation "" for the service itself."""
    relation, _dot, rest = name.partition(".")
    if relation not in ROWS:
        return "", "", name
    key, _dot, column = rest.partition(".")
    return relation, key, column


def _is_word(name):
    relation, _key, column = _parts(name)
    return column in (ROWS[relation].word_fields if relation else ServicePage.word_fields)


def _label(name) -> str:
    relation, key, column = _parts(name)
    if not relation:
        return capfirst(str(ServicePage._meta.get_field(column).verbose_name))
    model = ROWS[relation]
    if key == ORDER and not column:
        return _("%(rows)s: order") % {"rows": capfirst(str(model._meta.verbose_name_plural))}
    row = f"{capfirst(str(model._meta.verbose_name))} {key}"
    return f"{row}: {model._meta.get_field(column).verbose_name}" if column else row


def _shown(name, value) -> str:
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return _(", ").join(map(str, value))
    relation, key, column = _parts(name)
    if relation and key == ORDER:
        return str(value)
    if relation and not column:
        return str(value)
    model_field = (ROWS[relation] if relation else ServicePage)._meta.get_field(column)
    if model_field.choices:
        return str(dict(model_field.flatchoices).get(value, value))
    if isinstance(value, int):
        return format_number(value)
    return str(value)
