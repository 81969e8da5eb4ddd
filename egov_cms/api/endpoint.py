"""What every address of `/api/v1/` shares, so that an app states only its data.

A request passes: language, format, throttle, what the path names, parameters, `If-None-Match`; then the app's
`list` or `retrieve`; then envelope, ETag, caching and CORS fields. Sessions and cookies are never read.
"""

from urllib.parse import parse_qsl, urlsplit

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from . import compression, conditional, cors, cursors, streams
from .description import openapi_of
from .parameters import Parameter
from .problems import Problem, exception_handler
from .queries import LARGEST_BODY, read_body, read_members, read_query
from .registry import PathParameter
from .rendering import CSVRenderer, EnvelopeRenderer, OpenAPIRenderer
from .schema import EndpointSchema
from .suggestions import listed, nearest
from .throttling import DEFAULT_SCOPE, NetworkThrottle

IMMUTABLE_SECONDS = 365 * 24 * 3600
# What servers and proxies take as the address of a request.
LONGEST_ADDRESS = 4000
LANGUAGE = Parameter(
    gettext_lazy(
        "Language of titles and messages; default: Accept-Language, then the site's first language."
    ),
    choices=lambda: [code for code, _name in settings.LANGUAGES],
)
BOM = Parameter(
    gettext_lazy(
        "Only for CSV: true makes a file for Excel, with a byte order mark and an apostrophe before texts that "
        "Excel would run as formulas."
    ),
    kind="boolean",
    default=False,
)


class ReaderNegotiation(DefaultContentNegotiation):
    """A suffix (`services.csv`) first, then Accept; `?format=` is no parameter of this API."""

    class settings:
        URL_FORMAT_OVERRIDE = None

    def filter_renderers(self, renderers, suffix):
        found = [renderer for renderer in renderers if renderer.format == suffix]
        if not found:
            offered = [renderer.format for renderer in renderers]
            message = _("“.%(format)s” is not offered here. Offered: %(offered)s.")
            raise Problem(
                "not-found",
                message % {"format": suffix, "offered": listed(f".{name}" for name in offered)},
                suggestion=nearest(suffix, offered),
            )
        return found


class Endpoint(GenericViewSet):
    """An address that is read. An app gives it `list`, `retrieve` or both, and what is below as it needs.

    In handlers `self.query` holds the checked parameters, `self.kwargs` the parts of the path, `self.language`
    the language of the answer and `self.version` its `ContentVersion`.
    """

    # What an app sets.
    path_parameters: dict[str, PathParameter] = {}
    list_parameters: dict = {}  # {name: Parameter or Family}
    detail_parameters: dict = {}
    list_formats = ()  # renderers beside JSON
    detail_formats = ()
    is_enveloped = True  # is JSON in the envelope offered?
    read_methods = ("get",)  # with "post" the parameters are taken as members of a JSON body, too
    largest_body = LARGEST_BODY
    other_methods: dict[str, str] = {}  # {"put": "receive"}: what is no reading; the handler does everything
    other_requests: dict[str, dict] = {}  # {"put": {media type: JSON Schema}}, for the description
    other_answers: dict[str, dict] = {}  # {"put": {status: JSON Schema or None}}
    throttle_scope = DEFAULT_SCOPE
    licence = "https://creativecommons.org/licenses/by/4.0/"
    max_age_seconds = 60
    step_seconds = 0  # an answer that changes by the clock alone is another one this often
    tagged_by_body = False  # the answer depends on more than published content: it is made before its ETag
    item_schema: dict | None = None  # JSON Schema of an item, where there is no serializer
    is_described_at_run_time = False  # `<address>/openapi.json` describes this very address

    # What the kernel sets.
    route = None
    version = None
    tag = ""
    raw_body = None
    swagger_fake_view = False  # drf-spectacular sets it on the views that it describes

    authentication_classes = ()
    permission_classes = ()
    throttle_classes = (NetworkThrottle,)
    parser_classes = ()
    content_negotiation_class = ReaderNegotiation
    metadata_class = None
    schema = EndpointSchema()
    http_method_names = ("get", "head", "post", "put", "patch", "delete", "options")

    def prepare(self):
        """Load what the path names, before parameters are read; raise `self.missing(name)` for what is not there."""

    def declared_parameters(self):
        """{name: Parameter or Family} of this address; also asked for the description, without a request."""
        return dict(self.detail_parameters if self.detail else self.list_parameters)

    def run_time_parameters(self):
        """{name: Parameter} that only this very address has, such as the columns of what `prepare` loaded."""
        return {}

    def body_members(self):
        """{name: member} of the JSON body of a POST; by default the parameters."""
        return self._parameters()

    def get_version(self):
        """The `ContentVersion` of this answer, or None: then it is that of all published content."""
        return None

    def twin(self, members):
        """The address at which GET answers what this POST asks; "" where there is none.

        By default the same address with the members as parameters, while each can be written as one.
        """
        if "get" not in self.read_methods:
            return ""
        return self.written_query(self.request.path, members)

    def run_time_item_schema(self):
        """JSON Schema of an item of this very address, for its own description; None: `item_schema`."""
        return None

    @classmethod
    def lookup_name(cls):
        """The part of the path that names an item; "" where items have no address."""
        if not cls.lookup_field:
            return ""
        return cls.lookup_url_kwarg or ("id" if cls.lookup_field == "pk" else cls.lookup_field)

    def missing(self, name):
        """The problem of a part of the path that names nothing."""
        value = str(self.kwargs[name])
        message = _("Nothing here has the %(name)s “%(value)s”.") % {"name": name, "value": value[:80]}
        return Problem("not-found", message, parameter=name)

    def address_of(self, name, **path):
        """The full address of a registered route: `address_of("budget-facts-list", dataset="federal")`."""
        return self.request.build_absolute_uri(reverse(f"egov_api:{name}", kwargs=path))

    def meta(self):
        """What stands in `meta` beside the counts: language and licence; an app may add to it."""
        return {"language": self.language, "licence": self.licence}

    def links(self):
        """Links that an app adds to every answer of this address: {"schema": address}."""
        return {}

    def written_query(self, path, members):
        """A path and {name: value} of a JSON body → the same as an address for GET; "" where it cannot be one."""
        declared, pairs = self.body_members(), []
        for name, value in members.items():
            if not hasattr(declared[name], "pairs"):
                return ""
            pairs += declared[name].pairs(name, value)
        if "lang" in self.request.query_params:
            pairs.append(("lang", self.language))
        address = self.request.build_absolute_uri(f"{path}?{urlencode(pairs)}" if pairs else path)
        return address if len(address) <= LONGEST_ADDRESS else ""

    # How a request is handled.

    def get_renderers(self):
        if self.action == "describe":
            return [OpenAPIRenderer()]
        extra = self.detail_formats if self.detail else self.list_formats
        return [*([EnvelopeRenderer()] if self.is_enveloped else []), *(renderer() for renderer in extra)]

    def get_exception_handler(self):
        return exception_handler

    def query_parameters(self):
        """What the query string of a GET may hold: also what every address has."""
        return self._parameters() | self.common_parameters()

    def common_parameters(self):
        """`lang`, and `bom` where there is CSV: in the query string whatever the method."""
        formats = self.detail_formats if self.detail else self.list_formats
        has_csv = any(issubclass(renderer, CSVRenderer) for renderer in formats)
        return {**({"bom": BOM} if has_csv else {}), "lang": LANGUAGE}

    def dispatch(self, request, *args, **kwargs):
        self.language = language_of(request)
        with translation.override(self.language):
            if request.method == "OPTIONS":
                return HttpResponse(status=204, headers=cors.preflight_headers(self.allowed_methods))
            response = super().dispatch(request, *args, **kwargs)
            if isinstance(response, Response):
                try:
                    response.render()
                except Exception as error:
                    problem = self.handle_exception(error)
                    response = self.finalize_response(self.request, problem, *args, **kwargs)
            if response.status_code != 200 or request.method == "POST":
                return response
            if self.tagged_by_body and not response.streaming:
                self.tag = conditional.tag_of_body(response.content)
                if conditional.is_unchanged(request, self.tag):
                    return self._not_modified(like=response)
            compression.encode(response, request, self.tag)
            return response

    def initial(self, request, *args, **kwargs):
        if request.method not in self.allowed_methods:
            self.http_method_not_allowed(request)
        super().initial(request, *args, **kwargs)
        self.prepare()
        if request.method.lower() in self.other_methods:
            return
        if self.action == "describe":
            self.query = read_query(request.query_params, {"lang": LANGUAGE})
        elif request.method == "POST":
            self.query = read_query(request.query_params, self.common_parameters())
            self.raw_body = read_body(request._request, self.largest_body)
            self.query |= read_members(self.raw_body, self.body_members())
        else:
            self.query = read_query(request.query_params, self.query_parameters())
        self.version = self.get_version()
        if self.tagged_by_body or request.method == "POST":
            return
        media_type = request.accepted_renderer.media_type
        self.tag = conditional.etag(
            request._request, media_type, self.language, self.step_seconds, self.version
        )
        if conditional.is_unchanged(request._request, self.tag):
            setattr(self, request.method.lower(), lambda *_args, **_kwargs: self._not_modified())

    def handle_exception(self, error):
        if self.raw_body is not None and isinstance(error, Problem) and error.parameter in self.raw_body:
            error = error.in_body()
        return super().handle_exception(error)

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        for name, value in {**cors.HEADERS, **getattr(request, "rate_limit_fields", {})}.items():
            response[name] = value
        patch_vary_headers(response, ["Accept", "Accept-Language"])
        response.headers.setdefault("Cache-Control", self._cache_control(request, response))
        if response.status_code in (200, 304):
            response["Content-Language"] = self.language
            if self.version and self.version.permalink and self.action in ("list", "retrieve"):
                response["Content-Location"] = self.lasting()
        return response

    def stream(self, chunks, renderer, name):
        """Chunks of bytes → the answer of a file `name`, sent while it is made."""
        content_type = renderer.media_type + (f"; charset={renderer.charset}" if renderer.charset else "")
        response = streams.answer(chunks, self.request._request, content_type, self.tag)
        response["Content-Disposition"] = content_disposition_header(True, name)
        return response

    def describe(self, request, *args, **kwargs):
        """The OpenAPI document of this very address, with what is known only at run time."""
        return Response(openapi_of(self))

    def scope(self):
        """What cursors of this list belong to: the same for all formats, by GET and by POST, and at the address of
        the version.
        """
        version = self.version.tag if self.version else ""
        address = urlsplit(self.lasting())
        query = parse_qsl(address.query, keep_blank_values=True)
        if not address.path:
            address, query = urlsplit(self.request.path), self.raw_body
        path = address.path.rstrip("/").removesuffix(f".{self.format_kwarg}")
        return cursors.Scope.of(path, self.language, query, version)

    def here(self):
        """The address of this answer by GET; "" where a query in a body has none."""
        if self.raw_body is None:
            return self.request.build_absolute_uri()
        return self.twin(self.raw_body)

    def lasting(self):
        """The address of this answer at its version, else as `here`: where somebody goes on reading."""
        here = self.here()
        if not here or not self.version or not self.version.permalink:
            return here
        suffix = f".{self.format_kwarg}" if self.format_kwarg else ""
        query = urlsplit(here).query
        return self.version.permalink.rstrip("/") + suffix + (f"?{query}" if query else "")

    def _parameters(self):
        declared = self.declared_parameters()
        return declared if self.swagger_fake_view else self.run_time_parameters() | declared

    def _cache_control(self, request, response):
        if request.method not in ("GET", "HEAD") or response.status_code not in (200, 304):
            return "no-store"
        if self.version and self.version.is_immutable:
            return f"public, max-age={IMMUTABLE_SECONDS}, immutable"
        return f"public, max-age={self.max_age_seconds}"

    def _not_modified(self, like=None):
        """304 with this answer's tag, and with the headers of the response that it stands for."""
        response = HttpResponseNotModified()
        for name, value in like.items() if like is not None else ():
            if name not in ("Content-Type", "Content-Length"):
                response[name] = value
        response["ETag"] = f'"{self.tag}"'
        return response


def language_of(request):
    """The language of an answer: `?lang=` where it names one of the site's, else Accept-Language."""
    try:
        asked = request.GET.get("lang")
    except SuspiciousOperation:  # too many parameters; the handler says so when it reads them again
        asked = None
    if asked in {code for code, _name in settings.LANGUAGES}:
        return asked
    # Of the request only what the answer's Vary field names: no cookie.
    plain = HttpRequest()
    plain.META["HTTP_ACCEPT_LANGUAGE"] = request.META.get("HTTP_ACCEPT_LANGUAGE", "")
    return translation.get_language_from_request(plain)
