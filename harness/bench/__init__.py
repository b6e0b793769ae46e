"""Benchmark runs: many trials planned, run, kept, judged and compared."""
