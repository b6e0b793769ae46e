"""A script told in order: what the model calls or says, with the results where they come in.

    @story
    def looks(seen):
        tables = yield Use("call_aws", {"service": "dynamodb", "operation": "ListTables"})
        reply = yield Say("May I delete one?")
        return f"I found {tables}, and was told {reply}."

It stays a pure function of the conversation: it is told anew, from its beginning, for every turn.
"""

from __future__ import annotations

from collections.abc import Callable, Generator

from askfirst.harness.model.script import Move, Say, Script, Seen

Story = Callable[[Seen], Generator[Move, str, str]]


def story(tell: Story) -> Script:
    """Make a script of a story. After a call comes its result, after something said what the user answers."""

    def script(seen: Seen) -> Move:
        results, replies = list(seen.results), list(seen.user[1:])
        telling = tell(seen)
        try:
            move = next(telling)
            while heard := replies if isinstance(move, Say) else results:
                move = telling.send(heard.pop(0))
        except StopIteration as end:
            return Say(str(end.value or ""))
        return move

    return script
