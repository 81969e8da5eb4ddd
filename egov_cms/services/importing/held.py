"""Pages that other people hold: those that wait for an approver."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.contenttypes.models import ContentType
from wagtail.models import WorkflowState

from egov_cms.adapters.wagtail.pages import page_model

Page = page_model()


def in_review(keys: Iterable[int]) -> set[int]:
    """Which of these pages wait for an approver."""
    states = WorkflowState.objects.filter(
        base_content_type=ContentType.objects.get_for_model(Page), status=WorkflowState.STATUS_IN_PROGRESS
    )
    return set(map(int, states.values_list("object_id", flat=True))) & set(keys)
