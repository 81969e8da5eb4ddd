"""`/api/v1/search/`: the hits of the search page, in its order, for programs."""

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from egov_cms.api.endpoint import Endpoint
from egov_cms.api.parameters import Parameter
from egov_cms.api.problems import RETRY_SECONDS, Problem
from egov_cms.api.schema import MetaSerializer
from egov_cms.search import documents
from egov_cms.search.finding import search
from egov_cms.search.views import LAST_PAGE, LONGEST_QUERY, PER_PAGE


class HitSerializer(serializers.Serializer):
    """`id` is a service code or another stable id, empty for what editors promote; `highlight` is safe HTML
    with `<mark>` around what was found, empty where only the title fits.
    """

    id = serializers.CharField(allow_blank=True)
    type = serializers.CharField()
    title = serializers.CharField()
    url = serializers.URLField()
    locale = serializers.CharField()
    summary = serializers.CharField(allow_blank=True)
    highlight = serializers.CharField(allow_blank=True)


class FacetValueSerializer(serializers.Serializer):
    value = serializers.CharField()
    label = serializers.CharField()
    count = serializers.IntegerField()


class SearchMetaSerializer(MetaSerializer):
    """`facets`: name of a parameter → its values, each counted as if nothing were chosen in that facet.
    `suggestion` is the query respelled, or empty. `other_languages` are the best hits in any other one,
    `promoted` what editors put first for this query.
    """

    query = serializers.CharField(allow_blank=True)
    total = serializers.IntegerField()
    page = serializers.IntegerField()
    pages = serializers.IntegerField()
    suggestion = serializers.CharField(allow_blank=True)
    facets = serializers.DictField(child=FacetValueSerializer(many=True))
    other_languages = HitSerializer(many=True)
    promoted = HitSerializer(many=True)


class SearchEndpoint(Endpoint):
    """Everything on the site that fits a query, best first, as the search page finds it."""

    serializer_class = HitSerializer
    meta_serializer = SearchMetaSerializer
    # Synonyms and texts of attachments change the results although nothing is published.
    tagged_by_body = True

    @cached_property
    def indexes(self):
        return {index.type: index for index in documents.indexes()}

    @cached_property
    def facet_labels(self):
        return {name: label for index in self.indexes.values() for name, label in index.facets.items()}

    @property
    def list_parameters(self):
        description = _("Narrow by %(name)s: a value out of meta.facets.")
        return {
            "q": Parameter(
                _("What to look for, in any words."), shortest=0, longest=LONGEST_QUERY, default=""
            ),
            "type": Parameter(_("Kind of thing."), choices=tuple(self.indexes)),
            "page": Parameter(
                _("Number of the page."), kind="integer", minimum=1, maximum=LAST_PAGE, default=1
            ),
            **{
                name: Parameter(description % {"name": label}, many=True)
                for name, label in self.facet_labels.items()
            },
        }

    def list(self, request, *args, **kwargs):
        chosen = {name: self.query[name] for name in self.facet_labels if self.query[name]}
        types = [self.query["type"]] if self.query["type"] else []
        text = " ".join(self.query["q"].split())
        results = search(text, self.language, types, chosen, self.query["page"], PER_PAGE)
        if not results.is_available:
            raise Problem("unavailable", wait=RETRY_SECONDS)
        # A page after the last one is empty, so that a client that increments the number knows when to stop.
        hits = results.hits if results.page == self.query["page"] else []
        meta = {
            "query": text,
            "count": len(hits),
            "limit": PER_PAGE,
            "total": results.total,
            "page": self.query["page"],
            "pages": min(results.pages, LAST_PAGE),
            "suggestion": results.suggestion,
            "facets": {name: self._values(name, counts) for name, counts in results.facet_counts.items()},
            "other_languages": [self._hit(hit) for hit in results.other_languages],
            "promoted": [self._hit(hit) for hit in results.promoted],
        }
        data = [self._hit(hit) for hit in hits]
        links = self._links(meta["pages"])
        response = Response({"meta": meta | self.meta(), "data": data, "links": links})
        if header := ", ".join(f'<{url}>; rel="{name}"' for name, url in links.items() if name != "self"):
            response["Link"] = header
        return response

    def _links(self, pages):
        here, page = self.request.build_absolute_uri(), self.query["page"]
        links = {"self": here}
        if page < pages:
            links["next"] = replace_query_param(here, "page", page + 1)
        if page > 1 and pages:
            links["prev"] = replace_query_param(here, "page", min(page - 1, pages))
        return links

    def _hit(self, hit):
        return {
            "id": hit.id,
            "type": hit.type,
            "title": hit.title,
            "url": self.request.build_absolute_uri(hit.url),
            "locale": hit.locale,
            "summary": hit.summary,
            "highlight": hit.highlight,
        }

    def _values(self, name, counts):
        labels = {}
        for index in self.indexes.values():
            if name == "type":
                labels[index.type] = index.label
            elif name in index.facets and index.value_labels and counts:
                labels.update(index.value_labels(name, list(counts), self.language))
        ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        return [
            {"value": value, "label": str(labels.get(value, value)), "count": count}
            for value, count in ordered
        ]
