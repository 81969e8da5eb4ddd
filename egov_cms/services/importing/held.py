"""Pages that other people hold: those that wait for an approver, and those whose words stand in the translation editor."""

from __future__ import annotations

from collections.abc import Iterable

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from wagtail.models import Page, WorkflowState


def in_review(keys: Iterable[int]) -> set[int]:
    """Which of these pages wait for an approver."""
    states = WorkflowState.objects.filter(
        base_content_type=ContentType.objects.get_for_model(Page), status=WorkflowState.STATUS_IN_PROGRESS
    )
    return set(map(int, states.values_list("object_id", flat=True))) & set(keys)


def in_translation_editor(translation_keys) -> set[tuple]:
    """(translation key, primary key of the language) of pages whose words the translation editor keeps."""
    if not apps.is_installed("wagtail_localize"):
        return set()
    from egov_cms.site import localize

    return localize.in_translation_editor(translation_keys)
