"""What a publication changes stands in the public log with its reason, its law, its writer and its approver."""

import pytest
from django.test import override_settings
from django.utils import translation

from egov_cms.editing.models import ChangeLogEntry
from egov_cms.services.models import ServicePage
from egov_cms.services.snapshots import store
from egov_cms.site.models import LegalReference

from .conftest import make_people, with_fee

REASON = "تعديل الأجور بقرار مجلس الوزراء"
LIST = "/en/services/changes/"


def change_a_fee():
    """A fee that Ali wrote and Shirin published."""
    people = make_people()
    law = LegalReference.objects.create(
        kind="law", number="9", year=2026, title={"ar": "قانون الرسوم", "en": "Fees Act"}
    )
    page = ServicePage.objects.get(service_code="IQ-MOI-004", locale__language_code="ar")
    draft = with_fee(page, 77_000, REASON, people["ali"]).as_object()
    draft.change_law = law
    draft.save_revision(user=people["ali"]).publish(user=people["shirin"])


@pytest.fixture(scope="class")
def published(loaded, database_image):
    with database_image("changed-fee", change_a_fee):
        yield


@pytest.fixture
def changed(published, service):
    """The page whose fee was changed; what a test does to it is undone after it."""
    return service()


class TestAChangedFee:
    def test_a_changed_fee_is_logged_once_with_everything(self, changed):
        (change,) = ChangeLogEntry.objects.filter(code="IQ-MOI-004")
        assert (change.what, change.row_key, change.field) == ("fee", "F1", "amount")
        assert (change.before["amount"], change.after["amount"]) == ("50000", "77000")
        assert (change.reason, change.law.number) == (REASON, "9")
        assert (change.changed_by.username, change.approved_by.username) == ("ali", "shirin")
        assert change.revision_id == ServicePage.objects.get(pk=changed.pk).live_revision_id
        store.refresh()
        assert ChangeLogEntry.objects.count() == 1

    def test_the_reason_is_used_up_and_does_not_serve_the_next_change(self, changed):
        page = ServicePage.objects.get(pk=changed.pk)
        draft = page.get_latest_revision_as_object()
        for version in (page, draft):
            assert (version.change_reason, version.change_law_id) == ("", None)

    def test_the_fee_reaches_the_other_languages_by_itself(self, changed, service):
        assert service("IQ-MOI-004", "ckb").fees.first().amount_minor == 77_000
        assert service("IQ-MOI-004", "en").fees.first().label != service().fees.first().label

    @pytest.mark.parametrize(
        ("language", "words"),
        [("en", "50,000"), ("ar", "77,000"), ("ckb", "77,000")],
    )
    def test_the_public_page_tells_it_in_each_language(self, changed, client, language, words):
        page = client.get(f"/{language}/services/changes/")
        assert page.status_code == 200
        text = page.content.decode()
        assert words in text
        assert REASON in text
        assert f'<html lang="{language}"' in text

    def test_the_page_is_filtered_and_refuses_what_it_does_not_know(self, changed, client):
        assert b"77,000" in client.get(LIST + "?kind=fee&service=IQ-MOI-004").content
        assert b"No change fits" in client.get(LIST + "?kind=status").content
        assert client.get(LIST + "?kind=nonsense").status_code == 404
        assert client.get(LIST + "?service=IQ-MOI-404").status_code == 404
        assert client.get(LIST + "?page=99").status_code == 200

    def test_the_feed_is_atom_and_filtered(self, changed, client):
        feed = client.get("/en/services/changes/feed.atom?service=IQ-MOI-004")
        assert feed["Content-Type"].startswith("application/atom+xml")
        text = feed.content.decode()
        assert text.count("<entry>") == 1
        assert "77,000" in text
        assert "Fees Act" in text

    @override_settings(EGOV={"PAGE_CACHE_SECONDS": 0, "REQUIRE_MFA": False})
    def test_the_page_costs_the_same_for_many_changes(self, changed, client, django_assert_max_num_queries):
        change = ChangeLogEntry.objects.get()
        ChangeLogEntry.objects.bulk_create(
            ChangeLogEntry(
                subject="service",
                code=f"IQ-TST-{number:03}",
                what="visits",
                field="visits",
                before=2,
                after=1,
            )
            for number in range(200)
        )
        assert change.public
        client.get(LIST)
        with django_assert_max_num_queries(25):
            client.get(LIST + "?page=2")

    def test_hidden_changes_are_not_public(self, changed, client):
        ChangeLogEntry.objects.update(public=False)
        assert b"77,000" not in client.get(LIST).content
        assert b"<entry>" not in client.get("/en/services/changes/feed.atom").content


def test_publishing_a_changed_fee_stays_within_its_queries(
    service, people, committed, django_assert_max_num_queries
):
    """With its forty rows, its log, both searches and two translations; Wagtail alone would ask 1,450."""
    revision = with_fee(service(), 77_000, REASON, people["ali"])
    with django_assert_max_num_queries(520), committed():
        revision.publish(user=people["shirin"])


def test_withdrawal_and_return_are_logged(service, people, committed):
    page = service()
    with committed():
        ServicePage.objects.get(pk=page.pk).unpublish(user=people["ali"])
    gone = ChangeLogEntry.objects.get(code="IQ-MOI-004")
    assert (gone.what, gone.after) == ("status", None)
    assert (gone.page_id, gone.title["ar"]) == (page.pk, page.title)
    with committed():
        ServicePage.objects.get(pk=page.pk).get_latest_revision().publish(user=people["shirin"])
    back = ChangeLogEntry.objects.first()
    assert (back.what, back.before, back.pk != gone.pk) == ("status", None, True)
    assert ChangeLogEntry.objects.count() == 2


def test_an_empty_log_says_so(few, client):
    assert b"No facts have changed yet." in client.get(LIST).content


@pytest.mark.parametrize("language", ["ar", "ckb", "en"])
def test_every_kind_of_change_has_words(language):
    from egov_cms.services.publishing.change_sentences import sentence
    from egov_cms.services.publishing.fact_changes import diff

    from .test_diff import channel, document, fee, paper

    other = document(
        fees=[fee(kind="percent", percent="2.50", methods=["card"], valid_from="2026-12-01"), fee("F2")],
        documents=[paper(copies=2, conditional=True, attestation="notary"), paper("D2")],
        channels=[channel(url="https://ur.gov.iq/new"), channel("C2", kind="office", url="")],
        is_free=True, visits=None, signatures=3, duration_max=None, duration_min=None, duration_unit="",
        status="suspended",
    )  # fmt: skip
    changes = diff(document(), other) + diff(other, document())
    assert len(changes) > 15
    with translation.override(language):
        for change in changes:
            text = sentence(change, language)
            assert text
            assert "None" not in text
            assert "{" not in text
