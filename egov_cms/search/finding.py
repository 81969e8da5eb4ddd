"""Reading: `search()` and `suggest()`."""

from dataclasses import dataclass, field

from egov_cms.search import documents, facet_sets, highlight, queries, ranking
from egov_cms.search.analysis import folded_query, words
from egov_cms.search.engines import EngineDown, current_engine, database_engine
from egov_cms.search.lexicon import lexicon_of
from egov_cms.search.models import SITE, Entry, PromotedResult, Version
from egov_cms.search.site_synonyms import site_synonyms
from egov_cms.search.store import vocabulary_name

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


@dataclass
class Found:
    """Entries to be ranked (by primary key), how many match, facet counts, and entries in other languages."""

    ids: list[int] = field(default_factory=list)
    total: int = 0
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    others: list[int] = field(default_factory=list)


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
    ids = answered(engine or current_engine(), lambda asked: asked.suggest(typed, space, locale, limit * 5))
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
        if not query.words and not (types or facets):
            return Results(query.text, [], [], {}, has_words=False)
        found = self._found(query, self.engine, locale, types, facets)
        ordered = self._ordered(query, self._fields(found.ids))
        if len(ordered) < len(found.ids) and self.engine.distant and self.falls_back:
            # A distant engine has not heard yet of an edit or a removal: its counts would tell of it.
            found = self._found(query, database_engine(), locale, types, facets)
            ordered = self._ordered(query, self._fields(found.ids))
        pages = -(-min(found.total, len(ordered)) // per_page)
        page = min(max(1, page), max(1, pages))
        shown = ordered[(page - 1) * per_page : page * per_page]
        others = self._others(query, found, {candidate.document_id for _score, candidate in ordered})
        hits = self._hits(query, [*shown, *others[:OTHERS_SHOWN]])
        return Results(
            query.text,
            hits[: len(shown)],
            hits[len(shown) :],
            found.counts,
            query.suggestion,
            found.total,
            len(others),
            page,
            pages,
            self._promoted(text, locale) if self.space == SITE and page == 1 else [],
            bool(query.words),
        )

    def _found(self, query, engine, locale, types, facets):
        keys = query.keys
        if query.words and not keys:
            return Found()
        return answered(
            engine, lambda asked: self._asked(asked, keys, locale, types, facets), self.falls_back
        )

    def _asked(self, engine, keys, locale, types, facets):
        """One engine's answer: what fits in the asked language, and in the others (for words only)."""
        matches = engine.matches(keys, self.space)
        sets = facet_sets.known(matches.facets)
        own = {number: each for number, each in sets.items() if locale in (None, each.locale)}
        chosen, counts = facet_sets.narrowed(own, matches.facets, types, facets)
        found = Found(
            self._candidates(matches, sets, chosen, MOST_CANDIDATES),
            sum(matches.facets[number] for number in chosen),
            counts,
        )
        if keys and len(own) < len(sets):
            rest = {number: each for number, each in sets.items() if number not in own}
            chosen, _counts = facet_sets.narrowed(rest, matches.facets, types, facets)
            found.others = self._candidates(matches, sets, chosen, MOST_OTHERS)
        return found

    def _candidates(self, matches, sets, chosen, limit):
        if not chosen:
            return []
        factors = {number: round(self.weights.get(sets[number].type, 1) * 100) for number in chosen}
        return matches.candidates(factors, limit)

    def _others(self, query, found, shown):
        """The best hits in other languages as `[(score, candidate)]`; a translation of a hit already shown
        only if the visitor typed its language."""
        best, seen = [], set()
        for score, candidate in self._ordered(query, self._fields(found.others)) if found.others else ():
            translated = candidate.document_id in shown and candidate.locale != query.locale
            if candidate.document_id not in seen and not translated:
                seen.add(candidate.document_id)
                best.append((score, candidate))
        return best

    def _fields(self, ids):
        """What the ranking needs of the entries. Those no longer in the database drop out here."""
        rows = Entry.objects.filter(pk__in=ids, space=self.space).values_list(*ranking.Fields._fields)
        found = {row[0]: ranking.Fields(*row) for row in rows}
        return [found[pk] for pk in ids if pk in found]

    def _ordered(self, query, fields):
        if not query.words:
            return [(0.0, candidate) for candidate in fields]
        return ranking.ranked(query, fields, self.weights, documents.fresh_types())

    def _hits(self, query, scored):
        entries = Entry.objects.only("title", "summary", "text", "url", "facet_set").in_bulk(
            [candidate.pk for _score, candidate in scored]
        )
        sets = facet_sets.known({entry.facet_set_id for entry in entries.values()})
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


def answered(engine, question, falls_back=True):
    """What `question(engine)` gives; the database is asked instead when a distant engine cannot answer, or not
    in the time that a visitor may wait."""
    try:
        with engine.in_time():
            return question(engine)
    except EngineDown:
        if not falls_back:
            raise
    return question(database_engine())
