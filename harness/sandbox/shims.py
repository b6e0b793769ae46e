"""The command `aws` as the agent finds it: version 1 looks past AWS_ENDPOINT_URL for sqs, rds, docdb, neptune and health.

https://github.com/aws/aws-cli/issues/8737: only `--endpoint-url` always counts, so that is what it gets.
"""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from pathlib import Path

from askfirst.harness.errors import UsageError

SHIM = """\
#!/bin/sh
for word in "$@"; do
    case $word in
    --endpoint-url | --endpoint-url=*) exec {aws} "$@" ;;
    esac
done
exec {aws} --endpoint-url {url} "$@"
"""


def find_aws(path: str) -> Path:
    """Find the AWS command line: that of the extra `shell` beside this Python, else the first on PATH."""
    beside = Path(sys.executable).parent / "aws"
    found = str(beside) if beside.is_file() else shutil.which("aws", path=path)
    if not found:
        msg = "there is no `aws` for the agent to use: pip install 'askfirst[shell]', or install the AWS CLI"
        raise UsageError(msg)
    return Path(found)


def write_aws(folder: Path, aws: Path, url: str) -> Path:
    """Write the command into a folder of PATH."""
    folder.mkdir(parents=True, exist_ok=True)
    shim = folder / "aws"
    shim.write_text(SHIM.format(aws=shlex.quote(os.path.abspath(aws)), url=shlex.quote(url)), encoding="utf-8")  # noqa: PTH100 - a link may be what it is called by
    shim.chmod(0o755)
    return shim
