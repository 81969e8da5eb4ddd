import copy
import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from egov_cms.services.exports.card import MAX_BYTES, text_card

TODAY = datetime.date(2026, 11, 23)
URL = "https://mop.gov.iq/{}/services/{}/"


@pytest.mark.parametrize("language", ["ar", "ckb", "en"])
def test_every_card_is_within_the_limit_and_has_title_year_and_url(documents, language):
    for document in documents:
        url = URL.format(language, document["slug"])
        card = text_card(document, language, url, TODAY)
        assert len(card.encode()) <= MAX_BYTES
        assert document["title"][language] in card
        assert url in card and "2026" in card


def test_the_card_of_the_driving_licence_has_fee_time_and_date_in_arabic(documents):
    licence = next(document for document in documents if document["code"] == "IQ-MOI-004")
    card = text_card(licence, "ar", URL.format("ar", licence["slug"]), TODAY)
    assert "الرسم: 60,000" in card
    assert "5 إلى 15 يوم عمل" in card
    assert "23 تشرين الثاني 2026" in card


@pytest.fixture
def licence(documents):
    return next(document for document in documents if document["code"] == "IQ-MOI-004")


def test_documents_left_out_are_counted(licence):
    long = copy.deepcopy(licence)
    long["documents"] *= 12
    card = text_card(long, "en", URL.format("en", long["slug"]), TODAY)
    assert len(card.encode()) <= MAX_BYTES
    assert "more documents" in card


EMPTY = {
    "title": {}, "summary": {}, "is_free": False, "fees": [], "duration_min": None, "duration_max": None,
    "duration_unit": "", "visits": None, "documents": [],
}  # fmt: skip
TEXTS = st.text(st.characters(blacklist_categories=("Cs",)), max_size=900)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS, TEXTS, st.lists(TEXTS, max_size=20))
def test_no_text_makes_a_card_too_large(title, summary, names):
    document = EMPTY | {
        "title": {"ar": title},
        "summary": {"ar": summary},
        "documents": [{"document_type": {"name": {"ar": name}}, "condition": {"ar": name}} for name in names],
    }
    card = text_card(document, "ar", "https://mop.gov.iq/ar/services/x/", TODAY)
    assert len(card.encode()) <= MAX_BYTES
    assert card.endswith("https://mop.gov.iq/ar/services/x/\n")
