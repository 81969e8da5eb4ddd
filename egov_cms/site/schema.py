"""What the migrations of this room and of those above it share."""

from django.db.migrations.operations import SeparateDatabaseAndState

from egov_cms.adapters.wagtail.pages import for_base_page


class CreateModels(SeparateDatabaseAndState):
    """Creates many models in one step of a migration: `CreateModels([migrations.CreateModel(…), …])`.

    After each CreateModel Django builds the classes of all models again that are related to the new one, however far:
    with Wagtail's pages among them, all there are. Here they are built once, when the first table is made. The tables
    are those of the operations one by one (tests/site/test_schema.py). Page types stand on the base page of the project.
    """

    def __init__(self, models):
        models = for_base_page(models)
        super().__init__(database_operations=models, state_operations=models)

    def deconstruct(self):
        return type(self).__qualname__, [self.state_operations], {}

    def state_forwards(self, app_label, state):
        # The classes are built anew when they are next asked for.
        state.__dict__.pop("apps", None)
        super().state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for operation in self.database_operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        for operation in reversed(self.database_operations):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self):
        return f"Create models {', '.join(operation.name for operation in self.state_operations)}"
