"""The OpenAPI description of an `Endpoint`, made from what it declares."""

import inspect

from django.utils.translation import gettext as _
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, inline_serializer
from rest_framework import serializers

PROBLEM_STATUSES = (400, 404, 406, 429)


class MetaSerializer(serializers.Serializer):
    """`count` and `limit` on lists only."""

    language = serializers.CharField()
    licence = serializers.URLField()
    count = serializers.IntegerField(required=False)
    limit = serializers.IntegerField(required=False)


class LinksSerializer(serializers.Serializer):
    """`next` and `prev` where there are more pages; on single items one link for each further format."""

    self = serializers.URLField()
    next = serializers.URLField(required=False)
    prev = serializers.URLField(required=False)


class ParameterErrorSerializer(serializers.Serializer):
    """`parameter` is its name, `pointer` the same as a JSON Pointer."""

    parameter = serializers.CharField()
    pointer = serializers.CharField()
    detail = serializers.CharField()


class ProblemSerializer(serializers.Serializer):
    """RFC 9457."""

    type = serializers.URLField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    instance = serializers.CharField()
    errors = ParameterErrorSerializer(many=True, required=False)


class EndpointSchema(AutoSchema):
    """Reads `declared_parameters`, the serializer and the formats of an `Endpoint`."""

    method_mapping = {"get": "read"}

    def get_override_parameters(self):
        return [
            OpenApiParameter(
                name,
                parameter.schema(),
                OpenApiParameter.QUERY,
                description=str(parameter.description),
                explode=True if parameter.many else None,
                style="form" if parameter.many else None,
            )
            for name, parameter in self.view.declared_parameters().items()
        ]

    def _get_paginator(self):
        return None

    def get_filter_backends(self):
        return []

    def _get_format_parameters(self):
        return []

    def get_response_serializers(self):
        problems = {(status, "application/problem+json"): ProblemSerializer for status in PROBLEM_STATUSES}
        answers = {(200, "application/json"): self._envelope()}
        for renderer in self.view.get_renderers()[1:]:
            answers[(200, renderer.media_type)] = _schema_of_format(renderer)
        return answers | problems

    def _envelope(self):
        item = self.view.get_serializer_class()
        name = item.__name__.removesuffix("Serializer") + ("Item" if self.view.detail else "List")
        meta = getattr(self.view, "meta_serializer", MetaSerializer)
        data = item(many=not self.view.detail)
        return inline_serializer(name, {"meta": meta(), "data": data, "links": LinksSerializer()})

    def _is_list_view(self, serializer=None):
        return False

    def get_operation_id(self):
        return f"{self.view.basename}_{'read' if self.view.detail else 'list'}"

    def get_summary(self):
        return str(getattr(self.view, "detail_summary" if self.view.detail else "list_summary", "")) or None

    def get_tags(self):
        return [str(getattr(self.view, "tag_name", self.view.basename))]

    def get_auth(self):
        return []

    def get_description(self):
        text = inspect.getdoc(self.view.__class__) or _("Read only.")
        if formats := [renderer.format for renderer in self.view.get_renderers()[1:]]:
            text += " " + _("Other formats by Accept or by suffix: %(formats)s.") % {
                "formats": ", ".join(f".{name}" for name in formats)
            }
        return text


def _schema_of_format(renderer):
    """JSON of another standard is an object, spreadsheets are bytes, the rest is text."""
    if renderer.media_type.endswith("+json"):
        return OpenApiResponse({"type": "object"})
    return OpenApiResponse(OpenApiTypes.BINARY if renderer.render_style == "binary" else OpenApiTypes.STR)
