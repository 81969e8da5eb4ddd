"""Obvious spam, by three rules that anybody can check. An editor can always take an answer out of the class.

* `links`: an address of the web that does not end in `.iq`; people who report a broken page name ours.
* `repeated`: six words or more of which less than a third differ; or the text of twenty letters or more that
  came before within thirty days.
* `script`: ten letters or more, most of them in neither Arabic, Latin nor Syriac script.
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
    """The rule that a text breaks by itself: `links`, `repeated`, `script`, or an empty string."""
    if has_links(text):
        return "links"
    if repeats_itself(text):
        return "repeated"
    return "script" if is_other_script(text) else ""


def has_links(text: str) -> bool:
    """Does it advertise an address outside Iraq's domain?"""
    return bool(_MARKUP.search(text)) or any(
        not _is_iraqi(found.group()) for found in _ADDRESS.finditer(text)
    )


def _is_iraqi(address: str) -> bool:
    """What a browser would open: not what stands after a # or before an @."""
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
