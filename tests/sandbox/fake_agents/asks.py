"""A program that asks, waits, and does only what was allowed."""

import subprocess
import sys

task = sys.stdin.read()
looked = subprocess.run(["aws", "dynamodb", "describe-table", "--table-name", "costs"], capture_output=True)
asked = subprocess.run(
    ["request-approval", "--action", "dynamodb:PutItem", "--resource", "costs", "--reason", f"to do: {task.strip()}"],
    capture_output=True,
    text=True,
)
if asked.returncode == 0:
    item = '{"id": {"S": "9"}}'
    line = f"aws dynamodb put-item --table-name costs --item '{item}'"
    done = subprocess.run(["bash", "-lc", line])
    print(f"Looked ({looked.returncode}), asked, and wrote the row ({done.returncode}).")
else:
    print(f"Not allowed: {asked.stdout}{asked.stderr}")
