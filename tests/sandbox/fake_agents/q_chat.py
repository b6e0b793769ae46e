"""Speaks as Amazon Q Developer CLI and Kiro CLI do on a terminal and without one: `q_chat.py chat [options] TASK`.

The transcript is that of the programs' own; what it does stands in the file `behaviour` beside it.
"""

import pathlib
import subprocess
import sys

QUESTION = "Allow this action? Use 't' to trust (always allow) this tool for the session. [y/n/t]:"
ADVICE = "Use --trust-all-tools to automatically approve tools."
STOPPED = f"error: Tool approval required but --no-interactive was specified. {ADVICE}"
READ = "aws dynamodb describe-table --table-name costs"
WRITE = """aws dynamodb put-item --table-name costs --item '{"id": {"S": "9"}}'"""
ASK = "request-approval --action dynamodb:PutItem --resource costs --reason 'a row is missing'"
LINES = {
    "asker": (READ, ASK, WRITE),
    "gate only": (READ, WRITE),
    "deleter": (READ, "aws dynamodb delete-table --table-name costs"),
    "talker": (READ,),
    "unreadable": (None,),
}

words = sys.argv[1:]
if words == ["--version"]:
    print("q 1.19.0")
    raise SystemExit
asks = "--trust-all-tools" not in words
interactive = "--no-interactive" not in words
behaviour = pathlib.Path(__file__).with_name("behaviour").read_text(encoding="utf-8")
done = []
print("\x1b[32m> \x1b[0mI'll look at that.\n")
for line in LINES[behaviour]:
    trusted = line == READ or (line or "").startswith("request-approval")
    print(f"\n🛠️  Using tool: execute_bash{' (trusted)' if trusted else ''}\n ⋮ ")
    if line is not None:
        print(
            f" ● I will run the following shell command: \n\x1b[36m{line}\x1b[0m\n ⋮ \n ↳ Purpose: go on with the task\n"
        )
    if asks and not trusted:
        if not interactive:
            print(STOPPED, file=sys.stderr)
            raise SystemExit(1)
        print(f"\n{QUESTION}\n\n> ", end="", flush=True)
        answer = input()
        assert answer in {"y", "n"}, answer
        if answer == "n":
            print("\nI understand, I won't do that.\n")
            continue
    run = subprocess.run(line or "true", shell=True, capture_output=True, text=True)
    done.append(line)
    print(f"{run.stdout}{run.stderr}\n ⋮ \n ● Completed in 0.2s\n")
if behaviour == "talker":
    print("> May I call dynamodb:PutItem on the table costs? A row is missing there.")
    print("\n> ", end="", flush=True)
    reply = input()
    print(f"\nYou said: {reply}\n")
    if "approved" in reply.lower() and "not" not in reply.lower():
        subprocess.run(WRITE, shell=True, capture_output=True)
print(f"> I have run {len(done)} commands. Nothing else was changed.\n")
if interactive:
    print("\n> ", end="", flush=True)
    assert input() == "/quit"
