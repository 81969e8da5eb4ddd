"""Records: data that services share, one row for all languages."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.search import index

from egov_cms.language import fold
from egov_cms.language.fields import TranslatedTextField
from egov_cms.services.choices import Actor, ChannelKind, EventKind
from egov_cms.site.models import Record as SiteRecord

CODE = RegexValidator(r"^[a-z0-9][a-z0-9_-]*$", _("Use small Latin letters, digits, - and _ only."))


class Record(index.Indexed, SiteRecord):
    """A code and a name in every language; files and URLs refer to the code."""

    code = models.CharField(_("code"), max_length=40, unique=True, validators=[CODE])
    name = TranslatedTextField(_("name"))
    sort_order = models.PositiveIntegerField(_("order"), default=0)

    class Meta:
        abstract = True
        ordering = ["sort_order", "code"]

    search_fields = [index.SearchField("search_text"), index.AutocompleteField("search_text")]
    panels = [FieldPanel("name"), FieldRowPanel([FieldPanel("code"), FieldPanel("sort_order")])]

    def __str__(self):
        return str(self.name) or self.code

    @property
    def search_text(self):
        """The names in all languages, folded, so that a chooser finds a record by its name in any language."""
        return fold(" ".join([self.code, *self.name.values()]))


class ServiceCategory(Record):
    """A subject that groups services."""

    class Meta(Record.Meta):
        verbose_name = _("service category")
        verbose_name_plural = _("service categories")


class Audience(Record):
    """A target group of services: citizens, businesses, …"""

    class Meta(Record.Meta):
        verbose_name = _("audience")
        verbose_name_plural = _("audiences")


class LifeEvent(Record):
    """An event in the life of a person or a business that requires several services."""

    kind = models.CharField(_("kind"), max_length=10, choices=EventKind.choices, default=EventKind.PERSON)

    class Meta(Record.Meta):
        verbose_name = _("life or business event")
        verbose_name_plural = _("life and business events")
        ordering = ["-kind", "sort_order", "code"]

    panels = [*Record.panels, FieldPanel("kind")]


class DocumentType(Record):
    """A type of evidence that services require. `issuer_unit` lets the once-only report run as one join."""

    description = TranslatedTextField(
        _("description"),
        multiline=True,
        required="none",
        help_text=_("What the paper is, where people do not know it by its name."),
    )
    issuer_unit = models.ForeignKey(
        "egov_site.OrganisationUnitPage",
        verbose_name=_("issued by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    issuing_service = models.ForeignKey(
        "egov_services.ServicePage",
        verbose_name=_("service that issues it"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("“Where to get it” links to this service."),
    )
    reusable = models.BooleanField(
        _("other bodies may reuse it"),
        default=False,
        help_text=_("The issuer can confirm it to other public bodies, so people need not bring it again."),
    )
    downloadable = models.BooleanField(
        _("blank form"), default=False, help_text=_("A form that people fill in, not a paper they own.")
    )
    blank_form = models.ForeignKey(
        "wagtaildocs.Document",
        verbose_name=_("form to download"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta(Record.Meta):
        verbose_name = _("document type")
        verbose_name_plural = _("document types")

    panels = [
        *Record.panels,
        FieldPanel("description"),
        FieldPanel("issuer_unit"),
        FieldPanel("issuing_service"),
        FieldPanel("reusable"),
        FieldRowPanel([FieldPanel("downloadable"), FieldPanel("blank_form")]),
    ]


class StepTemplate(Record):
    """The text of a step that many services share."""

    text = TranslatedTextField(_("explanation"), multiline=True, required="none")
    actor = models.CharField(_("who acts"), max_length=20, choices=Actor.choices, default=Actor.APPLICANT)
    channel = models.CharField(_("channel"), max_length=20, choices=ChannelKind.choices, blank=True)
    is_visit = models.BooleanField(_("people must come"), default=False)
    needs_signature = models.BooleanField(_("people must sign"), default=False)
    minutes = models.PositiveIntegerField(_("minutes it takes"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("step wording")
        verbose_name_plural = _("step wordings")

    panels = [
        *Record.panels,
        FieldPanel("text"),
        FieldRowPanel([FieldPanel("actor"), FieldPanel("channel")]),
        FieldRowPanel([FieldPanel("is_visit"), FieldPanel("needs_signature"), FieldPanel("minutes")]),
    ]


class GlossaryTerm(Record):
    """An official term with its preferred form in every language; editors get a warning for the variants."""

    variants = TranslatedTextField(
        _("words to avoid"), multiline=True, required="none", help_text=_("One word or phrase per line.")
    )
    definition = TranslatedTextField(_("definition"), multiline=True, required="none")
    source = models.CharField(
        _("source"), max_length=200, blank=True, help_text=_("The law or list that fixes the term.")
    )

    class Meta(Record.Meta):
        verbose_name = _("glossary term")
        verbose_name_plural = _("glossary terms")

    panels = [*Record.panels, FieldPanel("variants"), FieldPanel("definition"), FieldPanel("source")]
