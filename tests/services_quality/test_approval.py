"""A changed fee of a published service asks a reason and a second user, whichever way it is published."""

import datetime as dt
from html.parser import HTMLParser

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from egov_cms.editing.models import ChangeLogEntry
from egov_cms.services.importing import import_services
from egov_cms.services.models import ServicePage
from egov_cms.site.gate import PublishRefused

from .conftest import with_fee

REASON = "قرار مجلس الوزراء رقم 120 لسنة 2026"


def refused(error):
    return sorted(problem.code for problem in error.value.problems)


def amount(page):
    return ServicePage.objects.get(pk=page.pk).fees.first().amount_minor


def latest(page):
    return ServicePage.objects.get(pk=page.pk).get_latest_revision_as_object()


def test_a_changed_fee_without_a_reason_is_refused(service, people):
    page = service()
    revision = with_fee(page, 77_000, user=people["ali"])
    with pytest.raises(PublishRefused) as error:
        revision.publish(user=people["shirin"])
    assert refused(error) == ["fee_reason"]
    assert error.value.problems[0].field == "change_reason"
    assert amount(page) != 77_000


@pytest.mark.parametrize("name", ["ali", "root"])
def test_nobody_publishes_her_own_fee_not_even_a_superuser(service, people, name):
    page = service()
    revision = with_fee(page, 77_000, REASON, people[name])
    with pytest.raises(PublishRefused) as error:
        revision.publish(user=people[name])
    assert refused(error) == ["second_person"]
    assert amount(page) != 77_000


def test_another_person_publishes_it(service, people):
    page = service()
    with_fee(page, 77_000, REASON, people["ali"]).publish(user=people["shirin"])
    assert amount(page) == 77_000


def test_an_edit_of_words_by_the_second_person_does_not_make_her_the_writer(service, people):
    page = service()
    with_fee(page, 77_000, REASON, people["ali"])
    draft = latest(page)
    draft.summary = "ملخص أوضح للخدمة."
    draft.save_revision(user=people["shirin"]).publish(user=people["shirin"])
    assert amount(page) == 77_000


def test_saving_the_same_draft_again_does_not_pass_the_fee_to_somebody_else(service, people):
    page = service()
    with_fee(page, 77_000, REASON, people["ali"])
    revision = latest(page).save_revision(user=people["shirin"])
    with pytest.raises(PublishRefused) as error:
        revision.publish(user=people["ali"])
    assert refused(error) == ["second_person"]


@pytest.mark.parametrize("change", ["removed", "free", "added", "place"])
def test_removing_and_adding_fees_is_a_change_too(service, people, change):
    page = ServicePage.objects.get(pk=service().pk)
    fees = list(page.fees.all())
    if change == "removed":
        page.fees.set(fees[1:])
    elif change == "free":
        page.fees.set([])
        page.is_free = True
    elif change == "added":
        page.fees.add(
            type(fees[0])(key="F9", kind="fixed", amount_minor=1000, label="طابع", locale=page.locale)
        )
    else:
        from egov_cms.services.models import ServiceOffering
        from egov_cms.site.models import Governorate

        governorate = Governorate.objects.first() or Governorate.objects.create(
            code="BG", name={"ar": "بغداد"}, slug="baghdad"
        )
        page.offerings.add(
            ServiceOffering(key="P1", governorate=governorate, fee_minor=9000, locale=page.locale)
        )
    with pytest.raises(PublishRefused) as error:
        page.save_revision(user=people["ali"]).publish(user=people["ali"])
    assert {"fee_reason", "second_person"} <= set(refused(error))


def test_words_of_a_fee_need_no_second_person(service, people):
    page = ServicePage.objects.get(pk=service().pk)
    fees = list(page.fees.all())
    fees[0].label = "رسم الإصدار"
    page.fees.set(fees)
    page.save_revision(user=people["ali"]).publish(user=people["ali"])
    assert page.fees.first().label == "رسم الإصدار"


def test_a_new_service_needs_neither(service, people):
    copy = service().copy(
        update_attrs={"title": "خدمة جديدة", "slug": "new", "service_code": "IQ-MOI-999", "live": False},
        keep_live=False,
        copy_revisions=False,
        reset_translation_key=True,
        user=people["ali"],
    )
    copy.get_latest_revision().publish(user=people["ali"])
    assert ServicePage.objects.get(pk=copy.pk).live


def test_taking_the_service_off_the_site_first_is_no_way_around(service, people):
    page = service()
    with_fee(page, 60_000, REASON, people["ali"]).publish(user=people["shirin"])
    ServicePage.objects.get(pk=page.pk).unpublish(user=people["ali"])
    draft = ServicePage.objects.get(pk=page.pk)
    fees = list(draft.fees.all())
    fees[0].amount_minor = 77_000
    draft.fees.set(fees)
    draft.change_reason = ""
    draft.save(clean=False)
    with pytest.raises(PublishRefused) as error:
        draft.save_revision(user=people["ali"]).publish(user=people["ali"])
    assert refused(error) == ["fee_reason", "second_person"]


def test_saving_a_live_page_directly_is_refused(service):
    page = ServicePage.objects.get(pk=service().pk)
    fees = list(page.fees.all())
    fees[0].amount_minor = 77_000
    page.fees.set(fees)
    page.change_reason = REASON
    with pytest.raises(PublishRefused) as error:
        page.save()
    assert refused(error) == ["fee_approval"]


def test_the_clock_publishes_what_a_second_person_has_scheduled(service, people):
    page, soon = service(), timezone.now() + dt.timedelta(hours=1)
    for name, goes_out in (("ali", False), ("shirin", True)):
        draft = with_fee(page, 77_000, REASON, people["ali"]).as_object()
        draft.go_live_at = soon
        revision = draft.save_revision(user=people["ali"])
        if goes_out:
            revision.publish(user=people[name])
        else:
            with pytest.raises(PublishRefused):
                revision.publish(user=people[name])
    with time_machine.travel(soon + dt.timedelta(minutes=1)):
        call_command("publish_scheduled")
    assert amount(page) == 77_000


def test_a_schedule_that_nobody_approved_does_not_go_out(service, people):
    page, soon = service(), timezone.now() + dt.timedelta(hours=1)
    revision = with_fee(page, 77_000, REASON, people["ali"])
    revision.approved_go_live_at = soon
    revision.save()
    with time_machine.travel(soon + dt.timedelta(minutes=1)):
        call_command("publish_scheduled")
    assert amount(page) != 77_000


def test_an_import_is_published_for_the_second_person_who_confirmed_it(
    service, people, few, tmp_path, committed
):
    text = few.read_text()
    page = service()
    old = amount(page)
    changed = tmp_path / "changed.yaml"
    assert f"amount: {old}\n" in text
    changed.write_text(text.replace(f"amount: {old}\n", f"amount: {old + 1000}\n"))
    report = import_services(changed, publish=True)
    assert {refusal.code for refusal in report.errors} >= {"fee_reason", "fee_approval"}
    assert amount(page) == old
    report = import_services(changed, publish=True, user=people["ali"], approved_by=people["ali"])
    assert {refusal.code for refusal in report.errors} == {"author"}
    assert amount(page) == old
    with committed():
        report = import_services(
            changed, publish=True, user=people["ali"], approved_by=people["shirin"], reason=REASON
        )
    assert report.ok, report.errors
    assert amount(page) == old + 1000
    (change,) = ChangeLogEntry.objects.filter(code="IQ-MOI-004", what="fee", after__amount=str(old + 1000))[
        :1
    ]
    assert (change.reason, change.approved_by) == (REASON, people["shirin"])
    assert ServicePage.objects.get(pk=page.pk).change_reason == ""


def test_the_rule_costs_a_fixed_number_of_questions(service, people, django_assert_max_num_queries):
    from egov_cms.services.publishing.fee_approval import fee_problems

    page = service()
    with_fee(page, 77_000, REASON, people["ali"])
    draft = latest(page)
    with django_assert_max_num_queries(12):
        list(fee_problems(draft))


class Inputs(HTMLParser):
    """What a browser would post of a page's forms: names and values of inputs, selects and text areas."""

    def __init__(self, html):
        super().__init__()
        self.found, self._select, self._area = [], None, None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        name = attrs.get("name")
        if tag == "input" and name and attrs.get("type") not in ("submit", "file", "button"):
            if attrs.get("type") not in ("checkbox", "radio") or "checked" in attrs:
                self.found.append(
                    (name, attrs.get("value") or ("on" if attrs.get("type") == "checkbox" else ""))
                )
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in attrs:
            self.found.append((self._select, attrs.get("value", "")))
        elif tag == "textarea" and name:
            self._area = (name, [])

    def handle_data(self, data):
        if self._area:
            self._area[1].append(data)

    def handle_endtag(self, tag):
        if tag == "select":
            self._select = None
        elif tag == "textarea" and self._area:
            name, parts = self._area
            self.found.append((name, "".join(parts).removeprefix("\n")))
            self._area = None


def post_form(client, page, data):
    """Open the form of a page in the admin and post it with these values."""
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    posted = MultiValueDict()
    for key, value in Inputs(client.get(address, headers={"accept-language": "en"}).content.decode()).found:
        if "__prefix__" not in key:
            posted.appendlist(key, value)
    for key, value in data.items():
        posted[key] = value
    # The blocks of the body are made by a script in the browser: none are posted.
    posted["body-count"] = "0"
    return client.post(address, dict(posted.lists()), headers={"accept-language": "en"})


@pytest.mark.parametrize(
    ("name", "reason", "action", "message"),
    [
        ("ali", "", "action-publish", "Say why the fee changes"),
        ("ali", REASON, "action-publish", "cannot publish it alone"),
        ("ali", REASON, "", ""),
    ],
)
def test_the_form_says_at_once_what_is_missing(service, people, client, name, reason, action, message):
    page = service()
    client.force_login(people[name])
    data = {"fees-0-amount_minor": "77000", "change_reason": reason}
    answer = post_form(client, page, {**data, **({action: "1"} if action else {})})
    if message:
        assert message in answer.content.decode()
    else:
        assert answer.status_code == 302, [str(m) for m in answer.context["messages"]]
        assert latest(page).fees.first().amount_minor == 77_000
    assert amount(page) != 77_000


def test_the_form_of_another_person_publishes_it_and_both_are_named(service, people, client, committed):
    page = service()
    with_fee(page, 77_000, REASON, people["ali"])
    client.force_login(people["shirin"])
    with committed():
        answer = post_form(client, page, {"action-publish": "1"})
    assert answer.status_code == 302, [str(m) for m in answer.context["messages"]]
    assert amount(page) == 77_000
    change = ChangeLogEntry.objects.get(page=page, what="fee")
    assert (change.changed_by, change.approved_by) == (people["ali"], people["shirin"])
