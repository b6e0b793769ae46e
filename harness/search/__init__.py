"""Finding the storm in which an agent breaks a rule, and the smallest part of it that does."""
