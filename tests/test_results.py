"""What came of units is kept until the build serves: who builds after a builder was killed, on another host, runs only the others."""

import hashlib
import os
import pickle
import signal
import subprocess
import sys
import time
from contextlib import closing
from functools import partial

import pytest
from conftest import ROOT
from hash_encoder import HashEncoder
from s3_server import needs_s3
from test_encoding import ENCODER, encoded, files_of, never, passages

from api.cli import main
from api.messages import translated
from api.opening import pool_of
from api.settings import load_settings
from corpus.collection import Collection
from corpus.document import EncoderError, SettingsError, Skipped, StorageError
from corpus.split import Splitting
from index.encoding.pool import Here
from index.encoding.processes import processes
from index.encoding.results import Kept, loads
from index.encoding.units import ToEncode, ToRead, Units
from index.local.build import build
from index.objects import Objects

N = 500
"""Passages of a build, five units of them."""


@pytest.fixture(params=["file", pytest.param("s3", marks=needs_s3)])
def url(request, tmp_path):
    """An empty place, wherever results may be kept."""
    pytest.importorskip("fsspec")
    if request.param == "file":
        (tmp_path / "mnt").mkdir()
        return f"file://{tmp_path}/mnt"
    return f"{request.getfixturevalue('s3').bucket()}/results"


class Telling(HashEncoder):
    """One that says in a folder of each text that it encodes, and whether it counts tokens; with ``most`` texts there it goes on no more."""

    def __init__(self, folder, most=None):
        super().__init__(64)
        self._folder, self._most = folder, most

    def encode_tokens(self, texts, kind):
        if self._most is not None and len(list(self._folder.iterdir())) >= self._most:
            time.sleep(600)
        for text in texts:
            (self._folder / hashlib.sha256(text.encode()).hexdigest()).touch()
        return super().encode_tokens(texts, kind)

    def count_tokens(self, text):
        (self._folder / "counted").touch()
        return super().count_tokens(text)


def kept_in(url):
    objects = Objects(url, "FUENTE_RESULTS")
    found = objects._fs.find(objects._root)
    return sorted(name.rpartition("/")[2] for name in found if "/.partial/" not in name)


def pool(url, folder, most=None):
    folder.mkdir(exist_ok=True)
    return Units(partial(Telling, folder, most), partial(processes, 2), url)


def fill(data):
    (data / "documents").mkdir(parents=True)
    for passage in passages(N):
        (data / "documents" / passage.doc_id).write_text(passage.text)


def test_what_came_of_units_is_the_same_with_and_without_and_taken_from_there(url, tmp_path):
    some, expected = passages(250), encoded(Here(ENCODER), passages(250))
    assert encoded(pool(url, tmp_path / "one"), some) == expected
    assert len(kept_in(url)) == 3
    assert len(list((tmp_path / "one").iterdir())) == 250
    # another host, other cores
    other = Units(partial(Telling, tmp_path / "two"), partial(processes, 1), url)
    (tmp_path / "two").mkdir()
    assert encoded(other, some) == expected
    assert list((tmp_path / "two").iterdir()) == []
    other.forget()
    assert kept_in(url) == []


def test_a_result_that_is_not_whole_is_made_again_and_replaced(url, tmp_path):
    some, objects = passages(450), Objects(url, "FUENTE_RESULTS")
    expected = encoded(pool(url, tmp_path / "one"), some)
    names = kept_in(url)
    whole = {name: objects.get(name) for name in names}
    for n, name in enumerate(names):
        made = whole[name]
        turned = made[:40] + bytes([made[40] ^ 1]) + made[41:]
        objects.put(name, [b"", made[:-1], turned, b"\x00" * 50, made][n])
    assert encoded(pool(url, tmp_path / "two"), some) == expected
    assert len(list((tmp_path / "two").iterdir())) in (350, 400)
    assert {name: objects.get(name) for name in names} == whole


BUILDER = """
import sys
from functools import partial
from pathlib import Path
from test_encoding import ENCODER
from test_results import pool
from index.local.build import build

if __name__ == "__main__":
    data, url, folder = sys.argv[1:]
    # with two of five units of 100 under way it ends two at least, and never the last one
    build(Path(data), ENCODER, pool=pool(url, Path(folder), 400))
"""


def test_after_a_builder_that_was_killed_another_one_runs_only_what_had_not_ended(url, tmp_path):
    here, killed, other = (tmp_path / name for name in ("here", "killed", "other"))
    for data in (here, killed, other):
        fill(data)
    undisturbed = build(here, ENCODER)
    (tmp_path / "builder.py").write_text(BUILDER)
    first, second = tmp_path / "first", tmp_path / "second"
    builder = subprocess.Popen(
        [sys.executable, str(tmp_path / "builder.py"), str(killed), url, str(first)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])},
        start_new_session=True,
    )
    n_read = -(-N // 16)
    end = time.monotonic() + 120
    try:
        while len(kept_in(url)) < n_read + 2:
            assert time.monotonic() < end
            assert builder.poll() is None
            time.sleep(0.05)
    finally:
        # with all that it started, as a host that is off
        os.killpg(builder.pid, signal.SIGKILL)
        builder.wait()
    # what it has sent arrives all the same
    time.sleep(1)
    ended = len(kept_in(url)) - n_read
    assert 2 <= ended < N // 100
    report = build(other, ENCODER, pool=pool(url, second))
    assert len(list(second.iterdir())) == N - 100 * ended
    assert not (second / "counted").exists()
    assert report.n_encoded == N
    assert files_of(other) == files_of(here)
    assert report.build_id.rpartition("-")[2] == undisturbed.build_id.rpartition("-")[2]
    # and of a build that serves nothing is kept
    assert kept_in(url) == []


def test_files_have_the_times_that_they_have_where_the_build_is(url, tmp_path):
    found = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        for n in range(20):
            (tmp_path / name / f"{n:02}.txt").write_text(f"El pozo {n} es hondo.")
        collection = Collection(tmp_path / name)
        sources = collection.scan().sources
        units = pool(url, tmp_path / f"of {name}")
        with closing(units), closing(units.read(collection, sources, Splitting(), never)) as read:
            found.append(list(read))
        assert [source for source, _, _ in found[-1]] == list(sources)
    assert found[0][0][0].changed_ns != found[1][0][0].changed_ns
    assert [one[1:] for one in found[0]] == [one[1:] for one in found[1]]
    assert list((tmp_path / "of two").iterdir()) == []


def test_a_unit_is_named_by_what_decides_what_comes_of_it():
    opens, by = b"", ("format-1", "an-encoder")
    one, *others = passages(3)
    names = {
        ToEncode(opens, by, (one,)).name,
        ToEncode(opens, ("format-2", "an-encoder"), (one,)).name,
        ToEncode(opens, by, (one, others[0])).name,
        ToEncode(opens, by, (others[0], one)).name,
    }
    [source] = [s for s in Collection(ROOT / "tests" / "data").scan().sources[:1]]
    for splitting in (Splitting(), Splitting(max_tokens=60)):
        for content in (b"one", b"two"):
            names.add(ToRead(opens, by, splitting, ((source, content),)).name)
    assert len(names) == 8
    assert ToEncode(b"of another host", by, (one,)).name in names


def test_a_file_that_could_not_be_had_is_not_remembered():
    unit = ToRead(b"", (), Splitting(), ())
    skipped = Skipped("a.txt", "its reader was killed from outside")
    assert not unit.is_lasting(pickle.dumps([(None, skipped, ())]))
    [source] = [s for s in Collection(ROOT / "tests" / "data").scan().sources[:1]]
    assert unit.is_lasting(pickle.dumps([(source, skipped, ())]))


class Ran:
    """What a pickle of somebody else would have run."""

    def __reduce__(self):
        return os.system, ("touch ran",)


def test_nothing_in_what_is_kept_is_run(url, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    some = passages(50)
    encoded(pool(url, tmp_path / "one"), some)
    [name] = kept_in(url)
    made = pickle.dumps([Ran()])
    Objects(url, "FUENTE_RESULTS").put(name, hashlib.sha256(made).digest() + made)
    with pytest.raises(EncoderError, match="is nothing that a unit of a build says") as caught:
        encoded(pool(url, tmp_path / "two"), some)
    assert "vacíalo" in translated(str(caught.value), "es")
    assert not (tmp_path / "ran").exists()
    for bad in (b"", b"\x80", pickle.dumps(eval), pickle.dumps(Units)):
        with pytest.raises(EncoderError):
            loads(bad)


def test_a_place_that_is_away_is_told_before_anything_is_done(tmp_path):
    pytest.importorskip("fsspec")
    with pytest.raises(StorageError, match="correct FUENTE_RESULTS"):
        encoded(pool(f"file://{tmp_path}/away", tmp_path / "one"), passages(10))
    assert list((tmp_path / "one").iterdir()) == []


def test_a_place_that_goes_away_meanwhile_ends_the_build_in_a_line_and_not_one_that_serves(
    tmp_path, monkeypatch
):
    pytest.importorskip("fsspec")
    mnt = tmp_path / "mnt"
    mnt.mkdir()
    fill(tmp_path / "data")

    def told(progress):
        if progress.stage == "encode" and mnt.exists():
            mnt.rename(tmp_path / "away")

    with pytest.raises(StorageError, match="there is no such folder or bucket"):
        build(
            tmp_path / "data", ENCODER, pool=pool(f"file://{mnt}", tmp_path / "one"), progress=told
        )
    (tmp_path / "away").rename(mnt)

    def away(progress):
        if progress.stage == "check":
            mnt.rename(tmp_path / "away")

    made = build(
        tmp_path / "data", ENCODER, pool=pool(f"file://{mnt}", tmp_path / "one"), progress=away
    )
    assert made.n_documents == N


def test_without_the_extra_a_node_says_so_in_a_line(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "fsspec", None)
    unit = Kept(f"file://{tmp_path}/other", "00", ToEncode(b"", (), ()))
    with pytest.raises(EncoderError, match=r"pip install 'fuente\[objects\]'"):
        unit.run()


def test_the_command_line_says_where_results_are_kept(tmp_path, capsys, monkeypatch):
    pytest.importorskip("fsspec")
    monkeypatch.setenv("LANG", "es_ES.UTF-8")
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "faro.txt").write_text("El faro es antiguo.")
    run = ["build", "--data", str(tmp_path), "--results"]
    assert main([*run, "s3://ana:secret@bucket"]) == 1
    told = capsys.readouterr().err
    assert "results en --results no es la dirección de una carpeta compartida" in told
    assert "secret" not in told
    assert main([*run, f"file://{tmp_path}/away"]) == 1
    assert "corrige FUENTE_RESULTS" in capsys.readouterr().err
    (tmp_path / "away").mkdir()
    assert main([*run, f"file://{tmp_path}/away"]) == 0
    assert [path for path in (tmp_path / "away").rglob("*") if path.is_file()] == []


def test_results_are_of_units_wherever_these_are_run():
    settings = load_settings({"FUENTE_RESULTS": "s3://bucket/results/"})
    assert settings.results == "s3://bucket/results"
    for on in (None, "processes", "ray"):
        assert pool_of(settings, on)._results == settings.results
    with pytest.raises(SettingsError, match="results in FUENTE_RESULTS is not the address"):
        load_settings({"FUENTE_RESULTS": "/mnt"})
