"""Ranking, facet counts, spelling corrections, synonyms and promoted results."""

import datetime as dt

import pytest

from egov_cms.search import documents, search, suggest
from egov_cms.search.documents import Index
from egov_cms.search.finding import Search
from egov_cms.search.models import PromotedResult, SynonymGroup
from egov_cms.search.synonyms import Synonyms

from .conftest import document, groups

LICENCE = groups(["إجازة سوق", "رخصة قيادة", "driving licence"], ["جواز", "باسبورت", "passport"])


def ask(space, engine, query, locale="ar", synonyms=LICENCE, **options):
    search = Search(space, synonyms, engine)
    search.falls_back = False
    return search.results(query, locale, **options)


def ids(hits):
    return [hit.id for hit in hits]


@pytest.fixture
def types():
    """Services and news with the same weights as on a site."""
    registered = dict(documents._indexes)
    documents.register(Index("service", object, list, "Services", weight=2.0))
    documents.register(Index("news", object, list, "News", fresh=True))
    yield
    documents._indexes.clear()
    documents._indexes.update(registered)


def test_the_order_is_popular_name_title_synonym_attachments_body(engine, put):
    space = put(
        document("body", "خدمة خامسة", body="تحتاج إلى رخصة قيادة في هذه المعاملة"),
        document("attachments", "خدمة رابعة", attachments="رخصة قيادة"),
        document("synonym", "منح إجازة سوق"),
        document("title", "منح رخصة قيادة"),
        document("popular", "خدمة أولى", popular_names=["رخصة قيادة"]),
        *(document(f"other{number}", f"موضوع آخر {number}") for number in range(12)),
    )
    assert ids(ask(space, engine, "رخصه القياده").hits) == [
        "popular",
        "title",
        "synonym",
        "attachments",
        "body",
    ]


def test_a_service_outranks_the_news_about_it(engine, put, types):
    today = dt.date.today()
    news = [document(f"n{n}", "تجديد جواز السفر", type_="news", date=today) for n in range(8)]
    space = put(*news, document("s", "تجديد جواز السفر العراقي", type_="service"))
    assert ids(ask(space, engine, "تجديد جواز السفر").hits)[0] == "s"


def test_newer_news_come_first(engine, put, types):
    today = dt.date.today()
    ages = {"old": 900, "new": 3, "older": 1500}
    space = put(
        *(
            document(name, "جواز السفر", type_="news", date=today - dt.timedelta(days=age))
            for name, age in ages.items()
        )
    )
    assert ids(ask(space, engine, "جواز").hits) == ["new", "old", "older"]


def test_other_languages_are_a_separate_group(engine, put):
    space = put(
        document("a", "جواز سفر"), document("b", "Passport", "en"), document("c", "پاسپۆرت یان جواز", "ckb")
    )
    found = ask(space, engine, "جواز")
    assert ids(found.hits) == ["a"]
    assert set(ids(found.other_languages)) == {"b", "c"}
    assert {hit.locale for hit in found.other_languages} == {"en", "ckb"}
    assert (found.total, found.other_total) == (1, 2)


def test_a_translation_of_a_hit_is_shown_only_for_a_query_in_its_language(engine, put):
    space = put(document("a", "جواز سفر"), document("a", "Passport", "en"))
    assert ids(ask(space, engine, "جواز").other_languages) == []
    assert ids(ask(space, engine, "passport").other_languages) == ["a"]


def test_a_facet_count_is_the_total_after_choosing_it(engine, put):
    space = put(
        *(
            document(
                f"d{number}",
                "جواز سفر",
                type_=("service", "news")[number % 2],
                facets={"audience": [("citizen", "business", "visitor")[number % 3]], "free": ["yes"]},
            )
            for number in range(12)
        )
    )
    for chosen in ({}, {"audience": ["citizen"]}, {"audience": ["citizen", "business"]}):
        found = ask(space, engine, "جواز", facets=chosen)
        for code, number in found.facet_counts["audience"].items():
            assert ask(space, engine, "جواز", facets={**chosen, "audience": [code]}).total == number
        for type_, number in found.facet_counts["type"].items():
            assert ask(space, engine, "جواز", types=[type_], facets=chosen).total == number


def test_counts_and_totals_include_more_than_the_candidates(engine, put, monkeypatch):
    monkeypatch.setattr("egov_cms.search.finding.MOST_CANDIDATES", 5)
    space = put(
        *(
            document(f"d{n}", "جواز سفر", type_=("service", "news")[n % 2], facets={"place": [f"p{n % 3}"]})
            for n in range(18)
        )
    )
    found = ask(space, engine, "جواز")
    assert (found.total, found.facet_counts) == (
        18,
        {"type": {"service": 9, "news": 9}, "place": {"p0": 6, "p1": 6, "p2": 6}},
    )
    narrow = ask(space, engine, "جواز", types=["news"], facets={"place": ["p1"]})
    assert (narrow.total, narrow.facet_counts["place"], narrow.facet_counts["type"]) == (
        3,
        {"p0": 3, "p1": 3, "p2": 3},
        {"service": 3, "news": 3},
    )


def test_each_hit_is_on_one_page(engine, put):
    space = put(*(document(f"d{number:02}", f"جواز سفر {number}") for number in range(23)))
    pages = [ids(ask(space, engine, "جواز", page=page).hits) for page in (1, 2, 3)]
    assert [len(page) for page in pages] == [10, 10, 3]
    assert len({id_ for page in pages for id_ in page}) == 23
    assert ask(space, engine, "جواز", page=99).page == 3


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("تجديد جوز السفر", "تجديد جواز السفر"),
        ("passprt renewal", "Passport renewal"),
        ("پاسپۆرد", "پاسپۆرت"),
    ],
)
def test_a_misspelt_word_is_found_and_its_correction_suggested(engine, put, typed, meant):
    space = put(
        document("a", "تجديد جواز السفر"),
        document("b", "Passport renewal", "en"),
        document("c", "پاسپۆرت", "ckb"),
    )
    found = ask(space, engine, typed, None, Synonyms())
    assert found.hits
    assert found.suggestion == meant


def test_words_in_the_vocabulary_and_numbers_are_not_corrected(engine, put):
    space = put(document("a", "وكالة عامة"), document("b", "كالة"))
    assert ask(space, engine, "وكالة").suggestion == ""
    assert ask(space, engine, "12345").suggestion == ""


def test_a_group_with_targets_works_in_one_direction(engine, put):
    synonyms = Synonyms([(["هوية"], ["بطاقة وطنية"], "all")])
    space = put(document("card", "إصدار البطاقة الوطنية"), document("id", "هوية التجار"))
    assert set(ids(ask(space, engine, "هوية", synonyms=synonyms).hits)) == {"id", "card"}
    assert ids(ask(space, engine, "البطاقة الوطنية", synonyms=synonyms).hits) == ["card"]


def test_a_group_for_one_language_has_no_effect_in_others(engine, put):
    synonyms = Synonyms([(["طابو", "سند"], (), "ckb")])
    space = put(document("a", "سند الملكية"), document("a2", "سند", "ckb"))
    assert ids(ask(space, engine, "طابو", "ar", synonyms).hits) == []
    assert ids(ask(space, engine, "طابو", "ckb", synonyms).hits) == ["a2"]


def test_a_query_without_words_lists_the_entries_that_pass_its_filters(engine, put):
    space = put(document("a", "جواز", type_="service"), document("b", "خبر", type_="news"))
    assert ask(space, engine, "!!").has_words is False
    assert ids(ask(space, engine, "", types=["news"]).hits) == ["b"]


def test_a_new_group_works_on_the_next_request(put):
    put(document("a", "سند الملكية"), space="site")
    assert not search("طابو", "ar").hits
    group = SynonymGroup.objects.create(terms="طابو\nسند ملكية")
    assert ids(search("الطابو", "ar").hits) == ["a"]
    group.delete()
    assert not search("طابو", "ar").hits


def test_a_promoted_result_is_found_by_any_spelling_of_its_query(put):
    PromotedResult.objects.create(query="إجازة سوق", locale="ar", title="المرور", url="/ar/traffic/")
    assert [hit.title for hit in search("اجازه سوق", "ar").promoted] == ["المرور"]
    assert search("اجازه سوق", "en").promoted == []


def test_suggestions_are_ordered_by_weight_of_the_type(put, types):
    put(
        document("n", "جوازات", type_="news"),
        document("s", "تجديد جواز السفر", type_="service"),
        space="site",
    )
    assert ids(suggest("جوا", "ar")) == ["s", "n"]
    assert suggest("ج", "ar") == []
