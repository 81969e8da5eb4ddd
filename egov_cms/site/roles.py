"""Roles of a ministry's staff as groups with permissions, and the workflow of two steps before a publication.

Permissions are strings, so that a role can name those of an app that is not installed; they are skipped. Apps add
permissions with `allow("service editor", "egov_services.add_documenttype")`. Applying the roles again only adds
permissions.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.models import (
    Collection,
    GroupPagePermission,
    Task,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from egov_cms.adapters.wagtail.pages import page_model, page_permission
from egov_cms.adapters.wagtail.permissions import GroupCollectionPermission

from .models import FourEyesTask

Page = page_model()

SERVICE_EDITOR = "service editor"
TRANSLATOR = "translator"
APPROVER = "approver"
PUBLISHER = "publisher"
COMPLAINTS_OFFICER = "complaints officer"
AUDITOR = "auditor"


@dataclass(frozen=True)
class Role:
    """`pages`: permissions on pages; `source`: also in the source language; `media`: permissions on images, documents."""

    pages: tuple[str, ...] = ()
    source: bool = True
    media: tuple[str, ...] = ()
    permissions: tuple[str, ...] = ()


def _records(*actions, models):
    return tuple(f"egov_site.{action}_{model}" for model in models for action in actions)


_RECORDS = ("office", "legalreference", "faq", "notice", "holiday", "governorate")
_CHOOSE = ("wagtailimages.choose_image", "wagtaildocs.choose_document")
_MEDIA = (
    *_CHOOSE,
    "wagtailimages.add_image",
    "wagtailimages.change_image",
    "wagtaildocs.add_document",
    "wagtaildocs.change_document",
)

ROLES = {
    SERVICE_EDITOR: Role(
        pages=("add", "change"),
        media=_MEDIA,
        permissions=_records("view", models=_RECORDS)
        + _records("add", "change", models=("office", "legalreference", "faq", "notice")),
    ),
    # Texts only, and not the source language, in which facts can be edited.
    TRANSLATOR: Role(
        pages=("change",),
        source=False,
        media=_CHOOSE,
        permissions=("wagtail_localize.submit_translation", *_records("view", models=_RECORDS)),
    ),
    APPROVER: Role(
        pages=("change", "lock"),
        media=_CHOOSE,
        permissions=_records("view", models=(*_RECORDS, "pagefeedback")),
    ),
    PUBLISHER: Role(
        pages=("add", "change", "publish", "bulk_delete", "lock", "unlock"),
        media=(*_MEDIA, "wagtailimages.delete_image", "wagtaildocs.delete_document"),
        permissions=(
            "wagtail_localize.submit_translation",
            *_records("view", "add", "change", "delete", models=_RECORDS),
            *_records("change", models=("sitesettings", "ministryidentity")),
            *_records("view", models=("ministryidentity", "pagefeedback")),
        ),
    ),
    COMPLAINTS_OFFICER: Role(permissions=_records("view", "change", models=("pagefeedback",))),
    AUDITOR: Role(
        permissions=_records("view", models=(*_RECORDS, "pagefeedback", "ministryidentity", "dailypagecount"))
    ),
}
_added: dict[str, list[str]] = defaultdict(list)


def allow(role: str, *permissions: str):
    """Add permissions ("app.codename") to a role. For `AppConfig.ready()` of feature apps."""
    if role not in ROLES:
        raise KeyError(f"There is no role {role!r}; roles are {', '.join(ROLES)}.")
    _added[role].extend(permission for permission in permissions if permission not in _added[role])


def apply_roles(homes: dict[str, Page], source: str) -> dict[str, Group]:
    """Create the groups and their permissions below the home page of each language. Can be run again."""
    groups = {}
    for name, role in ROLES.items():
        group = groups[name] = Group.objects.get_or_create(name=name)[0]
        permissions = ("wagtailadmin.access_admin", *role.permissions, *_added[name])
        group.permissions.add(*_existing(permissions))
        for code, home in homes.items():
            if role.source or code != source:
                for permission in _existing(page_permission(action) for action in role.pages):
                    GroupPagePermission.objects.get_or_create(group=group, page=home, permission=permission)
        for permission in _existing(role.media):
            GroupCollectionPermission.objects.get_or_create(
                group=group, collection=Collection.get_first_root_node(), permission=permission
            )
    return groups


def _existing(names) -> list[Permission]:
    permissions = []
    for name in names:
        app, codename = name.split(".")
        permissions += Permission.objects.filter(content_type__app_label=app, codename=codename)[:1]
    return permissions


def apply_workflow(homes: dict[str, Page], groups: dict[str, Group]) -> Workflow:
    """Review by an approver, then publication by a publisher, for all pages below the home pages.

    Can be run again.
    """
    with translation.override(settings.LANGUAGE_CODE):
        steps = [
            _task(groups[APPROVER], _("Review")),
            _task(groups[PUBLISHER], _("Publish")),
        ]
        assigned = WorkflowPage.objects.filter(page__in=homes.values()).select_related("workflow").first()
        workflow = assigned.workflow if assigned else Workflow.objects.create(name=_("Review, then publish"))
    if not workflow.workflow_tasks.exists():
        for order, task in enumerate(steps):
            WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=order)
    for home in homes.values():
        WorkflowPage.objects.get_or_create(page=home, defaults={"workflow": workflow})
    return workflow


def _task(group, name) -> Task:
    task = FourEyesTask.objects.filter(groups=group).first()
    if task is None:
        task = FourEyesTask.objects.create(name=name)
        task.groups.add(group)
    return task
