"""The records of the demonstration (one row for all languages): laws, questions, offices, notices, images, documents."""

import datetime
from decimal import Decimal

from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from egov_cms.adapters.wagtail.pages import page_model
from egov_cms.services.models import DocumentType, ServicePage
from egov_cms.site.models import (
    Faq,
    Governorate,
    LegalReference,
    Notice,
    Office,
    OfficeHours,
    OrganisationUnitPage,
    SpecialPeriod,
)

from . import drawings
from .content import DATA, read

Page = page_model()

CLOSING_HOUR = 15


def load_laws():
    for row in read("records")["laws"]:
        existing = LegalReference.objects.filter(
            kind=row["kind"], number=row.get("number", ""), year=row["year"]
        )
        if not existing.exists():
            law = LegalReference(**row)
            law.full_clean()
            law.save()


def load_questions():
    data = read("records")
    existing = {faq.question.get("ar") for faq in Faq.objects.all()}
    for order, row in enumerate(data["faq"], start=1):
        if row["question"]["ar"] not in existing:
            topic = data["topics"][row["topic"]]
            Faq.objects.create(
                question=row["question"], answer=row["answer"], topic=topic, sort_order=order * 10
            )


def load_notices(home):
    """Notices end some weeks after loading, when the offices close. Each needs an end to be a valid notice."""
    now = timezone.localtime()
    closing = now.replace(hour=CLOSING_HOUR, minute=0, second=0, microsecond=0)
    existing = {notice.title.get("ar") for notice in Notice.objects.all()}
    for row in read("records")["notices"]:
        if row["title"]["ar"] in existing:
            continue
        notice = Notice(
            level=row["level"],
            title=row["title"],
            body=row["body"],
            everywhere=row["everywhere"],
            starts=now - datetime.timedelta(days=1),
            ends=closing + datetime.timedelta(days=row["days"]),
        )
        notice.full_clean()
        notice.save()
        paths = [f"{home.url_path}{slug}/" for slug in row.get("pages", [])]
        notice.pages.set(Page.objects.filter(url_path__in=paths))
        notice.offices.set(Office.objects.filter(slug__in=row.get("offices", [])))


def name_issuing_services():
    """Set the issuing service of the document types that have none."""
    for code, service_code in read("records")["issuing_services"].items():
        document_type = DocumentType.objects.filter(code=code, issuing_service=None).first()
        if document_type is not None:
            document_type.issuing_service = ServicePage.objects.get(
                service_code=service_code, locale__language_code="ar"
            )
            document_type.save(update_fields=["issuing_service"])


def load_images():
    """Name of a drawing → image."""
    model = get_image_model()
    images = {}
    for name in sorted(drawings.DRAWINGS):
        title = drawings.title(name)
        images[name] = model.objects.filter(title=title).first()
        if images[name] is None:
            file = ContentFile(drawings.draw(name), name=f"drawing-{name}.png")
            images[name] = model.objects.create(title=title, file=file)
    return images


def load_documents():
    """Name in `pages.yaml` → document."""
    model = get_document_model()
    documents = {}
    for name, row in read("pages")["documents"].items():
        documents[name] = model.objects.filter(title=row["title"]["ar"]).first()
        if documents[name] is None:
            content = (DATA / "files" / row["file"]).read_bytes()
            documents[name] = model.objects.create(
                title=row["title"]["ar"], file=ContentFile(content, name=row["file"])
            )
    return documents


def load_offices():
    """Slug → office. Each family of `offices.yaml` gives one office in each of its governorates."""
    data = read("offices")
    governorates = {governorate.code: governorate for governorate in Governorate.objects.all()}
    units = {unit.code: unit for unit in _source_units() if unit.code}
    offices = {office.slug: office for office in Office.objects.all()}
    rows = [*data["offices"], *_family_rows(data["families"], governorates)]
    for order, row in enumerate(rows, start=1):
        if row["slug"] not in offices:
            offices[row["slug"]] = _office(row, order, data, governorates, units)
    return offices


def offered_services():
    """Service code → slugs of the offices that offer it."""
    offered = {}
    for family in read("offices")["families"]:
        for code in family.get("services", []):
            offered[code] = [
                f"{family['slug']}-{governorate.lower()}" for governorate in family["governorates"]
            ]
    return offered


def _source_units():
    return OrganisationUnitPage.objects.filter(locale__language_code="ar")


def _family_rows(families, governorates):
    for family in families:
        for number, code in enumerate(family["governorates"]):
            governorate = governorates[code]
            latitude, longitude = (
                float(degrees) + shift * (1 + number % 3 / 4)
                for degrees, shift in zip(
                    (governorate.latitude, governorate.longitude), family["offset"], strict=True
                )
            )
            yield {
                **family,
                "slug": f"{family['slug']}-{code.lower()}",
                "governorate": code,
                "at": [latitude, longitude],
                "phones": [f"078010{number:02d}{len(family['slug']):03d}"],
                "name": {
                    language: text.format(place=governorate.name.best(language)[0])
                    for language, text in family["name"].items()
                },
            }


def _office(row, order, data, governorates, units):
    office = Office(
        name=row["name"],
        slug=row["slug"],
        kind=row["kind"],
        unit=units.get(row.get("unit", "")),
        governorate=governorates[row["governorate"]],
        district=row.get("district", {}),
        address=row["address"],
        landmark=row["landmark"],
        latitude=_degrees(row["at"][0]),
        longitude=_degrees(row["at"][1]),
        phones=row["phones"],
        email=row.get("email", ""),
        access_features=row["access"],
        sort_order=order * 10,
    )
    office.full_clean(exclude=["hours", "special_periods"])
    week = data["hours"][row["hours"]]
    office.hours = [OfficeHours(weekday=day, **_spans(week["spans"])) for day in week["days"]]
    ramadan = data["ramadan"]
    office.special_periods = [
        SpecialPeriod(
            name=ramadan["name"],
            first_day=ramadan["first_day"],
            last_day=ramadan["last_day"],
            **_spans(ramadan["spans"]),
        )
    ]
    office.save()
    return office


def _spans(times):
    """`["08:00", "12:00", …]` as the columns of one day."""
    columns = ("opens", "closes", "opens_again", "closes_again")
    return dict(zip(columns, map(datetime.time.fromisoformat, times), strict=False))


def _degrees(value):
    return Decimal(str(round(value, 5)))
