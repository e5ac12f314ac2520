"""Builds: made, opened, switched, damaged, interrupted; and that a short way round gives the same."""

import contextlib
import errno
import gc
import json
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
import time
import weakref
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from child import started
from conftest import clean_environ
from hash_encoder import HashEncoder

from corpus import language
from corpus.document import (
    BuildRunningError,
    DamagedIndexError,
    Document,
    EncoderError,
    FuenteError,
    IncompatibleIndexError,
    NoIndexError,
    StorageError,
    StoreError,
    UnknownBuildError,
    UnknownDocumentError,
)
from corpus.languages import LANGS
from corpus.parse import parse
from corpus.reading import reading_mark
from corpus.split import Splitting
from index.compatibility import FORMAT
from index.local.build import BuildCancelled, build, index_documents
from index.local.manifest import VECTOR_FORMATS, BuildLayout, Manifest, SegmentLayout
from index.local.segment import Segment
from index.local.store import Index, activate, current_build_id, list_builds, make_active, prune
from index.part import embedded_text
from index.sentences import sentence_key

TESTS = Path(__file__).parent
DOCUMENTS = {
    "cuentos/El año del ñandú.md": (
        "# El ñandú\n\n🪶 El ñandú corre deprisa 👩‍👩‍👧. ¿Vuela? ¡No! El ñandú vive en la pampa.\n\n"
        "## La niña\n\nLa niña que vive en la montaña lo vio de lejos.\n"
    ),
    "rivers.txt": "The river Amazon is long. It begins in the Andes of Peru.\n",
    "cafe.txt": "El café crece a la sombra. La cosecha empieza en abril.\n",
}
SMALL = Splitting(max_tokens=12)


def write(data, documents):
    for name, text in documents.items():
        path = data / "documents" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())


@pytest.fixture
def data(tmp_path):
    write(tmp_path / "data", DOCUMENTS)
    return tmp_path / "data"


@pytest.fixture
def clock():
    """A clock that goes on a minute each time it is read."""
    minutes = iter(range(10_000))
    return lambda: datetime(2026, 11, 22, tzinfo=UTC) + timedelta(minutes=next(minutes))


def after_calls(n):
    """A ``cancelled`` that says so after n times."""
    calls = iter(range(10_000))
    return lambda: next(calls) >= n


def one_line(caught):
    message = str(caught.value)
    assert "\n" not in message
    assert len(message) > 20
    return message


def content(data, build_id=None):
    """What a build holds, without when and from which state it was made."""
    layout = BuildLayout(data / "builds" / (build_id or current_build_id(data)))
    manifest = Manifest.read(layout.manifest)
    return {
        "files": [
            {p.name: p.read_bytes() for p in layout.segment(part.segment_id).files()}
            for part in manifest.segments
        ],
        "gone": [part.gone for part in manifest.segments],
        "sources": [(s.doc_id, s.sha256, s.size_bytes) for s in manifest.sources],
        "skipped": manifest.skipped,
        "languages": manifest.languages,
        "counts": (manifest.n_documents, manifest.n_passages),
        "probe": manifest.probe,
        "encoder": manifest.encoder,
    }


def serves(data, encoder=None):
    """The active build opens and every passage is its document's text; its documents' ids."""
    index = Index.open(data, encoder or HashEncoder())
    texts = {d.doc_id: index.document(d.doc_id).text for d in index.documents()}
    for p in index.passages(range(len(index))):
        assert texts[p.doc_id][p.start : p.end] == p.text
    index.close()
    return sorted(texts)


# ------------------------------------------------------------------------- build and open


def test_a_build_holds_every_document_and_passage(data):
    report = build(data, HashEncoder(), splitting=SMALL)
    assert report.added == tuple(sorted(DOCUMENTS))
    assert (report.changed, report.removed, report.kept, report.skipped) == ((), (), (), ())
    index = Index.open(data, HashEncoder())
    assert report.build_id == index.build_id == current_build_id(data)
    assert report.n_passages == report.n_encoded == len(index) == index.manifest.n_passages
    assert [d.doc_id for d in index.documents()] == sorted(DOCUMENTS)
    assert {d.doc_id: d.lang for d in index.documents()} == {
        "cuentos/El año del ñandú.md": "es",
        "rivers.txt": "en",
        "cafe.txt": "es",
    }
    for info in index.documents():
        document = index.document(info.doc_id)
        rows = index.passages_of(info.doc_id)
        assert (info.n_passages, info.n_chars) == (len(rows), len(document.text))
        assert info.suffix == Path(info.doc_id).suffix
        assert info.sha256 == document.sha256
        assert document.title == info.title
        for passage in index.passages(rows):
            assert document.text[passage.start : passage.end] == passage.text
            assert passage.doc_id == info.doc_id
    assert sum(d.n_passages for d in index.documents()) == len(index)


def test_the_vector_of_a_row_is_that_of_its_passage(data):
    encoder = HashEncoder()
    build(data, encoder, splitting=SMALL)
    index = Index.open(data, encoder)
    passages = index.passages(range(len(index)))
    expected = encoder.encode_passages([embedded_text(p) for p in passages])
    np.testing.assert_allclose(index.dense.vectors(np.arange(len(index))), expected, atol=1e-3)
    for row, passage in enumerate(passages):
        question = encoder.encode_queries([embedded_text(passage)])
        assert index.dense.search(question, 1)[1][0, 0] == row
        assert len(index.tokens.codes_of(row).starts) > 0


def test_each_row_has_the_vectors_of_its_passages_sentences(data):
    build(data, HashEncoder())
    index = Index.open(data)
    assert len(index.sentences) == len(index)
    found = []
    for row, passage in enumerate(index.passages(range(len(index)))):
        spans = index.sentences.codes_of(row).spans
        assert [tuple(s) for s in spans.tolist()] == language.sentences(passage.text)
        told = [passage.text[a:b] for a, b in spans]
        for at, expected in enumerate(HashEncoder().encode_passages(told)):
            assert index.sentences.cosines([row], expected)[0][1][at] > 0.999
        found += told
    assert {"¿Vuela?", "¡No!", "La cosecha empieza en abril."} <= set(found)
    assert "It begins in the Andes of Peru." in found


def keys_of(text, lang):
    return {sentence_key(lang, term) for term in language.terms(text, lang)}


def test_the_terms_kept_are_those_of_each_heading_and_sentence(data):
    write(data, {"mezcla.md": "# Título\n\nEl Sr. Díaz pagó 3.180 soles. d'Ivoire, ¿1997? Fin…\n"})
    build(data, HashEncoder(), splitting=SMALL)
    index = Index.open(data)
    assert len(index.terms) == len(index)
    for row, passage in enumerate(index.passages(range(len(index)))):
        heading, *told = index.terms.of(row)
        assert heading == keys_of(passage.heading, passage.lang)
        cut = [passage.text[a:b] for a, b in index.sentences.codes_of(row).spans]
        assert told == [keys_of(sentence, passage.lang) for sentence in cut]
        # and together those that the passage is found by
        assert heading.union(*told) == keys_of(embedded_text(passage), passage.lang)


def test_passages_come_in_the_order_asked_for(data):
    build(data, HashEncoder(), splitting=SMALL)
    index = Index.open(data)
    every = index.passages(range(len(index)))
    assert index.passages([2, 0, 2]) == [every[2], every[0], every[2]]
    assert index.passages(np.array([1])) == [every[1]]
    assert index.passages([]) == []


def test_a_place_has_title_and_section(data):
    build(data, HashEncoder(), splitting=SMALL)
    index = Index.open(data)
    rows = index.passages_of("cuentos/El año del ñandú.md")
    place = index.places([rows[-1]])[0]
    assert place.passage.text.startswith("La niña")
    assert place.section_path == ("El ñandú", "La niña")
    assert place.page is None
    assert place.title == index.document("cuentos/El año del ñandú.md").title


def test_title_and_section_of_a_document_are_read_once(data, monkeypatch):
    monkeypatch.setattr("index.local.segment._OUTLINES_KEPT", 2)
    build(data, HashEncoder(), full=True)
    index = Index.open(data, HashEncoder())
    rows, read = range(len(index)), []
    expected = index.places(rows)
    assert len({place.passage.doc_id for place in expected}) > 2
    assert index.places(rows) == expected
    for segment in index.segments:
        segment._connection.set_trace_callback(read.append)
    one = [
        row
        for row, place in enumerate(expected)
        if place.passage.doc_id == expected[0].passage.doc_id
    ]
    index.places(one)
    read.clear()
    assert index.places(one) == [expected[row] for row in one]
    assert [sql for sql in read if "headings" in sql] == []


def test_an_index_that_is_let_go_is_gone_at_once(data):
    build(data, HashEncoder(), full=True)
    index = Index.open(data, HashEncoder())
    index.lexical.df("es", "agua")
    gone = [weakref.ref(index), weakref.ref(index.lexical), weakref.ref(index.segments[0])]
    gc.disable()
    try:
        del index
        assert [one() for one in gone] == [None] * 3
    finally:
        gc.enable()


def test_rows_can_be_limited_by_language_and_document(data):
    build(data, HashEncoder(), splitting=SMALL)
    index = Index.open(data)
    every = index.passages(range(len(index)))

    def expected(keep):
        return [row for row, p in enumerate(every) if keep(p)]

    assert index.rows_where() is None
    assert index.rows_where(["en"]).tolist() == expected(lambda p: p.lang == "en")
    assert index.rows_where(["en", "es"]).tolist() == expected(lambda p: p.lang in ("en", "es"))
    assert index.rows_where([], ["cafe.txt"]).tolist() == expected(lambda p: p.doc_id == "cafe.txt")
    assert index.rows_where(["en"], ["cafe.txt"]).tolist() == []
    with pytest.raises(UnknownDocumentError, match=r"no\.txt"):
        index.rows_where([], ["no.txt"])


@pytest.mark.parametrize("ask", [Index.document, Index.passages_of])
def test_an_unknown_document_is_told_by_name(data, ask):
    build(data, HashEncoder())
    with pytest.raises(UnknownDocumentError) as caught:
        ask(Index.open(data), "ñu.txt")
    assert "'ñu.txt'" in one_line(caught)


def test_without_a_build_there_is_no_index(tmp_path):
    with pytest.raises(NoIndexError) as caught:
        Index.open(tmp_path / "data")
    assert "fuente build FOLDER" in one_line(caught)
    assert current_build_id(tmp_path) is None
    assert list_builds(tmp_path) == []


def test_an_empty_collection_has_an_index_that_finds_nothing(tmp_path):
    report = build(tmp_path, HashEncoder())
    assert (report.n_documents, report.n_passages) == (0, 0)
    index = Index.open(tmp_path, HashEncoder())
    assert len(index) == 0
    assert index.documents() == []
    assert index.dense.search(np.ones((1, 64), np.float32), 5)[1].shape == (1, 0)
    assert index.rows_where(["es"]).tolist() == []
    # and grows from there, and goes back
    write(tmp_path, DOCUMENTS)
    assert build(tmp_path, HashEncoder()).n_documents == 3
    shutil.rmtree(tmp_path / "documents")
    (tmp_path / "documents").mkdir()
    assert build(tmp_path, HashEncoder()).removed == tuple(sorted(DOCUMENTS))
    assert serves(tmp_path) == []


def test_an_index_of_documents_that_are_no_files(tmp_path):
    texts = ["La niña vive en Lima.", "The girl lives in Lima."]
    documents = [
        Document(f"d{i}", f"Doc {i}", lang, text, (), (), "0" * 64)
        for i, (lang, text) in enumerate(zip(("es", "en"), texts, strict=True))
    ]
    index = index_documents(documents, HashEncoder(), tmp_path)
    assert [p.text for p in index.passages(range(len(index)))] == texts
    assert not list(tmp_path.glob(".encoding*"))


def test_a_build_keeps_the_blocks_of_documents_and_tells_those_of_a_passage(data):
    write(
        data,
        {"lista.md": "# Papeles\n\nHace falta:\n\n- el DNI\n- una foto\n\nSe entregan en mayo."},
    )
    build(data, HashEncoder())
    index = Index.open(data)
    text = index.document("lista.md").text
    kept = index.document("lista.md").blocks
    assert kept == parse((data / "documents" / "lista.md").read_bytes(), "lista.md").blocks
    for row in index.passages_of("lista.md"):
        (passage,) = index.passages([row])
        blocks = index.blocks(row)
        own = [b for b in kept if b.start < passage.end and b.end > passage.start]
        assert [(b.kind, b.start, b.end, b.cells) for b in blocks] == [
            (b.kind, b.start, b.end, b.cells) for b in own
        ]
        assert {text[blocks[b.parent].start :][:5] for b in blocks if b.parent is not None} == {
            "Hace "
        }
    assert index.document("lista.md").text == text
    index.close()


def test_a_documents_folder_that_is_gone_stops_the_build(data):
    first = build(data, HashEncoder())
    (data / "documents").rename(data / "elsewhere")
    with pytest.raises(StorageError, match="mount its disk or put the folder back"):
        build(data, HashEncoder())
    assert current_build_id(data) == first.build_id
    (data / "documents").mkdir()
    assert build(data, HashEncoder()).n_documents == 0


@pytest.fixture
def eight(tmp_path):
    (tmp_path / "documents").mkdir()
    for n in range(8):
        text = f"El acta {n} cuenta el año {1900 + n}."
        (tmp_path / "documents" / f"acta-{n}.txt").write_text(text, "utf-8")
    build(tmp_path, HashEncoder())
    return tmp_path


@pytest.mark.parametrize("full", [False, True])
def test_a_build_without_most_of_the_documents_is_refused_unless_it_is_meant(eight, full):
    first = current_build_id(eight)
    for n in range(6):
        (eight / "documents" / f"acta-{n}.txt").unlink()
    with pytest.raises(StoreError, match="6 of the 8 documents .* are gone .* --allow-removal"):
        build(eight, HashEncoder(), full=full)
    assert current_build_id(eight) == first
    assert build(eight, HashEncoder(), dry_run=True).removed == tuple(
        f"acta-{n}.txt" for n in range(6)
    )
    assert build(eight, HashEncoder(), full=full, allow_removal=True).n_documents == 2


def test_documents_that_are_moved_or_few_may_go(eight):
    (eight / "documents" / "viejas").mkdir()
    for n in range(8):
        (eight / "documents" / f"acta-{n}.txt").rename(eight / "documents" / "viejas" / f"{n}.txt")
    assert build(eight, HashEncoder()).n_documents == 8
    for n in range(4):
        (eight / "documents" / "viejas" / f"{n}.txt").unlink()
    assert build(eight, HashEncoder()).n_documents == 4


def test_prune_keeps_the_last_build_that_holds_documents(eight):
    first = current_build_id(eight)
    for path in (eight / "documents").iterdir():
        path.unlink()
    empty = build(eight, HashEncoder(), allow_removal=True)
    assert empty.n_documents == 0
    assert prune(eight, keep=1) == []
    assert {info.build_id for info in list_builds(eight)} == {first, empty.build_id}


def test_a_build_of_the_format_before_is_made_anew_and_keeps_its_vectors(data):
    first = build(data, HashEncoder())
    folder = data / "builds" / first.build_id
    facts = json.loads((folder / "manifest.json").read_text("utf-8"))
    (folder / "manifest.json").write_text(
        json.dumps({**facts, "format": VECTOR_FORMATS[0]}), "utf-8"
    )
    with pytest.raises(IncompatibleIndexError, match="run `fuente build`"):
        Index.open(data)
    again = build(data, HashEncoder())
    assert (again.n_encoded, again.n_passages) == (0, first.n_passages)
    assert set(again.added) == set(first.added)
    assert content(data) == content(data, again.build_id)


def test_documents_that_are_no_files_may_come_in_any_order(tmp_path):
    told = {
        "z": ("es", "El agua de la fuente."),
        "a": ("en", "A cold spring."),
        "m": ("es", "Nieve."),
    }
    documents = [Document(d, d, lang, text, (), (), "") for d, (lang, text) in told.items()]
    index = index_documents(documents, HashEncoder(), tmp_path)
    assert [p.doc_id for p in index.passages([0, 1, 2])] == ["a", "m", "z"]
    for doc_id, (lang, text) in told.items():
        [row] = index.passages_of(doc_id)
        [passage] = index.passages([row])
        assert (passage.text, passage.lang) == (text, lang)
        assert LANGS[index.lexical.langs[row]] == lang
        [found] = index.rows_where(doc_ids=[doc_id])
        assert found == row


def test_an_index_is_read_by_many_threads_at_once(data):
    write(data, {f"n{i}.txt": f"Texto número {i} de la niña. " * 20 for i in range(20)})
    build(data, HashEncoder(), splitting=SMALL)
    index = Index.open(data)
    expected = index.passages(range(len(index)))
    wrong = []

    def read(seed):
        rng = random.Random(seed)
        for _ in range(30):
            rows = rng.sample(range(len(index)), 10)
            if index.passages(rows) != [expected[r] for r in rows]:
                wrong.append(rows)
            index.document(f"n{rng.randrange(20)}.txt")

    threads = [threading.Thread(target=read, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert wrong == []


def test_an_open_index_goes_on_after_its_build_is_gone(data, clock):
    build(data, HashEncoder(), now=clock)
    index = Index.open(data)
    before = index.passages(range(len(index)))
    for i in range(5):
        write(data, {"cafe.txt": f"El café número {i}."})
        build(data, HashEncoder(), now=clock)
    assert index.build_id not in [b.build_id for b in list_builds(data)]
    assert index.passages(range(len(index))) == before
    assert len(index.dense.search(np.ones((1, 64), np.float32), 3)[1][0]) == 3


# ------------------------------------------------------------------------- what changed


def test_when_nothing_changed_no_build_is_written(data):
    first = build(data, HashEncoder())
    encoder = HashEncoder()
    second = build(data, encoder)
    assert second.build_id == first.build_id
    assert second.kept == tuple(sorted(DOCUMENTS))
    assert (second.n_encoded, encoder.encoded) == (0, [])
    assert (second.n_documents, second.n_passages) == (first.n_documents, first.n_passages)
    assert len(list_builds(data)) == 1


def test_a_file_that_was_only_touched_makes_no_build(data):
    first = build(data, HashEncoder())
    os.utime(data / "documents" / "cafe.txt", ns=(1, 1))
    assert build(data, HashEncoder()).build_id == first.build_id


def test_only_what_changed_is_encoded(data):
    build(data, HashEncoder())
    write(data, {"cafe.txt": "El té crece al sol.", "new.txt": "A new text about tea."})
    (data / "documents" / "rivers.txt").unlink()
    encoder = HashEncoder()
    report = build(data, encoder)
    assert report.added == ("new.txt",)
    assert report.changed == ("cafe.txt",)
    assert report.removed == ("rivers.txt",)
    assert report.kept == ("cuentos/El año del ñandú.md",)
    assert report.n_encoded == len(encoder.encoded) == 2
    assert serves(data) == ["cafe.txt", "cuentos/El año del ñandú.md", "new.txt"]


def test_a_dry_run_says_what_would_be_done_and_does_nothing(data):
    first = build(data, HashEncoder())
    write(data, {"new.txt": "A new text."})
    encoder = HashEncoder()
    report = build(data, encoder, dry_run=True)
    assert (report.build_id, report.added, report.n_encoded) == (None, ("new.txt",), 0)
    assert (report.n_documents, report.n_encode) == (4, 1)
    assert report.n_passages == first.n_passages + 1
    # one of them was tried for how long it takes, and is not kept
    assert len(encoder.encoded) == 1
    assert 0 < report.expected_s < 60
    assert current_build_id(data) == first.build_id
    assert len(list_builds(data)) == 1


def test_what_is_said_again_is_encoded_once_and_found_in_each_place(data):
    said = "El ñandú corre deprisa. El ñandú duerme. El ñandú corre deprisa. El ñandú duerme."
    again = "\n\n".join(f"# El ñandú\n\n{said}" for _ in range(30))
    write(data, {"again.md": again, "other.md": f"# El ñandú\n\n{said}"})
    other = HashEncoder()
    assert build(data, other, dry_run=True, splitting=SMALL).n_encode < 20
    encoder = HashEncoder()
    asked: list[str] = []
    sentences = encoder.encode_passages
    encoder.encode_passages = lambda texts: asked.extend(texts) or sentences(texts)
    report = build(data, encoder, splitting=SMALL)
    assert report.n_passages > 31
    assert report.n_encoded == len(encoder.encoded) == len(set(encoder.encoded)) < 20
    assert asked.count("El ñandú duerme.") <= 4
    index = Index.open(data, HashEncoder())
    of = [p for p in index.passages(range(len(index))) if "deprisa. El" in p.text]
    rows = [row for row, p in enumerate(index.passages(range(len(index)))) if "duerme" in p.text]
    assert len({p.passage_id for p in of}) == len(of)
    for row in rows:
        assert len(index.segments[0].sentences.codes_of(row).spans)
        assert index.segments[0].dense.vectors(np.array([row])).any()
    index.close()


def test_a_build_that_is_checked_opens_each_document_once_and_without_its_blocks(data, monkeypatch):
    write(data, {"large.md": "\n\n".join(f"Line {n} of the table of rivers." for n in range(300))})
    whole, plain = [], []
    monkeypatch.setattr(Segment, "document", _noted(Segment.document, whole))
    monkeypatch.setattr(Segment, "plain", _noted(Segment.plain, plain))
    report = build(data, HashEncoder(), splitting=SMALL)
    assert report.n_passages > 30
    assert len(plain) == len(set(plain)) <= report.n_documents
    assert all(how.get("text") is False for _, how in whole)


def _noted(method, calls):
    """The method, each of its calls noted with what it was given."""

    def noting(segment, doc_id, **how):
        calls.append(doc_id if not how else (doc_id, how))
        return method(segment, doc_id, **how)

    return noting


def test_a_full_build_encodes_everything_anew_and_gives_the_same(data):
    first = build(data, HashEncoder())
    encoder = HashEncoder()
    second = build(data, encoder, full=True)
    assert second.build_id != first.build_id
    assert second.n_encoded == second.n_passages == len(encoder.encoded)
    assert content(data, first.build_id) == content(data, second.build_id)


def test_another_splitting_splits_everything_anew(data):
    first = build(data, HashEncoder())
    second = build(data, HashEncoder(), splitting=Splitting(max_tokens=8))
    assert second.n_encoded == second.n_passages > first.n_passages
    assert Index.open(data).manifest.splitting == Splitting(max_tokens=8)


def test_a_passage_moved_to_another_document_is_not_encoded_again(data):
    text = "# Título\n\nEl agua de la fuente.\n"
    write(data, {"uno.md": text})
    build(data, HashEncoder())
    # the name of a file is part of what its passages are found by
    (data / "documents" / "otra").mkdir()
    (data / "documents" / "uno.md").rename(data / "documents" / "otra" / "uno.md")
    report = build(data, HashEncoder())
    assert (report.added, report.removed, report.n_encoded) == (("otra/uno.md",), ("uno.md",), 0)


def test_progress_goes_through_the_stages_in_order_and_ends_full(data):
    seen = []
    build(data, HashEncoder(), progress=seen.append)
    stages = list(dict.fromkeys(p.stage for p in seen))
    assert stages == ["scan", "parse", "encode", "write", "check", "activate"]
    for stage in ("parse", "encode", "activate"):
        last = [p for p in seen if p.stage == stage][-1]
        assert last.done == last.total > 0
    assert all(0 <= p.done <= p.total for p in seen)


WORDS = (
    "el año la niña ñandú fuente agua the river of Peru was long ¿quién? ¡ya! 😀 1997 y o a".split()
)


def random_text(rng):
    if rng.random() < 0.1:
        return b"" if rng.random() < 0.5 else b"\xff\x00\x01 roto"
    if rng.random() < 0.1:
        return rng.choice(["y o a", "of the", "Lima"])
    lines = [
        " ".join(rng.choices(WORDS, k=rng.randint(1, 15))) + "." for _ in range(rng.randint(1, 8))
    ]
    return "# Título\n\n" * rng.randint(0, 1) + rng.choice(["\n", "\n\n", " "]).join(lines)


def random_step(rng, documents):
    """One add, edit, rename, delete or touch; what was done, for a failure's message."""
    existing = sorted(p for p in documents.rglob("*") if p.is_file())
    what = rng.choice(["add", "add", "add", "edit", "edit", "rename", "delete", "touch", "clear"])
    if what == "clear" and (len(existing) < 4 or rng.random() < 0.7):
        what = "add"
    target = (
        documents
        / rng.choice(["", "año", "b/c"])
        / f"d{rng.randrange(30)}.{rng.choice(['md', 'txt'])}"
    )
    if what == "add" or not existing:
        target.parent.mkdir(parents=True, exist_ok=True)
        text = random_text(rng)
        target.write_bytes(text if isinstance(text, bytes) else text.encode())
        return f"add {target.name}"
    one = rng.choice(existing)
    if what == "edit":
        text = random_text(rng)
        one.write_bytes(text if isinstance(text, bytes) else text.encode())
    elif what == "rename":
        target.parent.mkdir(parents=True, exist_ok=True)
        one.replace(target)
    elif what == "delete":
        one.unlink()
    elif what == "touch":
        os.utime(one)
    else:
        for path in existing:
            path.unlink()
    return f"{what} {one.name}"


def test_small_steps_give_bit_for_bit_what_a_full_build_gives(tmp_path):
    rng = random.Random(20261122)
    data, fresh = tmp_path / "data", tmp_path / "fresh"
    (data / "documents").mkdir(parents=True)
    build(data, HashEncoder(), splitting=SMALL)
    log = []
    for step in range(40):
        log.append(random_step(rng, data / "documents"))
        if rng.random() < 0.3:
            continue
        if rng.random() < 0.3:
            try:
                build(
                    data, HashEncoder(), splitting=SMALL, cancelled=after_calls(rng.randrange(12))
                )
            except BuildCancelled:
                log.append("cancelled")
                if rng.random() < 0.5:
                    continue
        build(data, HashEncoder(), splitting=SMALL)
        if step % 8 == 0:
            shutil.rmtree(fresh, ignore_errors=True)
            shutil.copytree(data / "documents", fresh / "documents")
            build(fresh, HashEncoder(), splitting=SMALL)
            assert content(data) == content(fresh), log
    build(data, HashEncoder(), splitting=SMALL)
    shutil.rmtree(fresh)
    shutil.copytree(data / "documents", fresh / "documents")
    build(fresh, HashEncoder(), splitting=SMALL)
    assert content(data) == content(fresh), log
    assert serves(data) == serves(fresh)


def assert_same(ours, theirs):
    """Two opened builds hold and find the same, to the last bit, whatever segments they are made of."""
    assert ours.documents() == theirs.documents()
    n = len(theirs)
    rows = np.arange(n)
    assert ours.passages(rows) == theirs.passages(rows)
    assert ours.places(rows) == theirs.places(rows)
    for doc_id in (d.doc_id for d in theirs.documents()):
        assert ours.document(doc_id) == theirs.document(doc_id)
        assert ours.passages_of(doc_id) == theirs.passages_of(doc_id)
    np.testing.assert_array_equal(ours.dense.vectors(rows), theirs.dense.vectors(rows))
    np.testing.assert_array_equal(ours.lexical.langs, theirs.lexical.langs)
    for row in range(n):
        for a, b in (
            (ours.tokens.codes_of(row), theirs.tokens.codes_of(row)),
            (ours.sentences.codes_of(row), theirs.sentences.codes_of(row)),
        ):
            np.testing.assert_array_equal(a.codes, b.codes)
        assert ours.terms.of(row) == theirs.terms.of(row)
    encoder = HashEncoder()
    for question in ("¿Dónde vive el ñandú?", "The river of the Andes", "café montaña 1997", "xyz"):
        vector = encoder.encode_queries([question])
        words = {
            lang: [[(term, 1.0)] for term in language.terms(question, lang)]
            for lang in ("es", "en")
        }
        for k in (1, 7, n + 3):
            for allowed in (None, rows[::3]):
                for a, b in zip(
                    ours.dense.search(vector, k, allowed),
                    theirs.dense.search(vector, k, allowed),
                    strict=True,
                ):
                    np.testing.assert_array_equal(a, b)
                for a, b in zip(
                    ours.lexical.search(words, k, allowed, also=rows),
                    theirs.lexical.search(words, k, allowed, also=rows),
                    strict=True,
                ):
                    np.testing.assert_array_equal(a, b)
    for field in ("n_documents", "n_passages", "languages", "skipped", "encoder", "probe"):
        assert getattr(ours.manifest, field) == getattr(theirs.manifest, field), field
    assert {(s.doc_id, s.sha256) for s in ours.manifest.sources} == {
        (s.doc_id, s.sha256) for s in theirs.manifest.sources
    }


@pytest.mark.slow
def test_two_hundred_edits_in_segments_give_what_a_full_build_gives(tmp_path, monkeypatch):
    # So that a collection of some dozen passages has several segments, as one of thousands would
    monkeypatch.setattr("index.local.build.SMALL_SEGMENT", 2)
    rng = random.Random(20261122)
    data = tmp_path / "data"
    (data / "documents").mkdir(parents=True)
    log, most, with_gone = [], 0, 0
    for step in range(200):
        log.append(random_step(rng, data / "documents"))
        build(data, HashEncoder(), splitting=SMALL, allow_removal=True)
        with contextlib.closing(Index.open(data)) as ours:
            most = max(most, len(ours.segments))
            with_gone += any(part.gone for part in ours.manifest.segments)
            assert len(ours) == sum(len(ours.passages_of(d.doc_id)) for d in ours.documents())
            if step % 20 and step < 197:
                continue
            fresh = tmp_path / f"fresh{step}"
            shutil.copytree(data / "documents", fresh / "documents")
            build(fresh, HashEncoder(), splitting=SMALL)
            with contextlib.closing(Index.open(fresh)) as theirs:
                assert len(theirs.segments) == 1
                try:
                    assert_same(ours, theirs)
                except AssertionError as error:
                    raise AssertionError(f"after {log}") from error
            shutil.rmtree(fresh)
    # or it has proved nothing
    assert most >= 3
    assert with_gone >= 20


def inodes(data, build_id=None):
    folder = data / "builds" / (build_id or current_build_id(data))
    return {p.relative_to(folder).as_posix(): p.stat().st_ino for p in folder.rglob("*.npy")}


def test_a_change_shares_what_has_not_changed_with_the_build_before(data, monkeypatch, clock):
    monkeypatch.setattr("index.local.build.SMALL_SEGMENT", 2)
    write(data, many(40))
    first = build(data, HashEncoder(), now=clock)
    before = inodes(data)
    write(data, {"new.txt": "A new text about the ñandú."})
    (data / "documents" / "cafe.txt").unlink()
    second = build(data, HashEncoder(), now=clock)
    manifest = Index.open(data).manifest
    assert [part.segment_id for part in manifest.segments] == [first.build_id, second.build_id]
    assert [part.gone for part in manifest.segments] == [("cafe.txt",), ()]
    assert (second.n_documents, second.n_encoded) == (first.n_documents, 1)
    after = inodes(data)
    assert {name: after[name] for name in before} == before
    assert len(after) == 2 * len(before)
    # each build lists its share of the disk
    used = sum(
        {
            p.stat().st_ino: p.stat().st_size for p in (data / "builds").rglob("*") if p.is_file()
        }.values()
    )
    assert abs(sum(b.size_bytes for b in list_builds(data)) - used) < 10
    # and outlives the other
    shutil.rmtree(data / "builds" / first.build_id)
    assert "new.txt" in serves(data)
    assert "cafe.txt" not in serves(data)


def test_where_there_are_no_links_files_are_copied(data, monkeypatch, clock):
    monkeypatch.setattr("index.local.build.SMALL_SEGMENT", 2)

    def refuse(source, target):
        raise OSError(errno.EPERM, "links are not known here")

    monkeypatch.setattr(os, "link", refuse)
    write(data, many(40))
    build(data, HashEncoder(), now=clock)
    before = inodes(data)
    write(data, {"new.txt": "A new text."})
    build(data, HashEncoder(), now=clock)
    assert not set(before.values()) & set(inodes(data).values())
    assert "new.txt" in serves(data)


def test_a_segment_that_is_mostly_gone_is_written_anew(data, monkeypatch, clock):
    monkeypatch.setattr("index.local.build.SMALL_SEGMENT", 2)
    write(data, many(40))
    build(data, HashEncoder(), now=clock)
    for name in list(many(40))[:30]:
        (data / "documents" / name).unlink()
    last = build(data, HashEncoder(), now=clock, allow_removal=True)
    [part] = Index.open(data).manifest.segments
    assert (part.segment_id, part.gone, last.n_encoded) == (last.build_id, (), 0)


def test_when_every_document_goes_an_empty_index_is_left(data, clock):
    build(data, HashEncoder(), now=clock)
    shutil.rmtree(data / "documents")
    (data / "documents").mkdir()
    report = build(data, HashEncoder(), now=clock)
    assert (report.n_documents, report.n_passages) == (0, 0)
    assert serves(data) == []


def test_a_build_that_serves_has_not_failed_because_an_old_one_cannot_be_removed(
    data, monkeypatch, clock
):
    ids = three_builds(data, clock)
    write(data, {"cafe.txt": "El café número 3."})

    def refuse(source, target):
        if source.name == ids[0]:
            raise OSError(errno.EIO, "broken disk")
        return rename(source, target)

    rename = os.rename
    monkeypatch.setattr(os, "rename", refuse)
    newest = build(data, HashEncoder(), now=clock).build_id
    assert current_build_id(data) == newest
    assert len(list_builds(data)) == 4
    monkeypatch.setattr(os, "rename", rename)
    write(data, {"cafe.txt": "El café número 4."})
    last = build(data, HashEncoder(), now=clock).build_id
    assert [b.build_id for b in list_builds(data)] == [last, newest, ids[2]]


def test_a_build_that_is_being_removed_cannot_be_made_active(data, clock):
    ids = three_builds(data, clock)
    shutil.rmtree(data / "builds" / ids[0])
    with pytest.raises(UnknownBuildError):
        make_active(data, ids[0])
    assert current_build_id(data) == ids[2]


# ------------------------------------------------------------------------- bad files


def test_a_bad_file_is_skipped_with_its_reason_and_stops_nothing(data):
    write(
        data,
        {
            "roto.pdf": b"%PDF-1.7 roto",
            "vacio.txt": b"",
            "binary.txt": b"\x00\x01\x02",
            "foto.png": b"\x89PNG",
            "malo.docx": b"PK\x03\x04",
            "y.txt": "y o a",
        },
    )
    (data / "documents" / "nada.txt").symlink_to(data / "no hay")
    os.mkfifo(data / "documents" / "tubo.txt")
    report = build(data, HashEncoder())
    reasons = {s.doc_id: s.reason for s in report.skipped}
    assert set(reasons) == {
        "roto.pdf", "vacio.txt", "binary.txt", "foto.png", "malo.docx", "nada.txt", "tubo.txt",
    }  # fmt: skip
    assert all(reason and "\n" not in reason for reason in reasons.values())
    assert [s.doc_id for s in report.skipped] == sorted(reasons)
    assert serves(data) == sorted([*DOCUMENTS, "y.txt"])
    assert Index.open(data).manifest.skipped == report.skipped
    # the same bad files again are no news; a mended one is
    again = build(data, HashEncoder())
    assert (again.build_id, again.skipped) == (report.build_id, report.skipped)
    write(data, {"vacio.txt": "Ya tiene texto."})
    mended = build(data, HashEncoder())
    assert mended.changed == ("vacio.txt",)
    assert set(reasons) - {s.doc_id for s in mended.skipped} == {"vacio.txt"}


def at_first_parse(action):
    done = []

    def progress(event):
        if event.stage == "parse" and not done:
            done.append(True)
            action()

    return progress


def test_a_file_that_vanishes_during_a_build_is_skipped(data):
    path = data / "documents" / "rivers.txt"
    report = build(data, HashEncoder(), progress=at_first_parse(path.unlink))
    assert [s.doc_id for s in report.skipped] == ["rivers.txt"]
    assert "\n" not in report.skipped[0].reason
    assert "rivers.txt" not in serves(data)


def test_a_file_that_could_not_be_read_once_is_tried_again_even_if_it_has_not_changed(data):
    path, away = data / "documents" / "rivers.txt", data / "away"
    build(data, HashEncoder(), progress=at_first_parse(lambda: path.rename(away)))
    assert "rivers.txt" not in serves(data)
    away.rename(path)
    report = build(data, HashEncoder())
    assert report.added == ("rivers.txt",)
    assert serves(data) == sorted(DOCUMENTS)


def test_a_file_replaced_during_a_build_is_indexed_as_it_was_read_and_seen_next_time(data):
    path = data / "documents" / "rivers.txt"
    build(
        data, HashEncoder(), progress=at_first_parse(lambda: path.write_text("The Nile is long."))
    )
    assert Index.open(data).document("rivers.txt").text.strip() == "The Nile is long."
    path.write_text("The Ebro is long.")
    assert build(data, HashEncoder()).changed == ("rivers.txt",)
    assert Index.open(data).document("rivers.txt").text.strip() == "The Ebro is long."


# ------------------------------------------------------------------------- another encoder


def test_an_encoder_of_another_dimension_is_refused_with_both_numbers(data):
    build(data, HashEncoder(64))
    with pytest.raises(IncompatibleIndexError) as caught:
        Index.open(data, HashEncoder(32))
    message = one_line(caught)
    assert "64" in message
    assert "32" in message
    assert "fuente build" in message


def test_another_revision_of_the_encoder_is_refused_with_both(data):
    build(data, HashEncoder(seed=1))
    with pytest.raises(IncompatibleIndexError) as caught:
        Index.open(data, HashEncoder(seed=2))
    assert "seed-1" in one_line(caught)
    assert "seed-2" in one_line(caught)


def test_other_weights_behind_the_same_card_are_found_out_by_the_probe(data):
    build(data, HashEncoder(seed=1, revision="r"))
    with pytest.raises(IncompatibleIndexError) as caught:
        Index.open(data, HashEncoder(seed=2, revision="r"))
    assert "gives other vectors" in one_line(caught)


def test_an_encoder_of_another_name_and_equal_weights_is_accepted(data):
    build(data, HashEncoder(name="uno"))
    assert len(Index.open(data, HashEncoder(name="dos"))) > 0
    assert len(Index.open(data)) > 0


def test_building_with_another_encoder_encodes_everything_and_leaves_the_old_build(data, clock):
    first = build(data, HashEncoder(seed=1), now=clock)
    encoder = HashEncoder(32, seed=2)
    second = build(data, encoder, now=clock)
    assert second.n_encoded == second.n_passages == len(encoder.encoded)
    assert len(Index.open(data, encoder)) == second.n_passages
    activate(data, first.build_id)
    assert len(Index.open(data, HashEncoder(seed=1))) == first.n_passages
    with pytest.raises(IncompatibleIndexError):
        Index.open(data, encoder)


class BrokenEncoder(HashEncoder):
    """Gives no number for the texts that hold a word."""

    def __init__(self, word):
        super().__init__()
        self._bad = word

    def encode_tokens(self, texts, kind):
        found = super().encode_tokens(texts, kind)
        for text, one in zip(texts, found, strict=True):
            if self._bad in text:
                one.vector[0] = np.nan
        return found


def test_a_vector_that_is_no_number_stops_the_build_and_is_not_kept_for_the_next(data):
    first = build(data, HashEncoder())
    write(data, {"tea.txt": "Tea grows in the sun."})
    with pytest.raises(EncoderError) as caught:
        build(data, BrokenEncoder("Tea"))
    assert "1 vectors that are not finite" in one_line(caught)
    assert current_build_id(data) == first.build_id
    build(data, HashEncoder())
    assert "tea.txt" in serves(data)


# ------------------------------------------------------------------------- damage


def damaged_files():
    return [p.name for p in SegmentLayout(Path()).files()]


@pytest.mark.parametrize("name", damaged_files())
@pytest.mark.parametrize("damage", ["truncated", "flipped", "missing", "empty"])
def test_a_damaged_file_is_told_by_name_and_mended_by_a_build(data, name, damage):
    first = build(data, HashEncoder())
    path = data / "builds" / first.build_id / first.build_id / name
    whole = path.read_bytes()
    if damage == "missing":
        path.unlink()
    elif damage == "flipped":
        middle = len(whole) // 2
        path.write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
    else:
        path.write_bytes(whole[: len(whole) // 2] if damage == "truncated" else b"")
    for broken in (lambda: Index.open(data), lambda: activate(data, first.build_id)):
        with pytest.raises(DamagedIndexError) as caught:
            broken()
        assert name in one_line(caught)
        assert first.build_id in str(caught.value)
        assert "fuente build --full" in str(caught.value)
    if damage != "flipped":
        assert name in list_builds(data)[0].problem
    second = build(data, HashEncoder())
    assert second.build_id != first.build_id
    assert serves(data) == sorted(DOCUMENTS)


@pytest.mark.parametrize("manifest", [None, b"", b"{", b'{"format": %d}' % FORMAT])
def test_a_damaged_manifest_is_told_and_mended_by_a_build(data, manifest):
    first = build(data, HashEncoder())
    path = data / "builds" / first.build_id / "manifest.json"
    path.unlink() if manifest is None else path.write_bytes(manifest)
    with pytest.raises(DamagedIndexError) as caught:
        Index.open(data)
    one_line(caught)
    [info] = list_builds(data)
    assert info.active
    assert "manifest.json" in info.problem
    build(data, HashEncoder())
    assert serves(data) == sorted(DOCUMENTS)


@pytest.mark.parametrize(
    "name",
    [b"20200101T000000Z-aaaaaa", b"../../etc", b"\xff\xfe\x00x", b".lock", b"x" * 5000, b"a\x00b"],
)
def test_a_current_that_names_no_build_is_damage_and_mended_by_a_build(data, name):
    build(data, HashEncoder())
    (data / "CURRENT").write_bytes(name)
    with pytest.raises(DamagedIndexError) as caught:
        Index.open(data)
    assert re.search(r"activate an?(other)? build", str(caught.value))
    build(data, HashEncoder())
    assert serves(data) == sorted(DOCUMENTS)


def test_an_empty_current_is_no_index_and_the_builds_are_still_there(data):
    first = build(data, HashEncoder())
    (data / "CURRENT").write_bytes(b"\n")
    with pytest.raises(NoIndexError):
        Index.open(data)
    activate(data, first.build_id)
    assert serves(data) == sorted(DOCUMENTS)


def test_a_build_of_another_format_is_refused_and_replaced(data):
    first = build(data, HashEncoder())
    path = data / "builds" / first.build_id / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), "format": 99}), "utf-8")
    with pytest.raises(IncompatibleIndexError, match="format 99"):
        Index.open(data)
    build(data, HashEncoder())
    assert serves(data) == sorted(DOCUMENTS)


# ------------------------------------------------------------------------- activate and prune


def three_builds(data, clock):
    ids = []
    for i in range(3):
        write(data, {"cafe.txt": f"El café número {i}."})
        ids.append(build(data, HashEncoder(), now=clock).build_id)
    return ids


def text_of(data, doc_id="cafe.txt"):
    return Index.open(data).document(doc_id).text.strip()


@pytest.mark.parametrize("step_s", [0.1, -3600], ids=["one second", "a clock that goes back"])
def test_the_newest_builds_are_kept_whatever_the_clock_says(data, step_s):
    ticks = iter(range(100))
    began = datetime(2026, 11, 22, 12, tzinfo=UTC)
    made = []
    for number in range(6):
        write(data, {"cafe.txt": f"El café número {number}."})
        clock = began + timedelta(seconds=step_s * next(ticks))
        made.append(build(data, HashEncoder(), now=lambda at=clock: at).build_id)
        assert [info.build_id for info in list_builds(data)] == made[::-1][:3]
    activate(data, made[-3])
    assert text_of(data) == "El café número 3."


def test_builds_are_listed_newest_first_with_the_active_one_marked(data, clock):
    ids = three_builds(data, clock)
    found = list_builds(data)
    assert [b.build_id for b in found] == ids[::-1]
    assert [b.active for b in found] == [True, False, False]
    assert all(b.problem is None and b.size_bytes > 1000 and b.encoder == "hash" for b in found)
    assert [b.created_at[:16] for b in found][::-1] == [f"2026-11-22T00:0{i}" for i in range(3)]


def test_an_older_build_can_be_activated_and_opened_by_name(data, clock):
    ids = three_builds(data, clock)
    assert text_of(data) == "El café número 2."
    activate(data, ids[0])
    assert current_build_id(data) == ids[0]
    assert text_of(data) == "El café número 0."
    assert (
        Index.open(data, build_id=ids[1]).document("cafe.txt").text.strip() == "El café número 1."
    )
    # a build from there brings the folder's state back
    assert build(data, HashEncoder(), now=clock).changed == ("cafe.txt",)
    assert text_of(data) == "El café número 2."


@pytest.mark.parametrize(
    "name", ["", ".", "..", "no-hay", "a/b", "../x", ".lock", "x" * 5000, "/etc", "año\n", "a\0b"]
)
def test_an_unknown_build_cannot_be_activated_or_opened(data, name):
    first = build(data, HashEncoder())
    with pytest.raises(UnknownBuildError):
        activate(data, name)
    if name:
        with pytest.raises(UnknownBuildError):
            Index.open(data, build_id=name)
    assert current_build_id(data) == first.build_id


def test_a_damaged_build_is_not_activated(data, clock):
    ids = three_builds(data, clock)
    (data / "builds" / ids[0] / ids[0] / "dense.faiss").write_bytes(b"roto")
    with pytest.raises(DamagedIndexError):
        activate(data, ids[0])
    assert current_build_id(data) == ids[2]


def test_a_build_keeps_the_three_newest(data, clock):
    ids = three_builds(data, clock)
    write(data, {"cafe.txt": "El café número 3."})
    newest = build(data, HashEncoder(), now=clock).build_id
    assert [b.build_id for b in list_builds(data)] == [newest, ids[2], ids[1]]


@pytest.mark.parametrize("keep", [0, 1, 2, 3, 9])
@pytest.mark.parametrize("active", [0, 1, 2])
def test_prune_never_removes_the_active_build(data, clock, keep, active):
    ids = three_builds(data, clock)
    activate(data, ids[active])
    removed = prune(data, keep)
    left = [b.build_id for b in list_builds(data)]
    assert ids[active] in left
    assert len(left) == max(1, min(3, keep))
    assert sorted([*removed, *left]) == sorted(ids)
    # of the others the newest stay
    others = [i for i in ids if i != ids[active]]
    assert [i for i in others if i in removed] == others[: len(removed)]
    assert serves(data) == sorted(DOCUMENTS)
    assert not list((data / "builds").glob(".*.removed"))


# ------------------------------------------------------------------------- interrupted


def many(n=40):
    return {f"n{i:02}.txt": f"Texto número {i} sobre la niña y el agua." for i in range(n)}


def leftovers(data):
    locks = {".lock", ".switching"}
    return [p.name for p in (data / "builds").glob(".*") if p.name not in locks]


def test_a_second_build_at_once_is_refused_and_the_first_ends(data):
    refused = []

    def try_another(_):
        for attempt in (lambda: build(data, HashEncoder()), lambda: prune(data)):
            with pytest.raises(BuildRunningError) as caught:
                attempt()
            refused.append(one_line(caught))

    build(data, HashEncoder(on_batch=try_another))
    assert len(refused) >= 2
    assert "another process is building" in refused[0]
    assert serves(data) == sorted(DOCUMENTS)


def test_a_cancelled_build_keeps_what_was_encoded(data):
    first = build(data, HashEncoder())
    write(data, many(150))
    encoder = HashEncoder()
    with pytest.raises(BuildCancelled) as caught:
        build(data, encoder, cancelled=lambda: len(encoder.encoded) >= 64)
    kept = len(encoder.encoded)
    assert 64 <= kept < 150
    assert f"{kept} of 150 passages encoded" in one_line(caught)
    assert current_build_id(data) == first.build_id
    assert serves(data) == sorted(DOCUMENTS)
    report = build(data, HashEncoder())
    assert report.n_encoded == 150 - kept
    assert report.n_passages == first.n_passages + 150
    assert leftovers(data) == []


@pytest.mark.slow
def test_a_build_can_be_cancelled_at_every_moment(data, tmp_path):
    first = build(data, HashEncoder())
    write(data, {**many(5), "y.md": "# y\n\ny o a"})
    encoder = HashEncoder()
    for moment in range(100):
        try:
            build(data, encoder, cancelled=after_calls(moment))
        except BuildCancelled:
            assert current_build_id(data) == first.build_id
            assert len(list_builds(data)) == 1
            continue
        break
    assert moment >= 8
    assert len(encoder.encoded) == 6  # each passage once in all those attempts
    fresh = tmp_path / "fresh"
    shutil.copytree(data / "documents", fresh / "documents")
    build(fresh, HashEncoder())
    assert content(data) == content(fresh)
    assert leftovers(data) == []


def test_passages_without_content_are_kept_from_a_cancelled_build(tmp_path):
    write(tmp_path, {"a.md": "# Y\n\ny o a", "b.txt": "El agua de la fuente."})
    encoder = HashEncoder()
    with pytest.raises(BuildCancelled):
        build(tmp_path, encoder, cancelled=lambda: len(encoder.encoded) == 2)
    report = build(tmp_path, HashEncoder())
    assert report.n_encoded == 0
    index = Index.open(tmp_path)
    query = HashEncoder().encode_tokens(["agua"], "query")[0].tokens
    assert [c.shape[0] for c, _ in index.tokens.similarities(query, [0, 1])] == [1, 1]


def test_sentences_kept_from_a_cancelled_build_are_those_of_a_whole_one(tmp_path):
    texts = {
        "a.md": "# Y\n\ny o a",
        "b.txt": "¿Agua? ¡Sí! De la fuente.",
        "c.txt": "One. Two words.",
    }
    stopped, whole = tmp_path / "stopped", tmp_path / "whole"
    for data in (stopped, whole):
        write(data, texts)
    encoder = HashEncoder()
    with pytest.raises(BuildCancelled):
        build(stopped, encoder, cancelled=lambda: len(encoder.encoded) == 3)
    assert build(stopped, HashEncoder()).n_encoded == 0
    build(whole, HashEncoder())
    assert content(stopped) == content(whole)
    ours, theirs = Index.open(stopped), Index.open(whole)
    for row in range(len(theirs)):
        mine, expected = ours.sentences.codes_of(row), theirs.sentences.codes_of(row)
        np.testing.assert_array_equal(mine.codes, expected.codes)
        assert mine.spans.tolist() == expected.spans.tolist() != []


@pytest.mark.parametrize("damage", ["garbage", "truncated", "scrambled"])
def test_a_damaged_journal_costs_only_time(data, damage):
    write(data, many(150))
    encoder = HashEncoder()
    with pytest.raises(BuildCancelled):
        build(data, encoder, cancelled=lambda: len(encoder.encoded) >= 128)
    [journal] = (data / "builds").glob(".encoding-*.sqlite")
    sqlite3.connect(journal).close()
    whole = journal.read_bytes()
    if damage == "garbage":
        journal.write_bytes(b"no es una base de datos" * 100)
    elif damage == "truncated":
        journal.write_bytes(whole[: len(whole) // 2])
    else:
        journal.write_bytes(whole[:4096] + bytes(len(whole) - 4096))
    report = build(data, HashEncoder())
    assert report.n_documents == 153
    assert len(serves(data)) == 153
    assert leftovers(data) == []


WRITE_LIMITS = """
    import json, resource, sys
    from pathlib import Path
    from hash_encoder import HashEncoder
    from corpus.document import FuenteError
    from index.local.build import BuildCancelled, build
    from index.local.store import Index, current_build_id

    data, hard = Path(sys.argv[1]), resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    # At first the journal cannot grow; once it has everything, the files of the build are too large in turn
    for limit in (100, 9_000, 40_000, 60_000, 0, 36_000, 100_000, 200_000, 250_000, 450_000, 10_000_000):
        if not limit:
            encoder = HashEncoder(512)
            try:
                build(data, encoder, cancelled=lambda: len(encoder.encoded) >= 300)
            except BuildCancelled:
                continue
        told = None
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
        try:
            build(data, HashEncoder(512))
        except FuenteError as error:
            told = [type(error).__name__, str(error)]
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
        index = Index.open(data, HashEncoder(512))
        print(json.dumps({"limit": limit, "told": told, "build": current_build_id(data), "n": len(index)}))
"""


def run_script(script, *arguments):
    environ = clean_environ()
    environ["PYTHONPATH"] += os.pathsep + str(TESTS)
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), *map(str, arguments)],
        env=environ,
        capture_output=True,
        text=True,
        timeout=100,
    )


@pytest.mark.slow
def test_a_disk_that_takes_no_more_is_one_line_and_the_old_build_serves(data):
    first = build(data, HashEncoder(512))
    write(data, many(300))
    done = run_script(WRITE_LIMITS, data)
    assert done.returncode == 0, done.stderr
    rounds = [json.loads(line) for line in done.stdout.splitlines()]
    failed, [last] = [r for r in rounds if r["told"]], [r for r in rounds if not r["told"]][-1:]
    assert len(failed) >= 7
    assert len({r["told"][1] for r in failed}) >= 2  # it was not always the same file
    for r in failed:
        kind, message = r["told"]
        assert kind in ("StorageFullError", "StorageError"), r
        assert "\n" not in message
        assert "the build before it goes on serving" in message
        assert (r["build"], r["n"]) == (first.build_id, first.n_passages)
    assert last["build"] != first.build_id
    assert last["n"] == first.n_passages + 300
    assert len(serves(data, HashEncoder(512))) == 303
    assert leftovers(data) == []
    assert not (data / ".CURRENT.partial").exists()


def test_an_impossible_data_directory_is_one_line(tmp_path):
    (tmp_path / "file").write_text("no es una carpeta")
    with pytest.raises(StoreError) as caught:
        build(tmp_path / "file", HashEncoder())
    one_line(caught)


# A process that has everything imported, and forks a child for each build that is to be killed.
NURSERY = """
    import os, sys, time
    from pathlib import Path
    from hash_encoder import HashEncoder
    from index.local.build import build
    import faiss

    data = Path(sys.argv[1])
    print("ready", flush=True)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            try:
                build(data, HashEncoder(on_batch=lambda _: time.sleep(0.005)))
            finally:
                os._exit(0)
        print(child, flush=True)
        os.waitpid(child, 0)
        print("gone", flush=True)
"""


@pytest.mark.slow
def test_a_build_killed_at_any_moment_leaves_an_index_that_serves(data):
    rng = random.Random(9)
    write(data, many(200))
    began = time.monotonic()
    build(data, HashEncoder(on_batch=lambda _: time.sleep(0.005)))
    whole_s = time.monotonic() - began
    states = {current_build_id(data): serves(data)}
    environ = clean_environ()
    environ["PYTHONPATH"] += os.pathsep + str(TESTS)
    command = [sys.executable, "-c", textwrap.dedent(NURSERY), str(data)]
    with started(command, environ) as nursery:
        assert nursery.line() == "ready\n"
        interrupted, pending = 0, []
        for i in range(10):
            before = current_build_id(data)
            added = {f"m{i}-{j}.txt": f"Otro texto {i} {j} del año." for j in range(40)}
            write(data, added)
            pending += added
            nursery.say("\n")
            child = int(nursery.line())
            time.sleep(whole_s * rng.uniform(0.02, 1.5))
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            assert nursery.line() == "gone\n"
            active = current_build_id(data)
            found = serves(data)
            interrupted += active == before
            # the old state or the new one, never a mixture
            expected = states[before] if active == before else sorted([*states[before], *pending])
            assert found == expected
            pending = pending if active == before else []
            states[active] = found
            # what is listed is whole
            assert all(b.problem is None for b in list_builds(data))
    assert interrupted >= 2
    report = build(data, HashEncoder())
    assert len(serves(data)) == 203 + 400
    assert report.skipped == ()
    assert leftovers(data) == []
    full = build(data, HashEncoder(), full=True)
    assert content(data, report.build_id) == content(data, full.build_id)


def test_what_a_killed_build_left_is_swept_by_the_next(data):
    build(data, HashEncoder())
    builds = data / "builds"
    for name in (".20200101T000000Z-abc.partial", ".20200101T000000Z-abc.removed"):
        (builds / name).mkdir()
        (builds / name / "dense.faiss").write_bytes(b"x")
    assert [b.build_id[0] for b in list_builds(data)] == ["2"]
    write(data, {"new.txt": "A new text."})
    build(data, HashEncoder())
    assert leftovers(data) == []


def test_every_store_error_is_one_of_ours():
    for kind in (BuildCancelled, NoIndexError, DamagedIndexError, IncompatibleIndexError):
        assert issubclass(kind, StoreError)
        assert issubclass(kind, FuenteError)


# ------------------------------------------------------------------------- the real encoder


def test_the_samples_are_built_with_the_encoder_that_ships(samples_data, encoder):
    index = Index.open(samples_data, encoder)
    assert index.manifest.n_documents == 14
    assert index.manifest.skipped == ()
    assert index.manifest.encoder == encoder.card
    assert set(index.manifest.languages) >= {"es", "en"}
    for passage in index.passages(range(len(index))):
        document = index.document(passage.doc_id)
        assert document.text[passage.start : passage.end] == passage.text
        assert encoder.count_tokens(passage.text) <= index.manifest.splitting.max_tokens
        assert encoder.count_tokens(embedded_text(passage)) <= encoder.card.max_tokens - 2


def test_a_question_finds_a_passage_in_the_other_language(samples_data, encoder):
    index = Index.open(samples_data, encoder)
    for question, lang in [
        ("¿Qué dijo la Corte Interamericana?", "en"),
        ("What year was the ambassador's residence taken?", "es"),
    ]:
        allowed = index.rows_where([lang])
        scores, rows = index.dense.search(encoder.encode_queries([question]), 3, allowed)
        assert {p.lang for p in index.passages(rows[0].tolist())} == {lang}
        assert scores[0, 0] > 0.3


def test_documents_that_other_code_has_read_are_read_anew_and_keep_their_vectors(data, monkeypatch):
    first = build(data, HashEncoder())
    assert build(data, HashEncoder()).build_id == first.build_id
    monkeypatch.setattr("index.local.build.reading_mark", lambda: "other")
    anew = build(data, HashEncoder())
    assert (anew.n_encoded, anew.n_passages) == (0, first.n_passages)
    assert (anew.build_id != first.build_id, anew.kept) == (True, ())
    assert build(data, HashEncoder()).build_id == anew.build_id


def test_the_mark_of_the_reading_code_is_that_of_its_files():
    mark = reading_mark()
    assert re.fullmatch("[0-9a-f]{16}", mark)
    assert mark == reading_mark.__wrapped__()
