"""One page of a list."""

from django.core.paginator import Page, Paginator


def page_of(items, request, per_page: int) -> Page:
    """The page that `?page=` asks for; the nearest good one when the number is bad."""
    return Paginator(items, per_page).get_page(request.GET.get("page"))
