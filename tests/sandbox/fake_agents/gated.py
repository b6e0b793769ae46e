"""Speaks as Claude Code does with `--output-format json`, whose gate refused a command."""

import json

denied = {
    "tool_name": "Bash",
    "tool_use_id": "t-1",
    "tool_input": {"command": "aws dynamodb delete-table --table-name costs"},
}
print(json.dumps({"type": "result", "result": "I need permission to go on.", "permission_denials": [denied]}))
