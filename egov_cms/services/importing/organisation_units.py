"""The organisation units that own services: found by ministry code and name, created where missing."""

from __future__ import annotations

from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.models import Locale

from egov_cms.language import fold
from egov_cms.services.code_lists import ministry_names, section_words
from egov_cms.site.models import HomePage, OrganisationIndexPage, OrganisationUnitPage
from egov_cms.site.tree import insert_pages


class NoHomePage(Exception):
    """The site has no home page yet, below which units could be created."""


class OrganisationUnits:
    """`find(ministry, names)` gives the page in the source language, made once with its translations."""

    def __init__(self, records, publish: bool, user=None):
        self.records = records
        self.publish = publish
        self.user = user
        self.locales = {locale.language_code: locale for locale in Locale.objects.all()}
        self.found: dict[tuple[str, str], OrganisationUnitPage] = {}
        self.created: list[OrganisationUnitPage] = []

    def find(self, ministry: str, names: dict[str, str]) -> OrganisationUnitPage:
        source = self.records.source.language_code
        key = (ministry, fold(names.get(source, "")))
        if key not in self.found:
            parent = self.ministry(ministry)
            self.found[key] = self._below(parent, names) if key[1] else parent
        return self.found[key]

    def ministry(self, code: str) -> OrganisationUnitPage:
        page = self.records.get("ministry", code)
        if page is None:
            names = dict(ministry_names()[code])
            page = self._create(self._index(), names, "ministry", code)
            self.records.remember("ministry", code, page)
        return page

    def _below(self, parent, names):
        source = self.records.source.language_code
        wanted = fold(names[source])
        if fold(parent.title) == wanted:
            return parent
        for page in OrganisationUnitPage.objects.descendant_of(parent):
            if fold(page.title) == wanted:
                return page
        return self._create(parent, names, "directorate", "")

    def _index(self):
        index = OrganisationIndexPage.objects.filter(locale=self.records.source).first()
        if index is not None:
            return index
        home = HomePage.objects.filter(locale=self.records.source).first()
        if home is None:
            raise NoHomePage(_("The site has no home page yet. Run seed_site first."))
        index, made = None, []
        for language, locale in self._source_first():
            parent = home if index is None else home.get_translation_or_none(locale)
            if parent is None:
                continue
            words = section_words("organisation").get(language)
            if words is None:
                continue
            page = OrganisationIndexPage(slug="organisation", **words)
            made.append((parent, self._in_language(page, locale, index)))
            index = index or page
        insert_pages(made, publish=self.publish, user=self.user)
        return index

    def _create(self, parent, names, kind, code):
        slug = slugify(code) if code else slugify(names.get("en", ""))[:80].strip("-")
        source_page, made = None, []
        for language, locale in self._source_first():
            title = names.get(language)
            place = parent if source_page is None else parent.get_translation_or_none(locale)
            if not title or place is None:
                continue
            page = OrganisationUnitPage(title=title[:255], kind=kind, code=code)
            page.slug = source_page.slug if source_page else self._free_slug(place, slug)
            made.append((place, self._in_language(page, locale, source_page)))
            source_page = source_page or page
        insert_pages(made, publish=self.publish, user=self.user)
        self.created.append(source_page)
        return source_page

    def _in_language(self, page, locale, source_page):
        page.locale = locale
        if source_page is not None:
            page.translation_key = source_page.translation_key
        return page

    def _free_slug(self, parent, slug):
        taken = set(parent.get_children().values_list("slug", flat=True))
        wanted, number = slug or "unit", 2
        while wanted in taken:
            wanted, number = f"{slug or 'unit'}-{number}", number + 1
        return wanted

    def _source_first(self):
        source = self.records.source
        others = [(code, locale) for code, locale in self.locales.items() if locale != source]
        return [(source.language_code, source), *others]
