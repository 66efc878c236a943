"""On which databases the tests of notifications run: as those of the store and the services, tests/workflow/conftest.py says."""

from tests.workflow.conftest import database_kind as database_kind
from tests.workflow.conftest import pytest_generate_tests as pytest_generate_tests
