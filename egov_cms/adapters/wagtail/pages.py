"""The base page, which a project may choose, and what is written on pages without `save()`.

Wagtail 8 takes the base page from the setting WAGTAIL_PAGE_MODEL (docs.wagtail.org: extending/reusable_app_base_page);
`wagtail.models.Page` is then a class without a table. Its documentation says to ask the library `swapper`, which 7.4
does not bring. Both versions go through the functions here, and nothing else names `wagtail.models.Page`.
"""

from functools import cache
from importlib import import_module

import wagtail
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_permission_codename
from django.db import models
from django.db.migrations import operations
from wagtail.models import COMMENTS_RELATION_NAME, Comment, Site
from wagtail.models.sites import get_site_for_hostname

__all__ = [
    # The relation of a page that holds comments, not rows. Documented is the setting that changes its name.
    "COMMENTS_RELATION_NAME",
    "DefaultSlug",
    "for_base_page",
    "open_comments",
    "page_model",
    "page_model_name",
    "page_permission",
    "page_pointer",
    "remember_route",
    "remember_site",
    "routed_page",
    "site_of_host",
    "slug_is_free",
]

STANDARD = "wagtailcore.Page"


def page_model_name() -> str:
    """`app.Model` of the base page, for foreign keys and `parent_page_types`."""
    swappable = wagtail.VERSION >= (8,)
    return (swappable and getattr(settings, "WAGTAIL_PAGE_MODEL", "")) or STANDARD


@cache
def page_model():
    """The class of the base page. May be called while models are being defined, as for the base of a page type.

    `swapper.load_model` may not: it wants the app of the base page before ours in INSTALLED_APPS. Here the app's models are
    imported first; they may not import page types of the suite.
    """
    label, name = page_model_name().split(".")
    import_module(f"{apps.get_app_config(label).name}.models")
    return apps.get_registered_model(label, name)


def page_pointer() -> str:
    """The field by which a page type points at its row of the base page: `page_ptr` unless the base page is another."""
    return f"{page_model_name().rpartition('.')[2].lower()}_ptr"


def page_permission(action: str) -> str:
    """ "publish" → "wagtailcore.publish_page": permissions are named after the base page."""
    options = page_model()._meta
    return f"{options.app_label}.{get_permission_codename(action, options)}"


def for_base_page(changes: list) -> list:
    """Operations of a migration, made for Wagtail's own page, for the base page of this project.

    Django writes the name of the base page into migrations as it is in the project that makes them. Ours are made on
    Wagtail 7.4, which has one only: `operations = for_base_page([…])`. `site.schema.CreateModels` does so by itself.
    """
    name = page_model_name()
    return changes if name == STANDARD else [_renamed(change, name) for change in changes]


def _renamed(change, name):
    if isinstance(change, operations.CreateModel):
        fields = [
            (page_pointer() if _is_pointer(field) else field_name, _pointed(field, name))
            for field_name, field in change.fields
        ]
        bases = [name.lower() if base == STANDARD.lower() else base for base in change.bases]
        return operations.CreateModel(change.name, fields, change.options, tuple(bases), change.managers)
    if isinstance(change, operations.AddField | operations.AlterField):
        return type(change)(
            change.model_name, change.name, _pointed(change.field, name), change.preserve_default
        )
    if type(change) is operations.SeparateDatabaseAndState:
        return operations.SeparateDatabaseAndState(
            *(
                [_renamed(each, name) for each in part]
                for part in (change.database_operations, change.state_operations)
            )
        )
    return change


def _target(field) -> str:
    to = getattr(field.remote_field, "model", None)
    return to.lower() if isinstance(to, str) else ""


def _is_pointer(field) -> bool:
    return _target(field) == STANDARD.lower() and getattr(field.remote_field, "parent_link", False)


def _pointed(field, name):
    if _target(field) != STANDARD.lower():
        return field
    _name, _path, args, kwargs = field.deconstruct()
    return type(field)(*args, **(kwargs | {"to": name}))


class DefaultSlug(models.Model):
    """Mixin of page types that propose the slug of a page which has none: `default_slug()`.

    Wagtail proposes Latin letters for an Arabic title that nobody can read (وزارة الصحة → ozr-lsh), and has no documented
    place to propose another: it fills in the slug before `clean()`, and with the drafts that skip `clean()` too.
    """

    class Meta:
        abstract = True

    def default_slug(self) -> str:
        """The slug to try first, without a number that makes it unique; empty: Wagtail's own."""
        return ""

    def fill_in_defaults(self):
        """Fill in what Wagtail fills in before it cleans a page (slug, draft title, language), and clean nothing."""
        self._set_core_field_defaults()

    def _set_core_field_defaults(self):
        if not self.slug and (slug := self.default_slug()):
            self.slug = self._get_autogenerated_slug(slug)
        super()._set_core_field_defaults()


def slug_is_free(slug: str, parent, page=None) -> bool:
    """May `page` have this slug below `parent`? The only other answer is the ValidationError of `clean()`."""
    return page_model()._slug_is_available(slug, parent, page)


def open_comments(pages):
    """The comments on these pages that nobody has resolved, as Wagtail gives them to a page out of its revision. One query.

    Comments are documented for editors only; the model behind them is not.
    """
    return Comment.objects.filter(page__in=[page.pk for page in pages], resolved_at=None)


def routed_page(request):
    """The page to which Wagtail has already routed this request; None where it has not looked. No query.

    The documented `Page.find_for_request(request, path)` would look, which costs queries in every view that is no page.
    """
    route = getattr(request, "_wagtail_route_for_request", None)
    return route[0] if route else None


def remember_route(request, result) -> None:
    """Wagtail takes this as the result of its routing of the request: what `page.route()` returned."""
    request._wagtail_route_for_request = result


def remember_site(request, site) -> None:
    """The documented `Site.find_for_request` takes this as what it has found for the request."""
    request._wagtail_site = site


def site_of_host(host: str, port: int):
    """The Site that answers a host, or None. The documented `Site.find_for_request` wants a request, which is gone when
    visits are written."""
    try:
        return get_site_for_hostname(host, port)
    except Site.DoesNotExist:
        return None
