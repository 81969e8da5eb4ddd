"""Who may do what with runs. `editing` and the feature apps register their decisions; these are the defaults."""

from __future__ import annotations

from egov_cms.exchange import handlers
from egov_cms.policies import Policy

SEE, RECEIVE, CONFIRM, UNDO, PUBLISH = ACTIONS = ("see", "receive", "confirm", "undo", "publish")


def _may(user, kind, action):
    return user.is_active and handlers.get(kind).may(user, action)


def _needs_second_person(run):
    return run.publish or handlers.get(run.kind).second_person


def _person_name(user):
    return user.get_full_name() or user.get_username()


# may(user, kind, action) -> bool: never called for commands, which may do everything.
may = Policy("exchange.may", default=_may)
# needs_second_person(run) -> bool: must another user than the sender confirm?
needs_second_person = Policy("exchange.needs_second_person", default=_needs_second_person)
# person_name(user) -> str, for messages and lists.
person_name = Policy("exchange.person_name", default=_person_name)
