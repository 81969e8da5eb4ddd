"""The settings of a ministry's site: values without language in SiteSettings, texts in MinistryIdentity."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.models import Site

from egov_cms.language.fields import TranslatedTextField
from egov_cms.look import contrast

from ..svg import SVGField
from .fields import PhoneListField
from .place import Governorate

validate_colour = RegexValidator(
    r"^#[0-9a-fA-F]{6}$", _("Write a colour as # and six hexadecimal digits."), code="colour"
)
SOCIAL = ("facebook", "x", "instagram", "youtube", "telegram", "linkedin", "tiktok")


@register_setting(icon="cog", order=1)
class SiteSettings(BaseSiteSetting):
    """One row per site. Validation checks the contrast of the ministry's colours in both colour schemes."""

    class HomeLayout(models.TextChoices):
        SERVICES = "services", _("Services first")
        NEWS = "news", _("News first")

    class Digits(models.TextChoices):
        LATIN = "latn", "0 1 2 3"
        ARABIC = "arab", "٠ ١ ٢ ٣"

    class Licence(models.TextChoices):
        CC_BY = "cc-by-4.0", _("Creative Commons Attribution 4.0")
        CC0 = "cc0-1.0", _("Creative Commons Zero 1.0")
        ODC_BY = "odc-by-1.0", _("Open Data Commons Attribution 1.0")
        NONE = "none", _("All rights reserved")

    LICENCE_URLS = {
        "cc-by-4.0": "https://creativecommons.org/licenses/by/4.0/",
        "cc0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
        "odc-by-1.0": "https://opendatacommons.org/licenses/by/1-0/",
    }

    organisation_code = models.CharField(_("organisation code"), max_length=20, blank=True)
    crest_svg = SVGField(_("crest (SVG)"), upload_to="crest/", blank=True)
    crest_image = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=_("crest (picture)"),
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.SET_NULL,
    )
    primary_colour = models.CharField(
        _("main colour"), max_length=7, default=contrast.DEFAULT_PRIMARY, validators=[validate_colour]
    )
    accent_colour = models.CharField(
        _("accent colour"), max_length=7, default=contrast.DEFAULT_ACCENT, validators=[validate_colour]
    )
    phones = PhoneListField(_("telephones"))
    email = models.EmailField(_("e-mail"), blank=True)
    facebook = models.URLField("Facebook", blank=True)
    x = models.URLField("X", blank=True)
    instagram = models.URLField("Instagram", blank=True)
    youtube = models.URLField("YouTube", blank=True)
    telegram = models.URLField("Telegram", blank=True)
    linkedin = models.URLField("LinkedIn", blank=True)
    tiktok = models.URLField("TikTok", blank=True)
    digits = models.CharField(_("digits"), max_length=4, choices=Digits, default=Digits.LATIN)
    home_layout = models.CharField(
        _("home page"), max_length=8, choices=HomeLayout, default=HomeLayout.SERVICES
    )
    licence = models.CharField(
        _("licence of the content"), max_length=12, choices=Licence, default=Licence.CC_BY
    )
    governorates = models.ManyToManyField(
        Governorate,
        verbose_name=_("governorates served"),
        blank=True,
        help_text=_("Leave empty for the whole country."),
    )
    illustrative = models.BooleanField(
        _("illustrative content"),
        default=False,
        help_text=_("Marks every page as an example, for demonstrations."),
    )

    class Meta:
        verbose_name = _("site settings")
        verbose_name_plural = _("site settings")

    @classmethod
    def for_site(cls, site):
        """The site's settings; an unsaved instance with the defaults when there are none.

        Wagtail's method creates the row, so the first request to a new site would write (and clear the page cache).
        """
        if site is None:
            raise cls.DoesNotExist
        return cls.base_queryset().filter(site=site).first() or cls(site=site)

    def clean(self):
        super().clean()
        for name in ("primary_colour", "accent_colour"):
            validate_colour(getattr(self, name))
        if messages := contrast.check_ministry_colours(self.primary_colour, self.accent_colour):
            raise ValidationError({"primary_colour": messages})

    @cached_property
    def crest_url(self) -> str:
        """The address of the crest: the SVG, else a small rendition of the image, else empty."""
        if self.crest_svg:
            return self.crest_svg.url
        return self.crest_image.get_rendition("max-240x240|format-png").url if self.crest_image else ""

    @property
    def social(self) -> list[tuple[str, str]]:
        """Pairs of network name and address, without empty addresses."""
        return [
            (self._meta.get_field(name).verbose_name, getattr(self, name))
            for name in SOCIAL
            if getattr(self, name)
        ]

    @property
    def licence_url(self) -> str:
        return self.LICENCE_URLS.get(self.licence, "")


class IdentityQuerySet(models.QuerySet):
    def public(self):
        """All rows: a ministry's name is public."""
        return self.all()

    def for_site(self, site) -> "MinistryIdentity":
        """The identity of a site, cached on the site object; an unsaved one with the site's name when there is none."""
        if site is None:
            return MinistryIdentity()
        if not hasattr(site, "_egov_identity"):
            identity = self.filter(site=site).first()
            site._egov_identity = identity or MinistryIdentity(
                site=site, name=site.site_name or site.hostname
            )
        return site._egov_identity


class MinistryIdentity(models.Model):
    """The ministry's names and texts in every language."""

    site = models.OneToOneField(Site, verbose_name=_("site"), related_name="+", on_delete=models.CASCADE)
    name = TranslatedTextField(_("name"), required="all", max_length=160)
    short_name = TranslatedTextField(_("short name"), required="none", max_length=60)
    country = TranslatedTextField(_("line above the name"), required="none", max_length=80)
    address = TranslatedTextField(_("postal address"), required="none", multiline=True, max_length=300)
    footer = TranslatedTextField(
        _("text at the foot of every page"), required="none", multiline=True, max_length=400
    )

    objects = IdentityQuerySet.as_manager()

    class Meta:
        verbose_name = _("ministry identity")
        verbose_name_plural = _("ministry identity")

    def __str__(self):
        return str(self.name)

    @classmethod
    def for_site(cls, site) -> "MinistryIdentity":
        return cls.objects.for_site(site)
