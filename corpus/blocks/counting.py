"""What items are counted by, and whether lines count on: "a)" and "b)", "II." and "III.", "Step 2:" and "Step 3:"."""

from __future__ import annotations

import re
from typing import Final

_NUMBERS: Final = tuple(map(str, range(1, 100)))
ROMANS: Final = tuple(
    "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx".split()
)
LETTERS: Final = tuple("abcdefghijklmnopqrstuvwxyz")
"""What items are counted by, in turn, as :data:`ROMANS`."""
_LETTERS_ES: Final = tuple("abcdefghijklmnñopqrstuvwxyz")
SIGNS: Final = (_NUMBERS, ROMANS, LETTERS, _LETTERS_ES)
"""The signs of each kind in turn."""

COUNTED = re.compile(
    r"(\(?)(\d{1,2}|[IVX]{1,5}|[ivx]{1,5}|[A-Za-z])(\.-|\.?\)|[º°]\.|[.º])-?[ \t]+(?=\S)"
)
"""The mark that can count at the beginning of a line."""


def counts_of(line: str) -> set[tuple[str, tuple[str, ...], int]]:
    """What the mark at the beginning of a line can count, each as its form, the signs of its kind and its place among them."""
    mark = COUNTED.match(line)
    if mark is None:
        return set()
    form = f"{mark[1]}{mark[3]}{mark[2].isupper()}"
    sign = mark[2].lower()
    return {(form, signs, signs.index(sign)) for signs in SIGNS if sign in signs}


def is_first(line: str) -> bool:
    """Whether a line begins with the first mark of its kind: "1.", "a)"."""
    return any(number == 0 for _, _, number in counts_of(line))


def counts_on(before: str, line: str) -> bool:
    """Whether a line has the number after that of the line before."""
    found = counts_of(before)
    return any((form, signs, number - 1) in found for form, signs, number in counts_of(line))


# "Paso 1: Corte la madera.", "Step 2 – Sand it", "STEP 3) …"
_STEP = re.compile(
    r"(?:paso|step)[ \t]*(\d{1,2})[ºª°]?[ \t]*(?:[.:)]+-?[ \t]*|[–—-][ \t]+)(?=[^\W_]|[¿¡\"“«(])",
    re.IGNORECASE,
)


def number_of_step(line: str) -> int:
    """The number of the step that a line says, "Step 2: …"; 0 where it says none."""
    step = _STEP.match(line.lstrip())
    return 0 if step is None else int(step[1])
