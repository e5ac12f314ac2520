"""A conversation as OpenAI's clients send it: which question it ends in, and what was asked before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

from pydantic import ConfigDict, Field

from api.doors.openai.errors import OpenAIError
from api.native.schemas import MAX_PREVIOUS, Exact, Text
from qa.engine import Query
from qa.followup import Previous

Role = Literal["system", "developer", "user", "assistant", "tool", "function"]
_TEXT_PARTS = ("text", "input_text", "output_text", "refusal")


class Part(Exact):
    """A part of a message; fields that are not ours are let pass."""

    model_config = ConfigDict(extra="allow")

    type: str
    text: Text | None = None


class Message(Exact):
    """A message; fields that are not ours are let pass."""

    model_config = ConfigDict(extra="allow")

    role: Role
    content: Text | list[Part] | None = None

    @property
    def text(self) -> str:
        """Its words; those of its parts, one a line."""
        if self.content is None or isinstance(self.content, str):
            return self.content or ""
        return "\n".join(part.text for part in self.content if part.text is not None)


class Turn(Exact):
    """Fields that both ways to ask share; those that a quoting engine has no use for are let pass."""

    model_config = ConfigDict(extra="ignore")

    model: Text
    stream: bool | None = False
    n: int | None = Field(default=None, ge=1)
    tool_choice: str | dict[str, Any] | None = None


class Conversation(NamedTuple):
    """The question, and the messages of users before it, oldest first; ``said``, all that user and assistant said."""

    question: str
    previous: tuple[str, ...]
    said: tuple[tuple[Literal["user", "assistant"], str], ...]

    @property
    def query(self) -> Query:
        """As it is asked."""
        return Query(self.question, None, tuple(map(Previous, self.previous)))


def conversation_of(messages: Sequence[Message], param: str) -> Conversation:
    """The conversation in messages; ``param`` is the field of the request that they stand in.

    :raises OpenAIError: when no user says anything, or in a way that cannot be read.
    """
    asked = [message for message in messages if message.role == "user"]
    if not asked:
        raise OpenAIError("invalid_value", "no_question", param=param)
    last = asked[-1]
    if not isinstance(last.content, str):
        for part in last.content or ():
            if part.type not in _TEXT_PARTS:
                raise OpenAIError(
                    "unsupported_content", "part", {"type": part.type[:50]}, param=param
                )
    if not last.text.strip():
        raise OpenAIError("invalid_value", "empty_question", param=param)
    before = [message.text.strip() for message in asked[:-1]]
    return Conversation(
        last.text.strip(),
        tuple(text for text in before if text)[-MAX_PREVIOUS:],
        tuple((m.role, m.text) for m in messages if m.role == "user" or m.role == "assistant"),
    )


def check_format(wanted: object, param: str) -> None:
    """Nothing, when an answer in words is what is asked for; ``param`` is the field of the request that says it.

    :raises OpenAIError: when a client would read the answer as JSON.
    """
    kind = wanted.get("type") if isinstance(wanted, dict) else wanted
    if kind not in (None, "text"):
        raise OpenAIError("unsupported_value", "no_json", {"type": str(kind)[:50]}, param=param)


def check_turn(turn: Turn) -> None:
    """Nothing, when what is asked for can be given.

    :raises OpenAIError: when a client would wait for something that never comes.
    """
    if turn.n is not None and turn.n > 1:
        raise OpenAIError("unsupported_value", "one_choice", {"n": turn.n}, param="n")
    # Tools that may be called are let pass: they come with every question of some clients
    if turn.tool_choice not in (None, "auto", "none"):
        raise OpenAIError("unsupported_value", "no_tools", param="tool_choice")
