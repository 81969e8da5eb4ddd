"""The frame of every public page: names, menu, languages, notices, breadcrumbs, footer.

Templates read it as `chrome`. It runs no queries until a template uses an attribute; values that depend on
published content only are cached under the version of the page cache.
"""

import hashlib
import json
from urllib.parse import urlsplit

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext
from wagtail.models import Site

from egov_cms.adapters.wagtail.pages import page_model, routed_page
from egov_cms.language import (
    TranslatedText,
    content_languages,
    direction,
    format_phone,
    native_name,
    source_language,
)
from egov_cms.site import languages
from egov_cms.site.feedback import feedback_context
from egov_cms.site.models import (
    AZPage,
    ContentPage,
    FaqPage,
    LegislationIndexPage,
    MinistryIdentity,
    NewsIndexPage,
    Notice,
    OfficeIndexPage,
    OrganisationIndexPage,
    PeopleIndexPage,
    SiteMapPage,
    SiteSettings,
)
from egov_cms.site.models.base import only_public
from egov_cms.site.page_cache import cached_by_version
from egov_cms.site.shown import shows_only
from egov_cms.site.tags import CHROME
from egov_cms.site.templatetags.egov_site import notice_look

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
OPEN_GRAPH_LOCALES = {"ar": "ar_IQ", "ckb": "ckb_IQ", "en": "en_GB"}


def context(request):
    """Context processor: `chrome`."""
    return {"chrome": Chrome(request)}


class Chrome:
    """Attributes are listed in docs/architecture.md; each is computed when it is first read."""

    def __init__(self, request):
        self._request = request

    @cached_property
    def code(self):
        return get_language() or source_language()

    @cached_property
    def _site(self):
        return Site.find_for_request(self._request)

    @cached_property
    def _page(self):
        """The page that this request is routed to; None for other views and for error pages."""
        if getattr(self._request, "egov_error", False):
            return None
        return routed_page(self._request)

    @cached_property
    def _is_page_view(self):
        match = getattr(self._request, "resolver_match", None)
        return match is not None and match.url_name == "wagtail_serve"

    @cached_property
    def _below_page(self):
        """Is this the address of a record below its index page (one office, one law)?"""
        match = getattr(self._request, "routable_resolver_match", None)
        return bool(match and match.kwargs)

    # Who the ministry is

    @cached_property
    def _identity(self):
        if self._site is None:
            return identity_of(MinistryIdentity(), None)

        def make():
            return identity_of(MinistryIdentity.for_site(self._site), SiteSettings.for_site(self._site))

        return cached_by_version(f"identity-{self._site.pk}", make)

    def _text(self, name):
        return str(TranslatedText(self._identity[name]))

    @property
    def name(self):
        return self._text("name")

    @property
    def short_name(self):
        return self._text("short_name") or self.name

    @property
    def country(self):
        return self._text("country")

    @property
    def crest_url(self):
        return self._identity["crest_url"]

    @property
    def colours(self):
        return self._identity["colours"]

    @property
    def colours_url(self):
        """The style sheet of the ministry's colours; its name changes with them, so caches can keep it for ever."""
        if not self.colours:
            return ""
        return reverse("egov_colours", args=[colours_digest(self.colours)])

    @property
    def illustrative(self):
        return self._identity["illustrative"]

    @property
    def indexed(self):
        """Can search engines list this site? A demonstration must not be mistaken for a ministry's site."""
        return not self.illustrative

    # Where things are

    @property
    def home_url(self):
        return f"/{self.code}/"

    @property
    def search_url(self):
        return f"/{self.code}/search/" if apps.is_installed("egov_cms.search") else ""

    @cached_property
    def _pages(self):
        """The pages of this language that the chrome links to, as returned by `linked_pages`."""
        if self._site is None:
            return []
        return cached_by_version(
            f"pages-{self._site.pk}-{self.code}", lambda: linked_pages(self._site, self.code)
        )

    def _of_types(self, types):
        first = {}
        for page in self._pages:
            first.setdefault(page["type"], page)
        return [first[model._meta.model_name] for model in types if model._meta.model_name in first]

    def _url_of(self, model):
        return next((page["url"] for page in self._of_types([model])), "")

    @cached_property
    def offices_url(self):
        """The address of the office index page in this language; empty when there is none."""
        return self._url_of(OfficeIndexPage)

    @cached_property
    def news_url(self):
        """The address of the news index page in this language; empty when there is none."""
        return self._url_of(NewsIndexPage)

    @cached_property
    def menu(self):
        path = self._request.path
        return [
            {"title": page["title"], "url": page["url"], "current": path.startswith(page["url"])}
            for page in self._pages
            if page["menu"]
        ]

    @cached_property
    def utility(self):
        return [page for page in self._of_types(UTILITY_TYPES) if not page["menu"]]

    @cached_property
    def footer(self):
        identity = self._identity
        menu = [{"title": page["title"], "url": page["url"]} for page in self._pages if page["menu"]]
        in_menu = {page["url"] for page in menu}
        reference = [page for page in self._of_types(REFERENCE_TYPES) if page["url"] not in in_menu]
        return {
            "address": self._text("address"),
            "text": self._text("footer"),
            "phones": identity["phones"],
            "email": identity["email"],
            "columns": [column for column in (menu, reference) if column],
            "social": identity["social"],
            "legal": [page for page in self._pages if page["kind"]],
        }

    @cached_property
    def feed(self):
        return {"title": gettext("News"), "url": reverse("egov_news_feed")} if self.news_url else None

    # The languages of this page

    @cached_property
    def languages(self):
        """Every language of the site: where this page is in it, which may be another path (`alternates`).

        A language that lacks the page leads to the same path, where the 404 page lists the languages that have it.
        """
        query = self._request.GET.copy()
        query.pop("feedback", None)
        ending = f"?{query.urlencode()}" if query else ""
        # A view without a language in its address can name the query parameter that selects one.
        parameter = getattr(self._request, "egov_language_parameter", "")
        return [
            {
                "code": code,
                "name": native_name(code),
                "dir": direction(code),
                "url": f"?{parameter}={code}" if parameter else self._path_in(code) + ending,
                "current": code == self.code,
            }
            for code in content_languages()
        ]

    def _path_in(self, code):
        own = next((urlsplit(each["url"]) for each in self.alternates if each["code"] == code), None)
        if own is None:
            return languages.in_language(self._request.path, code)
        return own.path if own.netloc == self._request.get_host() else own.geturl()

    @cached_property
    def alternates(self):
        """The absolute addresses of this page in the languages that have it, and `x-default`."""
        if self._page is not None and hasattr(self._page, "alternates"):
            urls = {alternate.code: alternate.url for alternate in self._page.alternates(self._request)}
        elif self._is_page_view or getattr(self._request, "egov_error", False):
            urls = {}
        elif languages.split_path(self._request.path)[0]:
            urls = {
                code: self._request.build_absolute_uri(languages.in_language(self._request.path, code))
                for code in content_languages()
            }
        else:
            urls = {}
        if not urls:
            return []
        default = urls.get(source_language()) or next(iter(urls.values()))
        return [{"code": code, "url": url} for code, url in (*urls.items(), ("x-default", default))]

    @cached_property
    def canonical_url(self):
        """The address of this page without the query, except for the page number of a list."""
        if getattr(self._request, "egov_error", False):
            return ""
        number = self._request.GET.get("page", "")
        query = f"?page={number}" if number.isascii() and number.isdigit() and int(number) > 1 else ""
        return self._request.build_absolute_uri(self._request.path) + query

    # On this page

    @cached_property
    def crumbs(self):
        if self._page is None:
            return [] if self._is_page_view else [self._home_crumb]
        crumbs = [{"title": crumb.title, "url": crumb.url} for crumb in getattr(self._page, "crumbs", [])]
        if crumbs:
            crumbs[0] = self._home_crumb
        if self._below_page:
            crumbs.append({"title": self._page.title, "url": self._page.get_url(self._request)})
        return crumbs

    @property
    def _home_crumb(self):
        return {"title": gettext("Home"), "url": self.home_url}

    @cached_property
    def notices(self):
        return [
            {
                "level": notice_look(notice.level),
                "title": str(notice.title),
                "body": str(notice.body),
                "url": notice.link,
            }
            for notice in Notice.objects.current(self._page)
        ]

    @cached_property
    def feedback(self):
        """The variables of egov/components/feedback.html for this address."""
        return feedback_context(self._request)

    @cached_property
    def share(self):
        """Open Graph properties as pairs."""
        page = self._page
        kind = "article" if page is not None and page.specific_class.__name__ == "NewsPage" else "website"
        pairs = [
            ("og:site_name", self.name),
            ("og:type", kind),
            ("og:locale", OPEN_GRAPH_LOCALES.get(self.code, self.code)),
            ("og:url", self.canonical_url),
        ]
        if page is not None and not self._below_page:
            pairs += [
                ("og:title", page.seo_title or page.title),
                ("og:description", getattr(page, "description", "")),
            ]
        return [(name, content) for name, content in pairs if content]

    @cached_property
    def json_ld(self):
        """schema.org data as a safe `<script>`: the ministry on home pages, breadcrumbs on other pages; or empty."""
        if self._page is None:
            return ""
        base = f"{self._request.scheme}://{self._request.get_host()}"
        data = (
            breadcrumb_list(self.crumbs, self._page.title, base) if self.crumbs else self._organisation(base)
        )
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        # A data block is not executed; escaping `<` keeps a title from ending it.
        text = text.replace("<", "\\u003C").replace("&", "\\u0026")
        return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308

    def _organisation(self, base):
        identity = self._identity
        fields = {
            "@context": "https://schema.org",
            "@type": "GovernmentOrganization",
            "name": self.name,
            "url": base + self.home_url,
            "logo": base + self.crest_url if self.crest_url.startswith("/") else self.crest_url,
            "address": self._text("address"),
            "telephone": identity["phones"],
            "email": identity["email"],
            "sameAs": [link["url"] for link in identity["social"]],
            "areaServed": {"@type": "Country", "name": "Iraq"},
        }
        return {name: value for name, value in fields.items() if value}


def identity_of(identity, settings):
    """Names and settings as plain values that can be cached."""
    colours = {"primary": settings.primary_colour, "accent": settings.accent_colour} if settings else {}
    return {
        **{
            name: dict(getattr(identity, name))
            for name in ("name", "short_name", "country", "address", "footer")
        },
        "colours": colours,
        "crest_url": settings.crest_url if settings else "",
        "phones": [format_phone(number) for number in settings.phones] if settings else [],
        "email": settings.email if settings else "",
        "social": [{"title": name, "url": url} for name, url in settings.social] if settings else [],
        "illustrative": settings.illustrative if settings else False,
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


def breadcrumb_list(crumbs, title, base):
    """schema.org BreadcrumbList of the ancestors of a page and, last, the page itself."""
    items = [
        {
            "@type": "ListItem",
            "position": position,
            "name": crumb["title"],
            "item": base + path_of(crumb["url"]),
        }
        for position, crumb in enumerate(crumbs, 1)
    ]
    items.append({"@type": "ListItem", "position": len(items) + 1, "name": title})
    return {"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": items}


def path_of(url):
    """The path of an address of this site, absolute or not."""
    return urlsplit(url).path
