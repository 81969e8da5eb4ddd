"""Outside egov_cms/adapters the suite stands on what its libraries document, and assumes no particular base page."""

import ast
import inspect
from importlib import import_module
from pkgutil import resolve_name, walk_packages

import pytest
import yaml
from django.apps import apps

from egov_cms import adapters

from . import sources

pytestmark = [pytest.mark.contract, pytest.mark.repository]

MODULES = [
    import_module(found.name)
    for found in walk_packages(adapters.__path__, f"{adapters.__name__}.")
    if not found.ispkg
]


def listed(name):
    file = sources.Path(__file__).with_name("overrides.yaml")
    return yaml.safe_load(file.read_text(encoding="utf-8"))[name]


def public_names(module):
    """What a module offers: what it defines, and what it hands on by `__all__`."""
    return {
        *getattr(module, "__all__", ()),
        *(
            name
            for name, value in vars(module).items()
            if not name.startswith("_")
            and callable(value)
            and getattr(value, "__module__", "") == module.__name__
        ),
    }


def test_only_documented_names_are_imported():
    found = [use for use in sources.imports() if (use.module, use.name) not in sources.documented()]
    assert not found, (
        "take them through egov_cms/adapters, or name the page that documents them in documented.yaml"
    )


def test_every_documented_name_is_still_there():
    """Also names that nothing uses any more: the list is not longer than it need be."""
    used = {(use.module, use.name) for use in sources.imports()}
    assert sources.documented().keys() == used | {("modelcluster.models", "get_all_child_m2m_relations")}
    for module, name in sources.documented():
        try:
            assert hasattr(import_module(module), name) or import_module(f"{module}.{name}")
        except ImportError:
            pytest.fail(f"{module} no longer has {name}")


def test_no_name_with_an_underscore_is_taken_from_a_library():
    assert not list(sources.private_uses())


def test_undocumented_members_are_overridden_for_a_reason_only():
    undocumented, documented = listed("undocumented"), set(listed("documented"))
    found = {member for member in sources.overrides() if member.rsplit(".", 1)[1] not in documented}
    assert found - undocumented.keys() == set(), "name the reason in overrides.yaml"
    assert undocumented.keys() - found == set(), "the library has changed, or nothing overrides them any more"
    assert all(undocumented.values())


def test_members_are_overridden_with_the_parameters_that_the_library_gives():
    for member, classes in sources.overrides().items():
        theirs = resolve_name(member)
        if not inspect.isfunction(theirs):
            continue
        given = inspect.signature(theirs).parameters.values()
        for path in classes:
            ours = resolve_name(f"{path}.{theirs.__name__}")
            if not inspect.isfunction(ours):
                continue
            taken = inspect.signature(ours).parameters.values()
            open_ended = {each.kind for each in taken} & {
                inspect.Parameter.VAR_KEYWORD,
                inspect.Parameter.VAR_POSITIONAL,
            }
            missing = {each.name for each in given if each.default is each.empty} - {
                each.name for each in taken
            }
            assert open_ended or len(taken) >= len(given) or not missing, (member, path, missing)


def test_every_adapter_says_why_and_has_a_contract_test():
    tests = [
        ast.parse(file.read_text(encoding="utf-8"))
        for file in sources.Path(__file__).parent.glob("test_*.py")
    ]
    tested = {
        node.id if isinstance(node, ast.Name) else node.attr
        for tree in tests
        for node in ast.walk(tree)
        if isinstance(node, ast.Name | ast.Attribute)
    }
    for module in MODULES:
        assert module.__doc__, module
        assert public_names(module) - tested == set(), module.__name__
        for name in public_names(module):
            value = getattr(module, name)
            if getattr(value, "__module__", "") == module.__name__:
                assert value.__doc__, f"{module.__name__}.{name} does not say why"


@pytest.mark.parametrize(
    "library", ["wagtail", "wagtail_localize", "modelcluster", "modelsearch", "treebeard", "django"]
)
def test_the_version_was_seen(library):
    """A new version fails here first: read its release notes, run these tests, then add it to SEEN_IN."""
    adapter = "localize" if library == "wagtail_localize" else library
    seen = import_module(f"egov_cms.adapters.{adapter}").SEEN_IN
    assert ".".join(version_of(library).split(".")[:2]) in seen


def version_of(library):
    from importlib.metadata import version

    names = {
        "modelcluster": "django-modelcluster",
        "treebeard": "django-treebeard",
        "wagtail_localize": "wagtail-localize",
    }
    return version(names.get(library, library))


def test_nothing_names_the_standard_base_page():
    """`wagtail.models.Page` has no table where a project has chosen another base page."""
    named = []
    for file, tree in sources.sources().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                words = {
                    "wagtailcore.page",
                    "page_ptr",
                    "page_ptr_id",
                    "add_page",
                    "change_page",
                    "publish_page",
                }
                if node.value.lower() in words:
                    named.append((sources.place(file, node), node.value))
    assert not named
    assert not [use for use in sources.imports() if (use.module, use.name) == ("wagtail.models", "Page")]


def test_page_types_stand_on_the_base_page():
    from egov_cms.adapters.wagtail.pages import page_model
    from egov_cms.site.models import SitePage

    types = [model for model in apps.get_models() if issubclass(model, SitePage)]
    assert types
    assert all(issubclass(model, page_model()) for model in types)
