"""Words of PDFs that are lost or added, against pdftotext: of each file, and in all.

    .venv/bin/python tests/bench/lost_words.py FOLDER [--show N]

Needs poppler's pdftotext. A word is lost when pdftotext sees it more often than the text and what was left out as furniture hold
it, added the other way round. Words are runs of letters and digits in lower case, without accents; those divided at line ends
count as whole.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import time
import unicodedata
from collections import Counter
from pathlib import Path

from corpus.document import CorpusError
from corpus.parse import parse


def words(text: str) -> Counter[str]:
    text = re.sub(r"[-\u00ad\u2010]\n\s*", "", text)
    text = re.sub(r"([⁰¹²³⁴-⁹ªº])", r" \1", text).replace("ı", "i")
    plain = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in plain if not unicodedata.combining(c)).lower()
    return Counter(re.findall(r"[^\W_]+", plain))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--show", type=int, default=0, help="so many lost and added words of each file"
    )
    options = parser.parse_args()
    lost_of_all = added_of_all = n_of_all = n_pages = 0
    started = time.perf_counter()
    for path in sorted(options.folder.rglob("*.pdf")):
        try:
            document = parse(path.read_bytes(), path.name)
        except CorpusError as error:
            print(f"{path.name}: {error}")
            continue
        seen = subprocess.run(
            ["pdftotext", path, "-"], capture_output=True, timeout=120, check=True
        ).stdout.decode("utf-8", "replace")
        theirs, ours = words(seen), words(document.text)
        furniture = words("\n".join(one.text for one in document.left_out))
        lost, added = theirs - (ours + furniture), ours - theirs
        n = sum(theirs.values())
        n_pages += len(document.page_starts)
        if not document.recognised:
            lost_of_all += lost.total()
            added_of_all += added.total()
            n_of_all += n
        print(
            f"{lost.total() / max(1, n):7.2%} lost {added.total() / max(1, n):7.2%} added of {n:6} words,"
            f" {furniture.total():4} furniture  {path.name}"
            + (
                f"  (pages read by OCR: {len(document.recognised)}, not counted)"
                if document.recognised
                else ""
            )
        )
        if options.show:
            print("    lost: ", " ".join(lost.elements())[: 8 * options.show])
            print("    added:", " ".join(added.elements())[: 8 * options.show])
    print(
        f"{lost_of_all / max(1, n_of_all):7.2%} lost {added_of_all / max(1, n_of_all):7.2%} added of {n_of_all:6} words;"
        f" {n_pages / (time.perf_counter() - started):.0f} pages a second, pdftotext and OCR included"
    )


if __name__ == "__main__":
    main()
