"""The rows of a service: the facts that are counted, compared and exported.

Every row belongs to the page of one language. `fact_fields` are edited on the source page and copied one way
to its translations (matched by `translation_key`); `word_fields` are edited by the translator of each language.
`key` identifies the row within its service in files and identifiers (`IQ-MOI-001-F1`), the same in all languages.

Money is a 64-bit integer in minor units of `currency`. For IQD the stored exponent is 0: a unit is a dinar.
A foreign key to a page refers to the page in the source language; code that displays it looks up the translation.
"""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey

from egov_cms.language import content_languages, currency_exponent, native_name
from egov_cms.services import choices
from egov_cms.services.models.fields import CodeListField
from egov_cms.site.facts import FactRow
from egov_cms.site.models import Office

# Currencies of fees.
CURRENCIES = ("IQD", "USD")
ROW_KEY = RegexValidator(r"^[A-Za-z0-9][A-Za-z0-9_-]*$", _("Use Latin letters, digits, - and _ only."))
TAG = RegexValidator(r"^[a-z0-9][a-z0-9-]*$", _("Use small Latin letters, digits and - only."))


def spoken_languages():
    """(code, name) of the site's languages, as choices for the languages spoken at a channel."""
    return [(code, native_name(code)) for code in content_languages()]


class ServiceRow(FactRow):
    """Base of all rows. `key_letter` is the first letter of generated keys."""

    key = models.CharField(_("row key"), max_length=40, blank=True, editable=False, validators=[ROW_KEY])
    key_letter = "R"
    fact_fields = ()
    word_fields = ()

    class Meta(FactRow.Meta):
        abstract = True


class CaseRow(ServiceRow):
    """A row that can be limited to some cases."""

    conditional = models.BooleanField(
        _("only in some cases"), default=False, help_text=_("Describe the case in “condition”.")
    )
    case_tag = models.CharField(
        _("case"),
        max_length=40,
        blank=True,
        validators=[TAG],
        help_text=_("A short code shared by rows of the same case: first, renewal, lost, minor…"),
    )
    condition = models.CharField(
        _("condition"), max_length=250, blank=True, help_text=_("For example: if lost.")
    )

    class Meta(ServiceRow.Meta):
        abstract = True

    def clean(self):
        super().clean()
        if self.condition or self.case_tag:
            self.conditional = True


class ServiceRequirement(ServiceRow):
    page = ParentalKey("egov_services.ServicePage", on_delete=models.CASCADE, related_name="requirements")
    kind = models.CharField(
        _("about"),
        max_length=20,
        choices=choices.RequirementKind.choices,
        default=choices.RequirementKind.OTHER,
    )
    text = models.TextField(_("who can apply"), max_length=500, blank=True)
    min_age = models.PositiveSmallIntegerField(
        _("lowest age"), null=True, blank=True, validators=[MaxValueValidator(130)]
    )
    max_age = models.PositiveSmallIntegerField(
        _("highest age"), null=True, blank=True, validators=[MaxValueValidator(130)]
    )
    evidence = models.ForeignKey(
        "egov_services.DocumentType",
        verbose_name=_("proved by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    key_letter = "R"
    fact_fields = ("kind", "min_age", "max_age", "evidence")
    word_fields = ("text",)

    class Meta(ServiceRow.Meta):
        verbose_name = _("condition of the service")
        verbose_name_plural = _("who can apply")

    def clean(self):
        super().clean()
        if self.min_age is not None and self.max_age is not None and self.min_age > self.max_age:
            raise ValidationError({"max_age": _("The highest age is below the lowest.")}, code="order")


class ServiceDocument(CaseRow):
    page = ParentalKey("egov_services.ServicePage", on_delete=models.CASCADE, related_name="documents")
    document_type = models.ForeignKey(
        "egov_services.DocumentType",
        verbose_name=_("document"),
        on_delete=models.PROTECT,
        related_name="service_documents",
    )
    originals = models.PositiveSmallIntegerField(
        _("originals"), default=1, validators=[MaxValueValidator(50)]
    )
    copies = models.PositiveSmallIntegerField(_("copies"), default=0, validators=[MaxValueValidator(50)])
    alternative_group = models.CharField(
        _("alternatives"),
        max_length=20,
        blank=True,
        validators=[TAG],
        help_text=_("Rows with the same code here are alternatives: any one of them is enough."),
    )
    attestation = models.CharField(
        _("certified"), max_length=20, choices=choices.Attestation.choices, default=choices.Attestation.NONE
    )
    form = models.ForeignKey(
        "wagtaildocs.Document",
        verbose_name=_("form to download"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    where_to_get = models.CharField(
        _("where to get it"), max_length=250, blank=True, help_text=_("If it differs from the usual issuer.")
    )
    note = models.CharField(_("note"), max_length=250, blank=True)
    key_letter = "D"
    fact_fields = (
        "document_type",
        "originals",
        "copies",
        "conditional",
        "case_tag",
        "alternative_group",
        "attestation",
        "form",
    )
    word_fields = ("condition", "where_to_get", "note")

    class Meta(ServiceRow.Meta):
        verbose_name = _("document to bring")
        verbose_name_plural = _("documents to bring")

    def clean(self):
        super().clean()
        if not (self.originals or 0) + (self.copies or 0):
            raise ValidationError({"originals": _("Ask for at least one original or copy.")}, code="none")


class ServiceFee(CaseRow):
    page = ParentalKey("egov_services.ServicePage", on_delete=models.CASCADE, related_name="fees")
    label = models.CharField(_("what is paid for"), max_length=200, blank=True)
    kind = models.CharField(
        _("kind"), max_length=20, choices=choices.FeeKind.choices, default=choices.FeeKind.FIXED
    )
    amount_minor = models.BigIntegerField(
        _("amount"),
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("A whole number, in dinars."),
    )
    amount_max_minor = models.BigIntegerField(
        _("highest amount"),
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("Only for “from … to …”."),
    )
    currency = models.CharField(
        _("currency"), max_length=3, choices=[(code, code) for code in CURRENCIES], default="IQD"
    )
    percent = models.DecimalField(
        _("percentage"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    unit = models.CharField(
        _("for each"), max_length=100, blank=True, help_text=_("For example: per document, per square metre.")
    )
    exemption = models.CharField(_("who does not pay"), max_length=250, blank=True)
    methods = CodeListField(_("ways to pay"), codes=lambda: choices.PaymentMethod.choices)
    payee = models.CharField(_("paid to"), max_length=200, blank=True)
    legal = models.ForeignKey(
        "egov_site.LegalReference",
        verbose_name=_("law"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    valid_from = models.DateField(_("in force from"), null=True, blank=True)
    valid_to = models.DateField(_("in force until"), null=True, blank=True)
    channel = models.CharField(
        _("only for the channel"), max_length=20, choices=choices.ChannelKind.choices, blank=True
    )
    key_letter = "F"
    fact_fields = (
        "kind",
        "amount_minor",
        "amount_max_minor",
        "currency",
        "percent",
        "conditional",
        "case_tag",
        "methods",
        "legal",
        "valid_from",
        "valid_to",
        "channel",
    )
    word_fields = ("label", "unit", "condition", "exemption", "payee")

    class Meta(ServiceRow.Meta):
        verbose_name = _("fee")
        verbose_name_plural = _("fees")

    @property
    def exponent(self):
        return currency_exponent(self.currency)

    def clean(self):
        super().clean()
        errors = {}
        if self.kind in ("fixed", "per_unit", "range") and self.amount_minor is None:
            errors["amount_minor"] = _("Enter the amount.")
        if self.kind == "range":
            if self.amount_max_minor is None:
                errors["amount_max_minor"] = _("Enter the highest amount.")
            elif self.amount_minor is not None and self.amount_max_minor < self.amount_minor:
                errors["amount_max_minor"] = _("The highest amount is below the lowest.")
        if self.kind == "percent" and not self.percent:
            errors["percent"] = _("Enter a percentage above 0.")
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            errors["valid_to"] = _("The end is before the start.")
        if errors:
            raise ValidationError(errors)


class ServiceStep(ServiceRow):
    page = ParentalKey("egov_services.ServicePage", on_delete=models.CASCADE, related_name="steps")
    logic = models.CharField(
        _("joined by"), max_length=10, choices=choices.StepLogic.choices, default=choices.StepLogic.THEN
    )
    template = models.ForeignKey(
        "egov_services.StepTemplate",
        verbose_name=_("usual wording"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    title = models.CharField(
        _("title"), max_length=200, blank=True, help_text=_("Leave empty to use the usual wording.")
    )
    text = models.TextField(_("explanation"), max_length=1000, blank=True)
    actor = models.CharField(
        _("who acts"), max_length=20, choices=choices.Actor.choices, default=choices.Actor.APPLICANT
    )
    channel = models.CharField(_("channel"), max_length=20, choices=choices.ChannelKind.choices, blank=True)
    is_visit = models.BooleanField(_("people must come"), default=False)
    needs_signature = models.BooleanField(_("people must sign"), default=False)
    minutes = models.PositiveIntegerField(_("minutes it takes"), null=True, blank=True)
    key_letter = "S"
    fact_fields = ("logic", "template", "actor", "channel", "is_visit", "needs_signature", "minutes")
    word_fields = ("title", "text")

    class Meta(ServiceRow.Meta):
        verbose_name = _("step")
        verbose_name_plural = _("steps")

    def clean(self):
        super().clean()
        if not self.template_id and not self.title:
            raise ValidationError({"title": _("Write a title or choose the usual wording.")}, code="required")


class ServiceChannel(ServiceRow):
    page = ParentalKey("egov_services.ServicePage", on_delete=models.CASCADE, related_name="channels")
    kind = models.CharField(_("channel"), max_length=20, choices=choices.ChannelKind.choices)
    url = models.URLField(_("address"), max_length=500, blank=True, help_text=_("Begins with https://"))
    offices_rule = models.CharField(
        _("offices"),
        max_length=20,
        choices=choices.OfficesRule.choices,
        default=choices.OfficesRule.UNIT,
    )
    office_kind = models.CharField(
        _("kind of office"), max_length=30, choices=Office.Kind.choices, blank=True
    )
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    languages = CodeListField(_("languages spoken"), codes=spoken_languages)
    sign_in = models.CharField(
        _("sign-in"), max_length=10, choices=choices.SignIn.choices, default=choices.SignIn.NONE
    )
    duration_min = models.PositiveIntegerField(_("fastest time here"), null=True, blank=True)
    duration_max = models.PositiveIntegerField(_("longest time here"), null=True, blank=True)
    duration_unit = models.CharField(
        _("unit of time"), max_length=20, choices=choices.DurationUnit.choices, blank=True
    )
    note = models.CharField(_("note"), max_length=250, blank=True)
    key_letter = "C"
    fact_fields = (
        "kind",
        "url",
        "offices_rule",
        "office_kind",
        "phone",
        "languages",
        "sign_in",
        "duration_min",
        "duration_max",
        "duration_unit",
    )
    word_fields = ("note",)

    class Meta(ServiceRow.Meta):
        verbose_name = _("channel")
        verbose_name_plural = _("channels")

    def clean(self):
        super().clean()
        check_duration(self)
        if self.url and not self.url.startswith("https://"):
            raise ValidationError({"url": _("The address must begin with https://")}, code="https")


class ServiceOutput(ServiceRow):
    page = ParentalKey("egov_services.ServicePage", on_delete=models.CASCADE, related_name="outputs")
    name = models.CharField(_("what people get"), max_length=200, blank=True)
    kind = models.CharField(
        _("kind"), max_length=20, choices=choices.OutputKind.choices, default=choices.OutputKind.CERTIFICATE
    )
    validity_value = models.PositiveSmallIntegerField(
        _("valid for"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    validity_unit = models.CharField(
        _("unit of time"), max_length=10, choices=choices.ValidityUnit.choices, blank=True
    )
    delivery = models.CharField(_("handed over"), max_length=20, choices=choices.Delivery.choices, blank=True)
    key_letter = "O"
    fact_fields = ("kind", "validity_value", "validity_unit", "delivery")
    word_fields = ("name",)

    class Meta(ServiceRow.Meta):
        verbose_name = _("result")
        verbose_name_plural = _("what people get")

    def clean(self):
        super().clean()
        if self.validity_value and not self.validity_unit:
            raise ValidationError({"validity_unit": _("Choose a unit of time.")}, code="required")


class ServiceLegal(ServiceRow):
    page = ParentalKey("egov_services.ServicePage", on_delete=models.CASCADE, related_name="legal")
    reference = models.ForeignKey(
        "egov_site.LegalReference",
        verbose_name=_("law"),
        on_delete=models.PROTECT,
        related_name="service_rows",
    )
    article = models.CharField(_("article"), max_length=60, blank=True)
    key_letter = "L"
    fact_fields = ("reference", "article")

    class Meta(ServiceRow.Meta):
        verbose_name = _("legal basis")
        verbose_name_plural = _("legal basis")


class ServiceFaq(ServiceRow):
    page = ParentalKey("egov_services.ServicePage", on_delete=models.CASCADE, related_name="faqs")
    question = models.CharField(_("question"), max_length=250, blank=True)
    answer = models.TextField(_("answer"), max_length=2000, blank=True)
    key_letter = "Q"
    word_fields = ("question", "answer")

    class Meta(ServiceRow.Meta):
        verbose_name = _("question and answer")
        verbose_name_plural = _("questions and answers")


class ServiceOffering(ServiceRow):
    """A place where the service is offered: one office, or every office of a governorate, with the values that differ.

    `scope` says which of the two. It is set when somebody writes the row (`clean`, `save`) and not read out of an empty
    office: an office that is deleted takes its rows along, and none of them may come to mean the whole governorate.
    """

    page = ParentalKey("egov_services.ServicePage", on_delete=models.CASCADE, related_name="offerings")
    scope = models.CharField(
        _("holds for"), max_length=12, choices=choices.OfferingScope.choices, editable=False
    )
    governorate = models.ForeignKey(
        "egov_site.Governorate",
        verbose_name=_("governorate"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    office = models.ForeignKey(
        "egov_site.Office",
        verbose_name=_("office"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="service_offerings",
    )
    fee_minor = models.BigIntegerField(
        _("total fee here"), null=True, blank=True, validators=[MinValueValidator(0)]
    )
    duration_min = models.PositiveIntegerField(_("fastest time here"), null=True, blank=True)
    duration_max = models.PositiveIntegerField(_("longest time here"), null=True, blank=True)
    duration_unit = models.CharField(
        _("unit of time"), max_length=20, choices=choices.DurationUnit.choices, blank=True
    )
    note = models.CharField(_("note"), max_length=250, blank=True)
    key_letter = "P"
    fact_fields = (
        "scope",
        "governorate",
        "office",
        "fee_minor",
        "duration_min",
        "duration_max",
        "duration_unit",
    )
    word_fields = ("note",)

    class Meta(ServiceRow.Meta):
        verbose_name = _("place")
        verbose_name_plural = _("where")

    def clean(self):
        super().clean()
        check_duration(self)
        if not self.governorate_id and not self.office_id:
            raise ValidationError({"office": _("Choose an office or a governorate.")}, code="required")
        self.scope = self.chosen_scope

    def save(self, **kwargs):
        self.scope = self.scope or self.chosen_scope
        super().save(**kwargs)

    @property
    def chosen_scope(self) -> str:
        """What the row is written for: an office where one is named, else its governorate."""
        return choices.OfferingScope.OFFICE if self.office_id else choices.OfferingScope.GOVERNORATE

    @property
    def place(self):
        """The office or the governorate that the row is about; None where it is gone."""
        return self.office if self.scope == choices.OfferingScope.OFFICE else self.governorate


class ServiceRelation(ServiceRow):
    page = ParentalKey("egov_services.ServicePage", on_delete=models.CASCADE, related_name="relations")
    kind = models.CharField(
        _("how"), max_length=20, choices=choices.RelationKind.choices, default=choices.RelationKind.RELATED
    )
    target = models.ForeignKey(
        "egov_services.ServicePage",
        verbose_name=_("service"),
        on_delete=models.CASCADE,
        related_name="relations_to",
    )
    key_letter = "N"
    fact_fields = ("kind", "target")

    class Meta(ServiceRow.Meta):
        verbose_name = _("related service")
        verbose_name_plural = _("related services")


class ServiceParticipant(ServiceRow):
    page = ParentalKey("egov_services.ServicePage", on_delete=models.CASCADE, related_name="participants")
    unit = models.ForeignKey(
        "egov_site.OrganisationUnitPage", verbose_name=_("unit"), on_delete=models.CASCADE, related_name="+"
    )
    role = models.CharField(
        _("part played"),
        max_length=20,
        choices=choices.ParticipantRole.choices,
        default=choices.ParticipantRole.CHECKS,
    )
    key_letter = "T"
    fact_fields = ("unit", "role")

    class Meta(ServiceRow.Meta):
        verbose_name = _("other body that takes part")
        verbose_name_plural = _("other bodies that take part")


def check_duration(row):
    """Raise ValidationError for a time without a unit, or a longest time below the fastest."""
    if (row.duration_min is not None or row.duration_max is not None) and not row.duration_unit:
        raise ValidationError({"duration_unit": _("Choose a unit of time.")}, code="required")
    if None not in (row.duration_min, row.duration_max) and row.duration_max < row.duration_min:
        raise ValidationError({"duration_max": _("The longest time is below the fastest.")}, code="order")
