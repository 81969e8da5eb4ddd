"""Permissions, screens and choosers of Wagtail's admin."""

import pytest
from django.contrib.auth.models import AnonymousUser, Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.http import HttpResponse
from django.template.loader import get_template
from django.test import RequestFactory
from django.urls import reverse
from django.utils import translation
from wagtail import hooks
from wagtail.admin.views.generic.mixins import CreateEditViewOptionalFeaturesMixin
from wagtail.admin.views.home import HomeView
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.admin.views.pages.edit import EditView as PageEditView
from wagtail.log_actions import LogContext, log
from wagtail.models import Collection, GroupPagePermission
from wagtail.users.models import UserProfile

from egov_cms.adapters.wagtail.admin import (
    AdminPageView,
    ContentTypeFilter,
    CreateView,
    DateRangePickerWidget,
    EditView,
    IndexView,
    SnippetChooser,
    choosing_with,
    exported_rows,
    exported_titles,
    is_moderation_panel,
    open_without_sessions,
    require_admin_access,
    write_exports_with,
)
from egov_cms.adapters.wagtail.pages import page_model, page_permission
from egov_cms.adapters.wagtail.permissions import (
    CollectionViewRestriction,
    GroupCollectionPermission,
    ModelPermissionPolicy,
    acting_user,
    may_edit_pages,
    page_permission_policy,
    set_permission_policy,
)
from egov_cms.site.models import Faq, Office, PageFeedback

pytestmark = [pytest.mark.contract, pytest.mark.django_db]


def test_a_view_before_wagtails_own_is_open_to_staff_only_and_in_their_language():
    """As the views of `register_admin_urls` are: the language of the person, and the sign-in for anybody else."""

    @require_admin_access
    def view(request):
        return HttpResponse(translation.get_language())

    user = User.objects.create_superuser("staff", "staff@example.gov.iq", "a quiet river 1975")
    UserProfile.objects.create(user=user, preferred_language="en")
    request = RequestFactory().get("/admin/pages/1/privacy/")
    request.user = user
    with translation.override("ar"):
        assert view(request).content == b"en"
    request.user = AnonymousUser()
    assert view(request).status_code == 302


@pytest.fixture
def editor(homes):
    """Somebody who may change pages below the Arabic home only."""
    user = User.objects.create_user("editor", password="password")
    group = Group.objects.create(name="editors")
    user.groups.add(group)
    codename = page_permission("change").split(".")[1]
    permission = Permission.objects.get(codename=codename)
    GroupPagePermission.objects.create(group=group, page=homes["ar"], permission=permission)
    return user


def test_it_is_known_who_edits_pages_and_which(editor, homes):
    assert may_edit_pages(editor)
    assert not may_edit_pages(User.objects.create_user("reader"))
    assert not may_edit_pages(AnonymousUser())
    assert not page_permission_policy.user_has_permission(editor, "publish")
    found = page_permission_policy.instances_user_has_any_permission_for(editor, {"add", "change"})
    assert set(found) == {page_model().objects.get(pk=homes["ar"].pk)}


def test_a_model_has_the_policy_that_it_is_given(settings, admin):
    class Never(ModelPermissionPolicy):
        def user_has_permission(self, user, action):
            return False

    assert ModelPermissionPolicy(Office).user_has_permission(admin, "change")
    assert not Never(Office).user_has_permission(admin, "change")
    set_permission_policy(PageFeedback, policy := Never(PageFeedback))
    from wagtail import permissions

    if registry := getattr(permissions, "policy_registry", None):
        assert registry.get_by_type(PageFeedback) is policy
        from egov_cms.editing.queue import ReaderPolicy

        set_permission_policy(PageFeedback, ReaderPolicy(PageFeedback))


def test_it_is_known_who_is_at_work(admin):
    assert acting_user() is None
    with LogContext(user=admin):
        assert acting_user() == admin
    assert acting_user() is None


def test_collections_have_rights_and_restrictions():
    group, root = Group.objects.create(name="some"), Collection.get_first_root_node()
    permission = Permission.objects.get(codename="add_document")
    GroupCollectionPermission.objects.create(group=group, collection=root, permission=permission)
    hidden = CollectionViewRestriction.objects.create(collection=root, restriction_type="login")
    assert list(root.get_view_restrictions()) == [hidden]
    assert hidden.collection == root


class Screen(AdminPageView):
    page_title = "A screen"
    header_icon = "view"

    def path(self):
        return [{"url": "/above/", "label": "Above"}]


def test_a_screen_has_head_and_crumbs(admin, client):
    request = RequestFactory().get("/")
    request.user, request.session = admin, client.session
    response = Screen.as_view()(request)
    assert response.template_name == ["wagtailadmin/generic/base.html"]
    assert get_template("wagtailadmin/generic/base.html")
    crumbs = [str(item["label"]) for item in response.context_data["breadcrumbs_items"]]
    assert crumbs[1:] == ["Above", "A screen"]
    assert response.context_data["header_icon"] == "view"


def test_filters_take_a_content_type_and_days():
    queryset = ContentType.objects.filter(pk=ContentType.objects.get_for_model(Office).pk)
    field = ContentTypeFilter(queryset=queryset).field
    with translation.override("en"):
        assert ">Office</option>" in field.widget.render("kind", None)
    days = DateRangePickerWidget()
    assert days.value_from_datadict({"on_from": "2026-01-01", "on_to": "2026-01-31"}, {}, "on") == [
        "2026-01-01",
        "2026-01-31",
    ]


def test_a_chooser_speaks_when_it_is_drawn(settings):
    class Spoken(SnippetChooser):
        def says(self, model):
            name = model._meta.verbose_name
            return [translation.gettext_lazy("Edit"), name, name]

    viewset = choosing_with(Spoken)(model=Office, icon="home", name="offices")
    widget = viewset.widget_class
    assert isinstance(widget, Spoken)
    assert widget.model is Office
    with translation.override("en"):
        assert str(widget.choose_one_text) == "Edit"
    with translation.override("fr"):
        assert str(widget.choose_one_text) == "Modifier"
    assert SnippetChooser(Faq).choose_one_text


def test_the_views_of_a_record_can_be_extended():
    viewset = Office.snippet_viewset
    assert issubclass(viewset.index_view_class, IndexView)
    assert issubclass(viewset.add_view_class, CreateView)
    assert issubclass(viewset.edit_view_class, EditView)


def test_wagtails_own_panels_of_the_start_page_are_known(admin, client, monkeypatch):
    request = RequestFactory().get("/")
    request.user, request.session = admin, client.session
    monkeypatch.setattr(hooks, "get_hooks", lambda name: [])
    view = HomeView()
    view.setup(request)
    panels = view.get_panels()
    assert sum(is_moderation_panel(panel) for panel in panels) == 2 < len(panels)


def test_every_exported_list_is_written_by_the_functions_that_are_given(homes, admin, client, monkeypatch):
    monkeypatch.setattr(SpreadsheetExportMixin, "stream_csv", SpreadsheetExportMixin.stream_csv)
    monkeypatch.setattr(SpreadsheetExportMixin, "write_xlsx", SpreadsheetExportMixin.write_xlsx)

    def stream_csv(view, queryset):
        titles, rows = exported_titles(view, queryset), list(exported_rows(view, queryset, "csv"))
        yield f"{len(titles)} {len(rows)} {len(rows[0])}".encode()

    def write_xlsx(view, queryset, output):
        output.write(b"a workbook")

    write_exports_with(stream_csv, write_xlsx)
    client.force_login(admin)
    log(instance=homes["ar"], action="wagtail.edit", user=admin)
    address = reverse("wagtailadmin_reports:site_history")
    table = b"".join(client.get(address, {"export": "csv"}).streaming_content).decode()
    titles, rows, cells = map(int, table.split())
    assert titles == cells > 3 and rows > 0
    assert b"".join(client.get(address, {"export": "xlsx"}).streaming_content) == b"a workbook"


def test_an_editor_opens_without_the_list_of_others_where_it_cannot_be_written():
    """Once, however often it is asked for; tests/site/test_outages.py opens one on a database that takes no writes."""
    open_without_sessions()
    for view in (PageEditView, CreateEditViewOptionalFeaturesMixin):
        assert not hasattr(view.get_editing_sessions.__wrapped__, "__wrapped__")
    template = get_template("wagtailadmin/generic/edit_partials.html").template.source
    header = get_template("wagtailadmin/shared/headers/slim_header.html").template.source
    assert "editing_sessions %}" in template and "{% if editing_sessions %}" in header
