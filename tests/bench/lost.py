"""Words of documents that are lost, and words that the document does not show, by file and by format.

    .venv/bin/python tests/bench/lost.py FOLDER [--words]

Against extractors that have nothing to do with ours: pdftotext, lxml's text of a page without scripts, LibreOffice for office
formats (sheets as csv, slides printed), the chapters of a book as XML, and the file itself for plain text. A word is lost when
the source has it more often than passages, headings and what is listed as left out together; added the other way round, of
passages and headings alone. Words are runs of letters and digits without case and accents, divided ones whole; two that one
side writes as one count for neither. ``--words`` prints them. Pages read by OCR are not judged: the source has no words.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import tempfile
import unicodedata
import zipfile
from collections import Counter
from itertools import pairwise
from pathlib import Path

from corpus.document import CorpusError, Document
from corpus.parse import SUFFIXES, parse
from corpus.readers.draft import decode
from corpus.split import split

_WORD = re.compile(r"[^\W_]+")
_SHEETS = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"


def words(text: str) -> list[str]:
    text = re.sub(r"[-\u00ad\u2010]\n\s*", "", text)
    text = re.sub(r"([⁰¹²³⁴-⁹ªº])", r" \1", text).replace("ı", "i")
    plain = unicodedata.normalize("NFKD", text)
    return _WORD.findall("".join(c for c in plain if not unicodedata.combining(c)).lower())


def shown(path: Path) -> str | None:
    """The text of a file by another program; None where there is none for it."""
    suffix = path.suffix.lower()
    data = path.read_bytes()
    if suffix == ".pdf":
        return run("pdftotext", str(path), "-")
    if suffix in (".html", ".htm"):
        return page_text(decode(data, page=True))
    if suffix in (".docx", ".odt", ".rtf", ".doc"):
        return converted(path, "txt:Text (encoded):UTF8", "txt")
    if suffix in (".xlsx", ".ods", ".xls"):
        return converted(path, _SHEETS, "csv")
    if suffix in (".pptx", ".odp", ".ppt"):
        return converted(path, "pdf", "pdf")
    if suffix == ".epub":
        with zipfile.ZipFile(path) as book:
            chapters = [n for n in book.namelist() if re.search(r"(?<!nav)(?<!toc)\.x?html?$", n)]
            return "\n".join(page_text(book.read(n).decode("utf-8")) for n in chapters)
    if suffix in (".md", ".markdown"):
        # Where a link leads is shown to nobody, nor are tags and the names of fields
        unseen = r"(?<=\])\([^()\s]*(?: [^()]*)?\)|<!--.*?-->|</?[a-z][^<>]*>|^\w+:(?= )|\[\^\w+\]|(?<=\])\[\w+\]|^ *\[\w+\]:"
        return re.sub(unseen, " ", decode(data), flags=re.DOTALL | re.MULTILINE)
    return decode(data) if suffix in (".txt", ".csv", ".jsonl") else None


def page_text(source: str) -> str:
    from lxml import html

    page = html.fromstring(re.sub(r"^\s*<\?xml[^>]*>", "", source))
    for element in page.xpath(
        "//script|//style|//noscript|//template|//title|//svg|//select|//head|//comment()"
    ):
        if element.getparent() is not None:
            element.drop_tree()
    return " ".join(page.itertext())


def converted(path: Path, to: str, suffix: str) -> str | None:
    with tempfile.TemporaryDirectory() as folder:
        run("soffice", "--headless", "--convert-to", to, "--outdir", folder, str(path))
        hidden = hidden_sheets(path)
        made = [
            one
            for one in sorted(Path(folder).glob(f"*.{suffix}"))
            if one.stem.removeprefix(f"{path.stem}-") not in hidden
        ]
        if suffix == "pdf":
            return run("pdftotext", str(made[0]), "-") if made else None
        return "\n".join(one.read_text("utf-8", "replace") for one in made) if made else None


def hidden_sheets(path: Path) -> set[str]:
    """Sheets that LibreOffice writes out although nobody sees them."""
    if path.suffix.lower() != ".xlsx":
        return set()
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True)
    return {sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"}


def run(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, timeout=120, check=False)
    except FileNotFoundError:
        return ""
    return done.stdout.decode("utf-8", "replace")


def judged(source: str, document: Document) -> tuple[Counter[str], Counter[str], int, int]:
    """Words lost, words added, words of the source, words listed as left out."""
    passages = split(document, lambda text: len(text) // 4 + 1)
    texts = [p.text for p in passages] + [h.text for h in document.headings] + [document.title]
    there, said = words(source), words("\n".join(texts))
    gone = words("\n".join(one.text for one in document.left_out))
    lost = Counter(there) - Counter(said) - Counter(gone)
    added = Counter(said) - Counter(there)
    for one, other, sequence in ((lost, added, there), (added, lost, said)):
        for a, b in pairwise(sequence):
            if one[a] and one[b] and other[a + b]:
                one[a], one[b], other[a + b] = one[a] - 1, one[b] - 1, other[a + b] - 1
    # A heading is a passage too where nothing stands under it: said twice here, not there
    added -= Counter(words("\n".join([document.title, *(h.text for h in document.headings)])))
    return +lost, +added, len(there), len(gone)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--words", action="store_true")
    options = arguments.parse_args()
    head = f"{'words':>7} {'lost':>6} {'%':>6} {'added':>6} {'%':>6} {'left out':>9}"
    print(f"{'file':45} {head}")
    totals: dict[str, Counter[str]] = {}
    for path in sorted(options.folder.rglob("*")):
        suffix = path.suffix.lower()
        source = shown(path) if suffix in SUFFIXES else None
        if source is None or not words(source):
            continue
        try:
            document = parse(path.read_bytes(), path.name)
        except CorpusError as error:
            print(f"{path.name[:45]:45} {error}")
            continue
        if document.recognised:
            continue
        lost, added, n, n_gone = judged(source, document)
        facts = Counter(files=1, words=n, lost=lost.total(), added=added.total(), gone=n_gone)
        totals.setdefault(suffix, Counter()).update(facts)
        print(f"{path.name[:45]:45} {told(facts)}")
        if options.words:
            print("    lost:", " ".join(f"{w}×{k}" for w, k in lost.most_common(40)))
            print("    added:", " ".join(f"{w}×{k}" for w, k in added.most_common(40)))
    print(f"\n{'format':45} {head}")
    for suffix, total in sorted(totals.items()):
        print(f"{suffix + ' (' + str(total['files']) + ')':45} {told(total)}")


def told(facts: Counter[str]) -> str:
    n = facts["words"]
    lost, added = (100 * facts[key] / n for key in ("lost", "added"))
    return f"{n:7} {facts['lost']:6} {lost:6.2f} {facts['added']:6} {added:6.2f} {facts['gone']:9}"


if __name__ == "__main__":
    main()
