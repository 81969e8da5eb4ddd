"""The search indexes of the site: pages, news, units, people, offices, legislation, questions."""

import datetime

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from egov_cms.language import content_languages
from egov_cms.search import Index, SearchDocument, register

from . import seed
from .models import (
    ContentPage,
    Faq,
    FaqPage,
    Governorate,
    LegalReference,
    LegislationIndexPage,
    NewsIndexPage,
    NewsPage,
    Office,
    OfficeIndexPage,
    OrganisationIndexPage,
    OrganisationUnitPage,
    PeopleIndexPage,
    PersonPage,
    SectionPage,
)

PLAIN_PAGES = (
    ContentPage,
    SectionPage,
    FaqPage,
    NewsIndexPage,
    OfficeIndexPage,
    OrganisationIndexPage,
    PeopleIndexPage,
    LegislationIndexPage,
)


def register_indexes():
    """Called by `AppConfig.ready()` when search is installed."""
    register(Index("page", PLAIN_PAGES, page_documents, _("Pages"), _("Page"), weight=1.2))
    register(
        Index(
            "news",
            NewsPage,
            news_documents,
            _("News"),
            _("News"),
            fresh=True,
            facets={"year": _("Year")},
            value_labels=years,
        )
    )
    register(
        Index("unit", OrganisationUnitPage, unit_documents, _("Departments"), _("Department"), weight=1.4)
    )
    register(Index("person", PersonPage, person_documents, _("People"), _("Person"), weight=1.3))
    register(
        Index(
            "office",
            Office,
            office_documents,
            _("Offices"),
            _("Office"),
            weight=1.4,
            facets={"governorate": _("Governorate")},
            value_labels=governorates,
            related={Governorate: lambda place: Office.objects.public().filter(governorate=place)},
        )
    )
    register(
        Index(
            "legislation",
            LegalReference,
            law_documents,
            _("Legislation"),
            _("Legislation"),
            weight=1.3,
            facets={"kind": _("Kind"), "year": _("Year")},
            value_labels=law_labels,
        )
    )
    register(Index("question", Faq, question_documents, _("Questions"), _("Question"), weight=1.3))
    seed.register(load_synonyms)


def load_synonyms(config, homes):
    """Load the starter set of synonyms when a site is seeded."""
    from egov_cms.search.synonym_files import load_starter

    load_starter()


def page_documents(page, **fields):
    """The search document of a page: title, summary and the text of its body."""
    body = getattr(page, "body", None)
    url = page.url
    if page.alias_of_id or not url:
        return
    # The date is that of the first publication, unless the page type gives another one.
    fields.setdefault("date", page.first_published_at and page.first_published_at.date())
    fields.setdefault("type", "page")
    yield SearchDocument(
        id=f"page-{page.translation_key}",
        locale=page.locale.language_code,
        title=page.title,
        url=url,
        summary=page.summary,
        body=" ".join(body.stream_block.get_searchable_content(body)) if body else "",
        **fields,
    )


def news_documents(page):
    return page_documents(page, type="news", date=page.date, facets={"year": [str(page.date.year)]})


def unit_documents(page):
    return page_documents(page, type="unit", popular_names=[page.code] if page.code else [])


def person_documents(page):
    today = datetime.date.today()
    roles = [role.role for role in page.appointments.all() if role.role and role.is_current(today)]
    return page_documents(page, type="person", attachments=" ".join(roles))


def office_documents(office):
    place = office.governorate
    for locale, index_page in _index_pages(OfficeIndexPage):
        if name := office.name.in_locale(locale):
            texts = [*([place.name] if place else []), office.district, office.address, office.landmark]
            yield SearchDocument(
                id=f"office-{office.pk}",
                type="office",
                locale=locale,
                title=name,
                url=index_page.office_url(office),
                summary=" · ".join(filter(None, (text.in_locale(locale) for text in texts))),
                attachments=" ".join(place.other_names) if place else "",
                facets={"governorate": [place.slug]} if place else {},
            )


def law_documents(reference):
    for locale, index_page in _index_pages(LegislationIndexPage):
        if title := reference.title.in_locale(locale):
            with override(locale):
                kind = str(reference.get_kind_display())
            number = f"{kind} {reference.number} {reference.year or ''}".strip() if reference.number else ""
            yield SearchDocument(
                id=f"law-{reference.pk}",
                type="legislation",
                locale=locale,
                title=title,
                url=index_page.reference_url(reference),
                popular_names=[number] if number else [],
                summary=reference.summary.in_locale(locale),
                body=reference.issuer.in_locale(locale),
                facets={"kind": [reference.kind], "year": [str(reference.year)] if reference.year else []},
                date=reference.gazette_date,
            )


def question_documents(faq):
    for locale, index_page in _index_pages(FaqPage):
        if question := faq.question.in_locale(locale):
            yield SearchDocument(
                id=f"question-{faq.pk}",
                type="question",
                locale=locale,
                title=question,
                url=f"{index_page.url}#q{faq.pk}",
                summary=faq.answer.in_locale(locale),
                body=faq.topic.in_locale(locale),
            )


def years(facet, codes, locale):
    return {code: code for code in codes}


def governorates(facet, codes, locale):
    return {place.slug: place.name.best(locale)[0] for place in Governorate.objects.filter(slug__in=codes)}


def law_labels(facet, codes, locale):
    labels = dict(LegalReference.Kind.choices) if facet == "kind" else {}
    return {code: labels.get(code, code) for code in codes}


def _index_pages(model):
    """`(language code, page)` of the public page that lists a kind of records, for each language that has one."""
    pages = {page.locale.language_code: page for page in model.objects.public().select_related("locale")}
    return [(code, pages[code]) for code in content_languages() if code in pages and pages[code].url]
