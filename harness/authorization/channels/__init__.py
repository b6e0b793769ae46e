"""The ways in which an agent can ask for authorization; all of them land at the same desk."""
