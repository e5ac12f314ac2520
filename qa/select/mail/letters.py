"""The letters of a mail: what its writer says, and what it quotes of others, each with the line that says who wrote it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from corpus.document import Span
from corpus.readers.bundles import MAIL_LABELS

_FROM: Final = re.compile(rf"(?:{'|'.join(of[0] for of in MAIL_LABELS.values())}): ")
_REPLY: Final = re.compile(
    rf"(?:{'|'.join(of[-1] for of in MAIL_LABELS.values())}): (?:re|aw|sv)(?:\[\d+\])?: ",
    re.IGNORECASE,
)


# Below "De: Ana" more is said of the letter; "De: 9 a 14 h" may be the hours of an office
_LABEL: Final = re.compile(r"[^\W\d_]{2,12}: +\S")


@dataclass(slots=True)
class Letter:
    """What one person wrote. ``who``: where the mail says by whom, empty where it does not; ``parts``: where the words stand, those of the
    head among them but for that line; ``quoted``: in the mail of another; ``reply``: its subject, which is in no part, where that is of the mail
    that it answers."""

    who: Span
    parts: list[Span] = field(default_factory=list)
    quoted: bool = False
    reply: Span | None = None

    def text(self, mail: str, *, subject: bool = False) -> str:
        """Its words in the text of the mail, with the ``subject`` of a reply or without."""
        parts = [*self.parts, self.reply] if subject and self.reply else self.parts
        return "".join(mail[start:end] for start, end in parts)

    def holds(self, place: int) -> bool:
        """Whether what stands at a place of the mail is of its words."""
        return any(start <= place < end for start, end in self.parts)


def letters_of(mail: str) -> list[Letter]:
    """The letters in the text of a mail: below a line "De: …", and lines that begin with ">", below a paragraph with a colon at its end."""
    letters: list[Letter] = []
    own = Letter((0, 0))
    quoted: Letter | None = None
    above: list[Span] = []
    ended, at = True, 0
    for line in mail.splitlines(keepends=True):
        span, said = (at, at + len(line)), line.strip()
        at = span[1]
        if said.startswith(">"):
            if quoted is None:
                quoted = Letter(_attribution(mail, above), quoted=True)
                own.parts = [part for part in own.parts if part[0] < quoted.who[0]]
                letters.append(quoted)
            quoted.parts.append(span)
        elif not said:
            ended = True
        else:
            above, ended, quoted = [*([] if ended else above), span], False, None
            if _FROM.match(said) and (not letters or _LABEL.match(mail, at)):
                own = Letter(span, quoted=bool(letters))
                letters.append(own)
            elif _REPLY.match(said):
                own.reply = span
            else:
                own.parts.append(span)
    return letters


def _attribution(mail: str, above: list[Span]) -> Span:
    """Where the paragraph above quoted lines says who wrote them: "El lunes, Ana escribió:"; an empty place behind it otherwise."""
    if not above:
        return 0, 0
    start, end = above[0][0], above[-1][1]
    return (start, end) if mail[start:end].rstrip().endswith(":") else (end, end)
