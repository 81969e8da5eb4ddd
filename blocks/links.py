"""Links from a page: lists and cards of links, the one call to action, documents to download."""

from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.models import Locale

from blocks import examples
from blocks.inputs import Component, HttpsURL, Line, is_https, language_choices
from egov_cms.adapters.wagtail.pages import page_model
from egov_cms.language import format_number, native_name

Page = page_model()


@dataclass(frozen=True)
class Link:
    """A link to render. `language` is the language code of its target, empty when it is the active language."""

    url: str
    text: str
    description: str = ""
    language: str = ""
    external: bool = False

    @property
    def language_name(self) -> str:
        return native_name(self.language) if self.language else ""


class LinkValue(blocks.StructValue):
    @property
    def link(self) -> Link | None:
        return next(iter(resolve([self])), None)

    @property
    def url(self) -> str:
        """The address of the page in the active language, or the https address; empty without either."""
        return self.link.url if self.link else ""


class LinkBlock(Component):
    """A link to a page of this site or to an external address."""

    page = blocks.PageChooserBlock(required=False, label=_("Page of this site"))
    url = HttpsURL(required=False, label=_("or address elsewhere"))
    text = Line(
        required=False,
        max_length=160,
        label=_("Text of the link"),
        help_text=_("Empty: the title of the page."),
    )

    def clean(self, value):
        cleaned = super().clean(value)
        if cleaned["page"] and cleaned["url"]:
            message = _("Choose a page or give an address, not both.")
            raise blocks.StructBlockValidationError({"url": ValidationError(message)})
        if not cleaned["page"]:
            self.require(cleaned, _("Choose a page or give an address."), "url")
            self.require(cleaned, _("Say where the link leads."), "text")
        return cleaned

    class Meta:
        icon = "link"
        label = _("Link")
        value_class = LinkValue


class DescribedLink(LinkBlock):
    description = Line(required=False, max_length=255, label=_("Description"))


class Links(Component):
    title = Line(required=False, max_length=160, label=_("Title"))
    style = blocks.ChoiceBlock(
        search_index=False,
        choices=[("list", _("List")), ("cards", _("Cards"))],
        default="list",
        label=_("Appearance"),
    )
    items = blocks.ListBlock(DescribedLink(), min_num=1, max_num=40, label=_("Links"))

    def get_context(self, value, parent_context=None):
        context = super().get_context(value, parent_context=parent_context)
        context["links"] = resolve(value["items"], context.get("request"))
        return context

    class Meta:
        icon = "link"
        label = _("Links")
        description = _("Links to pages of this site or elsewhere, as a list or as cards with a description.")
        template = "egov_blocks/links.html"
        preview_value = examples.LINKS


class Action(LinkBlock):
    note = Line(
        required=False,
        max_length=255,
        label=_("Note"),
        help_text=_("What the reader needs before starting, or where the link leads."),
    )

    def get_context(self, value, parent_context=None):
        context = super().get_context(value, parent_context=parent_context)
        context["link"] = next(iter(resolve([value], context.get("request"))), None)
        return context

    class Meta:
        icon = "arrow-right"
        label = _("Call to action")
        description = _("The one thing this page leads to: a large green button. A page can have one.")
        template = "egov_blocks/action.html"
        preview_value = examples.ACTION


class Download(Component):
    document = DocumentChooserBlock(label=_("Document"))
    title = Line(
        required=False, max_length=200, label=_("Title"), help_text=_("Empty: the title of the document.")
    )
    language = blocks.ChoiceBlock(
        search_index=False, choices=language_choices, required=False, label=_("Language of the document")
    )

    class Meta:
        icon = "doc-full"
        label = _("Document")


class Downloads(Component):
    title = Line(required=False, max_length=160, label=_("Title"))
    items = blocks.ListBlock(Download(), min_num=1, max_num=60, label=_("Documents"))

    def get_context(self, value, parent_context=None):
        context = super().get_context(value, parent_context=parent_context)
        context["downloads"] = [describe_document(item) for item in value["items"] if item["document"]]
        return context

    class Meta:
        icon = "doc-full"
        label = _("Documents")
        description = _("Documents to download, each with its type, size and language.")
        template = "egov_blocks/downloads.html"
        preview_value = staticmethod(examples.downloads)


def resolve(values, request=None) -> list[Link]:
    """The links to render, in order; a page is replaced by its translation in the active language if there is one.

    At most one query for translations and one for languages, for any number of links. Pages that are not live are
    left out.
    """
    language = get_language()
    codes = (
        dict(Locale.objects.values_list("pk", "language_code")) if any(v.get("page") for v in values) else {}
    )
    foreign = [
        v["page"].translation_key for v in values if v.get("page") and codes[v["page"].locale_id] != language
    ]
    translations = {}
    if foreign:
        pages = (
            Page.objects.filter(translation_key__in=foreign, locale__language_code=language).live().public()
        )
        translations = {page.translation_key: page for page in pages}
    links = []
    for value in values:
        page, text, description = value.get("page"), value.get("text"), value.get("description", "")
        if page:
            page = translations.get(page.translation_key, page)
            url = page.get_url(request) if page.live else None
            code = codes[page.locale_id]
            if url:
                links.append(Link(url, text or page.title, description, "" if code == language else code))
        elif is_https(value.get("url")):
            links.append(Link(value["url"], text or value["url"], description, external=True))
    return links


def describe_document(item) -> dict:
    """The variables of a download, all as text: `url, title, kind, size, language` and the language code `hreflang`."""
    document = item["document"]
    language = item["language"] or ""
    return {
        "url": document.url,
        "title": item["title"] or document.title,
        "kind": document.file_extension.upper(),
        "size": readable_size(document.get_file_size()),
        "language": native_name(language) if language else "",
        "hreflang": language,
    }


def readable_size(size: int | None) -> str:
    """A size in bytes as kilobytes or, from one million, as megabytes with one decimal; empty when not known."""
    if size is None:
        return ""
    if size < 1_000_000:
        return _("%(number)s kB") % {"number": format_number(max(1, round(size / 1000)))}
    return _("%(number)s MB") % {"number": format_number(Decimal(size) / 1_000_000, places=1)}
