"""The model side: a local server that stands in for a model, and says and does what a script tells it."""
