"""Rich text (RTF) → :class:`~corpus.readers.draft.Draft`."""

from __future__ import annotations

from corpus.document import UnreadableDocumentError
from corpus.readers.draft import LINE, PARAGRAPH, Draft, Part, clean, flat
from corpus.readers.tables import table_parts


def read_rtf(data: bytes) -> Draft:
    """Paragraphs and tables; what is a heading is told by its line, for the format hardly says it."""
    if not data.lstrip()[:5].lower().startswith(b"{\\rtf"):
        raise UnreadableDocumentError(
            "this is not a rich text file (.rtf): it does not begin with {\\rtf; give it the suffix of its real format"
        )
    from striprtf.striprtf import rtf_to_text

    text = clean(rtf_to_text(data.decode("latin-1"), errors="ignore"))
    draft = Draft(plain=True)
    rows: list[list[str]] = []
    for line in text.split("\n"):
        # striprtf ends every cell with a bar
        if line.rstrip().endswith("|"):
            rows.append([flat(cell) for cell in line.rstrip()[:-1].split("|")])
            continue
        draft.parts += table_parts(rows)
        rows = []
        if line.strip():
            draft.parts.append(_line(flat(line), draft.parts))
    draft.parts += table_parts(rows)
    return draft


def _line(text: str, before: list[Part]) -> Part:
    if text[:1] not in "•·▪◦" or len(text) < 2:
        return Part(text)
    tight = bool(before) and before[-1].kind == "item"
    return Part(text, level=1, kind="item", glue=LINE if tight else PARAGRAPH)
