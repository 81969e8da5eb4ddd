"""Strong ETags: of most answers a version that costs no query, of the others a hash of what they say."""

import gzip
import hashlib
import time

from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags

SMALLEST_WORTH_COMPRESSING = 200
_version_sources = []


def use_version(source):
    """Register a callable that returns a string which changes whenever published content changes."""
    if source not in _version_sources:
        _version_sources.append(source)


def etag(request, media_type, language, step_seconds):
    """The strong ETag of an answer, or "" when no app has told a version: then nothing is called unchanged.

    step_seconds: answers that change by the clock alone get a new tag this often; 0 for the others.
    """
    if not _version_sources:
        return ""
    clock = int(time.time() // step_seconds) if step_seconds else 0
    parts = [source() for source in _version_sources]
    parts += [
        request.get_host(),
        request.path,
        "&".join(sorted(request.META.get("QUERY_STRING", "").split("&"))),
    ]
    parts += [media_type, language, str(clock)]
    return _digest("\n".join(parts).encode())


def tag_of_body(body):
    """The strong ETag of bytes that depend on more than published content."""
    return _digest(body)


def _digest(data):
    return hashlib.sha256(data).hexdigest()[:32]


def is_unchanged(request, tag):
    """Does If-None-Match name this tag, plain or as compressed?"""
    if not tag:
        return False
    asked = set(parse_etags(request.META.get("HTTP_IF_NONE_MATCH", "")))
    return bool(asked & {"*", f'"{tag}"', f'"{tag}-gzip"'})


def compress(response, request, tag):
    """Compress a rendered body here, so that its ETag stays strong: each encoding has a tag of its own."""
    patch_vary_headers(response, ["Accept-Encoding"])
    takes_gzip = "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "")
    if takes_gzip and not response.streaming and len(response.content) >= SMALLEST_WORTH_COMPRESSING:
        response.content = gzip.compress(response.content, compresslevel=6, mtime=0)
        response["Content-Encoding"] = "gzip"
        response["Content-Length"] = str(len(response.content))
        if tag:
            response["ETag"] = f'"{tag}-gzip"'
    elif tag:
        response["ETag"] = f'"{tag}"'
