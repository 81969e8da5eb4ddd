"""Strong ETags that cost no query: made from the version of what an answer says, not from its bytes."""

import functools
import hashlib
import time
from dataclasses import dataclass
from importlib import metadata

from django.utils.http import parse_etags

_version_sources = []


@dataclass(frozen=True)
class ContentVersion:
    """What one answer is made of, when that is less than everything the site publishes.

    tag: changes whenever the content does, such as its hash. is_immutable: the address names this version, so
    the answer never changes. permalink: the address that does, where this one does not, without suffix and query;
    the pages behind the first one are read there.
    """

    tag: str
    is_immutable: bool = False
    permalink: str = ""


def use_version(source):
    """Register a callable that returns a string which changes whenever published content changes."""
    if source not in _version_sources:
        _version_sources.append(source)


def etag(request, media_type, language, step_seconds, version=None):
    """The strong ETag of an answer, or "" when no app has told a version: then nothing is called unchanged.

    step_seconds: answers that change by the clock alone get a new tag this often; 0 for the others. version: a
    `ContentVersion`, instead of what `use_version` registered.
    """
    if version is None and not _version_sources:
        return ""
    clock = int(time.time() // step_seconds) if step_seconds else 0
    parts = [version.tag] if version else [source() for source in _version_sources]
    parts += [
        request.get_host(),
        request.path,
        "&".join(sorted(request.META.get("QUERY_STRING", "").split("&"))),
    ]
    parts += [media_type, language, str(clock), _release()]
    return _digest("\n".join(parts).encode())


def tag_of_body(body):
    """The strong ETag of bytes that depend on more than published content."""
    return _digest(body)


def is_unchanged(request, tag):
    """Does If-None-Match name this tag, plain or as compressed?"""
    if not tag:
        return False
    asked = set(parse_etags(request.META.get("HTTP_IF_NONE_MATCH", "")))
    return bool(asked & {"*", f'"{tag}"', f'"{tag}-gzip"'})


@functools.cache
def _release():
    """Another release may write the same content in other bytes."""
    try:
        return metadata.version("egov-cms")
    except metadata.PackageNotFoundError:
        return ""


def _digest(data):
    return hashlib.sha256(data).hexdigest()[:32]
