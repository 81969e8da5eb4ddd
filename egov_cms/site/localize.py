"""Declares the facts of pages to wagtail-localize."""

from django.apps import apps
from modelcluster.models import get_all_child_relations

from egov_cms.adapters import localize

from .facts import fact_fields, fact_rows
from .models import SitePage


def declare_fields():
    """Declare facts as synchronised fields: copied, never translated, never overridden."""
    for model in apps.get_models():
        if not issubclass(model, SitePage):
            continue
        _declare(model, fact_fields(model))
        relations = {relation.name: relation.related_model for relation in get_all_child_relations(model)}
        for relation, columns in fact_rows(model).items():
            _declare(relations[relation], columns.facts)


def _declare(model, names):
    # Many-to-many facts are left to `copy_facts`: wagtail-localize does not synchronise them (localize#390).
    localize.synchronise(model, [name for name in names if not model._meta.get_field(name).many_to_many])
