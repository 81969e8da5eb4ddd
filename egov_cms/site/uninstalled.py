"""Pages of a module that was removed from the site: they remain in the database, but readers get 404.

Wagtail would render such a page with only its title, because its page type is not installed any more.
"""

from django.contrib.contenttypes.models import ContentType
from django.core import checks
from django.db import DatabaseError
from django.http import Http404

from egov_cms.adapters.wagtail.pages import page_model

Page = page_model()


def refuse_uninstalled(page, request, serve_args, serve_kwargs):
    """For the hook `before_serve_page`: 404 for a page whose type is not installed."""
    if page.specific_class is None:
        raise Http404(f"The type of page {page.pk} is not installed.")


def check_published(app_configs, **kwargs):
    """egov.W301: such pages are live, so lists of pages and search still show them."""
    try:
        published = list(Page.objects.live().order_by().values_list("content_type", flat=True).distinct())
    except DatabaseError:  # not migrated yet
        return []
    kinds = ContentType.objects.get_for_id
    missing = sorted(
        f"{kind.app_label}.{kind.model}" for kind in map(kinds, published) if not kind.model_class()
    )
    if not missing:
        return []
    message = (
        f"Published pages have types that are not installed: {', '.join(missing)}. Readers get 404 for them."
    )
    hint = "Install their module again and withdraw the pages first, or delete them; then `manage.py rebuild_search`."
    return [checks.Warning(message, hint=hint, id="egov.W301")]
