"""The part of every public page that is the same on all pages of a language: who the ministry is, menu, footer.

`frame_of(site, code)` gives it ready to write: values, and HTML that was rendered once from the templates
`egov/frame/*.html`. It depends on published content only and is kept until that changes (`cached_by_version`); what differs
between pages is filled in when a page is written: `top`, `menu_html`, `feedback_html`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from wagtail.models import Site

from egov_cms.adapters.wagtail.pages import page_model
from egov_cms.language import content_languages, direction, format_phone, native_name
from egov_cms.site.feedback import feedback_variables
from egov_cms.site.kept import STARTED
from egov_cms.site.models import (
    AZPage,
    ContentPage,
    FaqPage,
    LegislationIndexPage,
    MinistryIdentity,
    NewsIndexPage,
    OfficeIndexPage,
    OrganisationIndexPage,
    PeopleIndexPage,
    SiteMapPage,
    SiteSettings,
)
from egov_cms.site.models.base import next_expiry, only_public
from egov_cms.site.page_cache import cached_by_version
from egov_cms.site.shown import shows_only
from egov_cms.site.tags import CHROME

Page = page_model()

# Page types that the footer and the upper bar link to in addition to the menu, in this order.
UTILITY_TYPES = (OfficeIndexPage, FaqPage)
REFERENCE_TYPES = (
    OrganisationIndexPage,
    PeopleIndexPage,
    LegislationIndexPage,
    NewsIndexPage,
    AZPage,
    SiteMapPage,
)
# Home pages are children of the root of Wagtail's tree.
HOME_DEPTH = 2
# Around names in kept HTML, for what is filled in later. A private character, which no text has.
MARK = "\ue000"


@dataclass
class Frame:
    """Values and HTML of all pages of one language. `pages` are as `linked_pages` returns them."""

    code: str
    name: str
    short_name: str
    country: str
    crest_url: str
    colours: dict[str, str]
    illustrative: bool
    home_layout: str
    footer: dict[str, Any]
    social: list[dict[str, str]]
    pages: list[dict[str, Any]]
    search_url: str
    html: dict[str, Any] = field(default_factory=dict)

    @property
    def colours_url(self) -> str:
        """The style sheet of the ministry's colours; its name changes with them, so caches can keep it for ever."""
        return reverse("egov_colours", args=[colours_digest(self.colours)]) if self.colours else ""

    @property
    def home_url(self) -> str:
        return f"/{self.code}/"

    @property
    def menu(self) -> list[dict[str, str]]:
        return [{"title": page["title"], "url": page["url"]} for page in self.pages if page["menu"]]

    @property
    def utility(self) -> list[dict]:
        return [page for page in self.of_types(UTILITY_TYPES) if not page["menu"]]

    def of_types(self, types) -> list[dict]:
        """The first page of each of these types, in their order."""
        first: dict[str, dict] = {}
        for page in self.pages:
            first.setdefault(page["type"], page)
        return [first[model._meta.model_name] for model in types if model._meta.model_name in first]

    def url_of(self, model) -> str:
        return next((page["url"] for page in self.of_types([model])), "")

    # What is filled in

    def top(self, languages) -> SafeString:
        """The first lines of <body>, down to the ministry's name, with the addresses of the language bar."""
        html = self.html["top"]
        for language in languages:
            html = html.replace(mark(language["code"]), escape(language["url"]))
        return mark_safe(html)  # noqa: S308 - rendered by templates

    def menu_html(self, path) -> SafeString:
        """The main menu on a page at this path."""
        current = next((place for place, page in enumerate(self.menu) if path.startswith(page["url"])), -1)
        return mark_safe(self.html["menu"][current])  # noqa: S308

    def feedback_html(self, path, token) -> SafeString:
        """The form “Was this page useful?” of a page at this path."""
        html = self.html["feedback"].replace(mark("path"), escape(path))
        return mark_safe(html.replace(mark("token"), escape(token)))  # noqa: S308


def mark(name) -> str:
    return f"{MARK}{name}{MARK}"


def frame_of(site, code) -> Frame:
    """The frame of the pages of a site (None: of no site) in the active language."""
    if site is None:
        return make(None, code)
    # A page in the menu may expire while the frame is kept.
    until = next_expiry(timezone.now())
    return cached_by_version(f"frame-{site.pk}-{code}-{STARTED}-{until}", lambda: make(site, code))


def make(site, code) -> Frame:
    identity = MinistryIdentity.for_site(site) if site is not None else MinistryIdentity()
    settings = SiteSettings.for_site(site) if site is not None else None
    pages = linked_pages(site, code) if site is not None else []
    name = str(identity.name)
    frame = Frame(
        code=code,
        name=name,
        short_name=str(identity.short_name) or name,
        country=str(identity.country),
        crest_url=settings.crest_url if settings else "",
        colours={"primary": settings.primary_colour, "accent": settings.accent_colour} if settings else {},
        illustrative=settings.illustrative if settings else False,
        home_layout=settings.home_layout if settings else "",
        footer={},
        social=[{"title": str(name), "url": url} for name, url in settings.social] if settings else [],
        pages=pages,
        search_url=f"/{code}/search/" if apps.is_installed("egov_cms.search") else "",
    )
    frame.footer = _footer(frame, identity, settings)
    frame.html = _html(frame)
    return frame


def _footer(frame, identity, settings):
    menu = frame.menu
    in_menu = {page["url"] for page in menu}
    reference = [page for page in frame.of_types(REFERENCE_TYPES) if page["url"] not in in_menu]
    return {
        "address": str(identity.address),
        "text": str(identity.footer),
        "phones": [format_phone(number) for number in settings.phones] if settings else [],
        "email": settings.email if settings else "",
        "columns": [column for column in (menu, reference) if column],
        "social": frame.social,
        "legal": [page for page in frame.pages if page["kind"]],
    }


def _html(frame) -> dict[str, Any]:
    """Name → HTML of what is the same on all pages."""
    chrome = {
        name: getattr(frame, name)
        for name in (
            "name", "country", "crest_url", "colours_url", "home_url", "search_url", "illustrative", "utility",
            "footer",
        )
    }  # fmt: skip
    chrome["languages"] = [
        {
            "code": code,
            "name": native_name(code),
            "dir": direction(code),
            "url": mark(code),
            "current": code == frame.code,
        }
        for code in content_languages()
    ]

    def render(name, **more):
        return render_to_string(f"egov/frame/{name}.html", {"chrome": chrome | more})

    menu = frame.menu
    return {
        "styles": mark_safe(render("styles")),  # noqa: S308
        "scripts": mark_safe(render("scripts")),  # noqa: S308
        "top": render("top"),
        "search": mark_safe(render("search")),  # noqa: S308
        "menu": {
            current: render(
                "menu", menu=[page | {"current": place == current} for place, page in enumerate(menu)]
            )
            for current in range(-1, len(menu))
        },
        "bottom": mark_safe(render("bottom")),  # noqa: S308
        "feedback": render_to_string(
            "egov_site/feedback_form.html", {"feedback": feedback_variables(mark("path"), mark("token"))}
        ),
    }


def colours_digest(colours):
    """A short hash of the two colours, for the address of their style sheet."""
    return hashlib.sha256(f"{colours['primary']} {colours['accent']}".encode()).hexdigest()[:12]


@shows_only(lambda site, code: [CHROME])
def linked_pages(site, code):
    """The public pages of a language that every page links to, as plain values in tree order.

    These are the children of the home page that are in the menu, the index pages of `UTILITY_TYPES` and
    `REFERENCE_TYPES`, and the statements (`kind`: accessibility, privacy, licence).
    """
    roots = {(root.site_id, root.language_code): root.root_path for root in Site.get_site_root_paths()}
    root = roots.get((site.pk, code))
    if root is None:
        return []
    types = {
        content_type.pk: content_type.model
        for content_type in ContentType.objects.get_for_models(*UTILITY_TYPES, *REFERENCE_TYPES).values()
    }
    linked = (
        Q(show_in_menus=True, depth=HOME_DEPTH + 1)
        | Q(content_type__in=types)
        | Q(contentpage__kind__in=[kind for kind in ContentPage.Kind.values if kind != ContentPage.Kind.PAGE])
    )
    rows = (
        only_public(Page.objects.filter(linked, url_path__startswith=root))
        .order_by("path")
        .values_list("title", "url_path", "depth", "show_in_menus", "content_type", "contentpage__kind")
    )
    return [
        {
            "title": title,
            "url": f"/{code}/{url_path.removeprefix(root)}",
            "menu": show_in_menus and depth == HOME_DEPTH + 1,
            "type": types.get(content_type, ""),
            "kind": "" if kind == ContentPage.Kind.PAGE else kind or "",
        }
        for title, url_path, depth, show_in_menus, content_type, kind in rows
    ]


def news_feed(frame) -> dict[str, str] | None:
    """Title and address of the news feed; None where the language has no news."""
    return (
        {"title": gettext("News"), "url": reverse("egov_news_feed")} if frame.url_of(NewsIndexPage) else None
    )
