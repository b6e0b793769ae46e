"""Workspace, environment, walls and process groups for agents that are programs."""
