"""Every type of public page: where it is, or on which page a link to one is found."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PageType:
    """path: below the language. link: a pattern; the first link of `path` that fits it is the page.

    kilobytes: what a first visit may transfer, without photographs (1 kB = 1000 bytes); scripts, styles: of it.
    """

    name: str
    path: str = ""
    link: str = ""
    status: int = 200
    kilobytes: int = 70
    scripts: int = 10
    styles: int = 15


LANGUAGES = {"ar": "rtl", "ckb": "rtl", "en": "ltr"}

PAGES = {
    page.name: page
    for page in (
        PageType("home", kilobytes=90),
        PageType("services", "services/"),
        PageType("services with facets", "services/?channel=online&free=1"),
        PageType("services, none found", "services/?q=zzzzqqqq"),
        PageType("service", "services/", link=r"services/[^/?#.]+/", kilobytes=60),
        PageType("how it went", "services/get-a-private-driving-licence/experience/", kilobytes=60),
        PageType(
            "how it went, sent", "services/get-a-private-driving-licence/experience/thanks/", kilobytes=60
        ),
        PageType("life events", "events/"),
        PageType("life event", "events/", link=r"events/[^/?#]+/"),
        PageType("status", "status/"),
        PageType("offices", "offices/"),
        PageType("offices on a map", "offices/?view=map", kilobytes=140, scripts=56, styles=19),
        PageType("offices of a governorate", "offices/", link=r"offices/[^/?#]+/"),
        PageType("office", "offices/", link=r"offices/[^/?#]+/[^/?#]+/", kilobytes=60),
        PageType("news", "news/"),
        PageType("news item", "news/", link=r"news/[^/?#]+/"),
        PageType("organisation", "organisation/"),
        PageType("unit", "organisation/", link=r"organisation/[^/?#]+/"),
        PageType("people", "people/"),
        PageType("person", "people/", link=r"people/[^/?#]+/"),
        PageType("legislation", "legislation/"),
        PageType("law", "legislation/", link=r"legislation/[^/?#]+/", kilobytes=60),
        PageType("questions", "faq/"),
        PageType("a-z", "a-z/"),
        PageType("site map", "site-map/"),
        PageType("about", "about/", kilobytes=60),
        PageType("accessibility", "accessibility/", kilobytes=60),
        PageType("privacy", "privacy/", kilobytes=60),
        PageType("search", "search/"),
        PageType("search with results", "search/?q=إجازة"),
        PageType("search, none found", "search/?q=zzzzqqqq"),
        PageType("not found", "nothing-is-here/", status=404, kilobytes=60),
        PageType("patterns", "patterns/", kilobytes=80),
    )
}
