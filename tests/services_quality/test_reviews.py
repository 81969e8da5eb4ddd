"""Overdue services: digest to the owner, escalation, public label, and a link that confirms once."""

import datetime as dt
import re

import pytest
import time_machine
from django.contrib.auth.models import Group, User
from django.core import mail
from django.core.management import call_command
from django.urls import reverse
from wagtail.models import PageLogEntry
from wagtail.users.models import UserProfile

from egov_cms.services.models import ReviewConfirmation, ServicePage
from egov_cms.services.quality import reviews
from egov_cms.services.quality.digest import send_digests
from egov_cms.site.models import OrganisationUnitPage

TODAY = dt.date(2027, 3, 1)


@pytest.fixture
def kept(service):
    """One service that is due on 1 March 2027, kept by Ahmed (Arabic) and Narin (Sorani); the others were checked."""
    owner = User.objects.create_user("ahmed", "ahmed@example.gov.iq", first_name="أحمد")
    backup = User.objects.create_user("narin", "narin@example.gov.iq")
    UserProfile.get_for_user(backup)
    UserProfile.objects.filter(user=backup).update(preferred_language="ckb")
    ServicePage.objects.update(last_reviewed_at=dt.date(2027, 2, 1))
    page = service()
    OrganisationUnitPage.objects.filter(pk=page.owner_unit_id).update(email="unit@example.gov.iq")
    ServicePage.objects.filter(translation_key=page.translation_key).update(
        last_reviewed_at=dt.date(2026, 3, 1), content_owner=owner, backup_owner=backup
    )
    return ServicePage.objects.get(pk=page.pk)


def sent(day):
    mail.outbox.clear()
    with time_machine.travel(
        dt.datetime.combine(day, dt.time(8), dt.timezone(dt.timedelta(hours=3))), tick=False
    ):
        send_digests(day)
    return [message.to[0] for message in mail.outbox]


def link(message):
    return re.search(r"http\S+/services/review/(\S+?)/", message.body)


def test_before_the_day_the_owner_is_told_and_not_again_for_a_week(kept):
    assert sent(TODAY - dt.timedelta(days=15)) == []
    day = TODAY - dt.timedelta(days=14)
    assert sent(day) == ["ahmed@example.gov.iq"]
    assert sent(day) == []
    assert sent(day + dt.timedelta(days=6)) == []
    assert sent(day + dt.timedelta(days=7)) == ["ahmed@example.gov.iq"]


def test_the_delay_goes_up_to_the_backup_and_to_the_unit(kept):
    assert sent(TODAY + dt.timedelta(days=13)) == ["ahmed@example.gov.iq"]
    assert sent(TODAY + dt.timedelta(days=14)) == ["narin@example.gov.iq"]
    assert sorted(sent(TODAY + dt.timedelta(days=30))) == [
        "ahmed@example.gov.iq",
        "narin@example.gov.iq",
        "unit@example.gov.iq",
    ]
    assert ReviewConfirmation.objects.filter(escalation=2).count() == 1


def test_whoever_has_left_is_passed_over_at_once(kept):
    User.objects.filter(username="ahmed").update(is_active=False)
    assert sent(TODAY) == ["narin@example.gov.iq"]
    User.objects.filter(username="narin").update(is_active=False)
    assert sent(TODAY) == ["unit@example.gov.iq"]


def test_where_nobody_is_left_the_complaints_officers_are_asked(kept):
    User.objects.filter(username__in=["ahmed", "narin"]).update(is_active=False)
    OrganisationUnitPage.objects.update(email="")
    officer = User.objects.create_user("officer", "officer@example.gov.iq")
    officer.groups.add(Group.objects.get_or_create(name="complaints officer")[0])
    assert sent(TODAY) == ["officer@example.gov.iq"]


def test_each_reads_in_her_own_language(kept):
    sent(TODAY + dt.timedelta(days=14))
    by_address = {message.to[0]: message for message in mail.outbox}
    narin, ahmed = by_address["narin@example.gov.iq"], by_address["ahmed@example.gov.iq"]
    assert "/ckb/services/review/" in narin.body
    assert 'lang="ckb" dir="rtl"' in narin.alternatives[0][0]
    family = ServicePage.objects.filter(translation_key=kept.translation_key)
    assert family.get(locale__language_code="ckb").title in narin.body
    assert "/ar/services/review/" in ahmed.body
    assert "أحمد" in ahmed.body


def test_the_link_asks_first_confirms_once_and_is_logged(kept, client):
    sent(TODAY)
    (message,) = mail.outbox
    address = re.search(r"http://testserver(/ar/services/review/\S+/)", message.body)[1]
    with time_machine.travel(dt.datetime(2027, 3, 2, 9, tzinfo=dt.UTC)):
        asked = client.get(address)
        assert asked.status_code == 200
        assert "no-store" in asked["Cache-Control"]
        assert not asked.cookies
        assert ServicePage.objects.get(pk=kept.pk).last_reviewed_at == dt.date(2026, 3, 1)
        assert client.post(address).status_code == 200
        pages = ServicePage.objects.filter(translation_key=kept.translation_key)
        assert {page.last_reviewed_at for page in pages} == {dt.date(2027, 3, 2)}
        row = ReviewConfirmation.objects.get(confirmed_at__isnull=False)
        assert (row.user.username, row.via) == ("ahmed", "mail")
        ServicePage.objects.update(last_reviewed_at=dt.date(2026, 3, 1))
        again = client.post(address)
    assert ServicePage.objects.get(pk=kept.pk).last_reviewed_at == dt.date(2026, 3, 1)
    assert again.status_code == 200
    assert PageLogEntry.objects.filter(action=reviews.CONFIRMED, page=kept.pk).count() == 1


def test_the_table_does_not_give_the_link_away(kept):
    sent(TODAY)
    token = link(mail.outbox[0])[1]
    row = ReviewConfirmation.objects.get()
    assert token not in str(vars(row))
    assert row.token_hash == reviews.token_hash(token)


@pytest.mark.parametrize(("days", "status"), [(29, 200), (31, 410)])
def test_the_link_grows_old(kept, client, days, status):
    sent(TODAY)
    token = link(mail.outbox[0])[1]
    with time_machine.travel(dt.datetime(2027, 3, 1, tzinfo=dt.UTC) + dt.timedelta(days=days)):
        answer = client.post(f"/en/services/review/{token}/")
    assert answer.status_code == status


@pytest.mark.parametrize("token", ["x", "a:b:c", "%00", "WzEsMl0:1:2"])
def test_a_forged_link_is_not_found(few, client, token):
    assert client.get(f"/en/services/review/{token}/").status_code == 404
    assert client.post(f"/en/services/review/{token}/").status_code == 404


def test_the_label_is_late_the_day_after_and_new_once_confirmed(kept):
    assert not reviews.review_state(kept, TODAY).late
    late = reviews.review_state(kept, TODAY + dt.timedelta(days=1))
    assert (late.late, late.days_late, late.due) == (True, 1, TODAY)
    reviews.confirm(kept, None, today=TODAY + dt.timedelta(days=1))
    page = ServicePage.objects.get(translation_key=kept.translation_key, locale__language_code="en")
    assert not reviews.review_state(page, TODAY + dt.timedelta(days=1)).late


def test_the_public_page_turns_amber(kept, client):
    with time_machine.travel(dt.datetime(2027, 3, 1, 9, tzinfo=dt.UTC)):
        assert 'class="tag warn"' not in client.get(kept.url).content.decode()
    with time_machine.travel(dt.datetime(2027, 3, 2, 9, tzinfo=dt.UTC)):
        assert 'class="tag warn"' in client.get(kept.url).content.decode()


def test_an_older_draft_does_not_bring_back_the_old_day(kept):
    kept.summary = "ملخص جديد للخدمة"
    kept.save_revision()
    reviews.confirm(kept, None, today=TODAY)
    draft = ServicePage.objects.get(pk=kept.pk).get_latest_revision_as_object()
    assert (draft.last_reviewed_at, draft.summary) == (TODAY, "ملخص جديد للخدمة")


def test_one_click_on_the_dashboard(kept, people, client):
    root = people["root"]
    ServicePage.objects.filter(translation_key=kept.translation_key).update(content_owner=root)
    client.force_login(root)
    with time_machine.travel(dt.datetime(2027, 3, 5, 9, tzinfo=dt.UTC)):
        client.force_login(root)
        start = client.get(reverse("wagtailadmin_home"))
        action = reverse("egov_quality_confirm", args=[kept.pk])
        assert action in start.content.decode()
        assert client.get(action).status_code == 405
        client.post(action)
        assert action not in client.get(reverse("wagtailadmin_home")).content.decode()
        assert client.get(reverse("egov_quality_reviews")).status_code == 200
    row = ReviewConfirmation.objects.get()
    assert (row.user, row.via) == (root, "dashboard")


def test_strangers_confirm_nothing(kept, client):
    stranger = User.objects.create_user("stranger")
    client.force_login(stranger)
    assert client.post(reverse("egov_quality_confirm", args=[kept.pk])).status_code in (302, 403)
    assert not ReviewConfirmation.objects.exists()


def test_the_command_says_what_it_did(kept, capsys):
    with time_machine.travel(dt.datetime(2027, 3, 1, 9, tzinfo=dt.UTC)):
        call_command("send_review_digest")
        call_command("send_review_digest")
    assert capsys.readouterr().out.splitlines() == ["1 mails about 1 services.", "0 mails about 0 services."]


def test_a_mail_that_fails_leaves_no_link_behind(kept, settings):
    settings.EMAIL_BACKEND = "tests.services_quality.broken_mail.Backend"
    assert send_digests(TODAY).failed == ["ahmed@example.gov.iq"]
    assert not ReviewConfirmation.objects.exists()


def test_the_plan_costs_the_same_for_every_number_of_services(kept, django_assert_max_num_queries):
    from egov_cms.services.quality.digest import Summary, plan_digests

    ServicePage.objects.update(last_reviewed_at=dt.date(2025, 1, 1))
    with django_assert_max_num_queries(12):
        plan_digests(TODAY, Summary())
