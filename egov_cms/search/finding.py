"""Querying: `search()` and `suggest()`."""

from dataclasses import dataclass, field

from django.db import DatabaseError

from egov_cms.policies import Policy
from egov_cms.search import documents, facet_sets, highlight, queries, ranking, tables
from egov_cms.search.analysis import folded_query, words
from egov_cms.search.engines import EngineDown, current_engine, database_engine
from egov_cms.search.lexicon import get_lexicon
from egov_cms.search.models import SITE, Entry, PromotedResult, Version
from egov_cms.search.site_synonyms import site_synonyms
from egov_cms.search.store import vocabulary_name

# () → the sources (`indexing.source_of`) of what is in the index and not public any more, because only time has passed.
hidden = Policy("search.hidden", default=tuple)

MOST_CANDIDATES = 300
MOST_OTHER_LANGUAGE_CANDIDATES = 100
OTHER_LANGUAGE_HITS_SHOWN = 5
SYNONYMS_VERSION = "synonyms"


@dataclass(frozen=True)
class Hit:
    """One result. `title_html` and `highlight` are safe HTML with `<mark>`. A promoted hit has no id."""

    id: str
    type: str
    locale: str
    title: str
    url: str
    summary: str = ""
    title_html: str = ""
    highlight: str = ""
    facets: dict = field(default_factory=dict)
    score: float = 0.0
    promoted: bool = False


@dataclass(frozen=True)
class Results:
    """The results of a query. `hits` are those of the current page, in the requested language; `other_languages` are
    the best hits in other languages.

    `facet_counts` is `{facet: {code: number}}`, including the facet "type". Each facet is counted without its own
    filter, so a count is the number of results that choosing the code would give. `suggestion` is the query with
    corrected spelling, or "".
    """

    query: str
    hits: list[Hit]
    other_languages: list[Hit]
    facet_counts: dict[str, dict[str, int]]
    suggestion: str = ""
    total: int = 0
    other_total: int = 0
    page: int = 1
    pages: int = 0
    promoted: list[Hit] = field(default_factory=list)
    has_words: bool = True
    is_available: bool = True


@dataclass
class Candidates:
    """The answer of an engine: primary keys of the entries to rank, the number of all matches, facet counts, and
    primary keys of entries in other languages."""

    ids: list[int] = field(default_factory=list)
    total: int = 0
    facet_counts: dict[str, dict[str, int]] = field(default_factory=dict)
    other_language_ids: list[int] = field(default_factory=list)


def search(
    query,
    locale=None,
    types=None,
    facets=None,
    page=1,
    per_page=10,
    *,
    space=SITE,
    synonyms=None,
    engine=None,
):
    """Search the site. `query` is what a visitor typed and can be any text. `locale` is the language of the main
    hits.

    Without a locale all languages are ranked together. `types` and `facets` (`{name: [codes]}`) filter the hits.
    A query without words has no results, unless there is a filter: then it lists all entries that pass the filter,
    newest first.
    Where the tables of search are lost there are none, and `is_available` is False; the log says what mends it.
    """
    try:
        return Search(space, synonyms, engine).results(query, locale, types, facets, page, per_page)
    except DatabaseError as error:
        if not tables.explain(error):
            raise
    return Results(query, [], [], {}, is_available=False)


def suggest(text, locale, limit=8, *, space=SITE, engine=None):
    """Up to `limit` titles (`Hit` without highlights) that contain the typed words, the last one as a prefix."""
    typed = words(text[: queries.LONGEST_QUERY], stop_words=False)[: queries.MOST_WORDS]
    if not typed or len("".join(typed)) < 2:
        return []
    try:
        return _suggested(typed, locale, limit, space, engine)
    except DatabaseError as error:
        if not tables.explain(error):
            raise
    return []


def _suggested(typed, locale, limit, space, engine):
    ids = with_fallback(
        engine or current_engine(), lambda available: available.suggest(typed, space, locale, limit * 5)
    )
    entries = (
        Entry.objects.filter(pk__in=ids)
        .exclude(source__in=_hidden(space))
        .only("pk", "document_id", "type", "locale", "title", "url")
    )
    weights = documents.weights()
    ordered = sorted(entries, key=lambda entry: (-weights.get(entry.type, 1.0), len(entry.title), entry.pk))
    return [
        Hit(entry.document_id, entry.type, entry.locale, entry.title, entry.url) for entry in ordered[:limit]
    ]


def _hidden(space):
    return list(hidden()) if space == SITE else []


def types_present(locale, space=SITE):
    """The types that have at least one entry in a language."""
    try:
        return set(Entry.objects.filter(space=space, locale=locale).values_list("type", flat=True).distinct())
    except DatabaseError as error:
        if not tables.explain(error):
            raise
    return set()


class Search:
    """One search: a space, its vocabulary and synonyms, and the engine."""

    def __init__(self, space=SITE, synonyms=None, engine=None):
        self.space = space
        self.engine = engine or current_engine()
        names = [vocabulary_name(space), SYNONYMS_VERSION]
        versions = dict(Version.objects.filter(name__in=names).values_list("name", "number"))
        self.lexicon = get_lexicon(space, versions.get(names[0]))
        self.synonyms = site_synonyms(versions.get(SYNONYMS_VERSION)) if synonyms is None else synonyms
        self.weights = documents.weights()
        self.falls_back = True

    def results(self, text, locale, types=None, facets=None, page=1, per_page=10):
        query = queries.parse(text, locale, self.lexicon, self.synonyms)
        if not query.words and not (types or facets):
            return Results(query.text, [], [], {}, has_words=False)
        candidates = self._candidates(query, self.engine, locale, types, facets)
        ranked = self._ranked(query, self._fields(candidates.ids))
        if len(ranked) < len(candidates.ids) and self.engine.remote and self.falls_back:
            # The remote engine has returned entries that are no longer in the database, so its counts are stale too.
            candidates = self._candidates(query, database_engine(), locale, types, facets)
            ranked = self._ranked(query, self._fields(candidates.ids))
        pages = -(-min(candidates.total, len(ranked)) // per_page)
        page = min(max(1, page), max(1, pages))
        shown = ranked[(page - 1) * per_page : page * per_page]
        others = self._other_languages(
            query, candidates, {candidate.document_id for _score, candidate in ranked}
        )
        hits = self._hits(query, [*shown, *others[:OTHER_LANGUAGE_HITS_SHOWN]])
        return Results(
            query.text,
            hits[: len(shown)],
            hits[len(shown) :],
            candidates.facet_counts,
            query.suggestion,
            candidates.total,
            len(others),
            page,
            pages,
            self._promoted(text, locale) if self.space == SITE and page == 1 else [],
            bool(query.words),
        )

    def _candidates(self, query, engine, locale, types, facets):
        keys = query.keys
        if query.words and not keys:
            return Candidates()
        return with_fallback(
            engine, lambda available: self._match(available, keys, locale, types, facets), self.falls_back
        )

    def _match(self, engine, keys, locale, types, facets):
        """The candidates of one engine in the requested language; with keys, also those in other languages."""
        matches = engine.matches(keys, self.space)
        sets = facet_sets.load(matches.facets)
        own = {number: each for number, each in sets.items() if locale in (None, each.locale)}
        fitting, counts = facet_sets.apply_filters(own, matches.facets, types, facets)
        candidates = Candidates(
            self._best(matches, sets, fitting, MOST_CANDIDATES),
            sum(matches.facets[number] for number in fitting),
            counts,
        )
        if keys and len(own) < len(sets):
            rest = {number: each for number, each in sets.items() if number not in own}
            fitting, _counts = facet_sets.apply_filters(rest, matches.facets, types, facets)
            candidates.other_language_ids = self._best(matches, sets, fitting, MOST_OTHER_LANGUAGE_CANDIDATES)
        return candidates

    def _best(self, matches, sets, fitting, limit):
        if not fitting:
            return []
        factors = {number: round(self.weights.get(sets[number].type, 1) * 100) for number in fitting}
        return matches.candidates(factors, limit)

    def _other_languages(self, query, candidates, shown):
        """The best hits in other languages as `[(score, candidate)]`. A translation of a hit in `shown` (document ids)
        is included only when the query is in the language of the translation."""
        best, seen = [], set()
        ids = candidates.other_language_ids
        for score, candidate in self._ranked(query, self._fields(ids)) if ids else ():
            translated = candidate.document_id in shown and candidate.locale != query.locale
            if candidate.document_id not in seen and not translated:
                seen.add(candidate.document_id)
                best.append((score, candidate))
        return best

    def _fields(self, ids):
        """The ranking's `Fields` of the entries, in the order of `ids`, without entries that are no longer in the
        database."""
        rows = Entry.objects.filter(pk__in=ids, space=self.space).exclude(source__in=_hidden(self.space))
        rows = rows.values_list(*ranking.Fields._fields)
        by_pk = {row[0]: ranking.Fields(*row) for row in rows}
        return [by_pk[pk] for pk in ids if pk in by_pk]

    def _ranked(self, query, fields):
        if not query.words:
            return [(0.0, candidate) for candidate in fields]
        return ranking.rank(query, fields, self.weights, documents.fresh_types())

    def _hits(self, query, scored):
        entries = Entry.objects.only("title", "summary", "text", "url", "facet_set").in_bulk(
            [candidate.pk for _score, candidate in scored]
        )
        sets = facet_sets.load({entry.facet_set_id for entry in entries.values()})
        keys = frozenset(query.idf)
        hits = []
        for score, candidate in scored:
            entry = entries[candidate.pk]
            hits.append(
                Hit(
                    candidate.document_id,
                    candidate.type,
                    candidate.locale,
                    entry.title,
                    entry.url,
                    entry.summary,
                    highlight.mark(entry.title, keys, candidate.locale),
                    highlight.passage(entry.summary, entry.text, keys, candidate.locale),
                    sets[entry.facet_set_id].facets,
                    score,
                )
            )
        return hits

    def _promoted(self, text, locale):
        folded = folded_query(text)
        if not folded:
            return []
        rows = PromotedResult.objects.filter(folded=folded)
        if locale:
            rows = rows.filter(locale=locale)
        return [
            Hit("", "promoted", row.locale, row.title, row.url, row.summary, promoted=True)
            for row in rows[:3]
        ]


def with_fallback(engine, action, falls_back=True):
    """The result of `action(engine)`; of `action(database_engine())` when the engine is down or exceeds the time
    limit."""
    try:
        with engine.deadline():
            return action(engine)
    except EngineDown:
        if not falls_back:
            raise
    return action(database_engine())
