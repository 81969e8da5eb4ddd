"""INSTALLED_APPS: the apps of the modules that a ministry has chosen, and the apps of every site."""

from django.core.exceptions import ImproperlyConfigured

from egov_cms.modules import MODULES, released

ALWAYS = [
    "egov_cms.editing",
    "egov_cms.search",
    "egov_cms.site",
    "blocks",
    "egov_cms.look",
    "egov_cms.exchange",
    "egov_cms.fetching",
    "egov_cms.api",
    "egov_cms.tabular",
    "egov_cms.language",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.routable_page",
    "wagtail.contrib.frontend_cache",
    "wagtail.contrib.typed_table_block",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django_tasks",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
]


def installed_apps(modules=None):
    """INSTALLED_APPS of a site with these modules (names); without an argument, with all modules of this release.

    Feature apps are first, so that their templates override those of the libraries. Raises ImproperlyConfigured for a
    module that is not in this release.
    """
    chosen = released() if modules is None else tuple(modules)
    if missing := [name for name in chosen if name not in released()]:
        raise ImproperlyConfigured(
            f"No such module in this release: {', '.join(missing)}. There is {', '.join(released())}."
        )
    return [app for module in MODULES if module.name in chosen for app in module.apps] + ALWAYS
