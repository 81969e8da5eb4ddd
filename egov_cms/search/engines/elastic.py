"""Elasticsearch, for sites on several machines. It stores the same keys; the database remains the source of truth.

Every index has a unique name and is read through the alias of its space. Writes go through a second alias, so
that a late write cannot create an index that has been deleted. Writes carry the entry's version, so an old state
that arrives late never replaces a newer one.
"""

import threading
import time
from contextlib import closing, contextmanager
from contextvars import ContextVar

from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch, NotFoundError, helpers
from elasticsearch.dsl import Date, Document, FacetedSearch, Keyword, Long, Q, Search, TermsFacet, Text

from egov_cms.conf import egov_settings
from egov_cms.search.engines.base import TITLE_FACTOR, Engine, EngineDown, Matches
from egov_cms.search.engines.breaker import Breaker
from egov_cms.search.models import SITE, Entry, PendingWrite
from egov_cms.search.tables import COMMAND

COMMAND_TIMEOUT_SECONDS = 20.0
WRITE_TIMEOUT_SECONDS = 2.0
REBUILD_TIMEOUT_SECONDS = 30.0
BATCH = 500
RECOVERY_BATCH = 50
RECOVERY_PAUSE_SECONDS = 10.0
MOST_FACET_SETS = 60_000
REQUEST_ERRORS = (ApiError, TransportError, helpers.BulkIndexError, TimeoutError)
# Raised while reading an answer that does not come from Elasticsearch (from a proxy or a broken server).
MALFORMED_ANSWER_ERRORS = (AttributeError, LookupError, TypeError, ValueError)
KEY_FIELD = {"analyzer": "whitespace", "norms": False, "index_options": "docs"}


class EntryDocument(Document):
    """An entry as Elasticsearch stores it: keys and filter fields only, no text to display."""

    entry = Long()
    locale = Keyword()
    facet_set = Keyword()
    date = Date()
    title = Text(**KEY_FIELD)
    every = Text(**KEY_FIELD)
    names = Text(**KEY_FIELD)

    class Index:
        name = "egov-search"
        settings = {"number_of_replicas": 0, "refresh_interval": "1s", "gc_deletes": "10m"}

    class Meta:
        dynamic = "strict"


class FacetSets(FacetedSearch):
    """The number of matches of a query in each facet set."""

    doc_types = [EntryDocument]
    facets = {"facet_set": TermsFacet(field="facet_set", size=MOST_FACET_SETS)}

    def query(self, search, query):
        return search.query(query)[:0]


class ElasticsearchEngine(Engine):
    """One instance per address and process; thread-safe."""

    name = "elasticsearch"
    remote = True

    def __init__(self, url, seconds=None, prefix=None):
        self.url = url
        self.seconds = seconds or egov_settings.ELASTICSEARCH_TIMEOUT_MS / 1000
        self.client = Elasticsearch(url, request_timeout=self.seconds, max_retries=0, retry_on_timeout=False)
        self.prefix = prefix or egov_settings.ELASTICSEARCH_PREFIX
        self.breaker = Breaker(self.name)
        self._deadline = ContextVar("deadline", default=None)
        self._may_have_pending_writes = False
        self._next_recovery = 0.0

    def patient(self):
        """The same cluster with long timeouts, for commands that should wait instead of using the database."""
        return type(self)(self.url, COMMAND_TIMEOUT_SECONDS, self.prefix)

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
        whole_words = [Q("term", names=word) for word in words[:-1]]
        search = Search(index=self.alias(space)).query(
            "bool", filter=[Q("term", locale=locale), *whole_words, Q("prefix", names=words[-1])]
        )
        return self.ids(search.sort("entry")[:limit])

    @contextmanager
    def deadline(self):
        """All requests inside share `seconds`. Time that is left at the end is used to send pending writes."""
        token = self._deadline.set(time.monotonic() + self.seconds)
        try:
            yield
            self._send_some_pending_writes()
        finally:
            self._deadline.reset(token)

    def ids(self, search):
        """The ids of a search, in order. `entry` is the last sort key of every search, so the ids are read from the
        sort values and no document is fetched."""
        search = self.with_timeout(search.extra(stored_fields="_none_"))
        return self.run(lambda: [hit["sort"][-1] for hit in search.execute().to_dict()["hits"]["hits"]])

    def with_timeout(self, search):
        """The search with the remaining time as its timeout. Partial results are an error: they look like complete
        ones."""
        left = self._left()
        if left <= 0:
            self.breaker.failed("slow")
            raise EngineDown("Elasticsearch took too long for an earlier request.")
        search = search.using(self.client.options(request_timeout=left))
        return search.extra(timeout=f"{int(left * 1000)}ms").params(allow_partial_search_results=False)

    def run(self, request):
        """The result of `request()` within the remaining time, or `EngineDown`.

        It runs in a thread of its own, because the client's timeout is per read from the network and a broken
        server can send many small pieces.
        """
        with self._errors_as_engine_down():
            try:
                return _run_with_timeout(self._left(), request)
            except MALFORMED_ANSWER_ERRORS as error:
                raise TransportError(f"not an answer to a search: {error!r}") from error

    def _left(self):
        """The seconds that a request started now can take."""
        deadline = self._deadline.get()
        return self.seconds if deadline is None else deadline - time.monotonic()

    def catch_up(self, batches=4):
        """Send the pending writes, at most `batches` batches (None: all).

        Returns the number of writes that are still pending. If the engine is down, nothing is raised and all writes
        stay pending.
        """
        try:
            with self._errors_as_engine_down():
                for space in _spaces_with_pending_writes():
                    self._catch_up(space, batches)
        except EngineDown:
            self._may_have_pending_writes = True
        pending = PendingWrite.objects.count()
        self._may_have_pending_writes = bool(pending)
        return pending

    def rebuild(self, space=SITE, progress=None):
        """Build a new index next to the current one, then switch the alias to it atomically."""
        name = f"{self.alias(space)}-{time.time_ns()}"
        entries = Entry.objects.filter(space=space).order_by("pk")
        total = entries.count()
        client = self.client.options(request_timeout=REBUILD_TIMEOUT_SECONDS)
        # `closing`: if the cluster fails, the database cursor is closed in this transaction, not later by the
        # garbage collector.
        with self._errors_as_engine_down(), closing(entries.iterator(chunk_size=BATCH)) as rows:
            EntryDocument.init(index=name, using=client)
            client.indices.put_alias(index=name, name=_write_alias(name))
            actions = (_index_action(entry) for entry in rows)
            self._bulk(client, _write_alias(name), actions, lambda done: progress and progress(done, total))
            client.indices.refresh(index=name)
            existing = self._indices(client, space)
            old = [index for index in existing if index < name]
            aliased = [index for index in old if self.alias(space) in existing[index]["aliases"]]
            removals = [{"remove": {"index": index, "alias": self.alias(space)}} for index in aliased]
            client.indices.update_aliases(
                actions=[*removals, {"add": {"index": name, "alias": self.alias(space)}}]
            )
            self._catch_up(space)
            client.indices.refresh(index=name)
            if old:
                client.indices.delete(index=",".join(old), ignore_unavailable=True)

    def drop(self, space):
        with self._errors_as_engine_down():
            if indices := ",".join(self._indices(self.client, space)):
                self._send(lambda client: client.indices.delete(index=indices, ignore_unavailable=True))

    def spaces(self):
        start = f"{self.prefix}-"
        with self._errors_as_engine_down():
            indices = self.client.indices.get_alias(index=f"{start}*").body
        return {index.removeprefix(start).rpartition("-")[0] for index in indices}

    def refresh(self, space=SITE):
        """Make all writes so far visible to searches; without it they become visible within a second."""
        with self._errors_as_engine_down():
            self.client.indices.refresh(index=self.alias(space), ignore_unavailable=True)

    def health(self):
        """`{"reachable", "indexed", "pending"}`: whether the cluster answers, its number of entries (or None), the
        number of pending writes."""
        try:
            count = _run_with_timeout(
                self.seconds, lambda: self.client.count(index=self.alias(SITE))["count"]
            )
        except NotFoundError:
            return {
                "reachable": False,
                "indexed": None,
                "pending": PendingWrite.objects.count(),
                "unbuilt": True,
            }
        except (*REQUEST_ERRORS, *MALFORMED_ANSWER_ERRORS):
            count = None
        return {"reachable": count is not None, "indexed": count, "pending": PendingWrite.objects.count()}

    @contextmanager
    def _errors_as_engine_down(self):
        """Raise `EngineDown` for every error of a request, and immediately while the breaker is open."""
        if not self.breaker.allows():
            raise EngineDown("Elasticsearch did not answer a moment ago.")
        try:
            yield
        except REQUEST_ERRORS as error:
            reason = type(error).__name__
            if isinstance(error, NotFoundError):
                reason = f"it has no index: run {COMMAND}"
            self.breaker.failed(reason)
            raise EngineDown(str(error)) from error
        if self.breaker.succeeded():
            self._may_have_pending_writes = True

    def _send_some_pending_writes(self):
        """After an outage: send one batch in the remaining time of a visitor's request. Later requests send more.
        A failure here does not open the breaker."""
        if not self._may_have_pending_writes or time.monotonic() < self._next_recovery or self._left() <= 0:
            return
        try:
            for space in _spaces_with_pending_writes():
                self._catch_up(space, 1, RECOVERY_BATCH)
            self._may_have_pending_writes = PendingWrite.objects.exists()
        except REQUEST_ERRORS:
            self._next_recovery = time.monotonic() + RECOVERY_PAUSE_SECONDS

    def _send(self, action):
        """`action(client)` with the timeout of a write; inside `deadline()`, with the remaining time."""
        if self._deadline.get() is None:
            timeout = max(WRITE_TIMEOUT_SECONDS, self.seconds)
        else:
            timeout = max(0.01, self._left())
        return _run_with_timeout(timeout, lambda: action(self.client.options(request_timeout=timeout)))

    def _write(self, space, actions):
        with self._errors_as_engine_down():
            for index in self._send(lambda client: self._indices(client, space)):
                self._send(lambda client, index=index: self._bulk(client, _write_alias(index), actions))

    def _catch_up(self, space, batches=None, size=BATCH):
        indices = list(self._send(lambda client: self._indices(client, space)))
        if not indices:
            # No index has been built yet; the first rebuild will index everything.
            return
        pending = PendingWrite.objects.filter(space=space).order_by("pk")
        while batches != 0 and (rows := list(pending[:size])):
            batches = batches and batches - 1
            latest = {row.entry_id: row.changed for row in rows}
            entries = Entry.objects.in_bulk(latest)
            actions = [
                _index_action(entries[pk]) if pk in entries else _remove_action(pk, changed)
                for pk, changed in latest.items()
            ]
            for index in indices:
                self._send(lambda client, to=index, sent=actions: self._bulk(client, _write_alias(to), sent))
            pending.filter(pk__in=[row.pk for row in rows]).delete()

    def _bulk(self, client, target, actions, progress=None):
        """Send actions. An entry that the engine has in a newer version (409), or a deletion of an entry that it does
        not have (404), counts as done."""
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
    """The counts are requested on construction, the candidates by `candidates()`."""

    def __init__(self, engine, keys, space):
        self._engine = engine
        self._index = engine.alias(space)
        self._query = _query(keys) if keys else Q("match_all")
        self._order = (
            ["_score", "entry"] if keys else [{"date": {"order": "desc", "missing": "_last"}}, "entry"]
        )
        faceted = FacetSets(self._query)
        faceted._s = engine.with_timeout(faceted._s.index(self._index))
        self.facets = engine.run(
            lambda: {int(number): count for number, count, _chosen in faceted.execute().facets.facet_set}
        )

    def candidates(self, factors, limit):
        if not factors:
            return []
        query = self._query
        if len(factors) < len(self.facets):
            query = Q("bool", must=[query], filter=[_facet_set_filter(factors)])
        scored = Q("function_score", query=query, functions=_score_functions(factors), boost_mode="multiply")
        return self._engine.ids(Search(index=self._index).query(scored).sort(*self._order)[:limit])


class EngineRefused(helpers.BulkIndexError):
    """A write that the engine rejected (full disk, blocked or missing index)."""

    def __init__(self, outcome):
        super().__init__(f"{outcome['status']}: {outcome.get('error')}", [outcome])


def _write_alias(index):
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


def _query(keys):
    """A query for any of the keys, with the same score as in the database engines: the sum of the weights, higher in a
    title."""
    clauses = []
    for key, weight in keys.items():
        clauses.append(Q("constant_score", filter=Q("term", every=key), boost=weight))
        clauses.append(Q("constant_score", filter=Q("term", title=key), boost=weight * (TITLE_FACTOR - 1)))
    return Q("bool", should=clauses, minimum_should_match=1)


def _facet_set_filter(numbers):
    return Q("terms", facet_set=[str(number) for number in numbers])


def _score_functions(factors):
    """The functions that multiply the score by the factor of the facet set. The most common factor is the default for
    all sets that are not listed, which keeps the request short."""
    groups = {}
    for number, factor in factors.items():
        groups.setdefault(factor, []).append(number)
    commonest = max(groups, key=lambda factor: len(groups[factor]))
    rare = {factor: numbers for factor, numbers in groups.items() if factor != commonest}
    functions = [{"filter": _facet_set_filter(numbers), "weight": factor} for factor, numbers in rare.items()]
    listed = [number for numbers in rare.values() for number in numbers]
    rest = ~_facet_set_filter(listed) if listed else Q("match_all")
    return [*functions, {"filter": rest, "weight": commonest}]


def _spaces_with_pending_writes():
    return list(PendingWrite.objects.values_list("space", flat=True).distinct())


def _run_with_timeout(seconds, action):
    """The result (or exception) of `action()`; `TimeoutError` after `seconds`."""
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
