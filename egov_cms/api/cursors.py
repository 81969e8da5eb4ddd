"""Where a page begins, written so that nobody else can write it: signed, and bound to one list."""

import hashlib
import json
from dataclasses import dataclass

from django.core import signing
from django.utils.translation import gettext as _

from .problems import Problem

# What `Signer.sign_object` writes; anything else was never a cursor.
CURSOR_PATTERN = r"^\.?[A-Za-z0-9_\-]+:[A-Za-z0-9_\-]+$"
AFTER, BEFORE = "after", "before"
SIGNER = signing.Signer(salt="egov-api-cursor")


@dataclass(frozen=True)
class Scope:
    """What a cursor belongs to.

    place: the address of the list. asked: its language and its query without place and size of a page. version:
    the tag of its `ContentVersion`; "" for a list that changes while it is read.
    """

    place: str
    asked: str
    version: str = ""

    @classmethod
    def of(cls, place, language, query, version=""):
        """query: the pairs (name, text) of a query string, or the object of a JSON body."""
        pairs = query.items() if isinstance(query, dict) else query
        kept = [list(pair) for pair in pairs if pair[0] not in ("cursor", "limit", "lang", "bom")]
        asked = json.dumps([language, sorted(kept, key=str)], sort_keys=True, default=str)
        return cls(_digest(place), _digest(asked), version)

    def write(self, direction, position):
        """A position (JSON values) → a cursor; the same one gives the same text, so that the ETag is true."""
        return SIGNER.sign_object([direction, position, self.place, self.asked, self.version])

    def read(self, text):
        """A cursor → (direction, position); raises `Problem` for one of another list or version."""
        try:
            direction, position, place, asked, version = SIGNER.unsign_object(text)
        except (signing.BadSignature, ValueError):
            raise _foreign()
        if asked != self.asked or (version == self.version and place != self.place):
            raise _foreign()
        if version != self.version:
            raise stale()
        return direction, position


def stale():
    """The problem of a cursor whose data are no longer there; a `Source` raises it too."""
    message = _(
        "The data were replaced meanwhile, or the cursor is of another list: begin again at the first page, or go on "
        "at links.permalink of the version that you began with."
    )
    return Problem("stale-cursor", message, parameter="cursor")


def _foreign():
    message = _("Take cursors from links.next of the same list, and change nothing else in that address.")
    return Problem("invalid-cursor", message, parameter="cursor")


def _digest(text):
    return hashlib.sha256(text.encode()).hexdigest()[:16]
