"""Frequent questions with their answers."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from egov_cms.language.fields import TranslatedTextField

from .base import Record


class Faq(Record):
    question = TranslatedTextField(_("question"), max_length=240)
    answer = TranslatedTextField(_("answer"), multiline=True, max_length=2000)
    topic = TranslatedTextField(
        _("topic"), required="none", max_length=80, help_text=_("Questions are grouped by topic.")
    )
    sort_order = models.PositiveIntegerField(_("order"), default=100)

    class Meta:
        verbose_name = _("frequent question")
        verbose_name_plural = _("frequent questions")
        ordering = ["sort_order", "pk"]

    def __str__(self):
        return str(self.question)
