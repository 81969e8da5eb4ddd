"""The modules that a ministry chooses: what `modules` of ministry.yaml may name, and what each of them installs.

A new module is one entry of `MODULES` and an extra of the same name in pyproject.toml. Settings are made of this
list, so nothing here needs them.
"""

from dataclasses import dataclass
from pathlib import Path

import yaml
from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True)
class Module:
    """`name`: in ministry.yaml, and as an extra of the distribution. `apps`: its part of INSTALLED_APPS, in order.

    `libraries`: what its extra brings, by the names under which they are imported. `released`: this release holds it.
    """

    name: str
    apps: tuple[str, ...]
    libraries: tuple[str, ...] = ()
    released: bool = True


MODULES = (
    Module("services", ("egov_cms.services",), ("segno",)),
    Module("budget", ("transparency.budget",), released=False),
    Module("disclosure", ("transparency.disclosure",), released=False),
    Module("contracts", ("transparency.contracts",), released=False),
    Module("open_data", ("open_data.catalogue", "open_data.tables"), released=False),
)
# What a ministry.yaml without the key `modules` means.
DEFAULT = ("services",)

UNKNOWN, NOT_RELEASED = "unknown", "not_released"
SENTENCES = {
    UNKNOWN: "Unknown module “{name}”. Modules are: {allowed}.",
    NOT_RELEASED: "The module “{name}” is not in this release yet. Modules of this release are: {allowed}.",
}


class ModulesError(ImproperlyConfigured):
    """A ministry.yaml whose modules cannot be installed; the message names the file and the lines."""


def released():
    """The names of the modules that this release holds."""
    return tuple(module.name for module in MODULES if module.released)


def check_modules(value):
    """(names in the order of `MODULES`, problems) of what ministry.yaml says: a list of names, or name → true or false.

    A problem is (place, code, name, allowed): its key or index in `value`, UNKNOWN or NOT_RELEASED, the name that was
    given, and the names that are possible.
    """
    if value is None:
        return list(DEFAULT), []
    if isinstance(value, dict):
        given = [(name, name) for name, wanted in value.items() if wanted]
    else:
        given = list(enumerate(value)) if isinstance(value, list) else [(None, value)]
    every = tuple(module.name for module in MODULES)
    problems = [
        (place, UNKNOWN, str(name), every) if name not in every else (place, NOT_RELEASED, name, released())
        for place, name in given
        if name not in released()
    ]
    named = [name for _place, name in given]
    return [name for name in released() if name in named], problems


def ministry_modules(path):
    """The names of the modules in the ministry.yaml at `path`. Raises ModulesError.

    All else in the file is checked by `seed_site` (`egov_cms.site.ministry`), which can speak the reader's language.
    """
    path = Path(path)
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ModulesError(f"{path} cannot be read: {error}") from error
    node = next((each for key, each in _entries(root) if key.value == "modules"), None)
    if node is None:
        return list(DEFAULT)
    names, problems = check_modules(yaml.safe_load(yaml.serialize(node)))
    if problems:
        lines = _lines(node)
        raise ModulesError(
            "\n".join(
                f"{path}:{lines.get(place, lines[None])}: "
                + SENTENCES[code].format(name=name, allowed=", ".join(allowed))
                for place, code, name, allowed in problems
            )
        )
    return names


def _entries(node):
    return node.value if isinstance(node, yaml.MappingNode) else []


def _lines(node):
    """Place, as in `check_modules` → number of its line."""
    lines = {None: node.start_mark.line + 1}
    lines |= {key.value: key.start_mark.line + 1 for key, _value in _entries(node)}
    if isinstance(node, yaml.SequenceNode):
        lines |= {place: item.start_mark.line + 1 for place, item in enumerate(node.value)}
    return lines
