"""Registers the general blocks and names the streams that offer each."""

from blocks import figures, links, media, places, table, text
from blocks.registry import register

PAGES = ("body", "home")
ALL = ("body", "home", "service")


def register_blocks():
    """Called once, by the app's `ready()`."""
    register("text", text.Text, fields=ALL, group="text", order=10)
    register("heading", text.Heading, fields=PAGES, group="text", order=20)
    register("note", text.Note, fields=ALL, group="text", order=30)
    register("steps", text.Steps, fields=PAGES, group="text", order=40)
    register("faq", text.Faq, fields=ALL, group="text", order=50)
    register("quote", text.Quote, fields=PAGES, group="text", order=60)
    register("figures", figures.Figures, fields=PAGES, group="facts", order=10)
    register("table", table.Table, fields=ALL, group="facts", order=20)
    register("image", media.Picture, fields=PAGES, group="media", order=10)
    register("gallery", media.Gallery, fields=PAGES, group="media", order=20)
    register("video", media.Video, fields=PAGES, group="media", order=30)
    register("links", links.Links, fields=PAGES, group="links", order=10)
    register("action", links.Action, fields=PAGES, group="links", order=20, max_num=1)
    register("downloads", links.Downloads, fields=PAGES, group="links", order=30)
    register("contact", places.Contact, fields=PAGES, group="contact", order=10)
    register("place", places.Place, fields=PAGES, group="contact", order=20)
