"""Writes docs/reference.md, docs/openapi.json and docs/api.md out of the code: `make docs`.

Tests fail when they are behind the code.
"""

import json
import sys
from importlib import import_module
from pathlib import Path

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


if __name__ == "__main__":
    sys.path.insert(0, str(HERE.parent))
    import_module("django").setup()
    (HERE / "reference.md").write_text(reference(), encoding="utf-8")
    openapi = import_module("egov_cms.api.description").openapi()
    text = json.dumps(openapi, ensure_ascii=False, indent=1, sort_keys=True)
    (HERE / "openapi.json").write_text(text + "\n", encoding="utf-8")
    guide = import_module("api_guide").guide(json.loads(text))
    (HERE / "api.md").write_text(guide, encoding="utf-8")
    print("docs/reference.md, docs/openapi.json and docs/api.md are written.")
