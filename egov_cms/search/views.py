"""The search page, suggestions while typing, the count of opened results, and the OpenSearch description."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from egov_cms.language import direction, format_number
from egov_cms.search import documents, reports
from egov_cms.search.finding import search, suggest, types_present

PER_PAGE = 10
LONGEST_QUERY = 200
LAST_PAGE = 50
MOST_CODES = 20


@require_safe
def results(request):
    """`?q=&type=&page=` and one parameter for each facet. Invalid values are ignored."""
    locale = get_language()
    query = " ".join(request.GET.get("q", "")[:LONGEST_QUERY].replace("\x00", " ").split())
    indexes = {index.type: index for index in documents.indexes()}
    type_ = request.GET.get("type", "")
    types = [type_] if type_ in indexes else []
    facets = _chosen_facets(request, indexes)
    search_results = search(query, locale, types, facets, _page_number(request), PER_PAGE)
    if (
        search_results.is_available
        and search_results.has_words
        and search_results.page == 1
        and not types
        and not facets
    ):
        reports.count_search(query, locale, search_results)
    context = {
        "search_query": query,
        "results": search_results,
        "type": type_ if types else "",
        "tabs": _tabs(request, indexes, types, search_results),
        "groups": _groups(request, indexes, search_results, facets, locale),
        "chosen": _chosen(request, indexes, facets, types, locale),
        "clear_url": _url_with(request, **dict.fromkeys([*facets, "type", "page"])),
        "kinds": {index.type: index.singular or index.label for index in indexes.values()},
        "suggestion_url": _url_with(request, q=search_results.suggestion, page=None),
        "start_links": [] if search_results.hits else _start_links(indexes, locale),
    }
    context["hits"] = [_row(hit, context["kinds"], locale) for hit in search_results.hits]
    recommended = {"tag": _("Recommended"), "tag_kind": "info"}
    context["promoted"] = [_row(hit, {}, locale) | recommended for hit in search_results.promoted]
    context["others"] = [_row(hit, context["kinds"], locale) for hit in search_results.other_languages]
    response = render(request, "egov_search/results.html", context)
    patch_cache_control(response, private=True, no_cache=True)
    return response


@require_safe
def suggestions(request):
    """Returns `{"query", "suggestions": [{"title", "url", "type"}], "status"}` for `?q=`."""
    query = request.GET.get("q", "")[:LONGEST_QUERY]
    kinds = {index.type: str(index.singular or index.label) for index in documents.indexes()}
    hits = suggest(query, get_language())
    rows = [{"title": hit.title, "url": hit.url, "type": kinds.get(hit.type, "")} for hit in hits]
    status = ngettext("%(shown)s suggestion", "%(shown)s suggestions", len(rows))
    answer = {"query": query, "suggestions": rows, "status": status % {"shown": format_number(len(rows))}}
    response = JsonResponse(answer, json_dumps_params={"ensure_ascii": False})
    patch_cache_control(response, private=True, no_cache=True)
    return response


@require_safe
def completions(request):
    """Suggestions in the OpenSearch format for the browser's search box: `[query, [titles], [types], [addresses]]`."""
    query = request.GET.get("q", "")[:LONGEST_QUERY]
    hits = suggest(query, get_language())
    urls = [request.build_absolute_uri(hit.url) for hit in hits]
    response = JsonResponse(
        [query, [hit.title for hit in hits], [""] * len(hits), urls],
        safe=False,
        content_type="application/x-suggestions+json",
    )
    patch_cache_control(response, private=True, no_cache=True)
    return response


@csrf_exempt
@require_POST
def opened(request):
    """Count one click for the query `q`. Nothing else is stored."""
    reports.count_click(request.POST.get("q", "")[:LONGEST_QUERY], get_language())
    return HttpResponse(status=204)


@require_safe
def opensearch(request):
    """The OpenSearch description, with which browsers add this site's search to their own search box."""
    context = {
        "results_url": request.build_absolute_uri(reverse("egov_search")),
        "suggest_url": request.build_absolute_uri(reverse("egov_search_completions")),
        "language": get_language(),
    }
    return render(
        request,
        "egov_search/opensearch.xml",
        context,
        content_type="application/opensearchdescription+xml; charset=utf-8",
    )


def _page_number(request):
    text = request.GET.get("page", "1")
    return min(int(text), LAST_PAGE) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def _facet_labels(indexes):
    return {name: label for index in indexes.values() for name, label in index.facets.items()}


def _chosen_facets(request, indexes):
    chosen = {}
    for name in _facet_labels(indexes):
        codes = [
            code
            for code in dict.fromkeys(request.GET.getlist(name))
            if 0 < len(code) <= 120 and "\x00" not in code
        ]
        if codes:
            chosen[name] = codes[:MOST_CODES]
    return chosen


def _url_with(request, **changes):
    """The URL of this page with some parameters changed (None removes one)."""
    query = request.GET.copy()
    for name, value in changes.items():
        if value is None or value == []:
            query.pop(name, None)
        else:
            query.setlist(name, value if isinstance(value, list) else [value])
    return f"{request.path}?{query.urlencode()}"


def _tabs(request, indexes, types, search_results):
    counts = search_results.facet_counts.get("type", {})
    shown = [index for index in indexes.values() if counts.get(index.type) or index.type in types]
    if len(shown) < 2 and not types:
        return []
    everything = {"title": _("Everything"), "count": sum(counts.values()), "current": not types}
    everything["url"] = _url_with(request, type=None, page=None)
    return [everything] + [
        {
            "title": index.label,
            "count": counts.get(index.type, 0),
            "url": _url_with(request, type=index.type, page=None),
            "current": index.type in types,
        }
        for index in shown
    ]


def _labels(indexes, name, codes, locale):
    labels = {}
    for index in indexes.values():
        if name in index.facets and index.value_labels and codes:
            labels.update(index.value_labels(name, list(codes), locale))
    return labels


def _groups(request, indexes, search_results, facets, locale):
    """The facets with the counts of their codes; each code is a link that adds or removes this filter."""
    groups = []
    for name, label in _facet_labels(indexes).items():
        counts = dict(search_results.facet_counts.get(name, {}))
        counts.update({code: counts.get(code, 0) for code in facets.get(name, ())})
        if not counts:
            continue
        labels = _labels(indexes, name, counts, locale)
        chosen = facets.get(name, [])
        options = []
        for code, count in sorted(
            counts.items(), key=lambda pair: (-pair[1], str(labels.get(pair[0], pair[0])))
        ):
            toggled = [other for other in chosen if other != code] if code in chosen else [*chosen, code]
            options.append(
                {
                    "label": labels.get(code, code),
                    "count": count,
                    "current": code in chosen,
                    "url": _url_with(request, **{name: toggled, "page": None}),
                }
            )
        groups.append({"label": label, "options": options})
    return groups


def _chosen(request, indexes, facets, types, locale):
    tags = [
        {"label": index.label, "url": _url_with(request, type=None, page=None)}
        for index in (indexes[type_] for type_ in types)
    ]
    for name, codes in facets.items():
        labels = _labels(indexes, name, codes, locale)
        for code in codes:
            rest = [other for other in codes if other != code]
            tags.append(
                {"label": labels.get(code, code), "url": _url_with(request, **{name: rest, "page": None})}
            )
    return tags


def _start_links(indexes, locale):
    """Links for a page without hits: the lists of the types with the highest weight."""
    present = types_present(locale)
    return [
        {"title": index.label, "url": f"{reverse('egov_search')}?type={index.type}"}
        for index in indexes.values()
        if index.type in present
    ][:5]


def _row(hit, kinds, locale):
    other = hit.locale != locale
    return {
        "url": hit.url,
        "kind": kinds.get(hit.type, ""),
        "title": hit.title_html or hit.title,
        "summary": hit.highlight or hit.summary,
        "lang": hit.locale if other else "",
        "dir": direction(hit.locale) if other else "",
    }


def _facet_names():
    return list(_facet_labels({index.type: index for index in documents.indexes()}))


# What each address reads of the query string (`egov_cms.site.query_parameters`, a room above this one).
results.query_parameters = ("q", "type", "page", _facet_names)
suggestions.query_parameters = completions.query_parameters = ("q",)
