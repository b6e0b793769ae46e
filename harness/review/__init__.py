"""Incident reviews: what a team would write afterwards, worked out from a history."""
