"""Which tests touch SQL or locks, told by the sources: they run on PostgreSQL too, beside the contract tests.

What the ORM writes by itself is the same text for both databases or Django's own care; every page, form and address asks
it once on PostgreSQL in the contract tests. What can differ is what we write ourselves: SQL, locks, transactions that
commit or break, and what only one database knows. A file of tests that does so, or imports a module that does, is marked
`sql`; a test about something else that must run there says `pytest.mark.sql`.
"""

import ast
import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from .selection import TOPS

TOUCHES = re.compile(
    r"""\.cursor\( | \bRawSQL\b | \.raw\( | \.extra\( | \bON\s+CONFLICT\b | conflicts= | contrib\.postgres
      | \bselect_for_update\b | \.vendor\b | \b(?:Integrity|Operational|Database)Error\b | \bKeyTransform\b | \bWindow\(
      | \btransactional_db\b | \btransaction=True\b""",
    re.VERBOSE,
)


@cache
def touches_sql(path):
    """Does this file of tests, or a module of ours that it imports by name, write SQL or take locks?"""
    text = Path(path).read_text(encoding="utf-8")
    return bool(TOUCHES.search(text)) or any(_module_touches(name) for name in imported_names(text))


def imported_names(text):
    """The dotted names that a module imports; of `from a import b` both `a` and `a.b`."""
    names = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.update([node.module, *(f"{node.module}.{alias.name}" for alias in node.names)])
    return {name for name in names if name.partition(".")[0] in TOPS}


@cache
def _module_touches(name):
    try:
        spec = find_spec(name)
    except ModuleNotFoundError:
        # A class or a function of the module that was named before it.
        return False
    has_text = spec is not None and spec.origin and spec.origin.endswith(".py")
    return bool(has_text and TOUCHES.search(Path(spec.origin).read_text(encoding="utf-8")))
