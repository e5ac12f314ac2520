"""A data directory saved under load and put back is the same; what is no backup is refused whole."""

import hashlib
import io
import os
import tarfile
import threading

import pytest
from hash_encoder import HashEncoder

from api.backup import backup, restore
from api.cli import main
from api.keys import FileKeys, add_key
from corpus.collection import Collection
from corpus.document import StorageError
from index.local.build import build
from index.local.store import Index, build_lock, current_build_id


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "data"
    for name in ("", "collections/cartas"):
        documents = folder / name / "documents"
        (documents / "actas").mkdir(parents=True)
        (documents / "actas" / "El año.txt").write_text("El ñandú vive en la pampa.", "utf-8")
        (documents / "b.txt").write_text("The river begins in the Andes.", "utf-8")
        (documents / ".oculto").write_text("de alguien")
        build(folder / name, HashEncoder())
        # A second build, which shares files with the first
        (documents / "c.txt").write_text("Otra cosa.", "utf-8")
        build(folder / name, HashEncoder())
    (folder / "feedback.jsonl").write_text('{"rating": "up"}\n')
    (folder / "config.toml").write_text("port = 8123\n")
    add_key(FileKeys(folder), "maria", "search")
    return folder


def content(folder):
    """Every file of a data directory that is to be kept, with its hash; links between them as they are."""
    found = {}
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        kept = ".oculto" in name or not any(part.startswith(".") for part in path.parts[-3:])
        if path.is_file() and kept:
            found[name] = (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_nlink)
    return found


def test_a_backup_put_back_equals_the_original_and_answers(data, tmp_path):
    saved = backup(data, tmp_path / "copia.tgz")
    assert saved.collections == ("default", "cartas")
    assert os.stat(tmp_path / "copia.tgz").st_mode & 0o777 == 0o600
    restored = restore(tmp_path / "copia.tgz", tmp_path / "new" / "data")
    assert (restored.n_files, restored.collections) == (saved.n_files, saved.collections)
    assert content(tmp_path / "new" / "data") == content(data)
    for name in ("", "collections/cartas"):
        new = tmp_path / "new" / "data" / name
        assert current_build_id(new) == current_build_id(data / name)
        index = Index.open(new, HashEncoder())
        assert len(index.documents()) == 3
        index.close()
        assert build(new, HashEncoder()).n_encoded == 0
    assert [key.name for key in FileKeys(tmp_path / "new" / "data").read()] == ["maria"]


def test_a_backup_under_uploads_deletes_and_builds_is_whole(data, tmp_path):
    stop, failed = threading.Event(), []

    def load():
        collection, n = Collection(data / "documents"), 0
        while not stop.is_set():
            n += 1
            try:
                collection.put(f"n{n % 7}.txt", f"Texto {n}. ".encode() * (n % 50 + 1))
                if n % 5 == 0:
                    collection.remove(f"n{n % 7}.txt")
                if n % 9 == 0:
                    build(data, HashEncoder())
            except Exception as error:
                if type(error).__name__ != "BuildRunningError":
                    failed.append(error)

    thread = threading.Thread(target=load)
    thread.start()
    try:
        for number in range(4):
            backup(data, tmp_path / f"{number}.tgz")
    finally:
        stop.set()
        thread.join(60)
    assert failed == []
    for number in range(4):
        new = tmp_path / f"restored {number}"
        restore(tmp_path / f"{number}.tgz", new)
        index = Index.open(new, HashEncoder())
        assert "b.txt" in index
        index.close()
        for path in (new / "documents").glob("n*.txt"):
            text = path.read_text()
            assert text == text[: text.index(". ") + 2] * text.count("Texto")


def test_a_build_that_runs_is_waited_for(data, tmp_path):
    n_waits = 0
    with build_lock(data):
        release = threading.Event()

        def waiting():
            nonlocal n_waits
            n_waits += 1
            release.set()

        thread = threading.Thread(target=backup, args=(data, tmp_path / "a.tgz", waiting))
        thread.start()
        assert release.wait(10)
        assert not (tmp_path / "a.tgz").exists()
    thread.join(30)
    assert (tmp_path / "a.tgz").exists()


def test_nothing_is_restored_over_what_is_there(data, tmp_path):
    backup(data, tmp_path / "a.tgz")
    before = content(data)
    with pytest.raises(StorageError, match="is not empty"):
        restore(tmp_path / "a.tgz", data)
    assert content(data) == before


def test_what_is_no_whole_backup_leaves_nothing(data, tmp_path):
    backup(data, tmp_path / "a.tgz")
    whole = (tmp_path / "a.tgz").read_bytes()
    damaged = bytearray(whole)
    damaged[len(whole) // 2] ^= 0xFF
    with tarfile.open(tmp_path / "foreign.tgz", "w:gz") as archive:
        archive.add(data / "config.toml", "config.toml")
    others = {
        "cut": whole[: len(whole) * 2 // 3],
        "damaged": bytes(damaged),
        "empty": b"",
        "text": b"hello",
        "foreign": (tmp_path / "foreign.tgz").read_bytes(),
    }
    for name, content_ in others.items():
        (tmp_path / name).write_bytes(content_)
        with pytest.raises(StorageError) as caught:
            restore(tmp_path / name, tmp_path / "out")
        assert "\n" not in str(caught.value), name
        assert list((tmp_path / "out").iterdir()) == [], name


@pytest.mark.parametrize(
    "head",
    [
        b"[]",
        b"null",
        b'"a"',
        b"{}",
        b"\xff",
        b"[" * 200_000,
        b'{"format": ' + b"1" * 5_000 + b"}",
        b'{"format": 1}',
        b'{"format": 1, "collections": 3}',
        b'{"format": [1], "collections": []}',
    ],
)
def test_a_backup_that_begins_with_anything_else_is_told_in_one_line(tmp_path, head):
    _archive(tmp_path / "a.tgz", {"fuente-backup.json": head, "a.txt": b"x"})
    with pytest.raises(StorageError, match="no backup of this version") as caught:
        restore(tmp_path / "a.tgz", tmp_path / "out")
    assert "\n" not in str(caught.value)
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("name", ["a/" * 3_000 + "b", "a" * 300, "a/b/../../../c"])
def test_a_backup_with_names_that_no_disk_has_leaves_nothing(tmp_path, name):
    head = b'{"format": 1, "collections": []}'
    _archive(tmp_path / "a.tgz", {"fuente-backup.json": head, name: b"x"})
    with pytest.raises(StorageError) as caught:
        restore(tmp_path / "a.tgz", tmp_path / "out")
    assert "\n" not in str(caught.value)
    assert list((tmp_path / "out").iterdir()) == []


def _archive(file, contents):
    with tarfile.open(file, "w:gz") as archive:
        for name, content_ in contents.items():
            member = tarfile.TarInfo(name)
            member.size = len(content_)
            archive.addfile(member, io.BytesIO(content_))


def test_a_backup_cannot_write_outside_the_folder(data, tmp_path):
    import json

    head = json.dumps({"format": 1, "collections": ["default"]}).encode()
    for number, evil in enumerate(["../evil.txt", "/tmp/evil-fuente.txt"]):
        file = tmp_path / f"evil{number}.tgz"
        with tarfile.open(file, "w:gz") as archive:
            for name, text in (("fuente-backup.json", head), (evil, b"x")):
                member = tarfile.TarInfo(name)
                member.size = len(text)
                archive.addfile(member, io.BytesIO(text))
        target = tmp_path / f"out{number}"
        if evil.startswith("/"):
            restore(file, target)  # taken as a name below the folder
            assert (target / "tmp" / "evil-fuente.txt").exists()
        else:
            with pytest.raises(StorageError, match="no whole backup"):
                restore(file, target)
        assert not (tmp_path / "evil.txt").exists()


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_terminal_saves_and_restores(data, tmp_path, capsys, monkeypatch, lang):
    monkeypatch.setenv("FUENTE_LANGUAGE", lang)
    file = str(tmp_path / "copia.tgz")
    assert main(["backup", file, "--data", str(data)]) == 0
    assert ("archivos" if lang == "es" else "files") in capsys.readouterr().out
    assert main(["restore", file, "--data", str(tmp_path / "otra")]) == 0
    assert (tmp_path / "otra" / "documents" / "b.txt").exists()
    assert main(["restore", file, "--data", str(data)]) == 1
    assert main(["backup", file, "--data", str(tmp_path / "nowhere")]) == 1
    assert "\n" not in capsys.readouterr().err.strip().splitlines()[-1]
