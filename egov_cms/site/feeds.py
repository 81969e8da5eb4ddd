"""The Atom feed of a language's news."""

from django.contrib.syndication.views import Feed
from django.http import Http404
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from wagtail.models import Site

from egov_cms.site.models import MinistryIdentity, NewsIndexPage, NewsPage

LONGEST = 30


class NewsFeed(Feed):
    """`/<language>/news/feed.atom`: the latest news of that language; 404 where it has no news page."""

    feed_type = Atom1Feed

    def get_object(self, request):
        index = NewsIndexPage.objects.public().filter(locale__language_code=get_language()).first()
        if index is None:
            raise Http404
        self.request = request
        return index

    def title(self, index):
        site = Site.find_for_request(self.request)
        return f"{index.title} – {MinistryIdentity.for_site(site).name}"

    def subtitle(self, index):
        return index.summary

    def link(self, index):
        return index.get_url(self.request)

    def author_name(self, index):
        return MinistryIdentity.for_site(Site.find_for_request(self.request)).name

    def items(self, index):
        return (
            NewsPage.objects.public()
            .child_of(index)
            .order_by("-date", "-pk")
            .only(
                "title",
                "summary",
                "date",
                "url_path",
                "translation_key",
                "first_published_at",
                "last_published_at",
            )
        )[:LONGEST]

    def item_title(self, item):
        return item.title

    def item_description(self, item):
        return item.summary

    def item_link(self, item):
        return item.get_url(self.request)

    def item_pubdate(self, item):
        return item.first_published_at

    def item_updateddate(self, item):
        return item.last_published_at


def news_feed(request):
    """A feed object for each request: it remembers the request."""
    return NewsFeed()(request)
