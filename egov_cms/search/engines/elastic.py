"""Elasticsearch, for sites beyond one machine. It holds the same keys; the database stays the truth.

Every index is built under a name of its own and shown through the alias of its space. A second alias, for
writing only, keeps a late write from creating an index that has been removed. Writes carry the entry's own
version, so an old state that arrives late never replaces a newer one.
"""

import time
from contextlib import contextmanager

from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch, helpers
from elasticsearch.dsl import Date, Document, FacetedSearch, Keyword, Long, Q, Search, TermsFacet, Text

from egov_cms.conf import egov_settings
from egov_cms.search.engines.base import TITLE_FACTOR, Candidates, Engine, EngineDown
from egov_cms.search.engines.breaker import Breaker
from egov_cms.search.models import Entry, PendingWrite

PATIENT_SECONDS = 20.0
WRITE_SECONDS = 2.0
REBUILD_SECONDS = 30.0
BATCH = 500
MOST_CODES = 1000
KEYS = {"analyzer": "whitespace", "norms": False, "index_options": "docs"}


class EntryDocument(Document):
    """An entry as Elasticsearch holds it: keys and what is filtered by, nothing that is shown."""

    entry = Long()
    type = Keyword()
    locale = Keyword()
    facets = Keyword()
    date = Date()
    title = Text(**KEYS)
    every = Text(**KEYS)
    names = Text(**KEYS)

    class Index:
        name = "egov-search"
        settings = {"number_of_replicas": 0, "refresh_interval": "1s", "gc_deletes": "10m"}

    class Meta:
        dynamic = "strict"


class EntryFacets(FacetedSearch):
    """Counts of all facets over the matches of a query."""

    doc_types = [EntryDocument]
    facets = {
        "type": TermsFacet(field="type", size=MOST_CODES),
        "code": TermsFacet(field="facets", size=MOST_CODES),
    }

    def query(self, search, query):
        return search.query(query)[:0]


class ElasticsearchEngine(Engine):
    """One per address and process; safe to share between threads."""

    name = "elasticsearch"
    distant = True

    def __init__(self, url, seconds=None, prefix=None):
        self.url = url
        self.seconds = seconds or egov_settings.ELASTICSEARCH_TIMEOUT_MS / 1000
        self.client = Elasticsearch(url, request_timeout=self.seconds, max_retries=0, retry_on_timeout=False)
        self.prefix = prefix or egov_settings.ELASTICSEARCH_PREFIX
        self.breaker = Breaker(self.name)
        self._behind = False

    def patient(self):
        """The same cluster for a command that had rather wait than have another engine answer."""
        return type(self)(self.url, PATIENT_SECONDS, self.prefix)

    def alias(self, space):
        return f"{self.prefix}-{space}"

    def index(self, entries):
        entries = list(entries)
        if entries:
            self._write(entries[0].space, [_index_action(entry) for entry in entries])

    def remove(self, ids, space="site", changed=None):
        changed = changed or time.time_ns() // 1000
        self._write(space, [_remove_action(pk, changed) for pk in ids])

    def candidates(self, keys, scope, boosts=None, limit=500):
        search = self._search(scope)[:limit].extra(track_total_hits=True)
        if keys:
            search = search.query(_boosted(_matches(keys), boosts or {})).sort("_score", "entry")
        else:
            search = search.sort({"date": {"order": "desc", "missing": "_last"}}, "entry")
        return Candidates(*self._ids_and_total(search))

    def facets(self, keys, scope):
        question = Q("bool", must=[_matches(keys)] if keys else [], filter=_filters(scope))
        faceted = EntryFacets(question)
        faceted._s = self._bounded(faceted._s.using(self.client).index(self.alias(scope.space)))
        with self._asking():
            response = faceted.execute()
        counts = {}
        for code, number, _chosen in response.facets.type:
            counts.setdefault("type", {})[code] = number
        for joined, number, _chosen in response.facets.code:
            name, _equals, code = joined.partition("=")
            counts.setdefault(name, {})[code] = number
        return counts

    def suggest(self, words, scope, limit=8):
        whole = [Q("term", names=word) for word in words[:-1]]
        search = self._search(scope).query("bool", filter=[*whole, Q("prefix", names=words[-1])])
        return self._ids_and_total(search.sort("entry")[:limit])[0]

    def catch_up(self, batches=4):
        """Send what the engine does not have yet, so many batches at most (None: all).

        Returns how many writes are still waiting. An engine that is down is no error: the writes wait.
        """
        try:
            with self._asking():
                for space in list(PendingWrite.objects.values_list("space", flat=True).distinct()):
                    self._catch_up(space, batches)
        except EngineDown:
            self._behind = True
        waiting = PendingWrite.objects.count()
        self._behind = bool(waiting)
        return waiting

    def rebuild(self, space="site", progress=None):
        """Build a new index beside the present one, then let the alias point to it in one step."""
        name = f"{self.alias(space)}-{time.time_ns()}"
        entries = Entry.objects.filter(space=space).order_by("pk")
        total = entries.count()
        client = self.client.options(request_timeout=REBUILD_SECONDS)
        with self._asking():
            EntryDocument.init(index=name, using=client)
            client.indices.put_alias(index=name, name=_writing(name))
            actions = (_index_action(entry) for entry in entries.iterator(chunk_size=BATCH))
            self._bulk(client, _writing(name), actions, lambda done: progress and progress(done, total))
            client.indices.refresh(index=name)
            present = self._indices(client, space)
            old = [index for index in present if index < name]
            shown = [index for index in old if self.alias(space) in present[index]["aliases"]]
            removals = [{"remove": {"index": index, "alias": self.alias(space)}} for index in shown]
            client.indices.update_aliases(
                actions=[*removals, {"add": {"index": name, "alias": self.alias(space)}}]
            )
            self._catch_up(space)
            client.indices.refresh(index=name)
            if old:
                client.indices.delete(index=",".join(old), ignore_unavailable=True)

    def drop(self, space):
        with self._asking():
            if indices := list(self._indices(self.client, space)):
                self.client.options(request_timeout=max(WRITE_SECONDS, self.seconds)).indices.delete(
                    index=",".join(indices), ignore_unavailable=True
                )

    def spaces(self):
        start = f"{self.prefix}-"
        with self._asking():
            indices = self.client.indices.get_alias(index=f"{start}*").body
        return {index.removeprefix(start).rpartition("-")[0] for index in indices}

    def refresh(self, space="site"):
        """Make all writes so far visible to questions; without it they are within a second."""
        with self._asking():
            self.client.indices.refresh(index=self.alias(space), ignore_unavailable=True)

    def health(self):
        """`{"reachable", "indexed", "pending"}`: does the cluster answer, what does it hold, what waits."""
        try:
            count = self.client.count(index=self.alias("site"))["count"]
        except (ApiError, TransportError):
            count = None
        return {"reachable": count is not None, "indexed": count, "pending": PendingWrite.objects.count()}

    def _search(self, scope):
        search = self._bounded(Search(using=self.client, index=self.alias(scope.space)))
        return search.query("bool", filter=_filters(scope))

    def _bounded(self, search):
        """An answer within the time, or none: half an answer would be taken for the whole."""
        bounds = {"timeout": f"{int(self.seconds * 1000)}ms"}
        return search.extra(**bounds).params(allow_partial_search_results=False)

    def _ids_and_total(self, search):
        """Every question is sorted by `entry` last, so no document has to be fetched for its id."""
        with self._asking():
            answer = search.extra(stored_fields="_none_").execute().to_dict()["hits"]
        return [hit["sort"][-1] for hit in answer["hits"]], answer.get("total", {}).get("value", 0)

    @contextmanager
    def _asking(self):
        """Turn whatever goes wrong into `EngineDown`, and do not even ask while the breaker is open."""
        if not self.breaker.allows():
            raise EngineDown("Elasticsearch did not answer a moment ago.")
        try:
            yield
        except (ApiError, TransportError, helpers.BulkIndexError) as error:
            self.breaker.failed(type(error).__name__)
            raise EngineDown(str(error)) from error
        if self.breaker.succeeded() or self._behind:
            self._behind = False
            self.catch_up(batches=1)

    def _write(self, space, actions):
        client = self.client.options(request_timeout=max(WRITE_SECONDS, self.seconds))
        with self._asking():
            for index in self._indices(client, space):
                self._bulk(client, _writing(index), actions)

    def _catch_up(self, space, batches=None):
        client = self.client.options(request_timeout=max(WRITE_SECONDS, self.seconds))
        indices = list(self._indices(client, space))
        if not indices:
            # Nothing has been built yet; the first rebuild takes everything.
            return
        waiting = PendingWrite.objects.filter(space=space).order_by("pk")
        while batches != 0 and (rows := list(waiting[:BATCH])):
            batches = batches and batches - 1
            latest = {row.entry_id: row.changed for row in rows}
            entries = Entry.objects.in_bulk(latest)
            actions = [
                _index_action(entries[pk]) if pk in entries else _remove_action(pk, changed)
                for pk, changed in latest.items()
            ]
            for index in indices:
                self._bulk(client, _writing(index), actions)
            waiting.filter(pk__in=[row.pk for row in rows]).delete()

    def _bulk(self, client, target, actions, progress=None):
        """Send actions; one that the engine has in a newer version, or no longer has, counts as done."""
        done = 0
        results = helpers.streaming_bulk(
            client, actions, index=target, chunk_size=BATCH, raise_on_error=False, require_alias=True
        )
        for _ok, item in results:
            outcome = next(iter(item.values()))
            if outcome["status"] >= 300 and outcome["status"] not in (404, 409):
                raise EngineRefused(outcome)
            if outcome["status"] == 404 and "index" in item:
                raise EngineRefused(outcome)
            done += 1
            if progress and done % BATCH == 0:
                progress(done)
        if progress:
            progress(done)

    def _indices(self, client, space):
        return client.indices.get_alias(index=f"{self.alias(space)}-*").body


class EngineRefused(helpers.BulkIndexError):
    """A write that the engine answered and did not take (a full disk, a blocked or missing index)."""

    def __init__(self, outcome):
        super().__init__(f"{outcome['status']}: {outcome.get('error')}", [outcome])


def _writing(index):
    return f"writing-{index}"


def _index_action(entry):
    title = [*entry.title_keys.split(), *entry.popular_keys.split()]
    every = [*title, *entry.summary_keys.split(), *entry.papers_keys.split(), *entry.body_keys.split()]
    return {
        "_op_type": "index",
        "_id": entry.pk,
        "version": entry.changed,
        "version_type": "external_gte",
        "_source": {
            "entry": entry.pk,
            "type": entry.type,
            "locale": entry.locale,
            "facets": [f"{name}={code}" for name, codes in entry.facets.items() for code in codes],
            "date": entry.date.isoformat() if entry.date else None,
            "title": " ".join(title),
            "every": " ".join(dict.fromkeys(every)),
            "names": entry.names,
        },
    }


def _remove_action(pk, changed):
    return {"_op_type": "delete", "_id": pk, "version": changed, "version_type": "external_gte"}


def _matches(keys):
    """Any of the keys, each worth its weight, and more in a title: the sum that the database engines give."""
    clauses = []
    for key, weight in keys.items():
        clauses.append(Q("constant_score", filter=Q("term", every=key), boost=weight))
        clauses.append(Q("constant_score", filter=Q("term", title=key), boost=weight * (TITLE_FACTOR - 1)))
    return Q("bool", should=clauses, minimum_should_match=1)


def _boosted(query, boosts):
    if not boosts:
        return query
    functions = [
        {"filter": {"term": {"type": type_}}, "weight": round(factor * 100)}
        for type_, factor in boosts.items()
    ]
    others = {"filter": {"bool": {"must_not": {"terms": {"type": list(boosts)}}}}, "weight": 100}
    return Q("function_score", query=query, functions=[*functions, others], boost_mode="multiply")


def _filters(scope):
    filters = []
    if scope.locales:
        filters.append(Q("terms", locale=list(scope.locales)))
    if scope.without_locale:
        filters.append(~Q("term", locale=scope.without_locale))
    if scope.types:
        filters.append(Q("terms", type=list(scope.types)))
    for name, codes in scope.facets.items():
        filters.append(Q("terms", facets=[f"{name}={code}" for code in codes]))
    return filters
