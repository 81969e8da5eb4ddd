"""Every type of public page: where it is, or on which page a link to one is found, and which template makes it.

A new room adds rows. tests/lint/test_every_template_is_visited.py names the public templates that no row has.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class PageType:
    """path: below the language; with `/` first, the whole address, where {language} stands for the code.
    link: a pattern; the first link of `path` that fits it is the page.

    template: several rows of one template are states of a page; axe looks at the first of them.
    kilobytes: what a first visit may transfer, without photographs (1 kB = 1000 bytes); scripts, styles: of it.
    """

    name: str
    template: str
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
        PageType("home", "egov_site/home_page.html", kilobytes=90),
        PageType("services", "egov_services/service_index_page.html", "services/"),
        PageType(
            "services with facets", "egov_services/service_index_page.html", "services/?channel=online&free=1"
        ),
        PageType("services, none found", "egov_services/service_index_page.html", "services/?q=zzzzqqqq"),
        PageType(
            "service",
            "egov_services/service_page.html",
            "services/",
            link=r"services/[^/?#.]+/",
            kilobytes=60,
        ),
        PageType(
            "how it went",
            "egov_services/experience/form.html",
            "services/get-a-private-driving-licence/experience/",
            kilobytes=60,
        ),
        PageType(
            "how it went, sent",
            "egov_services/experience/thanks.html",
            "services/get-a-private-driving-licence/experience/thanks/",
            kilobytes=60,
        ),
        PageType("life events", "egov_services/life_event_index_page.html", "events/"),
        PageType("life event", "egov_services/life_event_page.html", "events/", link=r"events/[^/?#]+/"),
        PageType("status", "egov_site/status.html", "status/"),
        PageType("offices", "egov_site/office_index_page.html", "offices/"),
        PageType(
            "offices on a map",
            "egov_site/office_map.html",
            "offices/?view=map",
            kilobytes=140,
            scripts=56,
            styles=19,
        ),
        PageType(
            "offices of a governorate",
            "egov_site/office_index_page.html",
            "offices/",
            link=r"offices/[^/?#]+/",
        ),
        PageType(
            "office", "egov_site/office_page.html", "offices/", link=r"offices/[^/?#]+/[^/?#]+/", kilobytes=60
        ),
        PageType("news", "egov_site/news_index_page.html", "news/"),
        PageType("news item", "egov_site/news_page.html", "news/", link=r"news/[^/?#]+/"),
        PageType("organisation", "egov_site/organisation_index_page.html", "organisation/"),
        PageType(
            "unit", "egov_site/organisation_unit_page.html", "organisation/", link=r"organisation/[^/?#]+/"
        ),
        PageType("people", "egov_site/people_index_page.html", "people/"),
        PageType("person", "egov_site/person_page.html", "people/", link=r"people/[^/?#]+/"),
        PageType("legislation", "egov_site/legislation_index_page.html", "legislation/"),
        PageType(
            "law",
            "egov_site/legal_reference.html",
            "legislation/",
            link=r"legislation/[^/?#]+/",
            kilobytes=60,
        ),
        PageType("questions", "egov_site/faq_page.html", "faq/"),
        PageType("a-z", "egov_site/az_page.html", "a-z/"),
        PageType("site map", "egov_site/site_map_page.html", "site-map/"),
        PageType("about", "egov_site/section_page.html", "about/", kilobytes=60),
        PageType("accessibility", "egov_site/content_page.html", "accessibility/", kilobytes=60),
        PageType("privacy", "egov_site/content_page.html", "privacy/", kilobytes=60),
        PageType("search with results", "egov_search/results.html", "search/?q=إجازة"),
        PageType("search", "egov_search/results.html", "search/"),
        PageType("search, none found", "egov_search/results.html", "search/?q=zzzzqqqq"),
        PageType(
            "not found", "egov_site/errors/not_found.html", "nothing-is-here/", status=404, kilobytes=60
        ),
        PageType("changes of services", "egov_editing/changes.html", "services/changes/"),
        PageType("handbook of services", "egov_services/handbook.html", "services/handbook/", kilobytes=200),
        PageType(
            "sheet of a service",
            "egov_services/service_print.html",
            "services/get-a-private-driving-licence.print",
        ),
        PageType(
            "poster of a service",
            "egov_services/poster.html",
            "services/get-a-private-driving-licence.poster",
        ),
        PageType(
            "description of the API", "egov_api/docs.html", "/api/v1/docs/?lang={language}", kilobytes=200
        ),
        PageType("patterns", "egov/patterns.html", "patterns/", kilobytes=80),
    )
}

# The first page of each template stands for the template where states of it make no difference.
FIRST_OF_TEMPLATE = {
    page.name for page in {page.template: page for page in reversed(PAGES.values())}.values()
}

# Public templates that no first visit meets, each with its reason.
NOT_VISITED = {
    "egov_services/quality/review.html": "opens with the token of a mail",
    "egov_services/reform/print.html": "for staff",
    "egov_site/errors/forbidden.html": "answers what a reader may not do",
    "egov_site/errors/gone.html": "answers the code of what was withdrawn",
    "egov_site/feedback.html": "answers a form (test_without_scripts.py)",
}
