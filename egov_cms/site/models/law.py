"""Legislation and decisions that pages and services refer to."""

from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail.search import index

from egov_cms.language import fold
from egov_cms.language.fields import TranslatedTextField

from .base import Record, validate_ascii_slug


class LegalReference(index.Indexed, Record):
    """A law, regulation, decision… identified by kind, number and year, as Iraqi texts cite it."""

    class Kind(models.TextChoices):
        CONSTITUTION = "constitution", _("Constitution")
        LAW = "law", _("Law")
        REGULATION = "regulation", _("Regulation")
        INSTRUCTIONS = "instructions", _("Instructions")
        CABINET_DECISION = "cabinet_decision", _("Council of Ministers decision")
        MINISTERIAL_ORDER = "ministerial_order", _("Ministerial order")
        CIRCULAR = "circular", _("Circular")
        RESOLUTION = "resolution", _("Resolution with the force of law")
        AGREEMENT = "agreement", _("International agreement")
        OTHER = "other", _("Other")

    class Status(models.TextChoices):
        IN_FORCE = "in_force", _("In force")
        AMENDED = "amended", _("Amended")
        REPEALED = "repealed", _("Repealed")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.LAW)
    number = models.CharField(_("number"), max_length=20, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    title = TranslatedTextField(_("title"), max_length=300)
    summary = TranslatedTextField(_("summary"), required="none", multiline=True, max_length=1000)
    issuer = TranslatedTextField(_("issued by"), required="none", max_length=200)
    gazette_issue = models.CharField(_("Official Gazette issue"), max_length=20, blank=True)
    gazette_date = models.DateField(_("Official Gazette date"), null=True, blank=True)
    url = models.URLField(_("text on the web"), blank=True)
    file = models.ForeignKey(
        "wagtaildocs.Document",
        verbose_name=_("text as a file"),
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.SET_NULL,
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.IN_FORCE)
    changed_by = models.ForeignKey(
        "self",
        verbose_name=_("amended or repealed by"),
        null=True,
        blank=True,
        related_name="changes",
        on_delete=models.SET_NULL,
    )
    slug = models.SlugField(
        _("address on the site"), max_length=80, unique=True, blank=True, validators=[validate_ascii_slug]
    )

    search_fields = [index.SearchField("search_text"), index.AutocompleteField("search_text")]

    class Meta:
        verbose_name = _("legal reference")
        verbose_name_plural = _("legal references")
        ordering = ["-year", "kind", "number"]

    def __str__(self):
        return str(self.title)

    def clean(self):
        super().clean()
        self.slug = self.slug or self._free_slug()

    def save(self, **kwargs):
        self.slug = self.slug or self._free_slug()
        super().save(**kwargs)

    def _free_slug(self) -> str:
        parts = [self.kind.replace("_", "-"), self.number, str(self.year or "")]
        base = slugify("-".join(part for part in parts if part))[:70] or "text"
        slug, number = base, 2
        while LegalReference.objects.filter(slug=slug).exclude(pk=self.pk).exists():
            slug, number = f"{base}-{number}", number + 1
        return slug

    @property
    def search_text(self) -> str:
        """Title, issuer, number and year in every language, folded."""
        return fold(
            " ".join([*self.title.values(), *self.issuer.values(), self.number, str(self.year or "")])
        )
