"""The OpenAPI description of an `Endpoint`, made from what it declares."""

import inspect

from django.utils.translation import gettext as _
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import build_parameter_type
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, inline_serializer
from rest_framework import serializers

from .families import Family
from .members import object_schema
from .problems import MEDIA_TYPE
from .queries import JSON_TYPE
from .rendering import EnvelopeRenderer

PROBLEM_STATUSES = (400, 404, 406, 429)
BODY_STATUSES = (413, 415)


class MetaSerializer(serializers.Serializer):
    """`count` and `limit` on lists only; the cursors are those of a query in a body."""

    language = serializers.CharField()
    licence = serializers.URLField()
    count = serializers.IntegerField(required=False)
    limit = serializers.IntegerField(required=False)
    next_cursor = serializers.CharField(required=False, allow_null=True)
    previous_cursor = serializers.CharField(required=False, allow_null=True)


class LinksSerializer(serializers.Serializer):
    """`next` and `prev` where there are more pages; on single items one link for each further format."""

    self = serializers.URLField(required=False)
    next = serializers.URLField(required=False)
    prev = serializers.URLField(required=False)


class ErrorSerializer(serializers.Serializer):
    """`parameter` is the name of a bad parameter; `pointer` is it, or the bad member of the body, as a JSON
    Pointer; `suggestion` is what was probably meant.
    """

    parameter = serializers.CharField(required=False)
    pointer = serializers.CharField()
    detail = serializers.CharField()
    suggestion = serializers.CharField(required=False)


class ProblemSerializer(serializers.Serializer):
    """RFC 9457."""

    type = serializers.URLField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    instance = serializers.CharField()
    suggestion = serializers.CharField(required=False)
    errors = ErrorSerializer(many=True, required=False)


class EndpointSchema(AutoSchema):
    """Reads the parameters, the members, the serializer and the formats of an `Endpoint`."""

    def get_override_parameters(self):
        view = self.view
        # What is read from a body stands in the body alone.
        declared = view.declared_parameters() if self.method == "GET" else {}
        return [_described(name, each) for name, each in (declared | view.common_parameters()).items()]

    def _resolve_path_parameters(self, variables):
        return [
            build_parameter_type(
                name,
                {"type": "string", "pattern": f"^{declared.pattern}$"},
                OpenApiParameter.PATH,
                description=str(declared.description),
            )
            for name in variables
            for declared in [self.view.route.path_parameter(name)]
        ]

    def get_request_serializer(self):
        """The JSON Schema of the body of a query."""
        if self._is_other():
            return self.view.other_requests.get(self.method.lower())
        if self.method != "POST":
            return None
        return {JSON_TYPE: object_schema(self.view.body_members())}

    def _get_paginator(self):
        return None

    def get_filter_backends(self):
        return []

    def _get_format_parameters(self):
        return []

    def get_response_serializers(self):
        statuses = [*PROBLEM_STATUSES, *(BODY_STATUSES if self.method == "POST" else ())]
        if self.view.authentication_classes:
            statuses.append(401)
        problems = {(status, MEDIA_TYPE): ProblemSerializer for status in statuses}
        if self._is_other():
            return self.view.other_answers.get(self.method.lower(), {200: None}) | problems
        answers = {}
        for renderer in self.view.get_renderers():
            if isinstance(renderer, EnvelopeRenderer):
                answers[(200, renderer.media_type)] = self._envelope()
            else:
                answers[(200, renderer.media_type)] = _schema_of_format(renderer)
        return answers | problems

    def _is_other(self):
        """Is this operation something else than reading?"""
        return self.method.lower() in self.view.other_methods

    def _envelope(self):
        meta = getattr(self.view, "meta_serializer", MetaSerializer)
        if self.view.item_schema:
            item = self.view.item_schema
            return {
                "type": "object",
                "properties": {
                    "meta": self.resolve_serializer(meta, "response").ref,
                    "data": item if self.view.detail else {"type": "array", "items": item},
                    "links": self.resolve_serializer(LinksSerializer, "response").ref,
                },
                "required": ["meta", "data", "links"],
            }
        item = self.view.get_serializer_class()
        name = item.__name__.removesuffix("Serializer") + ("Item" if self.view.detail else "List")
        data = item(many=not self.view.detail)
        return inline_serializer(name, {"meta": meta(), "data": data, "links": LinksSerializer()})

    def _is_list_view(self, serializer=None):
        return False

    def get_operation_id(self):
        if self._is_other():
            kind = self.view.other_methods[self.method.lower()]
        else:
            kind = "query" if self.method == "POST" else "read" if self.view.detail else "list"
        return f"{self.view.basename}_{kind}"

    def get_summary(self):
        return str(getattr(self.view, "detail_summary" if self.view.detail else "list_summary", "")) or None

    def get_tags(self):
        return [str(getattr(self.view, "tag_name", self.view.basename))]

    def get_auth(self):
        return []

    def get_description(self):
        text = inspect.getdoc(self.view.__class__) or _("Read only.")
        others = [each for each in self.view.get_renderers() if not isinstance(each, EnvelopeRenderer)]
        if others and not self._is_other():
            text += " " + _("Other formats by Accept or by suffix: %(formats)s.") % {
                "formats": ", ".join(f".{renderer.format}" for renderer in others)
            }
        return text


def parameter_schemas(parameters):
    """{name: Parameter} → the same as a list of OpenAPI parameters, families with every key they have."""
    found = []
    for name, parameter in parameters.items():
        members = parameter.parameters(name) if isinstance(parameter, Family) else {name: parameter}
        found += [
            {
                "in": "query",
                "name": full_name,
                "schema": each.schema(),
                "description": str(each.description),
                **({"required": True} if each.required else {}),
                **({"explode": True, "style": "form"} if each.many else {}),
            }
            for full_name, each in members.items()
        ]
    return found


def _described(name, parameter):
    style = {}
    if isinstance(parameter, Family):
        style = {"explode": True, "style": "deepObject"}
    elif parameter.many:
        style = {"explode": True, "style": "form"}
    return OpenApiParameter(
        name,
        parameter.schema(),
        OpenApiParameter.QUERY,
        required=parameter.required,
        description=str(parameter.description),
        **style,
    )


def _schema_of_format(renderer):
    """JSON of another standard is an object, spreadsheets are bytes, the rest is text."""
    if renderer.media_type.endswith("+json"):
        return OpenApiResponse({"type": "object"})
    return OpenApiResponse(OpenApiTypes.BINARY if renderer.render_style == "binary" else OpenApiTypes.STR)
