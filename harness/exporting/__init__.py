"""Trials in the forms other programs read, one file a form."""
