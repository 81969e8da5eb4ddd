"""The fixed choices of the catalogue: stored values and their labels.

Lists that a ministry can extend (audiences, life events, document types, step wordings) are records in
`models/records.py`; the values here change only together with the code that uses them.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    AVAILABLE = "available", _("Available")
    LIMITED = "limited", _("Limited")
    SUSPENDED = "suspended", _("Temporarily suspended")
    PLANNED = "planned", _("Planned")
    RETIRED = "retired", _("Withdrawn")


class DigitalLevel(models.IntegerChoices):
    """The 0–4 scale of the Partnership on Measuring ICT for Development."""

    NOTHING = 0, _("Nothing online")
    INFORMATION = 1, _("Information only")
    FORM = 2, _("Form to download")
    APPLY = 3, _("Apply online, visit still needed")
    COMPLETE = 4, _("Completed entirely online")


class UrClass(models.TextChoices):
    """The four classes of the Ur portal."""

    INFORMATIONAL = "informational", _("Informational")
    INTERACTIVE = "interactive", _("Interactive")
    PROCEDURAL = "procedural", _("Procedural")
    JOINT = "joint", _("Joint (several agencies, no visits)")


class DurationUnit(models.TextChoices):
    MINUTE = "minute", _("minutes")
    HOUR = "hour", _("hours")
    WORKING_DAY = "working_day", _("working days")
    MONTH = "month", _("months")


class ValidityUnit(models.TextChoices):
    DAY = "day", _("days")
    MONTH = "month", _("months")
    YEAR = "year", _("years")


class Proxy(models.TextChoices):
    NO = "no", _("No, you must come in person")
    ATTORNEY = "attorney", _("Yes, with a power of attorney")
    YES = "yes", _("Yes, anyone you send")


class EventKind(models.TextChoices):
    PERSON = "person", _("Life event")
    BUSINESS = "business", _("Business event")


class RequirementKind(models.TextChoices):
    AGE = "age", _("Age")
    NATIONALITY = "nationality", _("Nationality")
    RESIDENCE = "residence", _("Residence")
    INCOME = "income", _("Income")
    OTHER = "other", _("Other")


class Attestation(models.TextChoices):
    NONE = "none", _("None")
    NOTARY = "notary", _("Certified by a notary")
    TRANSLATION = "translation", _("Certified translation")
    LEGALISED = "legalised", _("Legalised")


class FeeKind(models.TextChoices):
    FIXED = "fixed", _("Fixed amount")
    RANGE = "range", _("From … to …")
    PERCENT = "percent", _("Percentage")
    PER_UNIT = "per_unit", _("Amount per unit")
    VARIES = "varies", _("Varies")


class PaymentMethod(models.TextChoices):
    CASH = "cash", _("Cash")
    CARD = "card", _("Bank card")
    ONLINE = "online", _("Online payment")
    MOBILE = "mobile", _("Mobile wallet")
    BANK = "bank", _("Bank transfer")
    STAMP = "stamp", _("Revenue stamps")


class Actor(models.TextChoices):
    APPLICANT = "applicant", _("You")
    OFFICE = "office", _("The office")
    COMMITTEE = "committee", _("A committee")
    OTHER_BODY = "other_body", _("Another body")


class StepLogic(models.TextChoices):
    THEN = "then", _("then")
    AND = "and", _("and")
    OR = "or", _("or")


class ChannelKind(models.TextChoices):
    ONLINE = "online", _("Online")
    MOBILE = "mobile", _("Mobile app")
    OFFICE = "office", _("At an office")
    PHONE = "phone", _("By phone")
    MISSION = "mission", _("Iraqi missions abroad")
    MOBILE_UNIT = "mobile_unit", _("Mobile unit")


# Where people go in person.
COUNTERS = ("office", "mission", "mobile_unit")


class OfficesRule(models.TextChoices):
    UNIT = "unit", _("All offices of the responsible unit")
    KIND = "kind", _("All offices of one kind")
    LISTED = "listed", _("Only the offices listed under “Where”")


class OfferingScope(models.TextChoices):
    OFFICE = "office", _("One office")
    GOVERNORATE = "governorate", _("Every office of the governorate")


class SignIn(models.TextChoices):
    NONE = "none", _("No sign-in")
    UR = "ur", _("Account of the Ur portal")
    OTHER = "other", _("Account of another system")


class OutputKind(models.TextChoices):
    CERTIFICATE = "certificate", _("Certificate")
    CARD = "card", _("Card")
    LICENCE = "licence", _("Licence or permit")
    PAYMENT = "payment", _("Payment")
    DECISION = "decision", _("Decision")
    DATA = "data", _("Record or data")


class Delivery(models.TextChoices):
    OFFICE = "office", _("Collect at the office")
    DIGITAL = "digital", _("Delivered electronically")
    POST = "post", _("Delivered by post or courier")


class RelationKind(models.TextChoices):
    REQUIRES = "requires", _("Needed first")
    RELATED = "related", _("Related")
    NEXT = "next", _("Usually next")


class ParticipantRole(models.TextChoices):
    DECIDES = "decides", _("Decides")
    CHECKS = "checks", _("Checks or confirms")
    SUPPLIES = "supplies", _("Supplies data or papers")
    RECEIVES = "receives", _("Takes applications")


class ReviewPeriod(models.IntegerChoices):
    QUARTER = 3, _("Every 3 months")
    HALF_YEAR = 6, _("Every 6 months")
    YEAR = 12, _("Every year")
    TWO_YEARS = 24, _("Every 2 years")


class ChangedFact(models.TextChoices):
    """The facts of a service whose changes the public log tells."""

    FEE = "fee", _("fee")
    DOCUMENT = "document", _("document")
    DURATION = "duration", _("time needed")
    VISITS = "visits", _("visits")
    CHANNEL = "channel", _("channel")
    STATUS = "status", _("status")
    OTHER = "other", _("other")
