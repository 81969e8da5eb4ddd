"""What happens by itself when pages are published."""

from wagtail.signals import page_published

from . import cache
from .facts import copy_facts


def connect():
    page_published.connect(_copy_facts, dispatch_uid="egov_site.copy_facts")
    cache.connect()


def _copy_facts(sender, instance, **kwargs):
    copy_facts(instance)
