"""Snapshots as schema.org: `GovernmentService` with its channels and offers, `HowTo`, `FAQPage`,
`BreadcrumbList`.

schema.org has no property for required documents; they are `additionalProperty`. Amounts are decimal strings.
"""

from __future__ import annotations

from typing import Any

from egov_cms.language import minor_to_text
from egov_cms.services.exports.cpsv import duration

CONTEXT = "https://schema.org"
# The same for parsers that must not fetch the context: the vocabulary, and the properties that are URLs.
INLINE_CONTEXT = {
    "@vocab": "https://schema.org/",
    **{name: {"@type": "@id"} for name in ("url", "serviceUrl", "item")},
}
CHANNEL_URLS = ("online", "mobile")
OUTPUT_TYPES = {"licence": "GovernmentPermit", "card": "GovernmentPermit", "certificate": "GovernmentPermit"}


def document(
    documents: list[dict],
    language: str,
    base: str,
    ancestors: list[tuple[str, str]] = (),
    context: Any = CONTEXT,
) -> dict[str, Any]:
    """Snapshots in one language → a JSON-LD document; a service without that language is in its first one.

    `base` is the URL of the site; `ancestors` are (title, path) of the pages above a service, home first.
    """
    graph = [node for snapshot in documents for node in _nodes(snapshot, language, base, ancestors)]
    return {"@context": context, "@graph": graph}


def _nodes(snapshot, language, base, ancestors):
    language = language if language in snapshot["title"] else next(iter(snapshot["title"]), language)
    url = _absolute(snapshot["urls"].get(language, ""), base)
    nodes = [_service(snapshot, language, url, base)]
    if snapshot["steps"]:
        nodes.append(_how_to(snapshot, language, url))
    if faqs := [row for row in snapshot["faqs"] if row["question"].get(language)]:
        nodes.append(_faq(faqs, language, url))
    if ancestors:
        nodes.append(_breadcrumbs([*ancestors, (text_in(snapshot["title"], language), url)], url, base))
    return nodes


def _absolute(url, base):
    return base + url if url.startswith("/") or not url else url


def _breadcrumbs(ancestors, url, base):
    items = [
        {"@type": "ListItem", "position": position, "name": name, "item": _absolute(path, base)}
        for position, (name, path) in enumerate(ancestors, 1)
    ]
    return {"@type": "BreadcrumbList", "@id": f"{url}#way", "itemListElement": items}


def _service(snapshot, language, url, base):
    ministry = snapshot["ministry"] or snapshot["unit"]
    documents = [
        {
            "@type": "PropertyValue",
            "propertyID": "requiredDocument",
            "name": text_in(row["document_type"]["name"], language),
            "value": row["originals"] + row["copies"],
            "description": text_in(row["condition"], language),
        }
        for row in snapshot["documents"]
        if row["document_type"]
    ]
    return _filled(
        {
            "@type": "GovernmentService",
            "@id": f"{url}#service",
            "url": url,
            "identifier": snapshot["code"],
            "name": text_in(snapshot["title"], language),
            "alternateName": snapshot["popular_names"].get(language),
            "description": text_in(snapshot["summary"], language),
            "inLanguage": language,
            "category": snapshot["category"] and text_in(snapshot["category"]["name"], language),
            "serviceOperator": _organisation(snapshot["unit"] or ministry, language, base),
            "provider": _organisation(ministry, language, base),
            "audience": [
                {"@type": "Audience", "audienceType": text_in(each["name"], language)}
                for each in snapshot["audiences"]
            ],
            "areaServed": [
                {"@type": "AdministrativeArea", "name": text_in(each["name"], language)}
                for each in snapshot["coverage"]
            ]
            or {"@type": "Country", "name": "IQ"},
            "termsOfService": "\n".join(
                filter(None, (text_in(row["text"], language) for row in snapshot["requirements"]))
            ),
            "availableChannel": [_channel(snapshot, row, language, url) for row in snapshot["channels"]],
            "offers": _offers(snapshot, language),
            "serviceOutput": [_output(row, language) for row in snapshot["outputs"]],
            "isRelatedTo": [
                {"@type": "GovernmentService", "identifier": row["target"]}
                for row in snapshot["relations"]
                if row["target"]
            ],
            "additionalProperty": documents,
            "dateModified": snapshot["last_reviewed_at"],
        }
    )


def _organisation(unit, language, base):
    if not unit:
        return None
    path = unit["urls"].get(language)
    return _filled(
        {
            "@type": "GovernmentOrganization",
            "name": text_in(unit["name"], language),
            "url": path and _absolute(path, base),
        }
    )


def _channel(snapshot, row, language, url):
    own = row["duration_max"] or row["duration_min"]
    time = duration(own, row["duration_unit"]) or duration(
        snapshot["duration_max"] or snapshot["duration_min"], snapshot["duration_unit"]
    )
    return _filled(
        {
            "@type": "ServiceChannel",
            "name": row["kind"],
            "serviceUrl": row["url"] or (url if row["kind"] in CHANNEL_URLS else None),
            "servicePhone": row["phone"] and {"@type": "ContactPoint", "telephone": row["phone"]},
            "availableLanguage": row["languages"],
            "processingTime": time and time["@value"],
            "description": text_in(row["note"], language),
        }
    )


def _offers(snapshot, language):
    if snapshot["is_free"]:
        return [{"@type": "Offer", "price": "0", "priceCurrency": "IQD"}]
    return [
        _filled(
            {
                "@type": "Offer",
                "name": text_in(row["label"], language),
                "description": text_in(row["condition"], language),
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
        for row in snapshot["fees"]
    ]


def _output(row, language):
    kind = OUTPUT_TYPES.get(row["kind"], "Thing")
    valid = row["validity_value"] and f"P{row['validity_value']}{row['validity_unit'][:1].upper()}"
    return _filled({"@type": kind, "name": text_in(row["name"], language), "validFor": valid})


def _how_to(snapshot, language, url):
    steps = []
    for position, row in enumerate(snapshot["steps"], 1):
        template = row["template"] or {"name": {}, "text": {}}
        name = text_in({**template["name"], **row["title"]}, language)
        steps.append(
            _filled(
                {
                    "@type": "HowToStep",
                    "position": position,
                    "name": name,
                    "text": text_in({**template["text"], **row["text"]}, language) or name,
                }
            )
        )
    return {
        "@type": "HowTo",
        "@id": f"{url}#steps",
        "name": text_in(snapshot["title"], language),
        "step": steps,
    }


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


def text_in(texts: dict[str, str], language: str) -> str:
    """The text in this language; empty without one: the nodes state their language, so there is no fallback."""
    return texts.get(language, "")


def _filled(node):
    return {name: value for name, value in node.items() if value not in (None, "", [], {})}
