"""`/api/v1/services/` and `/api/v1/changes/`: the published catalogue for programs.

Two queries a page whatever its size: the snapshots hold everything.
"""

from __future__ import annotations

from django.db.models import Q
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from egov_cms.api.parameters import Parameter
from egov_cms.api.rendering import AtomRenderer, CSVRenderer, JSONLDRenderer, TurtleRenderer, XLSXRenderer
from egov_cms.api.resource import Resource
from egov_cms.services import choices, needs
from egov_cms.services.exports import cpsv, schema_org, tables
from egov_cms.services.models import FactChange, ServiceSnapshot
from egov_cms.services.snapshots import minor_to_text
from egov_cms.site.models import OrganisationUnitPage

PROFILES = ("cpsv", "schema")


class NameSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField(allow_null=True)


class UnitSerializer(serializers.Serializer):
    id = serializers.CharField()
    code = serializers.CharField(allow_blank=True)
    name = serializers.CharField(allow_null=True)
    url = serializers.CharField(allow_null=True)


class DurationSerializer(serializers.Serializer):
    """`unit`: minute, hour, working_day or month."""

    min = serializers.IntegerField(allow_null=True)
    max = serializers.IntegerField(allow_null=True)
    unit = serializers.CharField(allow_blank=True)


class FeeSerializer(serializers.Serializer):
    """Amounts are decimal strings in `currency`."""

    id = serializers.CharField()
    kind = serializers.ChoiceField(choices.FeeKind.values)
    label = serializers.CharField(allow_null=True)
    amount = serializers.CharField(allow_null=True)
    amount_max = serializers.CharField(allow_null=True)
    percent = serializers.CharField(allow_null=True)
    currency = serializers.CharField()
    condition = serializers.CharField(allow_null=True)
    law = serializers.CharField(allow_null=True)
    valid_from = serializers.DateField(allow_null=True)
    valid_to = serializers.DateField(allow_null=True)


class DocumentSerializer(serializers.Serializer):
    id = serializers.CharField()
    code = serializers.CharField()
    name = serializers.CharField(allow_null=True)
    originals = serializers.IntegerField()
    copies = serializers.IntegerField()
    condition = serializers.CharField(allow_null=True)
    alternative_group = serializers.CharField(allow_blank=True)
    attestation = serializers.CharField()
    issuer = serializers.CharField(allow_null=True)
    issuing_service = serializers.CharField(allow_null=True)


class StepSerializer(serializers.Serializer):
    id = serializers.CharField()
    logic = serializers.ChoiceField(choices.StepLogic.values)
    title = serializers.CharField(allow_null=True)
    text = serializers.CharField(allow_null=True)
    actor = serializers.CharField()
    channel = serializers.CharField(allow_blank=True)
    is_visit = serializers.BooleanField()


class ChannelSerializer(serializers.Serializer):
    id = serializers.CharField()
    kind = serializers.ChoiceField(choices.ChannelKind.values)
    url = serializers.CharField(allow_blank=True)
    phone = serializers.CharField(allow_blank=True)
    languages = serializers.ListField(child=serializers.CharField())


class OutputSerializer(serializers.Serializer):
    id = serializers.CharField()
    kind = serializers.ChoiceField(choices.OutputKind.values)
    name = serializers.CharField(allow_null=True)
    validity_value = serializers.IntegerField(allow_null=True)
    validity_unit = serializers.CharField(allow_blank=True)


class PlaceSerializer(serializers.Serializer):
    """What is otherwise at one office or in one governorate; null where it is as everywhere."""

    governorate = serializers.CharField(allow_null=True)
    office = serializers.CharField(allow_null=True)
    fee = serializers.CharField(allow_null=True)
    currency = serializers.CharField()
    duration = DurationSerializer(allow_null=True)
    note = serializers.CharField(allow_null=True)


class PrerequisiteSerializer(serializers.Serializer):
    """A service that comes before this one; `documents` are the codes of the papers that people get there."""

    service = serializers.CharField()
    documents = serializers.ListField(child=serializers.CharField())


class ServiceSerializer(serializers.Serializer):
    """What a list says of a service. Words are in the language of the answer, null where they are missing
    there.
    """

    code = serializers.CharField()
    title = serializers.CharField(allow_null=True)
    summary = serializers.CharField(allow_null=True)
    url = serializers.CharField(allow_null=True)
    languages = serializers.ListField(child=serializers.CharField())
    status = serializers.ChoiceField(choices.Status.values)
    ministry = UnitSerializer(allow_null=True)
    unit = UnitSerializer(allow_null=True)
    category = NameSerializer(allow_null=True)
    audiences = NameSerializer(many=True)
    life_events = NameSerializer(many=True)
    governorates = NameSerializer(many=True)
    digital_level = serializers.IntegerField()
    ur_class = serializers.CharField(allow_blank=True)
    is_free = serializers.BooleanField()
    fees = FeeSerializer(many=True)
    duration = DurationSerializer()
    visits = serializers.IntegerField(allow_null=True)
    channels = serializers.ListField(child=serializers.CharField())
    last_reviewed = serializers.DateField(allow_null=True)
    changed_at = serializers.DateTimeField()

    def to_representation(self, snapshot):
        return described(snapshot, self.context["view"].language, self.context["request"])


class ServiceDetailSerializer(ServiceSerializer):
    """One service with all its rows, and its words in every language it has."""

    popular_names = serializers.ListField(child=serializers.CharField())
    requirements = serializers.ListField(child=serializers.DictField())
    documents = DocumentSerializer(many=True)
    needs_no_documents = serializers.BooleanField()
    steps = StepSerializer(many=True)
    channels = ChannelSerializer(many=True)
    outputs = OutputSerializer(many=True)
    laws = serializers.ListField(child=serializers.DictField())
    faqs = serializers.ListField(child=serializers.DictField())
    relations = serializers.ListField(child=serializers.DictField())
    prerequisites = PrerequisiteSerializer(many=True)
    places = PlaceSerializer(many=True)
    translations = serializers.DictField(child=serializers.DictField())

    def to_representation(self, snapshot):
        view, request = self.context["view"], self.context["request"]
        return described(snapshot, view.language, request) | detailed(snapshot, view.language, request)


class ServiceResource(Resource):
    """Public services: what to bring, what it costs, where, how long."""

    queryset = ServiceSnapshot.objects.all()
    ordering = ("service_code",)
    lookup_field = "service_code"
    lookup_url_kwarg = "code"
    list_parameters = {
        "audience": Parameter(gettext_lazy("Code of an audience."), many=True),
        "event": Parameter(gettext_lazy("Code of a life or business event."), many=True),
        "category": Parameter(gettext_lazy("Code of a subject."), many=True),
        "governorate": Parameter(
            gettext_lazy("Code or address of a governorate in which it is given."), many=True
        ),
        "unit": Parameter(
            gettext_lazy("Code or address of the responsible unit or of one above it."), many=True
        ),
        "channel": Parameter(gettext_lazy("Channel."), choices=tuple(choices.ChannelKind.values), many=True),
        "status": Parameter(gettext_lazy("Status."), choices=tuple(choices.Status.values), many=True),
        "output": Parameter(
            gettext_lazy("Kind of result."), choices=tuple(choices.OutputKind.values), many=True
        ),
        "free": Parameter(gettext_lazy("Only free ones, or only those with a fee."), kind="boolean"),
        "level": Parameter(gettext_lazy("Digital level, 0 to 4."), kind="integer", minimum=0, maximum=4),
    }
    detail_parameters = {
        "profile": Parameter(
            gettext_lazy("Vocabulary of application/ld+json: CPSV-AP 3.2 or schema.org."),
            choices=PROFILES,
            default="cpsv",
        )
    }
    list_formats = (CSVRenderer, XLSXRenderer, JSONLDRenderer, TurtleRenderer)
    detail_formats = (JSONLDRenderer, TurtleRenderer)

    def get_serializer_class(self):
        return ServiceDetailSerializer if self.detail else ServiceSerializer

    def get_queryset(self):
        return super().get_queryset() if self.detail else filtered(super().get_queryset(), self.query)

    def table(self, snapshots):
        documents = snapshots.order_by("service_code").values_list("document", flat=True)
        return tables.services(documents.iterator(chunk_size=200), self.language)

    def document(self, snapshots):
        base = self.request.build_absolute_uri("/").rstrip("/")
        documents = [snapshot.document for snapshot in snapshots]
        if self.detail and self.query["profile"] == "schema":
            return schema_org.service(documents[0], self.language, base)
        return cpsv.document(documents, base)


def filtered(snapshots, query):
    """Snapshots by the facets of the catalogue: several values of one facet widen, several facets narrow."""
    page = {
        "page__audiences__code__in": query["audience"],
        "page__life_events__code__in": query["event"],
        "page__category__code__in": query["category"],
        "page__channels__kind__in": query["channel"],
        "page__status__in": query["status"],
        "page__outputs__kind__in": query["output"],
    }
    for lookup, values in page.items():
        if values:
            snapshots = snapshots.filter(**{lookup: values})
    if query["free"] is not None:
        snapshots = snapshots.filter(page__is_free=query["free"])
    if query["level"] is not None:
        snapshots = snapshots.filter(page__digital_level=query["level"])
    if query["governorate"]:
        snapshots = _in_governorates(snapshots, query["governorate"])
    if query["unit"]:
        snapshots = _of_units(snapshots, query["unit"])
    return snapshots.distinct()


def _in_governorates(snapshots, codes):
    given = Q(page__coverage__code__in=codes) | Q(page__coverage__slug__in=codes)
    return snapshots.filter(given | Q(page__coverage__isnull=True))


def _of_units(snapshots, names):
    units = OrganisationUnitPage.objects.filter(Q(code__in=names) | Q(slug__in=names)).values_list(
        "path", flat=True
    )
    below = Q(pk__in=[])
    for path in units[:50]:
        below |= Q(page__owner_unit__path__startswith=path)
    return snapshots.filter(below)


def described(snapshot, language, request):
    """A snapshot → the members of `ServiceSerializer`."""
    given = snapshot.document
    return {
        "code": given["code"],
        "title": word(given["title"], language),
        "summary": word(given["summary"], language),
        "url": address(given["urls"], language, request),
        "languages": list(given["title"]),
        "status": given["status"],
        "ministry": _unit(given["ministry"], language, request),
        "unit": _unit(given["unit"], language, request),
        "category": _name(given["category"], language),
        "audiences": [_name(each, language) for each in given["audiences"]],
        "life_events": [_name(each, language) for each in given["life_events"]],
        "governorates": [_name(each, language) for each in given["coverage"]],
        "digital_level": given["digital_level"],
        "ur_class": given["ur_class"],
        "is_free": given["is_free"],
        "fees": [_fee(given["code"], row, language) for row in given["fees"]],
        "duration": {
            "min": given["duration_min"],
            "max": given["duration_max"],
            "unit": given["duration_unit"],
        },
        "visits": given["visits"],
        "channels": sorted({row["kind"] for row in given["channels"]}),
        "last_reviewed": given["last_reviewed_at"],
        "changed_at": snapshot.changed_at.isoformat(),
    }


def detailed(snapshot, language, request):
    """A snapshot → what `ServiceDetailSerializer` adds."""
    given = snapshot.document
    code = given["code"]
    return {
        "popular_names": given["popular_names"].get(language, []),
        "requirements": [
            {
                "id": f"{code}-{row['key']}",
                "kind": row["kind"],
                "text": word(row["text"], language),
                "min_age": row["min_age"],
                "max_age": row["max_age"],
            }
            for row in given["requirements"]
        ],
        "documents": [_document(code, row, language) for row in given["documents"] if row["document_type"]],
        "needs_no_documents": given["needs_no_documents"],
        "steps": [_step(code, row, language) for row in given["steps"]],
        "channels": [
            {
                "id": f"{code}-{row['key']}",
                **{name: row[name] for name in ("kind", "url", "phone", "languages")},
            }
            for row in given["channels"]
        ],
        "outputs": [
            {
                "id": f"{code}-{row['key']}",
                "kind": row["kind"],
                "name": word(row["name"], language),
                "validity_value": row["validity_value"],
                "validity_unit": row["validity_unit"],
            }
            for row in given["outputs"]
        ],
        "laws": [
            {
                "id": row["reference"]["slug"],
                "title": word(row["reference"]["title"], language),
                "article": row["article"],
                "url": row["reference"]["url"] or None,
            }
            for row in given["legal"]
            if row["reference"]
        ],
        "faqs": [
            {"question": row["question"][language], "answer": row["answer"].get(language, "")}
            for row in given["faqs"]
            if row["question"].get(language)
        ],
        "relations": [
            {"kind": row["kind"], "service": row["target"]} for row in given["relations"] if row["target"]
        ],
        "prerequisites": [
            {"service": need.service, "documents": need.papers}
            for need in needs.of_document(given, needs.graph())
        ],
        "places": [_place(row, language) for row in given["offerings"]],
        "translations": {
            code: {
                "title": given["title"].get(code),
                "summary": given["summary"].get(code),
                "url": address(given["urls"], code, request),
            }
            for code in given["title"]
        },
    }


def word(words, language):
    """The text in this language, or null: a text in another one is found under `translations`."""
    return words.get(language) or None


def address(urls, language, request):
    return request.build_absolute_uri(urls[language]) if urls.get(language) else None


def _name(record, language):
    return record and {"code": record["code"], "name": word(record["name"], language)}


def _unit(unit, language, request):
    return unit and {
        "id": unit["id"],
        "code": unit["code"],
        "name": word(unit["name"], language),
        "url": address(unit["urls"], language, request),
    }


def _fee(code, row, language):
    return {
        "id": f"{code}-{row['key']}",
        "kind": row["kind"],
        "label": word(row["label"], language),
        "amount": minor_to_text(row["amount_minor"], row["currency"]),
        "amount_max": minor_to_text(row["amount_max_minor"], row["currency"]),
        "percent": row["percent"],
        "currency": row["currency"],
        "condition": word(row["condition"], language),
        "law": row["legal"] and row["legal"]["slug"],
        "valid_from": row["valid_from"],
        "valid_to": row["valid_to"],
    }


def _place(row, language):
    times = {name: row[f"duration_{name}"] for name in ("min", "max", "unit")}
    return {
        "governorate": row["governorate"] and row["governorate"]["code"],
        "office": row["office"] and row["office"]["slug"],
        "fee": minor_to_text(row["fee_minor"], "IQD"),
        "currency": "IQD",
        "duration": times if times["unit"] else None,
        "note": word(row["note"], language),
    }


def _document(code, row, language):
    kind = row["document_type"]
    return {
        "id": f"{code}-{row['key']}",
        "code": kind["code"],
        "name": word(kind["name"], language),
        "originals": row["originals"],
        "copies": row["copies"],
        "condition": word(row["condition"], language),
        "alternative_group": row["alternative_group"],
        "attestation": row["attestation"],
        "issuer": kind["issuer"] and word(kind["issuer"]["name"], language),
        "issuing_service": kind["issuing_service"],
    }


def _step(code, row, language):
    template = row["template"] or {"name": {}, "text": {}}
    return {
        "id": f"{code}-{row['key']}",
        "logic": row["logic"],
        "title": word({**template["name"], **row["title"]}, language),
        "text": word({**template["text"], **row["text"]}, language),
        "actor": row["actor"],
        "channel": row["channel"],
        "is_visit": row["is_visit"],
    }


class ChangeSerializer(serializers.Serializer):
    """A published change of a fact. `before` and `after` are null where the fact did not exist."""

    id = serializers.IntegerField(source="pk")
    service = serializers.CharField(source="service_code")
    what = serializers.ChoiceField(FactChange.What.values)
    row = serializers.CharField(source="row_key")
    field = serializers.CharField()
    before = serializers.JSONField(allow_null=True)
    after = serializers.JSONField(allow_null=True)
    reason = serializers.CharField(allow_blank=True)
    law = serializers.CharField(source="law.slug", default=None, allow_null=True)
    happened_at = serializers.DateTimeField()


class ChangeResource(Resource):
    """The public log of changed fees, documents, times and channels, latest first."""

    queryset = FactChange.objects.filter(public=True).select_related("law")
    serializer_class = ChangeSerializer
    ordering = ("-happened_at", "-pk")
    lookup_value_regex = "[0-9]{1,18}"
    list_parameters = {
        "service": Parameter(gettext_lazy("Service code."), many=True),
        "what": Parameter(gettext_lazy("What changed."), choices=tuple(FactChange.What.values), many=True),
        "since": Parameter(gettext_lazy("From this day on."), kind="date"),
    }
    list_formats = (CSVRenderer, XLSXRenderer, AtomRenderer)

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
        columns = ["id", "service", "what", "row", "field", "before", "after", "reason", "law", "happened_at"]
        rows = changes.order_by(*self.ordering).values_list(
            "pk",
            "service_code",
            "what",
            "row_key",
            "field",
            "before",
            "after",
            "reason",
            "law__slug",
            "happened_at",
        )
        return columns, (tables.plain_cells(row) for row in rows.iterator(chunk_size=500))

    def document(self, changes):
        here = self.request.build_absolute_uri("/api/v1/changes/")
        feed = Atom1Feed(
            title=_("Changes of fees, documents and times"),
            link=here,
            description="",
            language=self.language,
            feed_url=self.request.build_absolute_uri(),
        )
        for change in changes:
            feed.add_item(
                title=f"{change.service_code} · {change.get_what_display()}",
                link=f"{here}{change.pk}/",
                unique_id=f"{here}{change.pk}/",
                description=change.reason,
                updateddate=change.happened_at,
                pubdate=change.happened_at,
            )
        return feed
