"""Page types: home, section, content, news, frequent questions, A–Z and site map."""

import datetime
from typing import NamedTuple

from django.db import models
from django.http import Http404
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Site
from wagtail.search import index

from blocks.fields import StreamField
from egov_cms.adapters.wagtail.pages import page_model, page_model_name
from egov_cms.language import initial, sort_key
from egov_cms.site.kept import STARTED
from egov_cms.site.page_cache import cached_by_version, period

from ..fact_forms import FactPanel
from ..query_parameters import page_of
from .base import SitePage, nest, next_expiry, only_public
from .faq import Faq

Page = page_model()

NEWS_PER_PAGE = 12


class HomePage(SitePage):
    """The root page of one language. Feature apps add their index pages below it."""

    body = StreamField("home", blank=True, verbose_name=_("body"))

    template = "egov_site/home_page.html"
    parent_page_types = [page_model_name()]
    # Home pages are siblings below the root of the tree, so their slugs differ by language.
    shares_slug = False
    content_panels = [*SitePage.content_panels, FieldPanel("body")]
    search_fields = [*Page.search_fields, index.SearchField("summary"), index.SearchField("body")]

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def route(self, request, path_components):
        """Find the deepest page of an address in one query; Wagtail runs two for each level.

        404 for a language without a public home page, where Wagtail would serve the page of another language.
        """
        codes = {root.language_code for root in Site.get_site_root_paths() if root.root_path == self.url_path}
        if codes and get_language() not in codes:
            raise Http404
        prefixes = ["/".join(path_components[: count + 1]) for count in range(len(path_components))]
        addresses = [f"{self.url_path}{prefix}/" for prefix in prefixes]
        deepest = (
            Page.objects.filter(url_path__in=addresses).order_by("-depth").first() if addresses else None
        )
        if deepest is None:
            return super().route(request, path_components)
        return deepest.specific.route(request, path_components[deepest.depth - self.depth :])

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        if getattr(request, "is_preview", False):
            return context | self._content(request)
        # What the blocks show depends on published content and on the clock (expired pages, most visited services), so it is
        # kept no longer than whole pages are. Blocks of a home page query more than all the rest of the page.
        return context | cached_by_version(
            f"home-{self.pk}-{period()}-{next_expiry(timezone.now())}-{STARTED}",
            lambda: self._content(request),
        )

    def _content(self, request):
        """`service_first`: the layout; `content`: HTML of blocks and news."""
        from .settings import SiteSettings

        layout = SiteSettings.for_request(request).home_layout
        variables = {
            "page": self,
            "service_first": layout == SiteSettings.HomeLayout.SERVICES,
            "sections": only_public(self.get_children()).in_menu().order_by("path"),
            "news": NewsPage.latest(self)[:3],
        }
        content = render_to_string("egov_site/home_content.html", variables, request)
        return {"service_first": variables["service_first"], "content": content}


class SectionPage(SitePage):
    """A section: lists its child pages."""

    body = StreamField("body", blank=True, verbose_name=_("body"))

    template = "egov_site/section_page.html"
    content_panels = [*SitePage.content_panels, FieldPanel("body")]
    search_fields = [*Page.search_fields, index.SearchField("summary"), index.SearchField("body")]

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        context["children"] = only_public(self.get_children()).order_by("path").specific()
        return context


class ContentPage(SitePage):
    """A page of text.

    `kind` marks pages that are required by law or good practice; the footer links to them.
    """

    class Kind(models.TextChoices):
        PAGE = "page", _("Page")
        ACCESSIBILITY = "accessibility", _("Accessibility statement")
        PRIVACY = "privacy", _("Privacy")
        LICENCE = "licence", _("Licence and reuse")

    kind = models.CharField(_("kind"), max_length=16, choices=Kind, default=Kind.PAGE)
    body = StreamField("body", blank=True, verbose_name=_("body"))

    # Was it stored as one, before what is being saved?
    was_statement = False
    template = "egov_site/content_page.html"
    fact_fields = ("kind",)
    publish_required = ("summary", "body")
    content_panels = [*SitePage.content_panels, FieldPanel("body")]
    promote_panels = [*SitePage.promote_panels, FactPanel("kind")]
    search_fields = [*Page.search_fields, index.SearchField("summary"), index.SearchField("body")]

    class Meta:
        verbose_name = _("content page")
        verbose_name_plural = _("content pages")

    def save(self, **kwargs):
        stored = type(self).objects.filter(pk=self.pk).exclude(kind=self.Kind.PAGE)
        self.was_statement = self.was_statement or (self.pk is not None and stored.exists())
        super().save(**kwargs)

    save.alters_data = True

    @property
    def stands_on_every_page(self):
        return self.was_statement or self.kind != self.Kind.PAGE


class NewsIndexPage(SitePage):
    query_parameters = ("year", "page")
    stands_on_every_page = True
    template = "egov_site/news_index_page.html"
    parent_page_types = ["egov_site.HomePage", "egov_site.SectionPage"]
    subpage_types = ["egov_site.NewsPage"]

    class Meta:
        verbose_name = _("news list")
        verbose_name_plural = _("news lists")

    def news(self):
        """Public news of this list, latest first."""
        return NewsPage.objects.child_of(self).public().order_by("-date", "-pk")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        news = self.news().select_related("image")
        context["years"] = [day.year for day in news.dates("date", "year", order="DESC")]
        context["year"] = None
        if chosen := request.GET.get("year"):
            if chosen not in {str(year) for year in context["years"]}:
                raise Http404
            context["year"] = int(chosen)
            news = news.filter(date__year=context["year"])
        context["page_obj"] = page_of(news, request, NEWS_PER_PAGE)
        return context


class NewsPage(SitePage):
    date = models.DateField(_("date"), default=datetime.date.today, db_index=True)
    image = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=_("picture"),
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.SET_NULL,
    )
    image_alt = models.CharField(
        _("description of the picture"),
        max_length=200,
        blank=True,
        help_text=_("What a person who cannot see it must know."),
    )
    image_caption = models.CharField(_("caption"), max_length=200, blank=True)
    body = StreamField("body", blank=True, verbose_name=_("body"))

    template = "egov_site/news_page.html"
    parent_page_types = ["egov_site.NewsIndexPage"]
    subpage_types: list[str] = []
    fact_fields = ("date", "image")
    publish_required = ("summary",)
    content_panels = [
        *SitePage.content_panels,
        FactPanel("date"),
        MultiFieldPanel(
            [FactPanel("image"), FieldPanel("image_alt"), FieldPanel("image_caption")], heading=_("Picture")
        ),
        FieldPanel("body"),
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("summary"),
        index.SearchField("body"),
        index.FilterField("date"),
    ]

    class Meta:
        verbose_name = _("news item")
        verbose_name_plural = _("news items")

    @classmethod
    def latest(cls, home):
        """Public news below a home page, latest first."""
        return cls.objects.descendant_of(home).public().select_related("image").order_by("-date", "-pk")


class Entry(NamedTuple):
    title: str
    url: str


class Letter(NamedTuple):
    letter: str
    entries: list[Entry]


# The list has one page; with more pages than this, search is more useful to a visitor.
MOST_LISTED = 2000


def _listed_pages(home):
    """Public pages of a language for A–Z and site map, without news, which has its own list."""
    pages = only_public(Page.objects.descendant_of(home))
    return pages.not_type(NewsPage).order_by("path")[:MOST_LISTED]


class FaqPage(SitePage):
    """The questions of the whole site, by topic."""

    stands_on_every_page = True
    template = "egov_site/faq_page.html"
    parent_page_types = ["egov_site.HomePage", "egov_site.SectionPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("list of frequent questions")
        verbose_name_plural = _("lists of frequent questions")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        groups: dict[str, list[Faq]] = {}
        for faq in Faq.objects.public():
            groups.setdefault(str(faq.topic), []).append(faq)
        context["groups"] = list(groups.items())
        return context


class AZPage(SitePage):
    """Every public page of the language by its first letter, in the order of the language's alphabet."""

    stands_on_every_page = True
    template = "egov_site/az_page.html"
    parent_page_types = ["egov_site.HomePage", "egov_site.SectionPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("A–Z")
        verbose_name_plural = _("A–Z")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        context["letters"] = self.letters()
        return context

    def letters(self) -> list[Letter]:
        code = self.locale.language_code
        pages = _listed_pages(self.home)
        letters: dict[str, list[Entry]] = {}
        for page in sorted(pages, key=lambda each: sort_key(each.title, code)):
            letters.setdefault(initial(page.title, code), []).append(Entry(page.title, page.url))
        return [Letter(letter, entries) for letter, entries in letters.items()]


class SiteMapPage(SitePage):
    """The tree of public pages of the language."""

    stands_on_every_page = True
    template = "egov_site/site_map_page.html"
    parent_page_types = ["egov_site.HomePage", "egov_site.SectionPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("site map")
        verbose_name_plural = _("site maps")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        context["tree"] = nest(_listed_pages(self.home))
        return context
