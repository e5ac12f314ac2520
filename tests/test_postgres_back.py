"""A generation in a real PostgreSQL becomes a build of a data directory again: the same files, answers and id."""

import errno
import random
import shutil
from contextlib import closing

import pytest
from test_postgres import (
    ENCODER,
    builds_at,
    data,  # noqa: F401
    generated,
    moved,
    opened,
    put,
    questions_of,
)

from api.cli import main
from corpus.document import BuildRunningError, IndexUnavailableError, StorageError, StoreError
from index.local.build import build
from index.local.store import Index, build_lock, current_build_id
from qa.engine import Engine, SearchOptions
from qa.evaluation.agreement import agreement


def brought(url, collection, to, progress=lambda _: None):
    from index.generations.back import bring

    with closing(opened(url, collection)) as index:
        return bring(index, to, progress)


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix != ".sqlite"}


def test_a_build_that_went_there_comes_back_with_the_same_files(postgres, tmp_path):
    home, to = tmp_path / "data", tmp_path / "to"
    put(home, generated(random.Random(5), 60))
    put_there = build(home, ENCODER).build_id
    moved(postgres.url, "back", home)
    assert brought(postgres.url, "back", to)
    assert current_build_id(to) == put_there
    there, here = (d / "builds" / put_there / put_there for d in (home, to))
    assert contents(here) == contents(there)
    assert not list((to / "builds").glob(".*.partial"))
    with closing(Index.open(home, ENCODER)) as a, closing(Index.open(to, ENCODER)) as b:
        for info in a.documents():
            assert b.document(info.doc_id) == a.document(info.doc_id)
        rows = range(len(a))
        assert b.places(rows) == a.places(rows)
        assert [b.blocks(row) for row in rows] == [a.blocks(row) for row in rows]
        assert b.manifest.sources == a.manifest.sources
        assert (b.manifest.created_at, b.manifest.reading) == (
            a.manifest.created_at,
            a.manifest.reading,
        )
    # there again it is made the active one, nothing is written
    assert not brought(postgres.url, "back", to)
    # and with its documents beside it the next build goes on from it
    shutil.copytree(home / "documents", to / "documents")
    assert build(to, ENCODER).n_encoded == 0


def test_it_goes_on_where_it_was_cut_short_and_answers_alike(
    postgres,
    data,  # noqa: F811
    tmp_path,
    monkeypatch,
):
    monkeypatch.setattr("index.generations.back._SEGMENT_PASSAGES", 60)
    monkeypatch.setattr("index.generations.back._AT_ONCE", 20)
    moved(postgres.url, "in-parts", data)
    to = tmp_path / "to"
    seen = []

    def stop(progress):
        seen.append(progress.done)
        if progress.done > progress.total // 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        brought(postgres.url, "in-parts", to, stop)
    assert current_build_id(to) is None
    [partial] = (to / "builds").glob(".*.partial")
    whole = {p.stem[1:]: p.stat().st_mtime_ns for p in partial.glob(".*.json")}
    assert whole
    segments = {
        name: (partial / name / "documents.sqlite").stat().st_mtime_ns
        for name in sorted(whole, key=len)
    }
    again = []
    assert brought(postgres.url, "in-parts", to, lambda p: again.append(p.done))
    # what was whole is not fetched again
    assert again[0] > 0
    final = to / "builds" / current_build_id(to)
    for name, at in segments.items():
        assert (final / name / "documents.sqlite").stat().st_mtime_ns == at
    chance = random.Random(2)
    with (
        closing(Engine(to, ENCODER)) as here,
        closing(Engine(builds_at(postgres.url, "in-parts"), ENCODER)) as there,
    ):
        assert len(here.serving().segments) > 2
        assert agreement(here, there).share == 1
        for query in questions_of(here.serving(), chance, 50):
            a, b = (e.search(query, SearchOptions(limit=10)).hits for e in (here, there))
            assert [(h.passage, h.score, h.scores) for h in a] == [
                (h.passage, h.score, h.scores) for h in b
            ]


def test_a_part_of_other_documents_is_written_anew(postgres, tmp_path, monkeypatch):
    put(tmp_path / "data", {f"{n}.txt": f"The mill number {n} grinds.\n" for n in range(6)})
    build(tmp_path / "data", ENCODER)
    moved(postgres.url, "parted", tmp_path / "data")
    to = tmp_path / "to"

    def stop(progress):
        if progress.done == 4:
            raise KeyboardInterrupt

    monkeypatch.setattr("index.generations.back._SEGMENT_PASSAGES", 2)
    with pytest.raises(KeyboardInterrupt):
        brought(postgres.url, "parted", to, stop)
    monkeypatch.setattr("index.generations.back._SEGMENT_PASSAGES", 3)
    assert brought(postgres.url, "parted", to)
    with closing(Index.open(to, ENCODER)) as index:
        assert [d.doc_id for d in index.documents()] == [f"{n}.txt" for n in range(6)]
        assert [len(s.ranges) for s in index.segments] == [3, 3]


def test_an_empty_generation_comes_back(postgres, tmp_path):
    (tmp_path / "data" / "documents").mkdir(parents=True)
    build(tmp_path / "data", ENCODER)
    moved(postgres.url, "back-empty", tmp_path / "data")
    assert brought(postgres.url, "back-empty", tmp_path / "to")
    with closing(Index.open(tmp_path / "to", ENCODER)) as index:
        assert index.documents() == []


def test_a_full_disk_and_another_builder_are_told(postgres, tmp_path, monkeypatch):
    put(tmp_path / "data", {"a.txt": "The mill grinds.\n"})
    build(tmp_path / "data", ENCODER)
    moved(postgres.url, "refused-back", tmp_path / "data")
    to = tmp_path / "to"
    (to / "builds").mkdir(parents=True)
    with build_lock(to), pytest.raises(BuildRunningError):
        brought(postgres.url, "refused-back", to)

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("index.generations.back.write_own_segment", full)
        with pytest.raises(StorageError, match="disk is full.*`fuente migrate` again"):
            brought(postgres.url, "refused-back", to)
    assert current_build_id(to) is None
    assert brought(postgres.url, "refused-back", to)


def test_passages_that_were_removed_meanwhile_are_told(postgres, tmp_path):
    import psycopg

    put(tmp_path / "data", {"a.txt": "The mill grinds.\n", "b.txt": "The well is deep.\n"})
    build(tmp_path / "data", ENCODER)
    moved(postgres.url, "pruned-back", tmp_path / "data")
    with psycopg.connect(postgres.url) as other:
        other.execute(
            "DELETE FROM fuente.passages WHERE doc IN (SELECT doc FROM fuente.documents WHERE collection = 'pruned-back'"
            " AND doc_id = 'b.txt')"
        )
    with pytest.raises(IndexUnavailableError, match="no longer kept"):
        brought(postgres.url, "pruned-back", tmp_path / "to")


def test_a_build_that_is_there_and_damaged_is_not_made_the_active_one(postgres, tmp_path):
    put(tmp_path / "data", {"a.txt": "The mill grinds.\n"})
    build(tmp_path / "data", ENCODER)
    moved(postgres.url, "damaged-back", tmp_path / "data")
    to = tmp_path / "to"
    assert brought(postgres.url, "damaged-back", to)
    [manifest] = to.glob("builds/*/manifest.json")
    manifest.write_text("{", "utf-8")
    with pytest.raises(StoreError):
        brought(postgres.url, "damaged-back", to)


def test_the_command_brings_it_back_and_asks_both(
    postgres, samples_data, tmp_path, capsys, monkeypatch
):
    home, to = shutil.copytree(samples_data, tmp_path / "home"), tmp_path / "to"
    assert main(["migrate", "--to", postgres.url, "--data", str(home)]) == 0
    monkeypatch.setenv("FUENTE_INDEX", postgres.url)
    capsys.readouterr()
    for lang, first, same, second in (
        ("en", "documents, ", "questions find the same", "was in"),
        ("es", "documentos, ", "preguntas encuentran los mismos", "ya estaba en"),
    ):
        monkeypatch.setenv("FUENTE_LANGUAGE", lang)
        target = to / lang
        assert main(["migrate", "--to", str(target), "--data", str(home)]) == 0
        out = capsys.readouterr().out
        assert first in out
        assert same in out
        assert main(["migrate", "--to", str(target), "--data", str(home)]) == 0
        assert second in capsys.readouterr().out
        assert "index migrated" in (target / "audit.jsonl").read_text("utf-8")
    monkeypatch.delenv("FUENTE_INDEX")
    question = "¿Cuántos libros me puedo llevar a la vez?"
    assert main(["ask", question, "--data", str(to / "es")]) == 0
    assert "seis libros" in capsys.readouterr().out


def test_the_command_must_be_told_from_where(tmp_path, capsys):
    assert main(["migrate", "--to", str(tmp_path / "to"), "--data", str(tmp_path)]) == 2
    assert "FUENTE_INDEX" in capsys.readouterr().err
