"""What hosts share in a real PostgreSQL, saved to a file that is that of a data directory which holds the same, and put back."""

import hashlib
import json
import os
import shlex
import tarfile
import tracemalloc
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from hash_encoder import HashEncoder
from postgres_server import needs_postgres
from s3_server import needs_s3
from test_postgres_keys import AWAY, host, until

from api.asked import Asked
from api.backup import backup, restore
from api.cli import main
from api.keys import FileKeys, NamedKey
from api.links import read_secret
from api.moves import FileMoves
from api.opening import (
    asked_of,
    audit_of,
    catalogue_of,
    decisions_of,
    documents_of,
    feedback_of,
    keys_of,
    moment_of,
    moves_of,
)
from api.settings import load_settings
from api.shared_backup import backup_shared
from api.shared_links import SharedSecrets
from corpus.document import IndexUnavailableError, StorageError, StoreError
from index.local.build import build
from qa.evaluation.decided import DecisionFile, decision_of

pytestmark = needs_postgres

SECRET = b"s" * 32
NOON = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
# what PostgreSQL takes in no text
ODD = "¿Qué dice el año \x00 \ud83d?"
WHAT = {
    "": {"es/El año.txt": b"El molino de Ronda muele trigo.\n", "b.txt": b""},
    "cartas": {"carta.md": "# Ñandú\n\nThe well of Ronda is deep.\n".encode()},
}


def settings_in(data, url="", originals=""):
    data.mkdir(exist_ok=True)
    given = {"index": url, "documents": "index", "originals": originals} if url else {}
    return load_settings({}, data, {"question_days": 90, **given})


def fill(settings):
    """Two collections with documents, an empty one and one that is put away, and all else that is kept, as the doors do it."""
    with closing(catalogue_of(settings)) as catalogue:
        for name in ("cartas", "gone", "vacia"):
            catalogue.create(name)
        catalogue.put_away("gone")
        folders = {"": settings.data, "cartas": catalogue.folder_of("cartas")}
    for name, data in folders.items():
        documents = documents_of(settings, data)
        for doc_id, content in WHAT[name].items():
            documents.put(doc_id, content)
        decisions = decisions_of(settings, data)
        decisions.put(decision_of(f"Which boat of {name}?", "en", "none"))
        decisions.put(decision_of(f"¿Qué año, {name}?", "es", "wanted"))
        with closing(moves_of(settings, data)) as moves:
            moves.note([(f"{name}antes.txt", "medio.txt"), ("medio.txt", "es/El año.txt")])
        feedback = feedback_of(settings, data)
        for rating in ("up", "down"):
            feedback.append({"at": NOON.isoformat(), "rating": rating, "comment": f"ñ {name}"})
        store = asked_of(settings, data)._store
        for request_id, days in (("a", 2), ("b", 1), ("c", 1)):
            at = NOON - timedelta(days=days)
            store.append(Asked(at, request_id, ODD, "es", "answered", 0.5, 3.0, ("b.txt",)))
        store.close()
        (data / "calibration.json").write_text('{"of": "a person"}')
    with closing(keys_of(settings)) as keys:
        for name, only in (("zoe", None), ("ana", "cartas")):
            keys.add(
                NamedKey(name, "search", f"{len(name):064x}", only, "2026-11-27T10:00:00+00:00")
            )
        keys.write_uses({"ana": "2026-11-28T10:00:00+00:00"})
    with closing(audit_of(settings)) as audit:
        audit.write("key added", "terminal:ñ", name="zoe")
    if settings.documents != "index":
        (settings.data / "link.key").write_bytes(SECRET)
        return
    from index.postgres.link_secrets import SecretTable

    with closing(SecretTable(settings.index)) as secrets:
        secrets.make(SECRET)
        secrets.take(b"t" * 32, lambda: None)


@pytest.fixture(params=["postgres", pytest.param("S3", marks=needs_s3)])
def shared(request, database, tmp_path):
    """A host's settings, with documents in the server, or one there and the others elsewhere."""
    settings = settings_in(tmp_path / "host", database)
    if request.param == "S3":
        documents_of(settings, settings.data).put("b.txt", b"before")
        bucket = request.getfixturevalue("s3").bucket()
        settings = settings_in(tmp_path / "host", database, f"{bucket}/fuente")
    fill(settings)
    if request.param == "S3":
        without = settings_in(tmp_path / "host", database)
        documents_of(without, without.data).put("b.txt", b"")
    return settings


def save(settings, file):
    return backup_shared(moment_of(settings), settings.data, file)


def files_in(folder):
    """Every file with its bytes; of the audit, which tells of which host a line is and when it was, what was done."""
    found = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
    lines = [json.loads(line) for line in found["audit.jsonl"].splitlines()]
    found["audit.jsonl"] = [(line["what"], line["who"], line["name"]) for line in lines]
    return found


def test_what_is_saved_of_a_server_is_what_a_data_directory_with_the_same_holds(shared, tmp_path):
    alone = settings_in(tmp_path / "alone")
    fill(alone)
    saved = save(shared, tmp_path / "shared.tgz")
    beside = backup(alone.data, tmp_path / "alone.tgz")
    assert saved.collections == beside.collections == ("default", "cartas", "vacia")
    assert (saved.n_files, saved.n_bytes > 0) == (beside.n_files, True)
    assert os.stat(tmp_path / "shared.tgz").st_mode & 0o777 == 0o600
    for name in ("shared", "alone"):
        restore(tmp_path / f"{name}.tgz", tmp_path / "of" / name)
    new = tmp_path / "of" / "shared"
    assert files_in(new) == files_in(tmp_path / "of" / "alone")
    assert (new / "collections" / "vacia" / "documents").is_dir()
    for path in ("keys.json", "link.key", "decided.jsonl"):
        assert os.stat(new / path).st_mode & 0o777 == 0o600, path
    # a document has the time that it has in the server
    [source] = documents_of(shared, tmp_path / "collections" / "cartas").scan().sources
    path = new / "collections" / "cartas" / "documents" / "carta.md"
    assert abs(path.stat().st_mtime_ns - source.modified_ns) < 10**6
    assert not list(tmp_path.glob(".*"))


def test_what_was_saved_works_alone(shared, tmp_path):
    save(shared, tmp_path / "a.tgz")
    data = tmp_path / "new"
    restore(tmp_path / "a.tgz", data)
    for folder, name in ((data, ""), (data / "collections" / "cartas", "cartas")):
        assert build(folder, HashEncoder()).added == tuple(sorted(set(WHAT[name]) - {"b.txt"}))
        assert FileMoves(folder).now(f"{name}antes.txt") == "es/El año.txt"
        assert [one["lang"] for one in DecisionFile(folder).read()] == ["en", "es"]
    keys = FileKeys(data)
    assert [(one.name, one.collection) for one in keys.read()] == [("zoe", None), ("ana", "cartas")]
    assert keys.uses() == {"ana": "2026-11-28T10:00:00+00:00"}
    assert read_secret(data / "link.key") == SECRET


def test_what_was_saved_moves_into_an_empty_server(shared, postgres, tmp_path, monkeypatch, capsys):
    import psycopg

    save(shared, tmp_path / "a.tgz")
    data = tmp_path / "new"
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        name = f"{urlsplit(shared.index).path[1:]}_empty"
        connection.execute(f"CREATE DATABASE {name}")
    url = urlsplit(postgres.url)._replace(path=f"/{name}").geturl()
    monkeypatch.setenv("FUENTE_INDEX", url)
    monkeypatch.setenv("FUENTE_DOCUMENTS", "index")
    monkeypatch.setenv("FUENTE_LANGUAGE", "en")
    assert main(["restore", str(tmp_path / "a.tgz"), "--data", str(data)]) == 0
    _, *told = capsys.readouterr().out.splitlines()
    commands = [line.partition("left to do: ")[2] for line in told]
    assert len(commands) == 3
    for command in " && ".join(commands).split(" && "):
        program, *arguments = shlex.split(command)
        assert (program, main(arguments)) == ("fuente", 0), command
    settings = load_settings({}, data, {"index": url, "documents": "index", "question_days": 90})
    with host(url, data, question_days=90):
        until(lambda: not list(data.rglob("moved.jsonl")))
        until(lambda: not list(data.rglob("decided.jsonl")))
        until(lambda: not list(data.rglob("asked/*.jsonl")))
        until(lambda: not (data / "keys.json").exists())
    with closing(catalogue_of(settings)) as catalogue:
        assert catalogue.names() == ["default", "cartas", "vacia"]
    for name in ("", "cartas"):
        folder = data / "collections" / name if name else data
        documents = documents_of(settings, folder)
        assert {s.doc_id: s.size_bytes for s in documents.scan().sources} == {
            doc_id: len(content) for doc_id, content in WHAT[name].items()
        }
        assert [one["lang"] for one in decisions_of(settings, folder).read()] == ["en", "es"]
        with (
            closing(moves_of(settings, folder)) as moves,
            closing(asked_of(settings, folder)) as asked,
        ):
            assert moves.now(f"{name}antes.txt") == "es/El año.txt"
            assert [one.question for one in asked.read(date.min)] == [ODD] * 3
    with closing(keys_of(settings)) as keys:
        assert [one.name for one in keys.read()] == ["zoe", "ana"]
    from index.postgres.link_secrets import SecretTable

    with closing(SharedSecrets(SecretTable(url), data)) as secrets:
        assert SECRET in secrets.current()


def test_what_others_change_meanwhile_is_not_in_it(shared, tmp_path):
    documents = documents_of(shared, shared.data)
    with moment_of(shared) as moment:
        found = moment.documents("default")
        source, content = next(found)
        documents.put("b.txt", b"another one")
        documents.put("new.txt", b"new")
        documents.remove("es/El año.txt")
        decisions_of(shared, shared.data).put(decision_of("new", "en", "none"))
        with closing(catalogue_of(shared)) as catalogue:
            catalogue.delete("cartas")
        assert (source.doc_id, content.read()) == ("b.txt", b"")
        assert [(source.doc_id, content.read()) for source, content in found] == [
            ("es/El año.txt", WHAT[""]["es/El año.txt"])
        ]
        assert len(list(moment.lines("decided", "default"))) == 2
        assert "cartas" in moment.collections()
        assert len(list(moment.moves("cartas"))) == 2


def test_a_large_document_is_never_in_memory_as_a_whole(shared, tmp_path):
    n_bytes = 96 * 2**20
    documents_of(shared, shared.data).put("large.txt", os.urandom(2**20) * 96)
    tracemalloc.start()
    try:
        save(shared, tmp_path / "a.tgz")
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < n_bytes / 4
    restore(tmp_path / "a.tgz", tmp_path / "new")
    path = tmp_path / "new" / "documents" / "large.txt"
    [source] = [s for s in documents_of(shared, shared.data).scan().sources if s.size_bytes > 99]
    assert hashlib.sha256(path.read_bytes()).hexdigest() == source.sha256


def test_a_server_that_goes_away_leaves_no_file(shared, tmp_path):
    import psycopg

    (tmp_path / "to").mkdir()
    moment = moment_of(shared)

    class Opened:
        def __enter__(self):
            found = moment.__enter__()
            with psycopg.connect(shared.index, autocommit=True) as connection:
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            return found

        def __exit__(self, *error):
            return moment.__exit__(*error)

    with pytest.raises(IndexUnavailableError, match="does not answer") as caught:
        backup_shared(Opened(), shared.data, tmp_path / "to" / "a.tgz")
    assert "\n" not in str(caught.value)
    assert list((tmp_path / "to").iterdir()) == []
    with pytest.raises(StorageError, match="was not saved"):
        save(shared, tmp_path / "nowhere" / "a.tgz")


def test_a_server_that_nobody_shares_is_told(database, tmp_path):
    with pytest.raises(StoreError, match="there are no documents at .*: correct FUENTE_INDEX"):
        save(settings_in(tmp_path / "data", database), tmp_path / "a.tgz")
    assert not (tmp_path / "a.tgz").exists()


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_terminal_says_what_is_not_in_it_and_what_does_not_answer(
    shared, tmp_path, monkeypatch, capsys, lang
):
    monkeypatch.setenv("FUENTE_LANGUAGE", lang)
    monkeypatch.setenv("FUENTE_DOCUMENTS", "index")
    monkeypatch.setenv("FUENTE_INDEX", shared.index)
    monkeypatch.setenv("FUENTE_ORIGINALS", shared.originals)
    file, data = str(tmp_path / "copia.tgz"), str(tmp_path / "no data yet")
    assert main(["backup", file, "--data", data]) == 0
    said = capsys.readouterr().out
    assert ("los índices no están en él" if lang == "es" else "builds are not in it") in said
    for name, value in (("DOCUMENTS", "folder"), ("INDEX", ""), ("ORIGINALS", "")):
        monkeypatch.setenv(f"FUENTE_{name}", value)
    assert main(["restore", file, "--data", data]) == 0
    _, *said = capsys.readouterr().out.splitlines()
    left = "falta por hacer" if lang == "es" else "left to do"
    assert said == [
        f"{left}: fuente build --data '{data}'",
        f"{left}: fuente build --data '{data}' --collection cartas",
    ]
    monkeypatch.setenv("FUENTE_DOCUMENTS", "index")
    monkeypatch.setenv("FUENTE_INDEX", AWAY)
    assert main(["backup", str(tmp_path / "b.tgz"), "--data", data]) == 1
    [told] = capsys.readouterr().err.splitlines()
    assert ("no responde" if lang == "es" else "does not answer") in told
    assert "secret" not in told
    assert not (tmp_path / "b.tgz").exists()


def test_names_in_a_file_are_those_of_documents(shared, tmp_path):
    save(shared, tmp_path / "a.tgz")
    with tarfile.open(tmp_path / "a.tgz") as archive:
        names = archive.getnames()
    assert names[0] == "fuente-backup.json"
    assert {"documents/es/El año.txt", "collections/cartas/documents/carta.md"} <= set(names)
    assert len(names) == len(set(names))
