"""What wagtail-localize must know of our pages.

The only module that imports it; the suite runs without it.
"""

from django.apps import apps
from modelcluster.models import get_all_child_relations
from wagtail_localize.fields import SynchronizedField

from .facts import fact_fields, fact_rows
from .models import SitePage


def declare_fields():
    """Tell wagtail-localize which fields are facts: copied, never translated, never overridden."""
    for model in apps.get_models():
        if not issubclass(model, SitePage):
            continue
        _declare(model, fact_fields(model))
        relations = {relation.name: relation.related_model for relation in get_all_child_relations(model)}
        for relation, columns in fact_rows(model).items():
            _declare(relations[relation], columns.facts)


def _declare(model, names):
    # Many-to-many facts are left to `copy_facts`: wagtail-localize does not synchronise them (localize#390).
    names = [name for name in names if not model._meta.get_field(name).many_to_many]
    others = [
        field for field in getattr(model, "override_translatable_fields", []) if field.field_name not in names
    ]
    model.override_translatable_fields = [
        *others,
        *(SynchronizedField(name, overridable=False) for name in names),
    ]


def in_translation_editor(translation_keys) -> set[tuple]:
    """(translation key, primary key of the language) of the pages whose words the translation editor keeps.

    What it publishes overwrites words that were saved on the page itself.
    """
    from wagtail_localize.models import Translation

    kept = Translation.objects.filter(enabled=True, source__object__in=list(translation_keys))
    return set(kept.values_list("source__object_id", "target_locale_id"))
