"""Scenarios as tasks of Inspect: its models and agents on our worlds, our verdicts as its scores. Needs the extra `inspect`."""
