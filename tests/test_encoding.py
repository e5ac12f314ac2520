"""Files read and passages encoded somewhere else than in the build's own process: the same to the last bit, whatever dies meanwhile."""

import os
import pickle
import time
from contextlib import closing, contextmanager
from functools import partial

import pytest
from conftest import ROOT
from dying_encoder import DyingEncoder
from hash_encoder import HashEncoder
from hypothesis import given
from hypothesis import strategies as st

from api.cli import main
from api.opening import pool_of
from api.settings import load_settings
from corpus.collection import Collection
from corpus.document import EncoderError, Passage, SettingsError, Skipped, Source
from corpus.parse import SUFFIXES
from corpus.split import Splitting
from index.encoding.pool import Here
from index.encoding.processes import processes
from index.encoding.units import MOST_RUNS, ToEncode, ToRead, Units, run, units_of_files
from index.local.build import BuildCancelled, build
from index.local.store import Index

ENCODER = HashEncoder(64)


def passages(n):
    texts = [f"The well number {i} is {'deadly' if i == n // 2 else 'deep'}." for i in range(n)]
    return [Passage(f"{i}#0", f"{i}.txt", 0, len(t), t, "en", "") for i, t in enumerate(texts)]


def never():
    return False


def encoded(pool, some, stop=never):
    """What a pool makes of passages, by their places."""
    found = {}
    with closing(pool), closing(pool.encode(some, stop)) as results:
        for places, made in results:
            assert len(places) == len(made)
            for place, one in zip(places, made, strict=True):
                assert place not in found
                found[place] = pickle.dumps(one)
    return [found[place] for place in sorted(found)]


@contextmanager
def two_processes(started):
    """Two processes, whose runner is put into a list."""
    with processes(2) as runner:
        started.append(runner)
        yield runner


def files_of(data):
    """Hash of each file of the active build, by what it is of."""
    with closing(Index.open(data, ENCODER)) as index:
        return [{k: v[0] for k, v in part.files.items()} for part in index.manifest.segments]


def test_processes_make_of_passages_what_threads_make():
    some = passages(100)
    expected = encoded(Here(ENCODER), some)
    assert len(expected) == 100
    pool = Units(partial(HashEncoder, 64), partial(processes, 2))
    assert encoded(pool, some) == expected
    assert encoded(pool, []) == []


def test_a_process_that_is_killed_costs_its_unit_and_nothing_else(tmp_path):
    some = passages(64)
    opens = partial(DyingEncoder, tmp_path, 2)
    assert encoded(Units(opens, partial(processes, 2)), some) == encoded(Here(ENCODER), some)
    assert len(list(tmp_path.iterdir())) == 2


def test_a_unit_that_ends_every_process_is_given_up(tmp_path):
    opens = partial(DyingEncoder, tmp_path, 99)
    with pytest.raises(EncoderError, match="4 processes ended, the last with status -9"):
        encoded(Units(opens, partial(processes, 2)), passages(64))
    assert len(list(tmp_path.iterdir())) == MOST_RUNS


def test_no_process_is_left_when_an_encoding_ends_early(tmp_path):
    runners = []
    pool = Units(partial(DyingEncoder, tmp_path, 0, slow_s=0.05), partial(two_processes, runners))
    began = time.monotonic()
    with closing(pool.encode(passages(400), never)) as results:
        next(results)
        started = [p._process for p in runners[0]._at_work.values()]
        assert started
        assert all(one.is_alive() for one in started)
    assert not any(one.is_alive() for one in started)
    asked = []

    def soon():
        asked.append(True)
        return len(asked) > 2

    assert len(encoded(pool, passages(400), soon)) < 400
    assert time.monotonic() - began < 60


class Other(HashEncoder):
    """Another one, under the name that the build's has."""

    def __init__(self, parent):
        super().__init__(64, seed=int(os.getpid() != parent))


def test_an_encoder_that_is_another_one_where_it_is_opened_is_refused():
    pool = Units(partial(Other, os.getpid()), partial(processes, 1))
    with pytest.raises(EncoderError, match="would make other things of them: it has format-"):
        encoded(pool, passages(10))


def test_a_unit_that_is_run_again_gives_the_same_bytes():
    units = []

    class Kept:
        slots = 1

        def begin(self, number, unit):
            units.append(unit)
            self._made = [(number, run(unit))]

        def ended(self, wait_s):
            return self._made

    @contextmanager
    def started():
        yield Kept()

    with closing(Units(partial(HashEncoder, 64), started).encode(passages(40), never)) as results:
        next(results)
    again: ToEncode = pickle.loads(pickle.dumps(units[0]))
    assert run(again) == run(units[0])


def files(folder):
    """Files of several kinds in a folder and one below it: two that cannot be read, one that is gone, one that is two units' worth."""
    (folder / "leyes").mkdir(parents=True)
    for path in sorted((ROOT / "corpus" / "samples").rglob("*")):
        if path.suffix in SUFFIXES:
            (folder / "leyes" / path.name).write_bytes(path.read_bytes())
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 and no more")
    (folder / "empty.txt").write_bytes(b"")
    (folder / "gone.txt").write_text("Nobody reads this.")
    (folder / "long.md").write_text(
        "# Wells\n\n" + "The deadly well is deep. El pozo es hondo.\n\n" * 3000
    )
    for n in range(40):
        (folder / f"{n:02}.txt").write_text(f"Well number {n} is {n} metres deep.")
    collection = Collection(folder)
    sources = collection.scan().sources
    (folder / "gone.txt").unlink()
    return collection, sources


def read_by(pool, collection, sources):
    with (
        closing(pool),
        closing(pool.read(collection, sources, Splitting(max_tokens=60), never)) as found,
    ):
        return list(found)


def test_units_read_files_as_they_are_read_here(tmp_path):
    collection, sources = files(tmp_path / "documents")
    expected = read_by(Here(ENCODER), collection, sources)
    assert [result.doc_id for _, result, _ in expected] == [source.doc_id for source in sources]
    assert {r.doc_id for found, r, _ in expected if found is None} == {"gone.txt"}
    assert sum(isinstance(r, Skipped) for _, r, _ in expected) == 3
    pool = Units(partial(HashEncoder, 64), partial(processes, 2))
    assert read_by(pool, collection, sources) == expected
    assert read_by(pool, collection, []) == []


class DyingCounter(DyingEncoder):
    """One that is killed while it counts the tokens of a text, as often."""

    def count_tokens(self, text):
        if "deadly" in text:
            self.encode_tokens([text], "passage")
        return super().count_tokens(text)


def test_a_process_that_is_killed_while_files_are_read_changes_nothing_of_a_build(tmp_path):
    here, there, deaths = (tmp_path / name for name in ("here", "there", "deaths"))
    deaths.mkdir()
    for data in (here, there):
        files(data / "documents")
    first = build(here, ENCODER)
    started = []
    pool = Units(partial(DyingCounter, deaths, 2), partial(two_processes, started))
    second = build(there, ENCODER, pool=pool)
    assert len(list(deaths.iterdir())) == 2
    assert (second.added, second.skipped) == (first.added, first.skipped)
    assert files_of(there) == files_of(here)
    # once for both, and nothing of it is left
    [runner] = started
    assert not any(one._process.is_alive() for one in [*runner._idle, *runner._at_work.values()])


def test_a_reading_that_is_ended_early_leaves_nothing_to_the_next_one(tmp_path):
    collection, sources = files(tmp_path / "documents")
    pool = Units(partial(HashEncoder, 64), partial(processes, 2))
    with closing(pool.read(collection, sources, Splitting(max_tokens=60), never)) as found:
        next(found)
    some = passages(100)
    assert encoded(pool, some) == encoded(Here(ENCODER), some)

    def cancelled():
        raise BuildCancelled("enough")

    with pytest.raises(BuildCancelled), closing(pool):
        list(pool.read(collection, sources, Splitting(), cancelled))


def test_files_are_not_read_where_other_things_would_be_read(tmp_path):
    unit = ToRead(
        pickle.dumps(partial(HashEncoder, 64)),
        ("readers-of-yesterday", "ocr-none"),
        Splitting(),
        (),
    )
    with pytest.raises(
        EncoderError, match="the build readers-of-yesterday ocr-none; install .* the same OCR"
    ):
        unit.run()


@given(st.lists(st.integers(0, 6 * 2**20), max_size=60), st.integers(1, 10))
def test_files_in_units_stay_in_order_and_are_few(sizes, most):
    sources = [Source(f"{n:02}.txt", "", size, 0) for n, size in enumerate(sizes)]
    units = units_of_files(sources, most)
    assert [source for unit in units for source in unit] == sources
    for unit in units:
        assert 1 <= len(unit) <= most
        assert len(unit) == 1 or sum(source.size_bytes for source in unit) <= 4 * 2**20


def test_a_build_on_processes_is_the_build_of_threads_to_the_last_bit(tmp_path):
    here, there = tmp_path / "here", tmp_path / "there"
    (tmp_path / "deaths").mkdir()
    for data in (here, there):
        (data / "documents").mkdir(parents=True)
        for passage in passages(60):
            (data / "documents" / passage.doc_id).write_text(passage.text)
    build(here, ENCODER)
    pool = Units(partial(DyingEncoder, tmp_path / "deaths", 1), partial(processes, 2))
    report = build(there, ENCODER, pool=pool)
    assert report.n_encoded == 60
    assert files_of(there) == files_of(here)
    assert len(list((tmp_path / "deaths").iterdir())) == 1


def test_units_that_ended_are_kept_when_a_build_is_cancelled(tmp_path):
    (tmp_path / "documents").mkdir()
    for passage in passages(64):
        (tmp_path / "documents" / passage.doc_id).write_text(passage.text)
    deaths = tmp_path / "deaths"
    deaths.mkdir()
    pool = Units(partial(DyingEncoder, deaths, 0, slow_s=0.05), partial(processes, 2))
    done = []

    def told(progress):
        if progress.stage == "encode" and progress.done:
            done.append(progress.done)

    with pytest.raises(BuildCancelled, match="they are kept for the next one"):
        build(tmp_path, ENCODER, pool=pool, progress=told, cancelled=lambda: bool(done))
    assert 0 < done[-1] < 64
    assert build(tmp_path, ENCODER, pool=pool).n_encoded == 64 - done[-1]


def test_the_command_line_says_where_passages_are_encoded(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("LANG", "es_ES.UTF-8")
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "faro.txt").write_text("El faro es antiguo.")
    run = ["build", "--data", str(tmp_path), "--on"]
    assert main([*run, "nube"]) == 1
    assert "--on 'nube': se esperaba processes, ray o ray://" in capsys.readouterr().err
    assert main([*run, "processes"]) == 0
    with closing(Index.open(tmp_path)) as index:
        assert len(index) == 1


def test_without_a_place_the_threads_of_the_build_encode():
    settings = load_settings({})
    assert pool_of(settings, None) is None
    assert isinstance(pool_of(settings, "ray://host:10001"), Units)
    with pytest.raises(SettingsError, match="expected processes, ray or ray://HOST:PORT"):
        pool_of(settings, "rays")
