"""What is published and what is made of it agree; `check_published` finds what does not, and mends it."""

import io
import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override

from egov_cms.editing.models import ChangeLogEntry, PageWords
from egov_cms.search.models import Entry
from egov_cms.services.models import ServiceBurden, ServicePage, ServiceSnapshot
from egov_cms.services.publishing import fact_changes
from egov_cms.site import consistency, publication

ARCHITECTURE = Path(__file__).resolve().parents[2] / "docs" / "architecture.md"
CODE = "IQ-MOI-004"


def source():
    return ServicePage.objects.get(service_code=CODE, locale__language_code="ar")


def check(**options):
    out = io.StringIO()
    with override("en"):
        call_command("check_published", stdout=out, **options)
    return out.getvalue()


def forget_fact():
    page = ServicePage.objects.get(service_code=CODE, locale__language_code="ckb")
    ServicePage.objects.filter(pk=page.pk).update(duration_max=99)


def damage_snapshot():
    row = ServiceSnapshot.objects.get(service_code=CODE)
    ServiceSnapshot.objects.filter(pk=row.pk).update(document=row.document | {"visits": 99})


def stay_public_alone():
    pages = ServicePage.objects.filter(service_code=CODE, locale__language_code="ar")
    pages.update(live=False)


def say_withdrawn():
    before = fact_changes.facts(ServiceSnapshot.objects.get(service_code=CODE).document)
    ChangeLogEntry.objects.create(
        subject="service", code=CODE, what="status", field=fact_changes.WITHDRAWN, before=before, after=None
    )


DAMAGES = {
    "site.facts": forget_fact,
    "site.life": stay_public_alone,
    "services.snapshots": damage_snapshot,
    "services.burdens": lambda: ServiceBurden.objects.filter(service_code=CODE).delete(),
    "services.log": say_withdrawn,
    "editing.page_words": lambda: PageWords.objects.filter(page=source()).delete(),
    "site.search": lambda: Entry.objects.filter(document_id=CODE, locale="en").delete(),
}


def test_every_comparison_has_a_damage():
    assert {each.name for each in consistency.comparisons()} == {*DAMAGES, "site.outbox"}


@pytest.mark.parametrize("name", DAMAGES)
def test_what_was_damaged_is_found_and_mended(sample, name):
    assert "agrees" in check()
    DAMAGES[name]()
    with pytest.raises(CommandError):
        check()
    text = check(repair=True)
    assert f"{name}: " in text
    assert "agrees" in check()


def test_the_documentation_lists_the_steps_in_their_order():
    text = ARCHITECTURE.read_text(encoding="utf-8")
    listed = re.findall(
        r"^\d\. `(\w+)`: (.+)$", text.partition("## Publication")[2].partition("\n## ")[0], re.M
    )
    assert tuple(name for name, _words in listed) == publication.STEPS
    for name, words in listed:
        for function in publication.steps()[name]:
            assert f"`{function}`" in words, (name, function)
