"""Which page has an address: two queries, where Wagtail runs two for each level of the tree, and some for site and home."""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import get_language
from wagtail.models import Site

from egov_cms.adapters.wagtail.pages import page_model, remember_route, remember_site
from egov_cms.site.models import HomePage
from egov_cms.site.page_cache import cached_by_version

Page = page_model()


def find_page(request, path):
    """The page that has this address, which Wagtail's view serves then with its hooks and restrictions, without looking for
    it again; None where Wagtail has to find out. Raises Http404 as `page.route()` does.
    """
    parts = [part for part in path.split("/") if part]
    site = cached_by_version(f"site-{request.get_host()}", lambda: Site.find_for_request(request))
    remember_site(request, site)
    code = get_language()
    roots = (root for root in Site.get_site_root_paths() if site is not None and root.site_id == site.pk)
    root_path = next((root.root_path for root in roots if root.language_code == code), None)
    if root_path is None:
        return None
    paths = [root_path + "".join(f"{part}/" for part in parts[:count]) for count in range(len(parts) + 1)]
    found = Page.objects.filter(url_path__in=paths).order_by("depth")
    rows = list(found.values_list("pk", "depth", "live", "content_type"))
    if not rows or not _is_usual(rows[0]):
        return None
    pk, depth, _live, content_type = rows[-1]
    model = ContentType.objects.get_for_id(content_type).model_class()
    if model is None:
        return None
    route = model._default_manager.get(pk=pk).route(request, parts[depth - rows[0][1] :])
    remember_route(request, route)
    return route[0]


def _is_usual(home) -> bool:
    """Is this a live home page that routes as ours do? A language whose home page is a draft is answered by Wagtail: 404."""
    _pk, _depth, live, content_type = home
    model = ContentType.objects.get_for_id(content_type).model_class()
    return live and model is not None and issubclass(model, HomePage) and model.route is HomePage.route
