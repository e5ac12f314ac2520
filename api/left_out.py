"""What is not in the text of a document, and why, for people: the same thing of many pages once, in their language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from api.messages import UiLang, group, say, translated
from corpus.document import Document, LeftOut, Recognised, shown_name

if TYPE_CHECKING:
    from index.searchable import Searchable

# Such words differ from page to page; the first is enough to see what they are.
_COUNTING: Final = ("page number", "line numbers", "link target")
_SHOWN_CHARS: Final = 160
# What has no words because its author keeps it from being shown
_MEANT: Final = ("hidden slide",)

# What a file is skipped for, by words of the reason that corpus/ gives; the first that is found names it in the catalogue.
_KINDS: Final = tuple(
    (re.compile(words), kind)
    for words, kind in (
        (r"^cannot (read|open|save|list)|vanished", "access"),
        (r"another file has the same name|the name |a path|the id ", "name"),
        (r"encrypted|password|protected against copying", "password"),
        (r"\(0 bytes\)", "empty"),
        (r"zip bomb", "bomb"),
        (r"XML entities", "attack"),
        (r"limit of [\d.]+ s\b", "too_slow"),
        (r"of memory", "memory"),
        (r"killed from outside", "killed"),
        (r"crashed its reader|took over its reader", "crash"),
        (r"LibreOffice, which is not installed", "office"),
        (r"the archive holds", "members"),
        (r"binary data", "binary"),
        (r"no text|text layer|readable chapter", "no_text"),
        (r"give it the suffix of its real format", "kind"),
        (r"the limit (is|of)|more than .* cells; split it", "too_large"),
        (
            r"damaged|broken|this is not|cannot read this|not valid JSON|holds a JSON|a field has",
            "broken",
        ),
    )
)


@dataclass(frozen=True, slots=True)
class Gone:
    """Words that are left out for one reason, with the pages that have them (none in formats without pages)."""

    text: str
    reason: str
    pages: tuple[int, ...]


def together(left_out: Iterable[LeftOut]) -> list[Gone]:
    """What is left out of one document, the same words of several pages together."""
    pages: dict[tuple[str, str], list[int]] = {}
    first: dict[tuple[str, str], str] = {}
    for one in left_out:
        key = (one.reason, "" if one.reason in _COUNTING else one.text)
        first.setdefault(key, one.text)
        pages.setdefault(key, []).append(one.page)
    return [
        Gone(first[key], key[0], tuple(sorted(set(found) - {0}))) for key, found in pages.items()
    ]


def reason_of(gone: Gone, lang: UiLang) -> str:
    """Why words are left out, in that language where the catalogue knows the reason."""
    named = group(lang, "build.reasons").get(gone.reason)
    return str(named or translated(gone.reason, lang) or gone.reason)


def unread_pages(left_out: Iterable[LeftOut]) -> tuple[int, ...]:
    """The pages of a document that could not be read, 1-based and in order; without those that are empty or hidden."""
    return tuple(sorted({one.page for one in left_out if _is_unread(one) and one.page}))


def unread_of(index: Searchable, doc_id: str) -> list[LeftOut]:
    """What says which pages of a document an index could not read, and why; nothing of a format without pages."""
    plain = index.document(doc_id, blocks=False)
    starts = [*plain.page_starts, len(plain.text)]
    # Of hundreds of documents few have such a page, and why it has no text is kept with all that is laid out
    if all(plain.text[a:b].strip() for a, b in zip(starts, starts[1:], strict=False)):
        return []
    return [one for one in index.document(doc_id).left_out if _is_unread(one) and one.page]


def _is_unread(one: LeftOut | Gone) -> bool:
    return not one.text and one.reason not in _MEANT


def reason_of_file(reason: str, lang: UiLang) -> str:
    """Why a file was skipped, in that language and without what the libraries say among themselves."""
    kind = next((kind for words, kind in _KINDS if words.search(reason)), "other")
    return say(lang, f"build.skipped.{kind}")


def lines_of(
    doc_id: str, left_out: Iterable[LeftOut], recognised: Sequence[Recognised], lang: UiLang
) -> list[str]:
    """A line for each thing that is not in a document's text, and one for the pages that were read from pictures."""
    lines = []
    for gone in together(left_out):
        words = {"name": _placed(doc_id, gone, lang), "reason": reason_of(gone, lang)}
        if gone.text:
            lines.append("  " + say(lang, "build.left_out", text=_shortened(gone.text), **words))
        else:
            lines.append("  " + say(lang, "build.unread", **words))
    return lines + _recognised(doc_id, recognised, lang)


def summary_of(
    doc_id: str, left_out: Iterable[LeftOut], recognised: Sequence[Recognised], lang: UiLang
) -> list[str]:
    """:func:`lines_of` in one line for all that is left out on purpose, by its reasons and without its words; what could not be
    read is told by :func:`unread_lines`."""
    gone = [one for one in together(left_out) if not _is_unread(one)]
    lines = []
    if gone:
        reasons = ", ".join(dict.fromkeys(reason_of(one, lang) for one in gone))
        key = "build.left_out_one" if len(gone) == 1 else "build.left_out_some"
        lines = ["  " + say(lang, key, name=shown_name(doc_id), n=len(gone), reasons=reasons)]
    return lines + _recognised(doc_id, recognised, lang)


def unread_lines(doc_id: str, left_out: Iterable[LeftOut], lang: UiLang) -> list[str]:
    """What of a document could not be read: its name with the pages, and why."""
    return [
        f"{_placed(doc_id, gone, lang)}: {reason_of(gone, lang)}"
        for gone in together(left_out)
        if _is_unread(gone)
    ]


def _placed(doc_id: str, gone: Gone, lang: UiLang) -> str:
    name = shown_name(doc_id)
    return name + (say(lang, "build.on_pages", pages=_ranges(gone.pages)) if gone.pages else "")


def _recognised(doc_id: str, recognised: Sequence[Recognised], lang: UiLang) -> list[str]:
    if not recognised:
        return []
    mean = sum(one.confidence for one in recognised) / len(recognised)
    words = {"pages": _ranges([one.page for one in recognised]), "confidence": f"{100 * mean:.0f}"}
    return ["  " + say(lang, "build.recognised", name=shown_name(doc_id), **words)]


def lines_of_document(document: Document, lang: UiLang) -> list[str]:
    """:func:`lines_of` a document as a build keeps it."""
    return lines_of(document.doc_id, document.left_out, document.recognised, lang)


def _shortened(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _SHOWN_CHARS else flat[: _SHOWN_CHARS - 1].rstrip() + "…"


def _ranges(pages: Sequence[int]) -> str:
    """Page numbers with those in a row as 3–7."""
    found: list[list[int]] = []
    for page in sorted(set(pages)):
        if found and page == found[-1][1] + 1:
            found[-1][1] = page
        else:
            found.append([page, page])
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in found)
