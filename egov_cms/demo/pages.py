"""The pages of the demonstration in every language: organisation, people, texts, news, body of the home page."""

from egov_cms.adapters.wagtail.pages import page_model
from egov_cms.site.models import (
    Appointment,
    ContentPage,
    NewsIndexPage,
    NewsPage,
    OrganisationIndexPage,
    OrganisationUnitPage,
    PeopleIndexPage,
    PersonPage,
    SectionPage,
)
from egov_cms.site.tree import insert_pages

from .content import in_language, paragraphs, read, stable_uuid, stream

Page = page_model()


class DemoSite:
    """The home pages by language (the source language first); finds and creates pages below them."""

    def __init__(self, homes):
        self.homes = homes
        self.source = next(iter(homes))

    def below(self, model, slug=None):
        """The page of this type (and slug) in every language, by language code."""
        pages = model.objects.select_related("locale")
        pages = pages.filter(slug=slug) if slug else pages
        by_language = {page.locale.language_code: page for page in pages}
        return {code: by_language[code] for code in self.homes}

    def create_missing(self, specs):
        """Create the pages of `specs` that do not exist, in all languages together.

        specs: list of (parents by language, make), where `make(code)` returns the unsaved page in a language.
        Returns the pages by language in the order of `specs`, including the existing ones.
        """
        result, missing = [], []
        for parents, make in specs:
            pages = {code: make(code) for code in self.homes}
            slug = pages[self.source].slug
            if parents[self.source].get_children().filter(slug=slug).exists():
                existing = {code: parents[code].get_children().filter(slug=slug) for code in self.homes}
                pages = {code: children.first().specific for code, children in existing.items() if children}
            else:
                for code, page in pages.items():
                    page.locale = self.homes[code].locale
                    page.translation_key = stable_uuid(type(page).__name__, slug)
                    missing.append((parents[code], page))
            result.append(pages)
        insert_pages(missing, publish=True)
        return result


def load_organisation(site):
    """Unit code → pages by language. Units below units are created level by level."""
    units = {}
    level = [(site.below(OrganisationIndexPage), row) for row in read("organisation")]
    while level:
        created = site.create_missing([(parents, _unit_maker(row)) for parents, row in level])
        next_level = []
        for (_parents, row), pages in zip(level, created, strict=True):
            units[row["code"]] = pages
            parents = {code: Page.objects.get(pk=page.pk) for code, page in pages.items()}
            next_level += [(parents, child) for child in row.get("below", [])]
        level = next_level
    return units


def _unit_maker(row):
    return lambda code: OrganisationUnitPage(
        slug=row["slug"],
        code=row["code"],
        kind=row["kind"],
        title=row["title"][code],
        summary=row["summary"][code],
        phones=row.get("phones", []),
        email=row.get("email", ""),
    )


def load_people(site, units, references):
    index = site.below(PeopleIndexPage)

    def maker(row):
        def make(code):
            body = stream([{"text": _html(row["biography"])}], code, references, "people", row["slug"])
            page = PersonPage(
                slug=row["slug"], title=row["title"][code], summary=row["summary"][code], body=body
            )
            page.appointments = [
                Appointment(
                    role=each["role"][code],
                    rank=each["rank"],
                    unit=units[each["unit"]][site.source],
                    starts=each["starts"],
                    ends=each.get("ends"),
                    sort_order=order,
                    locale=site.homes[code].locale,
                    translation_key=stable_uuid("appointment", each["key"]),
                )
                for order, each in enumerate(row["appointments"])
            ]
            return page

        return make

    site.create_missing([(index, maker(row)) for row in read("people")])


def load_texts(site, references):
    """The pages of `pages.yaml`, each below its section."""

    def maker(row):
        return lambda code: ContentPage(
            slug=row["slug"],
            title=row["title"][code],
            summary=row["summary"][code],
            body=stream(row["body"], code, references, "pages", row["slug"]),
        )

    site.create_missing(
        [(site.below(SectionPage, row["section"]), maker(row)) for row in read("pages")["pages"]]
    )


def load_news(site, images, references):
    index = site.below(NewsIndexPage)

    def maker(row):
        def make(code):
            body = [{"text": {each: paragraphs(row["text"], each) for each in site.homes}}]
            return NewsPage(
                slug=row["slug"],
                date=row["date"],
                title=row["title"][code],
                summary=row["summary"][code],
                image=images[row["image"]],
                image_alt=in_language(ALT, code),
                body=stream(body, code, references, "news", row["slug"]),
            )

        return make

    # The oldest first, so that the pages are in chronological order in the tree.
    return site.create_missing(
        [(index, maker(row)) for row in sorted(read("news"), key=lambda row: row["date"])]
    )


ALT = {
    "ar": "رسم خطي هادئ يرافق الخبر",
    "ckb": "وێنەیەکی هێڵکاریی ئارام لەگەڵ هەواڵەکە",
    "en": "A quiet line drawing beside the news item",
}


def load_home(site, references):
    """Add the blocks of the home pages that have none."""
    for code, home in site.homes.items():
        if not home.body:
            home.body = stream(read("pages")["home"], code, references, "home")
            home.save_revision().publish()


def _html(texts):
    return {code: f"<p>{text}</p>" for code, text in texts.items()}
