"""The Atom feeds of a language: its news, and the notices in force."""

from django.contrib.syndication.views import Feed
from django.http import Http404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.models import Site

from egov_cms.site.models import MinistryIdentity, NewsIndexPage, NewsPage, Notice
from egov_cms.site.notices import address, with_scopes

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
    """A new feed object for each request, because it stores the request."""
    return NewsFeed()(request)


class NoticesFeed(Feed):
    """`/<language>/status/feed.atom`: the notices in force; categories name what each concerns."""

    feed_type = Atom1Feed

    def get_object(self, request):
        return MinistryIdentity.for_site(Site.find_for_request(request))

    def title(self, identity):
        return f"{_('Notices in force')} – {identity.name}"

    def link(self, identity):
        return reverse("egov_status")

    def author_name(self, identity):
        return str(identity.name)

    def items(self, identity):
        return with_scopes(Notice.objects.in_force().order_by("-starts", "-pk")[:LONGEST])

    def item_title(self, notice):
        return f"{notice.get_level_display()}: {notice.title}"

    def item_description(self, notice):
        return str(notice.body)

    def item_link(self, notice):
        return address(notice)

    def item_categories(self, notice):
        return [link.title for link in notice.scope]

    def item_pubdate(self, notice):
        return notice.starts

    def item_updateddate(self, notice):
        return notice.starts


def notices_feed(request):
    return NoticesFeed()(request)
