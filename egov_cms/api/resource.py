"""`Resource`: what every endpoint of `/api/v1/` shares, so that an app states only its data.

A request passes: language, format, throttle, query parameters, `If-None-Match`; then the app's `list` or
`retrieve`; then envelope, ETag, caching and CORS fields. Sessions and cookies are never read.
"""

from django.conf import settings
from django.http import HttpResponseNotModified
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from . import conditional
from .paging import LARGEST_LIMIT, KeysetPagination
from .parameters import Parameter, read_query
from .problems import exception_handler
from .rendering import EnvelopeRenderer
from .schema import ResourceSchema
from .throttling import AddressThrottle

CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link, RateLimit, RateLimit-Policy, Retry-After, Content-Language",
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Accept-Language, If-None-Match",
    "Access-Control-Max-Age": "86400",
}
LANGUAGE = Parameter(
    _("Language of titles and messages; default: Accept-Language, then the site's first language."),
    choices=lambda: [code for code, _name in settings.LANGUAGES],
)
PAGE_PARAMETERS = {
    "limit": Parameter(_("Items on a page."), kind="integer", minimum=1, maximum=LARGEST_LIMIT),
    "cursor": Parameter(_("Where a page begins: take it from links.next.")),
}


class ReaderNegotiation(DefaultContentNegotiation):
    """A suffix (`services.csv`) first, then Accept; `?format=` is no parameter of this API."""

    class settings:
        URL_FORMAT_OVERRIDE = None


class Resource(GenericViewSet):
    """A read-only resource.

    An app sets `queryset`/`get_queryset`, `serializer_class`, `ordering` (ending in a unique column),
    `list_parameters` and `detail_parameters` ({name: Parameter}), `formats` (extra renderers, of lists and of
    single items alike unless `list_formats`/`detail_formats` say otherwise) and, where it has them,
    `table(queryset)` -> (columns, rows) and `document(data)` -> dict for the table and graph formats.
    In handlers `self.query` holds the checked parameters and `self.language` the language.
    """

    authentication_classes = ()
    permission_classes = ()
    throttle_classes = (AddressThrottle,)
    content_negotiation_class = ReaderNegotiation
    pagination_class = KeysetPagination
    metadata_class = None
    schema = ResourceSchema()
    http_method_names = ("get", "head", "options")
    lookup_value_regex = "[^/.]+"

    list_parameters: dict[str, Parameter] = {}
    detail_parameters: dict[str, Parameter] = {}
    list_formats = ()
    detail_formats = ()
    licence = "https://creativecommons.org/licenses/by/4.0/"
    step_seconds = 0
    max_age_seconds = 60

    def get_renderers(self):
        extra = self.detail_formats if self.detail else self.list_formats
        return [EnvelopeRenderer(), *(renderer() for renderer in extra)]

    def get_exception_handler(self):
        return exception_handler

    def declared_parameters(self):
        """{name: Parameter} of the address that is being read, `lang` and paging included."""
        if self.detail:
            return {**self.detail_parameters, "lang": LANGUAGE}
        return {**self.list_parameters, **PAGE_PARAMETERS, "lang": LANGUAGE}

    def dispatch(self, request, *args, **kwargs):
        asked = request.GET.get("lang")
        known = {code for code, _name in settings.LANGUAGES}
        self.language = asked if asked in known else translation.get_language_from_request(request)
        with translation.override(self.language):
            if request.method == "OPTIONS":
                return self._preflight()
            response = super().dispatch(request, *args, **kwargs)
            if isinstance(response, Response):
                response.render()
            if response.status_code == 200:
                conditional.compress(response, request, self.tag)
            return response

    def initial(self, request, *args, **kwargs):
        self.tag = ""
        super().initial(request, *args, **kwargs)
        self.query = read_query(request.query_params, self.declared_parameters())
        media_type = request.accepted_renderer.media_type
        self.tag = conditional.etag(request._request, media_type, self.language, self.step_seconds)
        self.unchanged = conditional.is_unchanged(request._request, self.tag)
        if self.unchanged:
            self.action_map = {}
            setattr(self, request.method.lower(), self._not_modified)

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        for name, value in {**CORS, **getattr(request, "rate_limit_fields", {})}.items():
            response[name] = value
        patch_vary_headers(response, ["Accept", "Accept-Language"])
        if response.status_code in (200, 304):
            response["Content-Language"] = self.language
            response["Cache-Control"] = f"public, max-age={self.max_age_seconds}, stale-if-error=86400"
        return response

    def list(self, request, *args, **kwargs):
        queryset = self.filter_queryset(self.get_queryset())
        renderer = request.accepted_renderer
        if getattr(renderer, "is_table", False):
            return self._named(Response(self.table(queryset)), renderer)
        page = self.paginate_queryset(queryset)
        if getattr(renderer, "is_graph", False):
            return Response(self.document(page))
        response = self.paginator.get_paginated_response(self.get_serializer(page, many=True).data)
        response.data["meta"] |= self.meta()
        return response

    def retrieve(self, request, *args, **kwargs):
        item = self.get_object()
        renderer = request.accepted_renderer
        if getattr(renderer, "is_graph", False):
            return Response(self.document([item]))
        links = {"self": request.build_absolute_uri()}
        links |= {
            extra.format: request.build_absolute_uri(f"{request.path.rstrip('/')}.{extra.format}")
            for extra in self.detail_formats
        }
        return Response({"meta": self.meta(), "data": self.get_serializer(item).data, "links": links})

    def meta(self):
        """What stands in `meta` beside the counts: language and licence; an app may add to it."""
        return {"language": self.language, "licence": self.licence}

    def _not_modified(self, _request, *_args, **_kwargs):
        response = HttpResponseNotModified()
        response["ETag"] = f'"{self.tag}"'
        return response

    @staticmethod
    def _preflight():
        response = HttpResponseNotModified()
        response.status_code = 204
        for name, value in {**CORS, **PREFLIGHT}.items():
            response[name] = value
        return response

    def _named(self, response, renderer):
        name = f"{self.basename}-{self.language}.{renderer.format}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
