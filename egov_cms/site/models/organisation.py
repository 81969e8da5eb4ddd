"""Units of the organisation, people, and their present and past roles."""

import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.search import index

from blocks.fields import StreamField
from egov_cms.adapters.wagtail.pages import page_model

from ..fact_forms import FactInlinePanel, FactPanel
from ..facts import FactRow, FactRows
from .base import SitePage, nest
from .fields import PhoneListField

Page = page_model()


class OrganisationIndexPage(SitePage):
    """The organisation as a nested list."""

    stands_on_every_page = True
    template = "egov_site/organisation_index_page.html"
    parent_page_types = ["egov_site.HomePage", "egov_site.SectionPage"]
    subpage_types = ["egov_site.OrganisationUnitPage"]

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisation")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        units = OrganisationUnitPage.objects.descendant_of(self).public().order_by("path")
        context["tree"] = nest(units)
        return context


class OrganisationUnitPage(SitePage):
    """A unit; its subunits are child pages. Records refer to the page in the source language."""

    class Kind(models.TextChoices):
        MINISTRY = "ministry", _("Ministry")
        AGENCY = "agency", _("Agency or commission")
        DIRECTORATE_GENERAL = "directorate_general", _("Directorate general")
        DIRECTORATE = "directorate", _("Directorate")
        DEPARTMENT = "department", _("Department")
        SECTION = "section", _("Section")
        DIVISION = "division", _("Division")
        CENTRE = "centre", _("Centre")
        OFFICE = "office", _("Office")
        COMPANY = "company", _("State company")

    code = models.CharField(_("code"), max_length=20, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.DEPARTMENT)
    phones = PhoneListField(_("telephones"))
    email = models.EmailField(_("e-mail"), blank=True)
    body = StreamField("body", blank=True, verbose_name=_("body"))

    template = "egov_site/organisation_unit_page.html"
    parent_page_types = ["egov_site.OrganisationIndexPage", "egov_site.OrganisationUnitPage"]
    subpage_types = ["egov_site.OrganisationUnitPage", "egov_site.ContentPage"]
    fact_fields = ("code", "kind", "phones", "email")
    content_panels = [
        *SitePage.content_panels,
        MultiFieldPanel([FactPanel("code"), FactPanel("kind")], heading=_("Unit")),
        MultiFieldPanel([FactPanel("phones"), FactPanel("email")], heading=_("Contact")),
        FieldPanel("body"),
    ]
    search_fields = [*Page.search_fields, index.SearchField("summary"), index.SearchField("body")]

    class Meta:
        verbose_name = _("organisation unit")
        verbose_name_plural = _("organisation units")

    def get_context(self, request, *args, **kwargs):
        from .office import Office

        context = super().get_context(request, *args, **kwargs)
        units = OrganisationUnitPage.objects
        context["subunits"] = units.child_of(self).public().order_by("path")
        context["people"] = current_appointments(self)
        context["offices"] = (
            Office.objects.public().filter(unit__translation_key=self.translation_key).with_states()
        )
        return context


class PeopleIndexPage(SitePage):
    stands_on_every_page = True
    template = "egov_site/people_index_page.html"
    parent_page_types = ["egov_site.HomePage", "egov_site.SectionPage"]
    subpage_types = ["egov_site.PersonPage"]

    class Meta:
        verbose_name = _("people")
        verbose_name_plural = _("people")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        context["people"] = self.people()
        return context

    def people(self) -> list["PersonPage"]:
        """Public pages of people, sorted by their highest current role, each with `current_roles`."""
        today = datetime.date.today()
        people = list(
            PersonPage.objects.child_of(self)
            .public()
            .select_related("photo")
            .prefetch_related("appointments")
        )
        for person in people:
            person.current_roles = [role for role in person.appointments.all() if role.is_current(today)]
        no_rank = max(Rank.values) + 1
        people.sort(
            key=lambda each: (min((role.rank for role in each.current_roles), default=no_rank), each.path)
        )
        return people


class Rank(models.IntegerChoices):
    """The order in which people of a ministry are listed."""

    MINISTER = 10, _("Minister")
    DEPUTY = 20, _("Deputy minister")
    ADVISER = 30, _("Adviser")
    DIRECTOR_GENERAL = 40, _("Director general")
    DIRECTOR = 50, _("Director")
    HEAD = 60, _("Head of section")
    OTHER = 90, _("Other")


class PersonPage(SitePage):
    """A person in public office.

    The title of the page is the name; present and past roles are Appointment rows.
    """

    photo = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=_("photograph"),
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.SET_NULL,
    )
    phones = PhoneListField(_("telephones"))
    email = models.EmailField(_("e-mail"), blank=True)
    body = StreamField("body", blank=True, verbose_name=_("biography"))

    template = "egov_site/person_page.html"
    parent_page_types = ["egov_site.PeopleIndexPage"]
    subpage_types: list[str] = []
    fact_fields = ("photo", "phones", "email")
    fact_rows = {
        "appointments": FactRows(
            facts=("rank", "unit", "starts", "ends", "decision", "decision_text"), words=("role",)
        )
    }
    content_panels = [
        *SitePage.content_panels,
        FactPanel("photo"),
        FactInlinePanel("appointments", heading=_("Roles, past and present"), label=_("role")),
        MultiFieldPanel([FactPanel("phones"), FactPanel("email")], heading=_("Contact")),
        FieldPanel("body"),
    ]
    search_fields = [*Page.search_fields, index.SearchField("summary"), index.SearchField("body")]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def roles(self) -> tuple[list["Appointment"], list["Appointment"]]:
        """Current roles by rank, and past roles, latest first."""
        today = datetime.date.today()
        rows = list(self.appointments.select_related("unit", "decision"))
        current = [row for row in rows if row.is_current(today)]
        past = [row for row in rows if row.is_past(today)]
        current.sort(key=lambda row: row.rank)
        past.sort(key=lambda row: row.ends, reverse=True)
        return current, past

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        context["current"], context["past"] = self.roles()
        return context


class Appointment(FactRow):
    """A role that a person holds or held. `unit` is the unit's page in the source language."""

    page = ParentalKey(PersonPage, related_name="appointments", on_delete=models.CASCADE)
    role = models.CharField(_("role"), max_length=160, blank=True)
    rank = models.PositiveSmallIntegerField(_("rank"), choices=Rank, default=Rank.OTHER)
    unit = models.ForeignKey(
        OrganisationUnitPage,
        verbose_name=_("organisation unit"),
        null=True,
        blank=True,
        related_name="appointments",
        on_delete=models.SET_NULL,
    )
    starts = models.DateField(_("from"), null=True, blank=True)
    ends = models.DateField(_("to"), null=True, blank=True)
    decision = models.ForeignKey(
        "egov_site.LegalReference",
        verbose_name=_("decision"),
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.SET_NULL,
    )
    decision_text = models.CharField(_("decision number and date"), max_length=80, blank=True)

    panels = [
        FieldPanel("role"),
        FieldPanel("rank"),
        FieldPanel("unit"),
        FieldPanel("starts"),
        FieldPanel("ends"),
        FieldPanel("decision"),
        FieldPanel("decision_text"),
    ]

    class Meta(FactRow.Meta):
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")

    def __str__(self):
        return self.role

    def clean(self):
        super().clean()
        if self.starts and self.ends and self.ends < self.starts:
            raise ValidationError({"ends": _("The end is before the beginning.")})

    def is_current(self, today: datetime.date) -> bool:
        return (self.starts is None or self.starts <= today) and (self.ends is None or self.ends >= today)

    def is_past(self, today: datetime.date) -> bool:
        return self.ends is not None and self.ends < today


def current_appointments(unit) -> list[Appointment]:
    """Current roles in a unit by rank, of people with a public page in the language of the unit's page."""
    today = datetime.date.today()
    people = PersonPage.objects.public().filter(locale_id=unit.locale_id)
    rows = (
        Appointment.objects.filter(unit__translation_key=unit.translation_key, page__in=people)
        .select_related("page", "page__photo")
        .order_by("rank", "sort_order")
    )
    return [row for row in rows if row.is_current(today)]
