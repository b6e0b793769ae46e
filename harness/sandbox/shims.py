"""The command `aws` as the agent finds it: version 1 looks past AWS_ENDPOINT_URL for sqs, rds, docdb, neptune and health.

https://github.com/aws/aws-cli/issues/8737: only `--endpoint-url` always counts, so that is what it gets. Where the CLI is a
Python script, and Linux is underneath, a process that has it loaded runs the commands (`warm/`); else each starts anew.
"""

from __future__ import annotations

import os
import secrets
import shlex
import shutil
import sys
from dataclasses import dataclass
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
OF_THE_CLI = "awscli.clidriver"
"""In the script of version 1; what has the name `aws` and not this is started as it is."""


@dataclass(frozen=True, slots=True)
class Warm:
    """How the process is started that has the CLI loaded: its words."""

    argv: tuple[str, ...]


def find_aws(path: str) -> Path:
    """Find the AWS command line: that of the extra `shell` beside this Python, else the first on PATH."""
    beside = Path(sys.executable).parent / "aws"
    found = str(beside) if beside.is_file() else shutil.which("aws", path=path)
    if not found:
        msg = "there is no `aws` for the agent to use: pip install 'askfirst[shell]', or install the AWS CLI"
        raise UsageError(msg)
    return Path(found)


def write_aws(folder: Path, aws: Path, url: str, *, warm: bool = True) -> Warm | None:
    """Write the command into a folder of PATH; gives how to start what it speaks to, None where it starts the CLI itself."""
    folder.mkdir(parents=True, exist_ok=True)
    whole = os.path.abspath(aws)  # noqa: PTH100 - a link may be what it is called by
    python = python_of(aws) if warm and sys.platform == "linux" else ""
    shim = folder / "aws"
    if not python:
        shim.write_text(SHIM.format(aws=shlex.quote(whole), url=shlex.quote(url)), encoding="utf-8")
        shim.chmod(0o755)
        return None
    name = f"cli-{secrets.token_hex(6)}"
    own = Path(__file__).with_name("warm")
    names = {"URL": url, "NAME": name, "AWS": whole}
    head = [f"#!{python} -ISB", *(f"{one} = {text!r}" for one, text in names.items())]
    shim.write_text("\n".join([*head, (own / "command.py").read_text(encoding="utf-8")]), encoding="utf-8")
    shim.chmod(0o755)
    server = folder / ".aws-server.py"
    shutil.copyfile(own / "server.py", server)
    return Warm((python, "-I", str(server), name))


def python_of(aws: Path) -> str:
    """Give the Python that runs the script of the CLI, '' where it is another program."""
    try:
        with aws.open("rb") as file:
            text = file.read(4096).decode("utf-8", "replace")
    except OSError:
        return ""
    first, _, rest = text.partition("\n")
    words = first.removeprefix("#!").split()
    if not first.startswith("#!") or OF_THE_CLI not in text or not words:
        return ""
    if words[0] == "/bin/sh":  # pip, where the path is too long for the first line: ''''exec' /path/python "$0" "$@"
        words = rest.partition("\n")[0].replace("'''exec'", "").split()
    if Path(words[0]).name == "env":
        words = words[1:]
    found = shutil.which(words[0]) if words else None
    return found if found and " " not in found and len(found) < 100 else ""
