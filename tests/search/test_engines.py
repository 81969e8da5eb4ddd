"""One suite for all engines: the same queries, the same answers, the same quality."""

import datetime as dt
import random

import pytest

from egov_cms.search import evaluation, store
from egov_cms.search.evaluation import evaluate, temporary_space
from egov_cms.search.finding import Search
from egov_cms.search.models import Entry, VocabularyWord
from egov_cms.search.synonyms import Synonyms
from tests.drills.amounts import amount

from .conftest import document
from .reference import ReferenceEngine

WORDS = [
    "جواز",
    "سفر",
    "اجازة",
    "سوق",
    "بناء",
    "شركة",
    "ضريبة",
    "ولادة",
    "passport",
    "licence",
    "پاسپۆرت",
    "مۆڵەت",
    "2014",
    "21",
]


def test_judged_queries_reach_the_required_recall(engine, cases):
    report = evaluate(cases, engine)
    assert report["overall"]["recall_at_5"] >= 0.95
    assert report["overall"]["mrr_at_10"] >= 0.92
    assert {name: scores for name, scores in report["classes"].items() if scores["recall_at_5"] < 0.85} == {}
    assert [query["id"] for query in report["queries"]] == [query["id"] for query in cases["queries"]]
    assert not Entry.objects.exists()


def test_a_failed_evaluation_leaves_no_data(engine, cases, monkeypatch):
    def fail(*arguments):
        raise ZeroDivisionError

    monkeypatch.setattr(evaluation, "_answer", fail)
    with pytest.raises(ZeroDivisionError):
        evaluate({**cases, "corpus": cases["corpus"][:3]}, engine)
    assert not Entry.objects.exists()
    assert not VocabularyWord.objects.exists()
    assert engine.spaces() == set()


@pytest.mark.parametrize(
    "news", [300, pytest.param(amount(reduced=2000, full=50_000), marks=pytest.mark.drill)]
)
def test_much_news_does_not_displace_the_services(engine, cases, news):
    report = evaluate(cases, engine, distractors=news)
    assert report["overall"]["recall_at_5"] >= 0.90


def test_the_top_five_are_the_same_on_every_engine(engine, cases):
    """Each engine is compared with the reference engine, and so with all others."""
    synonyms = Synonyms((terms, (), "all") for terms in cases["synonyms"])
    with temporary_space(engine) as space:
        documents = [
            document(
                item["id"], item["title"], item["lang"], ("page", "news")[number % 2], summary=item["summary"]
            )
            for number, item in enumerate(cases["corpus"])
        ]
        store.put((("", each) for each in documents), space, engine)
        engine.rebuild(space)
        differing = [
            query["id"]
            for query in cases["queries"]
            if _top(engine, space, synonyms, query["query"])
            != _top(ReferenceEngine(), space, synonyms, query["query"])
        ]
    assert len(differing) <= 0.02 * len(cases["queries"]), differing


def test_candidates_and_facets_equal_those_of_the_reference_engine(engine, put):
    chance = random.Random(7)
    space = put(*(_random_document(chance, number) for number in range(120)))
    entries = Entry.objects.filter(space=space)
    stored = sorted({key for entry in entries for key in entry.title_keys.split()})
    for _round in range(40):
        keys = {key: chance.randint(1, 900) for key in chance.sample(stored, chance.randint(1, 5))}
        matches, expected = engine.matches(keys, space), ReferenceEngine().matches(keys, space)
        assert matches.facets == expected.facets
        chosen = chance.sample(sorted(expected.facets), chance.randint(1, len(expected.facets)))
        factors = {number: chance.choice([100, 125, 200]) for number in chosen}
        limit = chance.choice([5, 500])
        assert matches.candidates(factors, limit) == expected.candidates(factors, limit)


def test_without_keys_all_entries_are_listed_newest_first(engine, put):
    days = [dt.date(2024, 1, 1), None, dt.date(2026, 1, 1), dt.date(2025, 1, 1)]
    space = put(*(document(f"d{number}", "عنوان", date=day) for number, day in enumerate(days)))
    other = put(document("e", "Title", "en", date=days[0]), space=space)
    ids = dict(Entry.objects.filter(space=space).values_list("pk", "document_id"))
    matches = engine.matches({}, other)
    assert sorted(matches.facets.values()) == [1, 4]
    arabic = next(number for number, count in matches.facets.items() if count == 4)
    assert [ids[pk] for pk in matches.candidates({arabic: 100}, 10)] == ["d2", "d3", "d0", "d1"]
    assert [ids[pk] for pk in matches.candidates(matches.facets, 2)] == ["d2", "d3"]


def test_suggestions_match_whole_words_and_the_last_word_as_a_prefix(engine, put):
    space = put(
        document("a", "إجازة السوق", popular_names=["ليسن"]),
        document("b", "إجازة البناء"),
        document("c", "Driving licence", "en"),
    )

    def titles(*words):
        ids = engine.suggest(list(words), space, "ar")
        return sorted(Entry.objects.filter(pk__in=ids).values_list("document_id", flat=True))

    assert titles("اجا") == ["a", "b"]
    assert titles("اجازه", "الس") == ["a"]
    assert titles("ليس") == ["a"]
    assert titles("driv") == []


def test_a_removed_entry_is_no_longer_found(engine, put):
    space = put(document("a", "جواز سفر"), document("b", "جواز سفر جديد"))
    entry = Entry.objects.get(space=space, document_id="a")
    store.remove([entry.pk], space, engine)
    _catch_up(engine, space)
    assert [hit.id for hit in Search(space, Synonyms(), engine).results("جواز", "ar").hits] == ["b"]
    assert sum(engine.matches({"جواز": 1}, space).facets.values()) == 1
    assert engine.suggest(["جوا"], space, "ar") == [Entry.objects.get(space=space).pk]


def test_a_changed_entry_is_found_by_its_new_words_only(engine, put):
    space = put(document("a", "جواز سفر"))
    store.put([("", document("a", "إجازة سوق"))], space, engine)
    _catch_up(engine, space)
    search = Search(space, Synonyms(), engine)
    assert search.results("جواز", "ar").hits == []
    assert [hit.id for hit in search.results("اجازه", "ar").hits] == ["a"]


def _catch_up(engine, space):
    if engine.remote:
        engine.catch_up()
        engine.refresh(space)


def _top(engine, space, synonyms, query):
    search = Search(space, synonyms, engine)
    search.falls_back = False
    return [hit.id for hit in search.results(query, None, per_page=5).hits]


def _random_document(chance, number):
    def some(most):
        return " ".join(chance.choices(WORDS, k=chance.randint(1, most)))

    facets = {name: chance.sample(["x", "y", "z"], chance.randint(0, 2)) for name in ("audience", "place")}
    return document(
        f"d{number}",
        some(3),
        chance.choice(["ar", "ckb", "en"]),
        chance.choice(["service", "news", "page"]),
        summary=some(4),
        body=some(12),
        facets=facets,
    )
