"""What chat front ends ask beside the questions: a title, tags, follow-ups, searches – always about a conversation.

Open WebUI sends them to the same model as one user message that begins with ``### Task:``. They are answered out of the
conversation's own words, and never asked of the documents, which know nothing of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from api.doors.openai.messages import Conversation
from api.messages import UiLang, say
from corpus import language
from qa.followup import read

_TASK = re.compile(r"\s*### Task:")
_HISTORY = re.compile(r"<chat_history>(.*?)</chat_history>", re.DOTALL)
_SPEAKER = re.compile(
    r"^(USER|ASSISTANT|SYSTEM|TOOL|DEVELOPER):[ \t]?", re.MULTILINE | re.IGNORECASE
)
_WANTED = re.compile(r'\{\s*"(title|tags|follow_ups|queries|text)"\s*:')
_CONTEXT = re.compile(r".*</context>", re.DOTALL)
_ASKED = re.compile(r"<user_query>(.*?)</user_query>", re.DOTALL)
# Titles of documents, as an answer names them: «Título, p. 3», “Title”
_NAMED = re.compile(r"(?:Según|According to|en|in) [«“]([^»”\n]{3,80}?)(?:, p\. \d+)?[»”]:")

MAX_TITLE = 60
MAX_TAGS = 3
MAX_FOLLOW_UPS = 3


class Chat(NamedTuple):
    """The conversation that a task is about."""

    questions: tuple[str, ...]
    answers: tuple[str, ...]

    @property
    def lang(self) -> UiLang:
        """The language of its last question."""
        return "en" if self.questions and read(self.questions[-1], ()).lang == "en" else "es"


def answer_task(conversation: Conversation) -> str | None:
    """What a task asks for, as the JSON that it asks for; None for a question."""
    text = conversation.question
    if not _TASK.match(text):
        return None
    wanted = _WANTED.search(text)
    if wanted is None:
        # "Answer with the help of this context" begins in the same way, and is a question
        return None if question_in(text) else json.dumps({})
    chat = _chat(text, conversation)
    return json.dumps({wanted[1]: _ANSWERS[wanted[1]](chat)}, ensure_ascii=False)


def question_in(text: str) -> str:
    """The question that a front end has put behind instructions and passages of its own; empty where there is none."""
    if not _TASK.match(text):
        return ""
    named = _ASKED.search(text)
    if named:
        return named[1].strip()
    return _CONTEXT.sub("", text).strip() if _CONTEXT.match(text) else ""


def _chat(text: str, conversation: Conversation) -> Chat:
    """The conversation inside the task, else the messages before it."""
    history = _HISTORY.search(text)
    said: Sequence[tuple[str, str]] = conversation.said[:-1]
    if history:
        parts = _SPEAKER.split(history[1])[1:]
        said = [
            (who.lower(), what.strip()) for who, what in zip(parts[::2], parts[1::2], strict=True)
        ]
    return Chat(
        tuple(what for who, what in said if who == "user" and what),
        tuple(what for who, what in said if who == "assistant" and what),
    )


def _title(chat: Chat) -> str:
    """The first question without its marks, cut at a word."""
    text = " ".join(chat.questions[0].split()).strip("¿?¡!.,:; ") if chat.questions else ""
    if len(text) > MAX_TITLE:
        text = f"{text[: MAX_TITLE - 1].rsplit(' ', 1)[0].rstrip(',.;:')}…"
    return text[:1].upper() + text[1:] or say(chat.lang, "openai.untitled")


def _tags(chat: Chat) -> list[str]:
    """The words that questions are about, as they were written; names and long words say most."""
    found: dict[str, str] = {}
    for question in chat.questions:
        lang, _ = language.detect(question)
        for _, start, end in language.term_spans(question, lang):
            word = question[start:end]
            found.setdefault(language.fold(word), word)
    places = list(found)
    best = sorted(places, key=lambda w: (not found[w][0].isupper(), -len(w), places.index(w)))
    chosen = sorted(best[:MAX_TAGS], key=places.index)
    return [found[w][:1].upper() + found[w][1:] for w in chosen] or [
        say(chat.lang, "openai.general")
    ]


def _follow_ups(chat: Chat) -> list[str]:
    """More about what was asked, and about the documents that the last answer named."""
    topics = [read(question, ()).topic for question in reversed(chat.questions)]
    named = _NAMED.findall(chat.answers[-1]) if chat.answers else []
    asked = [say(chat.lang, "openai.more_about", topic=topic) for topic in topics if topic]
    asked += [say(chat.lang, "openai.more_in", title=title) for title in named]
    # Spanish runs the two words together
    smooth = [re.sub(r"\b(de|a) el (?=[a-zñáéíóú])", r"\1l ", one) for one in asked]
    return list(dict.fromkeys(smooth))[:MAX_FOLLOW_UPS]


def _queries(chat: Chat) -> list[str]:
    return list(chat.questions[-1:])


def _text(chat: Chat) -> str:
    """What somebody may be about to type: that is nobody's to know."""
    return ""


_ANSWERS: Mapping[str, Callable[[Chat], object]] = {
    "title": _title,
    "tags": _tags,
    "follow_ups": _follow_ups,
    "queries": _queries,
    "text": _text,
}
