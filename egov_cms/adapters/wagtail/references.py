"""Wagtail's index of references: what points at what (docs.wagtail.org: advanced_topics/reference_index).

Documented are the model fields that are indexed and a command that rebuilds it; how to read it, how to write many pages
at once, and how to wait until it is written are not.
"""

from contextlib import contextmanager

from django.contrib.contenttypes.models import ContentType
from wagtail.models import ReferenceIndex
from wagtail.tasks import update_reference_index_task

from egov_cms.adapters.django import delete_unseen

from .pages import page_model

BATCH = 200


@contextmanager
def references_read_once(page):
    """Within the block `page` is saved with its rows; afterwards its references are read, all at once.

    Wagtail reads all references of a page after every row that is saved with it: a service with forty rows was read
    forty-one times on each publication, which took half of its time. The flag that stops it is not re-entrant.
    """
    # Wagtail 8 wants every model to be there when this is imported.
    from wagtail import signal_handlers

    if getattr(signal_handlers.reference_index_auto_update_disabled, "value", False):
        # A caller further out will read them.
        yield
        return
    with signal_handlers.disable_reference_index_auto_update():
        yield
    signal_handlers.update_reference_index_on_save(page)


def references_were_read(task_result):
    """(model label, primary key) when this finished task has read the references of an object, else None.

    Wagtail reads them in a task of its own and sends no signal afterwards; the end of that task is the only sign.
    """
    if task_result.task.func is not update_reference_index_task.func:
        return None
    app_label, model_name, key = task_result.args
    return f"{app_label}.{model_name}", key


def is_read(model) -> bool:
    """Does Wagtail keep references of objects of this model?"""
    return ReferenceIndex.is_indexed(model)


def references_of(model, key):
    """The references from one object, a queryset of ReferenceIndex. The object itself is not read."""
    return ReferenceIndex.get_references_for_object(model(pk=key))


def references_to(target):
    """The references to one object, a queryset of ReferenceIndex."""
    return ReferenceIndex.get_references_to(target)


def is_protected(target) -> bool:
    """Does something refer to this object that would forbid to delete it? As Wagtail's own confirmation asks."""
    return references_to(target).group_by_source_object().is_protected


def references():
    """All references: from `base_content_type` and `object_id`, to `to_content_type` and `to_object_id`; keys are text."""
    return ReferenceIndex.objects.all()


def write_references(pages, *, new: bool):
    """Read and write the references of many pages together; `new`: none were written before.

    `ReferenceIndex.create_or_update_for_object` does it for one page, with at least four queries.
    """
    if not pages:
        return
    base = ContentType.objects.get_for_model(page_model())
    if not new:
        keys = [str(page.pk) for page in pages]
        delete_unseen(ReferenceIndex.objects.filter(base_content_type=base, object_id__in=keys))
    rows = []
    for page in pages:
        content_type = ContentType.objects.get_for_model(page, for_concrete_model=False)
        for to_type, to_key, model_path, content_path in set(
            ReferenceIndex._extract_references_from_object(page)
        ):
            rows.append(
                ReferenceIndex(
                    content_type=content_type,
                    base_content_type=base,
                    object_id=page.pk,
                    to_content_type_id=to_type,
                    to_object_id=to_key,
                    model_path=model_path,
                    content_path=content_path,
                    content_path_hash=ReferenceIndex._get_content_path_hash(content_path),
                )
            )
    ReferenceIndex.objects.bulk_create(rows, batch_size=BATCH)
