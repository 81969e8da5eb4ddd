"""Writes the index: documents become entries with keys, the vocabulary is updated, and the engine is notified.

The database is the source of truth. An entry, its vocabulary and its `PendingWrite` for a remote engine are written
in one transaction; the remote engine is updated after the commit.
"""

import time
from collections import Counter
from itertools import islice

from django.db import connection, transaction

from egov_cms.search import analysis, facet_sets
from egov_cms.search.engines import current_engine, database_engine
from egov_cms.search.models import SITE, Entry, PendingWrite, Version, VocabularyWord

BATCH = 200
MOST_KEYS = 3000
MOST_TEXT = 20000


def put(pairs, space=SITE, engine=None, force=False):
    """Index `(source, document)` pairs in batches; returns the number of new or changed entries.

    An unchanged document is skipped, unless `force` is set.
    """
    pairs, written = iter(pairs), 0
    while batch := list(islice(pairs, BATCH)):
        written += _put_batch(batch, space, engine, force)
    return written


def replace_source(documents, source, space=SITE, engine=None):
    """Replace all documents of one object by `documents`: new and changed ones are indexed, others are removed."""
    replace_sources({source: list(documents)}, space, engine)


def replace_sources(documents, space=SITE, engine=None):
    """`replace_source` for many objects: `documents` is `{source: [document, …]}`."""
    pairs = [(source, document) for source, own in documents.items() for document in own]
    identities = {(source, document.type, document.id, document.locale) for source, document in pairs}
    with transaction.atomic():
        put(pairs, space, engine)
        stale = [
            entry.pk
            for entry in Entry.objects.filter(space=space, source__in=documents).only(
                "source", "type", "document_id", "locale"
            )
            if (entry.source, entry.type, entry.document_id, entry.locale) not in identities
        ]
        remove(stale, space, engine)


def remove(ids, space=SITE, engine=None):
    """Remove entries from the site's database and from the engine."""
    ids = list(ids)
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        with transaction.atomic():
            entries = list(Entry.objects.filter(pk__in=batch, space=space).only("locale", "words"))
            _count_words(space, [], entries)
            database_engine().remove(batch, space)
            Entry.objects.filter(pk__in=batch, space=space).delete()
            _notify_engine(engine, space, batch)


def drop(space, engine=None):
    """Delete a space with its entries and vocabulary."""
    engine = engine or current_engine()
    with transaction.atomic():
        database_engine().remove(Entry.objects.filter(space=space).values_list("pk", flat=True), space)
        with connection.cursor() as cursor:
            # Raw SQL: receivers of deletion signals ignore entries, so the rows need not be loaded.
            cursor.execute("DELETE FROM egov_search_entry WHERE space = %s", [space])
        VocabularyWord.objects.filter(space=space).delete()
        PendingWrite.objects.filter(space=space).delete()
        Version.objects.filter(name=vocabulary_name(space)).delete()
    if engine.remote:
        engine.drop(space)


def recount(space=SITE):
    """Count the vocabulary again from the entries; this repairs the counts after an interrupted write.

    Only differences are written, as increments, so that searches and other writers are not blocked by the count.
    """
    entries = Entry.objects.filter(space=space).order_by("pk")
    with transaction.atomic():
        counts = Counter(
            (locale, word)
            for locale, words in entries.values_list("locale", "words").iterator(chunk_size=1000)
            for word in words.split()
        )
        rows = VocabularyWord.objects.filter(space=space).values_list("locale", "folded", "documents")
        counts.subtract({(locale, word): number for locale, word, number in rows})
    shown = entries.only("locale", "words", "title", "summary", "text").iterator(chunk_size=500)
    _add_counts(space, counts, shown)


def vocabulary_name(space):
    return f"vocabulary:{space}"


def raise_version(name):
    """Invalidate what every process caches under this name. Version numbers never repeat, also not after a
    rollback."""
    Version.objects.update_or_create(name=name, defaults={"number": time.time_ns()})


def _put_batch(pairs, space, engine, force):
    # If a batch has two documents with the same identity, the later one wins.
    documents = {
        (document.type, document.id, document.locale): (source, document) for source, document in pairs
    }
    with transaction.atomic():
        existing = {
            (entry.type, entry.document_id, entry.locale): entry
            for entry in Entry.objects.filter(
                space=space, document_id__in={identity[1] for identity in documents}
            ).only("type", "document_id", "locale", "digest", "words", "source", "changed")
        }
        new, changed, old = [], [], []
        for identity, (source, document) in documents.items():
            before = existing.get(identity)
            digest = document.digest()
            if before and before.digest == digest and before.source == source and not force:
                continue
            entry = entry_of(document, space, source, digest)
            if before:
                old.append(Entry(locale=before.locale, words=before.words))
                entry.pk = before.pk
                entry.changed = max(entry.changed, before.changed + 1)
                changed.append(entry)
            else:
                new.append(entry)
        if not new and not changed:
            return 0
        written = new + changed
        facet_sets.save(entry.facet_set for entry in written)
        Entry.objects.bulk_create(new)
        if changed:
            columns = [column.name for column in Entry._meta.concrete_fields if not column.primary_key]
            Entry.objects.bulk_create(
                changed, update_conflicts=True, unique_fields=["pk"], update_fields=columns
            )
        _count_words(space, written, old)
        database_engine().index(written)
        _notify_engine(
            engine, space, [entry.pk for entry in written], {entry.pk: entry.changed for entry in written}
        )
    return len(written)


def entry_of(document, space, source="", digest=""):
    """The (unsaved) entry of a document, with its texts analysed into keys."""
    locale = document.locale
    title = analysis.keys(document.title, locale)
    names = [
        [analysis.word_keys(word, locale)[0] for word in analysis.words(name)]
        for name in document.popular_names
    ]
    texts = [document.title, *document.popular_names, document.summary, document.attachments, document.body]
    folded = dict.fromkeys(word for text in texts for word in analysis.words(text))
    name_words = dict.fromkeys(
        word
        for text in [document.title, *document.popular_names]
        for word in analysis.words(text, stop_words=False)
    )
    return Entry(
        space=space,
        type=document.type,
        document_id=document.id,
        locale=locale,
        source=source,
        digest=digest or document.digest(),
        title=document.title[:500],
        summary=document.summary,
        text=_plain(" ".join(filter(None, [document.body, document.attachments])))[:MOST_TEXT],
        url=document.url,
        date=document.date,
        facet_set=facet_sets.facet_set(document.type, locale, document.facets),
        title_keys=" ".join(title),
        popular_keys="\n".join(" ".join(name) for name in names if name),
        summary_keys=" ".join(analysis.keys(document.summary, locale)[:MOST_KEYS]),
        attachment_keys=" ".join(analysis.keys(document.attachments, locale)[:MOST_KEYS]),
        body_keys=" ".join(analysis.keys(document.body, locale)[:MOST_KEYS]),
        names=" ".join(name_words),
        words=" ".join(list(folded)[: 2 * MOST_KEYS]),
        changed=time.time_ns() // 1000,
    )


def _plain(text):
    return " ".join(text.replace("\x00", " ").split())


def _count_words(space, new, old):
    """Update the document counts of the vocabulary: subtract the words of `old` entries, add those of `new` ones."""
    counts = Counter((entry.locale, word) for entry in new for word in entry.words.split())
    counts.subtract((entry.locale, word) for entry in old for word in entry.words.split())
    _add_counts(space, counts, new)


def _add_counts(space, counts, entries):
    """Add to the document counts of the vocabulary; `counts` is `{(locale, folded word): difference}`. The `form` of
    a new word is its spelling in `entries`."""
    counts = {each: number for each, number in counts.items() if number}
    if not counts:
        return
    existing, increased = set(), [each for each, number in counts.items() if number > 0]
    for start in range(0, len(increased), 1000):
        folded = {word for _locale, word in increased[start : start + 1000]}
        rows = VocabularyWord.objects.filter(space=space, folded__in=folded)
        existing.update(rows.values_list("locale", "folded"))
    forms = _forms(entries, set(increased) - existing)
    decreased = [each for each, number in counts.items() if number < 0]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO egov_search_vocabularyword (space, locale, folded, key, form, documents) "
            "VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (space, locale, folded) "
            "DO UPDATE SET documents = egov_search_vocabularyword.documents + excluded.documents",
            [
                (
                    space,
                    locale,
                    word,
                    analysis.word_keys(word, locale)[0],
                    forms.get((locale, word), word)[:80],
                    counts[locale, word],
                )
                for locale, word in sorted(increased)
            ],
        )
        cursor.executemany(
            "UPDATE egov_search_vocabularyword "
            "SET documents = CASE WHEN documents > %s THEN documents - %s ELSE 0 END "
            "WHERE space = %s AND locale = %s AND folded = %s",
            [(-counts[each], -counts[each], space, *each) for each in sorted(decreased)],
        )
        if decreased:
            VocabularyWord.objects.filter(space=space, documents=0).delete()
        raise_version(vocabulary_name(space))


def _forms(entries, wanted):
    """`{(locale, folded word): original spelling}` of the `wanted` words, for displaying corrected queries."""
    forms = {}
    for entry in entries if wanted else ():
        if wanted.isdisjoint((entry.locale, word) for word in entry.words.split()):
            continue
        for text in (entry.title, entry.summary, entry.text):
            for word in analysis.words_with_positions(text):
                forms.setdefault((entry.locale, word.folded), text[word.start : word.end])
    return forms


def _notify_engine(engine, space, ids, changed=None):
    """Store the pending writes of a remote engine; they are sent after the commit."""
    engine = engine or current_engine()
    if not engine.remote or not ids:
        return
    now = time.time_ns() // 1000
    PendingWrite.objects.bulk_create(
        PendingWrite(entry_id=pk, space=space, changed=(changed or {}).get(pk, now)) for pk in ids
    )
    transaction.on_commit(engine.catch_up)
