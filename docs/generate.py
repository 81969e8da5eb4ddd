"""Writes docs/reference.md, docs/openapi.json, docs/api.md and the signatures of docs/extension-points.md: `make docs`.

Tests fail when they are behind the code.
"""

import ast
import inspect
import json
import re
import sys
import textwrap
from importlib import import_module
from pathlib import Path
from pkgutil import resolve_name

HERE = Path(__file__).resolve().parent
OURS = ("egov_cms.", "blocks", "transparency", "open_data")
HEAD = """# Commands

Every management command of the suite, with its options. Written by `make docs`; do not edit.

Imports write all of a file or nothing. They end with status 0 only when nothing was refused.
"""

CONSOLE = """# The command `egov-cms`

It comes with the installation and needs no project. `egov-cms --version` says the release. The commands below are not in
this release yet: they say so, change nothing and end with status 2.
"""


def commands():
    """Name → (app, command) of every management command of the suite, installed in the demonstration."""
    from django.core.management import get_commands, load_command_class

    return {
        name: (app, load_command_class(app, name))
        for name, app in sorted(get_commands().items())
        if str(app).startswith(OURS)
    }


def reference():
    """The text of docs/reference.md."""
    parts = [HEAD]
    for name, (app, command) in commands().items():
        parser = command.create_parser("manage.py", name)
        own = type(command)
        lines = [f"## `{name}`", f"{own.help.strip()} ({app})", ""]
        options = [action for action in parser._actions if action.dest not in _django_options()]
        if options:
            lines += ["| option | |", "| --- | --- |"]
            lines += [f"| {_spelling(action)} | {_help(action)} |" for action in options]
        parts.append("\n".join(lines).rstrip() + "\n")
    return "\n".join([*parts, CONSOLE, *console()])


def console():
    """A part for each command of `egov-cms`."""
    from egov_cms.cli import WORDS, parser

    (commands,) = (action for action in parser(WORDS["en"])._actions if action.choices)
    for name, command in commands.choices.items():
        options = [action for action in command._actions if action.dest != "help"]
        rows = "\n".join(f"| {_spelling(action)} | {_help(action)} |" for action in options)
        summary = command.description[0].upper() + command.description[1:]
        yield f"## `egov-cms {name}`\n{summary}.\n\n| option | |\n| --- | --- |\n{rows}\n"


def _django_options():
    from django.core.management.base import BaseCommand

    return {action.dest for action in BaseCommand().create_parser("manage.py", "x")._actions}


def _spelling(action):
    value = action.metavar or action.dest.upper().replace("_", "-")
    if not action.option_strings:
        value = "|".join(action.choices).replace("|", "\\|") if action.choices else value
        return f"`{value}`"
    if action.nargs == 0:
        return f"`{action.option_strings[-1]}`"
    if action.choices:
        value = "|".join(map(str, action.choices)).replace("|", "\\|")
    return f"`{action.option_strings[-1]} {value}`"


def _help(action):
    return " ".join((action.help or "").split()).replace("|", "\\|")


POINT = re.compile(r"^### `([\w.]+)`\n(?:```\n.*?```\n)?", re.MULTILINE | re.DOTALL)
GENERATED = re.compile(r"(<!-- (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def extension_points(text):
    """The text of docs/extension-points.md with signatures, blocks and components as the code has them now."""
    text = POINT.sub(lambda match: f"### `{match[1]}`\n```\n{signature(match[1])}\n```\n", text)
    lists = {"layout_blocks": layout_blocks, "components": components}
    return GENERATED.sub(lambda match: f"{match[1]}{lists[match[2]]()}\n{match[3]}", text)


def signature(path):
    """How the thing at an import path is called, written or overridden, in the words of its source."""
    owner, _, name = path.rpartition(".")
    value = getattr(owner := resolve_name(owner), name)
    if type(value).__name__ == "Policy":
        asked = "()" if inspect.isclass(value.default) else inspect.signature(value.default)
        return f"{name}.register(function)\n{name}{asked}"
    if type(value).__name__ == "Signal":
        return f"{name} = Signal()"
    if inspect.isclass(value):
        return _signature_of_class(value)
    if callable(value):
        return _signature_of_function(value)
    return _signature_of_attribute(owner, name)


def _parsed(thing):
    return ast.parse(textwrap.dedent(inspect.getsource(thing))).body[0]


def _signature_of_function(function):
    node = _parsed(inspect.unwrap(function))
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    return f"{node.name}({ast.unparse(node.args)}){returns}"


def _signature_of_class(cls):
    """A dataclass as it is called; another class with its bases, as it is derived from."""
    node = _parsed(cls)
    if "__dataclass_fields__" in vars(cls):
        fields = (each for each in node.body if isinstance(each, ast.AnnAssign))
        lines = ",\n".join(f"    {ast.unparse(each)}" for each in fields)
        return f"{node.name}(\n{lines},\n)"
    bases = ", ".join(ast.unparse(base) for base in node.bases)
    return f"class {node.name}({bases})"


def _signature_of_attribute(cls, name):
    for each in _parsed(cls).body:
        target = each.target if isinstance(each, ast.AnnAssign) else getattr(each, "targets", [None])[0]
        if isinstance(target, ast.Name) and target.id == name:
            return ast.unparse(each)
    raise LookupError(f"{cls.__name__} does not itself say what {name} is.")


def layout_blocks():
    """The blocks of layout.html, in its order."""
    text = (HERE.parent / "egov_cms/look/templates/egov/layout.html").read_text(encoding="utf-8")
    return ", ".join(f"`{name}`" for name in re.findall(r"{% block (\w+)", text))


def components():
    """Each component of the look with what it is."""
    rows = []
    for file in sorted((HERE.parent / "egov_cms/look/templates/egov/components").glob("*.html")):
        comment = file.read_text(encoding="utf-8").partition("{% comment %}")[2]
        what = re.sub(r"(<[^>]+>)", r"`\1`", " ".join(re.split(r"[.;:](?=\s|$)|{%", comment)[0].split()))
        rows.append(f"| `{file.stem}` | {what} |")
    return "| component | what it is |\n| --- | --- |\n" + "\n".join(rows)


if __name__ == "__main__":
    sys.path.insert(0, str(HERE.parent))
    import_module("django").setup()
    (HERE / "reference.md").write_text(reference(), encoding="utf-8")
    openapi = import_module("egov_cms.api.description").openapi()
    text = json.dumps(openapi, ensure_ascii=False, indent=1, sort_keys=True)
    (HERE / "openapi.json").write_text(text + "\n", encoding="utf-8")
    guide = import_module("api_guide").guide(json.loads(text))
    (HERE / "api.md").write_text(guide, encoding="utf-8")
    points = HERE / "extension-points.md"
    points.write_text(extension_points(points.read_text(encoding="utf-8")), encoding="utf-8")
    print(
        "docs/reference.md, openapi.json and api.md are written, and the signatures of extension-points.md."
    )
