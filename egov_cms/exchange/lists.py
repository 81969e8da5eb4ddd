"""Lists too long for memory and database: JSON lines in a compressed file, written and read one by one."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

# A list ends here; totals go on. That many people correct nothing one by one.
MOST_LINES = 1_000_000
LINES_AT_ONCE = 100
_encode = json.JSONEncoder(ensure_ascii=False, default=str).encode


class LineWriter:
    """Writes a list to `path`; `path` None: nowhere."""

    def __init__(self, path: Path | None):
        self.path = path
        self.count = 0
        self._file = None
        self._waiting: list[str] = []

    def write(self, row: Callable[[], dict]):
        """Add what `row()` returns, which is only asked where it is written."""
        if self.path is None or self.count >= MOST_LINES:
            return
        if self._file is None:
            # Fast before small: such lists repeat themselves, so even the fastest level leaves a twentieth.
            self._file = gzip.open(self.path, "wb", compresslevel=1)  # noqa: SIM115
        self.count += 1
        self._waiting.append(_encode(row()))
        if len(self._waiting) >= LINES_AT_ONCE:
            self._flush()

    def _flush(self):
        self._file.write("\n".join([*self._waiting, ""]).encode())
        self._waiting.clear()

    def restart(self):
        """Forget what was written."""
        if self.close() is not None:
            self.path.unlink()
        self.count = 0

    def close(self) -> Path | None:
        """The path of the finished file, None when nothing was written."""
        if self._file is not None:
            self._flush()
            self._file.close()
            self._file = None
        return self.path if self.count else None


def read_lines(file, start=0, most: int | None = None) -> Iterator[dict]:
    """The rows of a list, from number `start` on; `file` is a path or an open binary file."""
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for line in islice(lines, start, None if most is None else start + most):
            yield json.loads(line)
