"""Word counts of public pages, and the source texts that each translation was last published against."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from egov_cms.adapters.wagtail.pages import page_model_name


class PageWords(models.Model):
    """The word count of a public page of any type, computed at publication by `editing.page_words`."""

    class State(models.TextChoices):
        CURRENT = "current", _("Up to date")
        STALE = "stale", _("To be brought up to date")

    page = models.OneToOneField(
        page_model_name(),
        on_delete=models.CASCADE,
        related_name="egov_words",
        verbose_name=_("page"),
    )
    # Passage → [fingerprint of its text, number of words]; a passage is a field, a column of a row, or a block.
    passages = models.JSONField(_("passages"), default=dict)
    # Passage of the source → its fingerprint when this translation was last published.
    seen = models.JSONField(_("seen"), default=dict)
    revision_id = models.BigIntegerField(_("version"), null=True)
    words = models.PositiveIntegerField(_("words"), default=0)
    stale_words = models.PositiveIntegerField(_("words to translate"), default=0)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.CURRENT, db_index=True
    )

    wagtail_reference_index_ignore = True
    affects_public_pages = False

    class Meta:
        verbose_name = _("words of a page")
        verbose_name_plural = _("words of pages")

    def __str__(self):
        return f"{self.page_id} {self.words}"
