from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from blocks.table import find_table, table_rows
from egov_cms.adapters.wagtail.pages import page_model
from egov_cms.tabular import write_csv

Page = page_model()


def _public_page(page_id):
    page = get_object_or_404(Page.objects.live().public().select_related("locale"), pk=page_id)
    # A page type can have a stricter rule of what is public.
    return get_object_or_404(page.specific_class.objects.live().public(), pk=page_id)


@require_safe
@cache_control(public=True, max_age=60)
def table_csv(request, page_id, block_id):
    """A table block of a live, public page as a CSV file; 404 for any other page or block."""
    page = _public_page(page_id)
    table = find_table(page, block_id)
    if table is None or page.get_url_parts(request) is None:
        raise Http404
    response = HttpResponse(
        b"".join(write_csv(table_rows(table), bom=True, guard=True)), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{page_id}-{block_id[:8]}.csv"'
    response["Content-Language"] = page.locale.language_code
    response["X-Robots-Tag"] = "noindex"
    return response
