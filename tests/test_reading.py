"""Reading files in worker processes: the same as parsing here, whatever the files do to the workers."""

import hashlib
import io
import os
import re
import select
import signal
import sys
import threading
import time
import zipfile
from contextlib import closing
from functools import cache
from pathlib import Path

import pytest
from child import started
from conftest import SAMPLES, clean_environ

from corpus.collection import Collection
from corpus.document import CorpusError, Document, Source
from corpus.parse import MAX_BLOCKS, parse
from corpus.readers.pool import end_idle, read

# Stands in for the library that reads HTML: what a page says is what it does to its process.
HOSTILE = """
import ctypes, os, pickle, re, signal, sys, time

n_made = 0

class Trap:
    def __reduce__(self):
        return os.mkdir, (os.path.join(os.path.dirname(__file__), "sprung"),)

def say(message):
    # in the reader's place, through whatever pipe it has
    for number in range(3, 20):
        try:
            os.write(number, message)
        except OSError:
            pass
    time.sleep(60)

class LexborHTMLParser:
    def __init__(self, text):
        global n_made
        n_made += 1
        if "segfault" in text:
            ctypes.string_at(0)
        if "exit" in text:
            print("bye", flush=True)
            os._exit(7)
        if "killed" in text:
            os.kill(os.getpid(), signal.SIGKILL)
        if "endless" in text:
            re.match(r"(a+)+$", "a" * 60 + "b")  # lets no other thread and no signal handler run
        if "memory" in text:
            bytes(2**40)
        if "pickled" in text:
            trap = pickle.dumps((None, Trap()))
            say(len(trap).to_bytes(8) + trap)
        if "boundless" in text:
            say(bytes([255]) * 8)
        if "about another" in text:
            lie = b'[null,["Skipped","a.txt","no"]]'
            say(len(lie).to_bytes(8) + lie)
        if "second" in text and n_made > 1:
            os._exit(8)
        print("noise on stdout", flush=True)
        os.write(1, b"more of it")
        raise ValueError("cannot be read")
"""


@pytest.fixture(autouse=True)
def _no_warm_workers():
    end_idle()


@pytest.fixture
def collection(tmp_path):
    (tmp_path / "documents").mkdir()
    return Collection(tmp_path / "documents")


@pytest.fixture
def hostile(tmp_path, monkeypatch):
    """A library for HTML that workers import and that does what the page says."""
    (tmp_path / "lib" / "selectolax").mkdir(parents=True)
    (tmp_path / "lib" / "selectolax" / "__init__.py").touch()
    (tmp_path / "lib" / "selectolax" / "lexbor.py").write_text(HOSTILE)
    monkeypatch.syspath_prepend(tmp_path / "lib")


def put(collection, **texts):
    """Sources of small documents, ``año_txt="…"`` for año.txt, in the order given."""
    return [collection.put(n.replace("_", "."), t.encode()) for n, t in texts.items()]


def children(pid="self"):
    """Process ids of the children of a process."""
    folder = Path(f"/proc/{pid}/task")
    return {int(p) for task in folder.iterdir() for p in (task / "children").read_text().split()}


def outcome(result):
    return "document" if isinstance(result, Document) else result.reason


@pytest.mark.parametrize("workers", [1, 3, None])
def test_read_gives_what_parse_gives_in_the_order_of_the_sources(workers):
    collection = Collection(SAMPLES)
    sources = sorted(collection.scan().sources, key=lambda s: s.sha256)
    expected = [(s, parse(collection.read(s.doc_id), s.doc_id)) for s in sources]
    assert list(read(collection, sources, workers=workers)) == expected
    assert {d.lang for _, d in expected} == {"es", "en"}


# Each gives far more text than it has bytes, by what its format lets it repeat.
_TABLE_NS = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)


def _zipped(parts):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as container:
        for name, content in parts.items():
            container.writestr(name, content)
    return made.getvalue()


def _ods(inner):
    content = (
        f'<office:document-content {_TABLE_NS}><office:body><office:spreadsheet><table:table table:name="a">'
        f"{inner}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return _zipped({"mimetype": kind, "content.xml": content, "noise": os.urandom(60_000)})


def _odt(inner):
    content = (
        f"<office:document-content {_TABLE_NS}><office:body><office:text>{inner}</office:text>"
        "</office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.text"
    return _zipped({"mimetype": kind, "content.xml": content, "noise": os.urandom(60_000)})


@cache
def _bombs():
    names = ",".join(f"columna {n} con un nombre largo" for n in range(1500))
    row = ",".join("1" * 1500)
    wide = "<td rowspan=65534 colspan=1000>ñandú y más ñandú</td>"
    cell = "<table:table-cell table:number-columns-repeated='16384'><text:p>ñandú</text:p></table:table-cell>"
    page = "<p>" + "El ñandú corre. " * 6_000
    return {
        "names.csv": f"{names}\n{(row + chr(10)) * 16}".encode() * 1 + (row + "\n").encode() * 600,
        "spans.html": f"<table>{'<tr>' + wide + '</tr>'}{'<tr><td>x</td></tr>' * 3000}</table>".encode(),
        "repeated.ods": _ods(
            f"<table:table-row table:number-rows-repeated='1048576'>{cell}</table:table-row>"
        ),
        "spaces.odt": _odt("<text:p>a<text:s text:c='2000000000'/>b</text:p>"),
        "inside.zip": _zipped(
            {f"{n}.html": page for n in range(900)} | {"noise": os.urandom(60_000)}
        ),
        "deep.html": b"<div>" * 200_000 + b"x",
        "deep.jsonl": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        "headings.md": b"# a\n\n" * 60_000,
        "lines.txt": b"a\n\n" * 600_000,
        "row.csv": b"a,b,c\n" + b",".join([b"y" * 100_000] * 11) + b"\n",
    }


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(_bombs()))
def test_what_grows_far_beyond_its_size_is_told_so_or_stays_small(collection, name):
    content = _bombs()[name]
    assert len(content) < 2_500_000
    sources = [collection.put(name, content), *put(collection, z_txt="El año.")]
    began = time.monotonic()
    (_, bomb), (_, after) = read(collection, sources, workers=1, timeout_s=20)
    assert time.monotonic() - began < 40
    assert outcome(after) == "document"
    if isinstance(bomb, Document):
        assert len(bomb.text) <= max(10_000_000, 100 * len(content))
        assert len(bomb.blocks) <= MAX_BLOCKS
    else:
        assert re.search("limit|remove it|recursion", bomb.reason)
        assert "\n" not in bomb.reason


def test_no_sources_start_no_process(collection, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert list(read(collection, [])) == []


def test_a_file_that_cannot_be_parsed_is_skipped_with_its_source_and_the_others_are_read(
    collection,
):
    sources = put(
        collection,
        año_txt="El ñandú corre.",
        bad_pdf="nada",
        empty_md=" \n",
        tea_md="# Tea\n\nIt is.",
    )
    found = list(read(collection, sources, workers=2))
    assert [source for source, _ in found] == sources
    assert outcome(found[0][1]) == outcome(found[3][1]) == "document"
    assert "the PDF is broken" in found[1][1].reason
    assert "only white space" in found[2][1].reason
    assert [r.doc_id for _, r in found] == ["año.txt", "bad.pdf", "empty.md", "tea.md"]


def test_a_file_that_vanished_is_skipped_without_a_source(collection):
    sources = put(collection, a_txt="Uno.", ido_txt="Dos.", c_txt="Three.")
    collection.remove("ido.txt")
    found = list(read(collection, sources, workers=1))
    assert [source and source.doc_id for source, _ in found] == ["a.txt", None, "c.txt"]
    assert found[1][1].doc_id == "ido.txt"


@pytest.mark.parametrize("name", ["cambio.txt", "cambio.pdf"])
def test_the_source_tells_of_the_bytes_that_were_parsed_not_of_those_scanned(collection, name):
    old = collection.put(name, b"before")
    now = "después, con ñ".encode()
    (collection.documents / name).write_bytes(now)
    [(source, _)] = read(collection, [old])
    digest = hashlib.sha256(now).hexdigest()
    assert source == Source(name, digest, len(now), old.modified_ns, old.changed_ns)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ("segfault", "the file crashed its reader (signal SIGSEGV)"),
        ("exit", "the file crashed its reader (exit status 7)"),
        ("memory", "reading took more than the limit of 1,024 MB of memory; split the file"),
        ("endless", "reading took longer than the limit of 0.5 s; split the file"),
        ("nothing of it", "the .html file is damaged"),
        ("pickled", "the file took over its reader, which said something that is not understood"),
        ("boundless", "the file took over its reader, which said something that is not understood"),
        ("about another", "the file took over its reader, which said something that is not"),
    ],
)
def test_what_a_file_does_to_its_worker_is_why_it_is_skipped_and_nothing_more(
    collection, hostile, page, reason
):
    sources = put(collection, a_txt="El año.", b_html=page, c_txt="The year.", d_html=page)
    found = list(read(collection, sources, workers=1, timeout_s=0.5))
    assert [source for source, _ in found] == sources
    assert [outcome(r)[: len(reason)] for _, r in found] == ["document", reason] * 2
    assert not any("\n" in outcome(r) for _, r in found)
    assert not list((collection.documents.parent / "lib").rglob("sprung"))


def test_a_kill_from_outside_is_no_verdict_on_the_file(collection, hostile):
    sources = put(collection, a_txt="El año.", b_html="killed", c_txt="The year.")
    found = list(read(collection, sources, workers=2))
    assert [source for source, _ in found] == [sources[0], None, sources[2]]
    assert "killed from outside" in found[1][1].reason


def test_a_file_that_fails_only_after_others_is_read_by_a_new_worker(collection, hostile):
    sources = put(collection, a_html="one", b_html="second", c_html="second")
    found = list(read(collection, sources, workers=1))
    assert all("cannot be read" in result.reason for _, result in found)


def test_a_real_document_that_unpacks_within_the_limits_but_swells_is_skipped(collection):
    ours = "http://schemas.openxmlformats.org"
    paragraphs = "<w:p><w:r><w:t>ñ</w:t></w:r></w:p>" * 150_000
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{ours}/package/2006/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override '
        'PartName="/word/document.xml" ContentType="application/'
        'vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{ours}/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{ours}/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>'
        "</Relationships>",
        "word/document.xml": f'<w:document xmlns:w="{ours}/wordprocessingml/2006/main"><w:body>{paragraphs}'
        "</w:body></w:document>",
    }
    path = collection.documents / "hinchado.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as container:
        for name, text in parts.items():
            container.writestr(name, text)
        container.writestr("word/media/noise.bin", os.urandom(200_000))
    sources = [*collection.scan().sources, *put(collection, z_txt="El año.")]
    found = list(read(collection, sources, workers=1, memory_mb=100))
    assert outcome(found[0][1]) == (
        "reading took more than the limit of 100 MB of memory; split the file"
    )
    assert [source for source, _ in found] == sources
    assert outcome(found[1][1]) == "document"


def test_a_real_text_that_takes_too_long_is_skipped(collection):
    line = "El año de la cigüeña, the year of the stork.\n\n"
    sources = put(collection, a_txt=line * 400_000, b_txt="Corto.")
    found = list(read(collection, sources, workers=2, timeout_s=0.4))
    assert outcome(found[0][1]) == "reading took longer than the limit of 0.4 s; split the file"
    assert outcome(found[1][1]) == "document"


def test_every_file_is_read_by_a_worker_the_shortest_text_too(collection, monkeypatch):
    sources = put(collection, a_txt="x")
    end_idle()
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(CorpusError, match="no process could be started"):
        list(read(collection, sources))


def test_the_next_reading_finds_its_workers_warm_and_another_folder_does_not_matter(
    collection, tmp_path
):
    before = children()
    sources = put(collection, a_txt="El año.", b_html="<p>El ñandú.")
    list(read(collection, sources, workers=1))
    [worker] = children() - before
    (tmp_path / "other").mkdir()
    other = Collection(tmp_path / "other")
    [(_, document)] = list(read(other, put(other, a_txt="The year."), workers=1))
    assert document.text == "The year."
    assert children() - before == {worker}
    os.kill(worker, signal.SIGKILL)
    assert [outcome(found) for _, found in read(collection, sources)] == ["document"] * 2
    end_idle()
    assert children() <= before


def test_a_forked_process_has_workers_of_its_own(collection):
    sources = put(collection, a_txt="El año.")
    list(read(collection, sources))
    warm = children()
    pid = os.fork()
    if pid == 0:
        [(_, document)] = list(read(collection, sources))
        os._exit(0 if document.text == "El año." and not children() & warm else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert [outcome(found) for _, found in read(collection, sources)] == ["document"]


def test_no_more_documents_are_read_ahead_than_twice_the_workers(collection):
    sources = put(collection, **{f"n{i:02}_html": "<p>El año." for i in range(20)})
    with closing(read(collection, sources, workers=2)) as found:
        first = next(found)
        for source in sources:
            collection.remove(source.doc_id)
        rest = list(found)
    assert outcome(first[1]) == "document"
    assert all(source is None for source, _ in rest[3:])
    assert len(rest) == 19


def test_closing_early_leaves_no_process_behind(collection, hostile):
    before = children()
    sources = put(collection, a_txt="El año.", b_html="endless", c_html="endless")
    found = read(collection, sources, workers=3)
    next(found)
    assert len(children() - before) == 3
    found.close()
    end_idle()
    assert children() <= before


def test_what_waiting_raises_ends_the_reading_at_once_and_all_workers(collection, hostile):
    before = children()
    sources = put(collection, a_html="endless", b_html="endless")
    n_calls = 0

    def waiting():
        nonlocal n_calls
        n_calls += 1
        if n_calls == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(read(collection, sources, workers=2, waiting=waiting))
    assert children() <= before


def test_a_worker_that_dies_after_it_has_read_others_costs_no_document(collection):
    sources = put(collection, **{f"n{i}_html": "<p>El año." for i in range(6)})
    before = children()
    with closing(read(collection, sources, workers=1)) as found:
        kept = [next(found)]
        for worker in children() - before:
            os.kill(worker, signal.SIGSEGV)
        kept += found
    assert [outcome(result) for _, result in kept] == ["document"] * 6


@pytest.mark.parametrize("path", ["/nowhere/python", "/bin/false"])
def test_when_no_worker_starts_it_is_an_error_and_no_file_is_blamed(collection, monkeypatch, path):
    sources = put(collection, a_html="<p>El año.")
    monkeypatch.setattr(sys, "executable", path)
    with pytest.raises(
        CorpusError, match="no process could be started to read documents"
    ) as caught:
        list(read(collection, sources))
    assert "\n" not in str(caught.value)


def test_read_works_in_a_thread_beside_others(collection):
    sources = put(collection, a_txt="El año.", b_txt="The year.")
    found = {}

    def run(name):
        found[name] = [outcome(r) for _, r in read(collection, sources, workers=2)]

    threads = [threading.Thread(target=run, args=(n,)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert found == {n: ["document", "document"] for n in range(3)}


READER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from corpus.collection import Collection
from corpus.readers.pool import end_idle, read
collection = Collection(Path(sys.argv[1]))
said = []
def waiting():
    # the text before it is done, so its worker is at the endless page now
    if not said and n_read:
        said.append(print("busy", flush=True))
n_read = 0
for _ in read(collection, collection.scan().sources, workers=1, waiting=waiting):
    n_read += 1
"""


@pytest.mark.parametrize(
    "number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT], ids=lambda s: s.name
)
def test_when_the_parent_is_killed_its_worker_ends_even_inside_an_endless_loop(
    collection, hostile, tmp_path, number
):
    put(collection, a_txt="El año.", b_html="endless")
    command = [sys.executable, "-c", READER, str(collection.documents), str(tmp_path / "lib")]
    with started(command, clean_environ()) as parent:
        assert parent.line() == "busy\n"
        [worker] = children(parent.process.pid)
        ended = os.pidfd_open(worker)
        parent.process.send_signal(number)
        gone, _, _ = select.select([ended], [], [], 20)
        os.close(ended)
        if not gone:
            os.kill(worker, signal.SIGKILL)
    assert gone


def test_a_worker_imports_nothing_of_the_index(collection, tmp_path, monkeypatch):
    (tmp_path / "lib" / "selectolax").mkdir(parents=True)
    (tmp_path / "lib" / "selectolax" / "__init__.py").touch()
    told = tmp_path / "loaded.txt"
    (tmp_path / "lib" / "selectolax" / "lexbor.py").write_text(
        f"import sys\nfrom pathlib import Path\nPath({str(told)!r}).write_text(' '.join(sys.modules))\n"
    )
    monkeypatch.syspath_prepend(tmp_path / "lib")
    list(read(collection, put(collection, a_html="<p>año</p>")))
    loaded = {name.split(".")[0] for name in told.read_text().split()}
    assert "corpus" in loaded
    assert not loaded & {"index", "qa", "api", "numpy", "faiss", "onnxruntime", "tokenizers"}
