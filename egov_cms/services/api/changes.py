"""`/api/v1/changes/`: the public change log of facts."""

from __future__ import annotations

from django.db.models import Case, When
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from egov_cms.api.parameters import Parameter
from egov_cms.api.rendering import TABLE_FORMATS, AtomRenderer
from egov_cms.api.resource import Resource
from egov_cms.services.exports import tables
from egov_cms.services.models import FactChange

COLUMNS = {
    "id": "pk",
    "service": "service_code",
    "what": "what",
    "row": "row_key",
    "field": "field",
    "before": "before",
    "after": "after",
    "reason": "reason",
    "law": "public_law",
    "happened_at": "happened_at",
}


class ChangeSerializer(serializers.Serializer):
    """A published change of a fact. `before` and `after` are null where the fact did not exist."""

    id = serializers.IntegerField(source="pk")
    service = serializers.CharField(source="service_code")
    what = serializers.ChoiceField(FactChange.What.values)
    row = serializers.CharField(source="row_key", allow_blank=True)
    field = serializers.CharField(allow_blank=True)
    before = serializers.JSONField(allow_null=True)
    after = serializers.JSONField(allow_null=True)
    reason = serializers.CharField(allow_blank=True)
    law = serializers.SerializerMethodField()
    happened_at = serializers.DateTimeField()

    def get_law(self, change) -> str | None:
        return change.law.slug if change.law and change.law.is_public else None


class ChangeResource(Resource):
    """The public log of changed fees, documents, times and channels, latest first."""

    queryset = FactChange.objects.filter(public=True).select_related("law")
    serializer_class = ChangeSerializer
    ordering = ("-happened_at", "-pk")
    lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9]{1,18}"
    list_parameters = {
        "service": Parameter(gettext_lazy("Service code."), many=True),
        "what": Parameter(gettext_lazy("What changed."), choices=tuple(FactChange.What.values), many=True),
        "since": Parameter(gettext_lazy("From this day on."), kind="date"),
    }
    list_formats = (*TABLE_FORMATS, AtomRenderer)

    def get_queryset(self):
        changes = super().get_queryset()
        if self.detail:
            return changes
        if self.query["service"]:
            changes = changes.filter(service_code__in=self.query["service"])
        if self.query["what"]:
            changes = changes.filter(what__in=self.query["what"])
        if self.query["since"]:
            changes = changes.filter(happened_at__date__gte=self.query["since"])
        return changes

    def table(self, changes):
        law = Case(When(law__is_public=True, then="law__slug"))
        rows = changes.order_by(*self.ordering).annotate(public_law=law).values_list(*COLUMNS.values())
        return list(COLUMNS), (tables.plain_cells(row) for row in rows.iterator(chunk_size=500))

    def document(self, changes):
        # The same text as on the page of changes; imported here because it needs the models.
        from egov_cms.services.quality.views import described

        list_url = self.request.build_absolute_uri(reverse("egov_api:changes-list"))
        feed = Atom1Feed(
            title=_("Changes of fees, documents and times"),
            link=list_url,
            description="",
            language=self.language,
            feed_url=self.request.build_absolute_uri(),
            author_name=self.request.get_host(),
        )
        for entry in described(changes, self.language):
            address = f"{list_url}{entry.change.pk}/"
            feed.add_item(
                title=f"{entry.title}: {entry.change.get_what_display()}",
                link=self.request.build_absolute_uri(entry.url) if entry.url else address,
                unique_id=address,
                description="\n".join(filter(None, [entry.text, entry.change.reason, str(entry.law or "")])),
                updateddate=entry.change.happened_at,
                pubdate=entry.change.happened_at,
            )
        return feed
