"""Elasticsearch, for sites beyond one machine. It holds the same keys; the database stays the truth.

Every index is built under a name of its own and shown through the alias of its space. A second alias, for
writing only, keeps a late write from creating an index that has been removed. Writes carry the entry's own
version, so an old state that arrives late never replaces a newer one.
"""

import threading
import time
from contextlib import closing, contextmanager
from contextvars import ContextVar

from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch, helpers
from elasticsearch.dsl import Date, Document, FacetedSearch, Keyword, Long, Q, Search, TermsFacet, Text

from egov_cms.conf import egov_settings
from egov_cms.search.engines.base import TITLE_FACTOR, Engine, EngineDown, Matches
from egov_cms.search.engines.breaker import Breaker
from egov_cms.search.models import SITE, Entry, PendingWrite

PATIENT_SECONDS = 20.0
WRITE_SECONDS = 2.0
REBUILD_SECONDS = 30.0
BATCH = 500
HEALING_BATCH = 50
MOST_SETS = 60_000
HEALING_PAUSE_SECONDS = 10.0
FAULTS = (ApiError, TransportError, helpers.BulkIndexError, TimeoutError)
# What reading an answer raises that is not one of Elasticsearch (a proxy's, a broken server's).
NONSENSE = (AttributeError, LookupError, TypeError, ValueError)
KEYS = {"analyzer": "whitespace", "norms": False, "index_options": "docs"}


class EntryDocument(Document):
    """An entry as Elasticsearch holds it: keys and what is filtered by, nothing that is shown."""

    entry = Long()
    locale = Keyword()
    facet_set = Keyword()
    date = Date()
    title = Text(**KEYS)
    every = Text(**KEYS)
    names = Text(**KEYS)

    class Index:
        name = "egov-search"
        settings = {"number_of_replicas": 0, "refresh_interval": "1s", "gc_deletes": "10m"}

    class Meta:
        dynamic = "strict"


class FacetSets(FacetedSearch):
    """How many matches of a query there are in each facet set."""

    doc_types = [EntryDocument]
    facets = {"facet_set": TermsFacet(field="facet_set", size=MOST_SETS)}

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
        self._until = ContextVar("until", default=None)
        self._behind = False
        self._heal_after = 0.0

    def patient(self):
        """The same cluster for a command that had rather wait than have another engine answer."""
        return type(self)(self.url, PATIENT_SECONDS, self.prefix)

    def alias(self, space):
        return f"{self.prefix}-{space}"

    def index(self, entries):
        entries = list(entries)
        if entries:
            self._write(entries[0].space, [_index_action(entry) for entry in entries])

    def remove(self, ids, space, changed=None):
        changed = changed or time.time_ns() // 1000
        self._write(space, [_remove_action(pk, changed) for pk in ids])

    def matches(self, keys, space):
        return ElasticsearchMatches(self, keys, space)

    def suggest(self, words, space, locale, limit=8):
        whole = [Q("term", names=word) for word in words[:-1]]
        search = Search(index=self.alias(space)).query(
            "bool", filter=[Q("term", locale=locale), *whole, Q("prefix", names=words[-1])]
        )
        return self.ids(search.sort("entry")[:limit])

    @contextmanager
    def in_time(self):
        """All that is asked inside has `seconds` altogether; what is left then sends what the cluster missed."""
        token = self._until.set(time.monotonic() + self.seconds)
        try:
            yield
            self._heal()
        finally:
            self._until.reset(token)

    def ids(self, search):
        """The ids of a search, in order. Every search is sorted by `entry` last, so no document has to be
        fetched for its id."""
        search = self.bounded(search.extra(stored_fields="_none_"))
        return self.run(lambda: [hit["sort"][-1] for hit in search.execute().to_dict()["hits"]["hits"]])

    def bounded(self, search):
        """A search that gives a whole answer within the time, or none: half of one would be taken for it all."""
        left = self._left()
        if left <= 0:
            self.breaker.failed("slow")
            raise EngineDown("Elasticsearch took too long for an earlier question.")
        search = search.using(self.client.options(request_timeout=left))
        return search.extra(timeout=f"{int(left * 1000)}ms").params(allow_partial_search_results=False)

    def run(self, question):
        """What `question()` gives, in time, or `EngineDown`.

        It is waited for beside the thread that asks: the client's timeout holds for each piece that comes
        over the network, and a broken server may send many small pieces.
        """
        with self._asking():
            try:
                return _within(self._left(), question)
            except NONSENSE as error:
                raise TransportError(f"not an answer to a search: {error!r}") from error

    def _left(self):
        """The seconds that a question asked now may take."""
        until = self._until.get()
        return self.seconds if until is None else until - time.monotonic()

    def catch_up(self, batches=4):
        """Send what the engine does not have yet, so many batches at most (None: all).

        Returns how many writes are still waiting. An engine that is down is no error: the writes wait.
        """
        try:
            with self._asking():
                for space in _waiting_spaces():
                    self._catch_up(space, batches)
        except EngineDown:
            self._behind = True
        waiting = PendingWrite.objects.count()
        self._behind = bool(waiting)
        return waiting

    def rebuild(self, space=SITE, progress=None):
        """Build a new index beside the present one, then let the alias point to it in one step."""
        name = f"{self.alias(space)}-{time.time_ns()}"
        entries = Entry.objects.filter(space=space).order_by("pk")
        total = entries.count()
        client = self.client.options(request_timeout=REBUILD_SECONDS)
        # Where the cluster fails half-way, the database closes its cursor at once, not some time in another transaction.
        with self._asking(), closing(entries.iterator(chunk_size=BATCH)) as rows:
            EntryDocument.init(index=name, using=client)
            client.indices.put_alias(index=name, name=_writing(name))
            actions = (_index_action(entry) for entry in rows)
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
            if indices := ",".join(self._indices(self.client, space)):
                self._send(lambda client: client.indices.delete(index=indices, ignore_unavailable=True))

    def spaces(self):
        start = f"{self.prefix}-"
        with self._asking():
            indices = self.client.indices.get_alias(index=f"{start}*").body
        return {index.removeprefix(start).rpartition("-")[0] for index in indices}

    def refresh(self, space=SITE):
        """Make all writes so far visible to questions; without it they are within a second."""
        with self._asking():
            self.client.indices.refresh(index=self.alias(space), ignore_unavailable=True)

    def health(self):
        """`{"reachable", "indexed", "pending"}`: does the cluster answer, what does it hold, what waits."""
        try:
            count = _within(self.seconds, lambda: self.client.count(index=self.alias(SITE))["count"])
        except (*FAULTS, *NONSENSE):
            count = None
        return {"reachable": count is not None, "indexed": count, "pending": PendingWrite.objects.count()}

    @contextmanager
    def _asking(self):
        """Turn whatever goes wrong into `EngineDown`, and do not even ask while the breaker is open."""
        if not self.breaker.allows():
            raise EngineDown("Elasticsearch did not answer a moment ago.")
        try:
            yield
        except FAULTS as error:
            self.breaker.failed(type(error).__name__)
            raise EngineDown(str(error)) from error
        if self.breaker.succeeded():
            self._behind = True

    def _heal(self):
        """After an outage: send a few of the waiting writes in what is left of a visitor's time. The next
        visitor sends more; a failure is no reason to stop asking."""
        if not self._behind or time.monotonic() < self._heal_after or self._left() <= 0:
            return
        try:
            for space in _waiting_spaces():
                self._catch_up(space, 1, HEALING_BATCH)
            self._behind = PendingWrite.objects.exists()
        except FAULTS:
            self._heal_after = time.monotonic() + HEALING_PAUSE_SECONDS

    def _send(self, action):
        """`action(client)` with the patience of a write; within a visitor's time, with what is left of it."""
        patience = max(WRITE_SECONDS, self.seconds) if self._until.get() is None else max(0.01, self._left())
        return _within(patience, lambda: action(self.client.options(request_timeout=patience)))

    def _write(self, space, actions):
        with self._asking():
            for index in self._send(lambda client: self._indices(client, space)):
                self._send(lambda client, index=index: self._bulk(client, _writing(index), actions))

    def _catch_up(self, space, batches=None, size=BATCH):
        indices = list(self._send(lambda client: self._indices(client, space)))
        if not indices:
            # Nothing has been built yet; the first rebuild takes everything.
            return
        waiting = PendingWrite.objects.filter(space=space).order_by("pk")
        while batches != 0 and (rows := list(waiting[:size])):
            batches = batches and batches - 1
            latest = {row.entry_id: row.changed for row in rows}
            entries = Entry.objects.in_bulk(latest)
            actions = [
                _index_action(entries[pk]) if pk in entries else _remove_action(pk, changed)
                for pk, changed in latest.items()
            ]
            for index in indices:
                self._send(lambda client, to=index, sent=actions: self._bulk(client, _writing(to), sent))
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


class ElasticsearchMatches(Matches):
    """Counts are asked for at once, candidates when they are chosen."""

    def __init__(self, engine, keys, space):
        self._engine = engine
        self._index = engine.alias(space)
        self._query = _matches(keys) if keys else Q("match_all")
        self._order = (
            ["_score", "entry"] if keys else [{"date": {"order": "desc", "missing": "_last"}}, "entry"]
        )
        faceted = FacetSets(self._query)
        faceted._s = engine.bounded(faceted._s.index(self._index))
        self.facets = engine.run(
            lambda: {int(number): count for number, count, _chosen in faceted.execute().facets.facet_set}
        )

    def candidates(self, factors, limit):
        if not factors:
            return []
        query = self._query
        if len(factors) < len(self.facets):
            query = Q("bool", must=[query], filter=[_of_sets(factors)])
        scored = Q("function_score", query=query, functions=_functions(factors), boost_mode="multiply")
        return self._engine.ids(Search(index=self._index).query(scored).sort(*self._order)[:limit])


class EngineRefused(helpers.BulkIndexError):
    """A write that the engine answered and did not take (a full disk, a blocked or missing index)."""

    def __init__(self, outcome):
        super().__init__(f"{outcome['status']}: {outcome.get('error')}", [outcome])


def _writing(index):
    return f"writing-{index}"


def _index_action(entry):
    title = [*entry.title_keys.split(), *entry.popular_keys.split()]
    every = [*title, *entry.summary_keys.split(), *entry.attachment_keys.split(), *entry.body_keys.split()]
    return {
        "_op_type": "index",
        "_id": entry.pk,
        "version": entry.changed,
        "version_type": "external_gte",
        "_source": {
            "entry": entry.pk,
            "locale": entry.locale,
            "facet_set": str(entry.facet_set_id),
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


def _of_sets(numbers):
    return Q("terms", facet_set=[str(number) for number in numbers])


def _functions(factors):
    """What multiplies the score of each set. The factor of most sets is that of all others, which keeps the
    question short."""
    groups = {}
    for number, factor in factors.items():
        groups.setdefault(factor, []).append(number)
    commonest = max(groups, key=lambda factor: len(groups[factor]))
    rare = {factor: numbers for factor, numbers in groups.items() if factor != commonest}
    functions = [{"filter": _of_sets(numbers), "weight": factor} for factor, numbers in rare.items()]
    others = [number for numbers in rare.values() for number in numbers]
    rest = ~_of_sets(others) if others else Q("match_all")
    return [*functions, {"filter": rest, "weight": commonest}]


def _waiting_spaces():
    return list(PendingWrite.objects.values_list("space", flat=True).distinct())


def _within(seconds, action):
    """What `action()` gives or raises; `TimeoutError` when that takes longer."""
    done, outcome = threading.Event(), {}

    def work():
        try:
            outcome["answer"] = action()
        except BaseException as error:
            outcome["error"] = error
        done.set()

    threading.Thread(target=work, daemon=True, name="egov-search").start()
    if not done.wait(seconds):
        raise TimeoutError(f"no answer within {seconds:.1f} seconds")
    if "error" in outcome:
        raise outcome["error"]
    return outcome["answer"]
