"""Snapshots as schema.org: `GovernmentService` with its channels and offers, `HowTo`, `FAQPage`,
`BreadcrumbList`.

Required documents have no property in schema.org; they are `additionalProperty`. Amounts are decimal strings.
"""

from __future__ import annotations

from typing import Any

from egov_cms.language import minor_to_text
from egov_cms.services.exports.cpsv import duration

CONTEXT = "https://schema.org"
# The same for readers that must not fetch anything: words of schema.org, and which of them hold addresses.
INLINE_CONTEXT = {
    "@vocab": "https://schema.org/",
    **{name: {"@type": "@id"} for name in ("url", "serviceUrl", "item")},
}
CHANNEL_URLS = ("online", "mobile")
OUTPUT_TYPES = {"licence": "GovernmentPermit", "card": "GovernmentPermit", "certificate": "GovernmentPermit"}


def document(
    documents: list[dict], language: str, base: str, way: list[tuple[str, str]] = (), context: Any = CONTEXT
) -> dict[str, Any]:
    """Snapshots in one language → a JSON-LD document; one that lacks the language is given in its first.

    `base` is the address of the site; `way` the (title, path) of the pages above a service, home first.
    """
    graph = [node for given in documents for node in _nodes(given, language, base, way)]
    return {"@context": context, "@graph": graph}


def _nodes(given, language, base, way):
    language = language if language in given["title"] else next(iter(given["title"]), language)
    url = _absolute(given["urls"].get(language, ""), base)
    nodes = [_service(given, language, url, base)]
    if given["steps"]:
        nodes.append(_how_to(given, language, url))
    if faqs := [row for row in given["faqs"] if row["question"].get(language)]:
        nodes.append(_faq(faqs, language, url))
    if way:
        nodes.append(_breadcrumbs([*way, (best(given["title"], language), url)], url, base))
    return nodes


def _absolute(url, base):
    return base + url if url.startswith("/") or not url else url


def _breadcrumbs(way, url, base):
    items = [
        {"@type": "ListItem", "position": position, "name": name, "item": _absolute(path, base)}
        for position, (name, path) in enumerate(way, 1)
    ]
    return {"@type": "BreadcrumbList", "@id": f"{url}#way", "itemListElement": items}


def _service(given, language, url, base):
    ministry = given["ministry"] or given["unit"]
    documents = [
        {
            "@type": "PropertyValue",
            "propertyID": "requiredDocument",
            "name": best(row["document_type"]["name"], language),
            "value": row["originals"] + row["copies"],
            "description": best(row["condition"], language),
        }
        for row in given["documents"]
        if row["document_type"]
    ]
    return _filled(
        {
            "@type": "GovernmentService",
            "@id": f"{url}#service",
            "url": url,
            "identifier": given["code"],
            "name": best(given["title"], language),
            "alternateName": given["popular_names"].get(language),
            "description": best(given["summary"], language),
            "inLanguage": language,
            "category": given["category"] and best(given["category"]["name"], language),
            "serviceOperator": _organisation(given["unit"] or ministry, language, base),
            "provider": _organisation(ministry, language, base),
            "audience": [
                {"@type": "Audience", "audienceType": best(each["name"], language)}
                for each in given["audiences"]
            ],
            "areaServed": [
                {"@type": "AdministrativeArea", "name": best(each["name"], language)}
                for each in given["coverage"]
            ]
            or {"@type": "Country", "name": "IQ"},
            "termsOfService": "\n".join(
                filter(None, (best(row["text"], language) for row in given["requirements"]))
            ),
            "availableChannel": [_channel(given, row, language, url) for row in given["channels"]],
            "offers": _offers(given, language),
            "serviceOutput": [_output(row, language) for row in given["outputs"]],
            "isRelatedTo": [
                {"@type": "GovernmentService", "identifier": row["target"]}
                for row in given["relations"]
                if row["target"]
            ],
            "additionalProperty": documents,
            "dateModified": given["last_reviewed_at"],
        }
    )


def _organisation(unit, language, base):
    if not unit:
        return None
    path = unit["urls"].get(language)
    return _filled(
        {
            "@type": "GovernmentOrganization",
            "name": best(unit["name"], language),
            "url": path and _absolute(path, base),
        }
    )


def _channel(given, row, language, url):
    own = row["duration_max"] or row["duration_min"]
    time = duration(own, row["duration_unit"]) or duration(
        given["duration_max"] or given["duration_min"], given["duration_unit"]
    )
    return _filled(
        {
            "@type": "ServiceChannel",
            "name": row["kind"],
            "serviceUrl": row["url"] or (url if row["kind"] in CHANNEL_URLS else None),
            "servicePhone": row["phone"] and {"@type": "ContactPoint", "telephone": row["phone"]},
            "availableLanguage": row["languages"],
            "processingTime": time and time["@value"],
            "description": best(row["note"], language),
        }
    )


def _offers(given, language):
    if given["is_free"]:
        return [{"@type": "Offer", "price": "0", "priceCurrency": "IQD"}]
    return [
        _filled(
            {
                "@type": "Offer",
                "name": best(row["label"], language),
                "description": best(row["condition"], language),
                "priceSpecification": _filled(
                    {
                        "@type": "PriceSpecification",
                        "price": None
                        if row["amount_max_minor"]
                        else minor_to_text(row["amount_minor"], row["currency"]),
                        "minPrice": minor_to_text(row["amount_minor"], row["currency"])
                        if row["amount_max_minor"]
                        else None,
                        "maxPrice": minor_to_text(row["amount_max_minor"], row["currency"]),
                        "priceCurrency": row["currency"],
                    }
                ),
                "validFrom": row["valid_from"],
                "validThrough": row["valid_to"],
            }
        )
        for row in given["fees"]
    ]


def _output(row, language):
    kind = OUTPUT_TYPES.get(row["kind"], "Thing")
    valid = row["validity_value"] and f"P{row['validity_value']}{row['validity_unit'][:1].upper()}"
    return _filled({"@type": kind, "name": best(row["name"], language), "validFor": valid})


def _how_to(given, language, url):
    steps = []
    for position, row in enumerate(given["steps"], 1):
        template = row["template"] or {"name": {}, "text": {}}
        name = best({**template["name"], **row["title"]}, language)
        steps.append(
            _filled(
                {
                    "@type": "HowToStep",
                    "position": position,
                    "name": name,
                    "text": best({**template["text"], **row["text"]}, language) or name,
                }
            )
        )
    return {"@type": "HowTo", "@id": f"{url}#steps", "name": best(given["title"], language), "step": steps}


def _faq(rows, language, url):
    return {
        "@type": "FAQPage",
        "@id": f"{url}#faq",
        "mainEntity": [
            {
                "@type": "Question",
                "name": row["question"][language],
                "acceptedAnswer": {"@type": "Answer", "text": row["answer"].get(language, "")},
            }
            for row in rows
        ],
    }


def best(words: dict[str, str], language: str) -> str:
    """The text in this language; empty when there is none: a wrong language is not passed off as the right
    one.
    """
    return words.get(language, "")


def _filled(node):
    return {name: value for name, value in node.items() if value not in (None, "", [], {})}
