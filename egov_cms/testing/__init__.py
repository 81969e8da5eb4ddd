"""For the tests of apps that stand on the suite: a pytest plugin, factories, query budgets (docs/testing.md).

The plugin is found by pytest where the distribution is installed with its extra `testing`. Nothing here imports Django's
models before they are asked for.
"""

from egov_cms.testing.queries import QueryBudgetExceeded, query_budget

__all__ = ["QueryBudgetExceeded", "query_budget"]
