"""Answers are compressed here, and not by Django's middleware: so their ETags stay strong.

Each encoding of an answer has a tag of its own.
"""

import gzip
import re
import zlib

from django.utils.cache import patch_vary_headers

SMALLEST_WORTH_COMPRESSING = 200
LEVEL = 6
ACCEPTS_GZIP = re.compile(r"(?:^|[\s,])(?:gzip|\*)(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))", re.IGNORECASE)
# Packed already: to pack them again costs time and saves nothing.
PACKED_TYPES = {
    "application/gzip",
    "application/vnd.apache.parquet",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/zip",
}


def accepts_gzip(request):
    """Does the reader take gzip?"""
    return bool(ACCEPTS_GZIP.search(request.META.get("HTTP_ACCEPT_ENCODING", "")))


def is_packed(media_type):
    return media_type.partition(";")[0].strip() in PACKED_TYPES


def encode(response, request, tag):
    """Give a complete response its ETag, compressed where that is worth it; `tag` may be ""."""
    if response.has_header("Content-Encoding"):
        return
    suffix = ""
    if is_packed(response.get("Content-Type", "")) or response.streaming:
        leave_alone(request)
    else:
        patch_vary_headers(response, ["Accept-Encoding"])
        if accepts_gzip(request) and len(response.content) >= SMALLEST_WORTH_COMPRESSING:
            response.content = gzip.compress(response.content, compresslevel=LEVEL, mtime=0)
            response["Content-Encoding"] = "gzip"
            response["Content-Length"] = str(len(response.content))
            suffix = "-gzip"
    if tag:
        response["ETag"] = f'"{tag}{suffix}"'


def leave_alone(request):
    """Keep Django's middleware from compressing the answer to this request."""
    request.META.pop("HTTP_ACCEPT_ENCODING", None)


def gzip_chunks(chunks):
    """Chunks of bytes → chunks of one gzip stream, the same for the same bytes."""
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    for chunk in chunks:
        if packed := packer.compress(chunk):
            yield packed
    yield packer.flush()
