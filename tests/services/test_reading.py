"""`load_rows` loads the same rows in one query as fourteen queries would."""

from decimal import Decimal

import pytest
from django.db import connection

from egov_cms.services.importing.page_states import page_state
from egov_cms.services.loading.rows import load_rows
from egov_cms.services.models import ServicePage

pytestmark = pytest.mark.django_db


def test_rows_loaded_together_equal_rows_loaded_one_by_one(sample, django_assert_num_queries):
    # Checked with a query once per process.
    assert connection.features.supports_json_field
    with django_assert_num_queries(2):
        together = load_rows(ServicePage.objects.order_by("pk"))
        states = [page_state(page) for page in together]
    alone = [page_state(page) for page in ServicePage.objects.order_by("pk")]
    assert states == alone
    assert sum(len(page.documents.all()) for page in together) == 99 * 3


def test_related_records_of_rows_are_prefetched(service, django_assert_num_queries):
    page = service("IQ-MOI-007", "ar")
    with django_assert_num_queries(1):
        load_rows([page])
        names = [str(row.document_type.name.in_locale("ar")) for row in page.documents.all()]
        assert page.legal.all()[0].reference.title.in_locale("en") == "Traffic Law No. 8 of 2019"
        assert [each.code for each in page.life_events.all()] == ["driving", "travel"]
    assert names[0] == "إجازة السوق"


def test_a_percentage_keeps_its_decimals(service):
    page = service("IQ-MOJ-001", "en")
    load_rows([page])
    assert page.fees.all()[0].percent == Decimal("3.00")
