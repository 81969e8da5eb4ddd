"""The root address, the well-known files, the style sheet of the colours, and health checks."""

import uuid
from datetime import UTC, timedelta

from django.apps import apps
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_safe

from egov_cms.language import content_languages, source_language
from egov_cms.look.contrast import stylesheet
from egov_cms.site import languages
from egov_cms.site.frame import colours_digest
from egov_cms.site.models import SiteSettings

YEAR_SECONDS = 31_536_000
# Parts of `readyz` without which readers are served.
DISPENSABLE = ("cache", "search")


@require_safe
def choose_language(request):
    """Redirect `/` to the home page in the best language for this reader."""
    code = languages.preferred(request.headers.get("Accept-Language", ""))
    response = HttpResponseRedirect(f"/{code}/")
    patch_vary_headers(response, ["Accept-Language"])
    patch_cache_control(response, public=True, max_age=300)
    return response


@require_safe
def language_alias(request, alias, rest=""):
    """Redirect `/ku/…` to `/ckb/…`, with the rest of the address and the query."""
    code = languages.supported(alias)
    if not code:
        raise Http404
    query = request.META.get("QUERY_STRING", "")
    target = reverse("egov_root") + f"{code}/{rest.lstrip('/')}" + (f"?{query}" if query else "")
    return HttpResponseRedirect(target, status=301)


@require_safe
def robots(request):
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /accounts/",
        *[f"Disallow: /{code}/search/" for code in content_languages()],
        "",
        f"Sitemap: {request.build_absolute_uri(reverse('egov_sitemap'))}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def security(request):
    """`security.txt` (RFC 9116). Expires after 180 days, so that an abandoned site no longer offers a contact."""
    site_settings = SiteSettings.for_request(request)
    home = request.build_absolute_uri(f"/{source_language()}/")
    expires = timezone.now().astimezone(UTC).replace(microsecond=0) + timedelta(days=180)
    lines = [
        f"Contact: {f'mailto:{site_settings.email}' if site_settings.email else home}",
        f"Expires: {expires.isoformat().replace('+00:00', 'Z')}",
        f"Preferred-Languages: {', '.join(content_languages())}",
        f"Canonical: {request.build_absolute_uri(reverse('egov_security'))}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def colours(request, digest):
    """The style sheet of the ministry's colours. Its name is their hash; an old name gives 404."""
    site_settings = SiteSettings.for_request(request)
    chosen = {"primary": site_settings.primary_colour, "accent": site_settings.accent_colour}
    if digest != colours_digest(chosen):
        raise Http404
    response = HttpResponse(stylesheet(**chosen), content_type="text/css; charset=utf-8")
    patch_cache_control(response, public=True, max_age=YEAR_SECONDS, immutable=True)
    return response


@require_safe
def healthz(request):
    """The process answers. Checks nothing else, so that a slow database does not restart the process."""
    return uncached(JsonResponse({"status": "ok"}))


@require_safe
def readyz(request):
    """Is the site ready for traffic? 503 with the names of the parts that are not ready, without details.

    Parts without which readers are served all the same make it "degraded", which is 200: no balancer takes the node out.
    `mended_by` names the command that brings such a part back, where a command does.
    """
    checks = {name: passes(check) for name, check in readiness_checks().items()}
    ready = all(passed for name, passed in checks.items() if name not in DISPENSABLE)
    body = {"status": "ok" if ready else "not ready", "checks": checks}
    if ready and (degraded := degraded_parts(checks)):
        body |= {"status": "degraded", "degraded": sorted(degraded)}
        if commands := {name: command for name, command in degraded.items() if command}:
            body["mended_by"] = commands
    return uncached(JsonResponse(body, status=200 if ready else 503))


def readiness_checks():
    """Name → function that raises an error or returns False when the part is not ready."""
    checks = {"database": database_answers, "cache": cache_answers, "migrations": migrations_are_applied}
    if apps.is_installed("egov_cms.search"):
        checks["search"] = search_answers
    return checks


def passes(check):
    try:
        return bool(check())
    except Exception:
        # Any error means not ready; the reason is in the logs of the part.
        return False


def database_answers():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def cache_answers():
    # Another value each time: what an earlier check wrote says nothing about a cache that is full.
    value = uuid.uuid4().hex
    cache.set("egov-readyz", value, 10)
    return cache.get("egov-readyz") == value


def migrations_are_applied():
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def search_answers():
    from egov_cms.search.health import health

    return health()["answers"]


def degraded_parts(checks):
    """`{part: command that mends it, or ""}` of those that are missing or replaced by a fallback at present."""
    parts = {name: "" for name in DISPENSABLE if checks.get(name) is False}
    if apps.is_installed("egov_cms.search"):
        from egov_cms.search.health import health, mended_by

        state = health()
        if state["degraded"] or not state["answers"]:
            parts["search"] = mended_by(state)
    return parts


def uncached(response):
    patch_cache_control(response, no_store=True)
    return response
