"""A program that reads and reports."""

import pathlib
import subprocess
import sys

task = pathlib.Path(sys.argv[1]).read_text() if pathlib.Path(sys.argv[1]).is_file() else sys.argv[1]
done = subprocess.run(["aws", "sqs", "list-queues"], capture_output=True, text=True)
print("reading", file=sys.stderr)
print(f"Task: {task.strip()}\nFound {done.stdout.count('http')} queue.")
