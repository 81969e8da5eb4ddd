"""The site that pages are measured against: `wagtail start`, with three page types of the words of our pages.

Nothing else is added to it: no menu, no languages, no breadcrumbs. Its pages hold their words in a StreamField of
headings and rich text, as Wagtail's tutorial does, and its list has as many entries as ours, each with a summary and the
same short facts.
"""

import json
import os
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

MODELS = """
from django.core.paginator import Paginator
from django.db import models
from wagtail import blocks
from wagtail.fields import StreamField
from wagtail.models import Page

BLOCKS = [("heading", blocks.CharBlock()), ("paragraph", blocks.RichTextBlock())]


class Worded(Page):
    summary = models.TextField(blank=True)
    facts = models.CharField(max_length=500, blank=True)
    body = StreamField(BLOCKS, blank=True)

    class Meta:
        abstract = True


class HomePage(Worded):
    template = "home/worded.html"


class TextPage(Worded):
    template = "home/worded.html"


class ListPage(Worded):
    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        children = TextPage.objects.child_of(self).live().public().order_by("title")
        context["entries"] = Paginator(children, 20).get_page(request.GET.get("page"))
        return context
"""

WORDED = """{% extends "base.html" %}{% load wagtailcore_tags %}
{% block content %}<h1>{{ page.title }}</h1>
<p>{{ page.summary }}</p>
{% for block in page.body %}{% if block.block_type == "heading" %}<h2>{{ block.value }}</h2>
{% else %}<section>{% include_block block %}</section>
{% endif %}{% endfor %}{% endblock %}
"""

LIST = """{% extends "base.html" %}{% load wagtailcore_tags %}
{% block content %}<h1>{{ page.title }}</h1>
<p>{{ page.summary }}</p>
<ol>{% for entry in entries %}<li><h3><a href="{% pageurl entry %}">{{ entry.title }}</a></h3>
<p>{{ entry.summary }}</p><p>{{ entry.facts }}</p></li>
{% endfor %}</ol>
{% if entries.has_next %}<a href="?page={{ entries.next_page_number }}">{{ entries.next_page_number }}</a>{% endif %}
{% for block in page.body %}{% if block.block_type == "heading" %}<h2>{{ block.value }}</h2>
{% else %}<section>{% include_block block %}</section>
{% endif %}{% endfor %}{% endblock %}
"""

SETTINGS = """
from .production import *

SECRET_KEY = "only-for-the-benchmark"
ALLOWED_HOSTS = ["*"]
LANGUAGE_CODE = "ar"
DATABASES["default"] |= {
    "CONN_MAX_AGE": 60,
    "OPTIONS": {"init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"},
}
"""

FILL = """
import json, sys
from django.utils.text import slugify
from wagtail.models import Site
from home.models import HomePage, ListPage, TextPage

words = json.loads(sys.stdin.read())
site = Site.objects.get()
home = HomePage.objects.get(pk=site.root_page_id)


def body(part):
    return json.dumps([{"type": kind, "value": value} for kind, value in part["body"]])


home.title, home.body = words["home"]["title"], body(words["home"])
home.save_revision().publish()
index = home.add_child(instance=ListPage(title=words["list"]["title"], slug="services", body=body(words["list"])))
for number, (title, summary, facts) in enumerate(words["entries"]):
    text = words["service"] if not number else {"body": []}
    page = TextPage(title=title, slug=f"service-{number}", summary=summary, facts=facts, body=body(text))
    index.add_child(instance=page)
"""

ADDRESSES = {"home": "/", "list": "/services/", "service": "/services/service-0/"}


def make(folder: Path, pages: dict[str, str]) -> Path:
    """Make the site in `folder` from the HTML of our pages (`home`, `list`, `service`); returns its folder."""
    site = folder / "beside"
    site.mkdir()
    _run([sys.executable, "-m", "wagtail.bin.wagtail", "start", "plain", str(site)], folder)
    migration = site / "home" / "migrations"
    for file in migration.glob("0*.py"):
        file.unlink()
    templates = site / "home" / "templates" / "home"
    (site / "home" / "models.py").write_text(MODELS)
    (templates / "worded.html").write_text(WORDED)
    (templates / "list_page.html").write_text(LIST)
    (site / "plain" / "settings" / "bench.py").write_text(SETTINGS)
    environment = child_environment("plain.settings.bench", site)
    manage = [sys.executable, "manage.py"]
    _run([*manage, "makemigrations", "home"], site, environment)
    # The page and site that `wagtail start` makes in a migration of its own.
    (migration / "0002_create_homepage.py").write_text(FIRST_PAGE)
    _run([*manage, "migrate"], site, environment)
    _run([*manage, "collectstatic", "--no-input"], site, environment)
    _run([*manage, "shell", "-c", FILL], site, environment, json.dumps(_words(pages)))
    return site


FIRST_PAGE = """
from django.db import migrations


def create(apps, schema_editor):
    content_type, _made = apps.get_model("contenttypes.ContentType").objects.get_or_create(
        model="homepage", app_label="home"
    )
    apps.get_model("wagtailcore.Page").objects.filter(slug="home").delete()
    page = apps.get_model("home.HomePage").objects.create(
        title="Home", draft_title="Home", slug="home", content_type=content_type, path="00010001", depth=2,
        numchild=0, url_path="/home/", locale=apps.get_model("wagtailcore.Locale").objects.get(),
    )
    apps.get_model("wagtailcore.Site").objects.create(
        hostname="localhost", root_page=page, is_default_site=True
    )


class Migration(migrations.Migration):
    dependencies = [("home", "0001_initial"), ("wagtailcore", "__latest__")]
    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
"""


def child_environment(settings, *paths):
    """The environment of a process of one of the sites, with these folders first among its modules."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": settings,
        "PYTHONPATH": os.pathsep.join([*map(str, paths), os.environ.get("PYTHONPATH", "")]).rstrip(
            os.pathsep
        ),
    }


def _run(command, folder, environment=None, text=None):
    done = subprocess.run(
        command, cwd=folder, env=environment, input=text, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}\n{done.stdout[-1500:]}{done.stderr[-3000:]}")


def _words(pages):
    parts = {name: _Words.of(html) for name, html in pages.items()}
    entries = parts["list"].entries
    return {
        "entries": entries,
        **{name: {"title": part.title, "body": part.body} for name, part in parts.items()},
    }


class _Words(HTMLParser):
    """The words between <main> and </main>: headings and rich text, and the entries of a list of results."""

    TEXT = ("p", "li", "dt", "dd", "th", "td", "legend", "label", "summary", "button")

    def __init__(self):
        super().__init__()
        self.title, self.body, self.entries = "", [], []
        self._inside = self._text = None
        self._entry, self._in_results, self._depth = None, False, 0

    @classmethod
    def of(cls, html):
        parser = cls()
        parser.feed(html)
        return parser

    def handle_starttag(self, tag, attributes):
        classes = (dict(attributes).get("class") or "").split()
        if tag == "main":
            self._inside = True
        elif not self._inside:
            return
        elif tag == "ol" and "results" in classes:
            self._in_results = True
        elif self._in_results and tag == "li" and "result" in classes:
            self._entry = ["", "", ""]
            self.entries.append(self._entry)
        elif tag in ("h1", "h2", "h3", "h4", *self.TEXT):
            self._text = []

    def handle_data(self, data):
        if self._text is not None and data.strip():
            self._text.append(" ".join(data.split()))

    def handle_endtag(self, tag):
        if tag == "main":
            self._inside = False
        elif tag == "ol" and self._in_results:
            self._in_results, self._entry = False, None
        elif self._text is not None and tag in ("h1", "h2", "h3", "h4", *self.TEXT):
            text, self._text = " ".join(self._text), None
            if text:
                self._add(tag, text)

    def _add(self, tag, text):
        if self._in_results:
            place = {"h3": 0, "p": 1}.get(tag, 2)
            self._entry[place] = f"{self._entry[place]} · {text}".strip(" ·")
        elif tag == "h1":
            self.title = text
        elif tag in ("h2", "h3", "h4"):
            self.body.append(["heading", text])
        else:
            if not self.body or self.body[-1][0] == "heading":
                self.body.append(["paragraph", ""])
            escaped = text.replace("&", "&amp;").replace("<", "&lt;")
            self.body[-1][1] += f"<li>{escaped}</li>" if tag == "li" else f"<p>{escaped}</p>"
