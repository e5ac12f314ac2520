"""The head of a mail, which says who wrote it, to whom, when and about what: it answers what is asked about the mail and nothing else.

The day of a mail is not the day that it speaks of, and who wrote it is not who leads the choir.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Final

from corpus import language
from corpus.document import Passage
from corpus.languages import PACKS
from corpus.readers.bundles import MAIL_LABELS, MAIL_SUFFIX

_HEAD: Final = re.compile(rf"(?:{'|'.join(name for of in MAIL_LABELS.values() for name in of)}): ")
_WRITING: Final = re.compile(rf"\b(?:{'|'.join(pack.writing for pack in PACKS.values())})")


def is_head_only(question: str, passage: Passage, quoted: str) -> bool:
    """Whether what is quoted of a mail is nothing but lines of its head, and the question is not about what someone wrote, sent or said."""
    if PurePosixPath(passage.doc_id).suffix.lower() != MAIL_SUFFIX:
        return False
    lines = [line for line in quoted.split("\n") if line.strip()]
    head = all(map(_HEAD.match, lines))
    return head and _WRITING.search(language.fold(question)) is None
