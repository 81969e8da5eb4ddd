"""Reading what was asked: a query string, or the members of a JSON body, against what an endpoint declares."""

import json
from decimal import Decimal

from django.utils.translation import gettext as _

from .families import Family
from .problems import Problem
from .suggestions import listed, nearest

LARGEST_BODY = 64 * 1024
JSON_TYPE = "application/json"


def read_query(query, parameters):
    """A QueryDict and {name: Parameter or Family} → {name: value}, defaults filled in.

    Raises `Problem` for the first parameter that is not declared, is missing or has a bad value: nothing is
    ignored, so a mistyped filter can not silently return everything.
    """
    for name in query:
        family = name.partition("[")[0]
        if isinstance(parameters.get(family), Family) and family != name:
            continue
        if name not in parameters or isinstance(parameters[name], Family):
            message, meant = _unknown(name, parameters)
            raise Problem("unknown-parameter", message, parameter=name[:80], suggestion=meant)
    values = {}
    for name, parameter in parameters.items():
        if isinstance(parameter, Family):
            values[name] = parameter.read(name, query)
        elif name in query:
            values[name] = parameter.read(name, query.getlist(name))
        elif parameter.required:
            raise Problem("invalid-parameter", _("This parameter is required."), parameter=name)
        else:
            values[name] = parameter.default
    return values


def read_body(request, largest=LARGEST_BODY):
    """The JSON object in the body of a request, its numbers exact; raises `Problem`."""
    media_type = (request.content_type or "").lower()
    if media_type != JSON_TYPE or request.headers.get("Content-Encoding", "identity") != "identity":
        raise Problem("unsupported-media-type", _("Send JSON: Content-Type: application/json."))
    data = request.read(largest + 1)
    if len(data) > largest:
        raise Problem("body-too-large", _("Send at most %(size)s bytes.") % {"size": largest})
    try:
        given = json.loads(
            data.decode(), parse_float=Decimal, parse_constant=_not_json, object_pairs_hook=_object
        )
    except (ValueError, RecursionError) as error:
        place = getattr(error, "lineno", None)
        where = _("The body is not JSON.")
        if place:
            where = _("The body is not JSON: line %(line)s, column %(column)s.")
            where %= {"line": place, "column": error.colno}
        raise Problem("malformed-request", where)
    if not isinstance(given, dict):
        raise Problem("malformed-request", _("The body must be one JSON object."))
    return given


def read_members(given, members, path=()):
    """A JSON object and {name: member} → {name: value}, defaults filled in.

    A member is a `Parameter`, a `Family`, an `ObjectMember`, a `ListMember`, or any object with their
    `read_member(value, path)`, `member_schema()`, `required` and `default`. `path` says where the object
    stands in the body. Raises `Problem` that points at the first bad member.
    """
    for name in given:
        if name not in members:
            message, meant = _unknown(name, members)
            raise Problem("unknown-member", message, member=(*path, name[:80]), suggestion=meant)
    values = {}
    for name, member in members.items():
        if name in given:
            values[name] = member.read_member(given[name], (*path, name))
        elif member.required:
            raise Problem("invalid-member", _("This member is required."), member=(*path, name))
        else:
            values[name] = {} if isinstance(member, Family) else member.default
    return values


def _unknown(name, known):
    """(text of the problem, what was probably meant) of a name that is not declared."""
    shown = sorted(each + ("[…]" if isinstance(known[each], Family) else "") for each in known)
    base, bracket, keys = name.partition("[")
    meant = nearest(base, known)
    if meant and isinstance(known[meant], Family):
        meant += f"{bracket}{keys}" if bracket else "[…]"
    message = _("“%(name)s” is not known here. Known: %(known)s.")
    return message % {"name": name[:80], "known": listed(shown)}, meant


def _object(pairs):
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a member is given twice")
    return found


def _not_json(name):
    raise ValueError(f"{name} is no JSON")
