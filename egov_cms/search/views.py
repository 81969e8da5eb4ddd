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
    """`?q=&type=&page=` and one parameter for each facet. What is not understood is left out."""
    locale = get_language()
    query = " ".join(request.GET.get("q", "")[:LONGEST_QUERY].replace("\x00", " ").split())
    indexes = {index.type: index for index in documents.indexes()}
    type_ = request.GET.get("type", "")
    types = [type_] if type_ in indexes else []
    facets = _chosen_facets(request, indexes)
    found = search(query, locale, types, facets, _page_number(request), PER_PAGE)
    if found.has_words and found.page == 1 and not types and not facets:
        reports.count_search(query, locale, found)
    context = {
        "search_query": query,
        "found": found,
        "type": type_ if types else "",
        "tabs": _tabs(request, indexes, types, found),
        "groups": _groups(request, indexes, found, facets, locale),
        "chosen": _chosen(request, indexes, facets, types, locale),
        "clear_url": _with(request, **dict.fromkeys([*facets, "type", "page"])),
        "kinds": {index.type: index.one or index.label for index in indexes.values()},
        "suggestion_url": _with(request, q=found.suggestion, page=None),
        "start_links": [] if found.hits else _start_links(indexes, locale),
    }
    context["hits"] = [_row(hit, context["kinds"], locale) for hit in found.hits]
    context["promoted"] = [_row(hit, {}, locale) for hit in found.promoted]
    context["others"] = [_row(hit, context["kinds"], locale) for hit in found.other_languages]
    response = render(request, "egov_search/results.html", context)
    patch_cache_control(response, private=True, no_cache=True)
    return response


@require_safe
def suggestions(request):
    """`?q=` gives `{"query", "suggestions": [{"title", "url", "type"}], "status"}`."""
    query = request.GET.get("q", "")[:LONGEST_QUERY]
    kinds = {index.type: str(index.one or index.label) for index in documents.indexes()}
    hits = suggest(query, get_language())
    rows = [{"title": hit.title, "url": hit.url, "type": kinds.get(hit.type, "")} for hit in hits]
    status = ngettext("%(shown)s suggestion", "%(shown)s suggestions", len(rows))
    answer = {"query": query, "suggestions": rows, "status": status % {"shown": format_number(len(rows))}}
    response = JsonResponse(answer, json_dumps_params={"ensure_ascii": False})
    patch_cache_control(response, private=True, no_cache=True)
    return response


@require_safe
def completions(request):
    """The same as browsers want it for their own search box: `[query, [titles], [types], [addresses]]`."""
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
    """A result of the query `q` was opened: one more click is counted, and nothing else is kept."""
    reports.count_click(request.POST.get("q", "")[:LONGEST_QUERY], get_language())
    return HttpResponse(status=204)


@require_safe
def opensearch(request):
    """How browsers add this site's search to their own box."""
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


def _with(request, **changes):
    """The address of this page with some parameters changed (None takes one out)."""
    query = request.GET.copy()
    for name, value in changes.items():
        if value is None or value == []:
            query.pop(name, None)
        else:
            query.setlist(name, value if isinstance(value, list) else [value])
    return f"{request.path}?{query.urlencode()}"


def _tabs(request, indexes, types, found):
    counts = found.facet_counts.get("type", {})
    shown = [index for index in indexes.values() if counts.get(index.type) or index.type in types]
    if len(shown) < 2 and not types:
        return []
    everything = {"title": _("Everything"), "count": sum(counts.values()), "current": not types}
    everything["url"] = _with(request, type=None, page=None)
    return [everything] + [
        {
            "title": index.label,
            "count": counts.get(index.type, 0),
            "url": _with(request, type=index.type, page=None),
            "current": index.type in types,
        }
        for index in shown
    ]


def _labels(indexes, name, codes, locale):
    labels = {}
    for index in indexes.values():
        if name in index.facets and index.values and codes:
            labels.update(index.values(name, list(codes), locale))
    return labels


def _groups(request, indexes, found, facets, locale):
    """The facets with the counts of their codes, each code a link that adds or takes it away."""
    groups = []
    for name, label in _facet_labels(indexes).items():
        counts = dict(found.facet_counts.get(name, {}))
        counts.update({code: counts.get(code, 0) for code in facets.get(name, ())})
        if not counts:
            continue
        labels = _labels(indexes, name, counts, locale)
        chosen = facets.get(name, [])
        options = []
        for code, count in sorted(
            counts.items(), key=lambda pair: (-pair[1], str(labels.get(pair[0], pair[0])))
        ):
            wanted = [other for other in chosen if other != code] if code in chosen else [*chosen, code]
            options.append(
                {
                    "label": labels.get(code, code),
                    "count": count,
                    "current": code in chosen,
                    "url": _with(request, **{name: wanted, "page": None}),
                }
            )
        groups.append({"label": label, "options": options})
    return groups


def _chosen(request, indexes, facets, types, locale):
    tags = [
        {"label": index.label, "url": _with(request, type=None, page=None)}
        for index in (indexes[type_] for type_ in types)
    ]
    for name, codes in facets.items():
        labels = _labels(indexes, name, codes, locale)
        for code in codes:
            rest = [other for other in codes if other != code]
            tags.append(
                {"label": labels.get(code, code), "url": _with(request, **{name: rest, "page": None})}
            )
    return tags


def _start_links(indexes, locale):
    """Where to go when nothing was found: the lists of the weightiest things there are."""
    present = types_present(locale)
    return [
        {"title": index.label, "url": f"{reverse('egov_search')}?type={index.type}"}
        for index in indexes.values()
        if index.type in present
    ][:5]


def _row(hit, kinds, locale):
    other = hit.locale != locale
    return {
        "hit": hit,
        "kind": kinds.get(hit.type, ""),
        "title": hit.title_html or hit.title,
        "summary": hit.highlight or hit.summary,
        "lang": hit.locale if other else "",
        "dir": direction(hit.locale) if other else "",
    }
