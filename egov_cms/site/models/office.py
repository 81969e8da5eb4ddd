"""Offices: address, contact, accessibility and opening hours."""

import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable
from wagtail.search import index

from egov_cms.adapters.wagtail.references import references_read_once
from egov_cms.language import fold
from egov_cms.language.fields import TranslatedTextField
from egov_cms.language.phones import normalise_phone
from egov_cms.policies import Policy

from ..opening import BAGHDAD, HORIZON_DAYS, MIDNIGHT, OpenState, Span, Special, opening, spans_on
from ..page_cache import cached_by_version
from .base import Record, RecordQuerySet, validate_ascii_slug
from .fields import ChoiceListField, CoordinateField, PhoneListField
from .place import Governorate, Holiday, validate_in_iraq

ABROAD = "abroad"


class Weekday(models.IntegerChoices):
    """In the order of the week in Iraq: `date.isoweekday() % 7`."""

    SUNDAY = 0, _("Sunday")
    MONDAY = 1, _("Monday")
    TUESDAY = 2, _("Tuesday")
    WEDNESDAY = 3, _("Wednesday")
    THURSDAY = 4, _("Thursday")
    FRIDAY = 5, _("Friday")
    SATURDAY = 6, _("Saturday")


# () → the notices in force that name places. A policy, because `notice` imports this module.
notices_of_places = Policy("site.notices_of_places", default=list)


class OfficeQuerySet(RecordQuerySet):
    def with_hours(self):
        """Prefetch the rows that `opening()` and the hours table read: two queries for any number of offices."""
        return self.select_related("governorate").prefetch_related("hours", "special_periods")

    def in_order(self, pks: list[int]):
        """The offices with these primary keys, in the order of the list."""
        order = models.Case(
            *(models.When(pk=pk, then=position) for position, pk in enumerate(pks)), default=len(pks)
        )
        return self.filter(pk__in=pks).order_by(order)

    def with_states(self, now=None) -> list["Office"]:
        """The offices as a list, each with `state` (OpenState at `now`) and the `notices` that concern it.

        Four queries for any number of offices.
        """
        offices = list(self.with_hours())
        notices = notices_of_places() if offices else []
        now = now or timezone.now()
        calendar = opening_calendar(now)
        for office in offices:
            office.notices = [notice for notice in notices if notice.concerns(office)]
            office.state = OpenState(False) if office.is_stopped else office.opening(now, calendar)
        return offices


def opening_calendar(now):
    """The holidays that decide when offices open next, from the day of `now` on. A query on the first page of a day."""
    today = now.astimezone(BAGHDAD).date()
    end = today + datetime.timedelta(days=HORIZON_DAYS)
    return cached_by_version(f"holidays-{today}", lambda: Holiday.objects.calendar(today, end))


class Office(index.Indexed, Record, ClusterableModel):
    """A place that serves visitors. `unit` is the organisation unit's page in the source language."""

    class Kind(models.TextChoices):
        MINISTRY = "ministry", _("Ministry building")
        DIRECTORATE = "directorate", _("Directorate")
        BRANCH = "branch", _("Branch or section")
        SERVICE_CENTRE = "service_centre", _("Citizen service centre")
        REGISTRY = "registry", _("Registry")
        MISSION = "mission", _("Mission abroad")
        MOBILE = "mobile", _("Mobile unit")
        OTHER = "other", _("Other")

    class Access(models.TextChoices):
        RAMP = "ramp", _("Ramp or level entrance")
        LIFT = "lift", _("Lift")
        TOILET = "toilet", _("Accessible toilet")
        PARKING = "parking", _("Reserved parking")
        WOMEN_HALL = "women_hall", _("Separate hall for women")
        QUEUE_TICKETS = "queue_tickets", _("Queue tickets")
        WAITING_SEATS = "waiting_seats", _("Seats in the waiting hall")
        PRIORITY = "priority", _("Priority counter for elderly and disabled people")
        SIGN_LANGUAGE = "sign_language", _("Sign language")
        KURDISH = "kurdish", _("Staff who speak Kurdish")

    name = TranslatedTextField(_("name"), max_length=200)
    slug = models.SlugField(
        _("address on the site"), max_length=80, unique=True, blank=True, validators=[validate_ascii_slug]
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.BRANCH)
    unit = models.ForeignKey(
        "egov_site.OrganisationUnitPage",
        verbose_name=_("organisation unit"),
        related_name="offices",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
    )
    governorate = models.ForeignKey(
        Governorate,
        verbose_name=_("governorate"),
        related_name="offices",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_("Leave empty only for a mission abroad."),
    )
    district = TranslatedTextField(_("district"), required="none", max_length=120)
    address = TranslatedTextField(_("street address"), required="none", multiline=True, max_length=400)
    landmark = TranslatedTextField(
        _("landmark"),
        required="none",
        max_length=200,
        help_text=_("What people ask for: “opposite the post office”."),
    )
    mahalla = models.CharField(_("mahalla"), max_length=12, blank=True)
    zuqaq = models.CharField(_("zuqaq (lane)"), max_length=12, blank=True)
    dar = models.CharField(_("dar (house)"), max_length=12, blank=True)
    latitude = CoordinateField(_("latitude"))
    longitude = CoordinateField(_("longitude"))
    phones = PhoneListField(_("telephones"), foreign=True)
    whatsapp = models.CharField(_("WhatsApp number"), max_length=20, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    access_features = ChoiceListField(_("access"), codes=Access.choices)
    photo = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=_("photograph"),
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.SET_NULL,
    )
    sort_order = models.PositiveIntegerField(_("order"), default=100)

    objects = OfficeQuerySet.as_manager()

    search_fields = [index.SearchField("search_text"), index.AutocompleteField("search_text")]

    class Meta:
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        ordering = ["sort_order", "slug"]

    def __str__(self):
        return str(self.name)

    def save(self, **kwargs):
        self.slug = self.slug or self._free_slug()
        with references_read_once(self):
            super().save(**kwargs)

    def clean(self):
        super().clean()
        self.slug = self.slug or self._free_slug()
        if self.whatsapp:
            try:
                self.whatsapp = normalise_phone(self.whatsapp, foreign=self.is_abroad)
            except ValueError:
                raise ValidationError({"whatsapp": _("This is not a telephone number.")}) from None
        if not self.is_abroad and self.governorate_id is None:
            raise ValidationError(
                {"governorate": _("Choose the governorate. Only a mission abroad has none.")}
            )
        if (self.latitude is None) != (self.longitude is None):
            raise ValidationError({"longitude": _("Give both latitude and longitude, or neither.")})
        if self.latitude is not None:
            self._check_position()

    def _check_position(self):
        if not self.is_abroad:
            validate_in_iraq(self.latitude, self.longitude)
        elif not (-90 <= self.latitude <= 90 and -180 <= self.longitude <= 180):
            raise ValidationError({"latitude": _("This is not a place on Earth.")})

    def _free_slug(self) -> str:
        base = slugify(self.name.in_locale("en"))[:70] or "office"
        slug, number = base, 2
        while Office.objects.filter(slug=slug).exclude(pk=self.pk).exists():
            slug, number = f"{base}-{number}", number + 1
        return slug

    @property
    def is_abroad(self) -> bool:
        return self.kind == self.Kind.MISSION

    @property
    def place_slug(self) -> str:
        """The first part of the office's address: `offices/<place_slug>/<slug>/`."""
        return self.governorate.slug if self.governorate_id else ABROAD

    @property
    def is_stopped(self) -> bool:
        """Does one of its `notices` (`with_states`) suspend the whole office, not only some services there?"""
        return any(notice.level == "suspended" and not notice.named for notice in self.notices)

    @property
    def access_labels(self) -> list[str]:
        labels = dict(self.Access.choices)
        return [labels[code] for code in self.Access.values if code in self.access_features]

    @property
    def search_text(self) -> str:
        """Name, address and governorate of the office in every language, folded."""
        words = [
            *self.name.values(),
            *self.district.values(),
            *self.landmark.values(),
            *self.address.values(),
        ]
        if self.governorate_id:
            words += [*self.governorate.name.values(), *self.governorate.other_names]
        return fold(" ".join(words))

    @property
    def weekly(self) -> dict[int, tuple[Span, ...]]:
        """Usual spans by Weekday. Reads the prefetched `hours`."""
        return {row.weekday: row.spans for row in self.hours.all()}

    @property
    def specials(self) -> list[Special]:
        return [row.as_special() for row in self.special_periods.all()]

    def opening(self, now=None, calendar=None) -> OpenState:
        """The OpenState at `now`.

        `calendar` is `Holiday.objects.calendar(…)`; for lists use `with_states()`, which loads one for all offices.
        """
        now = now or timezone.now()
        calendar = calendar or opening_calendar(now)
        # Missions follow the calendar of their host country, which is not stored.
        holidays = calendar.of(self.governorate_id) if self.governorate_id else frozenset()
        return opening(now, self.weekly, self.specials, holidays)

    def week(self, start: datetime.date, calendar=None) -> list[tuple[datetime.date, tuple[Span, ...]]]:
        """The seven days from `start`, each with its spans; considers holidays and special periods."""
        days = [start + datetime.timedelta(days=offset) for offset in range(7)]
        calendar = calendar or Holiday.objects.calendar(days[0], days[-1])
        holidays = calendar.of(self.governorate_id) if self.governorate_id else frozenset()
        weekly, specials = self.weekly, self.specials
        return [(day, spans_on(day, weekly, specials, holidays)) for day in days]


class TwoSpans(models.Model):
    """Up to two spans a day, as in «08:00–12:00, 13:00–15:00»."""

    opens = models.TimeField(_("opens"), null=True, blank=True)
    closes = models.TimeField(_("closes"), null=True, blank=True, help_text=_("00:00 is midnight."))
    opens_again = models.TimeField(_("opens again"), null=True, blank=True)
    closes_again = models.TimeField(_("closes again"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def spans(self) -> tuple[Span, ...]:
        pairs = ((self.opens, self.closes), (self.opens_again, self.closes_again))
        return tuple(
            Span(opens, closes) for opens, closes in pairs if opens is not None and closes is not None
        )

    def clean(self):
        super().clean()
        for opens, closes in (("opens", "closes"), ("opens_again", "closes_again")):
            self._check_span(opens, closes)
        if self.opens_again is not None:
            if self.opens is None:
                raise ValidationError({"opens": _("Fill in the first opening time before the second.")})
            if self.closes == MIDNIGHT or self.opens_again < self.closes:
                raise ValidationError({"opens_again": _("The second opening is before the first closing.")})

    def _check_span(self, opens_name, closes_name):
        opens, closes = getattr(self, opens_name), getattr(self, closes_name)
        if (opens is None) != (closes is None):
            raise ValidationError({closes_name: _("Give both the opening and the closing time.")})
        if opens is not None and closes != MIDNIGHT and closes <= opens:
            # Usually an editor wrote 3:00 for 15:00.
            raise ValidationError(
                {closes_name: _("Closing must be after opening. Write afternoon hours as 15:00.")}
            )


class OfficeHours(TwoSpans):
    office = ParentalKey(Office, related_name="hours", on_delete=models.CASCADE)
    weekday = models.SmallIntegerField(_("weekday"), choices=Weekday)

    class Meta:
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        unique_together = [("office", "weekday")]
        ordering = ["weekday"]

    def __str__(self):
        return self.get_weekday_display()

    def clean(self):
        super().clean()
        if self.opens is None:
            raise ValidationError({"opens": _("Give the opening time, or remove the day.")})


class SpecialPeriod(TwoSpans, Orderable):
    """Other hours for a limited time: Ramadan, an inventory, a flood."""

    office = ParentalKey(Office, related_name="special_periods", on_delete=models.CASCADE)
    name = TranslatedTextField(_("name"), max_length=120)
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    closed = models.BooleanField(_("closed"), default=False)
    every_day = models.BooleanField(
        _("every day"), default=False, help_text=_("Also on weekends and holidays, for extra opening days.")
    )

    class Meta(Orderable.Meta):
        verbose_name = _("special period")
        verbose_name_plural = _("special periods")

    def __str__(self):
        return str(self.name)

    def as_special(self) -> Special:
        return Special(self.first_day, self.last_day, () if self.closed else self.spans, self.every_day)

    def clean(self):
        super().clean()
        if self.first_day and self.last_day and self.last_day < self.first_day:
            raise ValidationError({"last_day": _("The last day is before the first.")})
        if self.closed and self.opens is not None:
            raise ValidationError({"closed": _("Either closed, or with hours.")})
        if not self.closed and self.opens is None:
            raise ValidationError({"opens": _("Give the hours of this period, or mark it as closed.")})
