"""Notices: what people must know now, on every page or where it concerns them. They end by themselves.

What an editor picks says where a notice stands; nobody places it by hand:

* pages (a service is one): on these pages, those below and their translations;
* offices, governorates: on the pages of these offices, in every list that names them;
* pages and places together: what holds of these services at these places only;
* `everywhere`: as a banner on every page, besides.
"""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.models import Page

from egov_cms.language.fields import TranslatedTextField

from ..cache import kept
from .base import Record, RecordQuerySet
from .office import Office
from .place import Governorate


class NoticeQuerySet(RecordQuerySet):
    def in_force(self, now=None):
        """Public notices that have begun and not ended."""
        now = now or timezone.now()
        return self.public().filter(starts__lte=now, ends__gt=now)

    def current(self, page=None, now=None):
        """What stands above a page as a banner: notices for everywhere, and those of `around(page)`.

        A page with `shows_own_notices` shows by itself what names it. No query while no notice is in force.
        """
        if now is None and not _any_in_force():
            return self.none()
        place = models.Q(everywhere=True)
        if page is not None and page.pk:
            own = not getattr(page, "shows_own_notices", False)
            place |= models.Q(pk__in=_naming(page.get_ancestors(inclusive=own)))
        return self.in_force(now).filter(place)

    def around(self, page, now=None):
        """Those in force that name `page`, a page above it or a translation, with their places.

        `itself` is true for those that name this very page. No query while no notice is in force.
        """
        if now is None and not _any_in_force():
            return self.none()
        itself = NoticePage.objects.filter(notice=models.OuterRef("pk"))
        itself = itself.filter(page__translation_key=page.translation_key)
        found = self.in_force(now).filter(pk__in=_naming(page.get_ancestors(inclusive=True)))
        return found.annotate(itself=models.Exists(itself)).prefetch_related("offices", "governorates")

    def of_places(self, now=None) -> list["Notice"]:
        """Those in force that name offices or governorates, with these; `of_pages`: of some services only.

        No query where none does, three for any number otherwise.
        """
        if now is None and not _any_in_force(of_places=True):
            return []
        found = self.in_force(now).annotate(of_pages=_has(NoticePage)).filter(_has_places())
        return list(found.prefetch_related("offices", "governorates"))

    def stopped_pages(self, translation_keys, now=None) -> set:
        """Those of the pages that are suspended at all places by a notice that names them. At most one query."""
        if now is None and not _any_in_force():
            return set()
        stops = self.in_force(now).filter(level="suspended", offices=None, governorates=None)
        rows = NoticePage.objects.filter(page__translation_key__in=list(translation_keys))
        return set(
            rows.filter(notice__in=stops.order_by().values("pk")).values_list(
                "page__translation_key", flat=True
            )
        )

    def past(self, now=None):
        """Public notices that have ended, latest first."""
        return self.public().filter(ends__lte=now or timezone.now()).order_by("-ends")


def _has(rows):
    return models.Exists(rows.objects.filter(notice=models.OuterRef("pk")))


def _has_places():
    return models.Q(_has(NoticeOffice)) | models.Q(_has(Notice.governorates.through))


def _moments():
    """(begins, ends, names places) of every public notice that has not ended: one query for each version."""

    def read():
        notices = Notice.objects.public().filter(ends__gt=timezone.now()).order_by()
        places = models.Case(models.When(_has_places(), then=True), default=False)
        return list(notices.annotate(of_places=places).values_list("starts", "ends", "of_places"))

    return kept("notice-moments", read)


def _any_in_force(of_places=False) -> bool:
    """Is any notice in force now, or any that names places?"""
    now = timezone.now()
    return any(starts <= now < ends and named >= of_places for starts, ends, named in _moments())


def next_change(now):
    """The next moment at which a notice begins or ends; None when none will."""
    moments = (moment for starts, ends, _places in _moments() for moment in (starts, ends))
    return min((moment for moment in moments if moment > now), default=None)


def _naming(pages):
    """Keys of the notices that name one of these pages or a translation of it."""
    keys = pages.filter(depth__gt=1).values("translation_key")
    return NoticePage.objects.filter(page__translation_key__in=keys).values("notice")


class NoticeForm(WagtailAdminModelForm):
    """A notice that concerns nothing would be shown nowhere but in the list of notices."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk is None and "everywhere" in self.fields:
            self.initial["everywhere"] = False

    def clean(self):
        data = super().clean()
        rows = [self.formsets[name] for name in ("page_rows", "office_rows") if name in self.formsets]
        picked = any(
            not each.get("DELETE") and (each.get("page") or each.get("office"))
            for formset in rows
            if formset.is_valid()
            for each in formset.cleaned_data
        )
        if not (picked or data.get("everywhere") or data.get("governorates")):
            message = _("Choose what the notice concerns: services, offices, governorates, or every page.")
            self.add_error("everywhere", message)
        return data


class Notice(Record, ClusterableModel):
    """All languages are required: a warning in one language only is no warning."""

    class Level(models.TextChoices):
        INFO = "info", _("Information")
        LIMITED = "limited", _("Limited service")
        SUSPENDED = "suspended", _("Service suspended")

    level = models.CharField(_("level"), max_length=12, choices=Level, default=Level.INFO)
    title = TranslatedTextField(_("title"), required="all", max_length=120)
    body = TranslatedTextField(_("text"), required="all", multiline=True, max_length=600)
    link = models.URLField(_("link"), blank=True)
    starts = models.DateTimeField(_("starts"), default=timezone.now, db_index=True)
    ends = models.DateTimeField(
        _("ends"), db_index=True, help_text=_("A notice without an end is forgotten.")
    )
    everywhere = models.BooleanField(
        _("on every page"),
        default=True,
        help_text=_("As a banner on all pages of the site. Leave it out when it concerns some people only."),
    )
    pages = models.ManyToManyField(
        Page,
        verbose_name=_("pages"),
        blank=True,
        related_name="+",
        through="egov_site.NoticePage",
        help_text=_("Shown there, on the pages below and on their translations."),
    )
    offices = models.ManyToManyField(
        Office,
        verbose_name=_("offices"),
        blank=True,
        related_name="+",
        through="egov_site.NoticeOffice",
    )
    governorates = models.ManyToManyField(
        Governorate,
        verbose_name=_("governorates"),
        blank=True,
        related_name="+",
        help_text=_("All offices there."),
    )

    objects = NoticeQuerySet.as_manager()
    base_form_class = NoticeForm

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = [
            models.Case(
                models.When(level="suspended", then=0), models.When(level="limited", then=1), default=2
            ),
            "-starts",
        ]

    def __str__(self):
        return str(self.title)

    def clean(self):
        super().clean()
        if self.starts and self.ends and self.ends <= self.starts:
            raise ValidationError({"ends": _("The end is not after the start.")})

    def is_current(self, now=None) -> bool:
        return self.is_public and self.starts <= (now or timezone.now()) < self.ends

    @cached_property
    def places(self) -> list:
        """The governorates and offices that it names. Reads them as prefetched."""
        return [*self.governorates.all(), *self.offices.all()]

    def concerns(self, office) -> bool:
        """Does it name this office or its governorate? Reads the places as prefetched."""
        return any(
            place.pk == (office.governorate_id if isinstance(place, Governorate) else office.pk)
            for place in self.places
        )


class NoticePage(models.Model):
    notice = ParentalKey(Notice, related_name="page_rows", on_delete=models.CASCADE)
    page = models.ForeignKey(Page, verbose_name=_("page"), related_name="+", on_delete=models.CASCADE)

    class Meta:
        verbose_name = _("page of a notice")
        verbose_name_plural = _("pages of a notice")
        # The table that the relation had before its rows were edited one by one.
        db_table = "egov_site_notice_pages"
        unique_together = [("notice", "page")]


class NoticeOffice(models.Model):
    notice = ParentalKey(Notice, related_name="office_rows", on_delete=models.CASCADE)
    office = models.ForeignKey(Office, verbose_name=_("office"), related_name="+", on_delete=models.CASCADE)

    class Meta:
        verbose_name = _("office of a notice")
        verbose_name_plural = _("offices of a notice")
        unique_together = [("notice", "office")]
