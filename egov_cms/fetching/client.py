"""`check`, `fetch` and `post`: everything that the suite asks of other sites."""

from __future__ import annotations

import io
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from email.message import Message
from typing import BinaryIO

from django.utils.datastructures import CaseInsensitiveMapping
from django.utils.translation import gettext as _

from egov_cms.fetching.addresses import Pairs
from egov_cms.fetching.bodies import MEGABYTE, copy_body
from egov_cms.fetching.connections import Answer, Request, follow
from egov_cms.fetching.errors import FetchError

SECONDS = 15.0
FETCH_SECONDS = 60.0
LIMIT_BYTES = 10 * MEGABYTE
# Of an answer that is looked at only for what it says (an error, a receipt) no more is read.
SMALL_BYTES = 64 * 1024
# The server is there; it only does not let a program in.
ALIVE = (401, 403, 405, 407, 429)


@dataclass(frozen=True)
class CheckResult:
    """`ok`: somebody answers there. `status` is the last HTTP status, None where none came. `message` says why not."""

    ok: bool
    status: int | None
    message: str
    url: str


@dataclass(frozen=True)
class Response:
    """An answer. `url` is where it came from after redirects; `size` and `sha256` are of the body, unpacked.

    `body` is empty when it was written to a file. `media_type` is in small letters without parameters, "" when unsaid.
    """

    status: int
    url: str
    headers: Mapping[str, str]
    media_type: str
    charset: str
    body: bytes
    size: int
    sha256: str

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300


def check(url: str, *, seconds: float = SECONDS, allowed: Pairs = frozenset()) -> CheckResult:
    """Does anybody answer at `url`? HEAD, then GET where HEAD is answered badly. Never raises for what the network does.

    `allowed` names (IP address, port) pairs that are asked although they are not public; only tests pass it.
    """
    deadline = time.monotonic() + seconds
    result, again = _check("HEAD", url, deadline, allowed)
    if again:
        result, _again = _check("GET", url, deadline, allowed)
    return result


def _check(method, url, deadline, allowed) -> tuple[CheckResult, bool]:
    """The result, and whether another method may have more luck: many servers answer HEAD wrongly."""
    common = {"User-Agent": "egov-cms link check", "Accept": "*/*"}

    def taken(answer):
        if method == "GET":
            # To see that a body comes.
            answer.read(SMALL_BYTES // 4)
        return answer.status, answer.url

    try:
        status, last_url = follow(url, Request(method, deadline, common, allowed=allowed), taken)
    except FetchError as error:
        again = error.code in ("bad-answer", "too-many-redirects")
        return CheckResult(False, error.status, str(error), url), again
    ok = status < 400 or status in ALIVE
    message = "" if ok else _("The server answers %(status)s.") % {"status": status}
    return CheckResult(ok, status, message, last_url), not ok


def fetch(
    url: str,
    *,
    into: BinaryIO | None = None,
    limit_bytes: int = LIMIT_BYTES,
    accept: str = "*/*",
    media_types: Collection[str] = (),
    headers: Mapping[str, str] | None = None,
    etag: str = "",
    seconds: float = FETCH_SECONDS,
    allowed: Pairs = frozenset(),
) -> Response:
    """GET `url` with at most `limit_bytes` of body, streamed into the binary file `into` or kept in `body`.

    Whatever the status, an answer is a Response; only that of a 2xx status goes into `into` and has to be of one of
    `media_types` (all are taken when there are none). `etag` asks for 304 when nothing has changed. `headers` are not
    sent on to another site. Raises FetchError; what `into` holds then is not whole.
    """
    common = {"User-Agent": "egov-cms", "Accept": accept, "Accept-Encoding": "gzip"}
    if etag:
        common["If-None-Match"] = etag
    request = Request("GET", time.monotonic() + seconds, common, dict(headers or {}), allowed=allowed)

    def taken(answer):
        if not 200 <= answer.status < 300:
            return _small(answer)
        media_type, _charset = _content_type(answer)
        if media_types and media_type not in media_types:
            message = _("The server sends another kind of file than expected: %(name)s")
            raise FetchError("wrong-type", message % {"name": media_type[:80] or "–"}, answer.status)
        return _response(answer, into, limit_bytes)

    return follow(url, request, taken)


def post(
    url: str,
    body: bytes,
    *,
    content_type: str,
    headers: Mapping[str, str] | None = None,
    seconds: float = SECONDS,
    allowed: Pairs = frozenset(),
) -> Response:
    """POST `body` and give the answer, whatever its status, with the beginning of its body. Redirects are not followed:
    a receiver that has moved must say so to whoever set it up. Raises FetchError.
    """
    common = {"User-Agent": "egov-cms", "Accept": "*/*", "Content-Type": content_type}
    request = Request("POST", time.monotonic() + seconds, common, dict(headers or {}), body, allowed)
    return follow(url, request, _small, redirects=0)


def _small(answer: Answer) -> Response:
    """An answer with no more of its body than is read for its words, as it was sent."""
    found = io.BytesIO()
    while (missing := SMALL_BYTES - found.tell()) and (chunk := answer.read(missing)):
        found.write(chunk)
    media_type, charset = _content_type(answer)
    headers = CaseInsensitiveMapping(dict(answer.raw.headers))
    body = found.getvalue()
    return Response(answer.status, answer.url, headers, media_type, charset, body, len(body), "")


def _response(answer: Answer, into, limit_bytes) -> Response:
    target = into if into is not None else io.BytesIO()
    size, sha256 = copy_body(answer, target, limit_bytes)
    body = target.getvalue() if into is None else b""
    media_type, charset = _content_type(answer)
    headers = CaseInsensitiveMapping(dict(answer.raw.headers))
    return Response(answer.status, answer.url, headers, media_type, charset, body, size, sha256)


def _content_type(answer) -> tuple[str, str]:
    head = Message()
    head["Content-Type"] = answer.raw.headers.get("Content-Type", "")
    # An empty header reads as text/plain.
    media_type = head.get_content_type() if head["Content-Type"] else ""
    return media_type, str(head.get_content_charset("") or "")
