"""Files of runs, by the hash of their bytes: in the storage `private`, which is never served.

The same bytes are stored once. What no `ExchangeFile` names any more is removed by `remove_unneeded`.
"""

from __future__ import annotations

import datetime
import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple

from django.core.files.base import File
from django.core.files.storage import storages
from django.utils import timezone
from django.utils.translation import gettext as _

FOLDER = "exchange"
CHUNK = 1024 * 1024
# A file is stored before the row that names it is committed.
GRACE = datetime.timedelta(days=1)


class Stored(NamedTuple):
    """What names a stored file."""

    sha256: str
    size: int


class FileDamaged(Exception):
    """The storage has lost a file, or holds other bytes than it was given; the message is for people."""

    code = "file_damaged"


def private_storage():
    return storages["private"]


def keep(file: BinaryIO) -> Stored:
    """Store an open binary file that can be read twice."""
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    while chunk := file.read(CHUNK):
        digest.update(chunk)
        size += len(chunk)
    stored = Stored(digest.hexdigest(), size)
    storage, name = private_storage(), _name(stored.sha256)
    if storage.exists(name):
        if storage.size(name) == size:
            return stored
        # A process ended while it wrote.
        storage.delete(name)
    file.seek(0)
    given = storage.save(name, File(file))
    if given != name:
        # Another process stored the same bytes at the same moment.
        storage.delete(given)
    return stored


def open_stored(sha256: str) -> BinaryIO:
    """The stored file, open for reading. FileDamaged: it is not there."""
    try:
        return private_storage().open(_name(sha256), "rb")
    except OSError as error:
        raise FileDamaged(_("The file is not kept any more.")) from error


@contextmanager
def local_copy(sha256: str) -> Iterator[Path]:
    """The path of a file on this machine that holds the stored bytes, checked against their hash."""
    with open_stored(sha256) as source, tempfile.NamedTemporaryFile(prefix="egov-exchange-") as copy:
        try:
            path = Path(private_storage().path(_name(sha256)))
        except NotImplementedError:
            shutil.copyfileobj(source, copy, CHUNK)
            copy.flush()
            path = Path(copy.name)
        if hash_of(path) != sha256:
            raise FileDamaged(_("The stored file has changed since it was received; send it again."))
        yield path


def hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def remove_unneeded(needed: set[str]) -> int:
    """Remove stored files whose hash is not among `needed` and that are older than a day; returns how many."""
    storage, removed = private_storage(), 0
    if not storage.exists(FOLDER):
        return 0
    for folder in storage.listdir(FOLDER)[0]:
        for name in storage.listdir(f"{FOLDER}/{folder}")[1]:
            path = f"{FOLDER}/{folder}/{name}"
            if name not in needed and storage.get_modified_time(path) < timezone.now() - GRACE:
                storage.delete(path)
                removed += 1
    return removed


def _name(sha256):
    return f"{FOLDER}/{sha256[:2]}/{sha256}"
