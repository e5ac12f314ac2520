"""Questions and their answers: which leaves ask, and up to where each is answered."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from itertools import pairwise
from typing import Final

from corpus.blocks.leaf import ROWS, Leaf, indent
from corpus.blocks.lines import leaf_of_line
from corpus.blocks.signs import ANSWERED, ASKED, MAX_CAPTION_CHARS, greets, is_closed
from corpus.document import Span
from corpus.language import sentences
from corpus.ticks import answer_end, begins_with_tick

# "5. ¿Hay ducha? Sí, de agua fría.": up to here a numbered item asks.
_ITEM_ASKS = re.compile(
    r"(?:\(?\d{1,3}(?:\.-|[.)º])-?\s+)(?:¿[^?\n]{6,250}|[A-ZÁÉÍÓÚÑ][^?.!\n¿]{6,250})\?(?=\s|\Z)"
)
_LEAST_ASKED: Final = 3

# Over questions of which only some are answered
_ASKED_OFTEN = re.compile(
    r"\W*(?:[^\W\d_]+ ){0,3}(?:preguntas(?: m[aá]s)? frecuentes|dudas frecuentes|preguntas y respuestas|frequently asked questions|questions and answers"
    r"|faqs?|q ?& ?a)\b[^\n.?]{0,40}",
    re.IGNORECASE,
)


def with_asked_items(text: str, leaves: Sequence[Leaf]) -> list[Leaf]:
    """The leaves, with questions in the place of numbered items that ask, and what they say beside as leaves of its own: where most that
    is numbered asks, and most that asks is answered, or some of it below "Preguntas frecuentes"."""
    asked: dict[int, int] = {}
    for n, leaf in enumerate(leaves):
        numbered = leaf.kind in ("item", "question")
        asks = _ITEM_ASKS.match(text, leaf.start, leaf.end) if numbered else None
        if asks is not None and not answer_end(text, asks.end(), leaf.end):
            asked[n] = asks.end()
    n_numbered = sum(
        leaf.kind in ("item", "question") and text[leaf.start].isdigit() for leaf in leaves
    )
    after = [leaves[n + 1].kind if n + 1 < len(leaves) else "heading" for n in asked]
    n_answered = sum(
        stop < leaves[n].end or kind not in ("item", "heading", "question")
        for (n, stop), kind in zip(asked.items(), after, strict=True)
    )
    if len(asked) < _LEAST_ASKED or 2 * len(asked) <= n_numbered or not n_answered:
        return list(leaves)
    if 2 * n_answered <= len(asked) and not any(
        _ASKED_OFTEN.fullmatch(text, one.start, one.end) for one in leaves[: min(asked)]
    ):
        return list(leaves)
    found: list[Leaf] = []
    for n, leaf in enumerate(leaves):
        if n not in asked:
            found.append(leaf)
            continue
        found.append(Leaf("question", leaf.start, asked[n], sure=True))
        rest = asked[n] + indent(text, asked[n], leaf.end)
        if rest < leaf.end:
            label = leaf_of_line(text[rest : leaf.end], rest, leaf.end, True, True)
            is_label = label is not None and label.kind == "label"
            found.append(label if label and is_label else Leaf("paragraph", rest, leaf.end))
    return found


def unmark_questions(text: str, leaves: list[Leaf]) -> None:
    """Makes paragraphs and items of what looks like a question and is none."""
    _unmark_unanswered(text, leaves)
    _list_questions(text, leaves)
    _unmark_asides(text, leaves)


# Under a question over several lines its answer is this near.
_MAX_ASKING_LINES: Final = 3


def _unmark_unanswered(text: str, leaves: list[Leaf]) -> None:
    """Makes paragraphs of lines that begin with "P." or "Q." and do not ask: no answer is marked below, or they are counted on from "O."."""
    for n, leaf in enumerate(leaves):
        if leaf.kind != "question":
            continue
        line = text[leaf.start : leaf.end]
        if line[:1] not in "PQ" or "?" in line or not ASKED.match(line):
            continue
        below = leaves[n + 1 : n + 1 + _MAX_ASKING_LINES]
        stop = next((i for i, one in enumerate(below) if one.kind in _ENDS_ANSWER), len(below))
        is_answered = any(one.kind == "answer" for one in below[:stop])
        last = chr(ord(line[0]) - 1)
        is_counted = n > 0 and text.startswith((f"{last}.", f"{last})"), leaves[n - 1].start)
        if is_counted or not is_answered:
            leaves[n] = Leaf("paragraph", leaf.start, leaf.end)


_OWN_NUMBER = re.compile(r"(\d{1,3})[.)]-?(?=[ \t])")


def _list_questions(text: str, leaves: list[Leaf]) -> None:
    """Makes an item of a numbered question that the very next item counts on from: "2. ¿Qué es un mapa?" among the points of a programme."""
    for n in range(len(leaves) - 2, -1, -1):
        leaf, after = leaves[n], leaves[n + 1]
        own = _OWN_NUMBER.match(text, leaf.start, leaf.end) if leaf.kind == "question" else None
        below = _OWN_NUMBER.match(text, after.start, after.end) if after.kind == "item" else None
        if own is not None and below is not None and int(below[1]) == int(own[1]) + 1:
            leaves[n] = Leaf("item", leaf.start, leaf.end, after.level, (own.span(),))


def _unmark_asides(text: str, leaves: list[Leaf]) -> None:
    """Makes paragraphs of what its writer asks in passing: of a question behind a statement, and of any in a letter, unless it is one of
    several that are answered below; in a letter these ask and do nothing else."""
    for stretch, is_letter in _letters(text, leaves):
        asking = [n for n in stretch if leaves[n].kind == "question" and not leaves[n].sure]
        behind = {n for n in asking if _states_first(text[leaves[n].start : leaves[n].end])}
        answered = [
            n
            for n in asking
            if not (is_letter and n in behind)
            and n + 1 in stretch
            and leaves[n + 1].kind not in _ENDS_ANSWER
        ]
        if len(answered) < _LEAST_ASKED:
            for n in asking if is_letter else behind:
                leaves[n] = Leaf("paragraph", leaves[n].start, leaves[n].end)


def _letters(text: str, leaves: Sequence[Leaf]) -> Iterator[tuple[range, bool]]:
    """A text in stretches, with whether each is of a letter: from the head of a mail or the words over a letter to the next heading."""
    start, is_letter = 0, False
    for n, leaf in enumerate(leaves):
        ends = leaf.kind == "heading"
        begins = _opens_letter(text, leaf)
        if (ends and is_letter) or (begins and not is_letter):
            yield range(start, n), is_letter
            start, is_letter = n, begins
    yield range(start, len(leaves)), is_letter


def _opens_letter(text: str, leaf: Leaf) -> bool:
    first = text[leaf.start : leaf.end].split("\n", 1)[0].strip()
    if leaf.kind == "label":
        return _MAIL_HEAD.match(text, leaf.start) is not None
    return leaf.kind == "paragraph" and greets(first)


# What stands over a mail, in whichever program it was copied
_MAIL_HEAD: Final = re.compile(
    r"(?:From|De): [^\n]*\n(?:To|Para|Cc|CC|Date|Fecha|Sent|Enviado|Subject|Asunto): "
)


def _states_first(paragraph: str) -> bool:
    """Whether a paragraph that asks says something before it does."""
    first, *others = sentences(paragraph)
    said = paragraph[slice(*first)].rstrip()
    return bool(others) and said[-1] in ".!…" and len(said.split()) > 1


_QUOTED: Final = re.compile("^>", re.MULTILINE)
# An answer without an end of its own, such as a heading or the next question, has at most so many parts.
_MAX_ANSWER_PARTS: Final = 8
_ENDS_ANSWER: Final = ("heading", "question", "contents")


def pairs_of(text: str, leaves: Sequence[Leaf], apart: Container[int]) -> Iterator[Span]:
    """Ranges of leaves that are a question and its answer, which ends where something begins that stands ``apart``."""
    n_bare = sum(leaf.kind == "question" and not leaf.sure for leaf in leaves)
    topics = _topics(text, leaves)
    at = 0
    while at < len(leaves):
        leaf = leaves[at]
        end = at + 1
        if leaf.kind == "question" or (leaf.kind == "heading" and text[leaf.end - 1] == "?"):
            most = len(leaves)
            if not leaf.sure and leaf.kind == "question":
                # One question in a text is a figure of speech as often as not; then only what follows is its answer
                most = _MAX_ANSWER_PARTS if n_bare > 1 else 1
            n_parts = 0
            while (
                end < len(leaves)
                and leaves[end].kind not in _ENDS_ANSWER
                and leaves[end].start not in apart
                and end not in topics
                and not _quotes(text, leaves, end)
            ):
                # A table is one, however many rows it has, and a list
                before, here = leaves[end - 1], leaves[end]
                within = here.kind == "row" and before.kind in ROWS
                n_parts += not (within or (end - 1 > at and before.listed and here.listed))
                if n_parts > most:
                    break
                end += 1
            if end - at > 1 and n_bare <= 1 and leaf.kind == "question" and not leaf.sure:
                while end < len(leaves) and leaves[end].kind == "item":
                    end += 1
        # "☐ Sí" and "☒ No" answer together
        while end - at > 1 and end < len(leaves) and _is_ticked_choice(text, leaves, end):
            end += 1
        # What is said of a picture below the answer is no part of it
        while end - at > 2 and leaves[end - 1].kind == "caption":
            end -= 1
        if end - at > 1:
            yield at, end
        at = end


def _is_ticked_choice(text: str, leaves: Sequence[Leaf], number: int) -> bool:
    """Whether a leaf is one more box, with what it stands for, below another."""
    return leaves[number].kind not in _ENDS_ANSWER and all(
        begins_with_tick(text[leaf.start : leaf.end]) for leaf in leaves[number - 1 : number + 1]
    )


def _quotes(text: str, leaves: Sequence[Leaf], number: int) -> bool:
    """Whether a leaf is what a mail quotes, "> …", or says whose words those below it are: it answers nothing that its writer asks."""
    leaf = leaves[number]
    after = text[leaves[number + 1].start] if number + 1 < len(leaves) else ""
    return _QUOTED.search(text, leaf.start, leaf.end) is not None or (
        text[leaf.end - 1] == ":" and after == ">"
    )


def _topics(text: str, leaves: Sequence[Leaf]) -> frozenset[int]:
    """The paragraphs that stand as questions do in a text whose questions each stand over items: a few words, "Quejas", over items of their own."""
    over_item = [
        n for n, (leaf, after) in enumerate(pairwise(leaves)) if after.kind == "item" != leaf.kind
    ]
    asking = [n for n in over_item if leaves[n].kind == "question" and not leaves[n].sure]
    if len(asking) < _LEAST_ASKED or len(asking) <= len(over_item) // 3:
        return frozenset()
    return frozenset(
        n
        for n in over_item
        if leaves[n].kind == "paragraph"
        and leaves[n - 1].kind == "item"
        and leaves[n].end - leaves[n].start <= MAX_CAPTION_CHARS
        and text[leaves[n].start].isupper()
        and not is_closed(_without_stop(text[leaves[n].start : leaves[n].end]))
    )


def _without_stop(line: str) -> str:
    """A line of one sentence without its full stop."""
    return line[:-1] if line[-1] == "." and line[-2:-1].isalpha() and ". " not in line else line


def said_from(text: str, question: Leaf, answer: Leaf) -> int:
    """Where an answer begins behind its mark, "A:" or "R."; a lone "A." may be a name's."""
    mark = ANSWERED.match(text, answer.start, answer.end) if answer.kind == "answer" else None
    if mark is None or not (":" in mark[0] or ASKED.match(text, question.start, question.end)):
        return answer.start
    return mark.end() - 1
