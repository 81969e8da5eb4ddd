from wagtail import hooks

from blocks import registry
from blocks.richtext import PageLinkHandler


@hooks.register("register_admin_urls")
def define_blocks():
    """Runs once per process, before the first admin request: block previews find definitions by id."""
    registry.define()
    return []


@hooks.register("register_rich_text_features", order=100)
def link_to_the_readers_language(features):
    features.register_link_type(PageLinkHandler)
