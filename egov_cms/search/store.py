"""Writing: documents become entries with keys, the vocabulary follows, and the engine is told.

The database is the truth. An entry, its vocabulary, and the note that a distant engine must learn of it are
one transaction; the engine itself is told after the commit.
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


def put(sourced, space=SITE, engine=None, force=False):
    """Index `(source, document)` pairs, a batch at a time; returns how many entries are new or changed.

    A document that is as it was is left alone; with `force` it is analysed again.
    """
    sourced, written = iter(sourced), 0
    while batch := list(islice(sourced, BATCH)):
        written += _put_batch(batch, space, engine, force)
    return written


def replace_source(documents, source, space=SITE, engine=None):
    """Make `documents` all that is found of one object: new ones are put, those it no longer yields are
    removed."""
    replace_sources({source: list(documents)}, space, engine)


def replace_sources(documents, space=SITE, engine=None):
    """The same for many objects at once: `documents` are `{source: [document, …]}`."""
    sourced = [(source, document) for source, found in documents.items() for document in found]
    identities = {(source, document.type, document.id, document.locale) for source, document in sourced}
    with transaction.atomic():
        put(sourced, space, engine)
        stale = [
            entry.pk
            for entry in Entry.objects.filter(space=space, source__in=documents).only(
                "source", "type", "document_id", "locale"
            )
            if (entry.source, entry.type, entry.document_id, entry.locale) not in identities
        ]
        remove(stale, space, engine)


def remove(ids, space=SITE, engine=None):
    """Take entries out of the site's database and out of the engine."""
    ids = list(ids)
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        with transaction.atomic():
            entries = list(Entry.objects.filter(pk__in=batch, space=space).only("locale", "words"))
            _count_words(space, [], entries)
            database_engine().remove(batch, space)
            Entry.objects.filter(pk__in=batch, space=space).delete()
            _tell(engine, space, batch)


def drop(space, engine=None):
    """Remove a space and all that belongs to it."""
    engine = engine or current_engine()
    with transaction.atomic():
        database_engine().remove(Entry.objects.filter(space=space).values_list("pk", flat=True), space)
        with connection.cursor() as cursor:
            # Nobody hears of entries, so none has to be read to be deleted.
            cursor.execute("DELETE FROM egov_search_entry WHERE space = %s", [space])
        VocabularyWord.objects.filter(space=space).delete()
        PendingWrite.objects.filter(space=space).delete()
        Version.objects.filter(name=vocabulary_name(space)).delete()
    if engine.distant:
        engine.drop(space)


def recount(space=SITE):
    """Count the vocabulary anew from the entries, which heals whatever an interrupted write left behind.

    Only differences are written, as sums, so that neither visitors nor other writers wait for the count.
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
    """Tell every process that what it caches under this name is old. Numbers never repeat, not even after a
    rollback."""
    Version.objects.update_or_create(name=name, defaults={"number": time.time_ns()})


def _put_batch(sourced, space, engine, force):
    # Two documents of one identity in a batch: the later one counts.
    documents = {
        (document.type, document.id, document.locale): (source, document) for source, document in sourced
    }
    with transaction.atomic():
        present = {
            (entry.type, entry.document_id, entry.locale): entry
            for entry in Entry.objects.filter(
                space=space, document_id__in={identity[1] for identity in documents}
            ).only("type", "document_id", "locale", "digest", "words", "source", "changed")
        }
        new, changed, old = [], [], []
        for identity, (source, document) in documents.items():
            before = present.get(identity)
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
        _tell(engine, space, [entry.pk for entry in written], {entry.pk: entry.changed for entry in written})
    return len(written)


def entry_of(document, space, source="", digest=""):
    """The entry of a document: its texts as analysed keys."""
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
    """Move the vocabulary's document counts from the words of `old` entries to those of `new` ones."""
    counts = Counter((entry.locale, word) for entry in new for word in entry.words.split())
    counts.subtract((entry.locale, word) for entry in old for word in entry.words.split())
    _add_counts(space, counts, new)


def _add_counts(space, counts, entries):
    """Add to the vocabulary's document counts; `counts` are `{(locale, folded word): difference}`. New words
    are shown in the letters that they have in `entries`."""
    counts = {each: number for each, number in counts.items() if number}
    if not counts:
        return
    known, more = set(), [each for each, number in counts.items() if number > 0]
    for start in range(0, len(more), 1000):
        folded = {word for _locale, word in more[start : start + 1000]}
        rows = VocabularyWord.objects.filter(space=space, folded__in=folded)
        known.update(rows.values_list("locale", "folded"))
    forms = _forms(entries, set(more) - known)
    fewer = [each for each, number in counts.items() if number < 0]
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
                for locale, word in sorted(more)
            ],
        )
        cursor.executemany(
            "UPDATE egov_search_vocabularyword "
            "SET documents = CASE WHEN documents > %s THEN documents - %s ELSE 0 END "
            "WHERE space = %s AND locale = %s AND folded = %s",
            [(-counts[each], -counts[each], space, *each) for each in sorted(fewer)],
        )
        if fewer:
            VocabularyWord.objects.filter(space=space, documents=0).delete()
        raise_version(vocabulary_name(space))


def _forms(entries, wanted):
    """The original letters of the `wanted` words that people see: a corrected query is shown in them."""
    forms = {}
    for entry in entries if wanted else ():
        if wanted.isdisjoint((entry.locale, word) for word in entry.words.split()):
            continue
        for text in (entry.title, entry.summary, entry.text):
            for word in analysis.words_in_place(text):
                forms.setdefault((entry.locale, word.folded), text[word.start : word.end])
    return forms


def _tell(engine, space, ids, changed=None):
    """Note the writes for a distant engine and send them once they are committed."""
    engine = engine or current_engine()
    if not engine.distant or not ids:
        return
    now = time.time_ns() // 1000
    PendingWrite.objects.bulk_create(
        PendingWrite(entry_id=pk, space=space, changed=(changed or {}).get(pk, now)) for pk in ids
    )
    transaction.on_commit(engine.catch_up)


def pending_writes():
    """How many writes a distant engine has not confirmed."""
    return PendingWrite.objects.count()
