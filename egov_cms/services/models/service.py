"""The page of one service in one language."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField

from blocks.fields import StreamField
from egov_cms.services import choices
from egov_cms.services.editor.forms import ServicePageForm
from egov_cms.services.editor.panels import SERVICE_PANELS
from egov_cms.services.models import policies, rows
from egov_cms.site import publication
from egov_cms.site.facts import FactRows
from egov_cms.site.models import SitePage
from egov_cms.site.tags import family, label

SERVICE_CODE = RegexValidator(
    r"^[A-Z]{2}-[A-Z][A-Z0-9]{1,11}-[0-9]{3,4}$",
    _("A code looks like IQ-MOI-004: country, body, number, joined by hyphens."),
)

# What chooses the case of a citizen.
CASE_PARAMETERS = ("case", "audience", "channel", "governorate")

# Related name of the rows → their model, in the order of the public page.
ROWS = {
    "requirements": rows.ServiceRequirement,
    "documents": rows.ServiceDocument,
    "steps": rows.ServiceStep,
    "fees": rows.ServiceFee,
    "channels": rows.ServiceChannel,
    "offerings": rows.ServiceOffering,
    "outputs": rows.ServiceOutput,
    "legal": rows.ServiceLegal,
    "faqs": rows.ServiceFaq,
    "relations": rows.ServiceRelation,
    "participants": rows.ServiceParticipant,
}


class ServicePage(SitePage):
    """A service of the catalogue: the texts of one language, and the facts that all languages share."""

    service_code = models.CharField(
        _("service code"),
        max_length=32,
        blank=True,
        db_index=True,
        validators=[SERVICE_CODE],
        help_text=_("For example IQ-MOI-004. It cannot be changed after the first publication."),
    )
    popular_names = models.TextField(
        _("what people call it"),
        blank=True,
        help_text=_("Other names and common spellings, one per line. Search finds the service by them."),
    )
    fee_exemptions = models.CharField(_("who does not pay"), max_length=250, blank=True)
    duration_note = models.CharField(
        _("note on the time"), max_length=250, blank=True, help_text=_("Why the time varies, if it does.")
    )
    body = StreamField("service", blank=True, verbose_name=_("more about the service"))

    owner_unit = models.ForeignKey(
        "egov_site.OrganisationUnitPage",
        verbose_name=_("responsible unit"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="services",
    )
    category = models.ForeignKey(
        "egov_services.ServiceCategory",
        verbose_name=_("subject"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="services",
    )
    audiences = ParentalManyToManyField(
        "egov_services.Audience", verbose_name=_("for whom"), blank=True, related_name="services"
    )
    life_events = ParentalManyToManyField(
        "egov_services.LifeEvent",
        verbose_name=_("life and business events"),
        blank=True,
        related_name="services",
    )
    coverage = ParentalManyToManyField(
        "egov_site.Governorate",
        verbose_name=_("governorates"),
        blank=True,
        related_name="services",
        help_text=_("Leave empty if the service is given in the whole country."),
    )
    status = models.CharField(
        _("status"), max_length=20, choices=choices.Status.choices, default=choices.Status.AVAILABLE
    )
    digital_level = models.PositiveSmallIntegerField(
        _("digital level"), choices=choices.DigitalLevel.choices, default=choices.DigitalLevel.INFORMATION
    )
    ur_class = models.CharField(
        _("class in the Ur portal"), max_length=20, choices=choices.UrClass.choices, blank=True
    )
    ur_url = models.URLField(_("address in the Ur portal"), max_length=500, blank=True)
    gems_code = models.CharField(_("GEMS code"), max_length=20, blank=True)

    is_free = models.BooleanField(_("free of charge"), default=False)
    needs_no_documents = models.BooleanField(_("no documents needed"), default=False)
    duration_min = models.PositiveIntegerField(_("fastest time"), null=True, blank=True)
    duration_max = models.PositiveIntegerField(_("longest time"), null=True, blank=True)
    duration_unit = models.CharField(
        _("unit of time"), max_length=20, choices=choices.DurationUnit.choices, blank=True
    )
    visits = models.PositiveSmallIntegerField(
        _("visits"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(50)],
        help_text=_("How many separate trips people make."),
    )
    signatures = models.PositiveSmallIntegerField(
        _("signatures"), null=True, blank=True, validators=[MaxValueValidator(50)]
    )
    proxy_allowed = models.CharField(
        _("can someone act for you"), max_length=10, choices=choices.Proxy.choices, blank=True
    )

    content_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("content owner"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="owned_services",
    )
    backup_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("backup owner"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="backup_services",
    )
    owner_email = models.EmailField(
        _("e-mail of the owner"), blank=True, help_text=_("If the owner does not use this system.")
    )
    review_months = models.PositiveSmallIntegerField(
        _("review"), choices=choices.ReviewPeriod.choices, default=choices.ReviewPeriod.YEAR
    )
    last_reviewed_at = models.DateField(_("last checked"), null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("checked by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    not_applicable = models.JSONField(
        _("does not apply, because …"),
        default=dict,
        blank=True,
        help_text=_("A reason of at least 10 letters counts as an answer."),
    )
    sources = models.TextField(
        _("where the facts come from"), blank=True, help_text=_("For colleagues; not shown to the public.")
    )
    change_reason = models.CharField(
        _("why facts changed"),
        max_length=500,
        blank=True,
        help_text=_("Goes into the public change log with the next publication."),
    )
    change_law = models.ForeignKey(
        "egov_site.LegalReference",
        verbose_name=_("law that changed them"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    fact_fields = (
        "service_code",
        "owner_unit",
        "category",
        "audiences",
        "life_events",
        "coverage",
        "status",
        "digital_level",
        "ur_class",
        "ur_url",
        "gems_code",
        "is_free",
        "needs_no_documents",
        "duration_min",
        "duration_max",
        "duration_unit",
        "visits",
        "signatures",
        "proxy_allowed",
        "content_owner",
        "backup_owner",
        "owner_email",
        "review_months",
        "last_reviewed_at",
        "reviewed_by",
        "not_applicable",
        "sources",
    )
    word_fields = ("title", "summary", "popular_names", "fee_exemptions", "duration_note", "body")
    fact_rows = {
        name: FactRows(facts=("key", *model.fact_fields), words=model.word_fields)
        for name, model in ROWS.items()
    }

    base_form_class = ServicePageForm
    shows_own_notices = True
    content_panels = [*SitePage.content_panels, *SERVICE_PANELS]
    # A copy is another service and gets its own code; a translation gets the code of its source below.
    exclude_fields_in_copy = ["service_code"]
    publish_required = ("summary", "owner_unit", "audiences")
    parent_page_types = ["egov_services.ServiceIndexPage"]
    query_parameters = CASE_PARAMETERS
    subpage_types = []

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        permissions = [
            ("export_services", _("Can take services out as a file")),
            ("import_services", _("Can send files of services in")),
        ]

    def get_context(self, request, *args, **kwargs):
        return super().get_context(request, *args, **kwargs) | policies.page_context(self, request)

    def shown_instead(self):
        """Its page shows itself, and the services that `snapshots.dependencies` knows: their changes drop it."""
        return {label(ServicePage): [family(self)], "egov_services.servicesnapshot": [family(self)]}

    def more_tags(self):
        return [*super().more_tags(), *(f"family:{key}" for key in self._named_by())]

    def _named_by(self):
        block = publication.current()
        known = block.parts if block is not None else {}
        key = f"named-by-{self.translation_key}"
        if key not in known:
            known[key] = policies.naming([self.translation_key])
        return known[key] | getattr(self, "depending_before", set())

    def copy_for_translation(self, *args, **kwargs):
        page = super().copy_for_translation(*args, **kwargs)
        page.service_code = self.service_code
        ServicePage.objects.filter(pk=page.pk).update(service_code=self.service_code)
        if revision := page.get_latest_revision():
            revision.content["service_code"] = self.service_code
            revision.save(update_fields=["content"])
        return page

    def clean(self):
        super().clean()
        self.number_rows()
        if message := self.code_problem():
            raise ValidationError({"service_code": message})
        self.clean_facts()

    def clean_facts(self):
        """Raise ValidationError for facts that contradict each other; runs no queries."""
        errors = {}
        if None not in (self.duration_min, self.duration_max) and self.duration_max < self.duration_min:
            errors["duration_max"] = _("The longest time is below the fastest.")
        if (self.duration_min is not None or self.duration_max is not None) and not self.duration_unit:
            errors["duration_unit"] = _("Choose a unit of time.")
        if errors:
            raise ValidationError(errors)

    def default_slug(self):
        if self.service_code and not slugify(self.title):
            return self.service_code.lower()
        return super().default_slug()

    def number_rows(self):
        """Give a key to every row without one: the letter of its kind and the first free number."""
        for name, model in ROWS.items():
            existing = list(getattr(self, name).all())
            taken = {row.key for row in existing}
            number = 1
            for row in existing:
                if row.key:
                    continue
                while f"{model.key_letter}{number}" in taken:
                    number += 1
                row.key = f"{model.key_letter}{number}"
                taken.add(row.key)

    def code_problem(self):
        """The reason why this code is refused, or an empty string: another service has it, or it was published."""
        others = ServicePage.objects.exclude(translation_key=self.translation_key)
        if self.service_code and others.filter(service_code=self.service_code).exists():
            return _("Another service has the code %(code)s.") % {"code": self.service_code}
        if self.pk and self.first_published_at:
            published = ServicePage.objects.values_list("service_code", flat=True).get(pk=self.pk)
            if published and published != self.service_code:
                return _("The code %(code)s was published and cannot be changed.") % {"code": published}
        return ""
