"""An import is taken back as a whole, except what somebody edited since."""

import pytest
from django.contrib.auth.models import User

from egov_cms.exchange.models import ExchangeRun
from egov_cms.exchange.runs import undo
from egov_cms.exchange.undoing import CannotUndo
from egov_cms.services.importing import export_services
from egov_cms.services.importing.undo import undo as undo_services
from egov_cms.services.models import ServicePage

from .sheets import Book, load

pytestmark = pytest.mark.django_db
FEW = ("IQ-MOI-004", "IQ-MOI-005", "IQ-MOI-007")


@pytest.fixture
def imported(sample):
    """A workbook with two changed services and a new one, imported."""
    book = Book(export_services(FEW))
    book.set("Services", "visits", 8, "IQ-MOI-004").set("Services", "summary_en", "Another one", "IQ-MOI-004")
    book.set("Services", "visits", 8, "IQ-MOI-005")
    book.add("Services", service_code="IQ-MOI-901", title_ar="خدمة", title_en="Service", ministry="MOI")
    report = load(book)
    assert report.ok, [str(each) for each in report.errors]
    return ExchangeRun.objects.get(pk=report.run)


def test_everything_is_as_it_was(imported, service, django_assert_max_num_queries):
    user = User.objects.create_user("somebody")
    assert service("IQ-MOI-004").has_unpublished_changes
    with django_assert_max_num_queries(250):
        done = undo(imported, user, trusted=True)
    assert (done.removed, sorted(done.restored), done.kept) == (
        ["IQ-MOI-901"],
        ["IQ-MOI-004", "IQ-MOI-005"],
        [],
    )
    assert not ServicePage.objects.filter(service_code="IQ-MOI-901").exists()
    for language in ("ar", "en"):
        page = service("IQ-MOI-004", language)
        assert page.visits == 3 and not page.has_unpublished_changes and page.live
        assert page.get_latest_revision_as_object().visits == 3
        assert page.get_latest_revision_as_object().summary == page.summary
    imported.refresh_from_db()
    assert (imported.state, imported.undone_by) == ("undone", user)
    report = load(export_services(FEW))
    assert report.changes == [] and len(report.unchanged) == 3
    with pytest.raises(CannotUndo):
        undo(imported)


def test_what_was_edited_since_is_left_and_named(imported, service):
    editor = User.objects.create_user("zainab", first_name="Zainab")
    page = service("IQ-MOI-004").get_latest_revision_as_object()
    page.visits = 5
    page.save_revision(user=editor)
    new = ServicePage.objects.get(service_code="IQ-MOI-901", locale__language_code="en")
    new.save_revision(user=editor)
    done = undo(imported)
    kept = {(each.item, each.locale) for each in done.kept}
    assert kept == {("IQ-MOI-004", "ar"), ("IQ-MOI-901", "ar"), ("IQ-MOI-901", "en")}
    assert any("Zainab" in each.reason for each in done.kept)
    assert done.removed == [] and sorted(done.restored) == ["IQ-MOI-004", "IQ-MOI-005"]
    assert service("IQ-MOI-004").get_latest_revision_as_object().visits == 5
    assert not service("IQ-MOI-004", "en").has_unpublished_changes
    assert ServicePage.objects.filter(service_code="IQ-MOI-901").count() == 2


def test_what_was_published_or_is_used_since_is_left(imported, service):
    service("IQ-MOI-005").latest_revision.publish()
    page = service("IQ-MOI-007")
    target = ServicePage.objects.get(service_code="IQ-MOI-901", locale__language_code="ar")
    page.relations.create(kind="related", target=target, locale=page.locale, key="N9")
    page.save()
    done = undo(imported)
    assert {each.item for each in done.kept} == {"IQ-MOI-005", "IQ-MOI-901"}
    assert service("IQ-MOI-005").visits == 8
    assert page.relations.filter(target=target).exists()


def test_a_dry_run_undoes_nothing(imported, service):
    done = undo(imported, dry_run=True)
    assert done.removed == ["IQ-MOI-901"]
    assert ServicePage.objects.filter(service_code="IQ-MOI-901").exists()
    assert service("IQ-MOI-004").has_unpublished_changes
    imported.refresh_from_db()
    assert imported.undone_at is None


def test_drafts_that_were_never_public_return_with_their_rows(sample, service):
    book = Book(export_services(FEW[:1]))
    book.add("Services", service_code="IQ-MOI-902", title_ar="خدمة", title_en="Service", ministry="MOI")
    book.add("Fees", service_code="IQ-MOI-902", label_ar="رسم", amount=1000)
    book.add("Fees", service_code="IQ-MOI-902", label_ar="طابع", amount=500)
    assert load(book).ok
    book = Book(export_services(["IQ-MOI-902"]))
    book.delete("Fees", "IQ-MOI-902", "F2").set("Fees", "amount", 2000, "IQ-MOI-902", "F1")
    book.set("Services", "audiences", "citizen", "IQ-MOI-902")
    report = load(book)
    page = service("IQ-MOI-902")
    assert [fee.amount_minor for fee in page.fees.all()] == [2000]
    assert [each.code for each in page.audiences.all()] == ["citizen"]
    undo(ExchangeRun.objects.get(pk=report.run))
    page = service("IQ-MOI-902")
    assert [(fee.key, fee.amount_minor) for fee in page.fees.all()] == [("F1", 1000), ("F2", 500)]
    assert not page.audiences.exists() and not page.live


def test_only_in_languages_that_one_may_write(imported, service):
    done = undo_services(imported, permitted={"en": True})
    assert done.restored == ["IQ-MOI-004"] and done.removed == []
    assert service("IQ-MOI-004").has_unpublished_changes
    assert not service("IQ-MOI-004", "en").has_unpublished_changes
