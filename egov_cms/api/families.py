"""Parameters whose names hold what is known only at run time: `filter[<column>][<operator>]`."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from .parameters import Parameter
from .problems import Problem
from .suggestions import listed, nearest

BRACKETS = re.compile(r"\[([^\[\]]*)\]")
DEFAULT_KEY = ""


@dataclass(frozen=True)
class Family:
    """The parameters `<name>[<key>]` and `<name>[<key>][<key>]`.

    keys: asked once a request, when what the address names is loaded; gives a mapping of key → `Parameter`, or
    of key → such a mapping, whose key "" is meant where a reader leaves the second one out. Any `Mapping` will
    do, so that thousands of columns need not be described before one is asked for. most: as many may be given
    in one request. The value is {(key, …): value}, in the order given.
    """

    description: str
    keys: Callable[[], Mapping] | None = None
    most: int = 50
    required = False
    default = None

    def read(self, name, query):
        """All parameters of this family in a QueryDict → {keys: value}; a `Problem` names the first bad one."""
        known = self.keys()
        found = {}
        for full_name in query:
            if full_name.partition("[")[0] != name or full_name == name:
                continue
            keys = tuple(BRACKETS.findall(full_name))
            if full_name != _written(name, keys):
                raise self._unknown(name, (), known, parameter=full_name[:200])
            keys, parameter = self._find(name, keys, known, parameter=full_name[:200])
            found[keys] = parameter.read(full_name, query.getlist(full_name))
        if len(found) > self.most:
            raise Problem("invalid-parameter", self._too_many(), parameter=name)
        return found

    def read_member(self, value, path):
        """A member {key: value} or {key: {key: value}} of a JSON body → the same as `read` gives."""
        known = self.keys()
        if not isinstance(value, dict):
            raise Problem("invalid-member", _("Use an object."), member=path)
        found = {}
        for keys, each in _leaves(value):
            where = (*path, *keys)
            keys, parameter = self._find(path[-1], keys, known, member=where)
            found[keys] = parameter.read_member(each, where)
        if len(found) > self.most:
            raise Problem("invalid-member", self._too_many(), member=path)
        return found

    def pairs(self, name, value):
        """A value that `read_member` has taken, as [(name, text)] of a query."""
        known, pairs = self.keys(), []
        for keys, each in _leaves(value):
            parameter = self._find(name, keys, known)[1]
            pairs += parameter.pairs(_written(name, keys), each)
        return pairs

    def schema(self):
        """What can be said of it without knowing the keys."""
        leaf = {"type": ["string", "object"]}
        return {"type": "object", "additionalProperties": leaf, "maxProperties": self.most}

    def member_schema(self):
        """The same as a member of a JSON body."""
        return {
            "type": "object",
            "additionalProperties": True,
            "maxProperties": self.most,
            "description": str(self.description),
        }

    def parameters(self, name):
        """{full name: Parameter} of all keys there are: for the description of one address."""
        return {_written(name, keys): parameter for keys, parameter in _all(self.keys())}

    def _find(self, name, keys, known, **pointing):
        node, walked = known, ()
        for key in keys:
            if not isinstance(node, Mapping) or key not in node:
                raise self._unknown(name, walked, node, key, **pointing)
            node, walked = node[key], (*walked, key)
        if isinstance(node, Mapping):
            if not keys or DEFAULT_KEY not in node:
                raise self._unknown(name, walked, node, **pointing)
            node, walked = node[DEFAULT_KEY], (*walked, DEFAULT_KEY)
        return walked, node

    def _unknown(self, name, walked, node, key="", **pointing):
        """The problem of a key that is not there: what was given, what there is, what was probably meant."""
        names = (
            [_written(name, (*walked, each)) for each in node if each] if isinstance(node, Mapping) else []
        )
        given = _written(name, (*walked, key)) if key else pointing.get("parameter") or _written(name, walked)
        meant = nearest(key, [each for each in node if each]) if key and names else ""
        message = _("“%(name)s” is not known here. Known: %(known)s.")
        code = "unknown-parameter" if "parameter" in pointing else "unknown-member"
        return Problem(
            code,
            message % {"name": given[:200], "known": listed(names) or _written(name, walked)},
            suggestion=_written(name, (*walked, meant)) if meant else "",
            **pointing,
        )

    def _too_many(self):
        return _("Give at most %(number)s values.") % {"number": self.most}


def _written(name, keys):
    return name + "".join(f"[{key}]" for key in keys)


def _leaves(value, keys=()):
    for key, each in value.items():
        if isinstance(each, dict) and each:
            yield from _leaves(each, (*keys, key))
        else:
            yield (*keys, key), each


def _all(node, keys=()):
    for key, each in node.items():
        if isinstance(each, Parameter):
            # A key that may be left out is: `filter[amount]`, not `filter[amount][]`.
            yield (*keys, key) if key != DEFAULT_KEY else keys, each
        else:
            yield from _all(each, (*keys, key))
