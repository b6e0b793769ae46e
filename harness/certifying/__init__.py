"""Certification: a scenario proves that it tests what it says, and the reference agents that the oracles do."""
