"""Tools for agents built on a model SDK: one definition for all of them, and one way to carry a call out."""
