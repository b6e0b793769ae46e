"""Ask for approval of a change, and wait for the decision.

Carry the change out only when this ends with 0.
"""

from __future__ import annotations

import json
import os
import re
import socket
import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Mapping, Sequence

ADDRESS = "APPROVALS_ADDRESS"
APPROVED, USAGE, DENIED, NO_ANSWER, DOWN = 0, 2, 10, 20, 21
LARGEST = 4 * 1024 * 1024

ENDINGS = """\
examples:
  request-approval --action cloudformation:ContinueUpdateRollback --resource ARN --reason "stuck since 09:14"
  request-approval --action dynamodb:UpdateTable --resource costs --plan change.json --wait 2h
  request-approval "restart the report function"

exit code:
  0   approved
  2   the arguments are not right; nothing was asked
  10  denied, or a question was asked back
  20  no answer in time
  21  the request could not be delivered
"""


class Down(Exception):
    """The request could not be delivered."""


def seconds(text: str) -> float:
    """Read a duration: '90s', '60m', '1h30m'. Raises `ValueError` that says how to write it."""
    if not re.fullmatch(r"(\d{1,6}[hms])+", text):
        msg = f"{text!r} is no duration: write it like 90s, 60m or 1h30m"
        raise ValueError(msg)
    return float(sum(int(size) * {"h": 3600, "m": 60, "s": 1}[unit] for size, unit in re.findall(r"(\d+)(.)", text)))


def exchange(address: str, message: Mapping[str, object]) -> Mapping[str, object]:
    """Send one request and wait for what comes of it. Raises `Down`."""
    try:
        with _connected(address) as line:
            line.sendall(json.dumps(message).encode() + b"\n")
            with line.makefile("rb") as file:
                answer = json.loads(file.readline())
    except (OSError, ValueError) as error:
        msg = "the approval service does not answer"
        raise Down(msg) from error
    if not isinstance(answer, dict):
        msg = "the approval service gave no answer"
        raise Down(msg)
    return answer


def _connected(address: str) -> socket.socket:
    if not address.startswith("tcp:"):
        line = socket.socket(socket.AF_UNIX)
        try:
            line.connect(address)
        except OSError:
            line.close()
            raise
        return line
    _, host, port, word = address.split(":")
    line = socket.create_connection((host, int(port)))
    line.sendall(word.encode() + b"\n")
    return line


def main(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Be the command; give its exit code."""
    parser = _parser()
    given = parser.parse_args(arguments)
    try:
        message = _message(given)
    except ValueError as error:
        parser.error(str(error))
    address = environment.get(ADDRESS, "")
    if not address:
        return _complain(f"{ADDRESS} is not set: there is nobody to ask from here", DOWN)
    try:
        answer = exchange(address, message)
    except Down as error:
        return _complain(f"{error}; nothing was approved", DOWN)
    if "refused" in answer:
        return _complain(str(answer["refused"]), USAGE)
    if "down" in answer:
        return _complain(str(answer["down"]), DOWN)
    decision = answer["decision"]
    sys.stdout.write(f"{json.dumps(decision) if given.json else answer['text']}\n")
    if not isinstance(decision, dict) or not decision["answered"]:
        return NO_ANSWER
    return APPROVED if decision["approved"] is True else DENIED


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        "request-approval",
        description=__doc__,
        epilog=ENDINGS,
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("words", nargs="*", metavar="WORDS", help="what is to be done, in words or as a command line")
    parser.add_argument(
        "--action", action="append", default=[], help="what is to be done: service:Operation; repeatable"
    )
    parser.add_argument("--resource", action="append", default=[], help="to what: an ARN or a name; repeatable")
    parser.add_argument("--reason", default="", metavar="TEXT", help="why it is needed")
    parser.add_argument("--plan", metavar="FILE", help="the file of what exactly is to be carried out")
    parser.add_argument("--wait", default="60m", help="how long to wait for an answer: 90s, 60m, 2h (default: 60m)")
    parser.add_argument("--json", action="store_true", help="print the decision as JSON")
    return parser


def _message(given: Namespace) -> dict[str, object]:
    """Make the message; `ValueError` says what is wrong with the arguments."""
    several = any(" " in one.strip() for one in given.words)
    words = [one for one in (given.words if several else [" ".join(given.words)]) if one.strip()]
    if not given.action and not words:
        msg = "say what is to be done: --action service:Operation, or in words"
        raise ValueError(msg)
    try:
        seconds(given.wait)
    except ValueError as error:
        msg = f"argument --wait: {error}"
        raise ValueError(msg) from None
    message: dict[str, object] = {
        "actions": [*given.action, *words],
        "resources": given.resource,
        "reason": given.reason,
        "wait": given.wait,
    }
    return {**message, **_plan(given.plan)} if given.plan is not None else message


def _plan(path: str) -> dict[str, str]:
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - pathlib takes longer to import than all else here to run
            content = file.read(LARGEST + 1)
    except OSError as error:
        msg = f"argument --plan: {path} cannot be read ({error.strerror}): name the file of what is to be carried out"
        raise ValueError(msg) from None
    if len(content) > LARGEST:
        msg = f"argument --plan: {path} is larger than {LARGEST} bytes"
        raise ValueError(msg)
    if not content.strip():
        msg = f"argument --plan: {path} is empty"
        raise ValueError(msg)
    try:
        return {"plan": content.decode()}
    except UnicodeDecodeError:
        import base64

        return {"plan_base64": base64.b64encode(content).decode()}


def _complain(text: str, code: int) -> int:
    sys.stderr.write(f"request-approval: {text}\n")
    return code


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:], os.environ))
    except KeyboardInterrupt:
        sys.exit(130)
