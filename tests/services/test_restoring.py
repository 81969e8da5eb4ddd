"""A page comes out of its revision as modelcluster would build it, with a handful of questions."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.translation import override
from wagtail.users.models import UserProfile

from egov_cms.services.models import DocumentType, ServicePage, ServiceRequirement
from egov_cms.site.models.base import SitePage
from egov_cms.site.restoring import explain

pytestmark = pytest.mark.django_db


def as_modelcluster_does(data):
    return super(SitePage, ServicePage).from_serializable_data(data)


def test_every_sample_service_is_as_modelcluster_builds_it(sample):
    pages = ServicePage.objects.filter(locale__language_code="ar")
    assert len(pages) == 30
    for page in pages:
        data = page.serializable_data()
        restored = ServicePage.from_serializable_data(data)
        assert restored.serializable_data() == as_modelcluster_does(data).serializable_data()


def test_many_rows_ask_as_much_as_few(service, django_assert_num_queries):
    data = service("IQ-MOI-004").serializable_data()
    assert len(data["documents"]) > 1
    more = {**data, "documents": data["documents"] * 10, "fees": data["fees"] * 10}
    with django_assert_num_queries(8):
        few = ServicePage.from_serializable_data(data)
    with django_assert_num_queries(8):
        many = ServicePage.from_serializable_data(more)
    assert many.documents.count() == 10 * few.documents.count()


class TestWhatWasDeletedSince:
    @pytest.fixture
    def page(self, service):
        """A service with a draft whose first document and only proof are of a kind that is gone."""
        page = service("IQ-MOI-004")
        gone = DocumentType.objects.create(code="gone", name={"ar": "وثيقة"})
        first = page.documents.first()
        first.document_type = gone
        page.documents = [first, *page.documents.all()[1:]]
        page.requirements = [ServiceRequirement(text="الشرط", evidence=gone)]
        page.save_revision()
        gone.delete()
        return page

    @pytest.fixture
    def data(self, page):
        return page.get_latest_revision().content

    def test_modelcluster_alone_refuses_the_whole_draft(self, data):
        with pytest.raises(Exception, match="on_delete"):
            as_modelcluster_does(data)

    def test_a_row_that_cannot_be_without_it_goes(self, data):
        restored = ServicePage.from_serializable_data(data)
        assert len(data["documents"]) - restored.documents.count() == 1

    def test_a_row_that_can_stays_without_it(self, data):
        (requirement,) = ServicePage.from_serializable_data(data).requirements.all()
        assert (requirement.text, requirement.evidence_id) == ("الشرط", None)

    def test_the_page_itself_stays(self, data):
        restored = ServicePage.from_serializable_data({**data, "owner_unit": 999_999})
        assert restored.owner_unit_id is None
        with override("en"):
            assert "“responsible unit” is empty, because what it named is gone." in explain(restored.lost)

    @pytest.mark.parametrize(
        ("language", "document", "proof"),
        [
            ("ar", "«المستمسكات المطلوبة»: أُسقط", "«من يحق له التقديم»: صار «تُثبت بـ» فارغاً"),
            ("ckb", "«بەڵگەنامە پێویستەکان»: ئەوانەی لابراون", "«بەم دەسەلمێنرێت» لەو شوێنانەدا بەتاڵە"),
            (
                "en",
                "“documents to bring”: left out, because their “document” is gone: 1.",
                "“who can apply”: “proved by” is empty where it named what is gone.",
            ),
        ],
    )
    def test_the_editor_is_told_when_the_draft_is_opened(self, page, client, language, document, proof):
        user = User.objects.create_superuser("admin", "admin@example.gov.iq", "password")
        UserProfile.objects.create(user=user, preferred_language=language)
        client.force_login(user)
        opened = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
        (told,) = [str(message) for message in opened.context["messages"]]
        assert document in told and proof in told

    def test_nobody_is_told_of_a_whole_draft(self, service, client):
        client.force_login(User.objects.create_superuser("admin", "admin@example.gov.iq", "password"))
        page = service("IQ-MOI-004")
        page.save_revision()
        opened = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
        assert [str(message) for message in opened.context["messages"]] == []
