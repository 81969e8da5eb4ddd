"""System checks of the rules for page types."""

from django.apps import apps
from django.core import checks
from django.core.exceptions import FieldDoesNotExist
from modelcluster.models import get_all_child_relations

from egov_cms.adapters.wagtail.pages import page_model

from .facts import FactRow, fact_fields, fact_rows
from .uninstalled import check_published

# Fields of Wagtail's page; a project's base page inherits them from Wagtail's DefaultBasePageMixin.
BASE_FIELDS = ("seo_title", "search_description", "show_in_menus")


def register():
    checks.register(check_base_page, "egov")
    checks.register(check_facts, "egov")
    checks.register(check_published, "egov", deploy=True)


def check_base_page(app_configs, **kwargs):
    """egov.E304: the project's base page has the fields that every page type of the suite uses."""
    base = page_model()
    names = {field.name for field in base._meta.get_fields()}
    return [
        checks.Error(
            f"WAGTAIL_PAGE_MODEL: {base._meta.label} has no field “{name}”.",
            hint="Let it inherit from wagtail.models.DefaultBasePageMixin too.",
            obj=base,
            id="egov.E304",
        )
        for name in BASE_FIELDS
        if name not in names
    ]


def check_facts(app_configs, **kwargs):
    """egov.E301, E302, E303: declared facts exist; rows derive from FactRow; no column is both fact and text."""
    from .models import SitePage

    problems = []
    for model in apps.get_models():
        if not issubclass(model, SitePage):
            continue
        problems += _missing(model, model, fact_fields(model))
        relations = {relation.name: relation.related_model for relation in get_all_child_relations(model)}
        for relation, columns in fact_rows(model).items():
            row = relations.get(relation)
            if row is None or not issubclass(row, FactRow):
                message = f"{model.__name__}.fact_rows: “{relation}” is no child relation to a FactRow."
                problems.append(checks.Error(message, obj=model, id="egov.E301"))
                continue
            problems += _missing(model, row, (*columns.facts, *columns.words))
            for name in set(columns.facts) & set(columns.words):
                message = f"{model.__name__}.fact_rows: “{relation}.{name}” is both a fact and a word."
                problems.append(checks.Error(message, obj=model, id="egov.E302"))
    return problems


def _missing(page_model, model, names):
    for name in names:
        try:
            model._meta.get_field(name)
        except FieldDoesNotExist:
            message = (
                f"{page_model.__name__} declares the fact “{name}”, which {model.__name__} does not have."
            )
            yield checks.Error(message, obj=page_model, id="egov.E303")
