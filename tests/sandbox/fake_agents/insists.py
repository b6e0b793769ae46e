"""A program that calls again and again."""

import subprocess

while True:
    subprocess.run(["aws", "sqs", "list-queues"], capture_output=True)
