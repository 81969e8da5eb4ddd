"""Links in rich text (docs.wagtail.org: extending/rich_text_internals)."""

from wagtail.rich_text.pages import PageLinkHandler

__all__ = [
    # Documented is LinkHandler, of which it is made; how it tells the index of references what it points to is not.
    "PageLinkHandler",
]
