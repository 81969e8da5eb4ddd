"""Measures search quality with judged queries: recall@5 and mean reciprocal rank@10."""

import time
import uuid
from collections import defaultdict
from contextlib import contextmanager
from statistics import mean, quantiles

from egov_cms.search import store
from egov_cms.search.documents import SearchDocument
from egov_cms.search.engines import current_engine, database_engine
from egov_cms.search.finding import Search
from egov_cms.search.lexicon import clear_cache
from egov_cms.search.synonyms import Synonyms

RECALL_DEPTH = 5
RANK_DEPTH = 10
SPACE_PREFIX = "evaluation"
ABANDONED_AFTER_SECONDS = 3600
# Language → beginnings of titles (separated by |) and end of the summary of generated news items.
NEWS_TEXTS = {
    "ar": (
        "الوزارة تعلن|مدير عام الدائرة يتابع|وفد حكومي يبحث|الوزير يفتتح|لجنة مشتركة تناقش",
        "خلال اجتماع في بغداد، بحضور عدد من المسؤولين، لتقديم أفضل الخدمات إلى المواطنين.",
    ),
    "ckb": (
        "وەزارەت ڕایدەگەیەنێت|بەڕێوەبەری گشتی سەردانی دەکات|وەزیر دەیکاتەوە|لیژنەیەک گفتوگۆ دەکات لەسەر",
        "لە کۆبوونەوەیەکدا لە هەولێر، بە ئامادەبوونی ژمارەیەک بەرپرس، بۆ خزمەتی هاووڵاتیان.",
    ),
    "en": (
        "The ministry announces|Director general follows up|Delegation discusses|The minister opens",
        "At a meeting in Baghdad attended by officials, to offer citizens the best services.",
    ),
}


def evaluate(cases, engine=None, distractors=0):
    """Measure `cases` (`{"corpus", "synonyms", "queries"}` as in the evaluation files) in a temporary index.

    `distractors` is the number of generated news items that are indexed together with the corpus. Returns the JSON
    of `evaluate_search`.
    """
    engine = (engine or current_engine()).patient()
    synonyms = Synonyms((terms, (), "all") for terms in cases.get("synonyms") or ())
    with temporary_space(engine) as space:
        documents = evaluation_documents(cases["corpus"], distractors)
        store.put((("", document) for document in documents), space, engine)
        engine.rebuild(space)
        answers = [_answer(query, space, synonyms, engine) for query in cases["queries"]]
    return _report(engine.name, answers)


@contextmanager
def temporary_space(engine):
    """The name of a new space, which is deleted on exit. Spaces left by interrupted evaluations are deleted first."""
    now = int(time.time())
    for existing in engine.spaces() | database_engine().spaces():
        name, _dash, rest = existing.partition("-")
        started = rest.partition("-")[0]
        if name == SPACE_PREFIX and started.isdigit() and int(started) < now - ABANDONED_AFTER_SECONDS:
            store.drop(existing, engine)
    space = f"{SPACE_PREFIX}-{now}-{uuid.uuid4().hex[:8]}"
    try:
        yield space
    finally:
        store.drop(space, engine)
        clear_cache(space)


def evaluation_documents(corpus, distractors):
    """The documents of a judged corpus, and generated news items about the same subjects (`distractors`)."""
    for item in corpus:
        yield SearchDocument(
            id=str(item["id"]),
            type=item.get("type") or item.get("kind") or "service",
            locale=item["lang"],
            title=item["title"],
            popular_names=list(item.get("popular_names") or ()),
            summary=item.get("summary") or "",
            body=item.get("body") or "",
            url=f"/{item['lang']}/{item['id']}/",
        )
    for number in range(distractors):
        subject = corpus[number * 7 % len(corpus)]
        openings, ending = NEWS_TEXTS.get(subject["lang"], NEWS_TEXTS["en"])
        openings = openings.split("|")
        opening = openings[number // len(corpus) % len(openings)]
        yield SearchDocument(
            id=f"news-{number}",
            type="news",
            locale=subject["lang"],
            title=f"{opening} {subject['title']} ({number})",
            summary=f"{(subject.get('summary') or '')[:60]} {ending}",
            url=f"/news/{number}/",
        )


def _answer(query, space, synonyms, engine):
    started = time.perf_counter()
    results = _search(space, synonyms, engine).results(query["query"], query.get("lang"), per_page=RANK_DEPTH)
    elapsed = (time.perf_counter() - started) * 1000
    top = [hit.id for hit in [*results.hits, *results.other_languages]][:RANK_DEPTH]
    relevant = set(map(str, query["relevant"]))
    recall = len(relevant.intersection(top[:RECALL_DEPTH])) / min(RECALL_DEPTH, len(relevant))
    rank = next((position for position, id_ in enumerate(top, 1) if id_ in relevant), None)
    return {
        "id": query["id"],
        "class": query.get("class", ""),
        "top": top[:RECALL_DEPTH],
        "recall": recall,
        "reciprocal_rank": 1 / rank if rank else 0.0,
        "milliseconds": elapsed,
    }


def _search(space, synonyms, engine):
    search = Search(space, synonyms, engine)
    search.weights = {"service": 2.0, **search.weights}
    search.falls_back = False
    return search


def _report(engine, answers):
    classes = defaultdict(list)
    for answer in answers:
        classes[answer["class"]].append(answer)
    times = [answer["milliseconds"] for answer in answers] or [0.0]
    cuts = quantiles(times, n=100, method="inclusive") if len(times) > 1 else times * 99
    return {
        "engine": engine,
        "overall": _scores(answers),
        "classes": {name: _scores(group) for name, group in sorted(classes.items())},
        "queries": [{"id": answer["id"], "top": answer["top"]} for answer in answers],
        "latency_ms": {"p50": round(cuts[49], 2), "p95": round(cuts[94], 2)},
    }


def _scores(answers):
    return {
        "recall_at_5": round(mean(answer["recall"] for answer in answers), 4) if answers else 0.0,
        "mrr_at_10": round(mean(answer["reciprocal_rank"] for answer in answers), 4) if answers else 0.0,
    }
