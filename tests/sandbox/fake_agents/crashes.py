"""A program that breaks off."""

import sys

print("I will have a look at")
sys.exit("Traceback: the model did not answer")
