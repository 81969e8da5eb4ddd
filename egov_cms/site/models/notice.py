"""Notices: what people must know now, on every page or on some. They end by themselves."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from egov_cms.language.fields import TranslatedTextField

from .base import Record, RecordQuerySet


class NoticeQuerySet(RecordQuerySet):
    def current(self, page=None, now=None):
        """Public notices in force.

        Those for everywhere, and those for `page`, the pages above it or their translations.
        """
        now = now or timezone.now()
        place = models.Q(everywhere=True)
        if page is not None and page.pk:
            around = page.get_ancestors(inclusive=True).filter(depth__gt=1).values("translation_key")
            place |= models.Q(
                pk__in=self.model.pages.through.objects.filter(page__translation_key__in=around).values(
                    "notice"
                )
            )
        return self.public().filter(place, starts__lte=now, ends__gt=now)

    def past(self, now=None):
        """Public notices that have ended, latest first."""
        return self.public().filter(ends__lte=now or timezone.now()).order_by("-ends")


class Notice(Record):
    """A banner. All languages are required: a warning in one language only is no warning."""

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
    everywhere = models.BooleanField(_("on every page"), default=True)
    pages = models.ManyToManyField(
        Page,
        verbose_name=_("pages"),
        blank=True,
        related_name="+",
        help_text=_("Shown there, on the pages below and on their translations."),
    )

    objects = NoticeQuerySet.as_manager()

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
