"""Members of a JSON body that hold other members."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from .problems import Problem
from .queries import read_members


@dataclass(frozen=True)
class ObjectMember:
    """An object with declared members; the value is {name: value}."""

    description: str
    members: Mapping
    required: bool = False
    default: object = None

    def read_member(self, value, path):
        if not isinstance(value, dict):
            raise Problem("invalid-member", _("Use an object."), member=path)
        return read_members(value, self.members, path)

    def member_schema(self):
        return {**object_schema(self.members), "description": str(self.description)}


@dataclass(frozen=True)
class ListMember:
    """A list of at most `most` values, each read by `item`; the value is a list."""

    description: str
    item: object
    most: int = 50
    least: int = 0
    required: bool = False
    default: object = None

    def read_member(self, value, path):
        if not isinstance(value, list):
            raise Problem("invalid-member", _("Use a list of values."), member=path)
        if not self.least <= len(value) <= self.most:
            bounds = {"least": self.least, "most": self.most}
            message = _("Give %(least)s to %(most)s values.") % bounds
            raise Problem("invalid-member", message, member=path)
        return [self.item.read_member(each, (*path, place)) for place, each in enumerate(value)]

    def member_schema(self):
        return {
            "type": "array",
            "items": self.item.member_schema(),
            "minItems": self.least,
            "maxItems": self.most,
            "description": str(self.description),
        }


def object_schema(members):
    """{name: member} → the JSON Schema of an object that has no others."""
    schema = {
        "type": "object",
        "properties": {name: member.member_schema() for name, member in members.items()},
        "additionalProperties": False,
    }
    required = [name for name, member in members.items() if member.required]
    return {**schema, "required": required} if required else schema
