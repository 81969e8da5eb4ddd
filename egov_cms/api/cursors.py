"""Where a page begins, written so that nobody else can write it: signed, and bound to one list."""

import hashlib
import json

from django.core import signing
from django.utils.translation import gettext as _

from .problems import Problem

# What `Signer.sign_object` writes; anything else was never a cursor.
CURSOR_PATTERN = r"^\.?[A-Za-z0-9_\-]+:[A-Za-z0-9_\-]+$"
AFTER, BEFORE = "after", "before"


def scope_of(address, language, query):
    """What a list is: its address, its language and its query without place and size of a page.

    query: the pairs (name, text) of a query string, or the object of a JSON body.
    """
    if isinstance(query, dict):
        asked = {name: value for name, value in query.items() if name not in ("cursor", "limit")}
        asked = json.dumps(asked, sort_keys=True, default=str)
    else:
        asked = sorted(pair for pair in query if pair[0] not in ("cursor", "limit", "lang", "bom"))
        asked = json.dumps(asked)
    return hashlib.sha256(f"{address}\n{language}\n{asked}".encode()).hexdigest()[:32]


def write(direction, position, scope, version=""):
    """A position (JSON values) → a cursor. The same position gives the same text, so that the ETag is true."""
    return _signer(scope).sign_object([direction, position, version])


def read(text, scope, version=""):
    """A cursor → (direction, position); raises `Problem` for one of another list, or of another version."""
    try:
        direction, position, written_for = _signer(scope).unsign_object(text)
    except (signing.BadSignature, ValueError):
        message = _("Take cursors from links.next of the same list, and change nothing else in that address.")
        raise Problem("invalid-cursor", message, parameter="cursor")
    if written_for != version:
        raise stale()
    return direction, position


def stale():
    """The problem of a cursor whose list is no longer there; a `Source` raises it too."""
    message = _("Begin again at the first page, or read the version that you began with at links.permalink.")
    return Problem("stale-cursor", message, parameter="cursor")


def _signer(scope):
    return signing.Signer(salt=f"egov-api-cursor-{scope}")
