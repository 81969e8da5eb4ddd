"""Answers that are sent while they are made, and never hold everything.

The first part is made before anything is sent: an error in it is a problem document, and what ends in it is an
ordinary answer with its length. An error behind it breaks the connection, so that no reader takes a part for
the whole.
"""

import itertools
import tempfile

from django.http import HttpResponse, StreamingHttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from . import compression
from .problems import report

FIRST_PART = 64 * 1024
MEMORY = 1024 * 1024


def answer(chunks, request, content_type, tag=""):
    """An iterator of bytes → the response. `request` is Django's; `tag` is the strong ETag of the whole."""
    chunks = _in_language(chunks, translation.get_language())
    first, is_whole = _first_part(chunks)
    if is_whole:
        return HttpResponse(b"".join(first), content_type=content_type)
    is_packed = compression.is_packed(content_type)
    is_compressed = not is_packed and compression.accepts_gzip(request)
    compression.leave_alone(request)
    headers = {"Content-Encoding": "gzip"} if is_compressed else {}
    if tag:
        headers["ETag"] = f'"{tag}-gzip"' if is_compressed else f'"{tag}"'
    if request.method == "HEAD":
        chunks.close()
        body = iter(())
    else:
        # In HTTP/1.0 the end of the connection is the end of the answer, whatever broke it: its length is told.
        is_kept = request.META.get("SERVER_PROTOCOL") == "HTTP/1.0"
        body = itertools.chain(first, chunks if is_kept else _reported(chunks, request))
        body = compression.gzip_chunks(body) if is_compressed else body
        if is_kept:
            body, headers["Content-Length"] = _kept(body)
    response = StreamingHttpResponse(body, content_type=content_type, headers=headers)
    if not is_packed:
        patch_vary_headers(response, ["Accept-Encoding"])
    return response


def _first_part(chunks):
    """(the first chunks, is that all?)"""
    first, size = [], 0
    for chunk in chunks:
        first.append(chunk)
        size += len(chunk)
        if size >= FIRST_PART:
            return first, False
    return first, True


def _in_language(chunks, language):
    """The chunks, each made in the language of the answer, although the view has returned by then."""
    iterator = iter(chunks)
    try:
        while True:
            with translation.override(language):
                chunk = next(iterator, None)
            if chunk is None:
                return
            yield chunk
    finally:
        if hasattr(iterator, "close"):
            iterator.close()


def _reported(chunks, request):
    """The chunks; a defect is reported and raised again, so that the server breaks the connection."""
    try:
        yield from chunks
    except Exception as error:
        report(error, request)
        raise


def _kept(chunks):
    """All chunks in a temporary file → (its chunks, its length)."""
    file = tempfile.SpooledTemporaryFile(max_size=MEMORY)  # noqa: SIM115 - closed when it was sent
    for chunk in chunks:
        file.write(chunk)
    length = file.tell()
    file.seek(0)
    return _read(file), str(length)


def _read(file):
    with file:
        while chunk := file.read(FIRST_PART):
            yield chunk
