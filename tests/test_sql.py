"""Which tests are run on PostgreSQL too."""

import pytest

from tests.engines import REPOSITORY
from tests.sql import imported_names, touches_sql


@pytest.mark.parametrize(
    "text",
    [
        "def test_it(transactional_db): ...",
        "pytestmark = pytest.mark.django_db(transaction=True)",
        "with connection.cursor() as cursor: ...",
        "with pytest.raises(IntegrityError): ...",
        "from egov_cms.search.store import put",
        "from egov_cms.search import store",
    ],
)
def test_what_writes_sql_or_locks_is_found(tmp_path, text):
    file = tmp_path / "test_it.py"
    file.write_text(text)
    assert touches_sql(file)


@pytest.mark.parametrize(
    "text",
    [
        "from egov_cms.site.models import ContentPage\n\nContentPage.objects.filter(live=True).count()",
        "from django.db import models",
        "from egov_cms.language import fold",
    ],
)
def test_what_leaves_it_to_the_orm_is_not(tmp_path, text):
    file = tmp_path / "test_it.py"
    file.write_text(text)
    assert not touches_sql(file)


def test_a_name_may_be_a_module_or_stand_in_one():
    assert imported_names("from blocks.registry import register\nimport os\nfrom . import near") == {
        "blocks.registry",
        "blocks.registry.register",
    }


def test_tests_of_this_suite_are_found():
    assert touches_sql(REPOSITORY / "tests" / "search" / "test_engines.py")
    assert not touches_sql(REPOSITORY / "tests" / "blocks" / "test_blocks.py")
