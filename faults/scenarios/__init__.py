"""The scenarios: one file per scenario."""
