"""The catalogue of services as something that is exported."""

from __future__ import annotations

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from egov_cms.services.models import ServiceSnapshot
from egov_cms.site.exports import Export, Format, page_address, register_export


def register():
    register_export(
        Export(
            "services",
            title=_("Services"),
            description=_(
                "Every public service: what to bring, what it costs, where it is given and how long it takes."
            ),
            api="services",
            formats=(Format("text/html", page_address("egov_service_handbook")),),
            changed=lambda: ServiceSnapshot.objects.aggregate(last=Max("changed_at"))["last"],
            keywords=(_("services"), _("fees"), _("documents")),
        )
    )
