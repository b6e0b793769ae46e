"""Recorded model conversations, shipped as data."""
