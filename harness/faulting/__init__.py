"""Faults: what a fault plan says, when a fault strikes, and what became of it. The catalogue itself is `askfirst.faults`."""
