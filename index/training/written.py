"""Questions that were written by hand for the reader and the encoder, over documents invented for the purpose.

``index/training/questions/*.txt`` hold them, in our own words, in a form that is quick to write and to review::

    # title of a document
    ## es | heading › subheading
    the passage, as many lines as it has
    ---
    kind || question in Spanish || question in English || span ¦ span || first words … last words of the unit

The spans are the shortest words of the passage that answer, all parts of a list among them; ``-`` stands for a passage that
is about the matter and does not say it. The unit is what a person would underline; where it is left out it is the sentences,
or the line, that hold the spans. Files whose name begins with ``held`` were written by other hands, to measure with.

``python -m index.training.written OUT`` writes ``OUT/qa-written-here/*.jsonl``, as ``fuente train`` reads them.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from corpus.document import CorpusError
from corpus.language import sentences

FOLDER = Path(__file__).parent / "questions"
"""Where the files are; a wheel does not carry them."""

KINDS = frozenset(
    "fact lookup list procedure condition yesno reason definition keyword sloppy".split()
)
"""What is asked for: a fact, the cell of a table, all items, all steps …; how it is asked: as key words, sloppily."""

_ELLIPSIS = re.compile(r"\s*(?:…|\.\.\.)\s*")


@dataclass(frozen=True, slots=True)
class Written:
    """One question in two languages over one passage.

    ``spans`` and ``unit`` are words of ``passage``, which stand in it at ``span_starts`` and ``unit_start``, code points;
    without an answer there are none, and ``unit_start`` is -1. ``doc`` is the document's title: passages of one document
    resemble each other.
    """

    id: str
    doc: str
    heading: str
    passage: str
    passage_lang: str
    question_es: str
    question_en: str
    kind: str
    answerable: bool
    spans: tuple[str, ...]
    span_starts: tuple[int, ...]
    unit: str
    unit_start: int


def read_written(folder: Path = FOLDER) -> list[Written]:
    """All questions below a folder, by file name and line.

    :raises CorpusError: for a line that does not follow the form, with its file and number.
    """
    return [one for path in sorted(folder.glob("*.txt")) for one in _read(path)]


def _read(path: Path) -> Iterator[Written]:
    doc = heading = lang = passage = ""
    body: list[str] = []
    reading = False
    n = 0
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if line.startswith("# "):
            doc, reading = line[2:].strip(), False
        elif line.startswith("## "):
            lang, _, heading = (part.strip() for part in line[3:].partition("|"))
            body, reading = [], True
        elif reading and line.strip() == "---":
            passage, reading = "\n".join(body).strip(), False
        elif reading:
            body.append(line)
        elif line.strip():
            n += 1
            fields = [part.strip() for part in line.split("||")]
            if len(fields) not in (4, 5) or fields[0] not in KINDS or lang not in ("es", "en"):
                raise CorpusError(
                    f"{path.name}, line {number}: {line[:60]!r}; expected a kind, two questions, spans and perhaps a "
                    "unit, parted by ||, below a passage in es or en"
                )
            try:
                starts, unit_start, unit = _places(passage, fields[3], *fields[4:])
            except ValueError as error:
                raise CorpusError(f"{path.name}, line {number}: {error}") from error
            spans = tuple(_spans(fields[3]))
            yield Written(
                f"{path.stem}-{n:04d}", doc, heading.replace(" > ", " › "), passage, lang, fields[1], fields[2],
                fields[0], bool(spans), spans, starts, unit, unit_start,
            )  # fmt: skip


def _spans(field: str) -> list[str]:
    return [] if field == "-" else [part.strip() for part in field.split("¦")]


def _places(passage: str, field: str, unit_field: str = "") -> tuple[tuple[int, ...], int, str]:
    """Where the spans stand, and the unit with its place; ValueError for words that the passage does not have."""
    starts: list[int] = []
    at = 0
    for span in _spans(field):
        start = passage.find(span, at)
        if start < 0:
            start = passage.find(span)
        if start < 0 or not span:
            raise ValueError(f"the passage does not hold the span {span!r}")
        starts.append(start)
        at = start + len(span)
    if not starts:
        return (), -1, ""
    ends = [s + len(span) for s, span in zip(starts, _spans(field), strict=True)]
    if unit_field:
        start, stop = _range(passage, _ELLIPSIS.split(unit_field))
    else:
        start, stop = sentences_around(passage, min(starts), max(ends))
    if start > min(starts) or stop < max(ends):
        raise ValueError(f"the unit {passage[start:stop][:60]!r} does not hold all spans")
    return tuple(starts), start, passage[start:stop]


def _range(passage: str, ends: Sequence[str]) -> tuple[int, int]:
    start = passage.find(ends[0])
    last = passage.find(ends[-1], max(start, 0))
    if start < 0 or last < 0:
        raise ValueError(
            f"the passage does not hold the unit's words {ends[0][:40]!r} … {ends[-1][:40]!r}"
        )
    return start, last + len(ends[-1])


def sentences_around(passage: str, start: int, stop: int) -> tuple[int, int]:
    """Where the sentences begin and end that hold ``[start, stop)``, within its lines; code points."""
    line_start = passage.rfind("\n", 0, start) + 1
    line_end = passage.find("\n", stop)
    line_end = len(passage) if line_end < 0 else line_end
    for a, b in sentences(passage, line_start, line_end):
        if a <= start < b:
            line_start = a
        if a < stop <= b:
            line_end = b
    return line_start, line_end


def main(arguments: Sequence[str]) -> int:
    """Write the questions as JSON lines, one file for each of ours."""
    folder = Path(arguments[0]) / "qa-written-here"
    folder.mkdir(parents=True, exist_ok=True)
    by_file: dict[str, list[str]] = {}
    for one in read_written():
        line = json.dumps(asdict(one), ensure_ascii=False)
        by_file.setdefault(one.id.rpartition("-")[0], []).append(line)
    for name, lines in by_file.items():
        if not name.startswith("held"):
            (folder / f"{name}.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
