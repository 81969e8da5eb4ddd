"""The thirty sample services, published in three languages, loaded once for all tests of this folder."""

from tests.services.conftest import loaded, sample, service  # noqa: F401
