"""What is usual in a document, against which its lines are judged: the height of its letters and headings, the distance of its lines,
how far these reach, and which of them begin something of their own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import Final

from corpus.blocks.divisions import is_division, names_division
from corpus.readers.draft import BULLET, known_words
from corpus.readers.pdf.lines import GOES_ON
from corpus.readers.pdf.pieces import Piece, Row
from corpus.readers.pdf.runs import Run
from corpus.readers.pdf.wording import (
    ADDRESS,
    FILLED_IN,
    LEAST_PROSE_WORDS,
    MAX_NAME_WORDS,
    MAX_TITLE_WORDS,
    SENTENCE_END,
    STOPPED,
    begins_upper,
    has_sign,
    n_letters,
)

# What is said in larger letters is no heading where so much of the text is.
_MAX_HEADING_SHARE: Final = 0.15
_SHORT_TEXT: Final = 200
# "24 hours", "225 South Street": no mark of a note
_MAX_NOTES_APART: Final = 20
_MAX_LOWEST: Final = 100
_COUNTS = re.compile(r"\d{1,3} [a-zñ]|\d{3} |\d{1,2}[.)] ")
# From this share of the letters of tables on those of the lines are the text.
_LEAST_IN_LINES: Final = 0.15


class Looks:
    """What is usual in a document: the height of its body, its headings, the distance of its lines, its words."""

    def __init__(self, lines: Sequence[Run], pieces: Sequence[Piece]) -> None:
        sizes = Counter[float]()
        for line in lines:
            sizes[round(line.height * 2) / 2] += len(line.text)
        self.body = body_height(pieces)
        self.levels = _heading_levels(sizes, self.body)
        self.verses = _verses(lines)
        self.pitch, self.loose_pitch = _line_pitches(pieces)
        self.edges = _right_edges(pieces)
        # Of each page, the lowest lines that are as high as those of the text
        self.lowest: dict[int, list[Run]] = {}
        for line in sorted(lines, key=lambda line: line.bottom):
            if line.height >= 0.9 * self.body and not (line.turned or line.repeated):
                lowest = self.lowest.setdefault(line.page, [])
                lowest += [line] if len(lowest) < _MAX_LOWEST else []
        n_chars = sum(len(line.text) for line in lines)
        n_bold = sum(len(line.text) for line in lines if line.bold)
        # Where most is bold, bold says nothing.
        self.bold_tells = n_bold < 0.4 * n_chars
        # Lines that begin something of their own in lists without marks, and those that are an item of one
        self.begin, self.listed = set[int](), set[int]()
        wide = _right_edges(pieces, _IN_REACH)
        for stretch in self._stretches(lines):
            right = max(wide[id(line)] for line in stretch)
            begin, listed = _listed(stretch, right)
            self.begin |= begin
            self.listed |= listed
        self.begin |= _centred(lines, self.pitch)
        self.names = _names_of_chapters(lines, self.pitch)
        self.hangs = _hangs(lines, self.pitch)
        texts = [line.text for line in lines]
        texts += [r.text for p in pieces if isinstance(p, Row) for cell in p.cells for r in cell]
        self.vocabulary = known_words("\n".join(texts))

    def _stretches(self, lines: Sequence[Run]) -> Iterator[list[Run]]:
        """Lines in the letters of the text one right below the other."""
        stretch: list[Run] = []
        for line in lines:
            if stretch and not _is_right_below(stretch[-1], line, self.pitch):
                yield stretch
                stretch = []
            stretch += [] if self.level(line) else [line]
        if stretch:
            yield stretch

    def level(self, line: Run) -> int:
        """The level of a line as a heading by its height; 0 of one in the letters of the text, and of verses in larger ones."""
        level = self.levels.get(round(line.height * 2) / 2, 0)
        named = level and not line.typed and n_letters(line) > 1 and id(line) not in self.verses
        return level if named else 0

    def counts(self, line: Run, note: int) -> bool:
        """Whether the number that a line in small letters begins with counts something: no note has one so high after ``note``, the
        last one, and below a note stands no text of its column."""
        counts = _COUNTS.match(line.text)
        if counts is None or counts[0].strip().isdecimal():
            return counts is not None and int(counts[0]) > note + _MAX_NOTES_APART
        return any(
            other.left < line.right and line.left < other.right and other.bottom < line.bottom
            for other in self.lowest.get(line.page, ())
        )

    def had_room(self, before: Run, line: Run, *, sure: bool = True) -> bool:
        """Whether a line ends before the others of its column do, so that the first word of the next would have stood on it; ``sure``:
        well before them."""
        width = (line.right - line.left) / max(1, len(line.text))
        word = line.text.split(maxsplit=1)[0]
        room = self.edges.get(id(before), before.right) - before.right
        needed = (len(word) + 1) * width
        return room > (2 * needed + line.height if sure else needed)

    def strong(self, line: Run) -> bool:
        """Whether a line stands out by bold letters, a line below it or its place."""
        underlined = line.underlined and not self.level(line) and _is_title(line)
        return (line.bold and self.bold_tells) or underlined or id(line) in self.names

    def within(self, before: Run | None, line: Run, after: Run | None) -> bool:
        """Whether a line of larger letters, or one that OCR takes for such, is one of its paragraph: there is no room on it, or on the
        line before, for the word that goes on in small letters. Lines of one size are a title of several."""
        return any(
            above is not None
            and below is not None
            and above.page == below.page
            and (self.level(above) == 0) != (self.level(below) == 0)
            and 0 < above.bottom - below.bottom < 1.6 * max(above.height, below.height)
            and (below.text[0].islower() or len(above.text.split()) > MAX_TITLE_WORDS)
            and not re.match(r"\S*(?:@|://|www\.)", below.text)
            and STOPPED.search(above.text) is None
            and above.text[-1] != ":"
            and len(above.text.split()) >= LEAST_PROSE_WORDS
            and not self.had_room(above, below, sure=False)
            for above, below in ((before, line), (line, after))
        )


def _is_title(line: Run) -> bool:
    """Whether a line that is underlined is a few words that name what follows."""
    return (
        len(line.text.split()) <= MAX_NAME_WORDS
        and line.text[0].isupper()
        and line.text[-1].isalnum()
        and not (line.typed or FILLED_IN.search(line.text) or ADDRESS.match(line.text))
        and GOES_ON.search(line.text) is None
    )


# So many lines before and after one tell how wide its column is; more where names that are listed stand below one another.
_NEAR_LINES: Final = 8
_IN_REACH: Final = 24


def _right_edges(pieces: Sequence[Piece], reach: int = _NEAR_LINES) -> dict[int, float]:
    """How far to the right the lines near each line reach, those of its column and in letters of its height."""
    found: dict[int, float] = {}
    for n, line in enumerate(pieces):
        if isinstance(line, Run):
            near = pieces[max(0, n - reach) : n + reach + 1]
            rights = (
                other.right
                for other in near
                if isinstance(other, Run)
                and other.page == line.page
                and abs(other.height - line.height) < 0.12 * line.height
                and other.left < line.right
                and line.left < other.right
            )
            # What has no width, as a typed value may, does not even meet itself
            found[id(line)] = max(rights, default=line.right)
    return found


# So many lines that leave so much of theirs free are a list, though nothing marks them; where they are bold, three may be a title.
_LEAST_LISTED: Final = 3
_LEAST_LISTED_IN_BOLD: Final = 4
_LEAST_FREE: Final = 0.4


def _listed(stretch: list[Run], right: float) -> tuple[set[int], set[int]]:
    """Of lines one right below the other in a column that reaches so far to the right: which begin something of their own, where several are
    a list whose items are a few words each, as names and hours are, and which are those items."""
    free = [(right - line.right) / max(1.0, right - line.left) for line in stretch]
    items: set[int] = set()
    for is_short, group in groupby(
        zip(stretch, free, strict=True),
        key=lambda one: one[1] > _LEAST_FREE and _is_few_words(one[0]),
    ):
        several = [line for line, _ in group]
        least = _LEAST_LISTED_IN_BOLD if several[0].bold else _LEAST_LISTED
        if is_short and len(several) >= least:
            items.update(map(id, several))
    if not items:
        return set(), items
    chains = [stretch[:1]]  # Of lines each of which leaves room for the first word of the next
    for before, line in pairwise(stretch):
        word = len(line.text.split(maxsplit=1)[0]) * (line.right - line.left) / len(line.text)
        had_room = right - before.right > 2 * word + line.height
        if not (had_room and _begins(line)) or GOES_ON.search(before.text):
            chains.append([])
        chains[-1].append(line)
    told = (chain for chain in chains if not items.isdisjoint(map(id, chain)))
    return {id(line) for chain in told for line in chain[1:]}, items


# So many lines set about one axis are each of its own where none has more words.
_LEAST_CENTRED: Final = 4
_MAX_CENTRED_WORDS: Final = 4


def _centred(lines: Sequence[Run], pitch: float) -> set[int]:
    """Which lines begin something of their own as they stand centred one below the other, a few words each, as a list without marks does."""
    found: set[int] = set()
    stretch: list[Run] = []
    for line in [*lines, None]:
        if line is not None and stretch and _is_centred_below(stretch[-1], line, pitch):
            stretch.append(line)
            continue
        if len(stretch) >= _LEAST_CENTRED and len({round(one.left) for one in stretch}) > 2:
            found.update(map(id, stretch[1:]))
        stretch = [line] if line is not None and _is_short_phrase(line) else []
    return found


# So many lines, and so many of them with a comma or a stop at their end, are verses, a pledge or a creed: titles have hardly any.
_LEAST_VERSES: Final = 4
_LEAST_PUNCTUATED: Final = 3
_LEAST_SHARE_PUNCTUATED: Final = 0.4
_PUNCTUATED = re.compile(r"[,;.!?…][\"'”’»]*\Z")


def _verses(lines: Sequence[Run]) -> set[int]:
    """Which lines are of a poem, a pledge or a creed, set in large letters line by line: commas and stops end many of them."""
    found: set[int] = set()
    stretch: list[Run] = []
    for line in [*lines, None]:
        if line is not None and stretch and _is_next_verse(stretch[-1], line):
            stretch.append(line)
            continue
        n_ends = sum(_PUNCTUATED.search(one.text) is not None for one in stretch)
        least = max(_LEAST_PUNCTUATED, _LEAST_SHARE_PUNCTUATED * len(stretch))
        if len(stretch) >= _LEAST_VERSES and n_ends >= least:
            found.update(map(id, stretch))
        stretch = [] if line is None else [line]
    return found


def _is_next_verse(before: Run, line: Run) -> bool:
    return (
        line.page == before.page
        and line.bold == before.bold
        and abs(line.height - before.height) < 0.05 * line.height
        and 0.6 * line.height < before.bottom - line.bottom < 1.6 * line.height
    )


# So many items that go on further in tell that all do.
_LEAST_HANGING: Final = 8
_MOST_HANGING: Final = 0.9


def _hangs(lines: Sequence[Run], pitch: float) -> bool:
    """Whether the items of a document go on further in than they begin."""
    rest = [
        line.left - before.left > 0.5 * line.height
        for before, line in pairwise(lines)
        if has_sign(before)
        and line.text[0].islower()
        and line.page == before.page
        and 0.6 * line.height < before.bottom - line.bottom < 1.25 * pitch * line.height
    ]
    return sum(rest) >= _LEAST_HANGING and sum(rest) > _MOST_HANGING * len(rest)


def _names_of_chapters(lines: Sequence[Run], pitch: float) -> set[int]:
    """Which lines stand centred right below "CAPÍTULO II", and so are its name, in whatever letters."""
    edges: dict[int, float] = {}
    for line in lines:
        edges[line.page] = min(line.left, edges.get(line.page, line.left))
    found: set[int] = set()
    for before, line in pairwise(lines):
        alone = is_division(before.text) and not names_division(before.text)
        named = (alone and begins_upper(line)) or (id(before) in found and line.text[0].islower())
        indented = line.left > edges[line.page] + line.height
        if named and indented and _has_axis_of(before, line, pitch):
            found.add(id(line))
    return found


def _has_axis_of(before: Run, line: Run, pitch: float) -> bool:
    """Whether a line that ends no sentence is centred right below another."""
    return (
        line.page == before.page
        and 0.6 * line.height < before.bottom - line.bottom < 1.5 * pitch * line.height
        and abs(line.left + line.right - before.left - before.right) < 0.4 * line.height
        and SENTENCE_END.search(line.text) is None
        and len(line.text.split()) <= MAX_TITLE_WORDS
    )


def _is_centred_below(before: Run, line: Run, pitch: float) -> bool:
    return (
        _is_short_phrase(line)
        and line.page == before.page
        and abs(line.height - before.height) < 0.05 * line.height
        and abs(line.left + line.right - before.left - before.right) < 0.4 * line.height
        and 0.6 * line.height < before.bottom - line.bottom < 1.25 * pitch * line.height
    )


def _is_short_phrase(line: Run) -> bool:
    return (
        len(line.text.split()) <= _MAX_CENTRED_WORDS
        and GOES_ON.search(line.text) is None
        and line.text[-1].isalnum()
        and not (line.turned or line.bold or line.text.isupper())
    )


def _begins(line: Run) -> bool:
    return line.text[0].isupper() or line.text[0].isdigit()


def _is_few_words(line: Run) -> bool:
    goes_on = GOES_ON.search(line.text) or line.text[-1] in ":;"
    return _begins(line) and not (goes_on or BULLET.match(line.text))


def _is_right_below(before: Run, line: Run, pitch: float) -> bool:
    """Whether a line stands below another as the next line of its paragraph does."""
    return (
        line.page == before.page
        and line.turned == before.turned
        and line.bold == before.bold
        and abs(line.height - before.height) < 0.05 * line.height
        and abs(line.left - before.left) < 0.3 * line.height
        and 0.6 * line.height < before.bottom - line.bottom < 1.25 * pitch * line.height
    )


def body_height(pieces: Sequence[Piece]) -> float:
    """The height of most letters in lines; where nearly all stand in tables, in these."""
    sizes, in_cells = Counter[float](), Counter[float]()
    for piece in pieces:
        if isinstance(piece, Run):
            sizes[round(piece.height * 2) / 2] += len(piece.text)
            continue
        for run in (run for cell in piece.cells for run in cell):
            in_cells[round(run.height * 2) / 2] += len(run.text)
    if sizes.total() < _LEAST_IN_LINES * in_cells.total():
        sizes = in_cells
    return sizes.most_common(1)[0][0] if sizes else 12.0


def _heading_levels(sizes: Counter[float], body: float) -> dict[float, int]:
    """Heading level per font height: a sixth larger than the body, the largest outermost."""
    most = _MAX_HEADING_SHARE * sizes.total()
    larger = sorted(
        (
            size
            for size, n in sizes.items()
            if size > body * 1.15 and size > body + 1 and (n < most or n < _SHORT_TEXT)
        ),
        reverse=True,
    )
    levels: dict[float, int] = {}
    level, last = 0, 0.0
    for size in larger:
        if not last or size < last * 0.95:
            level, last = min(6, level + 1), size
        levels[size] = level
    return levels


# So many lines that go on in small letters tell how far the lines of a paragraph are apart.
_LEAST_GOING_ON: Final = 8


def _line_pitches(pieces: Sequence[Piece]) -> tuple[float, float]:
    """Usual distances between the lines of a paragraph and between any lines that may be of one, in heights of the font; those that go on in
    small letters are surely of one, where a list of short items has none. Where there are few lines, those in the cells of tables tell."""
    steps, within = _steps([piece for piece in pieces if isinstance(piece, Run)])
    if len(steps) < _LEAST_GOING_ON:
        for cell in (cell for piece in pieces if isinstance(piece, Row) for cell in piece.cells):
            for found, more in zip((steps, within), _steps(cell), strict=True):
                found += more
    loose = sorted(steps)[len(steps) // 2] if steps else 1.2
    return sorted(within)[len(within) // 2] if len(within) >= _LEAST_GOING_ON else loose, loose


def _steps(lines: Sequence[Run]) -> tuple[list[float], list[float]]:
    """The distances from line to line in heights of the font, of all that may be of one paragraph and of those that go on in small letters."""
    steps: list[float] = []
    within: list[float] = []
    for before, line in pairwise(lines):
        step = (before.bottom - line.bottom) / line.height
        alike = abs(line.height - before.height) < 0.05 * line.height
        if line.page == before.page and alike and 0.6 < step < 3:
            steps.append(step)
            within += [step] if line.text[:1].islower() else []
    return steps, within
