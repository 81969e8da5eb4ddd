"""Index pages that list records and serve a page for each record: offices and legislation."""

from django.db.models import Count, Q
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.routable_page.models import RoutablePageMixin, path

from egov_cms.language import fold

from ..maps import office_map
from ..query_parameters import page_of
from .base import Crumb, SitePage
from .law import LegalReference
from .notice import Notice
from .office import ABROAD, Office
from .place import Governorate

PER_PAGE = 20
LONGEST_QUERY = 100


class OfficeIndexPage(RoutablePageMixin, SitePage):
    query_parameters = ("governorate", "q", "page", "view")
    stands_on_every_page = True
    template = "egov_site/office_index_page.html"
    parent_page_types = ["egov_site.HomePage", "egov_site.SectionPage"]
    subpage_types: list[str] = []
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("offices")
        verbose_name_plural = _("offices")

    @path("")
    def every_office(self, request):
        return self.render(
            request, context_overrides=self._listing(request, chosen=request.GET.get("governorate", ""))
        )

    @path("<slug:place>/")
    def offices_of_place(self, request, place):
        return self.render(request, context_overrides=self._listing(request, chosen=place))

    @path("<slug:place>/<slug:slug>/")
    def office(self, request, place, slug):
        offices = Office.objects.public().filter(slug=slug).select_related("photo", "unit").with_states()
        if not offices or offices[0].place_slug != place:
            raise Http404
        context = {"office": offices[0], "state": offices[0].state}
        context["office_crumbs"] = [*self.crumbs, Crumb(self.title, self.url)]
        return self.render(request, context_overrides=context, template="egov_site/office_page.html")

    def office_url(self, office: Office) -> str:
        """The address of an office's page in this language."""
        return f"{self.url}{office.place_slug}/{office.slug}/"

    def _listing(self, request, chosen: str) -> dict:
        offices = Office.objects.public()
        governorates = Governorate.objects.annotate(
            office_count=Count("offices", filter=Q(offices__is_public=True))
        )
        # Ordered explicitly: a query with GROUP BY ignores the ordering of the model.
        governorates = list(governorates.order_by("sort_order", "code"))
        governorate = next((each for each in governorates if each.slug == chosen), None)
        if governorate is not None:
            offices = offices.filter(governorate=governorate)
        elif chosen == ABROAD:
            offices = offices.filter(governorate=None)
        elif chosen:
            raise Http404
        query = request.GET.get("q", "").strip()[:LONGEST_QUERY]
        listed = offices.order_by("governorate__sort_order", "sort_order", "slug")
        listed = _matching(listed.select_related("governorate"), query) if query else listed
        page_obj = page_of(listed, request, PER_PAGE)
        page_obj.object_list = Office.objects.in_order(
            [office.pk for office in page_obj.object_list]
        ).with_states()
        wants_map = request.GET.get("view") == "map" and not query and chosen != ABROAD
        return {
            "map": office_map(governorates, governorate, Office.objects.public(), self.url)
            if wants_map
            else None,
            "map_offered": not query and chosen != ABROAD and bool(page_obj.object_list),
            "page_obj": page_obj,
            "offices": page_obj.object_list,
            "governorates": governorates,
            "governorate": governorate,
            "abroad": chosen == ABROAD,
            "place_notices": _notices_of(governorate) if governorate else [],
            # Offices that no governorate counts are abroad; without filters this needs no query.
            "has_abroad": not chosen and not query and page_obj.paginator.count > _counted(governorates),
            "q": query,
        }


def _notices_of(governorate):
    return [notice for notice in Notice.objects.of_places() if governorate in notice.governorates.all()]


def _counted(governorates) -> int:
    return sum(governorate.office_count for governorate in governorates)


def _matching(records, query: str) -> list:
    """The records whose `search_text` contains every word of the query. A ministry has some hundred records."""
    words = fold(query).split()
    return [record for record in records if all(word in record.search_text for word in words)]


class LegislationIndexPage(RoutablePageMixin, SitePage):
    query_parameters = ("kind", "status", "year", "q", "page")
    stands_on_every_page = True
    template = "egov_site/legislation_index_page.html"
    parent_page_types = ["egov_site.HomePage", "egov_site.SectionPage"]
    subpage_types: list[str] = []
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("legislation")
        verbose_name_plural = _("legislation")

    @path("")
    def every_reference(self, request):
        references = LegalReference.objects.public().select_related("file")
        context = {"kinds": LegalReference.Kind.choices, "statuses": LegalReference.Status.choices}
        for name, allowed in (("kind", LegalReference.Kind.values), ("status", LegalReference.Status.values)):
            context[name] = value = request.GET.get(name, "")
            if value:
                references = references.filter(**{name: _one_of(value, allowed)})
        context["years"] = list(
            LegalReference.objects.public()
            .exclude(year=None)
            .values_list("year", flat=True)
            .distinct()
            .order_by("-year")
        )
        context["year"] = None
        if year := request.GET.get("year"):
            context["year"] = int(_one_of(year, {str(each) for each in context["years"]}))
            references = references.filter(year=context["year"])
        context["q"] = query = request.GET.get("q", "").strip()[:LONGEST_QUERY]
        context["page_obj"] = page_of(
            _matching(references, query) if query else references, request, PER_PAGE
        )
        return self.render(request, context_overrides=context)

    @path("<slug:slug>/")
    def reference(self, request, slug):
        references = LegalReference.objects.public().filter(slug=slug).select_related("file", "changed_by")
        reference = references.first()
        if reference is None:
            raise Http404
        context = {"reference": reference, "changes": reference.changes.filter(is_public=True)}
        context["reference_crumbs"] = [*self.crumbs, Crumb(self.title, self.url)]
        return self.render(request, context_overrides=context, template="egov_site/legal_reference.html")

    def reference_url(self, reference: LegalReference) -> str:
        """The address of a reference's page in this language."""
        return f"{self.url}{reference.slug}/"


def _one_of(value, allowed):
    if value not in allowed:
        raise Http404
    return value
