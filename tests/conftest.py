"""Fixtures for all tests."""

from tests.services_fixture import services, unique

__all__ = ["services", "unique"]
