"""Inputs that blocks are built from. The empty value of each can be rendered and translated."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

from egov_cms.adapters.wagtail.blocks import stored_renditions

RICH_TEXT_FEATURES = ["bold", "ol", "ul", "link", "document-link"]

PICTURE = ("format-{avif,webp,jpeg}", "width-{480,960}", "bgcolor-ffffff", "preserve-svg")
"""The renditions of a picture in a page; the template tag in `egov_blocks/picture.html` must name the same."""

STORED_SPECS = stored_renditions(PICTURE)


class _NeverNone:
    # wagtail-localize raises TypeError for a text that is None, which is the initial value of Wagtail's text blocks.
    def to_python(self, value):
        return super().to_python(value) if value is not None else ""

    def normalize(self, value):
        return super().normalize(value) if value is not None else ""


class Component(blocks.StructBlock):
    """A block of several inputs. `Meta.preview_value` is, or returns, a dict in the form of stored content."""

    def get_preview_value(self):
        value = self.meta.preview_value
        return self.to_python(value() if callable(value) else value)

    def require(self, value, message, *names):
        """Raise an error at each empty input of `names`, except when a draft is saved."""
        missing = [name for name in names if not value.get(name)]
        if missing and not self.is_deferred_validation:
            raise blocks.StructBlockValidationError({name: ValidationError(message) for name in missing})


class Line(_NeverNone, blocks.CharBlock):
    """One line of translatable text."""

    class Meta:
        default = ""


class Paragraph(_NeverNone, blocks.TextBlock):
    """Plain translatable text of several lines."""

    class Meta:
        default = ""


class Rich(blocks.RichTextBlock):
    """Rich text without headings, images or embeds: these are separate blocks."""

    def __init__(self, **kwargs):
        kwargs.setdefault("features", RICH_TEXT_FEATURES)
        super().__init__(**kwargs)

    def to_python(self, value):
        return super().to_python(value or "")

    def normalize(self, value):
        return super().normalize(value or "")


class Code(blocks.RegexBlock):
    """A language-neutral text, never sent to translators. It must match `regex`."""

    def __init__(self, regex, message, **kwargs):
        super().__init__(regex, error_messages={"invalid": message}, **kwargs)

    def to_python(self, value):
        return value or ""

    def normalize(self, value):
        return value or ""

    class Meta:
        default = ""


def anchor_block(**kwargs):
    return Code(r"^[a-z][a-z0-9-]*$", _("Use small Latin letters, digits and hyphens."), **kwargs)


def phone_block(**kwargs):
    return Code(r"^\+?[0-9][0-9 ()-]{2,24}$", _("Use digits, for example +964 780 000 0000."), **kwargs)


def is_https(url) -> bool:
    """True for an absolute https address with a host and without a user name."""
    if not isinstance(url, str) or any(ord(letter) <= 32 for letter in url):
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc


def validate_https(url):
    if not is_https(url):
        raise ValidationError(_("Give a full address that begins with https://"), code="not_https")


class HttpsURL(blocks.URLBlock):
    """An address that begins with https://. Other schemes (http, javascript…) are refused, in drafts too."""

    def __init__(self, validators=(), **kwargs):
        super().__init__(validators=[*validators, validate_https], **kwargs)

    def to_python(self, value):
        return value or ""

    def normalize(self, value):
        return value or ""

    class Meta:
        default = ""


class PictureChooser(ImageChooserBlock):
    """An image with its renditions prefetched: two queries for all images of one block type."""

    def bulk_to_python(self, values):
        keys = {value for value in values if value is not None}
        if not keys:
            return [None for _value in values]
        images = self.model_class.objects.prefetch_renditions(*STORED_SPECS).in_bulk(keys)
        return [images.get(value) for value in values]

    def to_python(self, value):
        return self.bulk_to_python([value])[0]


def language_choices():
    """The content languages of the site, as choices for the language of a linked document."""
    return list(settings.WAGTAIL_CONTENT_LANGUAGES)
