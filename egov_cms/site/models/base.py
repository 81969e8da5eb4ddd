"""Base classes of all pages and records of the site, with the one rule of what is public."""

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.contrib.routable_page.models import RoutablePageMixin
from wagtail.models import PageManager, PageViewRestriction, get_page_models
from wagtail.query import PageQuerySet

from egov_cms.adapters.wagtail.pages import DefaultSlug, page_model
from egov_cms.adapters.wagtail.panels import cached_classmethod
from egov_cms.adapters.wagtail.references import references_read_once
from egov_cms.site.page_cache import cached_by_version

from ..addresses import Addresses
from ..fact_forms import FactPageForm, FactPanel, FactTabs
from ..facts import follows_source, source_among, source_of
from ..gate import PublishGate
from ..restoring import without_lost_keys
from ..shown import only, shows_only
from ..tags import CHROME, EXPIRIES, RESTRICTED, family, place, places

Page = page_model()
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
validate_ascii_slug = RegexValidator(
    rf"^{SLUG.pattern}$",
    _("An address has small Latin letters, digits and single hyphens only, such as “driving-licence”."),
    code="slug",
)
# Wagtail proposes the address in the browser; for شهادة اللغة it proposes shhd-llgh.
SLUG_HELP = _(
    "The end of the page's address, in all languages: small Latin letters, digits and hyphens, such as"
    " “driving-licence”. What is proposed from an Arabic title has no vowels: better write English words."
)
SUMMARY_LENGTH = 240
# Home pages, and the pages below them that the menu may show.
MENU_DEPTH = 3


class Crumb(NamedTuple):
    title: str
    url: str


class Alternate(NamedTuple):
    """The same page in one language: its language code, full address and title."""

    code: str
    url: str
    title: str


class Node(NamedTuple):
    """A page in a nested list."""

    page: Page
    children: list


class Restricted(NamedTuple):
    """What needs a password or a permission: pages with these tree paths and all below them, and the translations of pages
    with facts among them (`site.life`), by their translation keys."""

    paths: list[str]
    families: list


def restricted() -> Restricted:
    return cached_by_version("restricted", _read_restricted)


@shows_only(lambda: [RESTRICTED])
def _read_restricted() -> Restricted:
    paths = list(PageViewRestriction.objects.values_list("page__path", flat=True))
    if not paths:
        return Restricted([], [])
    below = reduce(or_, (models.Q(path__startswith=path) for path in paths))
    types = ContentType.objects.get_for_models(
        *(model for model in get_page_models() if follows_source(model))
    )
    pages = Page.objects.filter(alias_of=None, content_type__in=types.values()).only(
        "locale", "translation_key", "path"
    )
    families = defaultdict(list)
    for page in pages.filter(translation_key__in=pages.filter(below).values("translation_key")):
        families[page.translation_key].append(page)
    sources = (source_among(family) for family in families.values())
    hidden = tuple(paths)
    return Restricted(paths, [source.translation_key for source in sources if source.path.startswith(hidden)])


def next_expiry(now):
    """When the next public page expires; None when none does. Nothing that shows pages is kept longer."""
    return next((moment for moment in _expiries() if moment > now), None)


def expired_pages():
    """The pages that are past their expiry and not withdrawn yet: the command that does it runs every few minutes."""
    now = timezone.now()
    if not any(moment <= now for moment in _expiries()[:1]):
        return Page.objects.none()
    return Page.objects.filter(live=True, expire_at__lte=now)


def _expiries() -> list:
    """When live pages expire, the earliest first."""
    return cached_by_version("expiries", _read_expiries)


@shows_only(lambda: [EXPIRIES])
def _read_expiries():
    pages = Page.objects.filter(live=True, expire_at__isnull=False)
    return list(pages.order_by("expire_at").values_list("expire_at", flat=True).distinct())


def only_public(pages):
    """Those of these pages (a queryset, of any type) that every reader can open: the one rule of what is public.

    Live, not expired, not restricted (nor the source of their facts), and no alias, which has the text of another language.
    """
    pages = pages.live().filter(alias_of__isnull=True).exclude(expire_at__lte=timezone.now())
    # Wagtail's `public()` queries the restrictions on every call: five times on a page with lists.
    hidden = restricted()
    for path in hidden.paths:
        pages = pages.exclude(path__startswith=path)
    return pages.exclude(translation_key__in=hidden.families) if hidden.families else pages


def _read_crumbs(path: str) -> list[Crumb]:
    """The page with this tree path and those above it, from the home page on."""
    ends = range(2 * Page.steplen, len(path) + 1, Page.steplen)
    paths = [path[:end] for end in ends]
    with only(*map(place, paths)):
        rows = Page.objects.filter(path__in=paths).order_by("path").values_list("title", "url_path")
        addresses = Addresses()
        return [Crumb(title, addresses.path(url_path)) for title, url_path in rows]


class SitePageQuerySet(PageQuerySet):
    def public(self):
        """The pages that every reader can open (`only_public`)."""
        return only_public(self)


SitePageManager = PageManager.from_queryset(SitePageQuerySet)


class SitePage(PublishGate, DefaultSlug, Page):
    """Base of every page type: shared ASCII slug, summary, translations, crumbs, facts, publish gate."""

    summary = models.TextField(
        _("summary"),
        blank=True,
        max_length=SUMMARY_LENGTH,
        help_text=_("One or two plain sentences. Shown below the title, in lists and in search results."),
    )

    objects = SitePageManager()
    base_form_class = FactPageForm
    shares_slug = True
    # What a change drops of the kept pages: those that show this page or its type (`site.tags`), not all.
    drops_only_its_pages = True
    # What its addresses read of the query string (`site.query_parameters`).
    query_parameters: tuple = ()
    # Pages of this type stand in the footer or the upper bar of every page.
    stands_on_every_page = False
    # True when the page's template shows the notices that name this page; otherwise the banner shows them.
    shows_own_notices = False
    fact_fields: tuple[str, ...] = ()
    fact_rows: dict = {}
    # References to deleted records that its revision had: `restoring.Lost`.
    lost: Sequence = ()

    content_panels = [*Page.content_panels, FieldPanel("summary")]
    promote_panels = [
        MultiFieldPanel(
            [FactPanel("slug", help_text=SLUG_HELP), FieldPanel("show_in_menus")],
            heading=_("Address and menu"),
        ),
        MultiFieldPanel(
            [FieldPanel("seo_title"), FieldPanel("search_description")], heading=_("For search engines")
        ),
    ]

    class Meta:
        abstract = True

    @cached_classmethod
    def get_edit_handler(cls):
        return FactTabs(
            [
                ObjectList(cls.content_panels, heading=_("Content")),
                ObjectList([*cls.promote_panels, *cls.settings_panels], heading=_("Address and settings")),
            ],
            base_form_class=cls.base_form_class,
        ).bind_to_model(cls)

    @classmethod
    def from_serializable_data(cls, data, check_fks=True, strict_fks=False):
        lost = []
        if check_fks:
            data, lost = without_lost_keys(cls, data, strict=strict_fks)
        if data is None:
            return None
        page = super().from_serializable_data(data, check_fks=False, strict_fks=strict_fks)
        page.lost = lost
        return page

    def default_slug(self) -> str:
        if not self.title:
            return ""
        # An Arabic title gives no slug: a number is used until an editor types an address.
        return (slugify(self.title) or f"page-{self.translation_key.hex[:8]}")[:200]

    def save(self, **kwargs):
        with references_read_once(self):
            super().save(**kwargs)

    save.alters_data = True

    def shown_instead(self) -> dict[str, list[str]]:
        """`{tag of a model: tags}` where its page shows known rows of the model only (`shown.shows_instead`)."""
        return {}

    def more_tags(self) -> list[str]:
        """What a change of this page drops beside the kept pages that show it or its type."""
        tags = []
        if self.depth <= MENU_DEPTH or self.stands_on_every_page:
            tags.append(CHROME)
        if self.expire_at is not None:
            # A moment that is no longer one only shortens what is kept.
            tags.append(EXPIRIES)
        if any(self.path.startswith(path) for path in restricted().paths):
            tags.append(RESTRICTED)
        return tags

    @shows_only(places)
    def get_view_restrictions(self):
        """Those of this page, of the pages above it, and of the source of its facts.

        The database is asked, not what is kept: whether somebody may read a page does not depend on a cache.
        """
        if not PageViewRestriction.objects.exists():
            # Wagtail would run two queries for each page to find that out.
            return PageViewRestriction.objects.none()
        own = super().get_view_restrictions()
        source = source_of(self) if follows_source(type(self)) else None
        return own | source.get_view_restrictions() if source is not None else own

    def route(self, request, path_components):
        if self.expire_at is not None and self.expire_at <= timezone.now():
            # As if the command that withdraws expired pages had run already: what stands below is still found.
            self.live = False
        return super().route(request, path_components)

    def clean(self):
        super().clean()
        validate_ascii_slug_of(self)

    def minimal_clean(self):
        super().minimal_clean()
        validate_ascii_slug_of(self)

    @property
    def description(self) -> str:
        """The description of the page for search engines and link previews."""
        return self.search_description or self.summary

    def public_translations(self):
        """The public translations of this page, itself included, in the order of languages."""
        pages = type(self).objects.filter(translation_key=self.translation_key).public()
        return pages.select_related("locale").order_by("locale_id")

    @shows_only(lambda page, request=None: [family(page), *places(page)])
    def alternates(self, request=None) -> list[Alternate]:
        """Absolute addresses of the public translations, itself included.

        For a request to a sub-address of a routable page, with the same sub-address.
        """
        below = ""
        if request is not None and isinstance(self, RoutablePageMixin):
            own = self.relative_url_path(request)
            below = request.path.removeprefix(own) if own and request.path.startswith(own) else ""
        # Plain values of the base page: most pages write these links, and none reads more of its translations.
        pages = only_public(Page.objects.filter(translation_key=self.translation_key)).order_by("locale_id")
        addresses = Addresses(request)
        return [
            Alternate(code, addresses.full(url_path) + below, title)
            for code, url_path, title in pages.values_list("locale__language_code", "url_path", "title")
        ]

    def relative_url_path(self, request) -> str:
        parts = self.get_url_parts(request)
        return parts[2] if parts else ""

    def available_in(self, request=None) -> list[str]:
        """Codes of the languages in which this page is public."""
        return [alternate.code for alternate in self.alternates(request)]

    @cached_property
    def crumbs(self) -> list[Crumb]:
        """Breadcrumbs from the home page to the parent; empty on the home page."""
        if not self.depth or self.depth <= 2:
            return []
        above = self.path[: -self.steplen]
        return cached_by_version(f"crumbs-{above}", lambda: _read_crumbs(above))

    @cached_property
    @shows_only(places)
    def home(self) -> Page:
        """The home page of this page's language."""
        return self if self.depth == 2 else self.get_ancestors().get(depth=2)

    def in_this_language(self, model):
        """Public pages of another type in the language of this page."""
        return model.objects.public().filter(locale_id=self.locale_id)


def validate_ascii_slug_of(page):
    """Raise a ValidationError at the field `slug` unless the page's slug is valid."""
    if not SLUG.fullmatch(page.slug or ""):
        raise ValidationError({"slug": validate_ascii_slug.message}, code=validate_ascii_slug.code)


def nest(pages) -> list[Node]:
    """Nested Nodes from pages in tree order (one query, any depth); pages without their parent are at the top."""
    top: list[Node] = []
    open_nodes: list[Node] = []
    for page in pages:
        node = Node(page, [])
        while open_nodes and not page.path.startswith(open_nodes[-1].page.path):
            open_nodes.pop()
        (open_nodes[-1].children if open_nodes else top).append(node)
        open_nodes.append(node)
    return top


class RecordQuerySet(models.QuerySet):
    def public(self):
        """The records that every reader can see."""
        return self.filter(is_public=True)


class Record(models.Model):
    """Base of records with facts and official names; one row is shared by all languages."""

    drops_only_its_pages = True

    is_public = models.BooleanField(_("shown to the public"), default=True)

    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True
