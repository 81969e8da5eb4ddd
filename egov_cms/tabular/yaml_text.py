"""YAML text to plain mappings that remember their line, refusing what YAML would silently lose or blow up."""

from __future__ import annotations

from pathlib import Path
from typing import Any, BinaryIO

import yaml
from django.utils.translation import gettext as _

from egov_cms.tabular.files import open_binary
from egov_cms.tabular.limits import DEFAULT_LIMITS, Limits
from egov_cms.tabular.unreadable import UnreadableFile

BASE = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_OPENING = (yaml.MappingStartEvent, yaml.SequenceStartEvent)
_CLOSING = (yaml.MappingEndEvent, yaml.SequenceEndEvent)


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
            raise _refused(_("A name must be a plain word."), "not_a_name", key_node.start_mark)
        if key in data:
            message = _("“%(key)s” is given twice in the same place.") % {"key": key}
            raise _refused(message, "duplicate", key_node.start_mark)
        data[key] = loader.construct_object(value_node, deep=True)


_Loader.add_constructor("tag:yaml.org,2002:map", _construct_mapping)


def load_yaml(source: Path | bytes | BinaryIO, limits: Limits = DEFAULT_LIMITS) -> Any:
    """The value in `source`, UTF-8; its mappings are `Mapping`s.

    Raises UnreadableFile with the line: `not_text`, `not_yaml`, `duplicate`, `not_a_name`, `aliases`, `deep_nesting`,
    `too_large`, `empty`.
    """
    file = open_binary(source, Limits(file_bytes=min(limits.document_bytes, limits.file_bytes)))
    try:
        data = file.read()
    finally:
        if file is not source:
            file.close()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise UnreadableFile(_("The file is not text in UTF-8."), "not_text", line=line) from error
    try:
        _check_events(text, limits.depth)
        return yaml.load(text, Loader=_Loader)  # noqa: S506 (a subclass of the safe loader)
    except yaml.MarkedYAMLError as error:
        message = _("This is not valid YAML: %(problem)s") % {"problem": error.problem or error.context}
        raise _refused(message, "not_yaml", error.problem_mark or error.context_mark) from error
    except UnreadableFile:
        raise
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        message = _("This is not valid YAML: %(problem)s") % {"problem": error}
        raise UnreadableFile(message, "not_yaml") from error


def _check_events(text, most):
    """Aliases and deep nesting, before anything is built.

    An alias may stand for a copy of everything before it: ten lines can unpack to gigabytes. Building calls itself once
    for each level in C, where nothing stops it: 200 kB of brackets end the process.
    """
    depth = 0
    for event in yaml.parse(text, Loader=BASE):
        if isinstance(event, yaml.AliasEvent):
            raise _refused(_("References (*name) are not accepted."), "aliases", event.start_mark)
        if isinstance(event, _OPENING):
            depth += 1
            if depth > most:
                message = _("The file is nested deeper than can be read; the limit is %(most)s.")
                raise _refused(message % {"most": most}, "deep_nesting", event.start_mark)
        elif isinstance(event, _CLOSING):
            depth -= 1


def _refused(message, code, mark):
    return UnreadableFile(message, code, line=mark.line + 1 if mark else 0)
