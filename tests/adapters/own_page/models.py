from django.db import models
from wagtail.models import AbstractPage, DefaultBasePageMixin


class OwnPage(AbstractPage, DefaultBasePageMixin):
    topic = models.CharField(max_length=40, blank=True)

    search_fields = AbstractPage.search_fields + DefaultBasePageMixin.search_fields
    promote_panels = DefaultBasePageMixin.promote_panels
