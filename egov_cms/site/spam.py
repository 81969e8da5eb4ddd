"""Detects obvious spam by three simple rules. An editor can always change the class of an answer.

* `links`: a web address that does not end in `.iq`; readers who report a broken page name addresses of this site.
* `repeated`: six words or more, of which less than a third are different; or a text of twenty letters or more that
  was already received within thirty days.
* `script`: ten letters or more, most of them neither Arabic, Latin nor Syriac.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

from egov_cms.language import fold

SCRIPTS = ("ARABIC", "LATIN", "SYRIAC")
FEWEST_LETTERS = 10
FEWEST_WORDS = 6
LONG_TEXT = 20
REPEATED_WITHIN_DAYS = 30

_MARKUP = re.compile(r"<a\s|\[/?url|\[link", re.IGNORECASE)
_ADDRESS = re.compile(
    r"(?:https?://|www\.)[^\s/]+|"
    r"\b[\w-]+(?:\.[\w-]+)*\.(?:biz|cc|click|club|cn|co|com|info|io|link|live|ly|me|net|online|org|ru|shop|site|"
    r"store|tk|top|vip|xyz)\b",
    re.IGNORECASE,
)


def spam_rule(text: str) -> str:
    """The rule by which a text is spam: `links`, `repeated`, `script`; else an empty string."""
    if has_links(text):
        return "links"
    if repeats_itself(text):
        return "repeated"
    return "script" if is_other_script(text) else ""


def has_links(text: str) -> bool:
    """Does the text have a web address outside the domain `.iq`, or the markup of a link?"""
    return bool(_MARKUP.search(text)) or any(
        not _is_iraqi(found.group()) for found in _ADDRESS.finditer(text)
    )


def _is_iraqi(address: str) -> bool:
    """Does the host that a browser would open end in `.iq`? Ignores text after a # and before an @."""
    try:
        host = urlsplit(address if "://" in address else f"//{address}").hostname or ""
    except ValueError:
        return False
    return host.rstrip(".,;:)»”").endswith(".iq")


def repeats_itself(text: str) -> bool:
    words = fold(text).split()
    return len(words) >= FEWEST_WORDS and 3 * len(set(words)) < len(words)


def is_other_script(text: str) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    if len(letters) < FEWEST_LETTERS:
        return False
    foreign = sum(not unicodedata.name(letter, "").startswith(SCRIPTS) for letter in letters)
    return 2 * foreign > len(letters)
