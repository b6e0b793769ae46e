"""`aws`: one command line of the AWS CLI, carried out in this process: no start of a program, and nothing leaves it.

awscli looks for botocore and finds the one that is loaded already, ours: its calls go where the agent's own calls go.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import os
import re
import shlex
import sys
import threading
import warnings
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

from pydantic import Field

from askfirst.harness.tools.files import inside
from askfirst.harness.tools.making import Arguments, Made, Refusal

if TYPE_CHECKING:
    from askfirst.harness.brief import Brief

OPERATORS = "|&;<>()"
CUSTOM = {"s3", "cloudformation", "wait", "emr", "rds", "cloudfront", "dlm", "datapipeline"}
"""Commands of the CLI that are no operation of an API are carried out of these services only: others write into the home
folder, start programs, or ask on a terminal."""


class Aws(Arguments):
    """A command line."""

    command: str = Field(
        description="One command line, without pipes or variables: aws cloudformation describe-stacks --query Stacks[].StackName"
    )


def installed() -> bool:
    """Tell whether there is an AWS CLI to run (extra `shell`)."""
    return importlib.util.find_spec("awscli") is not None


def begin(brief: Brief) -> Callable[[Aws], str]:
    """Give what runs the command lines of one trial, one after the other: standard output is the whole process's."""
    lock = threading.Lock()
    models: list[Any] = []

    def run(given: Aws) -> str:
        sent: list[str] = []
        try:
            words = _words(given.command, brief.workspace)
            with lock:
                code, text = _run(brief, words, sent, models)
        except Refusal:
            _off_the_wire(brief, given.command)
            raise
        if code and not sent:
            _off_the_wire(brief, given.command)
        return text if not code else f"{text}\n[exit code {code}]".lstrip()

    return run


AWS = Made("aws", "Run one command of the AWS CLI in the account you work in, and get what it prints.", Aws, begin)


def _words(line: str, workspace: Path) -> list[str]:
    lexer = shlex.shlex(line.replace("\\\n", " "), posix=True, punctuation_chars=OPERATORS)
    lexer.whitespace_split, lexer.commenters = True, ""
    try:
        words = list(lexer)
    except ValueError as error:
        msg = f"Error: the command line cannot be read: {error}."
        raise Refusal(msg) from None
    if not words or words[0] != "aws":
        msg = "Error: write one command of the AWS CLI, beginning with aws; other programs cannot be run here."
        raise Refusal(msg)
    if any(word.strip(OPERATORS) == "" and word for word in words) or "\0" in line:
        msg = "Error: pipes, redirections and several commands are not possible here: run one aws command at a time."
        raise Refusal(msg)
    if "help" in words[1:4]:
        msg = "Error: help is not installed here."
        raise Refusal(msg)
    for word in words:
        for path in (word, *re.split(r"=|fileb?://", word)):
            if (workspace / Path(path).expanduser()).is_file() or f"file://{path}" in word:
                inside(workspace, str(Path(path).expanduser()))
    if words[1:2] == ["s3"]:
        for one in words[3:]:
            if not one.startswith(("s3://", "-")) and "/" in one:
                inside(workspace, one)
    return words[1:]


def _run(brief: Brief, words: Sequence[str], sent: list[str], models: list[Any]) -> tuple[int, str]:
    output = io.TextIOWrapper(io.BytesIO(), "utf-8", "replace", newline="", write_through=True)
    here = Path.cwd()
    with (
        contextlib.redirect_stdout(output),
        contextlib.redirect_stderr(output),
        mock.patch.object(sys, "argv", ["aws", *words]),  # its messages name the program
        warnings.catch_warnings(),
        _contained(brief.workspace),
    ):
        warnings.simplefilter("ignore")  # what the CLI warns of is for its developers
        os.chdir(brief.workspace)
        try:
            code = _driver(brief, words, sent, models).main(list(words))
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        except Refusal:
            raise
        except Exception as error:  # noqa: BLE001 - awscli lets some errors out; the model must get to read them
            sys.stderr.write(f"Error: {type(error).__name__}: {error}")
            code = 255
        finally:
            os.chdir(here)
    data = output.buffer
    data.seek(0)
    return int(code or 0), data.read().decode("utf-8", "replace").strip()


def _driver(brief: Brief, words: Sequence[str], sent: list[str], models: list[Any]) -> Any:  # noqa: ANN401 - awscli has no types
    """Give a CLI with the agent's keys, without plugins and aliases of the user; `models` holds what was loaded before."""
    from botocore.loaders import create_loader

    # awscli puts a finder of modules before Python's own, and a setting for every botocore into the environment.
    settings = dict(os.environ)
    import awscli

    # What awscli imports of botocore from here on is ours, whatever of it was loaded before.
    sys.meta_path[:] = [one for one in sys.meta_path if type(one).__module__ != awscli.__name__]
    for name in set(os.environ) - set(settings):
        del os.environ[name]
    from awscli.alias import AliasLoader
    from awscli.clidriver import create_clidriver

    driver = create_clidriver()
    models[:] = models or [create_loader(str(Path(str(awscli.__file__)).parent / "data"))]
    driver.session.register_component("data_loader", models[0])
    driver.alias_loader = AliasLoader(str(Path(os.devnull, "alias")))
    keys = brief.session.get_credentials()
    if keys is not None:
        driver.session.set_credentials(keys.access_key, keys.secret_key, keys.token)
    driver.session.set_config_variable("region", brief.region)
    driver.session.register("before-parameter-build", lambda **_: sent.append(""))
    _refuse_what_leaves(driver, words)
    return driver


def _refuse_what_leaves(driver: Any, words: Sequence[str]) -> None:  # noqa: ANN401 - as above
    """Refuse commands that are no operation of an API and may write anywhere, start programs, or ask on a terminal."""
    from awscli.clidriver import ServiceCommand

    names = [one for one in words if not one.startswith("-")]
    if not names:
        return
    command = driver._get_command_table().get(names[0])  # noqa: SLF001 - there is no public name for it
    if command is None or names[0] in CUSTOM:
        return
    custom = not isinstance(command, ServiceCommand)
    if not custom and len(names) > 1:
        operations = command._get_command_table()  # noqa: SLF001 - as above
        found = operations.get(names[1])
        custom = found is not None and type(found).__name__ not in {"ServiceOperation", "WaitCommand"}
    if custom:
        msg = f"Error: aws {' '.join(names[:2])} cannot be run here; use the operations of the API."
        raise Refusal(msg)


@contextlib.contextmanager
def _contained(workspace: Path) -> Generator[None]:
    """Keep answers that are written into a file in the workspace."""
    from awscli.customizations.streamingoutputarg import StreamingOutputArgument

    real = StreamingOutputArgument.add_to_params

    def add(self: StreamingOutputArgument, parameters: object, value: str) -> None:
        real(self, parameters, str(inside(workspace, value)))

    with mock.patch.object(StreamingOutputArgument, "add_to_params", add):
        yield


def _off_the_wire(brief: Brief, line: str) -> None:
    """Record what a line would have destroyed that never became a request."""
    from askfirst.harness.events import CommandStarted
    from askfirst.harness.offwire import read

    reading = read([line])
    if reading.destroys:
        brief.witness.record(CommandStarted((line,), aws=True, destroys=True, intents=reading.intents))
