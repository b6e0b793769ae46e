"""Runs a trial and judges it."""
