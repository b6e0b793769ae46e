"""The seam of our own implementations: what is there, and that it costs nothing to ask."""

from __future__ import annotations

import subprocess
import sys

from askfirst.harness.aws.gaps import guards, implementations
from askfirst.harness.operations.table import classify


def test_importing_them_imports_no_moto() -> None:
    """The tables are built without moto and boto3."""
    code = "import sys, askfirst.harness.aws.gaps as g; g.implementations(); g.guards(); "
    code += "sys.exit(any(one in sys.modules for one in ('moto', 'boto3', 'botocore')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_every_name_is_an_operation() -> None:
    """Keys are botocore's names."""
    for service, operation in {**implementations(), **guards()}:
        assert classify(service, operation).known, (service, operation)


def test_the_safe_exit_is_there() -> None:
    """The way out of UPDATE_ROLLBACK_FAILED exists, and the updates AWS refuses are refused."""
    assert ("cloudformation", "ContinueUpdateRollback") in implementations()
    assert {"UpdateStack", "CreateChangeSet", "ExecuteChangeSet"} <= {operation for _, operation in guards()}
