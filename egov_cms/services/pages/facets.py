"""The facets of the catalogue, shared by the list of services and the API."""

from django.db.models import Q, QuerySet

from egov_cms.services.models.service import ServicePage
from egov_cms.site.models import OrganisationUnitPage

# Facets of the list → lookup path of their values.
PATHS = {
    "audience": "audiences__code",
    "event": "life_events__code",
    "unit": "owner_unit__slug",
    "governorate": "coverage__slug",
    "channel": "channels__kind",
    "free": "is_free",
    "level": "digital_level",
    "output": "outputs__kind",
}
# Additional filters of the API.
API_PATHS = {"category": "category__code", "status": "status"}
# Records with a slug are also found by their codes.
CODE_PATHS = {"unit": "owner_unit__code", "governorate": "coverage__code"}
MAX_UNITS = 50


def services_with(name: str, values) -> QuerySet:
    """Primary keys of the services with one of these values of a facet, in any language, public or not."""
    condition = Q(**{f"{(PATHS | API_PATHS)[name]}__in": values})
    if name in CODE_PATHS:
        condition |= Q(**{f"{CODE_PATHS[name]}__in": values})
    if name == "governorate":
        # A service without governorates is offered in all of them.
        condition |= Q(coverage__isnull=True)
    return ServicePage.objects.filter(condition).order_by().values("pk")


def services_of_units(units) -> QuerySet:
    """Primary keys of the services of these units (codes or slugs) and of all units below them. Two queries."""
    chosen = OrganisationUnitPage.objects.filter(Q(code__in=units) | Q(slug__in=units))
    paths = list(chosen.order_by("path").values_list("path", flat=True)[:MAX_UNITS])
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(owner_unit__path__startswith=path)
    return ServicePage.objects.filter(condition).order_by().values("pk")
