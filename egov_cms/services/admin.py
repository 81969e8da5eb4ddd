"""Admin lists of the records of the catalogue, and the permissions of roles."""

from django.utils.translation import gettext_lazy as _
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from egov_cms.services import models
from egov_cms.site.admin import FoldedIndexView, RecordViewSet


class CatalogueRecordViewSet(RecordViewSet):
    """A list of one type of record, searched by its folded names."""

    index_view_class = FoldedIndexView
    list_display = ["name", "code", "is_public"]
    list_per_page = 50


class DocumentTypeViewSet(CatalogueRecordViewSet):
    model = models.DocumentType
    icon = "doc-full"
    menu_order = 10
    list_display = ["name", "code", "issuer_unit", "reusable"]
    list_filter = ["reusable", "downloadable"]

    def get_queryset(self, request):
        return models.DocumentType.objects.select_related("issuer_unit")


class StepTemplateViewSet(CatalogueRecordViewSet):
    model = models.StepTemplate
    icon = "list-ol"
    menu_order = 20
    list_display = ["name", "code", "channel", "is_visit"]


class LifeEventViewSet(CatalogueRecordViewSet):
    model = models.LifeEvent
    icon = "date"
    menu_order = 30
    list_display = ["name", "code", "kind"]
    list_filter = ["kind"]


class AudienceViewSet(CatalogueRecordViewSet):
    model = models.Audience
    icon = "group"
    menu_order = 40


class ServiceCategoryViewSet(CatalogueRecordViewSet):
    model = models.ServiceCategory
    icon = "folder-open-inverse"
    menu_order = 50


class GlossaryTermViewSet(CatalogueRecordViewSet):
    model = models.GlossaryTerm
    icon = "openquote"
    menu_order = 60


class CatalogueGroup(SnippetViewSetGroup):
    """The menu entry “Catalogue”."""

    menu_label = _("Catalogue")
    menu_icon = "tasks"
    menu_order = 220
    items = (
        DocumentTypeViewSet,
        StepTemplateViewSet,
        LifeEventViewSet,
        AudienceViewSet,
        ServiceCategoryViewSet,
        GlossaryTermViewSet,
    )


RECORDS = ("documenttype", "steptemplate", "lifeevent", "audience", "servicecategory", "glossaryterm")


def allow_roles():
    """Register the permissions of roles: editors change document types and step wordings, publishers all records."""
    from egov_cms.site import roles

    for role in (roles.SERVICE_EDITOR, roles.TRANSLATOR, roles.APPROVER, roles.PUBLISHER, roles.AUDITOR):
        roles.allow(
            role, *(f"egov_services.view_{name}" for name in RECORDS), "egov_services.export_services"
        )
    for action in ("add", "change"):
        roles.allow(
            roles.SERVICE_EDITOR,
            *(f"egov_services.{action}_{name}" for name in ("documenttype", "steptemplate")),
        )
    # An import writes drafts, in the languages in which the user can change pages.
    for role in (roles.SERVICE_EDITOR, roles.TRANSLATOR, roles.PUBLISHER):
        roles.allow(role, "egov_services.import_services")
    for action in ("add", "change", "delete"):
        roles.allow(roles.PUBLISHER, *(f"egov_services.{action}_{name}" for name in RECORDS))
    for role in (roles.SERVICE_EDITOR, roles.APPROVER, roles.PUBLISHER, roles.AUDITOR):
        roles.allow(role, "egov_services.view_serviceburden")
    for role in (roles.PUBLISHER, roles.AUDITOR, roles.COMPLAINTS_OFFICER):
        roles.allow(role, "egov_services.view_serviceexperience")
    roles.allow(roles.COMPLAINTS_OFFICER, "egov_services.change_serviceexperience")
