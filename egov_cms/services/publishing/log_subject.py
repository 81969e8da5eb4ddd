"""Services as something that the public log of changes tells of."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from egov_cms.editing.models import ChangeLogEntry
from egov_cms.editing.subjects import register_subject
from egov_cms.services.choices import ChangedFact
from egov_cms.services.models import ServiceSnapshot
from egov_cms.services.publishing.change_sentences import sentence

KIND = "service"


def register():
    register_subject(
        KIND,
        label=_("Service"),
        all_label=_("All services"),
        heading=_("Changes of fees, documents and times"),
        introduction=_("What has changed in the published facts of services, when and why."),
        code_help=_("Service code."),
        code_pattern=r"[A-Z0-9-]{1,32}",
        facts=dict(ChangedFact.choices),
        sentence=sentence,
        titles=titles,
    )


def titles(codes: Collection[str], language: str) -> dict[str, tuple[str, str]]:
    """Service code → title and address of the services that are public in this language. One query."""
    rows = ServiceSnapshot.objects.filter(service_code__in=codes)
    return {
        code: (titles[language], urls.get(language) or "")
        for code, titles, urls in rows.values_list("service_code", "document__title", "document__urls")
        if titles.get(language)
    }


def log_of(codes: Collection[str]):
    """The entries of the log about these services, the latest first."""
    return ChangeLogEntry.objects.of(KIND, codes)
