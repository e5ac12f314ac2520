"""Subtitles (.srt, .vtt) → :class:`~corpus.readers.draft.Draft`: what is said, without times and marks."""

from __future__ import annotations

import html
import re
from typing import Final

from corpus.readers.draft import Draft, Part, Parts, decode, flat

_CUE = re.compile(
    r"\s*((?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3})\s*-->\s*((?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3})(?:\s.*)?"
)
_SPEAKER = re.compile(r"<v(?:\.[^ >]*)? ([^>]+)>")
# Tags of both formats, and of the programs that place a text on the picture: <i>, <00:00:01.000>, {\\an8}
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<\d[\d:.]*>|\{\\[^{}]*\}")
_ENDED = re.compile(r"[.!?…][)\]\"'”’»♪]*\Z")
# Seconds without a word after which something else begins, and so many characters make a paragraph.
_PAUSE_S: Final = 2.0
_LONG_CHARS: Final = 400


def read_subtitles(data: bytes) -> Draft:
    """A paragraph for what is said together: it ends with a sentence at a pause, when it is long, and where somebody else speaks."""
    paragraphs: list[str] = []
    before: tuple[str, ...] = ()
    ended = 0.0
    for begins, ends, lines in _cues(decode(data)):
        # Captions that roll say the line before once more
        new = [line for line in lines if line not in before] if before else list(lines)
        before = lines or before
        for said in filter(None, map(flat, new)):
            last = paragraphs[-1] if paragraphs else ""
            stopped = _ENDED.search(last) is not None
            parted = stopped and (begins - ended >= _PAUSE_S or len(last) >= _LONG_CHARS)
            parted = parted or (stopped and _IN_BRACKETS.match(said) is not None)
            if not last or parted or said.startswith(("- ", "– ", "— ")) or _NAMED.match(said):
                paragraphs.append(said)
            else:
                paragraphs[-1] = f"{last} {said}"
            ended = ends
    return Draft(Parts(Part(said) for said in paragraphs))


# "[Host] And who was it?"
_IN_BRACKETS = re.compile(r"\[[A-ZÁÉÍÓÚÑ][^\[\]]{0,30}\]:? [¿¡\"“A-ZÁÉÍÓÚÑ]")
_NAMED = re.compile(r"[A-ZÁÉÍÓÚÑ][^:.!?]{0,30}: ")


def _cues(text: str) -> list[tuple[float, float, tuple[str, ...]]]:
    """When each text begins and ends, in seconds, and its lines; numbers, notes and styles between them are none."""
    found: list[tuple[float, float, list[str]]] = []
    inside = False
    for line in text.splitlines():
        times = _CUE.fullmatch(line)
        if times is not None:
            found.append((_seconds(times[1]), _seconds(times[2]), []))
            inside = True
        elif not line.strip():
            inside = False
        elif inside:
            said = html.unescape(_TAG.sub("", _SPEAKER.sub(r"\1: ", line)))
            found[-1][2].append(flat(said))
    return [(begins, ends, tuple(lines)) for begins, ends, lines in found]


def _seconds(time: str) -> float:
    seconds = 0.0
    for part in time.replace(",", ".").split(":"):
        seconds = 60 * seconds + float(part)
    return seconds
