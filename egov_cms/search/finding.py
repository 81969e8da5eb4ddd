"""Reading: `search()` and `suggest()`."""

from collections import Counter
from dataclasses import dataclass, field, replace

from egov_cms.search import documents, highlight, queries, ranking
from egov_cms.search.analysis import folded_query, words
from egov_cms.search.engines import Candidates, EngineDown, Scope, current_engine, database_engine
from egov_cms.search.lexicon import lexicon_of
from egov_cms.search.models import SITE, Entry, EntryFacet, PromotedResult, Version
from egov_cms.search.store import vocabulary_name
from egov_cms.search.synonyms import site_synonyms

MOST_CANDIDATES = 300
MOST_OTHERS = 100
OTHERS_SHOWN = 5
SYNONYMS_VERSION = "synonyms"


@dataclass(frozen=True)
class Hit:
    """Something found. `title_html` and `highlight` are safe HTML with `<mark>`; a promoted hit has no id."""

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
    """The answer to a query. `hits` are the page's in the asked language, `other_languages` the best in any
    other.

    `facet_counts` is `{facet: {code: number}}`, the facet "type" among them; each facet is counted as if it
    were not chosen itself, so a count says what choosing it would find. `suggestion` is the query respelled,
    or "".
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
    """Search the site. `query` is what a visitor typed, any text at all; `locale` the language whose hits
    come first.

    Without a locale all languages are ranked together. `types` and `facets` (`{name: [codes]}`) narrow the
    hits. A query without words finds nothing, unless it is narrowed: then it lists what is there, newest
    first.
    """
    return Search(space, synonyms, engine).results(query, locale, types, facets, page, per_page)


def suggest(text, locale, limit=8, *, space=SITE, engine=None):
    """Up to `limit` titles (`Hit` without highlights) for what has been typed so far, the last word being
    unfinished."""
    typed = words(text[: queries.LONGEST_QUERY], stop_words=False)[: queries.MOST_WORDS]
    if not typed or len("".join(typed)) < 2:
        return []
    scope = Scope(space, locales=(locale,))
    ids = ask(engine or current_engine(), "suggest", typed, scope, limit * 5)
    entries = Entry.objects.filter(pk__in=ids).only("pk", "document_id", "type", "locale", "title", "url")
    weights = documents.weights()
    ordered = sorted(entries, key=lambda entry: (-weights.get(entry.type, 1.0), len(entry.title), entry.pk))
    return [
        Hit(entry.document_id, entry.type, entry.locale, entry.title, entry.url) for entry in ordered[:limit]
    ]


def types_present(locale, space=SITE):
    """The types of which anything is there in a language."""
    return set(Entry.objects.filter(space=space, locale=locale).values_list("type", flat=True).distinct())


class Search:
    """One search: a space, its vocabulary and synonyms, and the engine that answers."""

    def __init__(self, space=SITE, synonyms=None, engine=None):
        self.space = space
        self.engine = engine or current_engine()
        names = [vocabulary_name(space), SYNONYMS_VERSION]
        versions = dict(Version.objects.filter(name__in=names).values_list("name", "number"))
        self.lexicon = lexicon_of(space, versions.get(names[0]))
        self.synonyms = site_synonyms(versions.get(SYNONYMS_VERSION)) if synonyms is None else synonyms
        self.weights = documents.weights()
        self.falls_back = True

    def results(self, text, locale, types=None, facets=None, page=1, per_page=10):
        query = queries.read(text, locale, self.lexicon, self.synonyms)
        # What cannot stand in a database finds nothing there.
        types = tuple(_storable(types or ()))
        facets = {name: tuple(_storable(codes)) for name, codes in (facets or {}).items() if codes}
        scope = Scope(self.space, locales=(locale,) if locale else ())
        if not query.words and not (types or facets):
            return Results(query.text, [], [], {}, has_words=False)
        ordered, total, counts = self._ranked(query, scope, types, facets)
        pages = -(-min(total, len(ordered)) // per_page)
        page = min(max(1, page), max(1, pages))
        shown = ordered[(page - 1) * per_page : page * per_page]
        others, other_total = [], 0
        if locale and query.words:
            others, other_total = self._others(
                query, locale, {candidate.document_id for _score, candidate in ordered}, types, facets
            )
        hits = self._hits(query, [*shown, *others])
        return Results(
            query.text,
            hits[: len(shown)],
            hits[len(shown) :],
            counts,
            query.suggestion,
            total,
            other_total,
            page,
            pages,
            self._promoted(text, locale) if self.space == SITE and page == 1 else [],
            bool(query.words),
        )

    def _ranked(self, query, scope, types, facets):
        """All hits in order, how many there are, and the counts of the facets."""
        found = self._candidates(query, scope, MOST_CANDIDATES)
        if found.total <= MOST_CANDIDATES:
            fields = self._fields(found.ids, with_facets=True)
            counts = _counts(fields, types, facets)
            fields = [candidate for candidate in fields if _fits(candidate, types, facets)]
            return self._ordered(query, fields), len(fields), counts
        counts = self._counted(query, scope, types, facets)
        if types or facets:
            found = self._candidates(query, scope.narrowed(types, facets), MOST_CANDIDATES)
        return self._ordered(query, self._fields(found.ids)), found.total, counts

    def _others(self, query, locale, shown, types, facets):
        """The best hits in other languages; a translation of a hit already shown only if the visitor typed
        its language."""
        scope = replace(Scope(self.space).narrowed(types, facets), without_locale=locale)
        found = self._candidates(query, scope, MOST_OTHERS)
        ordered = self._ordered(query, self._fields(found.ids))
        best, seen = [], set()
        for score, candidate in ordered:
            if candidate.document_id in seen or (
                candidate.document_id in shown and candidate.locale != query.locale
            ):
                continue
            seen.add(candidate.document_id)
            best.append((score, candidate))
        return best[:OTHERS_SHOWN], len(best)

    def _candidates(self, query, scope, limit):
        keys = query.keys
        if query.words and not keys:
            return Candidates([], 0)
        return self._ask("candidates", keys, scope, self.weights, limit)

    def _ask(self, question, *arguments):
        return ask(self.engine, question, *arguments, falls_back=self.falls_back)

    def _counted(self, query, scope, types, facets):
        """Facet counts by the engine, one question for each chosen facet so it does not narrow itself."""
        counts = self._ask("facets", query.keys, scope.narrowed(types, facets))
        for name in facets:
            rest = {other: codes for other, codes in facets.items() if other != name}
            counts[name] = self._ask("facets", query.keys, scope.narrowed(types, rest)).get(name, {})
        if types:
            counts["type"] = self._ask("facets", query.keys, scope.narrowed((), facets)).get("type", {})
        return counts

    def _fields(self, ids, with_facets=False):
        """What the ranking needs of the entries. Those no longer in the database drop out here."""
        rows = Entry.objects.filter(pk__in=ids, space=self.space).values_list(*ranking.Fields.__slots__[:-1])
        facets = _facets_of(ids) if with_facets else {}
        order = {pk: position for position, pk in enumerate(ids)}
        fields = [ranking.Fields(*row, facets=facets.get(row[0], {})) for row in rows]
        return sorted(fields, key=lambda candidate: order[candidate.pk])

    def _ordered(self, query, fields):
        if not query.words:
            return [(0.0, candidate) for candidate in fields]
        return ranking.ranked(query, fields, self.weights, documents.fresh_types())

    def _hits(self, query, scored):
        entries = Entry.objects.only("pk", "title", "summary", "text", "url", "facets").in_bulk(
            [candidate.pk for _score, candidate in scored]
        )
        keys = frozenset(query.rarity)
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
                    entry.facets,
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


def ask(engine, question, *arguments, falls_back=True):
    """Ask an engine; the database answers when a distant one cannot."""
    try:
        return getattr(engine, question)(*arguments)
    except EngineDown:
        if not falls_back:
            raise
    return getattr(database_engine(), question)(*arguments)


def _facets_of(ids):
    facets = {}
    for pk, name, code in EntryFacet.objects.filter(entry__in=ids).values_list("entry", "name", "code"):
        facets.setdefault(pk, {}).setdefault(name, []).append(code)
    return facets


def _storable(codes):
    return [code if code.isprintable() else "" for code in codes]


def _fits(candidate, types, facets):
    if types and candidate.type not in types:
        return False
    return all(set(codes).intersection(candidate.facets.get(name, ())) for name, codes in facets.items())


def _counts(fields, types, facets):
    counts = {"type": Counter(candidate.type for candidate in fields if _fits(candidate, (), facets))}
    names = {name for candidate in fields for name in candidate.facets}
    for name in names:
        rest = {other: codes for other, codes in facets.items() if other != name}
        counts[name] = Counter(
            code
            for candidate in fields
            if _fits(candidate, types, rest)
            for code in candidate.facets.get(name, ())
        )
    return {name: dict(counter) for name, counter in counts.items() if counter}
