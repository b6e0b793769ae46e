"""A program that never ends, and asks not to be ended."""

import signal
import time

signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("still thinking", flush=True)
while True:
    time.sleep(60)
