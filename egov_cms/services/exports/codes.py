"""Services as subjects with public codes, and how they concern each other."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from egov_cms.services.choices import RelationKind
from egov_cms.services.models import ServiceRelation, ServiceSnapshot
from egov_cms.site import public_codes
from egov_cms.site.public_codes import PagesWithCode, PublicSubject, Relation, SubjectLink

KIND = "service"
RELATIONS = {
    RelationKind.REQUIRES: Relation("requires", RelationKind.REQUIRES.label, _("Needed for")),
    RelationKind.RELATED: Relation("related", RelationKind.RELATED.label, RelationKind.RELATED.label),
    RelationKind.NEXT: Relation("next", RelationKind.NEXT.label, _("Usually before")),
}


def register():
    public_codes.register_code(
        KIND,
        label=_("Service"),
        code_help=_("Service code."),
        pattern=r"[A-Z0-9-]{1,32}",
        resolve=public_services,
        pages=PagesWithCode("egov_services.ServicePage", "service_code"),
        data=lambda code: reverse("egov_api:services-detail", kwargs={"code": code}),
    )
    public_codes.register_links(relations)


def public_services(codes: Collection[str], language: str) -> dict[str, PublicSubject]:
    """The services that are public in this language, by code. One query."""
    rows = ServiceSnapshot.objects.public().filter(service_code__in=codes)
    return {
        code: PublicSubject(code, titles[language], urls.get(language) or "", language)
        for code, titles, urls in rows.values_list("service_code", "document__title", "document__urls")
        if titles.get(language)
    }


def relations(kind: str, codes: Collection[str]) -> Iterator[SubjectLink]:
    """What editors say of how services concern each other. One query."""
    if kind != KIND:
        return
    touching = Q(page__service_code__in=codes) | Q(target__service_code__in=codes)
    rows = ServiceRelation.objects.filter(touching).order_by("page__service_code", "sort_order", "pk")
    # Translations repeat the rows of their source.
    for name, here, there in dict.fromkeys(
        rows.values_list("kind", "page__service_code", "target__service_code")
    ):
        yield SubjectLink(KIND, here, KIND, there, RELATIONS[RelationKind(name)])
