"""YAML text to plain mappings that remember their line, refusing what YAML would silently lose or blow up."""

from __future__ import annotations

import yaml
from django.utils.translation import gettext as _

LARGEST_FILE = 20 * 1024 * 1024
BASE = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class YamlProblem(ValueError):
    """The text is no YAML that we accept; `line` counts from 1, 0 when unknown."""

    def __init__(self, message, line=0):
        super().__init__(message)
        self.line = line


class Mapping(dict):
    """A mapping with the line on which it begins."""

    line = 0


class _Loader(BASE):
    """A safe loader that refuses a key given twice (YAML keeps only the last) and records lines."""


def _construct_mapping(loader, node):
    data = Mapping()
    data.line = node.start_mark.line + 1
    yield data
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str | int | float | bool | None):
            raise YamlProblem(_("A name must be a plain word."), key_node.start_mark.line + 1)
        if key in data:
            message = _("“%(key)s” is given twice in the same place.") % {"key": key}
            raise YamlProblem(message, key_node.start_mark.line + 1)
        data[key] = loader.construct_object(value_node, deep=True)


_Loader.add_constructor("tag:yaml.org,2002:map", _construct_mapping)


def load(data: bytes):
    """The value in `data` (UTF-8). Raises YamlProblem with the line for anything that is not accepted."""
    if len(data) > LARGEST_FILE:
        raise YamlProblem(_("The file is larger than 20 MB."))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise YamlProblem(_("The file is not text in UTF-8."), line) from error
    try:
        # An alias may stand for a copy of everything before it: ten lines can unpack to gigabytes.
        for event in yaml.parse(text, Loader=BASE):
            if isinstance(event, yaml.AliasEvent):
                raise YamlProblem(_("References (*name) are not accepted."), event.start_mark.line + 1)
        return yaml.load(text, Loader=_Loader)  # noqa: S506 (a subclass of the safe loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        message = _("This is not valid YAML: %(problem)s") % {"problem": error.problem or error.context}
        raise YamlProblem(message, mark.line + 1 if mark else 0) from error
    except yaml.YAMLError as error:
        raise YamlProblem(_("This is not valid YAML: %(problem)s") % {"problem": error}) from error
    except (RecursionError, ValueError) as error:
        if isinstance(error, YamlProblem):
            raise
        raise YamlProblem(_("This is not valid YAML: %(problem)s") % {"problem": error}) from error
