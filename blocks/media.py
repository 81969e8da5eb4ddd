"""Pictures and video. Nothing is loaded from another host before the reader presses a link."""

import re
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from blocks import examples
from blocks.inputs import Component, HttpsURL, Line, PictureChooser, Rich, is_https
from blocks.richtext import safe_html
from egov_cms.conf import egov_settings


class Picture(Component):
    """A picture in a page. Wagtail's `ImageBlock` is not used: empty, it breaks wagtail-localize (#935)."""

    image = PictureChooser(label=_("Picture"))
    alt = Line(
        required=False,
        max_length=255,
        label=_("Text for those who cannot see it"),
        help_text=_("Say what the picture shows and why it is here, in one sentence."),
    )
    decorative = blocks.BooleanBlock(
        required=False,
        label=_("Decoration only"),
        help_text=_("Nothing is lost by not seeing it, so it needs no text."),
    )
    caption = Line(required=False, max_length=255, label=_("Caption"))
    credit = Line(required=False, max_length=120, label=_("Credit"))

    def clean(self, value):
        cleaned = super().clean(value)
        if cleaned["image"] and not cleaned["decorative"]:
            self.require(cleaned, _("Describe the picture, or mark it as decoration only."), "alt")
        return cleaned

    class Meta:
        icon = "image"
        label = _("Picture")
        description = _("One picture with its text alternative, caption and credit.")
        template = "egov_blocks/image.html"
        preview_value = staticmethod(examples.picture)


class Gallery(Component):
    title = Line(required=False, max_length=160, label=_("Title"))
    images = blocks.ListBlock(Picture(), min_num=2, max_num=24, default=[], label=_("Pictures"))

    class Meta:
        icon = "image"
        label = _("Gallery")
        description = _("Several pictures of one occasion or place, side by side.")
        template = "egov_blocks/gallery.html"
        preview_value = staticmethod(examples.gallery)


class Video(Component):
    title = Line(max_length=160, label=_("Title"))
    url = HttpsURL(
        label=_("Address of the video"),
        help_text=_("The page of the video, for example https://www.youtube.com/watch?v=…"),
    )
    poster = PictureChooser(required=False, label=_("Still picture"))
    duration = Line(required=False, max_length=40, label=_("Length"), help_text=_("For example: 3 minutes"))
    transcript = Rich(
        required=False,
        label=_("Transcript"),
        help_text=_("What is said and shown, for those who cannot hear or see the video."),
    )

    def get_context(self, value, parent_context=None):
        context = super().get_context(value, parent_context=parent_context)
        context["link"] = value["url"] if is_https(value["url"]) else ""
        context["host"] = urlsplit(context["link"]).hostname or ""
        context["transcript"] = safe_html(value["transcript"])
        context["embed_url"] = embed_url(context["link"])
        return context

    class Meta:
        icon = "media"
        label = _("Video")
        description = _(
            "A link to a video with a still picture. Nothing is loaded from its host until it is pressed."
        )
        template = "egov_blocks/video.html"
        preview_value = examples.VIDEO


YOUTUBE = {"youtube.com", "www.youtube.com", "m.youtube.com", "youtu.be", "www.youtube-nocookie.com"}
VIMEO = {"vimeo.com", "www.vimeo.com", "player.vimeo.com"}


def embed_url(url: str) -> str:
    """The address of the player of a video page; empty when it must not open in our pages.

    The page's host must be in `EGOV["VIDEO_HOSTS"]` and the player's origin in `frame-src` of the
    Content-Security-Policy: a player that the browser blocks would replace a working link by an empty box. For YouTube
    and Vimeo it is the player without cookies; for any other listed host (a ministry's video server) the page itself.
    """
    parts = urlsplit(url) if is_https(url) else None
    if parts is None or parts.hostname not in egov_settings.VIDEO_HOSTS:
        return ""
    player = url
    if parts.hostname in YOUTUBE:
        name = (parse_qs(parts.query).get("v") or [parts.path.rstrip("/").rsplit("/", 1)[-1]])[0]
        if not re.fullmatch(r"[\w-]{11}", name, re.ASCII):
            return ""
        player = f"https://www.youtube-nocookie.com/embed/{name}"
    elif parts.hostname in VIMEO:
        number = re.search(r"/(\d+)(?:/|$)", parts.path, re.ASCII)
        if not number:
            return ""
        player = f"https://player.vimeo.com/video/{number[1]}?dnt=1"
    return player if may_frame(player) else ""


def may_frame(url: str) -> bool:
    """Does the Content-Security-Policy allow our pages to show this address in a frame?"""
    policy = getattr(settings, "CONTENT_SECURITY_POLICY", None)
    if not policy:
        return True
    directives = policy.get("DIRECTIVES", {})
    names = ("frame-src", "child-src", "default-src")
    sources = next((directives[name] for name in names if directives.get(name)), ["*"])
    parts = urlsplit(url)
    return any(source in sources for source in ("*", "https:", parts.netloc, f"https://{parts.netloc}"))
