"""A program that does nothing and says nothing."""
