"""What chat front ends ask beside the questions: a title, tags, follow-ups, searches – always about a conversation.

Open WebUI sends them to the same model as one user message that begins with ``### Task:``. They are answered out of the
conversation's own words, and never asked of the documents, which know nothing of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from api.doors.openai.messages import Conversation
from api.messages import UiLang, say
from corpus import language
from qa.compose.extractive import decline
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

# Where the subject of an English question stands before its verb, as in "Where were the tunnels dug from?"
_VERB_LAST = re.compile(
    r"\b(?:do|does|did|can|could|will|would|shall|should|may|might|must|has|have|had)\b"
    r"|\b(?:where|when|why|how)\b(?: \w+)? (?:was|were)\b",
    re.IGNORECASE,
)

MAX_TITLE = 60
MAX_TAGS = 3
MAX_FOLLOW_UPS = 3


class Chat(NamedTuple):
    """The conversation that a task is about: who said what, in order."""

    said: Sequence[tuple[str, str]]

    @property
    def questions(self) -> list[str]:
        """What the user said."""
        return [what for who, what in self.said if who == "user" and what]

    @property
    def answers(self) -> list[str]:
        """What was answered."""
        return [what for who, what in self.said if who == "assistant" and what]

    @property
    def answered(self) -> list[str]:
        """The questions that an answer came to; the last one also where none stands there yet."""
        declined = (decline("es"), decline("en"))
        following = [*self.said[1:], ("assistant", "")]
        return [
            what
            for (who, what), (after, text) in zip(self.said, following, strict=False)
            if who == "user" and what and after == "assistant" and not text.startswith(declined)
        ]

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
    return Chat(said)


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
    topics = map(_subject, reversed(chat.answered))
    named = _NAMED.findall(chat.answers[-1]) if chat.answers else []
    asked = [say(chat.lang, "openai.more_about", topic=topic) for topic in topics if topic]
    asked += [say(chat.lang, "openai.more_in", title=title) for title in named]
    # Spanish runs the two words together
    smooth = [re.sub(r"\b(de|a) el (?=[a-zñáéíóú])", r"\1l ", one) for one in asked]
    return list(dict.fromkeys(smooth))[:MAX_FOLLOW_UPS]


def _subject(question: str) -> str:
    """What a question is about, as a noun that another sentence can take; empty where none is sure."""
    reading = read(question, ())
    # A topic in two parts has its verb between them
    words = reading.topic.partition(",")[0].split()
    pack = language.PACKS.get(reading.lang)
    if not words or pack is None:
        return ""
    roles = [pack.roles.get(language.fold(word)) for word in words]
    is_noun = roles[0] in ("article", "possessive")
    if not is_noun and not (words[0][0].isupper() and len(words) < len(question.split())):
        return ""
    if reading.lang == "en" and _VERB_LAST.search(question):
        # The topic goes on to the verb, unless that was known for one and is not there any more
        *before, last = (w.strip("?!.,") for w in question.split())
        stranded = pack.roles.get(last.lower()) == "preposition" and before
        if words[-1] == (before[-1] if stranded else last) and not words[-1][0].isupper():
            words = words[:-1]
        if any(b == "article" and a is None for a, b in pairwise(roles)):
            # "the bank sell the house"
            return ""
    return " ".join(words) if len(words) > 1 or not is_noun else ""


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
