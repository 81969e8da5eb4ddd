"""A kind of file for tests: lines that make, rename and take away groups of users, or do what a bad file may do."""

import os
import signal
import time

from django.contrib.auth.models import Group

from egov_cms.exchange import handlers
from egov_cms.exchange.records import record_values
from egov_cms.exchange.report import Change, Place


class GroupsHandler(handlers.Handler):
    """`NAME` makes a group, `OLD -> NEW` renames one, `- NAME` deletes one; `!word` is what `_do` says."""

    kind = "groups"
    label = "Groups"
    suffixes = (".txt",)
    largest_bytes = 1024 * 1024
    permissions = {"see": "auth.view_group", "receive": "auth.add_group", "undo": "auth.delete_group"}
    publishes = True
    public = ()

    def read(self, source, report, context):
        lines = source.read_bytes().decode().splitlines()
        return [(number, line) for number, line in enumerate(lines, 1) if line]

    def apply(self, data, report, context):
        for position, (number, line) in enumerate(data, 1):
            context.progress(position, len(data), line)
            place = Place(line=number)
            if line.startswith("!"):
                self._do(line[1:], report, place)
            elif line.startswith("- "):
                group = Group.objects.get(name=line[2:])
                context.deleted(group, group.name, before=record_values(group))
                group.delete()
                report.count("deleted", line[2:])
            elif " -> " in line:
                self._rename(*line.split(" -> "), report, context, place)
            elif Group.objects.filter(name=line).exists():
                report.count("unchanged", line)
            else:
                group = Group.objects.create(name=line)
                context.created(group, line, after=record_values(group))
                report.count("created", line)
                report.change(Change(line, "name", after=line))

    def _rename(self, old, new, report, context, place):
        group = Group.objects.filter(name=old).first()
        if group is None:
            report.error(
                "unknown", f"There is no group {old}.", item=old, field="name", value=old, place=place
            )
            return
        before = record_values(group)
        group.name = new
        group.save()
        context.changed(group, old, before=before, after=record_values(group))
        report.count("changed", old)
        report.change(Change(old, "name", before=old, after=new))

    def _do(self, word, report, place):
        action, _space, rest = word.partition(" ")
        if action == "error":
            report.error(rest or "wrong", "This is wrong.", value=rest, place=place)
        elif action == "errors":
            for number in range(int(rest)):
                code = "rare" if number == int(rest) - 1 else "wrong"
                report.error(code, f"Row {number} is wrong.", item=f"G{number}", value="x" * 500)
        elif action == "warn":
            report.warn("odd", "This is odd.", place=place)
        elif action == "reason":
            report.ask_reason(rest)
        elif action == "raise":
            raise RuntimeError(rest)
        elif action == "sleep":
            time.sleep(float(rest))
        elif action == "eat":
            held = []
            while True:
                held.append(bytearray(1024 * 1024))
        elif action == "die":
            os.kill(os.getpid(), signal.SIGKILL)

    def is_public(self, obj):
        return obj.name.startswith("public")


handlers.register(GroupsHandler())
