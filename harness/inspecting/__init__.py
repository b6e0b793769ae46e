"""Scenarios as tasks of Inspect: its models and agents work in our worlds, and get our verdicts as scores."""
