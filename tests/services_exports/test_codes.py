"""A service under its permanent address, with the services that it concerns."""

import pytest
from django.db.models import Q

from egov_cms.services.models import ServicePage, ServiceRelation, ServiceSnapshot
from egov_cms.site import public_codes

CODE = "IQ-MOI-004"


@pytest.fixture
def service(documents):
    return ServicePage.objects.get(service_code=CODE, locale__language_code="ar")


def test_every_service_has_an_address_that_leads_to_its_page_and_to_its_data(service, client):
    for code in ServiceSnapshot.objects.values_list("service_code", flat=True):
        address = public_codes.address("service", code)
        page = client.get(address, headers={"accept-language": "ckb"}, follow=True)
        assert page.status_code == 200 and page["Content-Type"].startswith("text/html"), code
    turtle = client.get(f"/id/service/{CODE}", headers={"accept": "text/turtle"}, follow=True)
    assert turtle["Content-Type"].startswith("text/turtle")
    assert f"http://testserver/id/service/{CODE}" in turtle.content.decode()


def test_related_services_are_told_from_both_ends(service):
    relations = ServiceRelation.objects.filter(page__locale__language_code="ar", page__live=True)
    relation = relations.exclude(Q(page__service_code="") | Q(target__service_code="")).first()
    if relation is None:
        other = ServicePage.objects.filter(locale__language_code="ar").exclude(pk=service.pk).first()
        relation = ServiceRelation.objects.create(
            page=service, target=other, kind="requires", locale=service.locale, sort_order=1
        )
    here, there = relation.page.service_code, relation.target.service_code
    assert there in {each.subject.code for each in public_codes.links("service", here, "ar")}
    assert here in {each.subject.code for each in public_codes.links("service", there, "ar")}
    ServiceSnapshot.objects.filter(service_code=here).delete()
    assert public_codes.links("service", here, "ar") == []
    assert here not in {each.subject.code for each in public_codes.links("service", there, "ar")}
