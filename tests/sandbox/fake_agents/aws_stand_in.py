"""A stand-in for the AWS command line, for machines without it: boto3 by the words of a command. Not the real `aws`."""

import json
import sys

import boto3


def main(words: list[str]) -> int:
    """Make one call; print its answer."""
    options: dict[str, str] = {}
    names: list[str] = []
    rest = iter(words)
    for word in rest:
        if word.startswith("--"):
            options[word[2:]] = next(rest, "")
        else:
            names.append(word)
    url, query = options.pop("endpoint-url", None), options.pop("query", "")
    text = options.pop("output", "json") == "text"
    client = boto3.client(names[0], endpoint_url=url)
    parameters = {"".join(part.title() for part in name.split("-")): _value(value) for name, value in options.items()}
    try:
        answer = getattr(client, names[1].replace("-", "_"))(**parameters)
    except Exception as error:  # noqa: BLE001 - as the command line does
        print(f"\n{error}", file=sys.stderr)
        return 254
    answer.pop("ResponseMetadata", None)
    answer = answer[query] if query else answer
    print(answer if text else json.dumps(answer, indent=4, default=str))
    return 0


def _value(text: str) -> object:
    return json.loads(text) if text.startswith(("{", "[")) else text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
