"""Who may do what with pages and records, and who is at work.

Wagtail 8 documents permission policies as internal but for `register_permission_policy(Model)`; 7.4 documents none.
"""

from wagtail import permissions
from wagtail.log_actions import get_active_log_context
from wagtail.models import CollectionViewRestriction, GroupCollectionPermission
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import page_permission_policy

__all__ = [
    # The row behind the documented screen “Privacy” of a collection; that of a page is documented.
    "CollectionViewRestriction",
    # The row behind the documented rights of a group on a collection; that on a page is documented.
    "GroupCollectionPermission",
    # A viewset whose rows nobody may add needs a policy of its own.
    "ModelPermissionPolicy",
    "acting_user",
    "may_edit_pages",
    # Documented is `page.permissions_for_user(user)`, which costs queries for each page of a list.
    "page_permission_policy",
    "set_permission_policy",
]

EDITING = {"add", "change", "publish"}


def may_edit_pages(user) -> bool:
    """May somebody add, change or publish a page anywhere? Asked for whole screens, where there is no page to ask."""
    return page_permission_policy.user_has_any_permission(user, EDITING)


def set_permission_policy(model, policy) -> None:
    """Use this policy for a model. Wagtail 8 keeps all policies in one place and warns when a list brings its own."""
    if hasattr(permissions, "register_permission_policy"):
        permissions.register_permission_policy(model, policy, exact_class=True)


def acting_user():
    """Who is at work in the admin; None in commands and tasks.

    The log knows it for the length of a request (`wagtail.log_actions.LogContext`, set by the admin's views). A page that
    saves itself has no request to ask.
    """
    return get_active_log_context().user
