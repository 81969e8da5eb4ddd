"""URL patterns below the language prefix that are not pages."""

from django.urls import path

from egov_cms.site.feedback import feedback
from egov_cms.site.feeds import news_feed, notices_feed
from egov_cms.site.views.status import status

urlpatterns = [
    path("feedback/", feedback, name="egov_feedback"),
    path("news/feed.atom", news_feed, name="egov_news_feed"),
    path("status/", status, name="egov_status"),
    path("status/feed.atom", notices_feed, name="egov_notices_feed"),
]
