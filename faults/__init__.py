"""What can go wrong: one file per fault site."""
