"""Words of documents that are in no passage, and words of passages that the document does not show.

    .venv/bin/python tests/bench/lost.py FOLDER [--words]

Against extractors that have nothing to do with ours: pdftotext, lxml's text of a page without scripts, LibreOffice for office
formats, and the file itself for plain text, csv and JSON lines. Words count as often as they occur; case, accents, and marks do
not. ``--words`` prints the words. Headings count as said, since passages carry them.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import tempfile
from collections import Counter
from pathlib import Path

from corpus.document import CorpusError
from corpus.language import fold
from corpus.parse import SUFFIXES, parse
from corpus.readers.draft import decode
from corpus.split import split

_WORD = re.compile(r"[^\W_]+")


def words(text: str) -> Counter[str]:
    return Counter(fold(word) for word in _WORD.findall(text))


def shown(path: Path) -> str | None:
    """The text of a file by another program; None where there is none for it."""
    suffix = path.suffix.lower()
    data = path.read_bytes()
    if suffix == ".pdf":
        return run("pdftotext", "-layout", str(path), "-")
    if suffix in (".html", ".htm"):
        from lxml import html

        page = html.fromstring(decode(data, page=True))
        for element in page.xpath(
            "//script|//style|//noscript|//template|//title|//svg|//select|//head"
        ):
            element.drop_tree()
        return str(page.text_content())
    if suffix in (".docx", ".odt", ".rtf", ".epub"):
        with tempfile.TemporaryDirectory() as folder:
            run("soffice", "--headless", "--convert-to", "txt:Text", "--outdir", folder, str(path))
            made = list(Path(folder).glob("*.txt"))
            return made[0].read_text("utf-8", "replace") if made else None
    if suffix in (".txt", ".md", ".markdown", ".csv", ".jsonl"):
        return decode(data)
    return None


def run(*command: str) -> str:
    try:
        return subprocess.run(command, capture_output=True, timeout=120, check=False).stdout.decode(
            "utf-8", "replace"
        )
    except FileNotFoundError:
        return ""


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--words", action="store_true")
    options = arguments.parse_args()
    print(f"{'file':45} {'words':>7} {'lost':>6} {'%':>6} {'added':>6} {'%':>6}")
    totals: dict[str, Counter[str]] = {}
    for path in sorted(options.folder.rglob("*")):
        if path.suffix.lower() not in SUFFIXES:
            continue
        source = shown(path)
        if not source:
            continue
        try:
            document = parse(path.read_bytes(), path.name)
        except CorpusError as error:
            print(f"{path.name[:45]:45} {error}")
            continue
        passages = split(document, lambda text: len(text) // 4 + 1)
        said = words("\n".join([*(p.text for p in passages), *(h.text for h in document.headings)]))
        there = words(source)
        # A word joined or parted otherwise by the other program is neither lost nor added
        lost, added = there - said, said - there
        glued = "".join(_WORD.findall(fold(document.text)))
        lost = Counter(
            {w: n for w, n in lost.items() if len(w) > 2 and w not in glued or len(w) <= 2}
        )
        n, n_lost, n_added = there.total(), lost.total(), added.total()
        print(
            f"{path.name[:45]:45} {n:7} {n_lost:6} {100 * n_lost / n:6.2f} {n_added:6} {100 * n_added / n:6.2f}"
        )
        if options.words:
            print("    lost:", " ".join(f"{w}×{k}" for w, k in lost.most_common(40)))
            print("    added:", " ".join(f"{w}×{k}" for w, k in added.most_common(40)))
        total = totals.setdefault(path.suffix.lower(), Counter())
        total.update(words=n, lost=n_lost, added=n_added)
    print()
    for suffix, total in totals.items():
        share = [100 * total[key] / total["words"] for key in ("lost", "added")]
        print(
            f"{suffix:45} {total['words']:7} {total['lost']:6} {share[0]:6.2f} {total['added']:6} {share[1]:6.2f}"
        )


if __name__ == "__main__":
    main()
