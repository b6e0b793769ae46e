"""What would have stopped it: the same trial again, with one safeguard on."""
