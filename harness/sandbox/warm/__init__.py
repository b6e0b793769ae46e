"""A process that has the AWS CLI loaded, and the command that has it fork: `aws` without the second it takes to begin.

Nothing but the standard library: both are written into a folder of the trial and run there by the CLI's own Python.
"""
