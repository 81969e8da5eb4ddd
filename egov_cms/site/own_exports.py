"""What the site itself exports: offices, notices, the organisation, news."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from egov_cms.api.rendering import AtomRenderer
from egov_cms.language import content_languages

from .exports import Export, Format, leave_out, page_address, register_export
from .models import NewsIndexPage, NewsPage, Notice, OrganisationUnitPage

ATOM = AtomRenderer.media_type


def register():
    register_export(
        Export(
            "offices",
            title=_("Offices"),
            description=_("Every office with its address, position, telephone numbers and opening hours."),
            api="offices",
            themes=("GOVE", "REGI"),
            keywords=(_("offices"), _("opening hours"), _("addresses")),
        )
    )
    register_export(
        Export(
            "notices",
            title=_("Notices"),
            description=_(
                "Notices in force: closed offices, services that pause, what readers must know first."
            ),
            api="notices",
            formats=(Format(ATOM, page_address("egov_notices_feed")),),
            landing_page=page_address("egov_status"),
            changed=_last_notice,
            keywords=(_("notices"),),
            frequency="CONT",
        )
    )
    register_export(
        Export(
            "organisation",
            title=_("Organisation"),
            description=_(
                "The units of the ministry in the order of its tree, with their codes and contacts."
            ),
            api="organisation",
            changed=lambda: _last_publication(OrganisationUnitPage),
            keywords=(_("organisation"), _("units")),
        )
    )
    register_export(
        Export(
            "news",
            title=_("News"),
            description=_("The latest news of the ministry."),
            formats=(Format(ATOM, page_address("egov_news_feed")),),
            changed=lambda: _last_publication(NewsPage),
            languages=_languages_with_news,
            keywords=(_("news"),),
            frequency="CONT",
        )
    )
    leave_out("search", "It answers questions and holds nothing of its own.")


def _last_publication(model) -> datetime | None:
    return model.objects.public().aggregate(last=Max("last_published_at"))["last"]


def _last_notice() -> datetime | None:
    begun = Notice.objects.public().filter(starts__lte=timezone.now())
    return begun.aggregate(last=Max("starts"))["last"]


def _languages_with_news() -> list[str]:
    having = {*NewsIndexPage.objects.public().values_list("locale__language_code", flat=True)}
    return [code for code in content_languages() if code in having]
