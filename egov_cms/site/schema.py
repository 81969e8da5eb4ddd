"""An operation for the migrations of this app and of the apps that build on it."""

from django.db.migrations.operations import SeparateDatabaseAndState

from egov_cms.adapters.wagtail.pages import for_base_page


class CreateModels(SeparateDatabaseAndState):
    """Creates many models in one migration operation: `CreateModels([migrations.CreateModel(…), …])`.

    After each CreateModel, Django rebuilds the classes of all models that are directly or indirectly related to the new
    one; with Wagtail's pages these are all models. This operation builds them once, when it creates the first table. The
    SQL is the same as of separate operations (tests/site/test_schema.py). Page types inherit from the project's base page.
    """

    def __init__(self, models):
        models = for_base_page(models)
        super().__init__(database_operations=models, state_operations=models)

    def deconstruct(self):
        return type(self).__qualname__, [self.state_operations], {}

    def state_forwards(self, app_label, state):
        # The classes are rebuilt on their next use.
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
