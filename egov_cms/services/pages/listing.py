"""The list of services: search text, facets with counts, one page of results. Constant number of queries.

    listing = Listing(index_page, request.GET)

Unknown values of a facet are skipped and listed in `ignored`; an invalid page number becomes the nearest valid
one. A service matches if it has any of the chosen values of each facet. The counts of a facet leave its own
choices out, so that a count is the number of results after choosing the value.
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from egov_cms.language import alphabet, resolve
from egov_cms.services.pages.catalogue import (
    Catalogue,
    catalogue_of,
    count,
    entries,
    facet_titles,
    listed,
)
from egov_cms.services.pages.facets import PATHS, services_with
from egov_cms.services.pages.presentation import Presentation
from egov_cms.services.snapshots.reading import services_of
from egov_cms.site.models import Notice

PER_PAGE = 20
MAX_QUERY_LENGTH = 300
MAX_SEARCH_RESULTS = 500
MAX_CHOSEN = 20


class Tag(NamedTuple):
    label: str
    url: str


class Letter(NamedTuple):
    letter: str
    url: str | None


class Listing:
    """The choices of a reader and the results."""

    def __init__(self, index, query):
        self.index = index
        self.locale = resolve()
        self.q = " ".join(query.get("q", "")[:MAX_QUERY_LENGTH].split())
        self.requested = {name: query.getlist(name)[:MAX_CHOSEN] for name in PATHS if query.getlist(name)}
        self.letter = query.get("letter", "")[:4]
        self.number = query.get("page", "1")

    @cached_property
    def catalogue(self) -> Catalogue:
        return catalogue_of(self.index, self.locale)

    @property
    def labels(self) -> dict[str, dict[str, str]]:
        """Facet → value → label, in display order."""
        return self.catalogue.labels

    @cached_property
    def chosen(self) -> dict[str, list[str]]:
        """The valid values that the reader chose, by facet."""
        valid = {
            name: [value for value in dict.fromkeys(values) if value in self.labels[name]]
            for name, values in self.requested.items()
        }
        return {name: values for name, values in valid.items() if values}

    @property
    def ignored(self) -> list[str]:
        """The unknown values that the reader sent."""
        return [
            value
            for name, values in self.requested.items()
            for value in values
            if value not in self.labels[name]
        ]

    @cached_property
    def search_results(self):
        """The results of the search text, best first; None without a text."""
        if not self.q:
            return None
        # A ministry may have left the app of search out.
        from egov_cms.search.finding import search

        return search(self.q, self.locale, types=["service"], per_page=MAX_SEARCH_RESULTS)

    @cached_property
    def everything(self) -> QuerySet:
        """All services listed in this language that match the search text, before facets."""
        services = listed(self.index)
        if self.search_results is not None and not self.search_results.is_available:
            # The words as they stand in a title are better than nothing.
            services = services.filter(title__icontains=self.q)
        elif self.search_results is not None:
            services = services.filter(service_code__in=[hit.id for hit in self.search_results.hits])
        return services

    def narrowed(self, except_facet: str = "") -> QuerySet:
        """The services that match every chosen facet, except the facet `except_facet`."""
        services = self.everything
        for name, values in self.chosen.items():
            if name != except_facet:
                services = services.filter(pk__in=services_with(name, values))
        return services

    @cached_property
    def counts(self) -> dict[str, Counter]:
        """Facet → value → number of services: kept for the whole catalogue, else one query for all facets."""
        if not self.chosen and self.search_results is None:
            return self.catalogue.counts
        return count(lambda name: self.narrowed(except_facet=name), self.labels)

    @property
    def groups(self) -> list[dict[str, Any]]:
        """For egov/components/facets.html: the facets that would narrow the list.

        Values without services are left out unless chosen.
        """
        groups, counts = [], self.counts
        for name, label in facet_titles():
            chosen = self.chosen.get(name, ())
            options = [
                {"value": value, "label": text, "count": counts[name][value], "checked": value in chosen}
                for value, text in self.labels[name].items()
                if counts[name][value] or value in chosen
            ]
            if chosen or len({option["count"] for option in options} - {self.page_obj.paginator.count}):
                groups.append({"name": name, "label": label, "options": options})
        return groups

    @property
    def tags(self) -> list[Tag]:
        """The active choices, each with the URL that removes it."""
        tags = []
        for name, values in self.chosen.items():
            for value in values:
                rest = [each for each in values if each != value]
                tags.append(Tag(self.labels[name][value], self.url(**{name: rest})))
        if self.q:
            tags.insert(0, Tag(f"«{self.q}»", self.url(q="")))
        if self.current_letter:
            tags.append(Tag(self.current_letter, self.url(letter="")))
        return tags

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """Hidden inputs of the filter form: the search text."""
        return [("q", self.q)] if self.q else []

    def url(self, **changes) -> str:
        """The query string of this list with changes; always the first page."""
        values = {"q": self.q, **self.chosen, "letter": self.current_letter, **changes}
        query = urlencode({name: value for name, value in values.items() if value}, doseq=True)
        return f"?{query}" if query else self.index.url

    @cached_property
    def _matches(self) -> list[tuple[int, str]]:
        """(primary key, code) of all matching services: best match first, without search text by title."""
        rows = list(self.narrowed().order_by().values_list("pk", "service_code"))
        if self.search_results is not None:
            ranks = {hit.id: rank for rank, hit in enumerate(self.search_results.hits)}
            return sorted(rows, key=lambda row: ranks.get(row[1], MAX_SEARCH_RESULTS))
        places, last = self.catalogue.places, len(self.catalogue.places)
        return sorted(rows, key=lambda row: (places.get(row[0], last), row[1]))

    @cached_property
    def current_letter(self) -> str:
        return self.letter if self.letter in alphabet(self.locale) else ""

    @property
    def letters(self) -> list[Letter]:
        """The alphabet, with URLs for the initial letters of titles. Empty with a search text."""
        if self.q:
            return []
        used = {self.catalogue.initials.get(pk) for pk, _code in self._matches}
        return [
            Letter(letter, self.url(letter=letter) if letter in used else None)
            for letter in alphabet(self.locale)
        ]

    @cached_property
    def page_obj(self) -> Page:
        """One page of matches, with `results` for the template."""
        rows = self._matches
        if self.current_letter:
            initials = self.catalogue.initials
            rows = [row for row in rows if initials.get(row[0]) == self.current_letter]
        page = Paginator(rows, PER_PAGE).get_page(self.number)
        keys = [row[0] for row in page.object_list]
        pages = {each.pk: each for each in entries(keys)}
        services = services_of(pages.values(), self.locale)
        stopped = Notice.objects.stopped_pages(each.translation_key for each in pages.values())
        page.results = [
            self._result(pages[key], Presentation(services[key], pages[key].translation_key in stopped))
            for key in keys
            if key in pages
        ]
        return page

    def _result(self, entry, presentation) -> dict[str, Any]:
        tag = presentation.status_tag or {"text": "", "kind": ""}
        return {
            "title": entry.title,
            "url": entry.url,
            "summary": self._highlights.get(entry.service_code) or entry.summary,
            "meta": presentation.meta,
            "tag": tag["text"],
            "tag_kind": tag["kind"],
        }

    @cached_property
    def _highlights(self):
        return {hit.id: hit.highlight for hit in self.search_results.hits} if self.search_results else {}

    @property
    def total(self) -> int:
        return self.page_obj.paginator.count

    @property
    def suggestion(self) -> str:
        return self.search_results.suggestion if self.search_results is not None else ""

    @property
    def is_narrowed(self) -> bool:
        return bool(self.q or self.chosen or self.current_letter)
