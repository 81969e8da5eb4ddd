"""Snapshots as linked data: CPSV-AP 3.2.0 in JSON-LD (a dict), which the API also writes as Turtle.

Rules that the SHACL shapes of the profile check although its text omits them: a ministry is also an
`org:Organization` (Channel.ownedBy, Cost.isDefinedBy), a life event also a `cv:Event` (isGroupedBy), texts
have a language tag, `hasValue` is an explicit `xsd:double`, there is one `processingTime`, and every concept,
language, currency and place has its type in the same graph.
"""

from __future__ import annotations

from typing import Any

from egov_cms.language import minor_to_text
from egov_cms.services.exports.codes import KIND
from egov_cms.services.snapshots import prerequisites
from egov_cms.site import public_codes

CONTEXT = {
    "adms": "http://www.w3.org/ns/adms#",
    "cpsv": "http://purl.org/vocab/cpsv#",
    "cv": "http://data.europa.eu/m8g/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "org": "http://www.w3.org/ns/org#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
NAMESPACE = "https://egov-cms.org/ns/services#"
EURO_LANGUAGE = "http://publications.europa.eu/resource/authority/language/"
EURO_LANGUAGES = {"ar": EURO_LANGUAGE + "ARA", "en": EURO_LANGUAGE + "ENG"}
CURRENCY = "http://publications.europa.eu/resource/authority/currency/"


def document(snapshots: list[dict], base: str) -> dict[str, Any]:
    """Snapshot documents → one JSON-LD document. `base`: URL of the site without a slash at the end."""
    graph = _Graph(base, {snapshot["code"]: snapshot for snapshot in snapshots})
    for snapshot in snapshots:
        graph.service(snapshot)
    return {"@context": {**CONTEXT, "egov": NAMESPACE}, "@graph": list(graph.nodes.values())}


class _Graph:
    """Nodes by URI; each is added once, however many nodes refer to it."""

    def __init__(self, base, snapshots):
        self.base = base
        self.codes = set(snapshots)
        self.prerequisites = prerequisites.graph_of(snapshots.values())
        self.nodes: dict[str, dict] = {}

    def uri(self, *parts) -> str:
        return f"{self.base}/id/" + "/".join(str(part) for part in parts)

    def service_uri(self, code, *part) -> str:
        """The permanent address of a service, or of a part of it: its fragment."""
        uri = self.base + public_codes.address(KIND, code)
        return uri + "#" + "-".join(part) if part else uri

    def add(self, uri, kind, **values) -> dict[str, str]:
        """Add a node unless it exists; returns a reference to it. Empty values are left out."""
        if uri not in self.nodes:
            properties = {
                name.replace("_", ":", 1): value
                for name, value in values.items()
                if value not in (None, [], {})
            }
            self.nodes[uri] = {"@id": uri, "@type": kind, **properties}
        return {"@id": uri}

    def concept(self, scheme, code, label=None) -> dict[str, str]:
        return self.add(
            self.uri("concept", scheme, code),
            "skos:Concept",
            skos_notation=str(code),
            skos_prefLabel=literals(label) if label else None,
        )

    def service(self, snapshot):
        code = snapshot["code"]
        uri = self.service_uri(code)
        authority = self.organisation(snapshot["ministry"] or snapshot["unit"])
        unit = self.organisation(snapshot["unit"]) if snapshot["unit"] else authority
        channels = {row["key"]: self.channel(code, row, unit) for row in snapshot["channels"]}
        self.nodes[uri] = {
            name: value
            for name, value in {
                "@id": uri,
                "@type": "cpsv:PublicService",
                "dct:identifier": code,
                "dct:title": literals(snapshot["title"]),
                "dct:description": literals(snapshot["summary"] or snapshot["title"]),
                "dcat:keyword": [
                    {"@value": name, "@language": language}
                    for language, names in snapshot["popular_names"].items()
                    for name in names
                ],
                "dct:language": [self.language(code) for code in snapshot["title"]],
                "cv:hasCompetentAuthority": authority,
                "cv:hasParticipation": [
                    self.participation(code, row) for row in snapshot["participants"] if row["unit"]
                ],
                "cv:thematicArea": [
                    self.concept("category", each["code"], each["name"])
                    for each in _one(snapshot["category"])
                ],
                "dct:audience": [
                    self.concept("audience", each["code"], each["name"]) for each in snapshot["audiences"]
                ],
                "cv:isGroupedBy": [self.event(each) for each in snapshot["life_events"]],
                "dct:spatial": [self.place(each) for each in snapshot["coverage"]] or [self.country()],
                "adms:status": self.concept("status", snapshot["status"]),
                "cv:isClassifiedBy": [
                    self.concept("digital-level", snapshot["digital_level"]),
                    *(self.concept("ur-class", each) for each in _one(snapshot["ur_class"])),
                ],
                "cv:processingTime": duration(
                    snapshot["duration_max"] or snapshot["duration_min"], snapshot["duration_unit"]
                ),
                "egov:durationMin": snapshot["duration_min"],
                "egov:durationMax": snapshot["duration_max"],
                "egov:durationUnit": snapshot["duration_unit"] or None,
                "egov:visits": snapshot["visits"],
                "egov:signatures": snapshot["signatures"],
                "egov:proxyAllowed": snapshot["proxy_allowed"] or None,
                "cv:hasChannel": list(channels.values()),
                "cv:hasCost": self.costs(code, snapshot, channels, authority),
                "cv:holdsRequirement": [self.requirement(code, row) for row in snapshot["requirements"]],
                "cpsv:hasInput": [
                    self.evidence(code, row) for row in snapshot["documents"] if row["document_type"]
                ],
                "cv:hasInputType": [
                    self.evidence_type(row["document_type"])
                    for row in snapshot["documents"]
                    if row["document_type"]
                ],
                "cpsv:follows": [self.rule(code, row) for row in snapshot["steps"]],
                "cpsv:produces": [self.output(code, row) for row in snapshot["outputs"]],
                "cv:hasLegalResource": [
                    self.law(row["reference"]) for row in snapshot["legal"] if row["reference"]
                ],
                "dct:requires": [
                    {"@id": self.service_uri(each.service)}
                    for each in prerequisites.of_document(snapshot, self.prerequisites)
                    if each.service in self.codes
                ],
                "cv:relatedService": self.related(snapshot, "related", "next"),
                "dct:modified": snapshot["last_reviewed_at"] and typed(snapshot["last_reviewed_at"], "date"),
                "foaf:page": [
                    {"@id": self.base + path} for path in snapshot["urls"].values() if path.startswith("/")
                ]
                + [{"@id": path} for path in snapshot["urls"].values() if not path.startswith("/")],
            }.items()
            if value not in (None, [], {}, "")
        }

    def organisation(self, unit) -> dict[str, str]:
        return self.add(
            self.uri("units", unit["code"] or unit["id"]),
            ["cv:PublicOrganisation", "org:Organization", "foaf:Agent"],
            dct_identifier=unit["code"] or unit["id"],
            dct_title=literals(unit["name"]),
            skos_prefLabel=literals(unit["name"]),
            dct_spatial=self.country(),
        )

    def country(self) -> dict[str, str]:
        return self.add(self.uri("places", "IQ"), "dct:Location", dct_identifier="IQ")

    def place(self, governorate) -> dict[str, str]:
        return self.add(
            self.uri("places", governorate["code"]),
            "dct:Location",
            dct_identifier=governorate["iso"] or governorate["code"],
            skos_prefLabel=literals(governorate["name"]),
        )

    def language(self, code) -> dict[str, str]:
        uri = EURO_LANGUAGES.get(code) or self.uri("languages", code)
        return self.add(uri, "dct:LinguisticSystem", dct_identifier=code)

    def event(self, event) -> dict[str, str]:
        kind = "cv:BusinessEvent" if event.get("kind") == "business" else "cv:LifeEvent"
        return self.add(
            self.uri("events", event["code"]),
            [kind, "cv:Event"],
            dct_identifier=event["code"],
            dct_title=literals(event["name"]),
        )

    def channel(self, code, row, owner) -> dict[str, str]:
        return self.add(
            self.service_uri(code, "channels", row["key"]),
            "cv:Channel",
            dct_identifier=f"{code}-{row['key']}",
            dct_type=self.concept("channel", row["kind"]),
            dct_description=literals(row["note"]),
            cv_ownedBy=owner,
            cv_processingTime=duration(row["duration_max"] or row["duration_min"], row["duration_unit"]),
            foaf_page={"@id": row["url"]} if row["url"] else None,
        )

    def costs(self, code, snapshot, channels, authority) -> list[dict[str, str]]:
        if snapshot["is_free"]:
            return [self.cost(code, "F0", "0", "IQD", authority)]
        by_kind = {row["kind"]: channels[row["key"]] for row in snapshot["channels"]}
        return [
            self.cost(
                code,
                row["key"],
                minor_to_text(row["amount_max_minor"] or row["amount_minor"], row["currency"]),
                row["currency"],
                authority,
                dct_description=literals(row["label"]),
                cv_ifAccessedThrough=by_kind.get(row["channel"]),
                egov_kind=row["kind"],
                egov_percent=typed(row["percent"], "decimal") if row["percent"] is not None else None,
                egov_lowestValue=typed(minor_to_text(row["amount_minor"], row["currency"]), "decimal")
                if row["amount_max_minor"]
                else None,
            )
            for row in snapshot["fees"]
        ]

    def cost(self, code, key, amount, currency, authority, **more) -> dict[str, str]:
        return self.add(
            self.uri("services", code, "costs", key),
            "cv:Cost",
            dct_identifier=f"{code}-{key}",
            cv_hasValue=typed(amount, "double") if amount is not None else None,
            cv_currency=self.add(CURRENCY + currency, "skos:Concept", skos_notation=currency),
            cv_isDefinedBy=authority,
            **more,
        )

    def requirement(self, code, row) -> dict[str, str]:
        return self.add(
            self.service_uri(code, "requirements", row["key"]),
            "cv:Requirement",
            dct_identifier=f"{code}-{row['key']}",
            dct_title=literals(row["text"]) or [{"@value": f"{code}-{row['key']}", "@language": "en"}],
            dct_type=self.concept("requirement", row["kind"]),
            egov_minAge=row["min_age"],
            egov_maxAge=row["max_age"],
        )

    def evidence(self, code, row) -> dict[str, str]:
        kind = row["document_type"]
        return self.add(
            self.service_uri(code, "evidence", row["key"]),
            "cv:Evidence",
            dct_identifier=f"{code}-{row['key']}",
            dct_title=literals(kind["name"]),
            dct_description=literals(row["condition"]),
            dct_conformsTo=self.evidence_type(kind),
            egov_originals=row["originals"],
            egov_copies=row["copies"],
            egov_alternativeGroup=row["alternative_group"] or None,
        )

    def evidence_type(self, kind) -> dict[str, str]:
        return self.add(
            self.uri("document-types", kind["code"]),
            "cv:EvidenceType",
            dct_identifier=kind["code"],
            dct_title=literals(kind["name"]),
        )

    def rule(self, code, row) -> dict[str, str]:
        template = row["template"] or {"name": {}, "text": {}}
        title = {**template["name"], **row["title"]}
        text = {**title, **template["text"], **row["text"]}
        return self.add(
            self.service_uri(code, "rules", row["key"]),
            "cpsv:Rule",
            dct_identifier=f"{code}-{row['key']}",
            dct_title=literals(title),
            dct_description=literals(text),
        )

    def output(self, code, row) -> dict[str, str]:
        return self.add(
            self.service_uri(code, "outputs", row["key"]),
            "cv:Output",
            dct_identifier=f"{code}-{row['key']}",
            dct_title=literals(row["name"]) or [{"@value": row["kind"], "@language": "en"}],
            dct_type=self.concept("output", row["kind"]),
        )

    def law(self, law) -> dict[str, str]:
        return self.add(
            self.uri("legislation", law["slug"]),
            "eli:LegalResource",
            dct_identifier=law["slug"],
            dct_title=literals(law["title"]),
            foaf_page={"@id": law["url"]} if law["url"] else None,
        )

    def participation(self, code, row) -> dict[str, str]:
        name = row["unit"]["name"]
        return self.add(
            self.service_uri(code, "participations", row["key"]),
            "cv:Participation",
            dct_identifier=f"{code}-{row['key']}",
            dct_description=literals(name),
            cv_role=self.concept("participation-role", row["role"]),
            cv_hasParticipant=self.organisation(row["unit"]),
        )

    def related(self, snapshot, *kinds) -> list[dict[str, str]]:
        """References only to services in this document: the class check of SHACL needs their type in the same graph."""
        return [
            {"@id": self.service_uri(row["target"])}
            for row in snapshot["relations"]
            if row["kind"] in kinds and row["target"] in self.codes
        ]


def literals(texts: dict[str, str]) -> list[dict[str, str]]:
    """{language: text} → language-tagged literals, in the order of the dict."""
    return [{"@value": text, "@language": language} for language, text in texts.items() if text]


def typed(value, kind) -> dict[str, str]:
    return {"@value": str(value), "@type": f"xsd:{kind}"}


def duration(amount, unit) -> dict[str, str] | None:
    """The longest time as xsd:duration; working days are converted to calendar days, rounded up."""
    if not amount or not unit:
        return None
    if unit == "working_day":
        text = f"P{int(-(-amount * 7 // 5))}D"
    else:
        text = {"minute": f"PT{amount}M", "hour": f"PT{amount}H", "month": f"P{amount}M"}[unit]
    return typed(text, "duration")


def _one(value) -> list:
    return [value] if value else []
