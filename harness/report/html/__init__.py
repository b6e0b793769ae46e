"""Trials and benchmarks as one HTML file each: opened from disk, without network, readable without JavaScript."""
