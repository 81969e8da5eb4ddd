"""Records that keep no revisions: their values before and after, and back."""

from __future__ import annotations

import json
from typing import Any

from django.core import serializers
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, ProtectedError, RestrictedError
from django.utils.translation import gettext as _
from modelcluster.models import ClusterableModel, get_all_child_relations

from egov_cms.exchange.models import ExchangeItem, ExchangeRun
from egov_cms.exchange.undoing import Kept, Undone

Action = ExchangeItem.Action
AT_ONCE = 200


def record_values(obj: Model) -> dict[str, Any]:
    """Everything that a record holds, with the rows of a clusterable model, as JSON values without primary keys."""
    if isinstance(obj, ClusterableModel):
        values = obj.serializable_data()
        values.pop("pk", None)
        for relation in get_all_child_relations(obj):
            for row in values.get(relation.get_accessor_name(), ()):
                row.pop("pk", None)
                row.pop(relation.field.name, None)
    else:
        values = serializers.serialize("python", [obj])[0]["fields"]
    return json.loads(json.dumps(values, cls=DjangoJSONEncoder))


def restore(model: type[Model], pk, values: dict[str, Any]):
    """Write the values of `record_values` to the record with this key; it is created when it was deleted."""
    if issubclass(model, ClusterableModel):
        model.from_serializable_data({**values, "pk": pk}).save()
        return
    data = {"model": model._meta.label_lower, "pk": pk, "fields": values}
    for found in serializers.deserialize("python", [data]):
        # `save()` of the deserialised object bypasses that of the model, which keeps derived columns right.
        found.object._state.adding = False
        found.object.save()
        for name, related in (found.m2m_data or {}).items():
            getattr(found.object, name).set(related)


def undo(run: ExchangeRun, context, *, is_public) -> Undone:
    """Revert what a run wrote to records; what was edited since, or is public, is left and listed with the reason."""
    done = Undone(dry_run=context.dry_run)
    # In reverse order, so that an object is reverted before the objects to which it refers.
    for item in run.items.order_by("-pk").iterator(chunk_size=AT_ONCE):
        reason, code = _undo_item(item, is_public)
        name = item.code or item.label
        if reason:
            done.kept.append(Kept(name, item.locale, reason, code))
        elif item.action == Action.CREATED:
            done.removed.append(name)
        else:
            done.restored.append(name)
    for names in (done.removed, done.restored, done.kept):
        names.reverse()
    return done


def _undo_item(item, is_public) -> tuple[str, str]:
    """Undo one item, or (why not, code)."""
    model = item.content_type.model_class() if item.content_type else None
    if model is None:
        return _("Its kind is not installed any more."), "no_model"
    obj = model._base_manager.filter(pk=item.object_id).first()
    if item.action == Action.DELETED:
        if obj is not None:
            return _("It was made again since."), "exists"
        restore(model, item.object_id, item.before)
        return "", ""
    if obj is None:
        return _("It was deleted since."), "deleted"
    if record_values(obj) != item.after:
        return _("It was edited since."), "edited"
    if item.action == Action.CHANGED:
        restore(model, obj.pk, item.before)
        return "", ""
    if is_public(obj):
        return _("It is public. Take it off the site first, if that is meant."), "public"
    try:
        obj.delete()
    except (ProtectedError, RestrictedError):
        return _("Something else refers to it."), "used"
    return "", ""
