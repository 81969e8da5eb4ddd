"""No kept page is stale: after a change of any model that the public sees, every address answers as if nothing were kept."""

import re

import pytest
from django.apps import apps
from django.db import connection, models, transaction
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

from egov_cms.language.fields import TranslatedTextField
from egov_cms.site.publication import together
from egov_cms.site.watched import is_watched

from .walk import walk

LANGUAGE = "en"
OTHERS = (
    "/sitemap.xml",
    "/robots.txt",
    "/en/news/feed.atom",
    "/en/status/feed.atom",
    "/en/services/changes/feed.atom",
)
# What differs between two answers that nothing lies between: the token of a form, and an empty feed is of now.
TOKEN = re.compile(rb'name="token" value="[^"]*"')
UPDATED = re.compile(rb"<updated>[^<]*</updated>")
# Rows of a page or record are changed with it.
MODELS = [
    model
    for model in apps.get_models()
    if is_watched(model)
    and model is not Page
    and model._meta.app_label.startswith("egov_")
    and not any(field.__class__.__name__ == "ParentalKey" for field in model._meta.concrete_fields)
]


def texts_of(instance):
    """The fields of an object that hold words for people, and in which any words may stand."""
    for field in instance._meta.concrete_fields:
        if isinstance(field, TranslatedTextField):
            if getattr(instance, field.name):
                yield field.name
        elif (
            isinstance(field, models.CharField | models.TextField)
            and type(field) in (models.CharField, models.TextField)
            and not field.choices
            and not field.unique
            and not field.validators[1:]
            and field.name
            not in ("slug", "url_path", "path", "draft_title", "code", "seo_title", "service_code")
            and (isinstance(instance, Page) or field.name not in ("what", "field", "row_key", "subject"))
            and getattr(instance, field.name)
        ):
            yield field.name


def change_words(instance, mark):
    for name in texts_of(instance):
        value = getattr(instance, name)
        if isinstance(value, dict):
            changed = {code: f"{text} {mark}" for code, text in value.items()}
        else:
            changed = f"{value} {mark}"[: instance._meta.get_field(name).max_length or None]
        setattr(instance, name, changed)
    if isinstance(instance, Page):
        with together(gate=False):
            instance.save_revision().publish()
    else:
        instance.save()


def withdraw(instance, _mark):
    if isinstance(instance, Page):
        instance.unpublish()
    else:
        instance.is_public = False
        instance.save()


def delete(instance, _mark):
    instance.delete()


def can_be_withdrawn(model):
    return issubclass(model, Page) or any(field.name == "is_public" for field in model._meta.concrete_fields)


class Site:
    """The addresses of the site, what they answer now, and what they would answer if nothing were kept."""

    def __init__(self, client, settings):
        self.client, self.settings = client, settings
        self.egov = settings.EGOV
        start = f"/{LANGUAGE}/"
        self.addresses = [
            address for address, _response in walk(client.get, start, lambda link: link.startswith(start))
        ]
        self.addresses += [address for address in OTHERS if address not in self.addresses]

    def ask(self, address):
        with CaptureQueriesContext(connection) as queries:
            response = self.client.get(address)
        if not len(queries):
            self.kept.add(address)
        body = TOKEN.sub(b"", response.content)
        is_empty = b"<feed" in body and b"<entry>" not in body
        return response.status_code, UPDATED.sub(b"", body) if is_empty else body

    def now(self):
        """Address → answer; `kept` has those that were answered without a query."""
        self.kept = set()
        return {address: self.ask(address) for address in self.addresses}

    def unkept(self):
        self.settings.EGOV = {**self.egov, "PAGE_CACHE_SECONDS": 0}
        try:
            return self.now()
        finally:
            self.settings.EGOV = self.egov


@pytest.fixture
def public_site(loaded, client, settings):
    return Site(client, settings)


def chosen(model, answers):
    """A row of this model that the asked addresses show most; None without one."""
    rows = model._default_manager.all()
    if issubclass(model, Page):
        rows = rows.live().filter(locale__language_code=LANGUAGE)
    elif hasattr(rows, "public"):
        rows = rows.public()
    bodies = [body.decode(errors="replace") for _status, body in answers.values()]

    def seen(instance):
        words = [
            value[LANGUAGE] if isinstance(value, dict) and LANGUAGE in value else value
            for value in values(instance)
        ]
        return sum(
            word in body for word in words for body in bodies if isinstance(word, str) and len(word) > 3
        )

    def values(instance):
        return [getattr(instance, name) for name in texts_of(instance)]

    return max(rows[:40], key=seen, default=None)


@pytest.mark.drill
def test_no_address_is_stale_after_any_change(public_site, subtests, django_capture_on_commit_callbacks):
    answers = public_site.now()
    public_site.now()
    assert len(public_site.kept) > 25
    tried, kept = 0, []
    ways = [(change_words, model) for model in MODELS]
    ways += [(way, model) for way in (withdraw, delete) for model in MODELS if can_be_withdrawn(model)]
    for way, model in ways:
        instance = chosen(model, answers)
        if instance is None or (way is not change_words and stands_above(instance)):
            continue
        with subtests.test(f"{way.__name__} {model._meta.label}"):
            try:
                with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
                    way(instance, f"changed{tried}")
            except models.ProtectedError:
                continue
            tried += 1
            answers = public_site.now()
            kept.append(len(public_site.kept))
            true = public_site.unkept()
            stale = [address for address in public_site.addresses if answers[address] != true[address]]
            assert not stale, f"{instance!r}"
    assert tried >= 40
    # Else the answers prove nothing.
    assert sum(number > len(public_site.addresses) / 2 for number in kept) >= 10, kept


def stands_above(instance):
    return isinstance(instance, Page) and (instance.depth <= 3 or instance.numchild)
