"""Keyset paging in the envelope: `links.next`, `links.previous` and the Link header of RFC 8288."""

from django.core import signing
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from .problems import Problem

DEFAULT_LIMIT, LARGEST_LIMIT = 50, 500


class KeysetPagination(CursorPagination):
    """DRF's cursor over the resource's `ordering`, which must end in a unique column."""

    page_size = DEFAULT_LIMIT
    page_size_query_param = "limit"
    max_page_size = LARGEST_LIMIT

    def get_ordering(self, request, queryset, view):
        return view.ordering

    def decode_cursor(self, request):
        given = request.query_params.get(self.cursor_query_param)
        if given is None:
            return None
        try:
            return Cursor(*signing.loads(given, salt=request.path))
        except (signing.BadSignature, TypeError):
            raise Problem("invalid-cursor", pointer=self.cursor_query_param)

    def encode_cursor(self, cursor):
        # Signed, because the position becomes a value in the next query: nobody else may write one.
        signed = signing.dumps(list(cursor), salt=self.request.path)
        return replace_query_param(self.base_url, self.cursor_query_param, signed)

    def get_paginated_response(self, data):
        links = {"self": self.request.build_absolute_uri()}
        links |= {
            name: url
            for name, url in (("next", self.get_next_link()), ("prev", self.get_previous_link()))
            if url
        }
        header = ", ".join(f'<{url}>; rel="{name}"' for name, url in links.items() if name != "self")
        meta = {"count": len(data), "limit": self.page_size}
        response = Response({"meta": meta, "data": data, "links": links})
        if header:
            response["Link"] = header
        return response
