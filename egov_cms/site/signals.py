"""Signal handlers of the site."""

from wagtail.signals import page_published

from egov_cms.site import page_cache

from .facts import copy_facts


def connect():
    page_published.connect(_copy_facts, dispatch_uid="egov_site.copy_facts")
    page_cache.connect()


def _copy_facts(sender, instance, **kwargs):
    copy_facts(instance)
