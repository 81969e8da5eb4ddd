"""The small site of three languages, on which the contracts are tried."""

from tests.site.conftest import admin, bare_site, homes, people  # noqa: F401
