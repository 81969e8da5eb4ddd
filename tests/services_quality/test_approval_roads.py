"""Whoever wrote a fee does not get it public alone, by any road; an approval holds for what it was given for."""

import datetime as dt
from contextlib import suppress

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from wagtail.models import GroupApprovalTask, Revision, Workflow, WorkflowTask

from egov_cms.exchange.models import ExchangeRun
from egov_cms.exchange.runs import undo
from egov_cms.services.importing import import_services
from egov_cms.services.models import FeeWriter, ServicePage
from egov_cms.services.publishing import fee_approval
from egov_cms.site import approval
from egov_cms.site.approval import ApprovalRefused, approve, content_of, digest_of
from egov_cms.site.gate import PublishRefused
from egov_cms.site.models import Approval
from egov_cms.site.publication import SEEN

from .conftest import with_fee
from .test_approval import REASON, Inputs, amount, post_form

REFUSALS = (PublishRefused, PermissionDenied, ValidationError, SystemExit)
ROADS = {}


def road(function):
    ROADS[function.__name__] = function
    return function


def drafted(page, user, value=1):
    return with_fee(page, value, REASON, user)


def made_again(page, user, **names):
    """A page like a deleted one, with another fee, by one person."""
    parent = page.get_parent()
    page = ServicePage.objects.get(pk=page.pk)
    again = page.copy(
        to=parent,
        update_attrs={"slug": "passing", "service_code": "IQ-MOI-998", "live": False},
        keep_live=False,
        copy_revisions=False,
        reset_translation_key=True,
        user=user,
    )
    page.delete(user=user)
    again = ServicePage.objects.get(pk=again.pk)
    for name, value in names.items():
        setattr(again, name, value)
    again.save(clean=False)
    return again


@road
def form(page, user, client, **_more):
    client.force_login(user)
    post_form(client, page, {"fees-0-amount_minor": "1", "change_reason": REASON, "action-publish": "1"})


@road
def workflow(page, user, **_more):
    revision = drafted(page, user)
    flow = start_workflow(page, user)
    flow.current_task_state.approve(user=user)
    assert revision


@road
def bulk(page, user, client, **_more):
    drafted(page, user)
    client.force_login(user)
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    client.post(f"{address}?id={page.pk}", {"include_descendants": ""})


@road
def schedule(page, user, **_more):
    draft = drafted(page, user).as_object()
    draft.go_live_at = timezone.now() + dt.timedelta(hours=1)
    revision = draft.save_revision(user=user)
    with suppress(*REFUSALS):
        revision.publish(user=user)
    revision.approved_go_live_at = draft.go_live_at
    revision.save()
    with time_machine.travel(draft.go_live_at + dt.timedelta(minutes=1)):
        call_command("publish_scheduled")


@road
def revision(page, user, **_more):
    drafted(page, user).publish(user=user)


@road
def nobody(page, user, **_more):
    drafted(page, user).publish()


@road
def superuser(page, people, **_more):
    drafted(page, people["root"]).publish(user=people["root"])


@road
def live_page(page, **_more):
    page = ServicePage.objects.get(pk=page.pk)
    fees = list(page.fees.all())
    fees[0].amount_minor = 1
    page.fees.set(fees)
    page.change_reason = REASON
    page.save()


@road
def overwritten(page, user, **_more):
    revision = drafted(page, user, amount(page))
    draft = ServicePage.objects.get(pk=page.pk).get_latest_revision_as_object()
    fees = list(draft.fees.all())
    fees[0].amount_minor = 1
    draft.fees.set(fees)
    draft.save_revision(user=user, overwrite_revision=revision).publish(user=user)


@road
def written_over_for_somebody_else(page, user, people, **_more):
    """The first writer of the value is found, although the version belongs to another person by now."""
    written = drafted(page, user)
    Revision.objects.filter(pk=written.pk).delete()
    draft = drafted(page, people["shirin"])
    draft.publish(user=user)


@road
def dated_fee(page, user, **_more):
    draft = ServicePage.objects.get(pk=page.pk)
    fees = list(draft.fees.all())
    fees[0].amount_minor, fees[0].valid_from = 1, dt.date(2026, 1, 1)
    draft.fees.set(fees)
    draft.change_reason = REASON
    draft.save_revision(user=user).publish(user=user)


@road
def withdrawn_first(page, user, **_more):
    ServicePage.objects.get(pk=page.pk).unpublish(user=user)
    drafted(page, user).publish(user=user)


@road
def reverted(page, user, people, **_more):
    old = drafted(page, user)
    drafted(page, people["shirin"], 50_000)
    old.as_object().save_revision(user=user, previous_revision=old).publish(user=user)


@road
def same_code(page, user, **_more):
    again = made_again(page, user, service_code=page.service_code, slug="another-address")
    drafted(again, user).publish(user=user)


@road
def same_address(page, user, **_more):
    again = made_again(page, user, slug=page.slug)
    drafted(again, user).publish(user=user)


@road
def takes_over_the_code(page, user, **_more):
    """A new service with a low fee is nobody's business, until it takes a code that was public."""
    again = made_again(page, user, slug="another-address")
    drafted(again, user).publish(user=user)
    assert ServicePage.objects.get(pk=again.pk).live
    draft = ServicePage.objects.get(pk=again.pk)
    draft.service_code = page.service_code
    draft.save_revision(user=user).publish(user=user)


@road
def copied(page, user, **_more):
    copy = page.copy(update_attrs={"slug": "copy-of-it"}, keep_live=False, copy_revisions=True, user=user)
    copy = ServicePage.objects.get(pk=copy.pk)
    ServicePage.objects.get(pk=page.pk).unpublish(user=user)
    drafted(copy, user).publish(user=user)


@road
def imported(page, user, file, **_more):
    import_services(file, publish=True, user=user, reason=REASON)


@road
def imported_for_the_author(page, user, file, **_more):
    import_services(file, publish=True, user=user, approved_by=user, reason=REASON)


@road
def command(page, user, file, **_more):
    call_command("import_services", file, publish=True, user=user.username, reason=REASON)


@road
def translated(page, user, **_more):
    """A translation takes its facts from the source: what somebody writes into its version is nobody's fee."""
    other = ServicePage.objects.get(service_code=page.service_code, locale__language_code="en")
    draft = other.get_latest_revision_as_object()
    fees = list(draft.fees.all())
    fees[0].amount_minor = 1
    draft.fees.set(fees)
    draft.save_revision(user=user).publish(user=user)
    assert amount(other) != 1


@road
def alias(page, user, client, **_more):
    """An alias has the text of the page; made a page of its own it may not take over what the page is known by."""
    copy = page.create_alias(update_slug="alias-of-it", parent=page.get_parent(), user=user)
    client.force_login(user)
    client.post(reverse("wagtailadmin_pages:convert_alias", args=[copy.pk]))
    copy = ServicePage.objects.get(pk=copy.pk)
    copy.service_code = page.service_code
    drafted(copy, user).publish(user=user)


def start_workflow(page, user, tasks=1):
    group = Group.objects.get(name="publishers of tests")
    flow = Workflow.objects.create(name="approval")
    for number in range(tasks):
        task = GroupApprovalTask.objects.create(name=f"step {number}")
        task.groups.add(group)
        WorkflowTask.objects.create(workflow=flow, task=task, sort_order=number)
    return flow.start(ServicePage.objects.get(pk=page.pk), user)


@pytest.fixture
def file(few, tmp_path, service):
    """The file of the services with a fee of 1."""
    changed, old = tmp_path / "changed.yaml", amount(service())
    changed.write_text(few.read_text().replace(f"amount: {old}\n", "amount: 1\n"))
    return changed


@pytest.mark.parametrize("name", ROADS)
def test_the_author_alone_does_not_get_a_fee_public(name, service, people, client, file):
    page = service()
    old = amount(page)
    with suppress(*REFUSALS):
        ROADS[name](page=page, user=people["ali"], people=people, client=client, file=file)
    public = ServicePage.objects.filter(live=True, locale=page.locale)
    for each in (public.filter(service_code=page.service_code) | public.filter(slug=page.slug)).distinct():
        assert each.fees.first().amount_minor == old


def test_a_second_person_publishes_what_was_made_again(service, people):
    page = service()
    again = made_again(page, people["ali"], service_code=page.service_code, slug="another-address")
    drafted(again, people["ali"], 70_000).publish(user=people["shirin"])
    assert amount(again) == 70_000


def test_the_clock_does_not_publish_what_was_changed_after_it_was_scheduled(service, people):
    page, soon = service(), timezone.now() + dt.timedelta(hours=1)
    old = amount(page)
    draft = with_fee(page, 77_000, REASON, people["ali"]).as_object()
    draft.go_live_at = soon
    version = draft.save_revision(user=people["ali"])
    version.publish(user=people["shirin"])
    content = version.content
    content["fees"][0]["amount_minor"] = 1
    Revision.objects.filter(pk=version.pk).update(content=content)
    with time_machine.travel(soon + dt.timedelta(minutes=1)):
        call_command("publish_scheduled")
    assert amount(page) == old
    version.refresh_from_db()
    assert version.approved_go_live_at is None


def test_an_approval_in_a_workflow_is_void_when_the_fee_changes_afterwards(service, people):
    page = service()
    old = amount(page)
    version = drafted(page, people["ali"], 77_000)
    flow = start_workflow(page, people["ali"], tasks=2)
    flow.current_task_state.approve(user=people["shirin"])
    flow.refresh_from_db()
    draft = ServicePage.objects.get(pk=page.pk).get_latest_revision_as_object()
    fees = list(draft.fees.all())
    fees[0].amount_minor = 1
    draft.fees.set(fees)
    draft.save_revision(user=people["ali"], overwrite_revision=version)
    with pytest.raises(PublishRefused) as error:
        flow.current_task_state.approve(user=people["shirin"])
    assert [problem.code for problem in error.value.problems] == ["approval_void"]
    assert amount(page) == old


def test_a_version_that_was_sent_back_and_changed_is_approved_anew(service, people):
    page = service()
    drafted(page, people["ali"], 77_000)
    flow = start_workflow(page, people["ali"], tasks=2)
    flow.current_task_state.approve(user=people["shirin"])
    flow.refresh_from_db()
    flow.current_task_state.reject(user=people["shirin"])
    drafted(page, people["ali"], 66_000)
    flow.refresh_from_db()
    flow.resume(user=people["ali"])
    while flow.refresh_from_db() or flow.status == flow.STATUS_IN_PROGRESS:
        flow.current_task_state.approve(user=people["shirin"])
    assert amount(page) == 66_000


def test_two_fees_that_change_places_are_other_fees(service, people):
    """A service made again under its code pays the same sums for other things."""
    page = service()
    content = fee_approval.content_of(page)
    rows = content["fees"] = [
        content["fees"][0] | {"label": "card"},
        content["fees"][0] | {"label": "penalty"},
    ]
    rows[1] = rows[1] | {"translation_key": "other", "amount_minor": 9}
    swapped = [rows[0] | {"amount_minor": 9}, rows[1] | {"amount_minor": rows[0]["amount_minor"]}]
    digest = fee_approval._digest_of_fees
    assert digest(content) != digest(content | {"fees": swapped})
    assert digest(content) == digest(content | {"fees": [rows[1], rows[0] | {"translation_key": "new"}]})


def test_a_workflow_of_two_steps_publishes_what_both_saw(service, people):
    page = service()
    drafted(page, people["ali"], 77_000)
    flow = start_workflow(page, people["ali"], tasks=2)
    for _step in range(2):
        flow.current_task_state.approve(user=people["shirin"])
        flow.refresh_from_db()
    assert amount(page) == 77_000
    assert not Approval.objects.filter(used_at=None).exists()


def test_who_overwrites_a_value_has_written_it(service, people):
    page = service()
    version = drafted(page, people["ali"], 77_000)
    version.user = people["shirin"]
    content = version.content
    content["fees"][0]["amount_minor"] = 1
    version.content = content
    version.save()
    found = list(FeeWriter.objects.filter(page=page).values_list("user__username", flat=True))
    assert found[0] == "ali" and {*found} == {"ali", "shirin"}
    for name in ("ali", "shirin"):
        with pytest.raises(PublishRefused):
            version.publish(user=people[name])


def test_an_approval_is_of_one_content_by_somebody_else(service, people):
    page = service()
    version = drafted(page, people["ali"], 77_000)
    digest = digest_of(content_of(page, version))
    for user, code in ((people["ali"], "author"), (None, "nobody")):
        with pytest.raises(ApprovalRefused) as error:
            approve(page, digest, user, revision=version)
        assert error.value.code == code
    with pytest.raises(ApprovalRefused) as error:
        approve(page, digest_of("else"), people["shirin"], revision=version)
    assert error.value.code == "changed"
    given = approve(page, digest, people["shirin"], revision=version, reason=REASON)
    assert approval.approval_of(page, digest, version) == given
    version.publish(user=people["ali"])
    assert amount(page) == 77_000
    assert approval.approval_of(page, digest, version) is None


def overwrite(page, version, user, value):
    """The author writes another fee into the same version, as the editor's form does while it is open."""
    draft = ServicePage.objects.get(pk=page.pk).get_latest_revision_as_object()
    fees = list(draft.fees.all())
    fees[0].amount_minor = value
    draft.fees.set(fees)
    draft.save_revision(user=user, overwrite_revision=version)


def bulk_address(page):
    return reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"]) + f"?id={page.pk}"


def by_bulk_publish(client, page, flow, html):
    seen = [value for name, value in Inputs(html).found if name == SEEN]
    client.post(bulk_address(page), {"include_descendants": "", SEEN: seen})


def by_workflow_in_the_editor(client, page, flow, html):
    posted = MultiValueDict()
    for name, value in Inputs(html).found:
        if "__prefix__" not in name:
            posted.appendlist(name, value)
    posted["action-workflow-action"] = "1"
    posted["workflow-action-name"] = "approve"
    posted["body-count"] = "0"
    client.post(edit_address(page), dict(posted.lists()))


def from_the_dashboard(client, page, flow, html):
    state = flow.current_task_state
    client.post(reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk]))


def by_the_api_of_the_admin(client, page, flow, html):
    address = reverse("wagtailadmin_api:pages:action", args=[page.pk, "publish"])
    client.post(address, {}, content_type="application/json")


def edit_address(page):
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


# How a second person publishes in the admin → (what shows her the fee first, does she see it there).
SCREENS = {
    by_bulk_publish: (bulk_address, True),
    by_workflow_in_the_editor: (edit_address, True),
    from_the_dashboard: (lambda page: reverse("wagtailadmin_home"), False),
    by_the_api_of_the_admin: (lambda page: reverse("wagtailadmin_home"), False),
}


@pytest.mark.parametrize("act", SCREENS)
@pytest.mark.parametrize("changes_meanwhile", [False, True])
def test_what_goes_public_is_what_the_second_person_saw(service, people, client, act, changes_meanwhile):
    page = service()
    old = amount(page)
    version = drafted(page, people["ali"], 77_000)
    in_workflow = act in (by_workflow_in_the_editor, from_the_dashboard)
    flow = start_workflow(page, people["ali"]) if in_workflow else None
    client.force_login(people["shirin"])
    first, shows = SCREENS[act]
    html = client.get(first(page)).content.decode()
    if shows and act is by_bulk_publish:
        assert "77,000" in html or "٧٧" in html
    if changes_meanwhile:
        overwrite(page, version, people["ali"], 1)
    act(client, page, flow, html)
    is_public = amount(page) == 77_000
    assert is_public == (shows and not changes_meanwhile)
    # In the editor the form holds what she saw: it becomes a version of its own.
    assert is_public or amount(page) == old


def test_undoing_an_import_is_no_way_around_the_second_person(service, people, file):
    page = service()
    old = amount(page)
    report = import_services(
        file, publish=True, user=people["ali"], approved_by=people["shirin"], reason=REASON
    )
    assert report.ok and amount(page) == 1
    undo(ExchangeRun.objects.get(pk=report.run), people["ali"], trusted=True)
    assert amount(page) == 1
    assert ServicePage.objects.get(pk=page.pk).get_latest_revision_as_object().fees.first().amount_minor in (
        1,
        old,
    )
