"""The frame of every public page: names, menu, languages, notices, breadcrumbs, footer.

Templates read it as `chrome`. It runs no queries until a template uses an attribute. What all pages of a language share
is kept (`site.frame`).
"""

import json
from urllib.parse import urlsplit

from django.utils.functional import cached_property
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext
from wagtail.models import Site

from egov_cms.adapters.wagtail.pages import routed_page
from egov_cms.language import content_languages, direction, native_name, source_language
from egov_cms.site import languages
from egov_cms.site.feedback import feedback_context, new_token
from egov_cms.site.frame import frame_of, news_feed
from egov_cms.site.models import NewsIndexPage, Notice, OfficeIndexPage
from egov_cms.site.templatetags.egov_site import notice_look

# Attributes of `chrome` that are the frame's.
FRAME_FIELDS = frozenset(
    {
        "name",
        "short_name",
        "country",
        "crest_url",
        "colours",
        "colours_url",
        "illustrative",
        "search_url",
        "home_url",
        "home_layout",
        "utility",
        "footer",
    }
)

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

    # The same on all pages of a language

    @cached_property
    def frame(self):
        """`site.frame.Frame`: kept until something public changes."""
        return frame_of(self._site, self.code)

    def __getattr__(self, name):
        if name in FRAME_FIELDS:
            return getattr(self.frame, name)
        raise AttributeError(name)

    @property
    def indexed(self):
        """Can search engines list this site? A demonstration must not be mistaken for a ministry's site."""
        return not self.illustrative

    @property
    def offices_url(self):
        """The address of the office index page in this language; empty when there is none."""
        return self.frame.url_of(OfficeIndexPage)

    @property
    def news_url(self):
        """The address of the news index page in this language; empty when there is none."""
        return self.frame.url_of(NewsIndexPage)

    @property
    def menu(self):
        path = self._request.path
        return [page | {"current": path.startswith(page["url"])} for page in self.frame.menu]

    @cached_property
    def feed(self):
        return news_feed(self.frame)

    # HTML of the frame, filled in for this page

    @property
    def styles_html(self):
        return self.frame.html["styles"]

    @property
    def scripts_html(self):
        return self.frame.html["scripts"]

    @property
    def top_html(self):
        return self.frame.top(self.languages)

    @property
    def search_html(self):
        return self.frame.html["search"]

    @property
    def menu_html(self):
        return self.frame.menu_html(self._request.path)

    @property
    def bottom_html(self):
        return self.frame.html["bottom"]

    @property
    def feedback_html(self):
        """The form at the end of the page; empty after it was sent, when `feedback` says thanks."""
        if self._request.GET.get("feedback"):
            return ""
        return self.frame.feedback_html(self._request.path, new_token())

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
        footer = self.footer
        fields = {
            "@context": "https://schema.org",
            "@type": "GovernmentOrganization",
            "name": self.name,
            "url": base + self.home_url,
            "logo": base + self.crest_url if self.crest_url.startswith("/") else self.crest_url,
            "address": footer["address"],
            "telephone": footer["phones"],
            "email": footer["email"],
            "sameAs": [link["url"] for link in footer["social"]],
            "areaServed": {"@type": "Country", "name": "Iraq"},
        }
        return {name: value for name, value in fields.items() if value}


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
