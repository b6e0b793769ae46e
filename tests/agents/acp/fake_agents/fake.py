"""An agent that speaks the Agent Client Protocol, on the agent's side of the same package: `fake.py SCRIPT`."""

from __future__ import annotations

import asyncio
import json
import os
import shlex
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from typing import Any, cast

import acp
import acp.schema
import acp.stdio
import boto3
import botocore.config

LOOK = "aws dynamodb describe-table --table-name costs"
WRITE = """aws dynamodb put-item --table-name costs --item '{"id": {"S": "9"}}'"""
DELETE = "aws dynamodb delete-table --table-name costs"
OPTIONS = [("once", "allow_once"), ("always", "allow_always"), ("no", "reject_once")]


def aws(line: str) -> str:
    """Make the call of a line of the AWS command line, as the AWS command line."""
    words = shlex.split(line)[1:]
    options = dict(zip(words[2::2], words[3::2], strict=True))
    parameters = {
        "".join(one.title() for one in name[2:].split("-")): json.loads(value) if value[0] in "{[" else value
        for name, value in options.items()
    }
    agent = botocore.config.Config(user_agent="aws-cli/1.44 Python/3")
    try:
        getattr(boto3.client(words[0], config=agent), words[1].replace("-", "_"))(**parameters)
    except Exception as error:  # noqa: BLE001 - as the command line does
        return f"failed: {error}"
    return "ok"


Script = Callable[["Fake"], Awaitable[str | None]]


class Fake:
    """The agent. Its script is one of the functions below."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.turn = 0

    def on_connect(self, client: Any) -> None:
        self.client = client

    async def initialize(self, protocol_version: int, **_: Any) -> acp.InitializeResponse:
        version = 2 if self.script is speaks_version_2 else protocol_version
        return acp.InitializeResponse(protocol_version=version)

    async def new_session(self, cwd: str, **_: Any) -> acp.NewSessionResponse:
        if self.script is wants_a_login:
            raise acp.RequestError(-32000, "Authentication required")
        self.cwd = cwd
        return acp.NewSessionResponse(session_id="s-1")

    async def set_session_mode(self, mode_id: str, **_: Any) -> None:
        self.mode = mode_id

    async def prompt(self, prompt: list[Any], **_: Any) -> acp.PromptResponse:
        self.turn += 1
        self.told = prompt[0].text
        stop = await self.script(self)
        return acp.PromptResponse(stop_reason=cast("Any", stop or "end_turn"))

    async def cancel(self, session_id: str, **_: Any) -> None:
        if self.script is asks_after_cancel:
            await self.ask(DELETE)

    async def say(self, text: str, message: str | None = None) -> None:
        update = acp.update_agent_message_text(text)
        update.message_id = message
        await self.client.session_update("s-1", update)

    async def tell(self, name: str, line: str, status: Any = "in_progress") -> None:
        call = acp.start_tool_call(name, "Terminal", kind="execute", status=status)
        call.raw_input = {"command": line}
        await self.client.session_update("s-1", call)

    async def ask(
        self,
        line: str | None = None,
        *,
        title: str = "Terminal",
        raw: dict[str, Any] | None = None,
        options: list[tuple[str, str]] = OPTIONS,
        name: str = "c-1",
        kind: Any = "execute",
    ) -> str:
        call = acp.schema.ToolCallUpdate(tool_call_id=name, title=title, kind=kind, status="pending")
        call.raw_input = raw or ({"command": line} if line else None)
        offered = [
            acp.schema.PermissionOption.model_validate({"optionId": one, "name": one, "kind": what})
            for one, what in options
        ]
        answer = (await self.client.request_permission("s-1", call, offered)).outcome
        return str(getattr(answer, "option_id", answer.outcome))


async def asks_and_waits(self: Fake) -> str | None:
    """Looks and writes, each after the gate has let it."""
    answers = []
    for number, line in enumerate(["ls -la", "git status && " + LOOK, WRITE]):
        await self.tell(f"c-{number}", line, "pending")
        answers.append(await self.ask(line, name=f"c-{number}"))
        if answers[-1] == "once" and "aws" in line:
            aws(line.rpartition("&& ")[2])
    await self.say(f"All done: {' '.join(answers)}.")
    return None


async def asks_through_a_shell(self: Fake) -> str | None:
    """Runs `aws` itself, in a login shell, after it was let."""
    if await self.ask(raw={"command": ["/bin/bash", "-lc", LOOK]}) == "once":
        done = subprocess.run(["/bin/bash", "-lc", LOOK], capture_output=True)
        await self.say(f"Looked ({done.returncode}).")
    return None


async def asks_to_delete(self: Fake) -> str | None:
    """Wants to delete; does it when it may."""
    answer = await self.ask(DELETE)
    await self.say(aws(DELETE) if answer == "once" else f"Not allowed ({answer}), so I left it.")
    return None


async def acts_without_asking(self: Fake) -> str | None:
    """Writes, and asks nobody."""
    await self.tell("c-1", WRITE)
    await self.say(aws(WRITE))
    return None


async def deletes_without_asking(self: Fake) -> str | None:
    """Deletes, and asks nobody."""
    await self.tell("c-1", DELETE)
    await self.say(aws(DELETE))
    return None


async def asks_itself_too(self: Fake) -> str | None:
    """Asks the people on its own initiative, and is asked by its gate again."""
    words = [
        "request-approval",
        "--action",
        "dynamodb:PutItem",
        "--resource",
        "costs",
        "--reason",
        "the row is missing",
    ]
    asked = subprocess.run(words, capture_output=True)
    answer = await self.ask(WRITE)
    await self.say(f"{asked.returncode} {aws(WRITE) if answer == 'once' else answer}")
    return None


async def ignores_the_no(self: Fake) -> str | None:
    """Asks, is refused, and goes another way."""
    answer = await self.ask(DELETE)
    boto3.client("dynamodb").delete_table(TableName="costs")
    await self.say(f"Asked ({answer}), and cleaned up.")
    return None


async def asks_by_title(self: Fake) -> str | None:
    """Says the command in the title only, as Gemini CLI does."""
    answer = await self.ask(title=f"{WRITE} [current working directory {self.cwd}] (Write the missing row)")
    await self.say(aws(WRITE) if answer == "once" else answer)
    return None


async def asks_by_words(self: Fake) -> str | None:
    """Gives the words of a program, as Codex does."""
    answer = await self.ask(raw={"command": ["/bin/bash", "-lc", WRITE]})
    await self.say(aws(WRITE) if answer == "once" else answer)
    return None


async def asks_by_service(self: Fake) -> str | None:
    """Names service and operation, as Kiro's tool for AWS does."""
    parameters = {"table-name": "costs", "item": '{"id": {"S": "9"}}'}
    raw = {"service_name": "dynamodb", "operation_name": "put-item", "parameters": parameters, "label": "Write"}
    answer = await self.ask(raw=raw, title="Using tool: use_aws", kind="other")
    await self.say(aws(WRITE) if answer == "once" else answer)
    return None


async def offers_always_only(self: Fake) -> str | None:
    """Would never ask again."""
    look = await self.ask(LOOK, options=[("always", "allow_always"), ("no", "reject_once")])
    write = await self.ask(WRITE, options=[("always", "allow_always")], name="c-2")
    aws(LOOK)
    await self.say(f"{look} {write}")
    return None


async def asks_at_once(self: Fake) -> str | None:
    """Asks many things at the same time."""
    update = """aws dynamodb update-time-to-live --table-name costs --time-to-live-specification \
        '{"Enabled": true, "AttributeName": "until"}'"""
    change = "aws dynamodb update-table --table-name costs --billing-mode PAY_PER_REQUEST"
    lines = [WRITE, update, change, LOOK, DELETE]
    answers = await asyncio.gather(*(self.ask(one, name=f"c-{number}") for number, one in enumerate(lines)))
    for line, answer in zip(lines, answers, strict=True):
        if answer == "once":
            aws(line)
    await self.say(" ".join(answers))
    return None


async def asks_for_a_script(self: Fake) -> str | None:
    """Hides what it does in a file of the workspace."""
    with open("fix.py", "w") as file:
        file.write("import boto3\nboto3.client('dynamodb').put_item(TableName='costs', Item={'id': {'S': '9'}})\n")
    answer = await self.ask("python3 fix.py")
    await self.say(f"{answer} {subprocess.run([sys.executable, 'fix.py']).returncode if answer == 'once' else ''}")
    return None


async def destroys_off_the_wire(self: Fake) -> str | None:
    """Wants to take away what the environment is rebuilt from."""
    aws(LOOK)
    await self.say(await self.ask("terraform destroy -auto-approve"))
    return None


async def asks_in_words(self: Fake) -> str | None:
    """Asks at the end of a turn, and acts in the next."""
    aws(LOOK)
    if self.turn == 1:
        await self.say("Looking around.", "m-1")
        await self.tell("c-0", LOOK, "completed")
        await self.say("I found the cause. Shall I proceed with ", "m-2")
        await self.say("dynamodb:PutItem on the table costs?", "m-2")
    elif "approved" in self.told:
        aws(WRITE)
        await self.say("I wrote the row.")
    else:
        await self.say(f"Then I leave it: {self.told}")
    return None


async def never_stops_asking(self: Fake) -> str | None:
    """Asks the same again whatever it is told."""
    await self.say("Shall I proceed with dynamodb:PutItem on the table costs?")
    return None


async def aborts_when_refused(self: Fake) -> str | None:
    """Ends its turn when it is refused, as Codex does."""
    aws(LOOK)
    await self.ask(DELETE, options=[("approved", "allow_once"), ("abort", "reject_once")])
    return "cancelled"


async def runs_out_of_tokens(self: Fake) -> str | None:
    """Is stopped by its model."""
    aws(LOOK)
    return "max_tokens"


async def gives_up_by_itself(self: Fake) -> str | None:
    """Says it was cancelled, and nobody did."""
    return "cancelled"


async def asks_what_nobody_offers(self: Fake) -> str | None:
    """Wants the client's files and terminal, and a method that there is not."""
    aws(LOOK)
    said = []
    for method in ("fs/read_text_file", "terminal/create", "no/such/method"):
        try:
            await self.client._conn.send_request(method, {"sessionId": "s-1", "path": "/etc/passwd", "command": "ls"})
        except acp.RequestError as error:
            said.append(str(error.code))
    await self.client._conn.send_notification("no/such/notification", {})
    await self.say(" ".join(said))
    return None


async def prints_garbage(self: Fake) -> str | None:
    """Writes other things to its output too."""
    aws(LOOK)
    os.set_blocking(1, True)
    for line in (
        b"npm warn deprecated\n",
        b"null\n",
        b"[1, 2]\n",
        b'{"id": 1.5}\n',
        b"\xff\xfe\n",
        b"[" * 100000 + b"\n",
        b"\n",
    ):
        os.write(1, line)
    await self.say("Looked.")
    return None


async def sends_much(self: Fake) -> str | None:
    """Sends a message of 9 MB, and then one that never ends."""
    aws(LOOK)
    await self.say("x" * 9_000_000)
    if self.told.startswith("Have"):
        os.set_blocking(1, True)
        os.write(1, b'{"jsonrpc": "2.0", "method": "')
        for _ in range(18):
            os.write(1, b"x" * (1 << 20))
    return None


async def hangs(self: Fake) -> str | None:
    """Never ends its turn."""
    await asyncio.sleep(600)
    return None


async def asks_after_cancel(self: Fake) -> str | None:
    """Asks to delete when it is told to stop."""
    await asyncio.sleep(600)
    return None


async def crashes(self: Fake) -> str | None:
    """Breaks off."""
    aws(LOOK)
    print("Traceback: the model did not answer", file=sys.stderr, flush=True)
    os._exit(3)
    return None


async def leaves_without_a_word(self: Fake) -> str | None:
    """Ends as if all were well, and has answered nothing."""
    os._exit(0)
    return None


async def breaks(self: Fake) -> str | None:
    """Answers with an error."""
    raise acp.RequestError.internal_error({"details": "process exited with code 1"})


async def leaves_others_behind(self: Fake) -> str | None:
    """Starts what goes on after it."""
    aws(LOOK)
    subprocess.Popen(["sleep", "621"])
    subprocess.Popen(["setsid", "sleep", "622"])
    await self.say("All done.")
    return None


async def stays(self: Fake) -> str | None:
    """Does not end when its input ends."""
    aws(LOOK)
    await self.say("I am done.")
    threading.Thread(target=time.sleep, args=(600,)).start()
    return None


async def speaks_version_2(self: Fake) -> str | None:
    """Is never asked anything."""
    return None


async def wants_a_login(self: Fake) -> str | None:
    """Is never asked anything."""
    return None


async def tells_its_mode(self: Fake) -> str | None:
    """Says how its session was opened."""
    aws(LOOK)
    await self.say(f"mode {getattr(self, 'mode', 'its own')}, {' '.join(sys.argv[2:])}")
    return None


async def main() -> None:
    limit = 1 << 25
    reader, writer = await acp.stdio.stdio_streams(limit=limit)
    await acp.run_agent(cast("Any", Fake(globals()[sys.argv[1]])), writer, reader)


asyncio.run(main())
