"""A published document as members of the API, in the language of the response."""

from __future__ import annotations

from egov_cms.language import minor_to_text
from egov_cms.services.snapshots import prerequisites


def described(snapshot, language, request):
    """A snapshot → the members of `ServiceSerializer`."""
    document = snapshot.document
    return {
        "code": document["code"],
        "title": text_in(document["title"], language),
        "summary": text_in(document["summary"], language),
        "url": address(document["urls"], language, request),
        "languages": list(document["title"]),
        "status": document["status"],
        "ministry": _unit(document["ministry"], language, request),
        "unit": _unit(document["unit"], language, request),
        "category": _name(document["category"], language),
        "audiences": [_name(each, language) for each in document["audiences"]],
        "life_events": [_name(each, language) for each in document["life_events"]],
        "governorates": [_name(each, language) for each in document["coverage"]],
        "digital_level": document["digital_level"],
        "ur_class": document["ur_class"],
        "is_free": document["is_free"],
        "fees": [_fee(document["code"], row, language) for row in document["fees"]],
        "duration": {
            "min": document["duration_min"],
            "max": document["duration_max"],
            "unit": document["duration_unit"],
        },
        "visits": document["visits"],
        "channels": sorted({row["kind"] for row in document["channels"]}),
        "last_reviewed": document["last_reviewed_at"],
        "changed_at": snapshot.changed_at.isoformat(),
    }


def detailed(snapshot, language, request):
    """A snapshot → what `ServiceDetailSerializer` adds."""
    document = snapshot.document
    code = document["code"]
    return {
        "popular_names": document["popular_names"].get(language, []),
        "requirements": [
            {
                "id": f"{code}-{row['key']}",
                "kind": row["kind"],
                "text": text_in(row["text"], language),
                "min_age": row["min_age"],
                "max_age": row["max_age"],
            }
            for row in document["requirements"]
        ],
        "documents": [
            _document(code, row, language) for row in document["documents"] if row["document_type"]
        ],
        "needs_no_documents": document["needs_no_documents"],
        "steps": [_step(code, row, language) for row in document["steps"]],
        "channels": [
            {
                "id": f"{code}-{row['key']}",
                **{name: row[name] for name in ("kind", "url", "phone", "languages")},
            }
            for row in document["channels"]
        ],
        "outputs": [
            {
                "id": f"{code}-{row['key']}",
                "kind": row["kind"],
                "name": text_in(row["name"], language),
                "validity_value": row["validity_value"],
                "validity_unit": row["validity_unit"],
            }
            for row in document["outputs"]
        ],
        "laws": [
            {
                "id": row["reference"]["slug"],
                "title": text_in(row["reference"]["title"], language),
                "article": row["article"],
                "url": row["reference"]["url"] or None,
            }
            for row in document["legal"]
            if row["reference"]
        ],
        "faqs": [
            {"question": row["question"][language], "answer": row["answer"].get(language, "")}
            for row in document["faqs"]
            if row["question"].get(language)
        ],
        "relations": [
            {"kind": row["kind"], "service": row["target"]} for row in document["relations"] if row["target"]
        ],
        "prerequisites": [
            {"service": each.service, "documents": each.evidence}
            for each in prerequisites.of_document(document, prerequisites.graph())
        ],
        "places": [_place(row, language) for row in document["offerings"]],
        "translations": {
            code: {
                "title": document["title"].get(code),
                "summary": document["summary"].get(code),
                "url": address(document["urls"], code, request),
            }
            for code in document["title"]
        },
    }


def text_in(texts, language):
    """The text in this language, or None; texts in other languages are in `translations`."""
    return texts.get(language) or None


def address(urls, language, request):
    return request.build_absolute_uri(urls[language]) if urls.get(language) else None


def _name(record, language):
    return record and {"code": record["code"], "name": text_in(record["name"], language)}


def _unit(unit, language, request):
    return unit and {
        "id": unit["id"],
        "code": unit["code"],
        "name": text_in(unit["name"], language),
        "url": address(unit["urls"], language, request),
    }


def _fee(code, row, language):
    return {
        "id": f"{code}-{row['key']}",
        "kind": row["kind"],
        "label": text_in(row["label"], language),
        "amount": minor_to_text(row["amount_minor"], row["currency"]),
        "amount_max": minor_to_text(row["amount_max_minor"], row["currency"]),
        "percent": row["percent"],
        "currency": row["currency"],
        "condition": text_in(row["condition"], language),
        "law": row["legal"] and row["legal"]["slug"],
        "valid_from": row["valid_from"],
        "valid_to": row["valid_to"],
    }


def _place(row, language):
    times = {name: row[f"duration_{name}"] for name in ("min", "max", "unit")}
    return {
        "governorate": row["governorate"] and row["governorate"]["code"],
        "office": row["office"] and row["office"]["slug"],
        "fee": minor_to_text(row["fee_minor"], "IQD"),
        "currency": "IQD",
        "duration": times if times["unit"] else None,
        "note": text_in(row["note"], language),
    }


def _document(code, row, language):
    kind = row["document_type"]
    return {
        "id": f"{code}-{row['key']}",
        "code": kind["code"],
        "name": text_in(kind["name"], language),
        "originals": row["originals"],
        "copies": row["copies"],
        "condition": text_in(row["condition"], language),
        "alternative_group": row["alternative_group"],
        "attestation": row["attestation"],
        "issuer": kind["issuer"] and text_in(kind["issuer"]["name"], language),
        "issuing_service": kind["issuing_service"],
    }


def _step(code, row, language):
    template = row["template"] or {"name": {}, "text": {}}
    return {
        "id": f"{code}-{row['key']}",
        "logic": row["logic"],
        "title": text_in({**template["name"], **row["title"]}, language),
        "text": text_in({**template["text"], **row["text"]}, language),
        "actor": row["actor"],
        "channel": row["channel"],
        "is_visit": row["is_visit"],
    }
