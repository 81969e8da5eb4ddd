"""The search index of services: title, popular names, summary, documents, and facets."""

from __future__ import annotations

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from egov_cms.search import Index, SearchDocument, register
from egov_cms.services import choices
from egov_cms.services.loading.rows import load_rows
from egov_cms.services.models import Audience, DocumentType, LifeEvent, ServicePage

RELATIONS = (
    "documents",
    "requirements",
    "steps",
    "faqs",
    "outputs",
    "channels",
    "audiences",
    "life_events",
)


def register_index():
    """Called from `AppConfig.ready()` if search is installed."""
    register(
        Index(
            "service",
            ServicePage,
            documents,
            _("Services"),
            _("Service"),
            weight=2.0,
            facets={"audience": _("For whom"), "event": _("Life and business events"), "channel": _("How")},
            value_labels=labels,
            load=load,
            related={DocumentType: services_asking_for},
        )
    )


def load(pages):
    """Read the rows that the documents of these services are made of, and their languages."""
    load_rows(pages, RELATIONS)
    prefetch_related_objects(pages, "locale")


def documents(page):
    """The search document of one service in one language; none for a withdrawn service."""
    url = page.url
    if page.alias_of_id or not url or page.status == choices.Status.RETIRED:
        return
    locale = page.locale.language_code
    evidence = [row.document_type.name.in_locale(locale) for row in page.documents.all()]
    body = [row.text for row in page.requirements.all()]
    body += [row.name for row in page.outputs.all()]
    body += [part for row in page.faqs.all() for part in (row.question, row.answer)]
    body += [part for row in page.steps.all() for part in (row.title, row.text)]
    body += page.body.stream_block.get_searchable_content(page.body)
    yield SearchDocument(
        id=page.service_code or f"page-{page.translation_key}",
        type="service",
        locale=locale,
        title=page.title,
        url=url,
        popular_names=[*page.popular_names.splitlines(), page.service_code],
        summary=page.summary,
        attachments=" ".join(evidence),
        body=" ".join(part for part in body if part),
        facets={
            "audience": [each.code for each in page.audiences.all()],
            "event": [each.code for each in page.life_events.all()],
            "channel": sorted({row.kind for row in page.channels.all()}),
        },
        date=page.first_published_at and page.first_published_at.date(),
    )


def services_asking_for(document_type):
    return ServicePage.objects.public().filter(documents__document_type=document_type).distinct()


def labels(facet, codes, locale):
    """The labels of facet values in a language."""
    if facet == "channel":
        return {
            code: str(choices.ChannelKind(code).label) for code in codes if code in choices.ChannelKind.values
        }
    model = {"audience": Audience, "event": LifeEvent}[facet]
    return {each.code: each.name.best(locale)[0] for each in model.objects.filter(code__in=codes)}
