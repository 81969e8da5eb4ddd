"""`/api/v1/services/`: the published catalogue.

Two queries per page of any size: the published documents contain all members.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from egov_cms.api.parameters import Parameter
from egov_cms.api.rendering import TABLE_FORMATS, JSONLDRenderer, TurtleRenderer
from egov_cms.api.resource import Resource
from egov_cms.services import choices
from egov_cms.services.api.serializers import ServiceDetailSerializer, ServiceSerializer
from egov_cms.services.exports import cpsv, schema_org, tables
from egov_cms.services.exports.links import breadcrumbs
from egov_cms.services.models import ServiceSnapshot
from egov_cms.services.pages import facets

PROFILE = Parameter(
    _("Vocabulary of linked data: CPSV-AP 3.2 or schema.org."), choices=("cpsv", "schema"), default="cpsv"
)


class ServiceResource(Resource):
    """Public services: what to bring, what it costs, where, how long."""

    queryset = ServiceSnapshot.objects.all()
    ordering = ("service_code",)
    lookup_field = "service_code"
    lookup_url_kwarg = "code"
    list_parameters = {
        "audience": Parameter(_("Code of an audience."), many=True),
        "event": Parameter(_("Code of a life or business event."), many=True),
        "category": Parameter(_("Code of a subject."), many=True),
        "governorate": Parameter(_("Code or address of a governorate in which it is given."), many=True),
        "unit": Parameter(_("Code or address of the responsible unit."), many=True),
        "ministry": Parameter(_("Code or address of a unit: it and all below it are meant."), many=True),
        "channel": Parameter(_("Channel."), choices=tuple(choices.ChannelKind.values), many=True),
        "status": Parameter(_("Status."), choices=tuple(choices.Status.values), many=True),
        "output": Parameter(_("Kind of result."), choices=tuple(choices.OutputKind.values), many=True),
        "free": Parameter(_("Only free ones, or only those with a fee."), kind="boolean"),
        "level": Parameter(_("Digital level, 0 to 4."), kind="integer", minimum=0, maximum=4, many=True),
        "profile": PROFILE,
    }
    detail_parameters = {"profile": PROFILE}
    list_formats = (*TABLE_FORMATS, JSONLDRenderer, TurtleRenderer)
    detail_formats = (JSONLDRenderer, TurtleRenderer, *TABLE_FORMATS)

    def get_serializer_class(self):
        return ServiceDetailSerializer if self.detail else ServiceSerializer

    def get_queryset(self):
        snapshots = super().get_queryset().public()
        return snapshots if self.detail else filtered(snapshots, self.query)

    def table(self, snapshots):
        documents = snapshots.order_by(*self.ordering).values_list("document", flat=True)
        return tables.services(documents.iterator(chunk_size=200), self.language)

    def document(self, snapshots):
        base = self.request.build_absolute_uri("/").rstrip("/")
        documents = [snapshot.document for snapshot in snapshots]
        if self.query["profile"] == "schema":
            # Turtle is converted from the document by a parser that would fetch schema.org's context.
            is_turtle = self.request.accepted_renderer.format == TurtleRenderer.format
            context = schema_org.INLINE_CONTEXT if is_turtle else schema_org.CONTEXT
            return schema_org.document(documents, self.language, base, breadcrumbs(self.language), context)
        return cpsv.document(documents, base)


def filtered(snapshots, query):
    """Snapshots that match the facets: any of the values of one facet, and all of the facets."""
    for name in (*facets.PATHS, *facets.API_PATHS):
        if query[name] not in (None, []):
            values = query[name] if isinstance(query[name], list) else [query[name]]
            snapshots = snapshots.filter(page__in=facets.services_with(name, values))
    if query["ministry"]:
        snapshots = snapshots.filter(page__in=facets.services_of_units(query["ministry"]))
    return snapshots
