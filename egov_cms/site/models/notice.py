"""Notices: current information on every page or on the pages that it concerns. Each has an end.

What an editor chooses determines where a notice is shown:

* pages (such as services): on these pages, their descendants and their translations;
* offices, governorates: on the pages of these offices, and in every list that shows them;
* pages and places together: for these services at these places only;
* `everywhere`: also as a banner on every page.
"""

from collections import defaultdict
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.forms import WagtailAdminModelForm

from egov_cms.adapters.wagtail.pages import page_model
from egov_cms.language.fields import TranslatedTextField
from egov_cms.site.page_cache import cached_by_version

from ..shown import only, shows
from ..tags import label, row
from .base import Record, RecordQuerySet
from .office import Office, notices_of_places
from .place import Governorate

Page = page_model()


class NoticeQuerySet(RecordQuerySet):
    def in_force(self, now=None):
        """Public notices that have started and not ended."""
        now = now or timezone.now()
        return self.public().filter(starts__lte=now, ends__gt=now)

    def current(self, page=None) -> list["Notice"]:
        """The notices in the banner of a page: those for every page, and those that name it or an ancestor.

        A page with `shows_own_notices` shows the notices that name it itself. Like `around`, `of_places` and
        `stopped_pages` this reads cached notices, without a query.
        """
        path = page.path if page is not None and page.pk else ""
        if path and getattr(page, "shows_own_notices", False):
            path = path[: -page.steplen]
        return [notice for notice in _in_force() if notice.everywhere or notice.holds_at(path)]

    def around(self, page) -> list["Notice"]:
        """Notices in force that name `page`, an ancestor or a translation; `itself`: the notice names this page."""
        notices = [notice for notice in _in_force() if notice.holds_at(page.path)]
        for notice in notices:
            notice.itself = page.translation_key in notice.named.values()
        return notices

    def of_places(self) -> list["Notice"]:
        """Notices in force that name offices or governorates."""
        return [notice for notice in _in_force() if notice.places]

    def stopped_pages(self, translation_keys) -> set:
        """Those of the pages that a notice in force suspends at all places."""
        stops = (notice for notice in _in_force() if notice.level == "suspended" and not notice.places)
        return {key for notice in stops for key in notice.named.values()} & set(translation_keys)

    def past(self, now=None):
        """Public notices that have ended, latest first."""
        return self.public().filter(ends__lte=now or timezone.now()).order_by("-ends")


def _unended() -> list["Notice"]:
    """Every public notice that has not ended, with its places and pages.

    Cached under the version of the page cache: one query when there are no notices, five for any number.
    """
    return cached_by_version("notices", _read_unended)


def _read_unended():
    unended = Notice.objects.public().filter(ends__gt=timezone.now())
    keys = defaultdict(set)
    # It shows the pages and places that it names, and no others. A page that moves drops everything.
    with only(label(Notice)):
        notices = list(unended.prefetch_related("offices__governorate", "governorates"))
        rows = NoticePage.objects.filter(notice__in=notices).values_list("notice", "page__translation_key")
        for pk, key in rows:
            keys[pk].add(key)
        pages = Page.objects.filter(depth__gt=1, translation_key__in=set().union(*keys.values()))
        paths = list(pages.values_list("path", "translation_key"))
        places = [place for notice in notices for place in notice.places]
        places += [
            place.governorate for place in places if isinstance(place, Office) and place.governorate_id
        ]
    shows(*(f"family:{key}" for named in keys.values() for key in named), *map(row, places))
    for notice in notices:
        notice.named = {path: key for path, key in paths if key in keys[notice.pk]}
    return notices


def _in_force() -> list["Notice"]:
    now = timezone.now()
    return [notice for notice in _unended() if notice.starts <= now < notice.ends]


def next_change(now):
    """The next time at which a notice begins or ends; None when there is none."""
    moments = (moment for notice in _unended() for moment in (notice.starts, notice.ends))
    return min((moment for moment in moments if moment > now), default=None)


class NoticeForm(WagtailAdminModelForm):
    """Requires a choice of what the notice concerns: without it, only the page of notices would show the notice."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk is None and "everywhere" in self.fields:
            self.initial["everywhere"] = False

    def clean(self):
        data = super().clean()
        rows = [self.formsets[name] for name in ("page_rows", "office_rows") if name in self.formsets]
        chosen = any(
            not each.get("DELETE") and (each.get("page") or each.get("office"))
            for formset in rows
            if formset.is_valid()
            for each in formset.cleaned_data
        )
        if not (chosen or data.get("everywhere") or data.get("governorates")):
            message = _("Choose what the notice concerns: services, offices, governorates, or every page.")
            self.add_error("everywhere", message)
        return data


class Notice(Record, ClusterableModel):
    """All languages are required, because a notice must reach every reader."""

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

    # Tree path → translation key of the pages that it names, translations included; set by `_read_unended`.
    named: dict[str, UUID]

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
        """The governorates and offices that it names. Reads prefetched rows."""
        return [*self.governorates.all(), *self.offices.all()]

    def holds_at(self, path: str) -> bool:
        """Does it name the page at this tree path, or an ancestor?"""
        return any(path.startswith(named) for named in self.named)

    def concerns(self, office) -> bool:
        """Does it name this office or its governorate? Reads prefetched places."""
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
        # The name of the automatic table of the former many-to-many field.
        db_table = "egov_site_notice_pages"
        unique_together = [("notice", "page")]


class NoticeOffice(models.Model):
    notice = ParentalKey(Notice, related_name="office_rows", on_delete=models.CASCADE)
    office = models.ForeignKey(Office, verbose_name=_("office"), related_name="+", on_delete=models.CASCADE)

    class Meta:
        verbose_name = _("office of a notice")
        verbose_name_plural = _("offices of a notice")
        unique_together = [("notice", "office")]


@notices_of_places.register
def _of_places():
    return Notice.objects.of_places()
