"""A published document in the language of an answer, as the API says it."""

from __future__ import annotations

from egov_cms.language import minor_to_text
from egov_cms.services.snapshots import prerequisites


def described(snapshot, language, request):
    """A snapshot → the members of `ServiceSerializer`."""
    given = snapshot.document
    return {
        "code": given["code"],
        "title": word(given["title"], language),
        "summary": word(given["summary"], language),
        "url": address(given["urls"], language, request),
        "languages": list(given["title"]),
        "status": given["status"],
        "ministry": _unit(given["ministry"], language, request),
        "unit": _unit(given["unit"], language, request),
        "category": _name(given["category"], language),
        "audiences": [_name(each, language) for each in given["audiences"]],
        "life_events": [_name(each, language) for each in given["life_events"]],
        "governorates": [_name(each, language) for each in given["coverage"]],
        "digital_level": given["digital_level"],
        "ur_class": given["ur_class"],
        "is_free": given["is_free"],
        "fees": [_fee(given["code"], row, language) for row in given["fees"]],
        "duration": {
            "min": given["duration_min"],
            "max": given["duration_max"],
            "unit": given["duration_unit"],
        },
        "visits": given["visits"],
        "channels": sorted({row["kind"] for row in given["channels"]}),
        "last_reviewed": given["last_reviewed_at"],
        "changed_at": snapshot.changed_at.isoformat(),
    }


def detailed(snapshot, language, request):
    """A snapshot → what `ServiceDetailSerializer` adds."""
    given = snapshot.document
    code = given["code"]
    return {
        "popular_names": given["popular_names"].get(language, []),
        "requirements": [
            {
                "id": f"{code}-{row['key']}",
                "kind": row["kind"],
                "text": word(row["text"], language),
                "min_age": row["min_age"],
                "max_age": row["max_age"],
            }
            for row in given["requirements"]
        ],
        "documents": [_document(code, row, language) for row in given["documents"] if row["document_type"]],
        "needs_no_documents": given["needs_no_documents"],
        "steps": [_step(code, row, language) for row in given["steps"]],
        "channels": [
            {
                "id": f"{code}-{row['key']}",
                **{name: row[name] for name in ("kind", "url", "phone", "languages")},
            }
            for row in given["channels"]
        ],
        "outputs": [
            {
                "id": f"{code}-{row['key']}",
                "kind": row["kind"],
                "name": word(row["name"], language),
                "validity_value": row["validity_value"],
                "validity_unit": row["validity_unit"],
            }
            for row in given["outputs"]
        ],
        "laws": [
            {
                "id": row["reference"]["slug"],
                "title": word(row["reference"]["title"], language),
                "article": row["article"],
                "url": row["reference"]["url"] or None,
            }
            for row in given["legal"]
            if row["reference"]
        ],
        "faqs": [
            {"question": row["question"][language], "answer": row["answer"].get(language, "")}
            for row in given["faqs"]
            if row["question"].get(language)
        ],
        "relations": [
            {"kind": row["kind"], "service": row["target"]} for row in given["relations"] if row["target"]
        ],
        "prerequisites": [
            {"service": each.service, "documents": each.evidence}
            for each in prerequisites.of_document(given, prerequisites.graph())
        ],
        "places": [_place(row, language) for row in given["offerings"]],
        "translations": {
            code: {
                "title": given["title"].get(code),
                "summary": given["summary"].get(code),
                "url": address(given["urls"], code, request),
            }
            for code in given["title"]
        },
    }


def word(words, language):
    """The text in this language, or null: a text in another one is found under `translations`."""
    return words.get(language) or None


def address(urls, language, request):
    return request.build_absolute_uri(urls[language]) if urls.get(language) else None


def _name(record, language):
    return record and {"code": record["code"], "name": word(record["name"], language)}


def _unit(unit, language, request):
    return unit and {
        "id": unit["id"],
        "code": unit["code"],
        "name": word(unit["name"], language),
        "url": address(unit["urls"], language, request),
    }


def _fee(code, row, language):
    return {
        "id": f"{code}-{row['key']}",
        "kind": row["kind"],
        "label": word(row["label"], language),
        "amount": minor_to_text(row["amount_minor"], row["currency"]),
        "amount_max": minor_to_text(row["amount_max_minor"], row["currency"]),
        "percent": row["percent"],
        "currency": row["currency"],
        "condition": word(row["condition"], language),
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
        "note": word(row["note"], language),
    }


def _document(code, row, language):
    kind = row["document_type"]
    return {
        "id": f"{code}-{row['key']}",
        "code": kind["code"],
        "name": word(kind["name"], language),
        "originals": row["originals"],
        "copies": row["copies"],
        "condition": word(row["condition"], language),
        "alternative_group": row["alternative_group"],
        "attestation": row["attestation"],
        "issuer": kind["issuer"] and word(kind["issuer"]["name"], language),
        "issuing_service": kind["issuing_service"],
    }


def _step(code, row, language):
    template = row["template"] or {"name": {}, "text": {}}
    return {
        "id": f"{code}-{row['key']}",
        "logic": row["logic"],
        "title": word({**template["name"], **row["title"]}, language),
        "text": word({**template["text"], **row["text"]}, language),
        "actor": row["actor"],
        "channel": row["channel"],
        "is_visit": row["is_visit"],
    }
