"""`{% load egov_blocks %}`: filters for block templates and the templates of other apps."""

from django import template

from blocks.links import readable_size

register = template.Library()


@register.filter
def file_size(document):
    """The size of a document in kB or MB, in the reader's digits."""
    return readable_size(document.get_file_size())
