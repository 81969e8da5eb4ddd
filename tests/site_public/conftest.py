"""A ministry's site in three languages with a page of every type."""

import datetime as dt
import json
from copy import deepcopy

import pytest
from wagtail.models import Site

from egov_cms.site import models as site
from egov_cms.testing.factories import home_pages
from tests.images import state

CODES = ("ar", "ckb", "en")


def add(parent, model, slug, translation_key=None, **fields):
    """A live page; with the translation key of another page it is its translation."""
    page = model(
        locale=parent.locale, slug=slug, **{"title": f"{slug} {parent.locale.language_code}", **fields}
    )
    if translation_key:
        page.translation_key = translation_key
    parent.add_child(instance=page)
    return page


def add_everywhere(parents, model, slug, codes=CODES, **fields):
    """The same page in several languages: `{code: page}`."""
    pages = {}
    for code in codes:
        key = next(iter(pages.values())).translation_key if pages else None
        pages[code] = add(parents[code], model, slug, key, **fields)
    return pages


def make_homes():
    pages = home_pages()
    for page in pages.values():
        page.summary = "What to do?"
        page.save()
    ministry = Site.objects.get()
    site.MinistryIdentity.objects.create(
        site=ministry,
        name={"ar": "وزارة التخطيط", "ckb": "وەزارەتی پلاندانان", "en": "Ministry of Planning"},
        country={"ar": "جمهورية العراق", "ckb": "کۆماری عێراق", "en": "Republic of Iraq"},
        address={"ar": "بغداد، كرادة مريم", "en": "Baghdad, Karadat Mariam"},
    )
    site.SiteSettings.objects.create(
        site=ministry,
        phones=["+9647800000000"],
        email="info@example.gov.iq",
        facebook="https://facebook.com/example",
    )
    return pages


def make_governorates():
    names = {
        "baghdad": {"ar": "بغداد", "ckb": "بەغدا", "en": "Baghdad"},
        "erbil": {"ar": "أربيل", "ckb": "هەولێر", "en": "Erbil"},
    }
    return {
        slug: site.Governorate.objects.create(code=f"T-{slug[:3]}", slug=slug, name=name, sort_order=number)
        for number, (slug, name) in enumerate(names.items())
    }


def make_office(governorate, slug="karkh", **fields):
    office = site.Office.objects.create(
        slug=slug,
        governorate=governorate,
        **{
            "name": {"ar": f"دائرة {slug}", "ckb": f"فەرمانگەی {slug}", "en": f"Office {slug}"},
            "address": {"ar": "شارع فلسطين", "en": "Palestine Street"},
            "landmark": {"ar": "مقابل دائرة البريد", "en": "opposite the post office"},
            "latitude": "33.31520",
            "longitude": "44.36610",
            "phones": ["+9647801234567"],
            "access_features": ["ramp", "kurdish"],
            **fields,
        },
    )
    for weekday in (site.Weekday.SUNDAY, site.Weekday.MONDAY, site.Weekday.TUESDAY):
        office.hours.add(site.OfficeHours(weekday=weekday, opens=dt.time(8), closes=dt.time(14)))
    office.save()
    return office


def make_law(number="8", **fields):
    return site.LegalReference.objects.create(
        **{
            "number": number,
            "year": 2019,
            "title": {
                "ar": f"قانون المرور رقم {number}",
                "ckb": "یاسای هاتوچۆ",
                "en": f"Traffic Law No. {number}",
            },
            "gazette_issue": "4549",
            "gazette_date": dt.date(2019, 8, 5),
            **fields,
        }
    )


def make_ministry():
    """A page of every type in the three languages: `{name: {code: page}}`."""
    homes, governorates = make_homes(), make_governorates()
    pages = {"home": homes}
    body = [{"type": "text", "value": "<p>النص</p>", "id": "6f1b7a0c-6a3e-4a57-9b0e-0d3b0a1c2d3e"}]
    pages["about"] = add_everywhere(homes, site.SectionPage, "about", show_in_menus=True)
    pages["mission"] = add_everywhere(
        pages["about"], site.ContentPage, "mission", summary="One sentence.", body=json.dumps(body)
    )
    pages["privacy"] = add_everywhere(
        homes, site.ContentPage, "privacy", summary="One sentence.", body=json.dumps(body), kind="privacy"
    )
    pages["news"] = add_everywhere(homes, site.NewsIndexPage, "news", show_in_menus=True)
    pages["story"] = add_everywhere(
        pages["news"], site.NewsPage, "story", date=dt.date(2026, 1, 20), summary="One sentence."
    )
    pages["organisation"] = add_everywhere(homes, site.OrganisationIndexPage, "organisation")
    pages["unit"] = add_everywhere(pages["organisation"], site.OrganisationUnitPage, "finance")
    pages["subunit"] = add_everywhere(pages["unit"], site.OrganisationUnitPage, "payroll")
    pages["people"] = add_everywhere(homes, site.PeopleIndexPage, "people")
    pages["person"] = add_everywhere(pages["people"], site.PersonPage, "sara-ahmed")
    pages["offices"] = add_everywhere(homes, site.OfficeIndexPage, "offices", show_in_menus=True)
    pages["legislation"] = add_everywhere(homes, site.LegislationIndexPage, "legislation")
    pages["faq"] = add_everywhere(homes, site.FaqPage, "faq")
    pages["a-z"] = add_everywhere(homes, site.AZPage, "a-z")
    pages["site-map"] = add_everywhere(homes, site.SiteMapPage, "site-map")
    for code, person in pages["person"].items():
        role = {"ar": "الوزير", "ckb": "وەزیر", "en": "Minister"}[code]
        unit, then = pages["unit"]["ar"], dt.date(2024, 1, 1)
        person.appointments.add(
            site.Appointment(role=role, rank=10, unit=unit, starts=then, locale=person.locale),
            site.Appointment(role=f"{role} 2", unit=unit, ends=then, locale=person.locale),
        )
        person.save()
    pages["office"] = make_office(governorates["baghdad"], unit=pages["unit"]["ar"])
    pages["law"] = make_law()
    site.Faq.objects.create(
        question={"ar": "متى الدوام؟", "en": "When are you open?"},
        answer={"ar": "من الأحد.\n\nإلى الخميس.", "en": "Sunday."},
    )
    return pages


made = state("ministry", make_ministry, scope="package")


@pytest.fixture
def ministry(made, db):
    """Pages of every type; changes are rolled back after each test."""
    return deepcopy(made)
