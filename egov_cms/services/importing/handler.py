"""The kind “services” of `exchange`: a workbook or YAML file of services, and the export of all."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy

from egov_cms.adapters.wagtail.permissions import page_permission_policy
from egov_cms.exchange import handlers, permissions
from egov_cms.language import content_languages
from egov_cms.services.code_lists import seed_code_lists
from egov_cms.services.importing.checks import check
from egov_cms.services.importing.export import export_services
from egov_cms.services.importing.organisation_units import NoHomePage
from egov_cms.services.importing.plain import PlainCatalogue
from egov_cms.services.importing.references import RecordsByCode
from egov_cms.services.importing.undo import undo
from egov_cms.services.importing.workbook_reader import read_workbook
from egov_cms.services.importing.writer import Writer
from egov_cms.services.importing.yaml_reader import read_yaml
from egov_cms.services.models import ServiceIndexPage, ServicePage
from egov_cms.services.seeds import ensure_sections
from egov_cms.tabular.xlsx_writing import MEDIA_TYPE

YAML = (".yaml", ".yml")


class ServicesHandler(handlers.Handler):
    kind = "services"
    label = gettext_lazy("Services")
    introduction = gettext_lazy(
        "Take the catalogue out as a workbook, change cells, add rows or take rows away, and send it in again. Leave codes "
        "and keys as they are; services whose rows you take out are left alone. The sheet “Help” explains every column."
    )
    written_note = gettext_lazy("They are drafts; submit or publish them as usual.")
    item_label = gettext_lazy("Service")
    suffixes = (".xlsx", ".ods", *YAML)
    largest_bytes = 20 * 1024 * 1024
    permissions = {"see": "egov_services.export_services", "receive": "egov_services.import_services"}
    publishes = True
    exports = (("services.xlsx", gettext_lazy("Excel workbook")),)

    def may(self, user, action):
        if action == permissions.PUBLISH:
            return page_permission_policy.user_has_permission(user, "publish")
        return super().may(user, action)

    def read(self, source, report, context) -> PlainCatalogue | None:
        if source.suffix in YAML:
            return read_yaml(source.path, report, content_languages())
        return read_workbook(source.path, source.name, report, content_languages())

    def apply(self, data: PlainCatalogue, report, context):
        report.locate = data.place
        seed_code_lists()
        records = RecordsByCode()
        check(data, records, report)
        writer = Writer(
            data,
            records,
            report,
            publish=context.publish,
            user=context.user,
            progress=context.progress,
            reason=context.reason,
            permitted=permitted_languages(context),
            approved_by=context.approved_by,
        )
        try:
            ensure_sections()
            writer.run()
        except NoHomePage as problem:
            report.error("no_site", str(problem))
        for each in writer.written.values():
            _note(context, each)

    def undo(self, run, context):
        return undo(run, user=context.user, permitted=permitted_languages(context), dry_run=context.dry_run)

    def item_titles(self, items):
        """In the active language, else in the source language."""
        pages = ServicePage.objects.filter(alias_of=None, service_code__in=items)
        wanted = (content_languages()[0], (get_language() or "").split("-")[0])
        titles = pages.filter(locale__language_code__in=wanted).values_list(
            "service_code", "locale__language_code", "draft_title"
        )
        return {
            code: title for code, _language, title in sorted(titles, key=lambda row: wanted.index(row[1]))
        }

    def item_url(self, item):
        return reverse("wagtailadmin_pages:edit", args=[item.object_id])

    def export(self, name, language):
        file_name = f"services-{timezone.localdate().isoformat()}.xlsx"
        return file_name, MEDIA_TYPE, [export_services(language=language)]


def permitted_languages(context) -> dict[str, bool] | None:
    """Code of each language in whose catalogue the user may change services → may new ones be added there?

    None: in all, on a command line.
    """
    if context.trusted or context.user is None:
        return None
    found = {}
    for index in ServiceIndexPage.objects.select_related("locale"):
        rights = index.permissions_for_user(context.user)
        if rights.can_edit():
            found[index.locale.language_code] = rights.can_add_subpage()
    return found


def _note(context: handlers.Context, written: Any):
    page = written.page
    names = {"code": page.service_code, "label": page.title, "locale": page.locale.language_code}
    if written.action == "created":
        context.created(page, **names, revision=written.revision_after)
    else:
        revisions = (written.revision_before, written.revision_after)
        context.changed(page, **names, revisions=revisions)
