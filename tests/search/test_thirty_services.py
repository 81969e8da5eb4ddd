"""With thirty services and their news, all common names of the driving licence find its service first."""

import pytest
import yaml

from egov_cms.search import search, store
from egov_cms.search.documents import SearchDocument
from egov_cms.search.models import SITE
from egov_cms.search.synonym_files import load_starter

LANGUAGES = ("ar", "ckb", "en")


@pytest.fixture
def services(db, reference_data):
    """The thirty sample services, each with a news item, in three languages; and the starter synonyms."""
    text = (reference_data / "reference" / "iraq_services.yaml").read_text(encoding="utf-8")
    data = yaml.safe_load(text)
    load_starter()
    store.put((("", document) for document in documents(data)), SITE)


def documents(data):
    attachments = data["document_types"]
    for service in data["services"]:
        for locale in LANGUAGES:
            title = service["title"][locale]
            yield SearchDocument(
                id=service["id"],
                type="service",
                locale=locale,
                title=title,
                url=f"/{locale}/services/{service['id'].lower()}/",
                popular_names=service.get("synonyms", {}).get(locale, []),
                summary=service["summary"][locale],
                attachments=" ".join(attachments[row["doc"]][locale] for row in service["documents"]),
                body=service.get("eligibility", {}).get(locale, ""),
            )
            yield SearchDocument(
                id=f"news-{service['id']}",
                type="news",
                locale=locale,
                title=title,
                url=f"/{locale}/news/{service['id'].lower()}/",
                summary=service["summary"][locale],
            )


NAMES = ["اجازه سوق", "إجازة السوق", "رخصة قيادة", "مۆڵەتی شوفێری", "driver license", "ليسن", "لايسن"]


def test_each_common_name_finds_the_driving_licence_first(services):
    first = {(query, locale): search(query, locale).hits[0].id for query in NAMES for locale in LANGUAGES}
    assert set(first.values()) == {"IQ-MOI-004"}, first


def test_a_service_outranks_the_news_about_it(services):
    hits = search("إجازة سوق خصوصي", "ar").hits
    assert [hit.type for hit in hits[:2]] == ["service", "news"]
