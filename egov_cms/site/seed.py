"""Creates a ministry's site from one configuration.

Languages, home pages, standard sections, legal pages, names, roles and workflow.

It can be run again: existing pages are matched by their parent and slug and never overwritten; only the values that
come from the configuration (names, colours, contact) are updated. Feature apps add their sections:

    from egov_cms.site import seed

    def seed_services(config, homes):
        words = {"ar": {"title": "الخدمات"}, "en": {"title": "Services"}}
        seed.ensure_pages(homes, ServiceIndexPage, "services", words)

    seed.register(seed_services)   # in AppConfig.ready()
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from pathlib import Path

import yaml
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from wagtail.images import get_image_model
from wagtail.models import Collection, Locale, Site

from egov_cms.adapters.wagtail.pages import page_model

from . import models, roles
from .ministry import check_ministry
from .models import Governorate, Holiday, HomePage, MinistryIdentity, SiteSettings
from .publication import current, together
from .tree import insert_pages

Page = page_model()

DATA = Path(__file__).parent / "data"
LEGAL = ("accessibility", "privacy", "licence")
HOLIDAY_YEARS = 3
# The name under which an open publication knows the pages that are added to a site which was there before.
DRAFTS = "drafts of a seeding"
_registered: list[Callable] = []


def register(function: Callable[[dict, dict[str, HomePage]], None]) -> None:
    """Call `function(config, homes)` at the end of every seeding. It must not create again what already exists."""
    if function not in _registered:
        _registered.append(function)


def seed_site(config: dict, drafts: list | None = None) -> dict[str, HomePage]:
    """Create or complete the site. `config` is as in `ministry.yaml`; returns the home page of each language.

    The pages of an empty site are published. What is added to one that is there already is a draft, and in `drafts`
    afterwards: a command publishes nothing that nobody has looked at.
    Raises `ministry.MinistryError` when the configuration is not valid; then nothing is changed.
    """
    config = check_ministry(config) if "email" not in config else config
    with together() as block:
        if Page.objects.filter(depth__gt=2).exists():
            block.known[DRAFTS] = [] if drafts is None else drafts
        return _seed(config)


def add_pages(pages: list[tuple[Page, Page]]) -> None:
    """Insert (parent, new page): published while an empty site is made, else as drafts."""
    block = current()
    drafts = block.known.get(DRAFTS) if block is not None else None
    insert_pages(pages, publish=drafts is None)
    if drafts is not None:
        drafts.extend(page for _parent, page in pages)


def _seed(config):
    load_governorates()
    load_holidays()
    homes = _homes(config)
    site = _site(config, homes)
    _identity(config, site)
    for section in load("sections"):
        ensure_pages(
            homes,
            getattr(models, section["model"]),
            section["slug"],
            section["words"],
            in_menu=section["menu"],
        )
    for name in LEGAL:
        _legal_page(config, homes, load(name))
    groups = roles.apply_roles(homes, source=config["languages"][0])
    roles.apply_workflow(homes, groups)
    for function in _registered:
        function(config, homes)
    return {code: HomePage.objects.get(pk=home.pk) for code, home in homes.items()}


def load(name: str):
    """The data of `data/<name>.yaml`."""
    return yaml.safe_load((DATA / f"{name}.yaml").read_text(encoding="utf-8"))


def load_governorates() -> dict[str, Governorate]:
    """Create the missing governorates; existing ones are not changed. Returns all by code."""
    for order, row in enumerate(load("governorates")):
        Governorate.objects.get_or_create(
            code=row["code"],
            defaults={
                "iso_code": row["iso"],
                "slug": row["slug"],
                "name": row["name"],
                "seat": row["seat"],
                "region": row["region"],
                "latitude": row["lat"],
                "longitude": row["lon"],
                "other_names": row.get("other_names", []),
                "sort_order": order,
            },
        )
    return {governorate.code: governorate for governorate in Governorate.objects.all()}


def load_holidays(first_year: int | None = None, years: int = HOLIDAY_YEARS) -> None:
    """Create the holidays with a fixed date for some years, from this year on."""
    first_year = first_year or datetime.date.today().year
    for year in range(first_year, first_year + years):
        for row in load("holidays"):
            Holiday.objects.get_or_create(
                date=datetime.date.fromisoformat(f"{year}-{row['date']}"),
                code=row["code"],
                defaults={"name": row["name"]},
            )


def ensure_pages(
    parents: dict[str, Page],
    model: type[Page],
    slug: str,
    words: dict[str, dict],
    facts: dict | None = None,
    in_menu: bool = False,
) -> dict[str, Page]:
    """Create a page below the parent of each language, as translations of one another (`add_pages`).

    Returns the pages by language. `words`: field values per language (English for a language without any);
    `facts`: values for all languages. An existing page with this slug is returned unchanged.
    """
    present = {
        code: model.objects.child_of(parent).filter(slug=slug).first() for code, parent in parents.items()
    }
    key = next((page.translation_key for page in present.values() if page), None) or uuid.uuid4()
    new = {
        code: model(
            slug=slug,
            locale_id=parents[code].locale_id,
            translation_key=key,
            show_in_menus=in_menu,
            **(facts or {}),
            **(words.get(code) or words["en"]),
        )
        for code, page in present.items()
        if page is None
    }
    add_pages([(parents[code], page) for code, page in new.items()])
    return {code: new.get(code) or page for code, page in present.items()}


def _homes(config) -> dict[str, HomePage]:
    root = Page.objects.filter(depth=1).first() or Page.add_root(instance=Page(title="Root", slug="root"))
    locales = {code: Locale.objects.get_or_create(language_code=code)[0] for code in config["languages"]}
    present = {
        code: HomePage.objects.child_of(root).filter(locale=each).first() for code, each in locales.items()
    }
    key = next((home.translation_key for home in present.values() if home), None) or uuid.uuid4()
    new = {
        code: HomePage(title=config["name"][code], slug=code, locale=locales[code], translation_key=key)
        for code, home in present.items()
        if home is None
    }
    add_pages([(root, home) for home in new.values()])
    return {code: new.get(code) or home for code, home in present.items()}


def _site(config, homes) -> Site:
    source = homes[config["languages"][0]]
    host, _colon, port = config["domain"].partition(":")
    site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True)
    welcome = site.root_page if site.root_page_id and site.root_page_id != source.pk else None
    site.hostname, site.port = host, int(port or (80 if host in ("localhost", "127.0.0.1") else 443))
    site.root_page_id = source.pk
    site.site_name = config["name"][config["languages"][0]]
    site.save()
    if welcome is not None and type(welcome.specific) is Page and welcome.is_leaf():
        # The empty welcome page of Wagtail's first migration.
        welcome.delete()
    return site


def _identity(config, site) -> None:
    names = {name: config[name] for name in ("name", "short_name", "country", "address", "footer")}
    identity, created = MinistryIdentity.objects.get_or_create(site=site, defaults=names)
    if not created:
        for name, words in names.items():
            setattr(identity, name, {**getattr(identity, name), **words})
    identity.full_clean()
    identity.save()
    settings = SiteSettings.for_site(site)
    settings.organisation_code = config["code"]
    settings.primary_colour = config["colours"]["primary"]
    settings.accent_colour = config["colours"]["accent"]
    for name in ("phones", "email", "digits", "home_layout", "licence", "illustrative"):
        setattr(settings, name, config[name])
    for network, url in config["social"].items():
        setattr(settings, network, url)
    if config["crest"] and not settings.crest_svg and settings.crest_image_id is None:
        _crest(settings, Path(config["crest"]))
    settings.full_clean()
    settings.save()
    settings.governorates.set(Governorate.objects.filter(code__in=config["governorate_scope"]))


def _crest(settings, path) -> None:
    if path.suffix.lower() == ".svg":
        settings.crest_svg = ContentFile(path.read_bytes(), name="crest.svg")
        return
    with path.open("rb") as file:
        settings.crest_image = get_image_model().objects.create(
            title=settings.organisation_code,
            file=ImageFile(file, name=path.name),
            collection=Collection.get_first_root_node(),
        )


def _legal_page(config, homes, data) -> None:
    licence = dict(SiteSettings.Licence.choices)[config["licence"]]
    words = {}
    for code, page in data["words"].items():
        name = config["name"].get(code) or next(iter(config["name"].values()))
        values = {"name": name, "email": config["email"] or config["domain"], "licence": licence}
        body = _body(data["slug"], page["sections"], values)
        words[code] = {"title": page["title"], "summary": page["summary"], "body": body}
    ensure_pages(homes, models.ContentPage, data["slug"], words, facts={"kind": data["kind"]})


def _body(slug, sections, values) -> list[dict]:
    """Blocks of the stream `body`.

    Ids are made from the position, so that a block has the same id in all translations.
    """
    blocks = []
    for position, section in enumerate(sections):
        heading = {"text": section["heading"], "level": "h2", "anchor": ""}
        text = section["text"].format(**values)
        for kind, value in (("heading", heading), ("text", text)):
            number = uuid.uuid5(uuid.NAMESPACE_URL, f"egov:{slug}:{position}:{kind}")
            blocks.append({"type": kind, "value": value, "id": str(number)})
    return blocks
