#!/bin/sh
# Runs a check and prints one line when it holds, its whole output when it does not: tools/quiet.sh LABEL COMMAND...
label=$1
shift
start=$(date +%s)
if output=$("$@" 2>&1); then
    printf '%-14s ok (%s s)\n' "$label" "$(($(date +%s) - start))"
else
    status=$?
    printf '%-14s FAILED: %s\n%s\n' "$label" "$*" "$output"
    exit "$status"
fi
