"""Writing into the public log of changed facts, and its entries in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from egov_cms.adapters.wagtail.pages import page_model
from egov_cms.language import TranslatedText
from egov_cms.site import public_codes
from egov_cms.site.models import LegalReference
from egov_cms.site.publication import changed

from .models import ChangeLogEntry
from .subjects import registered


@dataclass(frozen=True)
class FactDifference:
    """One fact that differs. `before` and `after` are plain values for JSON, None where there was or is nothing.

    what: one of the facts of its subject. row_key: of a row, "" for the thing itself. field: what changed within a row,
    when it is one thing only. changed_by_id: who wrote it, where that is not who saved the published version.
    """

    what: str
    row_key: str
    field: str
    before: Any
    after: Any
    changed_by_id: int | None = None


@dataclass(frozen=True)
class ChangeInWords:
    """An entry as a reader sees it. `language` is that of the title, "" when it is the reader's own or a code.

    `law` is None unless the public may read it.
    """

    entry: ChangeLogEntry
    title: str
    language: str
    url: str
    text: str
    law: LegalReference | None = None


def record(
    kind: str,
    code: str,
    differences: Iterable[FactDifference],
    *,
    about: Any = None,
    title: Mapping[str, str] | None = None,
    reason: str = "",
    law: LegalReference | None = None,
    changed_by_id: int | None = None,
    approved_by_id: int | None = None,
    revision: Any = None,
    public: bool = True,
) -> list[ChangeLogEntry]:
    """Write what has changed about one thing of a registered kind; call it in the transaction that changes it.

    about: the page or record itself. title: language → what it is called, kept for the time when it is gone.
    LookupError for a kind or a fact that nobody has registered.
    """
    facts = registered()[kind].facts
    found = list(differences)
    if unknown := {each.what for each in found} - {*facts}:
        raise LookupError(f"The facts of “{kind}” do not include {', '.join(sorted(unknown))}.")
    rows = [
        ChangeLogEntry(
            subject=kind,
            code=code,
            title=TranslatedText.of(dict(title or {})),
            **_reference(about),
            what=each.what,
            row_key=each.row_key,
            field=each.field,
            before=each.before,
            after=each.after,
            reason=reason,
            law=law,
            changed_by_id=each.changed_by_id or changed_by_id,
            approved_by_id=approved_by_id,
            revision=revision,
            public=public,
        )
        for each in found
    ]
    ChangeLogEntry.objects.bulk_create(rows)
    for row in rows:
        changed(row, "saved")
    return rows


def _reference(thing) -> dict[str, Any]:
    if thing is None:
        return {}
    if isinstance(thing, page_model()):
        return {"page_id": thing.pk}
    return {"content_type": ContentType.objects.get_for_model(thing), "object_id": str(thing.pk)}


def in_words(entries: Iterable[ChangeLogEntry], language: str) -> list[ChangeInWords]:
    """Entries in the words of a language, with the titles of what they are about: one question for each kind of thing."""
    entries = list(entries)
    codes = defaultdict(set)
    for entry in entries:
        codes[entry.subject].add(entry.code)
    subjects = registered()
    public = {kind: public_codes.find(kind, found, language) for kind, found in codes.items()}
    return [
        ChangeInWords(
            entry,
            *_title(entry, public[entry.subject].get(entry.code), language),
            text=subjects[entry.subject].sentence(entry, language),
            law=entry.law if entry.law and entry.law.is_public else None,
        )
        for entry in entries
    ]


def _title(entry, public, language) -> tuple[str, str, str]:
    """Title, its language and its address: today's, else what the thing was called, else its code."""
    if public is not None:
        return public.title, "", public.url
    title, code = entry.title.best(language)
    return title or entry.code, "" if code == language else code or "", ""


@public_codes.history.register
def history(kind: str, code: str, language: str) -> public_codes.Past | None:
    """What the log knows of a thing that is not public now: the name of its latest public entry, and where all stand."""
    entries = ChangeLogEntry.objects.public().of(kind, [code])
    latest = entries.order_by("-happened_at", "-pk").first()
    if latest is None:
        return None
    return public_codes.Past(
        latest.title.best(language)[0], f"{reverse('egov_changes')}?{urlencode({kind: code})}"
    )
