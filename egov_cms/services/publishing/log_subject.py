"""Services as something that the public log of changes tells of."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from egov_cms.editing.models import ChangeLogEntry
from egov_cms.editing.subjects import register_subject
from egov_cms.services.choices import ChangedFact
from egov_cms.services.exports.codes import KIND
from egov_cms.services.publishing.change_sentences import sentence


def register():
    register_subject(
        KIND,
        all_label=_("All services"),
        heading=_("Changes of fees, documents and times"),
        introduction=_("What has changed in the published facts of services, when and why."),
        facts=dict(ChangedFact.choices),
        sentence=sentence,
    )


def log_of(codes: Collection[str]):
    """The entries of the log about these services, the latest first."""
    return ChangeLogEntry.objects.of(KIND, codes)
