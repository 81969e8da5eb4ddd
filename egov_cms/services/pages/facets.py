"""What the catalogue can be narrowed by: the list of services and the API read it here, so they agree."""

from django.db.models import Q, QuerySet

from egov_cms.services.models.service import ServicePage
from egov_cms.site.models import OrganisationUnitPage

# The facets of the list → where their values stand on a service.
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
# What programs may narrow by besides.
MORE_PATHS = {"category": "category__code", "status": "status"}
# Records with an address of their own are also known by their codes.
ALSO_PATHS = {"unit": "owner_unit__code", "governorate": "coverage__code"}
MOST_UNITS = 50


def having(name: str, values) -> QuerySet:
    """Keys of the services that have one of these values of a facet. Any language, public or not."""
    condition = Q(**{f"{(PATHS | MORE_PATHS)[name]}__in": values})
    if name in ALSO_PATHS:
        condition |= Q(**{f"{ALSO_PATHS[name]}__in": values})
    if name == "governorate":
        # A service without governorates is given in all of them.
        condition |= Q(coverage__isnull=True)
    return ServicePage.objects.filter(condition).order_by().values("pk")


def below(units) -> QuerySet:
    """Keys of the services of these units (codes or addresses) and of every unit below them. Two queries."""
    named = OrganisationUnitPage.objects.filter(Q(code__in=units) | Q(slug__in=units))
    paths = list(named.order_by("path").values_list("path", flat=True)[:MOST_UNITS])
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(owner_unit__path__startswith=path)
    return ServicePage.objects.filter(condition).order_by().values("pk")
