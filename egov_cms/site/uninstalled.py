"""Pages of a module that was taken out of the site: they stay in the database, and readers are not shown them.

Wagtail would serve such a page with its bare title, because nothing knows its type any more.
"""

from django.contrib.contenttypes.models import ContentType
from django.core import checks
from django.db import DatabaseError
from django.http import Http404

from egov_cms.adapters.wagtail.pages import page_model

Page = page_model()


def refuse(page, request, serve_args, serve_kwargs):
    """For the hook `before_serve_page`: there is no page at the address of one whose type is not installed."""
    if page.specific_class is None:
        raise Http404(f"The type of page {page.pk} is not installed.")


def check_published(app_configs, **kwargs):
    """egov.W301: such pages are published, so lists of pages and search still name them."""
    try:
        published = list(Page.objects.live().order_by().values_list("content_type", flat=True).distinct())
    except DatabaseError:  # not migrated yet
        return []
    kinds = ContentType.objects.get_for_id
    gone = sorted(
        f"{kind.app_label}.{kind.model}" for kind in map(kinds, published) if not kind.model_class()
    )
    if not gone:
        return []
    message = (
        f"Published pages have types that are not installed: {', '.join(gone)}. Readers get 404 for them."
    )
    hint = "Install their module again and withdraw the pages first, or delete them; then `manage.py rebuild_search`."
    return [checks.Warning(message, hint=hint, id="egov.W301")]
