"""Converts the data files to values of pages: texts in one language, references, blocks with ids.

A mapping with the language codes as keys is a translated text; all other values are used unchanged. The texts
"image:gate", "document:guide", "office:cosqc-headquarters" and "page:about/what-we-do" are references: `References`
replaces them by primary keys.
"""

import uuid
from pathlib import Path

import yaml
from django.conf import settings

DATA = Path(__file__).parent / "data"
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "egov-cms:demonstration")
REFERENCES = ("image", "document", "office", "page")
# The lists in a block's value whose items need ids: wagtail-localize skips items without one.
LISTS_WITH_IDS = ("items", "images", "phones", "emails", "services")


def read(name):
    """The content of `data/<name>.yaml`."""
    return yaml.safe_load((DATA / f"{name}.yaml").read_text(encoding="utf-8"))


def stable_uuid(*parts):
    """A UUID made from `parts`, the same in every demonstration."""
    return uuid.uuid5(NAMESPACE, "/".join(str(part) for part in parts))


def is_translated(value):
    return isinstance(value, dict) and settings.LANGUAGE_CODE in value


def in_language(value, code):
    """A text of the data in one language; a plain text is the same in all languages."""
    return value[code] if is_translated(value) else value


class References:
    """Resolves references in the data: `lookups[kind](name, code)` returns a primary key."""

    def __init__(self, lookups):
        self.lookups = lookups

    def resolve(self, value, code):
        """The value in one language, with references replaced."""
        if is_translated(value):
            return value[code]
        if isinstance(value, dict):
            return {name: self.resolve(part, code) for name, part in value.items()}
        if isinstance(value, list):
            return [self.resolve(part, code) for part in value]
        kind, colon, name = value.partition(":") if isinstance(value, str) else ("", "", "")
        return self.lookups[kind](name, code) if colon and kind in REFERENCES else value


def stream(blocks, code, references, *owner):
    """Blocks in the JSON form of a StreamField. `owner` identifies their page; the ids of the blocks are made from it."""
    stored = []
    for number, block in enumerate(blocks):
        ((kind, value),) = block.items()
        path = (*owner, number, kind)
        value = _with_ids(references.resolve(value, code), path)
        stored.append({"type": kind, "id": str(stable_uuid(*path)), "value": value})
    return stored


def paragraphs(texts, code):
    """HTML of a list of paragraphs without markup."""
    return "".join(f"<p>{in_language(text, code)}</p>" for text in texts)


def _with_ids(value, path):
    if not isinstance(value, dict):
        return value
    result = {}
    for name, part in value.items():
        if name in LISTS_WITH_IDS and isinstance(part, list):
            result[name] = [
                {"type": "item", "id": str(stable_uuid(*path, name, number)), "value": item}
                for number, item in enumerate(part)
            ]
        else:
            result[name] = part
    return result
