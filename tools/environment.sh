#!/bin/sh
# Makes a virtual environment, or finds that it is there already: tools/environment.sh FOLDER KIND
# KIND is dev, lowest, newest, conformance, frameworks, strands, inspect or cluster.
#
# FOLDER/askfirst.stamp names what the environment was made from. While that still holds, this ends in a few
# hundredths of a second. PYTHON=... picks the interpreter.
set -eu
umask 022

folder=$1
kind=$2
stamp="$folder/askfirst.stamp"
log="$folder.log"

# What the environment is made from: these files, this kind, this place (a virtual environment cannot be moved), this python.
wanted() {
    cat pyproject.toml constraints.txt tools/environment.sh tools/lowest.py | cksum
    printf '%s %s %s\n' "$kind" "$PWD/$folder" "${PYTHON:-}"
    "$folder/bin/python" -c 'import sys; print(sys.version, sys.base_prefix)'
}

if [ -f "$stamp" ] && [ "$(wanted 2>/dev/null || echo broken)" = "$(cat "$stamp")" ]; then
    exit 0
fi
rm -f "$stamp"

# A name on the PATH proves nothing: pyenv leaves python3.12 there though it cannot run, Debian a python3 without venv.
usable() {
    "$1" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

python=
for candidate in ${PYTHON:-python3.13 python3.12 python3.11 python3 python}; do
    if usable "$candidate"; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    echo "askfirst needs Python 3.11 or newer, with venv (Debian: apt install python3-venv)." >&2
    echo "Found none among: ${PYTHON:-python3.13 python3.12 python3.11 python3 python}. Name one: make PYTHON=/path/to/python3" >&2
    exit 1
fi

install() {
    set -e # the caller switched it off: within an `if` it would be ignored, and a failed step passed over
    # An environment of another interpreter, or a broken one, is made anew; else what is right in it is kept.
    base='import sys; print(sys.version, sys.base_prefix)'
    if [ "$("$folder/bin/python" -c "$base; import pip" 2>/dev/null)" != "$("$python" -c "$base")" ]; then
        "$python" -m venv --clear "$folder"
    fi
    pip="$folder/bin/python -m pip --disable-pip-version-check --no-input"
    case $kind in
    dev)
        $pip install --quiet --constraint constraints.txt pip setuptools
        $pip install --quiet --constraint constraints.txt --editable '.[acp,langchain,mcp,openai,otel,shell]' --group dev
        ;;
    conformance)
        $pip install --quiet --constraint constraints.txt pip setuptools
        $pip install --quiet --constraint constraints.txt --editable . --group conformance
        ;;
    frameworks)
        $pip install --quiet --upgrade pip
        $pip install --quiet --editable '.[acp,claude-agent-sdk,langgraph,mcp,openai-agents,pydantic-ai,shell]' pytest-xdist
        ;;
    strands)
        $pip install --quiet --upgrade pip
        $pip install --quiet --editable '.[strands]' pytest-xdist
        ;;
    inspect)
        $pip install --quiet --upgrade pip
        # In two steps: Inspect's S3 client pins an older botocore than ours. It reads logs from S3, which nothing here does.
        $pip install --quiet 'inspect-ai>=0.3.285'
        $pip install --quiet --editable '.[otel]' pytest-xdist
        ;;
    cluster)
        $pip install --quiet --upgrade pip
        $pip install --quiet --editable '.[ray]' pytest-xdist
        ;;
    newest)
        $pip install --quiet --upgrade pip setuptools
        $pip install --quiet --editable '.[acp,langchain,mcp,openai,otel,shell]' --group dev
        ;;
    lowest)
        "$folder/bin/python" tools/lowest.py >"$folder/lowest.txt"
        $pip install --quiet --constraint constraints.txt pip
        $pip install --quiet --requirement "$folder/lowest.txt" build pytest-xdist
        $pip install --quiet --no-build-isolation --editable '.[acp,langchain,mcp,openai,otel,shell]'
        $pip check
        ;;
    *)
        echo "$kind: say dev, lowest, newest, conformance, frameworks, strands, inspect or cluster"
        exit 2
        ;;
    esac
}

echo "Installing into $folder with $("$python" --version) (about a minute; log: $log) ..."
set +e
(install) >"$log" 2>&1
status=$?
set -e
if [ "$status" != 0 ]; then
    cat "$log" >&2
    echo "The installation failed; what it said stands above and in $log." >&2
    exit 1
fi
wanted >"$stamp"
