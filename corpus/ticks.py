"""What forms ask and how it is ticked: "Does anyone smoke? Yes [ ] No [X]", "¿Sabe nadar? ☒ Sí ☐ No", "Fotos: Sí __ No _X_".

A question or a label and its ticks are one: by themselves the ticks answer whatever stands next to them.
"""

from __future__ import annotations

import re
from typing import Final

_TICK: Final = (
    r"(?:\[ {0,3}[xX✓✔✗✘]? {0,3}\]|(?<![^\s:?])\( {0,3}(?:[xX✓✔✗✘]| ) {0,3}\)|[☐☑☒✓✔✗✘⬜🗷🗹]\ufe0f?"
    r"|(?<!\w)_{1,3} ?[xX] ?_{1,3}(?!\w)|(?<!\w)__{1,5}(?!\w))"
)
_A_TICK = re.compile(_TICK)
_YES_NO: Final = rf"(?:(?:S[IÍií]|Y(?i:es)):?[ \t]*{_TICK}[ \t]*NO?(?i:o)?\b|{_TICK}[ \t]*(?:S[IÍií]|Y(?i:es))\b)"
# A few words at most stand before the first box.
_CHOICES: Final = rf"(?:[^\s?¿:]{{1,20}}:?[ \t]+){{0,4}}{_TICK}"
_ASKED: Final = rf"(?:(?!{_TICK})[^?¿\n]){{2,200}}\?"
_NAMED: Final = rf"(?:(?!{_TICK})[^?¿:\n|]){{1,80}}:"
_UNIT = re.compile(
    rf"(?:\(?\d{{1,3}}[.)]-?[ \t]+)?(?:(?P<name>(?:¿|(?=[A-ZÁÉÍÓÚÑ])){_ASKED}|(?=[A-ZÁÉÍÓÚÑ]){_NAMED})[ \t:]*(?P<ticks>{_CHOICES})"
    rf"|(?P<bare>(?=[A-ZÁÉÍÓÚÑ])(?:(?!{_TICK})[^?¿:\n|.]){{3,80}}?)[ \t]+(?P<yes>{_YES_NO}))"
)
_TICKED = re.compile(rf"[ \t:]*{_CHOICES}")
_LAST_WORDS: Final = 3
_MAX_LINE_CHARS: Final = 500

# Where it begins, where its name ends, where its ticks begin and where they end
Unit = tuple[int, int, int, int]


def units_of(text: str, start: int, end: int) -> list[Unit]:
    """The questions and labels of a line that are ticked in it, one behind the other."""
    if end - start > _MAX_LINE_CHARS or _A_TICK.search(text, start, end) is None:
        return []
    found: list[Unit] = []
    unit = _at_either(text, start, end)
    while unit is not None:
        name, ticks = ("name", "ticks") if unit["name"] else ("bare", "yes")
        after = _behind_ticks(text, unit.start(ticks), end)
        stop = end if after is None else after.start()
        begins = unit.start(ticks)
        said = text[begins:stop].rstrip()
        if _are_ticks(said):
            found.append((unit.start(), unit.end(name), begins, begins + len(said)))
        unit = after
    return found


def is_ticked(line: str) -> bool:
    """Whether a line has a question or a label that is ticked in it."""
    return bool(units_of(line, 0, len(line)))


def answer_end(text: str, at: int, limit: int) -> int:
    """Where the ticks end that answer the question which ends at ``at``; 0 where no ticks follow it."""
    if _TICKED.match(text, at, limit) is None:
        return 0
    line_end = text.find("\n", at, min(limit, at + _MAX_LINE_CHARS))
    end = line_end if line_end >= 0 else min(limit, at + _MAX_LINE_CHARS)
    after = _behind_ticks(text, at, end)
    stop = end if after is None else after.start()
    return stop if _are_ticks(text[at:stop]) else 0


def begins_with_tick(line: str) -> bool:
    """Whether a line is a box and what it stands for, "[x] Yes"."""
    return _A_TICK.match(line) is not None


def _are_ticks(said: str) -> bool:
    """Whether what stands behind a question or a label is two ticks and more, or one with a word or two."""
    boxes = _A_TICK.findall(said)
    several = len(boxes) > 1 or len(said.split()) <= _LAST_WORDS
    return several and any(box.strip("_") for box in boxes)


def _behind_ticks(text: str, at: int, end: int) -> re.Match[str] | None:
    """The next question or label with ticks of its own, behind some of the ticks from ``at`` on."""
    found = (_at_either(text, tick.end(), end) for tick in _A_TICK.finditer(text, at, end))
    return next((unit for unit in found if unit is not None and unit["name"]), None)


def _at_either(text: str, at: int, end: int) -> re.Match[str] | None:
    """The question or label that begins here, or with the next mark that opens a question."""
    asked = text.find("¿", at, end)
    here = _UNIT.match(text, at + len(text[at:end]) - len(text[at:end].lstrip()), end)
    return here or (_UNIT.match(text, asked, end) if asked >= 0 else None)
