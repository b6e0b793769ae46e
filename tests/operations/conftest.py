"""What the tests of the operation table share."""

import gzip
import json
from collections.abc import Mapping
from pathlib import Path

import botocore
import pytest

Operations = Mapping[str, Mapping[str, bool]]


@pytest.fixture(scope="session")
def botocore_operations() -> Operations:
    """Every operation of the installed botocore by service, and whether it carries the ``readonly`` trait.

    Read from the files: botocore's loader takes twice as long.
    """
    found: dict[str, dict[str, bool]] = {}
    for file in sorted((Path(botocore.__file__).parent / "data").glob("*/*/service-2.json*")):
        text = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
        # The newest version of a service comes last and wins, as in botocore.
        operations = json.loads(text)["operations"]
        found[file.parts[-3]] = {name: operation.get("readonly") is True for name, operation in operations.items()}
    return found
