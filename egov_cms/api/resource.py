"""What every address of `/api/v1/` shares, so that an app states only its data.

A request passes: language, format, throttle, query parameters, `If-None-Match`; then the app's `list` or
`retrieve`; then envelope, ETag, caching and CORS fields. Sessions and cookies are never read.
"""

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpResponse, HttpResponseNotModified
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from . import conditional
from .paging import CURSOR_PATTERN, LARGEST_LIMIT, KeysetPagination
from .parameters import Parameter, read_query
from .problems import ProblemRenderer, exception_handler
from .rendering import EnvelopeRenderer
from .schema import EndpointSchema
from .throttling import AddressThrottle

CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link, RateLimit, RateLimit-Policy, Retry-After, Content-Language",
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Accept-Language, If-None-Match",
    "Access-Control-Max-Age": "86400",
    "Allow": "GET, HEAD, OPTIONS",
}
LANGUAGE = Parameter(
    _("Language of titles and messages; default: Accept-Language, then the site's first language."),
    choices=lambda: [code for code, _name in settings.LANGUAGES],
)
PAGE_PARAMETERS = {
    "limit": Parameter(
        _("Items on a page, 50 if left out. Tables hold everything unless limit or cursor is given."),
        kind="integer",
        minimum=1,
        maximum=LARGEST_LIMIT,
    ),
    "cursor": Parameter(
        _("Where a page begins: take it from links.next."),
        longest=2000,
        pattern=CURSOR_PATTERN,
        invalid="invalid-cursor",
    ),
}


class ReaderNegotiation(DefaultContentNegotiation):
    """A suffix (`services.csv`) first, then Accept; `?format=` is no parameter of this API."""

    class settings:
        URL_FORMAT_OVERRIDE = None


class Endpoint(GenericViewSet):
    """An address that is only read. An app gives it `list`, `retrieve` or both.

    An app sets `list_parameters` and `detail_parameters` ({name: Parameter}), `list_formats` and
    `detail_formats` (renderers beside JSON). In handlers `self.query` holds the checked parameters and
    `self.language` the language. `tagged_by_body`: the answer depends on more than published content, so it
    is made before its ETag is known.
    """

    authentication_classes = ()
    permission_classes = ()
    throttle_classes = (AddressThrottle,)
    content_negotiation_class = ReaderNegotiation
    metadata_class = None
    schema = EndpointSchema()
    http_method_names = ("get", "head", "options")

    list_parameters: dict[str, Parameter] = {}
    detail_parameters: dict[str, Parameter] = {}
    list_formats = ()
    detail_formats = ()
    licence = "https://creativecommons.org/licenses/by/4.0/"
    step_seconds = 0
    max_age_seconds = 60
    tagged_by_body = False

    def get_renderers(self):
        extra = self.detail_formats if self.detail else self.list_formats
        return [EnvelopeRenderer(), *(renderer() for renderer in extra)]

    def get_exception_handler(self):
        return exception_handler

    def declared_parameters(self):
        """{name: Parameter} of the address that is being read, `lang` included."""
        own = self.detail_parameters if self.detail else self.list_parameters
        return {**own, "lang": LANGUAGE}

    def dispatch(self, request, *args, **kwargs):
        self.language = language_of(request)
        with translation.override(self.language):
            if request.method == "OPTIONS":
                return self._preflight()
            response = super().dispatch(request, *args, **kwargs)
            if isinstance(response, Response):
                response.render()
            if response.status_code == 200 and self.tagged_by_body:
                self.tag = conditional.tag_of_body(response.content)
                if conditional.is_unchanged(request, self.tag):
                    return self._not_modified(like=response)
            if response.status_code == 200:
                conditional.compress(response, request, self.tag)
            return response

    def initial(self, request, *args, **kwargs):
        self.tag = ""
        super().initial(request, *args, **kwargs)
        self.query = read_query(request.query_params, self.declared_parameters())
        if self.tagged_by_body:
            return
        media_type = request.accepted_renderer.media_type
        self.tag = conditional.etag(request._request, media_type, self.language, self.step_seconds)
        if conditional.is_unchanged(request._request, self.tag):
            setattr(self, request.method.lower(), lambda *_args, **_kwargs: self._not_modified())

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        if getattr(response, "content_type", None) == ProblemRenderer.media_type:
            # REST framework would write it in the format that was asked for; a table cannot hold it.
            response.accepted_renderer = ProblemRenderer()
        for name, value in {**CORS, **getattr(request, "rate_limit_fields", {})}.items():
            response[name] = value
        patch_vary_headers(response, ["Accept", "Accept-Language"])
        if response.status_code in (200, 304):
            response["Content-Language"] = self.language
            response["Cache-Control"] = f"public, max-age={self.max_age_seconds}, stale-if-error=86400"
        return response

    def meta(self):
        """What stands in `meta` beside the counts: language and licence; an app may add to it."""
        return {"language": self.language, "licence": self.licence}

    def _not_modified(self, like=None):
        """304 with this answer's tag, and with the headers of the response that it stands for."""
        response = HttpResponseNotModified()
        for name, value in like.items() if like is not None else ():
            if name not in ("Content-Type", "Content-Length"):
                response[name] = value
        response["ETag"] = f'"{self.tag}"'
        return response

    @staticmethod
    def _preflight():
        return HttpResponse(status=204, headers={**CORS, **PREFLIGHT})


class Resource(Endpoint):
    """A collection and its items.

    Beside what an `Endpoint` has, an app sets `queryset`/`get_queryset`, `serializer_class`, `ordering`
    (ending in a unique column) and, where it has such formats, `table(queryset)` -> (columns, rows) and
    `document(items)` -> dict.
    """

    pagination_class = KeysetPagination
    lookup_value_regex = "[^/.]+"

    def declared_parameters(self):
        return {**({} if self.detail else PAGE_PARAMETERS), **super().declared_parameters()}

    def list(self, request, *args, **kwargs):
        queryset = self.filter_queryset(self.get_queryset())
        renderer = request.accepted_renderer
        is_table = getattr(renderer, "is_table", False)
        if is_table and not (self.query["limit"] or self.query["cursor"]):
            return self._named(Response(self.table(queryset.order_by(*self.ordering))), renderer)
        page = self.paginate_queryset(queryset)
        if is_table:
            shown = self.get_queryset().filter(pk__in=[item.pk for item in page])
            response = self._named(Response(self.table(shown.order_by(*self.ordering))), renderer)
        elif getattr(renderer, "is_graph", False):
            response = Response(self.document(page))
        else:
            response = self.paginator.get_paginated_response(self.get_serializer(page, many=True).data)
            response.data["meta"] |= self.meta()
        if link := self.paginator.header():
            response["Link"] = link
        return response

    def retrieve(self, request, *args, **kwargs):
        item = self.get_object()
        renderer = request.accepted_renderer
        if getattr(renderer, "is_table", False):
            return self._named(Response(self.table(self.get_queryset().filter(pk=item.pk))), renderer)
        if getattr(renderer, "is_graph", False):
            return Response(self.document([item]))
        links = {"self": request.build_absolute_uri()}
        links |= {
            extra.format: request.build_absolute_uri(f"{request.path.rstrip('/')}.{extra.format}")
            for extra in self.detail_formats
        }
        return Response({"meta": self.meta(), "data": self.get_serializer(item).data, "links": links})

    def _named(self, response, renderer):
        name = f"{self.basename}-{self.language}.{renderer.format}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


def language_of(request):
    """The language of an answer: `?lang=` where it names one of the site's, else Accept-Language."""
    try:
        asked = request.GET.get("lang")
    except SuspiciousOperation:  # too many parameters; the handler says so when it reads them again
        asked = None
    known = {code for code, _name in settings.LANGUAGES}
    return asked if asked in known else translation.get_language_from_request(request)
