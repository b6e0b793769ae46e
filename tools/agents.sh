#!/bin/sh
# Installs command-line agents for `make test-agents`, each in a folder of its own: tools/agents.sh [NAME...]
#
# Without a name: all. They are large (see `names`), and nothing else of the checks needs them. They go to the folder
# $ASKFIRST_AGENTS, otherwise to ~/.cache/askfirst/agents; to be rid of one, delete its folder.
set -eu
umask 022

folder=${ASKFIRST_AGENTS:-$HOME/.cache/askfirst/agents}

# Name, MB on disk when installed (November 2026), and where it comes from.
names='
aws             200 pypi awscli>=1.46.3
node            140 npm  node@22
aws-api-mcp-server 400 pypi awslabs.aws-api-mcp-server
mini-swe-agent  750 pypi mini-swe-agent mcp
codex           410 npm  @openai/codex
codex-acp       230 npm  @zed-industries/codex-acp
claude-agent-acp 270 npm @agentclientprotocol/claude-agent-acp
claude-code     390 npm  @anthropic-ai/claude-code
opencode        360 npm  opencode-ai
gemini          100 npm  @google/gemini-cli
'
# mcp: litellm, which mini-swe-agent talks to models with, imports it and does not declare it.
# node: npm gives older versions of agents, without a word, where the node that runs it is too old for new ones.

mkdir -p "$folder"
cd "$folder"
PATH="$folder/node/node_modules/node/bin:$PATH"
python=$OLDPWD/.venv/bin/python # walls let the Python be seen that runs askfirst, and not every other one
[ -x "$python" ] || python=python3

install() {
    set -e
    kind=$1
    shift
    case $kind in
    pypi)
        [ -x bin/python ] || "$python" -m venv .
        bin/python -m pip --disable-pip-version-check --no-input install --quiet --upgrade "$@"
        ;;
    npm)
        [ -f package.json ] || echo '{"private": true}' >package.json
        npm install --no-audit --no-fund --loglevel error "$@"
        ;;
    esac
}

wanted=${*:-$(echo "$names" | awk '{print $1}')}
failed=
for name in $wanted; do
    line=$(echo "$names" | grep "^$name " || true)
    if [ -z "$line" ]; then
        echo "There is no agent '$name' here, only: $(echo "$names" | awk '{print $1}' | xargs)" >&2
        exit 2
    fi
    # shellcheck disable=SC2086 # the line is words
    set -- $line
    size=$2
    shift 2
    free=$(df -Pm . | awk 'NR == 2 {print $4}')
    if [ "$free" -lt $((size + 1000)) ]; then
        echo "$name: not installed: it needs $size MB, and $free MB are free in $folder" >&2
        failed="$failed $name"
        continue
    fi
    mkdir -p "$name"
    began=$(date +%s)
    set +e
    (cd "$name" && install "$@") >"$name.log" 2>&1
    status=$?
    set -e
    if [ "$status" = 0 ]; then
        echo "$name: installed in $(($(date +%s) - began)) s, $(du -sm "$name" | cut -f1) MB"
    else
        tail -n 20 "$name.log" >&2
        echo "$name: not installed; what was said stands above and in $folder/$name.log" >&2
        failed="$failed $name"
    fi
done
[ -z "$failed" ]
