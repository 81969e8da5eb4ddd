"""Collections with items, and single documents: what most endpoints are."""

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework.generics import get_object_or_404
from rest_framework.response import Response

from egov_cms.tabular import Column, Table

from .cursors import CURSOR_PATTERN
from .endpoint import Endpoint
from .paging import DEFAULT_LIMIT, LARGEST_LIMIT, Pager, link_header
from .parameters import Parameter
from .sources import QuerysetSource


class Items(Endpoint):
    """How things become answers: the envelope with their members, a table, a document of another standard.

    An app sets `serializer_class`; or `item_schema` where items are JSON values already, or `represent` makes
    them. Where it has such formats it gives `table(rows)` -> (columns, rows) and `document(items)` -> what the
    renderer of the format takes.
    """

    def complete(self, items):
        """What items need beyond their own row, read for all of them at once; gives the items back."""
        return items

    def represent(self, items):
        """Items → the JSON values of `data`."""
        return list(items) if self.item_schema else self.get_serializer(items, many=True).data

    def table(self, rows):
        """Rows (what `Source.everything` or `Source.only` gives) → (columns, iterable of rows).

        A column is its name, or a `tabular.Column` with the number format and width of a spreadsheet.
        """
        raise NotImplementedError

    def document(self, items):
        """Items → what the renderer of a format that is no table takes."""
        raise NotImplementedError

    def file_name(self):
        """The name of a downloaded table, without its suffix."""
        return f"{self.basename}-{self.language}"

    def _answer_one(self, item, rows):
        """One item in the format that was asked for; `rows()` gives it in the form that `table` takes."""
        renderer = self.request.accepted_renderer
        if getattr(renderer, "is_table", False):
            return self._answer_table(rows())
        if getattr(renderer, "is_graph", False):
            return Response(self.document([item]))
        address, _mark, query = self.here().partition("?")
        address = address.rstrip("/").removesuffix(f".{self.format_kwarg}")
        links = {"self": self.here()} | {
            extra.format: f"{address}.{extra.format}" + (f"?{query}" if query else "")
            for extra in self.detail_formats
        }
        return self._enveloped(self.represent([item])[0], {}, links)

    def _answer_table(self, rows):
        renderer = self.request.accepted_renderer
        columns, rows = self.table(rows)
        columns = [each if isinstance(each, Column) else Column(each) for each in columns]
        table = Table(self.basename, columns, rows)
        chunks = renderer.chunks(table, language=self.language, for_excel=bool(self.query.get("bom")))
        return self.stream(chunks, renderer, f"{self.file_name()}.{renderer.format}")

    def _enveloped(self, data, meta, links):
        if self.version and self.version.permalink:
            links["permalink"] = self.lasting()
        links = {name: url for name, url in links.items() if url}
        if self.is_described_at_run_time:
            links["describedby"] = self.address_of(f"{self.basename}-openapi", **self._path())
        response = Response({"meta": meta | self.meta(), "data": data, "links": links | self.links()})
        return response

    def _path(self):
        """The parts of the path that name the collection."""
        others = ("format", self.lookup_name())
        return {name: value for name, value in self.kwargs.items() if name not in others}


class Resource(Items):
    """A collection and its items.

    Beside what `Items` has, an app sets `queryset` (or `get_queryset`) and `ordering` (columns without null, the
    last one unique), or gives `get_source` and `get_object` for what is no queryset. `lookup_field = None`: the
    collection has no addresses of its items.
    """

    ordering = ()
    lookup_value_regex = "[^/.]+"
    default_limit = DEFAULT_LIMIT
    largest_limit = LARGEST_LIMIT

    def declared_parameters(self):
        return {**({} if self.detail else self.page_parameters()), **super().declared_parameters()}

    def page_parameters(self):
        """`limit` and `cursor`."""
        return {
            "limit": Parameter(
                _(
                    "Items on a page, %(number)s if left out. "
                    "Tables hold everything unless limit or cursor is given."
                )
                % {"number": self.default_limit},
                kind="integer",
                minimum=1,
                maximum=self.largest_limit,
            ),
            "cursor": Parameter(
                _("Where a page begins: take it from links.next."),
                longest=2000,
                pattern=CURSOR_PATTERN,
                invalid="invalid-cursor",
            ),
        }

    def get_source(self):
        """The `Source` of the list that was asked for."""
        return QuerysetSource(self.get_queryset(), self.ordering)

    def get_object(self):
        """The item that the path names; raises `self.missing(name)`."""
        name = self.lookup_name()
        try:
            return get_object_or_404(self.get_queryset(), **{self.lookup_field: self.kwargs[name]})
        except Http404:
            raise self.missing(name)

    def list(self, request, *args, **kwargs):
        source, renderer = self.get_source(), request.accepted_renderer
        limit, cursor = self.query["limit"], self.query["cursor"]
        is_table = getattr(renderer, "is_table", False)
        if is_table and limit is None and cursor is None:
            return self._answer_table(source.everything())
        pager = Pager(source, limit=limit or self.default_limit, cursor=cursor, scope=self.scope())
        onward = pager.links(self.lasting())
        if is_table:
            response = self._answer_table(source.only(pager.items))
        elif getattr(renderer, "is_graph", False):
            response = Response(self.document(self.complete(pager.items)))
        else:
            meta = pager.meta() | (pager.cursor_meta() if self.raw_body is not None else {})
            data = self.represent(self.complete(pager.items))
            response = self._enveloped(data, meta, {"self": self.here(), **onward})
        if onward:
            response["Link"] = link_header(onward)
        return response

    def retrieve(self, request, *args, **kwargs):
        item = self.complete([self.get_object()])[0]
        return self._answer_one(item, lambda: self.rows_of(item))

    def rows_of(self, item):
        """One item in the form that `table` takes."""
        return QuerysetSource(self.get_queryset(), self.ordering).only([item])


class SingleResource(Items):
    """One document at an address of its own, such as the model of a data set; an app gives `get_object`."""

    lookup_field = None

    def get_object(self):
        """What the address holds; raises a `Problem` where it holds nothing."""
        raise NotImplementedError

    def retrieve(self, request, *args, **kwargs):
        item = self.get_object()
        return self._answer_one(item, lambda: [item])
