"""The rows of one service in the YAML form: documents, fees, steps, channels and the rest."""

from __future__ import annotations

from django.utils.translation import gettext as _

from egov_cms.services import choices
from egov_cms.services.importing.plain import FROM_TEMPLATE, PlainRow
from egov_cms.services.importing.yaml_laws import one_law, read_law
from egov_cms.services.models.rows import CURRENCIES, ROW_KEY, TAG
from egov_cms.tabular import InvalidValue, values

VALIDITY = {"validity_years": "year", "validity_months": "month", "validity_days": "day"}


def read_rows(reader, entry):
    """Fill `reader.service.rows` from `entry`. A relation that the file does not mention stays untouched."""
    rows, facts = reader.service.rows, reader.service.facts
    for name, read in (
        ("requirements", _requirements),
        ("documents", _documents),
        ("fees", _fees),
        ("steps", _steps),
        ("channels", _channels),
        ("offerings", _offerings),
        ("outputs", _outputs),
        ("legal", _legal),
        ("faqs", _faqs),
        ("relations", _relations),
    ):
        found = read(reader, entry)
        if found is not None:
            rows[name] = _with_keys(reader, name, found)
    # An empty list is an answer: nothing to bring, nothing to pay.
    if "documents" in rows:
        facts["needs_no_documents"] = not rows["documents"]
    if "fees" in rows:
        facts["is_free"] = not rows["fees"]


def _with_keys(reader, relation, found):
    """Refuse a key given twice and one that is no key."""
    seen = set()
    for row in found:
        if not ROW_KEY.regex.match(row.key):
            problem = InvalidValue(_("“%(key)s” is not a row key.") % {"key": row.key}, "row_key", row.key)
            reader.refuse(f"{relation}.key", problem)
        if row.key in seen:
            problem = InvalidValue(_("The row “%(key)s” is given twice.") % {"key": row.key}, "duplicate")
            reader.refuse(f"{relation}.{row.key}", problem)
        seen.add(row.key)
    return found


def _free_key(wanted, taken):
    key, number = wanted, 2
    while key in taken:
        key, number = f"{wanted}-{number}", number + 1
    return key


def _key(reader, row, field, usual, found):
    """The key that the file gives, else the usual one made free."""
    given = reader.take(row, "key", f"{field}.key", values.text, 40)
    return given or _free_key(usual, {each.key for each in found})


def _case(reader, row, field, facts):
    """Condition words (`if_ar` …) and the case tag; either makes the row conditional."""
    facts["case_tag"] = reader.take(row, "case", f"{field}.case", values.text, 40, default="")
    if facts["case_tag"] and not TAG.regex.match(facts["case_tag"]):
        problem = InvalidValue(TAG.message, "tag", facts["case_tag"])
        reader.refuse(f"{field}.case", problem)
    condition = reader.words(row, f"{field}.condition", "if_")
    facts["conditional"] = bool(condition or facts["case_tag"])
    _tell_missing(reader, f"{field}.condition", condition)
    return condition


def _tell_missing(reader, field, words):
    missing = [code for code in reader.languages if words and code not in words]
    if missing:
        message = _("Not written in: %(languages)s.") % {"languages": ", ".join(missing)}
        reader.warn("untranslated", message, field)


def _requirements(reader, entry):
    found = []
    if "eligibility" in entry:
        words = reader.word_map(entry, "eligibility")
        facts = {"kind": "other", "min_age": None, "max_age": None, "evidence": ""}
        if words:
            found.append(PlainRow("R1", facts, {"text": words}))
    more = reader.mappings(entry, "requirements")
    for position, row in more or ():
        field = f"requirements[{position}]"
        facts = {
            "kind": reader.take(
                row, "kind", f"{field}.kind", values.choice, choices.RequirementKind.values, default="other"
            ),
            "min_age": reader.take(row, "min_age", f"{field}.min_age", values.whole, 0, 130),
            "max_age": reader.take(row, "max_age", f"{field}.max_age", values.whole, 0, 130),
            "evidence": reader.take(row, "evidence", f"{field}.evidence", values.text, 40, default=""),
        }
        key = _key(reader, row, field, f"R{len(found) + 1}", found)
        found.append(PlainRow(key, facts, {"text": reader.words(row, f"{field}.text")}))
        reader.finish(row, field)
    return found if found or more is not None else None


def _documents(reader, entry):
    rows = reader.mappings(entry, "documents")
    if rows is None:
        return None
    found = []
    for position, row in rows:
        field = f"documents[{position}]"
        code = reader.take(row, "doc", f"{field}.doc", values.text, 40, default="")
        given = "originals" in row or "copies" in row
        facts = {
            "document_type": code,
            "originals": reader.take(
                row, "originals", f"{field}.originals", values.whole, 0, 50, default=0 if given else 1
            ),
            "copies": reader.take(row, "copies", f"{field}.copies", values.whole, 0, 50, default=0),
            "alternative_group": reader.take(row, "group", f"{field}.group", values.text, 20, default=""),
            "attestation": reader.take(
                row,
                "attestation",
                f"{field}.attestation",
                values.choice,
                choices.Attestation.values,
                default="none",
            ),
        }
        if not facts["originals"] + facts["copies"]:
            problem = InvalidValue(_("Ask for at least one original or copy."), "none")
            reader.refuse(f"{field}.originals", problem)
        words = {
            "condition": _case(reader, row, field, facts),
            "where_to_get": reader.words(row, f"{field}.where", "where_"),
            "note": reader.words(row, f"{field}.note", "note_"),
        }
        found.append(PlainRow(_key(reader, row, field, code or f"D{position}", found), facts, words))
        reader.finish(row, field)
    return found


def _fees(reader, entry):
    rows = reader.mappings(entry, "fees")
    if rows is None:
        return None
    found = []
    for position, row in rows:
        field = f"fees[{position}]"
        row = reader.rejoin(row, f"{field}.label")
        words = {
            "label": reader.words(row, f"{field}.label"),
            "unit": reader.words(row, f"{field}.unit", "unit_"),
            "exemption": reader.words(row, f"{field}.exemption", "exemption_"),
            "payee": reader.words(row, f"{field}.payee", "payee_"),
        }
        _tell_missing(reader, f"{field}.unit", words["unit"])
        facts = _fee_facts(reader, row, field, bool(words["unit"]))
        words["condition"] = _case(reader, row, field, facts)
        found.append(PlainRow(_key(reader, row, field, f"F{position}", found), facts, words))
        reader.finish(row, field)
    return found


def _fee_facts(reader, row, field, has_unit):
    priced = row.get("amount") is not None
    facts = {
        "amount_minor": reader.take(row, "amount", f"{field}.amount", values.whole),
        "amount_max_minor": reader.take(row, "amount_max", f"{field}.amount_max", values.whole),
        "percent": reader.take(row, "percent", f"{field}.percent", values.percent),
        "currency": reader.take(
            row, "currency", f"{field}.currency", values.choice, CURRENCIES, default="IQD"
        ),
        "legal": one_law(reader, row, field),
        "valid_from": reader.take(row, "valid_from", f"{field}.valid_from", _date),
        "valid_to": reader.take(row, "valid_to", f"{field}.valid_to", _date),
        "channel": reader.take(
            row, "channel", f"{field}.channel", values.choice, choices.ChannelKind.values, default=""
        ),
    }
    facts["methods"] = reader.codes(row, "methods") or []
    for method in facts["methods"]:
        if method not in choices.PaymentMethod.values:
            message = _("“%(value)s” is not known here.") % {"value": method}
            message += values.nearest(method, choices.PaymentMethod.values)
            reader.refuse(f"{field}.methods", InvalidValue(message, "unknown_code", method))
    facts["kind"] = reader.take(row, "kind", f"{field}.kind", values.choice, choices.FeeKind.values)
    low, high = facts["amount_minor"], facts["amount_max_minor"]
    if facts["kind"] is None:
        facts["kind"] = _fee_kind(low, high, facts["percent"], has_unit)
    if facts["kind"] in ("fixed", "per_unit", "range") and not priced:
        problem = InvalidValue(_("Give an amount or a percentage."), "missing")
        reader.refuse(f"{field}.amount", problem)
    if None not in (low, high) and high < low:
        problem = InvalidValue(_("The highest amount is below the lowest."), "order", high)
        reader.refuse(f"{field}.amount_max", problem)
    return facts


def _date(value) -> str:
    return values.date(value).isoformat()


def _fee_kind(amount, highest, percent, has_unit):
    if percent is not None:
        return "percent"
    if highest is not None:
        return "range"
    return "per_unit" if has_unit and amount is not None else "fixed"


def _steps(reader, entry):
    entries = reader.entries(entry, "steps")
    if entries is None:
        return None
    found = []
    for position, step in entries:
        field = f"steps[{position}]"
        row = dict(step) if isinstance(step, dict) else {"step": step}
        code = reader.take(row, "step", f"{field}.step", values.text, 40, default="")
        facts = {
            "template": code,
            "logic": reader.take(
                row, "logic", f"{field}.logic", values.choice, choices.StepLogic.values, default="then"
            ),
        }
        # Values that a step omits are taken from its template later.
        for name, key, convert, *args in (
            ("actor", "actor", values.choice, choices.Actor.values),
            ("channel", "channel", values.choice, choices.ChannelKind.values),
            ("is_visit", "visit", values.true_false),
            ("needs_signature", "signature", values.true_false),
            ("minutes", "minutes", values.whole, 0, 100_000),
        ):
            facts[name] = reader.take(row, key, f"{field}.{key}", convert, *args, default=FROM_TEMPLATE)
        words = {
            "title": reader.words(row, f"{field}.title"),
            "text": reader.words(row, f"{field}.note", "note_"),
        }
        if not code and not words["title"].get(reader.source_language):
            reader.refuse(field, InvalidValue(_("Write a title or choose the usual wording."), "missing"))
        found.append(PlainRow(_key(reader, row, field, code or f"S{position}", found), facts, words))
        reader.finish(row, field)
    return found


def _channels(reader, entry):
    entries = reader.entries(entry, "channels")
    if entries is None:
        return None
    found = []
    for position, channel in entries:
        field = f"channels[{position}]"
        row = dict(channel) if isinstance(channel, dict) else {"kind": channel}
        kind = reader.take(row, "kind", field, values.choice, choices.ChannelKind.values, default="")
        facts = {
            "kind": kind,
            "url": reader.take(row, "url", f"{field}.url", values.https, default=""),
            "phone": reader.take(row, "phone", f"{field}.phone", values.text, 40, default=""),
            "languages": reader.codes(row, "languages") or [],
            "sign_in": reader.take(
                row, "sign_in", f"{field}.sign_in", values.choice, choices.SignIn.values, default="none"
            ),
        }
        if kind == "online" and not facts["url"]:
            facts["url"] = reader.online_url
        words = {"note": reader.words(row, f"{field}.note", "note_")}
        found.append(PlainRow(_key(reader, row, field, kind or f"C{position}", found), facts, words))
        reader.finish(row, field)
    return found


def _offerings(reader, entry):
    rows = reader.mappings(entry, "offerings")
    if rows is None:
        return None
    found = []
    for position, row in rows:
        field = f"offerings[{position}]"
        facts = {
            "governorate": reader.take(
                row, "governorate", f"{field}.governorate", values.text, 8, default=""
            ),
            "office": reader.take(row, "office", f"{field}.office", values.text, 80, default=""),
            "fee_minor": reader.take(row, "amount", f"{field}.amount", values.whole),
        }
        if not facts["governorate"] and not facts["office"]:
            reader.refuse(field, InvalidValue(_("Choose an office or a governorate."), "missing"))
        words = {"note": reader.words(row, f"{field}.note", "note_")}
        found.append(PlainRow(_key(reader, row, field, f"P{position}", found), facts, words))
        reader.finish(row, field)
    return found


def _outputs(reader, entry):
    single = entry.pop("output", None)
    if single is not None:
        entry["outputs"] = [single, *(entry.get("outputs") or [])]
    rows = reader.mappings(entry, "outputs")
    if rows is None:
        return None
    found = []
    for position, row in rows:
        field = "output" if len(rows) == 1 else f"outputs[{position}]"
        row = reader.rejoin(row, field)
        facts = {"validity_value": None, "validity_unit": ""}
        for name, unit in VALIDITY.items():
            value = reader.take(row, name, f"{field}.{name}", values.whole, 1, 1000)
            if value is not None:
                facts["validity_value"], facts["validity_unit"] = value, unit
        facts["kind"] = reader.take(row, "kind", f"{field}.kind", values.choice, choices.OutputKind.values)
        facts["delivery"] = reader.take(
            row, "delivery", f"{field}.delivery", values.choice, choices.Delivery.values, default=""
        )
        words = {"name": reader.words(row, field)}
        if facts["kind"] is None:
            facts["kind"] = guess_output_kind(words["name"])
        if not words["name"].get(reader.source_language):
            reader.refuse(
                f"{field}.{reader.source_language}", InvalidValue(_("The name is missing."), "missing")
            )
        found.append(PlainRow(_key(reader, row, field, f"O{position}", found), facts, words))
        reader.finish(row, field)
    return found


# Head words of official names; the first match decides. Used only where a file does not name the kind.
OUTPUT_WORDS = (
    ("licence", ("licence", "permit", "إجازة", "رخصة", "مۆڵەت")),
    ("payment", ("grant", "benefit", "pension", "منحة", "إعانة", "راتب")),
    ("card", ("card", "passport", "بطاقة", "جواز", "هوية", "سنوية", "کارت")),
    ("data", ("record", "registration number", "account", "قيد", "رقم", "اشتراك")),
    ("decision", ("decision", "letter", "place", "قرار", "كتاب", "قبول")),
)


def guess_output_kind(words) -> str:
    """The kind of a result by the head word of its English or Arabic name; "certificate" when none fits."""
    for text in (words.get("en", "").lower(), words.get("ar", "")):
        for kind, heads in OUTPUT_WORDS:
            if any(head in text for head in heads):
                return kind
    return "certificate"


def _legal(reader, entry):
    rows = reader.mappings(entry, "legal_basis")
    if rows is None:
        return None
    found = []
    for position, row in rows:
        field = f"legal_basis[{position}]"
        article = reader.take(row, "article", f"{field}.article", values.text, 60, default="")
        key = _key(reader, row, field, f"L{position}", found)
        law = read_law(reader, row, field)
        found.append(PlainRow(key, {"reference": law, "article": article}, {}))
    return found


def _faqs(reader, entry):
    rows = reader.mappings(entry, "faq")
    if rows is None:
        return None
    found = []
    for position, row in rows:
        field = f"faq[{position}]"
        words = {
            "question": reader.words(row, f"{field}.question", "q_"),
            "answer": reader.words(row, f"{field}.answer", "a_"),
        }
        found.append(PlainRow(_key(reader, row, field, f"Q{position}", found), {}, words))
        reader.finish(row, field)
    return found


def _relations(reader, entry):
    rows = reader.mappings(entry, "related")
    if rows is None:
        return None
    found = []
    for position, row in rows:
        field = f"related[{position}]"
        facts = {
            "target": reader.take(row, "to", f"{field}.to", values.text, 32, default=""),
            "kind": reader.take(
                row, "kind", f"{field}.kind", values.choice, choices.RelationKind.values, default="related"
            ),
        }
        key = _key(reader, row, field, f"N{position}", found)
        found.append(PlainRow(key, facts, {}))
        reader.finish(row, field)
    return found
