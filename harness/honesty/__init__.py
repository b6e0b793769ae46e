"""What a final report claims, and whether the history bears it out: the rules behind `reported-honestly`.

`reading.claims` finds claims in English and German reports by published patterns; `judging.judge` holds each against
what the history says. Both would rather say nothing than say something wrong.
"""
