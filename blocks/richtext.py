"""Stored rich text → safe HTML whose links lead to pages in the reader's language."""

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from wagtail.rich_text import expand_db_html

from egov_cms.adapters.wagtail.pages import page_model
from egov_cms.adapters.wagtail.rich_text import PageLinkHandler as WagtailPageLinkHandler

Page = page_model()

TAGS = {"a", "b", "bdi", "br", "hr", "li", "ol", "p", "span", "strong", "sub", "sup", "ul"}
ATTRIBUTES = {"a": {"href", "hreflang"}, "*": {"lang", "dir"}}
SCHEMES = {"https", "http", "mailto", "tel"}


def safe_html(rich_text) -> SafeString:
    """HTML of a rich text value (RichText or its source): only the tags in TAGS, links expanded, no scripts."""
    source = getattr(rich_text, "source", rich_text) or ""
    html = nh3.clean(
        expand_db_html(source), tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=None
    )
    return mark_safe(html)  # noqa: S308  nh3 has just cleaned it


class PageLinkHandler(WagtailPageLinkHandler):
    """Links to pages: two queries for all links of a text, where Wagtail runs one or two for each link."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list):
        language = get_language()
        ids = {int(attrs["id"]) for attrs in attrs_list if str(attrs.get("id", "")).isdecimal()}
        pages = {page.pk: page for page in Page.objects.filter(pk__in=ids).select_related("locale")}
        foreign = [p.translation_key for p in pages.values() if p.locale.language_code != language]
        translations = {}
        if foreign:
            found = (
                Page.objects.filter(translation_key__in=foreign, locale__language_code=language)
                .live()
                .public()
            )
            translations = {page.translation_key: page for page in found.select_related("locale")}
        tags = []
        for attrs in attrs_list:
            page = pages.get(int(attrs["id"])) if str(attrs.get("id", "")).isdecimal() else None
            page = translations.get(page.translation_key, page) if page else None
            url = page.url if page and page.live else None
            if not url:
                tags.append("<a>")
                continue
            code = page.locale.language_code
            hreflang = f' hreflang="{escape(code)}"' if code != language else ""
            tags.append(f'<a href="{escape(url)}"{hreflang}>')
        return tags
