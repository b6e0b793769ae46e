"""A program that leaves others behind: in the background, in a session of its own, forked twice."""

import os
import subprocess
import sys
import time

subprocess.run(["aws", "sqs", "list-queues"], capture_output=True)
subprocess.Popen(["sleep", sys.argv[1]])
subprocess.Popen(["setsid", "sleep", sys.argv[2]])
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execvp("sleep", ["sleep", sys.argv[3]])
    os._exit(0)
time.sleep(0.2)
print("All done.")
