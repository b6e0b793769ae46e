"""The APIs of model providers, one file for each."""
