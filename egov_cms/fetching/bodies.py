"""The body of an answer: unpacked, counted against a limit, and written where it shall go."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Iterator
from decimal import Decimal
from typing import BinaryIO

from django.utils.translation import gettext as _

from egov_cms.fetching.connections import Answer
from egov_cms.fetching.errors import FetchError
from egov_cms.language import format_number

CHUNK = 64 * 1024
MEGABYTE = 1024 * 1024


def copy_body(answer: Answer, into: BinaryIO, limit_bytes: int) -> tuple[int, str]:
    """Write the whole body into a binary file: (bytes, SHA-256). Raises FetchError: too-large, incomplete, wrong-encoding.

    What was written before an error stays in the file.
    """
    declared = answer.raw.headers.get("Content-Length", "")
    if declared.isascii() and declared.isdigit() and int(declared[:20]) > limit_bytes:
        raise _too_large(limit_bytes)
    size, digest = 0, hashlib.sha256()
    for chunk in _chunks(answer):
        size += len(chunk)
        if size > limit_bytes:
            raise _too_large(limit_bytes)
        digest.update(chunk)
        into.write(chunk)
    return size, digest.hexdigest()


def _too_large(limit_bytes):
    size = format_number(round(Decimal(limit_bytes) / MEGABYTE, 2))
    return FetchError("too-large", _("The file is larger than %(size)s MB.") % {"size": size})


def _chunks(answer) -> Iterator[bytes]:
    encoding = answer.raw.headers.get("Content-Encoding", "").strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip"):
        message = _("The server sends the file packed in a way that was not asked for: %(name)s")
        raise FetchError("wrong-encoding", message % {"name": encoding[:40]})
    sent = _Sent(answer)
    if "gzip" not in encoding:
        while chunk := sent.read(CHUNK):
            yield chunk
        sent.check_end()
        return
    # Unpacks at most a chunk at a time, so a packed bomb meets the limit like any other answer.
    unpacked = gzip.GzipFile(fileobj=sent, mode="rb")
    try:
        while chunk := unpacked.read(CHUNK):
            yield chunk
    except EOFError:
        raise FetchError("incomplete", _("The answer breaks off before its end.")) from None
    except (gzip.BadGzipFile, zlib.error):
        raise FetchError("bad-answer", _("The server's answer is not valid.")) from None
    sent.check_end()


class _Sent:
    """The body as it is sent, as a file; http.client takes a body that is cut short for a whole one."""

    def __init__(self, answer: Answer):
        self._answer, self._missing = answer, answer.raw.length

    def read(self, size: int = CHUNK) -> bytes:
        chunk = self._answer.read(size)
        if self._missing is not None:
            self._missing -= len(chunk)
        return chunk

    def check_end(self):
        if self._missing:
            raise FetchError("incomplete", _("The answer breaks off before its end."))
