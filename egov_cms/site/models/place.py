"""Governorates and official holidays."""

import datetime
from collections import defaultdict

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from egov_cms.language.fields import TranslatedTextField

from .base import validate_ascii_slug
from .fields import CoordinateField


class PlaceQuerySet(models.QuerySet):
    def public(self):
        """All rows: names of places and holidays are public."""
        return self.all()


class Governorate(models.Model):
    """A governorate.

    `code` is a stable code of this project, because ISO 3166-2 is behind the law (Halabja has no code yet).
    """

    drops_only_its_pages = True

    code = models.CharField(_("code"), max_length=8, unique=True)
    iso_code = models.CharField(_("ISO 3166-2 code"), max_length=8, blank=True)
    slug = models.SlugField(_("address"), unique=True, validators=[validate_ascii_slug])
    name = TranslatedTextField(_("name"), required="all")
    seat = TranslatedTextField(_("seat"), required="none")
    other_names = models.JSONField(
        _("other names"), default=list, blank=True, help_text=_("For search only.")
    )
    region = models.CharField(_("region code"), max_length=8, blank=True)
    latitude = CoordinateField(_("latitude of the seat"))
    longitude = CoordinateField(_("longitude of the seat"))
    sort_order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("governorate")
        verbose_name_plural = _("governorates")
        ordering = ["sort_order", "code"]

    def __str__(self):
        return str(self.name)


class HolidayCalendar:
    """Holidays between two days, loaded once: `calendar.of(governorate_id)` is a frozenset of days."""

    def __init__(self, rows):
        self._everywhere = set()
        self._by_governorate = defaultdict(set)
        self._by_code = defaultdict(set)
        for day, governorate_id, code in rows:
            if governorate_id is None:
                self._everywhere.add(day)
            else:
                self._by_governorate[governorate_id].add(day)
                self._by_code[code].add(day)

    def of(self, governorate_id=None) -> frozenset[datetime.date]:
        return frozenset(self._everywhere | self._by_governorate.get(governorate_id, set()))

    def of_code(self, code) -> frozenset[datetime.date]:
        """The same by the code of the governorate."""
        return frozenset(self._everywhere | self._by_code.get(code, set()))


class HolidayQuerySet(PlaceQuerySet):
    def calendar(self, start: datetime.date, end: datetime.date) -> HolidayCalendar:
        """The holidays from `start` to `end`, both included. One query."""
        rows = self.filter(date__gte=start, date__lte=end).values_list(
            "date", "governorates", "governorates__code"
        )
        return HolidayCalendar(rows)

    def days(self, start, end, governorate=None) -> frozenset[datetime.date]:
        """Holidays of the whole country, and those of `governorate` (an object or a primary key)."""
        return self.calendar(start, end).of(getattr(governorate, "pk", governorate))


class Holiday(models.Model):
    """An official holiday.

    Lunar feasts are announced and the cabinet adds days, so holidays are entered by hand, not computed.
    """

    drops_only_its_pages = True

    date = models.DateField(_("date"), db_index=True)
    name = TranslatedTextField(_("name"), required="all")
    governorates = models.ManyToManyField(
        Governorate,
        verbose_name=_("governorates"),
        blank=True,
        help_text=_("Leave empty for the whole country."),
    )
    code = models.SlugField(
        _("code"), blank=True, help_text=_("Names a yearly holiday; empty for a single one.")
    )

    objects = HolidayQuerySet.as_manager()

    class Meta:
        verbose_name = _("official holiday")
        verbose_name_plural = _("official holidays")
        ordering = ["date"]

    def __str__(self):
        return f"{self.date.isoformat()} {self.name}"


IRAQ = {"south": 29.0, "north": 37.5, "west": 38.7, "east": 48.7}


def validate_in_iraq(latitude, longitude):
    """Raise a ValidationError when a point lies outside Iraq's bounding box (degrees, WGS 84)."""
    errors = {}
    if not IRAQ["south"] <= float(latitude) <= IRAQ["north"]:
        errors["latitude"] = _("The latitude of a place in Iraq is between 29.0 and 37.5.")
    if not IRAQ["west"] <= float(longitude) <= IRAQ["east"]:
        errors["longitude"] = _("The longitude of a place in Iraq is between 38.7 and 48.7.")
    if errors:
        raise ValidationError(errors)
