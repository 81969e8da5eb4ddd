"""Endpoints such as a data set has: nested, versioned, with columns known only at run time, asked by POST too.

A network and its versions are plain values; its stations ("facts") are Django's groups, so that queries count.
"""

from collections.abc import Mapping

from django.contrib.auth.models import Group
from django.http import HttpResponse
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed

from egov_cms.api.conditional import ContentVersion
from egov_cms.api.endpoint import Endpoint
from egov_cms.api.families import Family
from egov_cms.api.members import ListMember, ObjectMember
from egov_cms.api.parameters import Parameter
from egov_cms.api.problems import Problem
from egov_cms.api.registry import PathParameter
from egov_cms.api.rendering import TABLE_FORMATS, CSVRenderer, GeoJSONRenderer, JSONLinesRenderer
from egov_cms.api.resource import Resource, SingleResource
from egov_cms.api.sources import Source

COLUMNS = {"number": "integer", "name": "string", "capacity": "decimal"}
NETWORKS = {"rivers": "2", "canals": "1"}  # name → its current version
WITHDRAWN = {("canals", "0")}


class Filters(Mapping):
    """column → operator → Parameter, made when it is asked for."""

    OPERATORS = ("", "lt", "gt")

    def __getitem__(self, column):
        kind = COLUMNS[column]
        operators = self.OPERATORS if kind != "string" else ("",)
        return {each: Parameter(f"{column} {each or 'eq'}", kind=kind) for each in operators}

    def __iter__(self):
        return iter(COLUMNS)

    def __len__(self):
        return len(COLUMNS)


class StationSource(Source):
    """Stations by number, forwards only, and without any queryset to be seen."""

    def __init__(self, filters, names=()):
        self.filters, self.names = filters, names

    def page(self, after, limit):
        groups = Group.objects.order_by("pk")
        if after is not None:
            groups = groups.filter(pk__gt=after)
        if self.names:
            groups = groups.filter(name__in=self.names)
        for (column, operator), value in self.filters.items():
            field = {"number": "pk", "name": "name"}[column]
            groups = groups.filter(**{field + (f"__{operator}" if operator else ""): value})
        rows = list(groups.values("pk", "name")[: limit + 1])
        stations = [{"number": row["pk"], "name": row["name"]} for row in rows]
        return stations[:limit], stations[limit - 1]["number"] if len(rows) > limit else None


class OfNetwork(Endpoint):
    """What stands below a network: the latest version, or the one that the address names."""

    path_parameters = {
        "network": PathParameter("Name of a network.", "[a-z]+"),
        "version": PathParameter("Number of a version.", "[0-9]{1,6}"),
    }

    def prepare(self):
        network = self.kwargs["network"]
        if network not in NETWORKS:
            raise self.missing("network")
        self.number = self.kwargs.get("version", NETWORKS[network])
        if (network, self.number) in WITHDRAWN:
            raise Problem("gone", "It was wrong.", parameter="version")
        if int(self.number) > int(NETWORKS[network]):
            raise self.missing("version")

    def get_version(self):
        network, is_pinned = self.kwargs["network"], "version" in self.kwargs
        permalink = "" if is_pinned else self.permalink(network, self.number)
        return ContentVersion(f"{network}-{self.number}", is_immutable=is_pinned, permalink=permalink)

    def permalink(self, network, version):
        if "number" in self.kwargs:
            path = {"network": network, "version": version, "number": self.kwargs["number"]}
            return self.address_of("version-stations-detail", **path)
        return self.address_of("version-stations-list", network=network, version=version)


class StationResource(OfNetwork, Resource):
    """Stations of a network."""

    lookup_field = "number"
    lookup_value_regex = "[0-9]{1,18}"
    list_formats = TABLE_FORMATS
    throttle_scope = "rows"
    default_limit, largest_limit = 3, 10_000
    item_schema = {"type": "object", "additionalProperties": True}
    is_described_at_run_time = True

    def declared_parameters(self):
        filters = {} if self.detail else {"filter": Family("Stations whose column has this value.", Filters)}
        return super().declared_parameters() | filters

    def run_time_parameters(self):
        return {} if self.detail else {"name": Parameter("Exact name.", many=True)}

    def run_time_item_schema(self):
        return {"type": "object", "properties": {"number": {"type": "integer"}}}

    def links(self):
        return {"schema": self.address_of("stations-schema-detail", network=self.kwargs["network"])}

    def get_source(self):
        return StationSource(self.query["filter"], self.query["name"])

    def get_object(self):
        found = StationSource({("number", ""): int(self.kwargs["number"])}).page(None, 1)[0]
        if not found:
            raise self.missing("number")
        return found[0]

    def table(self, stations):
        return ["number", "name"], ([each["number"], each["name"]] for each in stations)


class Condition:
    """A member of an app's own: {"column": …, "value": …}, or {"any": [conditions]}; nested at most twice."""

    required, default = False, None

    def __init__(self, depth=2):
        self.depth = depth

    def read_member(self, value, path):
        if isinstance(value, dict) and "any" in value:
            if not self.depth:
                raise Problem("invalid-member", "Nested too deeply.", member=path)
            members = {"any": ListMember("One of these.", Condition(self.depth - 1), most=3, least=1)}
        else:
            members = {
                "column": Parameter("Column.", choices=("name",), required=True),
                "value": Parameter("Value.", required=True),
            }
        read = ObjectMember("Condition.", members).read_member(value, path)
        return [name for each in read["any"] for name in each] if "any" in read else [read["value"]]

    def member_schema(self):
        return {"type": "object"}


class StationQuery(StationResource):
    """Stations by a query in a body."""

    read_methods = ("post",)
    is_described_at_run_time = False
    lookup_field = None

    def body_members(self):
        members = super().body_members() | {"where": Condition()}
        sorting = {
            "by": Parameter("Column.", choices=("number",)),
            "down": Parameter("Down.", kind="boolean"),
        }
        return members | {"sort": ListMember("Order.", ObjectMember("One column.", sorting))}

    def twin(self, members):
        path = self.request.path.replace("/query", "/stations")
        return "" if {"where", "sort"} & members.keys() else self.written_query(path, members)

    def get_source(self):
        return StationSource(self.query["filter"], self.query["where"] or self.query["name"])


class StationSchema(OfNetwork, SingleResource):
    """The columns of a network."""

    item_schema = {"type": "object"}
    detail_formats = (CSVRenderer,)

    def get_object(self):
        return COLUMNS

    def table(self, schemas):
        return ["column", "kind"], ([name, kind] for schema in schemas for name, kind in schema.items())


class DataPackage(OfNetwork, SingleResource):
    """A document whose name is given by a standard."""

    item_schema = {"type": "object"}

    def get_object(self):
        return {"name": self.kwargs["network"]}


class Export(OfNetwork, Resource):
    """Files alone."""

    lookup_field = None
    is_enveloped = False
    list_formats = (CSVRenderer, JSONLinesRenderer, GeoJSONRenderer)
    largest_number = 60_000
    breaks_at = None
    text = "محطة"
    made = 0

    def get_source(self):
        export = type(self)

        class Numbers(Source):
            def page(self, after, limit):
                rows = list(range(export.largest_number))[0 if after is None else after + 1 :]
                return rows[:limit], rows[limit - 1] if len(rows) > limit else None

            def everything(self):
                for number in range(export.largest_number):
                    if number == export.breaks_at:
                        raise RuntimeError("the disk is gone")
                    export.made = number
                    yield number

        return Numbers()

    def table(self, numbers):
        return ["number", "text"], ([number, self.text] for number in numbers)

    def document(self, numbers):
        return {"type": "FeatureCollection", "features": []}


class KeyAuthentication(BaseAuthentication):
    def authenticate(self, request):
        if request.headers.get("Authorization") != "Bearer secret":
            raise AuthenticationFailed()
        return "somebody", "secret"

    def authenticate_header(self, request):
        return "Bearer"


class Upload(OfNetwork):
    """What is no reading: the handler does everything."""

    other_methods = {"put": "receive"}
    authentication_classes = (KeyAuthentication,)
    lookup_field = None

    def receive(self, request, *args, **kwargs):
        return HttpResponse(request._request.read(), status=202)
