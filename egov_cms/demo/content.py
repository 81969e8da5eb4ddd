"""From the data files to values of pages: the words of one language, references, blocks with ids.

A mapping with the keys of the languages is a text; everything else is taken as it stands. "image:gate",
"document:guide", "office:cosqc-headquarters" and "page:about/what-we-do" stand for the primary keys of what
`References` knows by that name.
"""

import uuid
from pathlib import Path

import yaml
from django.conf import settings

DATA = Path(__file__).parent / "data"
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "egov-cms:demonstration")
REFERENCES = ("image", "document", "office", "page")
# The lists of a block's value whose items carry ids, without which wagtail-localize passes them by.
LISTS_WITH_IDS = ("items", "images", "phones", "emails", "services")


def read(name):
    """The content of `data/<name>.yaml`."""
    return yaml.safe_load((DATA / f"{name}.yaml").read_text(encoding="utf-8"))


def key(*parts):
    """A UUID that is the same on every machine and on every day."""
    return uuid.uuid5(NAMESPACE, "/".join(str(part) for part in parts))


def is_words(value):
    return isinstance(value, dict) and settings.LANGUAGE_CODE in value


def words(value, code):
    """A text of the data in one language; the same in all when it is plain."""
    return value[code] if is_words(value) else value


class References:
    """What data may refer to: `look_up[kind](name, code)` gives a primary key."""

    def __init__(self, look_up):
        self.look_up = look_up

    def resolve(self, value, code):
        """The value in one language, its references replaced."""
        if is_words(value):
            return value[code]
        if isinstance(value, dict):
            return {name: self.resolve(part, code) for name, part in value.items()}
        if isinstance(value, list):
            return [self.resolve(part, code) for part in value]
        kind, colon, name = value.partition(":") if isinstance(value, str) else ("", "", "")
        return self.look_up[kind](name, code) if colon and kind in REFERENCES else value


def stream(blocks, code, references, *place):
    """Blocks as a StreamField stores them. `place` says whose they are; their ids follow from it."""
    stored = []
    for number, block in enumerate(blocks):
        ((kind, value),) = block.items()
        at = (*place, number, kind)
        stored.append(
            {"type": kind, "id": str(key(*at)), "value": _with_ids(references.resolve(value, code), at)}
        )
    return stored


def paragraphs(texts, code):
    """A block of text out of a list of paragraphs without markup."""
    return "".join(f"<p>{words(text, code)}</p>" for text in texts)


def _with_ids(value, at):
    if not isinstance(value, dict):
        return value
    made = {}
    for name, part in value.items():
        if name in LISTS_WITH_IDS and isinstance(part, list):
            made[name] = [
                {"type": "item", "id": str(key(*at, name, number)), "value": item}
                for number, item in enumerate(part)
            ]
        else:
            made[name] = part
    return made
