"""The completeness score, without a database."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from egov_cms.services.quality.score import RULES, TRANSLATIONS, score

TODAY = dt.date(2026, 11, 23)


def empty():
    lists = (
        "documents",
        "fees",
        "steps",
        "channels",
        "offerings",
        "requirements",
        "outputs",
        "legal",
        "faqs",
    )
    return {
        **{name: [] for name in lists},
        "title": {"ar": "خدمة"}, "summary": {"ar": "ملخص"}, "ur_class": "", "is_free": False,
        "needs_no_documents": False, "duration_min": None, "duration_max": None, "duration_unit": "",
        "not_applicable": {}, "last_reviewed_at": None, "review_months": 12,
    }  # fmt: skip


def full():
    return empty() | {
        "documents": [{"form": None}], "fees": [{}], "steps": [{}, {}], "requirements": [{}], "outputs": [{}],
        "legal": [{}], "faqs": [{}], "channels": [{"kind": "online", "url": "https://ur.gov.iq/", "phone": ""}],
        "duration_max": 3, "duration_unit": "hour", "last_reviewed_at": "2026-03-01",
        "title": {"ar": "خدمة", "ckb": "خزمەت", "en": "Service"},
        "summary": {"ar": "ملخص", "ckb": "پوختە", "en": "Summary"},
    }  # fmt: skip


def measured(document, **beside):
    return score(document, languages=("ckb", "en"), today=TODAY, **beside)


def lost(document, **beside):
    return {item.code: item.points for item in measured(document, **{"contact": True, **beside}).missing}


def test_the_weights_are_a_hundred():
    assert sum(rule.points for rule in RULES) + TRANSLATIONS == 100


def test_a_full_service_has_a_hundred_and_an_empty_one_nothing():
    assert measured(full(), contact=True).total == 100
    assert measured(empty()).total == 0


def test_sorani_and_english_are_five_points_each():
    document = full()
    del document["title"]["ckb"]
    assert lost(document) == {"translation:ckb": 5}


def test_a_reason_scores_as_an_answer():
    document = full() | {"fees": [], "steps": [], "not_applicable": {"fees": "تحددها لجنة مختصة لكل حالة"}}
    assert lost(document) == {"steps": 12}
    assert "fees" in lost(document | {"not_applicable": {"fees": "قصير"}})


def test_free_services_no_documents_and_information_count():
    document = full() | {
        "fees": [], "is_free": True, "documents": [], "needs_no_documents": True, "steps": [],
        "ur_class": "informational",
    }  # fmt: skip
    assert lost(document) == {}


def test_a_counter_needs_an_office_and_an_online_channel_an_address():
    counter = full() | {"channels": [{"kind": "office", "url": "", "phone": ""}]}
    assert lost(counter) == {"places": 6}
    assert lost(counter, offices=1) == {}
    assert lost(full() | {"channels": [{"kind": "online", "url": "", "phone": ""}]}) == {"places": 6}


def test_an_overdue_check_costs_five_points():
    assert lost(full() | {"last_reviewed_at": "2025-11-22"}) == {"reviewed": 5}
    assert lost(full() | {"last_reviewed_at": "2025-11-23"}) == {}


def test_the_three_cheapest_fixes_come_first():
    fixes = measured(empty()).cheapest()
    assert [item.code for item in fixes] == ["duration", "fees", "channels"]
    document = full() | {"faqs": [], "legal": [], "fees": []}
    assert [item.code for item in measured(document, contact=True).cheapest()] == ["fees", "legal", "faqs"]


def test_every_fix_says_what_to_do_and_where():
    for item in measured(empty()).missing:
        assert item.fix
        assert item.anchor.startswith("id_")


@given(st.sets(st.sampled_from(sorted(full()))), st.booleans(), st.integers(0, 3), st.integers(0, 4))
def test_any_part_of_an_answer_scores_between_nothing_and_everything(names, contact, offices, languages):
    document = empty() | {name: full()[name] for name in names}
    found = score(
        document,
        languages=["ckb", "en", "tr", "syr"][:languages],
        contact=contact,
        offices=offices,
        today=TODAY,
    )
    assert 0 <= found.total <= 100
    assert found.total + sum(item.points for item in found.missing) == 100
    assert len(found.cheapest()) <= 3
