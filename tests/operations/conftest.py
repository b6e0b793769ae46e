"""What the tests of the operation table share."""

import pytest
from tests.operations.moto_look import Operations, carried_out, read_botocore


@pytest.fixture(scope="session")
def botocore_operations() -> Operations:
    """Every operation of the installed botocore by service, and whether it carries the ``readonly`` trait."""
    return read_botocore()


@pytest.fixture(scope="session")
def moto_operations(botocore_operations: Operations) -> set[tuple[str, str]]:
    """Operations for which moto has a method, in a response class or in a backend."""
    return carried_out(botocore_operations)
