"""What a service must answer before it is published. Saving a draft needs a title and a code only.

Every rule yields Problems of the site's publish gate, at the field (or rows) that an editor has to mend.
Where a rule allows it, “does not apply, because …” (`not_applicable`, ten letters or more) is an answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from egov_cms.services.answers import ANSWERABLE, REASON_LENGTH
from egov_cms.services.choices import COUNTERS
from egov_cms.services.models.service import ROWS, ServicePage
from egov_cms.services.publishing.fee_approval import fee_problems
from egov_cms.site.gate import GateProblem
from egov_cms.site.models import Notice, Office
from egov_cms.site.publication import step


@step("gate", "services.gate")
def service_problems(page) -> Iterator[GateProblem]:
    """What keeps a service from being published, beyond what the site's own gate says of any page."""
    if not isinstance(page, ServicePage):
        return
    rows = {name: list(getattr(page, name).all()) for name in ROWS}
    if not page.service_code:
        yield GateProblem("service_code", _("Give the service its code."))
    yield from _reasons(page)
    yield from _people(page)
    yield from _documents(page, rows["documents"])
    yield from _fees(page, rows["fees"])
    yield from fee_problems(page)
    yield from _duration(page)
    yield from _steps(page, rows["steps"])
    yield from _channels(page, rows["channels"], rows["offerings"])
    if not rows["outputs"] and not _answered(page, "outputs"):
        yield GateProblem("outputs", _("Say what people get, or why that does not apply."))
    yield from _status(page)
    yield from _offerings(page, rows)
    yield from _relations(page, rows["relations"])
    yield from _words(rows)


def _answered(page, name) -> bool:
    return len((page.not_applicable or {}).get(name, "").strip()) >= REASON_LENGTH


def _reasons(page):
    for name, reason in (page.not_applicable or {}).items():
        if name in ANSWERABLE and reason.strip() and len(reason.strip()) < REASON_LENGTH:
            message = _("“%(field)s”: a reason has at least %(length)s letters.")
            yield GateProblem(
                "not_applicable", message % {"field": ANSWERABLE[name], "length": REASON_LENGTH}, "reason"
            )


def _people(page):
    if not page.life_events.all() and not page.category_id:
        yield GateProblem("life_events", _("Choose a life or business event, or a subject."))
    if _answered(page, "owner"):
        return
    if not page.content_owner_id and not page.owner_email:
        yield GateProblem("content_owner", _("Name the person who keeps this service true."))
    if not page.backup_owner_id:
        yield GateProblem("backup_owner", _("Name a second person, for when the first one is away."))
    elif page.backup_owner_id == page.content_owner_id:
        yield GateProblem(
            "backup_owner", _("The backup must be another person than the owner."), "same_person"
        )


def _documents(page, documents):
    if not documents and not page.needs_no_documents:
        yield GateProblem("documents", _("List the documents, or tick that none are needed."))
    if documents and page.needs_no_documents:
        message = _("There are documents in the list although “no documents needed” is ticked.")
        yield GateProblem("needs_no_documents", message, "contradiction")
    groups = Counter(row.alternative_group for row in documents if row.alternative_group)
    for group in sorted(name for name, count in groups.items() if count < 2):
        message = _("The group of alternatives “%(group)s” has one document only.") % {"group": group}
        yield GateProblem("documents", message, "alternatives")


def _fees(page, fees):
    if fees and page.is_free:
        message = _("There are fees in the list although the service is marked as free of charge.")
        yield GateProblem("is_free", message, "contradiction")
    if not fees and not page.is_free and not _answered(page, "fees"):
        yield GateProblem(
            "fees", _("List the fees, mark the service as free, or say why that does not apply.")
        )


def _duration(page):
    known = page.duration_unit and (page.duration_min is not None or page.duration_max is not None)
    if not known and not _answered(page, "duration"):
        yield GateProblem("duration_max", _("Say how long it takes, or why the time varies."))


def _steps(page, steps):
    if len(steps) < 2 and page.ur_class != "informational" and not _answered(page, "steps"):
        message = _("Describe at least two steps, or mark the service as informational.")
        yield GateProblem("steps", message, "too_few")


def _channels(page, channels, offerings):
    if not channels and not _answered(page, "channels"):
        yield GateProblem("channels", _("Add a channel, or say why that does not apply."))
    if not _answered(page, "online_address"):
        yield from _online(page, channels)
    counters = [row for row in channels if row.kind in COUNTERS]
    if _answered(page, "offices") or not counters:
        return
    if not any(_has_office(page, row, offerings) for row in counters):
        yield GateProblem("channels", _("No office gives this service yet; add one or say why."), "no_office")


def _online(page, channels):
    online = [row for row in channels if row.kind in ("online", "mobile")]
    for number, row in enumerate(channels, 1):
        if row.kind == "online" and not _is_https(row.url):
            message = _("Channel %(number)s: an online channel needs an address that begins with https://")
            yield GateProblem("channels", message % {"number": number}, "no_address")
    if page.digital_level >= 3 and not any(_is_https(row.url) for row in online):
        message = _("Digital level %(level)s needs an online channel with its address.")
        yield GateProblem("digital_level", message % {"level": page.digital_level}, "no_address")


def _is_https(url) -> bool:
    return url.startswith("https://")


def _has_office(page, channel, offerings) -> bool:
    if channel.offices_rule == "listed":
        return bool(offerings)
    offices = Office.objects.public()
    if channel.offices_rule == "kind":
        return offices.filter(kind=channel.office_kind).exists()
    return page.owner_unit_id is not None and offices.filter(unit=page.owner_unit_id).exists()


def _status(page):
    if page.status != "suspended":
        return
    notices = Notice.objects.public().filter(
        pages__translation_key=page.translation_key, ends__gt=timezone.now()
    )
    if not notices.exists():
        message = _("A suspended service needs a notice that names it and says why and until when.")
        yield GateProblem("status", message, "no_notice")


def _offerings(page, rows):
    base = (page.duration_min, page.duration_max, page.duration_unit)
    for number, row in enumerate(rows["offerings"], 1):
        given = (row.duration_min, row.duration_max, row.duration_unit)
        if row.duration_unit and given == base:
            message = _("Place %(number)s: the time is the same as everywhere; leave it empty.")
            yield GateProblem("offerings", message % {"number": number}, "same")


def _relations(page, relations):
    targets = [row.target_id for row in relations if row.kind == "requires"]
    if page.pk and page.pk in targets:
        yield GateProblem("relations", _("A service cannot need itself."), "cycle")
    elif targets and _leads_back(page, targets):
        yield GateProblem("relations", _("These services need each other in a circle."), "cycle")


def _leads_back(page, targets) -> bool:
    model = ROWS["relations"]
    seen, waiting = set(), set(targets)
    while waiting:
        if page.pk in waiting:
            return True
        seen |= waiting
        found = model.objects.filter(page__in=waiting, kind="requires").values_list("target_id", flat=True)
        waiting = set(found) - seen
    return False


# The word without which a row says nothing, and where it is asked for.
NEEDED_WORDS = {
    "requirements": "text",
    "fees": "label",
    "outputs": "name",
    "faqs": "question",
}


def _words(rows):
    for relation, name in NEEDED_WORDS.items():
        for number, row in enumerate(rows[relation], 1):
            if not getattr(row, name).strip():
                yield _missing_word(relation, number, name)
    for number, row in enumerate(rows["faqs"], 1):
        if not row.answer.strip():
            yield _missing_word("faqs", number, "answer")
    for number, row in enumerate(rows["steps"], 1):
        if not row.template_id and not row.title.strip():
            yield _missing_word("steps", number, "title")


def _missing_word(relation, number, name):
    model = ROWS[relation]
    message = _("%(row)s %(number)s: “%(field)s” is empty.") % {
        "row": capfirst(model._meta.verbose_name),
        "number": number,
        "field": capfirst(model._meta.get_field(name).verbose_name),
    }
    return GateProblem(relation, message, "empty")
