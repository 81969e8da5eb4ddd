"""CreateModels creates, and in reverse deletes, the same tables as separate operations."""

from itertools import pairwise

import pytest
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState
from django.db.migrations.writer import OperationWriter

from egov_cms.site.schema import CreateModels


def model(name, *fields):
    key = ("id", models.BigAutoField(primary_key=True))
    return migrations.CreateModel(name=name, fields=[key, *fields])


MODELS = [
    model("Well", ("depth", models.IntegerField(db_index=True))),
    model("Bucket", ("well", models.ForeignKey("rooms.Well", models.CASCADE))),
    model(
        "Rope",
        ("buckets", models.ManyToManyField("rooms.Bucket")),
        ("next", models.OneToOneField("self", models.CASCADE)),
    ),
]


def statements(operations, backwards=False):
    """The SQL of these operations, without running it."""
    states = [ProjectState()]
    for operation in operations:
        states.append(states[-1].clone())
        operation.state_forwards("rooms", states[-1])
    steps = list(zip(operations, pairwise(states), strict=True))
    with connection.schema_editor(collect_sql=True) as editor:
        for operation, (before, after) in reversed(steps) if backwards else steps:
            if backwards:
                operation.database_backwards("rooms", editor, after, before)
            else:
                operation.database_forwards("rooms", editor, before, after)
    return editor.collected_sql


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("backwards", [False, True])
def test_the_sql_is_the_same_as_of_separate_operations(backwards):
    done = statements([CreateModels(MODELS)], backwards)
    assert done == statements(MODELS, backwards)
    assert len(done) >= 4


def test_model_classes_are_built_on_first_use():
    state = ProjectState()
    assert not list(state.apps.get_models())
    CreateModels(MODELS).state_forwards("rooms", state)
    assert "apps" not in state.__dict__
    assert {built.__name__ for built in state.apps.get_models()} == {"Well", "Bucket", "Rope"}


def test_it_can_be_written_into_a_migration():
    together = CreateModels(MODELS)
    lines, imports = OperationWriter(together, indentation=0).serialize()
    assert lines.startswith("egov_cms.site.schema.CreateModels(")
    assert "import egov_cms.site.schema" in imports
    assert together.describe() == "Create models Well, Bucket, Rope"
