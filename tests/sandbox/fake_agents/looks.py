"""A program that reads and reports."""

import pathlib
import subprocess
import sys

task = sys.argv[1] if sys.argv[1:] else sys.stdin.read()
if pathlib.Path(task).is_file():
    task = pathlib.Path(task).read_text()
done = subprocess.run(["aws", "sqs", "list-queues"], capture_output=True, text=True)
print("reading", file=sys.stderr)
print(f"Task: {task.strip()}\nFound {done.stdout.count('http')} queue.")
