"""collection: what a scan sees, what may be put in, a file replaced whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import os
import unicodedata
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import collection as collection_module
from corpus.collection import Collection, Scan, checked_id
from corpus.document import (
    CorpusError,
    DocumentExistsError,
    Skipped,
    Source,
    StorageError,
    StorageFullError,
    UnknownDocumentError,
    UnreadableDocumentError,
    UnsafePathError,
    UnsupportedFormatError,
)

ES = "¿Cuántos años tenía el ñandú?".encode()
EN = b"How old was the rhea?"


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    return tmp_path / "data" / "documents"


@pytest.fixture
def collection(documents: Path) -> Collection:
    return Collection(documents)


def write(path: Path, data: bytes = ES) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def ids(scan: Scan) -> list[str]:
    return [source.doc_id for source in scan.sources]


def reasons(scan: Scan) -> dict[str, str]:
    return {skipped.doc_id: skipped.reason for skipped in scan.skipped}


# scan -------------------------------------------------------------------------------------------


def test_scan_of_a_folder_that_does_not_exist_is_empty(collection: Collection) -> None:
    assert collection.scan() == Scan((), ())


def test_scan_gives_every_source_sorted_with_hash_size_and_time(
    collection: Collection, documents: Path
) -> None:
    write(documents / "b.txt", EN)
    path = write(documents / "actas" / "año 2024" / "señal.md")
    scan = collection.scan()
    assert ids(scan) == ["actas/año 2024/señal.md", "b.txt"]
    assert scan.sources[0] == Source(
        "actas/año 2024/señal.md",
        hashlib.sha256(ES).hexdigest(),
        len(ES),
        path.stat().st_mtime_ns,
        path.stat().st_ctime_ns,
    )
    assert scan.skipped == ()


def test_scan_gives_doc_ids_in_nfc_and_the_file_can_still_be_read(
    collection: Collection, documents: Path
) -> None:
    write(documents / unicodedata.normalize("NFD", "años") / unicodedata.normalize("NFD", "ñ.txt"))
    assert ids(collection.scan()) == ["años/ñ.txt"]
    assert collection.read("años/ñ.txt") == ES
    collection.put("años/ñ.txt", EN)
    assert [p.read_bytes() for p in documents.rglob("*.txt")] == [EN]
    collection.remove("años/ñ.txt")
    assert ids(collection.scan()) == []


TWINS = {
    "contrato-año.txt": b"uno",
    unicodedata.normalize("NFD", "contrato-año.txt"): b"dos",
    "actas/señal.md": b"tres",
    unicodedata.normalize("NFD", "actas/señal.md"): b"cuatro",
    "actas/señal (2).md": b"cinco",
    "mañana/a.txt": b"seis",
    unicodedata.normalize("NFD", "mañana/a.txt"): b"siete",
}
CALLED = {
    "contrato-año.txt": b"uno",
    "contrato-año (2).txt": b"dos",
    "actas/señal.md": b"tres",
    "actas/señal (3).md": b"cuatro",
    "actas/señal (2).md": b"cinco",
    "mañana/a.txt": b"seis",
    "mañana (2)/a.txt": b"siete",
}


def test_names_that_differ_only_in_unicode_form_get_a_number(
    collection: Collection, documents: Path
) -> None:
    for name, content in TWINS.items():
        write(documents / name, content)
    scan = collection.scan()
    assert (ids(scan), scan.skipped) == (sorted(CALLED), ())
    assert {doc_id: collection.read(doc_id) for doc_id in CALLED} == CALLED
    assert collection.add(documents) == sorted(CALLED)
    collection.put("contrato-año (2).txt", EN)
    collection.remove("contrato-año.txt")
    assert collection.read("contrato-año.txt") == EN


def test_a_folder_is_added_with_both_of_two_names_that_differ_only_in_unicode_form(
    collection: Collection, tmp_path: Path
) -> None:
    for name, content in TWINS.items():
        write(tmp_path / "fuera" / name, content)
    assert collection.add(tmp_path / "fuera") == sorted(CALLED)
    assert {doc_id: collection.read(doc_id) for doc_id in CALLED} == CALLED
    assert ids(collection.scan()) == sorted(CALLED)
    for name in TWINS:
        if "/" not in name:
            collection.add(tmp_path / "fuera" / name)
    assert {doc_id: collection.read(doc_id) for doc_id in CALLED} == CALLED


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "cp850", "mac-roman"])
def test_names_in_old_encodings_are_read(
    collection: Collection, documents: Path, encoding: str
) -> None:
    name = "Señales y año nuevo.txt"
    try:
        write(Path(os.fsdecode(os.fsencode(documents) + b"/" + name.encode(encoding))))
    except OSError:
        pytest.skip("the file system takes only UTF-8 names")
    assert ids(collection.scan()) == [name]
    assert collection.read(name) == ES
    collection.move([(name, "señales.txt")])
    assert os.listdir(documents) == ["señales.txt"]


def test_scan_passes_over_hidden_files_and_folders(collection: Collection, documents: Path) -> None:
    write(documents / ".oculto.txt")
    write(documents / ".git" / "a.txt")
    write(documents / "sub" / ".~lock.a.txt")
    assert collection.scan() == Scan((), ())


def test_scan_skips_an_unsupported_suffix_with_its_reason(
    collection: Collection, documents: Path
) -> None:
    write(documents / "foto.jpg")
    write(documents / "LEEME")
    write(documents / "a.TXT")
    scan = collection.scan()
    assert ids(scan) == ["a.TXT"]
    assert "'.jpg' cannot be read; expected one of .csv" in reasons(scan)["foto.jpg"]
    assert "a file without a suffix" in reasons(scan)["LEEME"]


def test_scan_skips_a_file_over_the_limit(
    collection: Collection, documents: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collection_module, "MAX_BYTES", 10)
    write(documents / "grande.txt")
    found = reasons(collection.scan())["grande.txt"]
    assert f"the file has {len(ES)} bytes and the limit is 10" in found


def test_scan_does_not_follow_links_out_of_the_folder(
    collection: Collection, documents: Path, tmp_path: Path
) -> None:
    write(documents / "real.txt")
    outside = write(tmp_path / "secreto.txt")
    (documents / "fuera.txt").symlink_to(outside)
    (documents / "roto.txt").symlink_to(tmp_path / "nada.txt")
    (documents / "vuelta.txt").symlink_to(documents / "vuelta.txt")
    (documents / "dentro.txt").symlink_to(documents / "real.txt")
    (documents / "carpeta.txt").symlink_to(documents)
    write(documents / "sub" / "x.txt")
    (documents / "enlace").symlink_to(documents / "sub")
    scan = collection.scan()
    assert ids(scan) == ["dentro.txt", "real.txt", "sub/x.txt"]
    found = reasons(scan)
    assert "leads out of the documents folder" in found["fuera.txt"]
    assert "leads nowhere" in found["roto.txt"]
    assert "leads nowhere" in found["vuelta.txt"]
    assert "leads out" in found["carpeta.txt"]
    assert "links to folders are not followed" in found["enlace"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_scan_skips_what_it_may_not_read(collection: Collection, documents: Path) -> None:
    write(documents / "cerrado.txt").chmod(0)
    write(documents / "sub" / "a.txt")
    (documents / "sub").chmod(0)
    scan = collection.scan()
    (documents / "sub").chmod(0o700)
    assert "permission denied" in reasons(scan)["cerrado.txt"]
    assert "permission denied" in reasons(scan)["sub"]


def test_scan_skips_a_pipe_without_waiting_for_it(collection: Collection, documents: Path) -> None:
    documents.mkdir(parents=True)
    os.mkfifo(documents / "tubo.txt")
    assert "not a regular file" in reasons(collection.scan())["tubo.txt"]


def test_scan_skips_a_file_that_vanishes_meanwhile(documents: Path) -> None:
    class Vanishing(Collection):
        def _walk(
            self, top: Path, skipped: list[Skipped], *, ours: bool = False
        ) -> Iterator[tuple[Path, str]]:
            for path, doc_id in super()._walk(top, skipped, ours=ours):
                if doc_id == "a.txt":
                    path.unlink()
                yield path, doc_id

    write(documents / "a.txt")
    write(documents / "b.txt")
    scan = Vanishing(documents).scan()
    assert ids(scan) == ["b.txt"]
    assert "it has vanished" in reasons(scan)["a.txt"]


def test_scan_skips_names_that_cannot_be_ids(collection: Collection, documents: Path) -> None:
    write(documents / "bar\\ra.txt")
    write(documents / "sal\nto.txt")
    scan = collection.scan()
    assert ids(scan) == []
    assert sorted(reasons(scan)) == ["bar\\ra.txt", "sal\nto.txt"]
    assert all("\n" not in reason for reason in reasons(scan).values())


def test_scan_keeps_the_hash_of_a_file_whose_size_and_time_are_known(
    collection: Collection, documents: Path
) -> None:
    path = write(documents / "a.txt")
    status = path.stat()
    known = {
        "a.txt": Source("a.txt", "de antes", status.st_size, status.st_mtime_ns, status.st_ctime_ns)
    }
    assert collection.scan(known).sources == (known["a.txt"],)
    os.utime(path, ns=(0, status.st_mtime_ns + 1))
    assert collection.scan(known).sources[0].sha256 == hashlib.sha256(ES).hexdigest()
    path.write_bytes(ES + b"!")
    os.utime(path, ns=(0, status.st_mtime_ns))
    assert collection.scan(known).sources[0].sha256 == hashlib.sha256(ES + b"!").hexdigest()


# put, read, remove ------------------------------------------------------------------------------


@pytest.mark.parametrize("doc_id", ["a.txt", "actas/año/señal 1.md", "x/y/z.PDF", "Acta: mayo.txt"])
def test_put_then_scan_and_read_agree(collection: Collection, doc_id: str) -> None:
    source = collection.put(doc_id, ES)
    assert source.sha256 == hashlib.sha256(ES).hexdigest()
    assert collection.scan() == Scan((source,), ())
    assert collection.read(doc_id) == ES


def test_put_replaces_a_document_and_leaves_nothing_else(
    collection: Collection, documents: Path
) -> None:
    collection.put("a.txt", ES)
    collection.put("a.txt", EN)
    assert collection.read("a.txt") == EN
    assert [path.name for path in documents.iterdir()] == ["a.txt"]


UNSAFE = [
    ("", "the name is empty"),
    ("../a.txt", "holds . or .."),
    ("a/../../b.txt", "holds . or .."),
    ("./a.txt", "holds . or .."),
    ("/etc/passwd.txt", "is an absolute path"),
    ("C:/a.txt", "is an absolute path"),
    ("c:a.txt", "is an absolute path"),
    ("a\\b.txt", "holds a backslash"),
    ("..\\a.txt", "holds a backslash"),
    ("a\x00.txt", "holds control characters"),
    ("a\nb.txt", "holds control characters"),
    ("a//b.txt", "holds an empty part"),
    ("a/ /b.txt", "holds an empty part"),
    ("a.txt/", "holds an empty part"),
    (".oculto.txt", "begins with a dot"),
    ("a/.git/b.txt", "begins with a dot"),
    ("ñ" * 130 + ".txt", "264 bytes and the limit is 255"),
    ("/".join(["carpeta"] * 150) + "/a.txt", "1205 bytes and the limit is 1024"),
    ("a\udcf1o.txt", "not valid Unicode"),
]


@pytest.mark.parametrize(("doc_id", "message"), UNSAFE)
def test_no_method_takes_a_name_that_leaves_the_folder(
    collection: Collection, documents: Path, doc_id: str, message: str
) -> None:
    for call in (
        lambda: collection.put(doc_id, ES),
        lambda: collection.read(doc_id),
        lambda: collection.remove(doc_id),
        lambda: collection.path_of(doc_id),
        lambda: collection.move([(doc_id, "a.txt")]),
        lambda: collection.move([("a.txt", doc_id)]),
    ):
        with pytest.raises(UnsafePathError) as caught:
            call()
        assert message in str(caught.value)
        assert "\n" not in str(caught.value)
        assert len(str(caught.value)) < 350
    assert not documents.exists()


@settings(max_examples=200, deadline=None, database=None)
@given(st.text(st.sampled_from("ab/.\\:ñ \x00\n~"), max_size=12))
def test_a_checked_id_always_stays_below_the_folder(doc_id: str) -> None:
    try:
        checked = checked_id(doc_id)
    except UnsafePathError:
        return
    root = Path("/raiz/documents")
    assert root in Path(os.path.normpath(root / checked)).parents
    assert unicodedata.is_normalized("NFC", checked)


def test_put_does_not_write_through_a_link_that_leaves(
    collection: Collection, documents: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "fuera"
    outside.mkdir()
    documents.mkdir(parents=True)
    (documents / "sub").symlink_to(outside)
    (documents / "a.txt").symlink_to(outside / "a.txt")
    for doc_id in ("sub/a.txt", "a.txt"):
        with pytest.raises(UnsafePathError, match="through a link"):
            collection.put(doc_id, ES)
    assert list(outside.iterdir()) == []


def test_put_refuses_an_unsupported_suffix_and_too_large_a_file(
    collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UnsupportedFormatError, match=r"'\.exe' cannot be read"):
        collection.put("a.exe", ES)
    monkeypatch.setattr(collection_module, "MAX_BYTES", 5)
    with pytest.raises(UnreadableDocumentError, match="21 bytes and the limit is 5"):
        collection.put("a.txt", EN)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_put_on_a_full_disk_leaves_the_old_file_and_says_so(
    collection: Collection, documents: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    collection.put("año.txt", ES)

    def full(descriptor: int) -> None:
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(StorageFullError, match="the disk is full: 'año.txt' was not saved"):
            collection.put("año.txt", EN)
    assert collection.read("año.txt") == ES
    assert [path.name for path in documents.iterdir()] == ["año.txt"]


def test_put_makes_no_data_directory_anew(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="'año.txt' was not saved"):
        Collection(tmp_path / "unmounted" / "documents").put("año.txt", ES)
    assert list(tmp_path.iterdir()) == []


def test_put_says_when_a_file_stands_where_a_folder_is_needed(collection: Collection) -> None:
    collection.put("a.txt", ES)
    with pytest.raises(CorpusError, match="a file and a folder have the same name"):
        collection.put("a.txt/b.txt", ES)
    collection.put("c.txt/b.txt", ES)
    with pytest.raises(CorpusError, match="a file and a folder have the same name"):
        collection.put("c.txt", ES)


def test_read_and_remove_say_when_there_is_no_such_document(collection: Collection) -> None:
    for call in (collection.read, collection.remove):
        with pytest.raises(UnknownDocumentError, match="there is no document 'no está.txt'"):
            call("no está.txt")
    collection.put("a.txt", ES)
    collection.remove("a.txt")
    assert collection.scan() == Scan((), ())


# move -------------------------------------------------------------------------------------------


def test_move_gives_documents_other_names_and_keeps_their_words(
    collection: Collection, documents: Path
) -> None:
    write(documents / "an\u0303o" / "n\u0303.txt")
    collection.put("b.txt", EN)
    moved = collection.move(
        [("año/ñ.txt", "actas/2024/ñu.md"), ("b.txt", "año/b.txt"), ("b.txt", "año/b.txt")]
    )
    assert moved == [("año/ñ.txt", "actas/2024/ñu.md"), ("b.txt", "año/b.txt")]
    assert ids(collection.scan()) == ["actas/2024/ñu.md", "año/b.txt"]
    assert (collection.read("actas/2024/ñu.md"), collection.read("año/b.txt")) == (ES, EN)
    # and back again
    collection.move([(new, old) for old, new in moved])
    assert ids(collection.scan()) == ["año/ñ.txt", "b.txt"]


def test_move_to_its_own_name_changes_nothing(collection: Collection, documents: Path) -> None:
    write(documents / "an\u0303o.txt")
    assert collection.move([("año.txt", "an\u0303o.txt")]) == []
    assert collection.read("año.txt") == ES


@pytest.mark.parametrize(
    ("moves", "error", "message"),
    [
        ([("a.txt", "c.txt"), ("b.txt", "a.txt")], DocumentExistsError, "there is 'a.txt' already"),
        ([("a.txt", "x.txt"), ("b.txt", "x.txt")], DocumentExistsError, "there is 'x.txt' already"),
        ([("a.txt", "carpeta")], UnsupportedFormatError, "cannot be read"),
        ([("a.txt", "x.txt"), ("a.txt", "y.txt")], DocumentExistsError, "two names"),
        ([("a.txt", "x.txt"), ("nada.txt", "y.txt")], UnknownDocumentError, "'nada.txt'"),
        ([("a.txt", "x.txt"), ("b.txt", "y.exe")], UnsupportedFormatError, "cannot be read"),
        ([("a.txt", "x.txt"), ("b.txt", "b.txt/y.txt")], CorpusError, "a file and a folder"),
        ([("a.txt", "x.txt"), ("enlace.txt", "y.txt")], CorpusError, "is a link; expected a file"),
    ],
)
def test_move_that_cannot_be_done_for_one_is_done_for_none(
    collection: Collection,
    documents: Path,
    moves: list[tuple[str, str]],
    error: type[Exception],
    message: str,
) -> None:
    write(documents / "a.txt")
    write(documents / "b.txt", EN)
    (documents / "enlace.txt").symlink_to(documents / "a.txt")
    with pytest.raises(error, match=message) as caught:
        collection.move(moves)
    assert "\n" not in str(caught.value)
    assert (collection.read("a.txt"), collection.read("b.txt")) == (ES, EN)
    assert ids(collection.scan()) == ["a.txt", "b.txt", "enlace.txt"]


def test_move_does_not_leave_the_folder_through_a_link(
    collection: Collection, documents: Path, tmp_path: Path
) -> None:
    collection.put("a.txt", ES)
    (tmp_path / "fuera").mkdir()
    (documents / "sub").symlink_to(tmp_path / "fuera")
    with pytest.raises(UnsafePathError, match="through a link"):
        collection.move([("a.txt", "sub/a.txt")])
    write(tmp_path / "fuera" / "b.txt")
    with pytest.raises(UnsafePathError, match="through a link"):
        collection.move([("sub/b.txt", "b.txt")])
    assert collection.read("a.txt") == ES


def test_move_that_the_disk_refuses_leaves_all_where_it_was(
    collection: Collection, documents: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    collection.put("a.txt", ES)
    collection.put("b.txt", EN)
    replace = os.replace

    def refuse(source: Path, target: Path) -> None:
        if Path(source).name == "b.txt":
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        replace(source, target)

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", refuse)
        with pytest.raises(StorageError, match="'c/b.txt' was not saved"):
            collection.move([("a.txt", "c/a.txt"), ("b.txt", "c/b.txt")])
    assert ids(collection.scan()) == ["a.txt", "b.txt"]
    assert collection.read("a.txt") == ES

    def gone(source: Path, target: Path) -> None:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", gone)
        with pytest.raises(UnknownDocumentError, match=r"'a.txt'"):
            collection.move([("a.txt", "c/a.txt")])
    with monkeypatch.context() as patched:
        # somebody else takes the name after it was looked at
        looked = iter([False, True])
        patched.setattr(os.path, "lexists", lambda path: next(looked))
        with pytest.raises(DocumentExistsError, match="'b.txt' already"):
            collection.move([("a.txt", "b.txt")])

    def read_only(path: Path, **options: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    with monkeypatch.context() as patched:
        patched.setattr(Path, "mkdir", read_only)
        with pytest.raises(StorageError, match="was not saved"):
            collection.move([("a.txt", "d/a.txt")])
    assert collection.read("b.txt") == EN


# add --------------------------------------------------------------------------------------------


def test_add_copies_a_file_to_the_top_and_replaces_it_the_second_time(
    collection: Collection, tmp_path: Path
) -> None:
    path = write(tmp_path / "mis cosas" / "año.txt")
    assert collection.add(path) == ["año.txt"]
    path.write_bytes(EN)
    assert collection.add(path) == ["año.txt"]
    assert collection.read("año.txt") == EN
    assert path.read_bytes() == EN
    assert len(collection.scan().sources) == 1


def test_add_keeps_the_structure_of_a_folder_and_tells_what_it_left_out(
    collection: Collection, tmp_path: Path
) -> None:
    folder = tmp_path / "papeles"
    write(folder / "a.txt")
    write(folder / "actas" / "ñ.md", EN)
    write(folder / "foto.jpg")
    write(folder / ".oculto" / "b.txt")
    skipped: list[Skipped] = []
    assert collection.add(folder, skipped.append) == ["a.txt", "actas/ñ.md"]
    assert collection.read("actas/ñ.md") == EN
    assert [item.doc_id for item in skipped] == ["foto.jpg"]


def test_add_leaves_out_the_data_directory_when_it_lies_in_the_folder(
    collection: Collection, documents: Path, tmp_path: Path
) -> None:
    write(documents / "viejo.txt")
    write(documents.parent / "builds" / "1" / "passages.jsonl")
    write(tmp_path / "nuevo.txt", EN)
    assert collection.add(tmp_path) == ["nuevo.txt"]
    assert ids(collection.scan()) == ["nuevo.txt", "viejo.txt"]


@pytest.mark.parametrize("of_a_collection", [False, True])
def test_add_leaves_out_what_a_service_keeps_in_its_data_directory(
    tmp_path: Path, of_a_collection: bool
) -> None:
    home = tmp_path / "data"
    data = home / "collections" / "actas" if of_a_collection else home
    own = [
        "asked/2026-01-01.jsonl", "asked.moved/2026-01-01.jsonl", "audit.jsonl", "audit.1.jsonl", "calibration.json",
        "decided.jsonl", "decided.moved.jsonl", "feedback.jsonl", "keys.json", "keys-used.json", "keys.moved.json",
        "moved.jsonl", "suggested_questions.json", "collections/otra/documents/a.txt", "documents/b.txt",
    ]  # fmt: skip
    for name in own:
        write(home / name)
        write(data / name)
    write(home / "propio.json")
    write(tmp_path / "notas" / "keys.json")
    collection = Collection(data / "documents")
    assert collection.add(tmp_path) == ["data/propio.json", "notas/keys.json"]
    assert collection.add(home) == ["propio.json"]


def test_add_of_what_is_in_the_collection_copies_nothing(
    collection: Collection, documents: Path
) -> None:
    write(documents / "actas" / "a.txt")
    assert collection.add(documents / "actas" / "a.txt") == ["actas/a.txt"]
    assert collection.add(documents / "actas") == ["actas/a.txt"]
    assert ids(collection.scan()) == ["actas/a.txt"]


def test_add_says_when_there_is_nothing_to_add(collection: Collection, tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="there is no file or folder"):
        collection.add(tmp_path / "nada")
    with pytest.raises(UnsupportedFormatError, match="jpg"):
        collection.add(write(tmp_path / "fotos" / "a.jpg"))
    with pytest.raises(CorpusError, match="holds no file that can be read"):
        collection.add(tmp_path / "fotos")
    os.mkfifo(tmp_path / "tubo.txt")
    with pytest.raises(CorpusError, match="there is no file or folder"):
        collection.add(tmp_path / "tubo.txt")


def test_add_on_a_full_disk_stops_and_says_so(
    collection: Collection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "papeles" / "a.txt")

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageFullError, match="the disk is full"):
        collection.add(tmp_path / "papeles")
    assert collection.scan() == Scan((), ())


def test_put_from_many_threads_leaves_one_whole_file(collection: Collection) -> None:
    contents = [bytes([65 + i]) * 100_000 for i in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda data: collection.put("a/b/c.txt", data), contents))
    assert collection.read("a/b/c.txt") in contents
    assert len(collection.scan().sources) == 1


def test_put_of_a_document_that_is_removed_at_once_is_no_fault(
    collection: Collection, documents: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = os.replace

    def and_remove(source: Path, target: Path) -> None:
        replace(source, target)
        target.unlink()

    monkeypatch.setattr(os, "replace", and_remove)
    source = collection.put("a.txt", b"uno")
    assert (source.size_bytes, source.sha256) == (3, hashlib.sha256(b"uno").hexdigest())
    assert collection.scan() == Scan((), ())


def test_scan_sees_new_content_of_the_same_size_and_time(
    collection: Collection, documents: Path
) -> None:
    path = write(documents / "a.txt", b"uno dos")
    before = collection.scan().sources[0]
    path.write_bytes(b"one two")
    os.utime(path, ns=(before.modified_ns, before.modified_ns))
    after = collection.scan(known={"a.txt": before}).sources[0]
    assert (after.size_bytes, after.modified_ns) == (before.size_bytes, before.modified_ns)
    assert after.sha256 == hashlib.sha256(b"one two").hexdigest()


def test_scan_passes_over_what_programs_leave_beside_files(
    collection: Collection, documents: Path
) -> None:
    for name in ("~$carta.docx", "Thumbs.db", "desktop.ini", ".DS_Store", "a.txt"):
        write(documents / name)
    assert ids(collection.scan()) == ["a.txt"]
    assert collection.scan().skipped == ()


def test_scan_removes_what_an_interrupted_save_left(
    collection: Collection, documents: Path
) -> None:
    old, new = (write(documents / f".{digit * 16}.partial") for digit in "ab")
    os.utime(old, (0, 0))
    collection.scan()
    assert not old.exists()
    assert new.exists()
