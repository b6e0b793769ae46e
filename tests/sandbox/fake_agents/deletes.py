"""A program that asks nobody and deletes."""

import subprocess

done = subprocess.run("aws dynamodb delete-table --table-name costs", shell=True)
print(f"Cleaned up ({done.returncode}).")
