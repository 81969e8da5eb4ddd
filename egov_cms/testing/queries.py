"""How many queries a piece of code may run."""

import re
from collections import Counter
from contextlib import contextmanager

LONGEST = 240
# Numbers, texts and lists of them: two queries that differ in nothing else are one query repeated.
_VALUES = re.compile(r"'(?:[^']|'')*'|\b\d+(?:\.\d+)?\b|%s")
_LISTS = re.compile(r"\((?:\?\s*,\s*)+\?\)")


class QueryBudgetExceeded(AssertionError):
    """More queries than allowed. `queries` are the statements, in order; the message lists them, repeated ones first."""

    def __init__(self, most, queries):
        self.most, self.queries = most, queries
        shapes = Counter(map(shape, queries))
        lines = [
            f"{count} × {text[:LONGEST]}" if count > 1 else f"    {text[:LONGEST]}"
            for text, count in shapes.most_common()
        ]
        super().__init__(f"{len(queries)} queries, at most {most} allowed:\n" + "\n".join(lines))


@contextmanager
def query_budget(most: int, using: str = "default"):
    """Fail with the list of queries when the block runs more than `most` on this database.

    The value is the list of statements, complete when the block ends:

    >>> with query_budget(4) as queries:
    ...     client.get("/ar/offices/")
    """
    from django.db import connections
    from django.test.utils import CaptureQueriesContext

    queries: list[str] = []
    with CaptureQueriesContext(connections[using]) as captured:
        yield queries
    queries += [each["sql"] for each in captured]
    if len(queries) > most:
        raise QueryBudgetExceeded(most, queries)


def shape(sql: str) -> str:
    """A statement with `?` for its values, on one line."""
    return _LISTS.sub("(?, …)", _VALUES.sub("?", " ".join(sql.split())))
