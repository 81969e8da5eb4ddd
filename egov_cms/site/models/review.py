"""The workflow task in which another user approves a version."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask

from ..gate import PublishGate, PublishRefused


class FourEyesTask(AbstractGroupApprovalTask):
    """Approval by a group. Refused to the author and the submitter of the version, and while the publish gate has
    problems."""

    class Meta:
        verbose_name = _("Approval by another person")
        verbose_name_plural = _("Approvals by another person")

    @classmethod
    def get_description(cls):
        return _("Members of the chosen groups can approve; nobody can approve their own version")

    def get_actions(self, obj, user):
        actions = super().get_actions(obj, user)
        state = obj.current_workflow_task_state
        if state is not None and _is_own(state, user):
            return [action for action in actions if action[0] != "approve"]
        return actions

    @transaction.atomic
    def on_action(self, task_state, user, action_name, **kwargs):
        if action_name == "approve":
            if _is_own(task_state, user):
                raise PermissionDenied(_("Somebody else must approve this version."))
            _refuse_problems(task_state)
        return super().on_action(task_state, user, action_name, **kwargs)


def _is_own(task_state, user) -> bool:
    return user is not None and user.pk in (
        task_state.revision.user_id,
        task_state.workflow_state.requested_by_id,
    )


def _refuse_problems(task_state):
    version = task_state.revision.as_object()
    if isinstance(version, PublishGate) and (problems := version.gate_problems()):
        raise PublishRefused(version, problems)
