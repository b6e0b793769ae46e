"""What runs in front of the agent's programs, in a process of its own: it puts up the walls and starts them.

Nothing but the standard library, without site-packages: these files are copied into a folder of the trial and started
from there, so that no path of the harness can be seen from within.
"""
