"""Services for tests. Needs `egov_cms.services` among the installed apps."""

from __future__ import annotations

from itertools import count

from egov_cms.language import content_languages
from egov_cms.services.models import Audience, ServiceCategory, ServiceIndexPage, ServicePage
from egov_cms.services.seeds import ensure_sections
from egov_cms.site.tree import insert_pages
from egov_cms.testing.factories import organisation_unit, words

TITLES = {"ar": "تجديد الإجازة", "ckb": "نوێکردنەوەی مۆڵەت", "en": "Renewing a licence"}
# What a service answers with a reason in place of facts, so that a test states only the facts that it is about.
REASONS = dict.fromkeys(("owner", "steps", "channels", "outputs"), "Not part of this test.")
_numbers = count(1)


def service(code: str = "", titles=None, *, live: bool = True, **facts) -> dict[str, ServicePage]:
    """A service in every language of the site, by code of the language: free, without documents, done in a day.

    `facts` are fields of the page, the same in all languages. A site with its home pages is there already.
    """
    ensure_sections()
    found = {index.locale.language_code: index for index in ServiceIndexPage.objects.select_related("locale")}
    indexes = {language: found[language] for language in content_languages() if language in found}
    source = next(iter(indexes.values()))
    code = code or f"IQ-TST-{next(_numbers):03}"
    facts = {
        "owner_unit": None,
        "category": ServiceCategory.objects.get_or_create(code="tests", defaults={"name": words("Tests")})[0],
        "is_free": True,
        "needs_no_documents": True,
        "duration_max": 1,
        "duration_unit": "working_day",
        "not_applicable": REASONS,
        "audiences": [
            Audience.objects.get_or_create(code="everybody", defaults={"name": words("Everybody")})[0]
        ],
    } | facts
    facts["owner_unit"] = facts["owner_unit"] or organisation_unit(source.get_parent().specific)
    titles, key, made = words(titles or TITLES), {}, {}
    for language, index in indexes.items():
        title = titles.get(language) or next(iter(titles.values()))
        page = ServicePage(
            title=title,
            slug=code.lower(),
            summary=f"{title}.",
            service_code=code,
            locale=index.locale,
            **facts,
            **key,
        )
        key = {"translation_key": page.translation_key}
        made[language] = page
    insert_pages([(indexes[language], page) for language, page in made.items()], publish=live)
    return {language: ServicePage.objects.get(pk=page.pk) for language, page in made.items()}
