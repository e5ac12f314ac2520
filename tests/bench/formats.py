"""Many formats, up to a PDF of 2,000 pages and a text as long as one may be: whether they are read rightly, how fast, in how much memory.

The documents are made here, of the text of invented.py. Into each, one sentence is put that is nowhere else, with a
question about it; into each page of a PDF, a number. There are two groups: ``folder``, documents of all formats and the
long PDF, and ``large``, one very large document of each format. Of each file a process of its own tells the time to read
and to split it, the highest resident memory, and whether

- every offset holds: of headings, of passages, of the sentence put in;
- every page of a PDF begins where it should;
- nothing is lost: each word that was written stands in the document, as often.

Then the folder is built (with --everything the large documents too, which takes hours to encode), and the
questions are asked: the sentence must be in one of the first three passages, on its page. Files that nobody can read
must be left out with a reason.
"""

from __future__ import annotations

import argparse
import html
import io
import itertools
import json
import random
import re
import subprocess
import sys
import tempfile
import textwrap
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from invented import Page, pages
from running import Connection, Server, build, environment, say

LONG = "pdf/largo.pdf"
FIRST = 3
OF_EACH_KIND = 6
LINES_A_PAGE = 42
LINE_CHARS = 88
# A page of the PDFs holds about so much.
PAGE_CHARS = 2_030
POOL_CHARS = 10_000_000


@dataclass(frozen=True)
class Block:
    """A piece of a document: ``level`` 0 is a paragraph, more a heading; with ``cells`` a row of a table."""

    text: str
    level: int = 0
    cells: tuple[str, ...] = ()


@dataclass(frozen=True)
class Planted:
    """The sentence that is in one document only, a question about it, and its page in a PDF."""

    doc_id: str
    sentence: str
    question: str
    page: int | None = None


class Material:
    """Blocks without end in one language, and sentences to put in; always the same for a seed."""

    def __init__(self, seed: int):
        # Two runs through the same documents, one for each language
        self._pages = {lang: self._of(lang, seed) for lang in ("es", "en")}
        self._rng = random.Random(seed)

    @staticmethod
    def _of(lang: str, seed: int) -> Iterator[Page]:
        return (page for page in pages(seed) if page.lang == lang)

    def blocks(self, lang: str) -> Iterator[Block]:
        """A title, then sections; now and then a table."""
        for page in self._pages[lang]:
            for part in page.markdown.strip().split("\n\n"):
                marks = part.partition(" ")[0]
                if marks.strip("#"):
                    yield Block(part)
                else:
                    yield Block(part.removeprefix(marks).strip(), level=len(marks))
            for _ in range(4):
                name, place = self.name(), self.name()
                yield Block("", cells=(name, place, str(self._rng.randint(1000, 9999))))

    def some(self, lang: str, n_chars: int) -> list[Block]:
        """Blocks of about so many characters in all."""
        found, length = [], 0
        for block in self.blocks(lang):
            found.append(block)
            length += len(block.text) + sum(map(len, block.cells))
            if length >= n_chars:
                break
        return found

    def name(self) -> str:
        """A name that no other document has."""
        syllables = "ba ce di fo gu ha jo la me ni pu ro sa te vi xo zu ña".split()
        return "".join(self._rng.choices(syllables, k=4)).capitalize()

    def planted(self, doc_id: str, lang: str, page: int | None = None) -> Planted:
        """A sentence for one document."""
        who, n = self.name(), self._rng.randint(100, 999)
        if lang == "es":
            return Planted(
                doc_id,
                f"En la alacena de {who} había {n} llaves de latón, y ninguna abría la puerta.",
                f"¿Cuántas llaves de latón había en la alacena de {who}?",
                page,
            )
        return Planted(
            doc_id,
            f"In the cupboard of {who} there were {n} brass keys, and none of them opened the door.",
            f"How many brass keys were there in the cupboard of {who}?",
            page,
        )


# --------------------------------------------------------------------------- writers


def as_txt(blocks: Sequence[Block]) -> bytes:
    return "\n\n".join(b.text or "; ".join(b.cells) + "." for b in blocks).encode()


def as_md(blocks: Sequence[Block]) -> bytes:
    parts = []
    for block, before in zip(blocks, [Block(""), *blocks], strict=False):
        if block.cells:
            row = "| " + " | ".join(block.cells) + " |"
            if before.cells:
                parts[-1] += "\n" + row
            else:
                parts.append("| name | place | number |\n|---|---|---|\n" + row)
        else:
            parts.append("#" * block.level + " " * bool(block.level) + block.text)
    return "\n\n".join(parts).encode()


def body_of(blocks: Sequence[Block]) -> str:
    """As HTML, without head and frame."""
    parts = []
    for is_table, group in itertools.groupby(blocks, lambda b: bool(b.cells)):
        if is_table:
            rows = ("".join(f"<td>{html.escape(c)}</td>" for c in b.cells) for b in group)
            parts.append("<table>" + "".join(f"<tr>{row}</tr>\n" for row in rows) + "</table>")
        else:
            for b in group:
                tag = f"h{b.level}" if b.level else "p"
                parts.append(f"<{tag}>{html.escape(b.text)}</{tag}>")
    return "\n".join(parts)


def as_html(blocks: Sequence[Block]) -> bytes:
    frame = "<nav><ul><li><a href='/'>Inicio</a></li></ul></nav>"
    return (
        f"<!doctype html><html><head><meta charset='utf-8'><title>{html.escape(blocks[0].text)}</title>"
        f"</head><body>{frame}<main>{body_of(blocks)}</main><footer>©</footer></body></html>"
    ).encode()


def as_epub(blocks: Sequence[Block]) -> bytes:
    chapters: list[list[Block]] = []
    for block in blocks:
        if block.level or not chapters:
            chapters.append([])
        chapters[-1].append(block)
    names = [f"c{n:05}.xhtml" for n in range(len(chapters))]
    items = "".join(
        f'<item id="{n}" href="{n}" media-type="application/xhtml+xml"/>' for n in names
    )
    spine = "".join(f'<itemref idref="{n}"/>' for n in names)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr(
            "META-INF/container.xml",
            '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="book.opf"/></rootfiles></container>',
        )
        book.writestr(
            "book.opf",
            '<package xmlns="http://www.idpf.org/2007/opf">'
            '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<dc:title>{html.escape(blocks[0].text)}</dc:title></metadata>"
            f"<manifest>{items}</manifest><spine>{spine}</spine></package>",
        )
        for name, chapter in zip(names, chapters, strict=True):
            book.writestr(
                name,
                '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml">'
                f"<head><title/></head><body>{body_of(chapter)}</body></html>",
            )
    return file.getvalue()


def as_docx(blocks: Sequence[Block]) -> bytes:
    """By hand: python-docx takes a second for a thousand paragraphs."""

    def paragraph(text: str, style: str = "") -> str:
        mark = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
        return f"<w:p>{mark}<w:r><w:t>{html.escape(text)}</w:t></w:r></w:p>"

    parts = []
    for is_table, group in itertools.groupby(blocks, lambda b: bool(b.cells)):
        if is_table:
            rows = ("".join(f"<w:tc>{paragraph(c)}</w:tc>" for c in b.cells) for b in group)
            parts.append("<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>")
        else:
            parts += [paragraph(b.text, f"Heading{b.level}" if b.level else "") for b in group]
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="Heading{n}"><w:name w:val="heading {n}"/></w:style>'
        for n in range(1, 7)
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as container:
        container.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{package}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{main}.document.main+xml"/>'
            f'<Override PartName="/word/styles.xml" ContentType="{main}.styles+xml"/></Types>',
        )
        container.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}/relationships">'
            f'<Relationship Id="r1" Type="{kind}/officeDocument" Target="word/document.xml"/></Relationships>',
        )
        container.writestr(
            "word/_rels/document.xml.rels",
            f'<Relationships xmlns="{package}/relationships">'
            f'<Relationship Id="r1" Type="{kind}/styles" Target="styles.xml"/></Relationships>',
        )
        container.writestr("word/styles.xml", f'<w:styles xmlns:w="{w}">{styles}</w:styles>')
        container.writestr(
            "word/document.xml",
            f'<w:document xmlns:w="{w}"><w:body>{"".join(parts)}</w:body></w:document>',
        )
    return file.getvalue()


def as_csv(blocks: Sequence[Block]) -> bytes:
    rows = ["section;text"]
    section = ""
    for block, after in zip(blocks, [*blocks[1:], Block("", level=1)], strict=True):
        if block.level:
            section = block.text
            if after.level:
                rows.append(f"{section};")
        else:
            rows.append(f'{section};"{block.text or ", ".join(block.cells)}"')
    return "\n".join(rows).encode()


def as_jsonl(blocks: Sequence[Block]) -> bytes:
    records: list[dict[str, str]] = []
    for block in blocks:
        if block.level or not records:
            records.append({"title": block.text, "text": ""})
        else:
            text = block.text or ", ".join(block.cells)
            records[-1]["text"] += ("\n\n" if records[-1]["text"] else "") + text
    return "\n".join(json.dumps(r, ensure_ascii=False) for r in records).encode()


def page_mark(number: int) -> str:
    """What stands in the text of each page of a PDF, and nowhere else."""
    return f"legajo L{number:05}."


def as_pdf(blocks: Sequence[Block], planted: Planted) -> bytes:
    """Pages of wrapped lines with a running title and a number, headings in a larger font, words divided.

    The sentence put in begins on its page; it is drawn where a paragraph of that page ends.
    """
    pages: list[list[tuple[int, str]]] = [[]]
    done = False

    def room() -> int:
        return LINES_A_PAGE - len(pages[-1])

    def write(text: str, size: int = 11) -> None:
        width = LINE_CHARS * 11 // size
        for line in textwrap.wrap(text, width, break_on_hyphens=False):
            if room() < 1:
                pages.append([])
            pages[-1].append((size, line))

    marked = 0
    for block in blocks:
        if marked < len(pages) and room() > 3:
            marked = len(pages)
            write(f"Véase el {page_mark(marked)}")
            pages[-1].append((0, ""))
            if marked == planted.page:
                write(planted.sentence)
                pages[-1].append((0, ""))
                done = True
        if block.level and room() < 4:
            pages.append([])
        write(block.text or "   ".join(block.cells), {1: 18, 2: 14}.get(block.level, 11))
        if room() > 0:
            pages[-1].append((0, ""))
    if not done:
        raise ValueError(f"there is no page {planted.page} in {len(pages)}")
    return pdf_of(pages, blocks[0].text)


def pdf_of(pages: Sequence[Sequence[tuple[int, str]]], title: str | None) -> bytes:
    """The file: lines of ``(points, text)`` from top to bottom, Helvetica in WinAnsi; points 0 leave a gap.

    Without a title pages have no number either.
    """
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>"
        % (b" ".join(b"%d 0 R" % (4 + 2 * i) for i in range(len(pages))), len(pages)),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, lines in enumerate(pages, 1):
        drawn = [] if title is None else [(9, 60.0, 810.0, title), (9, 290.0, 30.0, str(number))]
        y = 780.0
        for size, line in lines:
            y -= 1.25 * size if size else 11.0
            drawn.append((size, 60.0, y, line))
        stream = b"BT\n"
        for size, x, y, line in drawn:
            shown = re.sub(rb"([\\()])", rb"\\\1", line.encode("cp1252", "replace"))
            stream += b"/F1 %d Tf 1 0 0 1 %.1f %.1f Tm (%s) Tj\n" % (size or 11, x, y, shown)
        stream += b"ET"
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % (5 + 2 * (number - 1))
        )
        objects.append(b"<< /Length %d >> stream\n%s\nendstream" % (len(stream), stream))
    out = io.BytesIO()
    out.write(b"%PDF-1.4\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(
        b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)
    )
    return out.getvalue()


WRITERS: dict[str, Callable[[Sequence[Block]], bytes]] = {
    "txt": as_txt,
    "md": as_md,
    "html": as_html,
    "docx": as_docx,
    "epub": as_epub,
    "csv": as_csv,
    "jsonl": as_jsonl,
}


FIGURES = ("mb", "pages", "passages", "parse_cpu_s", "split_cpu_s")

BROKEN = {
    "cortado.pdf": b"%PDF-1.4\n1 0 obj\n<<",
    "escaneado.pdf": pdf_of([[(0, "")]], None),
    "vacío.txt": b"",
    "zip.docx": b"PK\x03\x04 no container",
}


# --------------------------------------------------------------------------- the folders


def write(folder: Path, doc_id: str, blocks: list[Block], planted: Planted) -> Planted:
    """One document of these blocks and the sentence."""
    blocks = list(blocks)
    suffix = doc_id.rpartition(".")[2]
    if suffix == "pdf":
        content = as_pdf(blocks, planted)
    else:
        # Before a heading or at the end, where a paragraph stands alone in every format
        later = [i for i, b in enumerate(blocks) if b.level and i > len(blocks) * 2 // 3]
        blocks.insert(later[0] if later else len(blocks), Block(planted.sentence))
        content = WRITERS[suffix](blocks)
    path = folder / "documents" / doc_id
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    written = folder / "written" / doc_id
    written.parent.mkdir(parents=True, exist_ok=True)
    written.write_text("\n".join(b.text or " ".join(b.cells) for b in blocks), "utf-8")
    return planted


def make(folder: Path, large: Path, n_pages: int, text_mb: int, seed: int) -> list[Planted]:
    """All documents of both groups; what was put into each."""
    material = Material(seed)
    found = []
    for number in range(OF_EACH_KIND):
        lang = ("es", "en")[number % 2]
        for suffix in ("pdf", *WRITERS):
            name = f"{suffix}/{lang}-{number}.{suffix}"
            page = 3 + number if suffix == "pdf" else None
            blocks = material.some(lang, 30_000)
            found.append(write(folder, name, blocks, material.planted(name, lang, page)))
    page = min(1_777, n_pages * 8 // 9)
    blocks = material.some("es", n_pages * PAGE_CHARS)
    found.append(write(folder, LONG, blocks, material.planted(LONG, "es", page)))
    # Enough that nothing about it is small, and made in a minute; the larger ones say it again
    blocks = material.some("en", POOL_CHARS)
    for suffix, size_mb in {
        "txt": text_mb,
        "md": text_mb,
        "html": text_mb,
        "docx": text_mb // 2,
        "epub": text_mb // 3,
        "csv": text_mb // 2,
        "jsonl": text_mb // 2,
    }.items():
        say(f"writing {suffix} of {size_mb} MB")
        name = f"large.{suffix}"
        wanted = max(1, size_mb) * 1_000_000 * len(blocks) // POOL_CHARS
        repeated = list(itertools.islice(itertools.cycle(blocks), wanted))
        found.append(write(large, name, repeated, material.planted(name, "en")))
    for name, content in BROKEN.items():
        path = folder / "documents" / "broken" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    return found


# --------------------------------------------------------------------------- one file, in a process of its own


def memory_mib(name: str) -> float:
    """Resident memory of this process, MiB: ``VmRSS`` now, ``VmHWM`` at its highest."""
    status = Path("/proc/self/status").read_text()
    fields = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
    return int(fields[name].split()[0]) / 1024


def words_of(text: str) -> Counter[str]:
    """How often each word and number is there."""
    return Counter(match.group() for match in re.finditer(r"\w+", text))


def read_one(folder: Path, planted: Planted) -> dict[str, Any]:
    """Times, memory and what is wrong of one file."""
    from api.settings import load_settings
    from corpus.parse import parse
    from corpus.split import split
    from index.encoder import load_encoder

    path = folder / "documents" / planted.doc_id
    encoder = load_encoder(load_settings(data=folder).encoder)
    encoder.count_tokens("")
    content = path.read_bytes()
    # Loading the encoder takes more than is kept: the highest is counted from here on
    Path("/proc/self/clear_refs").write_text("5")
    before = memory_mib("VmRSS")
    began = time.perf_counter(), time.process_time()
    document = parse(content, path.name)
    parsed = time.perf_counter(), time.process_time()
    passages = split(document, encoder.count_tokens)
    done = time.perf_counter(), time.process_time()
    peak = memory_mib("VmHWM")
    text = document.text
    wrong = [f"heading {h}" for h in document.headings if text[h.start : h.end] != h.text]
    wrong += [f"passage {p}" for p in passages if text[p.start : p.end] != p.text]
    wrong += [
        f"passages overlap: {p}, {q}"
        for p, q in zip(passages, passages[1:], strict=False)
        if p.end > q.start
    ]
    lost = words_of((folder / "written" / planted.doc_id).read_text("utf-8"))
    lost.subtract(words_of(text))
    wrong += [f"{n} × {word!r} lost" for word, n in lost.items() if n > 0]
    # A line end may stand where a space was
    words = r"\s+".join(map(re.escape, planted.sentence.split()))
    places = [m.start() for m in re.finditer(words, text)]
    if len(places) != 1:
        wrong.append(f"the sentence is there {len(places)} times")
    elif planted.page is not None:
        if document.page_at(places[0]) != planted.page:
            wrong.append(f"the sentence is on page {document.page_at(places[0])}")
        for match in re.finditer(r"legajo L(\d{5})\.", text):
            if document.page_at(match.start()) != int(match[1]):
                wrong.append(f"{match[0]} is on page {document.page_at(match.start())}")
    return {
        "mb": len(content) / 1e6,
        "chars": len(text),
        "pages": len(document.page_starts),
        "headings": len(document.headings),
        "passages": len(passages),
        "parse_s": parsed[0] - began[0],
        "parse_cpu_s": parsed[1] - began[1],
        "split_s": done[0] - parsed[0],
        "split_cpu_s": done[1] - parsed[1],
        "before_mib": before,
        "peak_mib": peak,
        "wrong": wrong[:5],
        "n_wrong": len(wrong),
    }


def read_apart(folder: Path, planted: Planted) -> dict[str, Any]:
    """:func:`read_one` in a process of its own."""
    given = json.dumps(asdict(planted))
    run = subprocess.run(
        [sys.executable, __file__, "--read", str(folder), given],
        env=environment(),
        capture_output=True,
        text=True,
    )
    if run.returncode:
        return {"wrong": [run.stderr.strip()[-300:]], "n_wrong": 1}
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def line(name: str, found: Sequence[dict[str, Any]]) -> str:
    """Sums of some files, and the highest memory."""
    read = [f for f in found if "mb" in f]
    total = {key: sum(f[key] for f in read) for key in FIGURES}
    highest = max((f["peak_mib"] - f["before_mib"] for f in read), default=0.0)
    rate = total["passages"] / max(1e-9, total["parse_cpu_s"])
    both = total["passages"] / max(1e-9, total["parse_cpu_s"] + total["split_cpu_s"])
    return (
        f"{name:24}{len(found):6}{total['mb']:9.1f}{total['pages']:7}{total['passages']:9}"
        f"{total['parse_cpu_s']:9.2f}{total['split_cpu_s']:9.2f}{rate:9.0f}{both:9.0f}{highest:8.0f}"
        f"{sum(f['n_wrong'] for f in found):7}"
    )


# --------------------------------------------------------------------------- built and asked


def ask(data: Path, planted: Sequence[Planted]) -> list[str]:
    """What is wrong with the answers to the questions."""
    wrong = []
    with Server(data) as server:
        connection = Connection(server.port)
        for one in planted:
            status, body = connection.post("/v1/search", {"query": one.question, "limit": FIRST})
            if status != 200:
                sys.exit(f"POST /v1/search gave {status}: {body.decode()[:500]}")
            hits = json.loads(body)["data"]
            sentence = " ".join(one.sentence.split())
            right = [
                hit["location"]["page_number"]
                for hit in hits
                if hit["document_id"] == one.doc_id and sentence in " ".join(hit["text"].split())
            ]
            if not right:
                wrong.append(f"{one.doc_id}: not found: {one.question}")
            # A passage begins on its page or on the one before
            elif one.page and right[0] not in (one.page, one.page - 1):
                wrong.append(f"{one.doc_id}: on page {right[0]}, expected {one.page}")
        connection.close()
    return wrong


def main() -> int:
    if sys.argv[1:2] == ["--read"]:
        print(json.dumps(read_one(Path(sys.argv[2]), Planted(**json.loads(sys.argv[3])))))
        return 0
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=2_000, help="of the long PDF")
    parser.add_argument(
        "--text-mb", type=int, default=18, help="of the large text, MB (a text has a limit)"
    )
    parser.add_argument("--no-build", action="store_true", help="only read and split")
    parser.add_argument("--everything", action="store_true", help="build the large ones too")
    parser.add_argument("--seed", type=int, default=11)
    arguments = parser.parse_args()
    failures: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        folder, large = Path(name) / "folder", Path(name) / "large"
        planted = make(folder, large, arguments.pages, arguments.text_mb, arguments.seed)
        groups: dict[str, list[dict[str, Any]]] = {}
        for one in planted:
            alone = one.doc_id == LONG or one.doc_id.startswith("large")
            group = one.doc_id if alone else one.doc_id.partition("/")[0]
            say(f"reading {one.doc_id}")
            found = read_apart(large if one.doc_id.startswith("large") else folder, one)
            failures += [f"{one.doc_id}: {what}" for what in found["wrong"]]
            groups.setdefault(group, []).append(found)
        print(
            f"{'':24}{'files':>6}{'MB':>9}{'pages':>7}{'passages':>9}{'parse s':>9}{'split s':>9}"
            f"{'parse/s':>9}{'both/s':>9}{'MiB':>8}{'wrong':>7}"
        )
        for group, all_found in groups.items():
            print(line(group, all_found))
        if not arguments.no_build:
            added = [str(folder / "documents")]
            added += [str(large / "documents")] if arguments.everything else []
            data = Path(name) / "data"
            say("building")
            report = build(data, *added)
            built = [
                one for one in planted if arguments.everything or not one.doc_id.startswith("large")
            ]
            skipped = {skip["doc_id"] for skip in report["skipped"]}
            print(
                f"\nbuilt {report['n_documents']} documents, {report['n_passages']} passages in {report['seconds']:.0f} s;"
                f" skipped {sorted(skipped)}"
            )
            if skipped != {f"broken/{name}" for name in BROKEN} or report["n_documents"] != len(
                built
            ):
                failures.append(f"expected {len(built)} documents and {sorted(BROKEN)} skipped")
            failures += ask(data, built)
            print(f"asked {len(built)} questions")
    for failure in failures:
        print(f"WRONG {failure}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
