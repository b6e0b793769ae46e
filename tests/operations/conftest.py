"""What the tests of the operation table share."""

import pytest
from tests.operations.moto_look import Operations, read_botocore


@pytest.fixture(scope="session")
def botocore_operations() -> Operations:
    """Every operation of the installed botocore by service, and whether it carries the ``readonly`` trait."""
    return read_botocore()
