"""What hosts share in a real PostgreSQL: a key holds and ends at all of them, thumbs are counted and changes are told together."""

import hashlib
import json
import logging
import os
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from hash_encoder import HashEncoder
from postgres_server import PostgresServer, needs_postgres
from test_postgres import builds_at
from test_postgres_jobs import answers, service, succeeded, uploaded

from api.app import create_app
from api.audit import Audit
from api.cli import main
from api.keys import FILE_NAME, FileKeys, Keys, add_key, revoke_key
from api.opening import audit_of
from api.settings import load_settings
from api.shared_audit import SharedAuditLines
from api.shared_keys import MOVED_NAME, SharedKeys
from corpus.document import IndexUnavailableError, SettingsError, StorageFullError
from qa.engine import Engine

TOLD_S = 5.0
"""What a busy machine needs for what takes half a second, and a request."""

AWAY = "postgresql://ana:secret@127.0.0.1:1/index"


@pytest.fixture
def url(database):
    """A database of its own: keys in that of other tests would shut their services."""
    return database


@pytest.fixture(params=["file", pytest.param("table", marks=needs_postgres)])
def store(request, tmp_path):
    """Keys wherever they may be kept; none yet."""
    if request.param == "file":
        found = FileKeys(tmp_path)
    else:
        found = shared(request.getfixturevalue("url"), tmp_path)
    with closing(found):
        yield found


def shared(url, data):
    from index.postgres.keys import KeyTable

    return SharedKeys(KeyTable(url), data)


def until(what, within_s=10.0):
    end = time.monotonic() + within_s
    while not what():
        assert time.monotonic() < end
        time.sleep(0.02)


def names(store):
    return [one.name for one in store.read()]


def test_keys_are_made_told_renamed_and_revoked(store):
    assert store.current() == ()
    assert dict(store.uses()) == {}
    text = add_key(store, "zoe", "search")
    add_key(store, "ana", "admin", "cartas")
    zoe, ana = store.read()
    assert (zoe.name, zoe.scope, zoe.collection) == ("zoe", "search", None)
    assert zoe.sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert abs(datetime.fromisoformat(zoe.created_at) - datetime.now(UTC)) < timedelta(minutes=1)
    with pytest.raises(SettingsError, match="there is a key 'zoe' already"):
        add_key(store, "zoe", "index")
    store.follow_rename("cartas", "letters")
    store.follow_rename("notes", "notas")
    assert [one.collection for one in store.read()] == [None, "letters"]
    store.write_uses({"zoe": "2026-11-27T10:00:00+00:00", "nobody": "2026-11-27T10:00:00+00:00"})
    assert store.uses()["zoe"] == "2026-11-27T10:00:00+00:00"
    until(lambda: [one.name for one in store.current()] == ["zoe", "ana"])
    assert store.current() is store.current()
    with pytest.raises(SettingsError, match="there is no key"):
        revoke_key(store, "\udcff")
    revoke_key(store, "zoe")
    with pytest.raises(SettingsError, match=r"there is no key 'zoe'; there are: ana"):
        revoke_key(store, "zoe")
    assert names(store) == ["ana"]
    assert ana.sha256 == store.read()[0].sha256


@needs_postgres
def test_of_what_two_hosts_say_the_latest_use_stays(url, tmp_path):
    one, other = (shared(url, tmp_path) for _ in range(2))
    add_key(one, "ana", "search")
    one.write_uses({"ana": "2026-11-27T10:00:05+00:00"})
    other.write_uses({"ana": "2026-11-27T10:00:00+00:00"})
    assert one.uses() == other.uses() == {"ana": "2026-11-27T10:00:05+00:00"}


@needs_postgres
def test_of_many_who_take_a_name_at_once_one_has_it(url, tmp_path):

    def make(_):
        try:
            return add_key(shared(url, tmp_path), "ana", "search")
        except SettingsError:
            return None

    with ThreadPoolExecutor(8) as pool:
        made = [key for key in pool.map(make, range(16)) if key]
    [kept] = shared(url, tmp_path).read()
    assert [hashlib.sha256(key.encode()).hexdigest() for key in made] == [kept.sha256]


@needs_postgres
def test_keys_of_a_file_go_on_holding_in_the_server(url, tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    for data in (one, other):
        add_key(FileKeys(data), "ana", "search")
        add_key(FileKeys(data), data.name, "admin", "cartas")
    hashes = {key.sha256 for data in (one, other) for key in FileKeys(data).read()}
    assert names(shared(url, one)) == ["ana", "one"]
    store = shared(url, other)
    kept = store.read()
    assert {key.sha256 for key in kept} == hashes
    assert [key.name for key in kept] == ["ana", "one", f"ana-{kept[2].sha256[:12]}", "other"]
    assert {key.collection for key in kept if key.scope == "admin"} == {"cartas"}
    for data in (one, other):
        assert not (data / FILE_NAME).exists()
        assert (data / MOVED_NAME).stat().st_mode & 0o777 == 0o600
    # the same file again, as out of a backup, brings back what is missing and doubles nothing
    revoke_key(store, "other")
    os.replace(other / MOVED_NAME, other / FILE_NAME)
    assert {key.sha256 for key in store.read()} == hashes
    assert len(store.read()) == 4


@needs_postgres
def test_a_file_of_keys_that_cannot_be_moved_stays_and_puts_nothing_there(
    url, tmp_path, monkeypatch
):
    add_key(FileKeys(tmp_path), "ana", "search")

    def refuse(*_):
        raise PermissionError(1, "no")

    monkeypatch.setattr("api.take_over.os.replace", refuse)
    store = shared(url, tmp_path)
    with closing(store):
        assert store.current() is None
        assert Keys(load_settings({}, tmp_path), store).required
        monkeypatch.undo()
        until(lambda: store.current() is not None)
        assert [one.name for one in store.current()] == ["ana"]


@needs_postgres
def test_a_damaged_file_of_keys_opens_nothing(url, tmp_path):
    (tmp_path / FILE_NAME).write_text("{}")
    with closing(shared(url, tmp_path)) as store:
        assert store.current() is None
        with pytest.raises(SettingsError, match="expected what `fuente keys add` writes"):
            store.read()


@needs_postgres
def test_what_held_goes_on_holding_while_the_server_is_away(tmp_path):
    server = PostgresServer()
    try:
        with closing(shared(server.url, tmp_path)) as store:
            add_key(store, "ana", "search")
            held = store.current()
            assert [one.name for one in held] == ["ana"]
            server.kill()
            time.sleep(1.5)
            assert store.current() is held
            with pytest.raises(IndexUnavailableError):
                store.read()
            server.start()
            add_key(store, "zoe", "search")
            until(lambda: len(store.current()) == 2)
    finally:
        server.close()


def settings_at(url, data, **given):
    data.mkdir(exist_ok=True)
    chosen = {"index": url, "documents": "index", "reload_s": 0, **given}
    return load_settings({}, data, {name: str(value) for name, value in chosen.items()})


def host(url, data, **given):
    """A service of a host with a data directory of its own."""
    settings = settings_at(url, data, **given)
    app = create_app(settings, Engine(builds_at(url, "default"), HashEncoder(64)))
    return TestClient(app, base_url="http://127.0.0.1")


def bearer(key):
    return {"Authorization": f"Bearer {key}"}


@needs_postgres
def test_a_service_that_does_not_know_its_keys_yet_opens_to_nobody_but_those_of_its_settings(
    tmp_path,
):
    text = "of the settings"
    own = f"admin:{hashlib.sha256(text.encode()).hexdigest()}"
    with host(AWAY, tmp_path / "one", keys=own) as client:
        assert client.get("/livez").status_code == 200
        for headers in ({}, bearer("another")):
            refused = client.get("/v1/info", headers=headers)
            assert (refused.status_code, refused.json()["code"]) == (503, "index_unavailable")
            assert refused.headers["Retry-After"] == "2"
            assert "secret" not in refused.text
        assert client.get("/v1/info", headers=bearer(text)).status_code == 200
    with host(AWAY, tmp_path / "two") as client:
        assert client.get("/v1/info").status_code == 503


@needs_postgres
def test_keys_are_made_and_revoked_in_a_terminal(url, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("FUENTE_INDEX", url)
    monkeypatch.setenv("FUENTE_DOCUMENTS", "index")
    monkeypatch.setenv("FUENTE_LANGUAGE", "en")
    one, two = (["--data", str(tmp_path / name)] for name in ("one", "two"))
    assert main(["keys", "add", "ana", "--scope", "admin", *one]) == 0
    key = capsys.readouterr().out.strip()
    assert main(["keys", "add", "ana", *two]) == 1
    assert main(["keys", *two]) == 0
    shown = capsys.readouterr().out
    assert "ana  admin" in shown
    assert key not in shown
    assert main(["keys", "revoke", "ana", *two]) == 0
    assert main(["keys", "list", "--json", *one]) == 0
    assert json.loads(capsys.readouterr().out.split("\n", 1)[1]) == []
    monkeypatch.setenv("FUENTE_INDEX", AWAY)
    assert main(["keys", *one]) == 1
    told = capsys.readouterr().err
    assert "does not answer" in told
    assert "secret" not in told


@needs_postgres
def test_a_service_that_others_may_reach_begins_only_with_keys(url, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("FUENTE_DOCUMENTS", "index")
    monkeypatch.setenv("FUENTE_LANGUAGE", "en")
    for where, words in ((url, "there are no access keys"), (AWAY, "does not answer")):
        monkeypatch.setenv("FUENTE_INDEX", where)
        assert main(["serve", "--host", "0.0.0.0", "--data", str(tmp_path)]) == 1
        assert words in capsys.readouterr().err


def rated(client, request_id, rating):
    # what PostgreSQL takes in no text
    body = {"request_id": request_id, "rating": rating, "comment": "año \x00"}
    return client.post("/v1/feedback", json=body)


@needs_postgres
def test_feedback_given_at_either_host_is_read_at_both(url, tmp_path, monkeypatch, capsys):
    with host(url, tmp_path / "one") as one, host(url, tmp_path / "two") as two:
        text = "El molino de Ronda muele trigo desde 1892.\n"
        files = {"files": ("molino.txt", text, "text/plain")}
        job = one.post("/v1/documents?build=true", files=files).json()["job"]
        until(lambda: one.get(job["url"]).json()["status"] == "succeeded", 120)
        assert two.get("/v1/questions/summary").json()["up"] == 0
        for client, rating in ((one, "up"), (two, "down")):
            client.app.state.service.engine.reload()
            asked = client.post("/v1/ask", json={"query": "¿Qué muele el molino?"}).json()
            assert rated(client, asked["request_id"], rating).status_code == 201
        assert rated(two, "yesterday", "down").status_code == 201
        for client in (one, two):
            told = client.get("/v1/questions/summary").json()
            assert (told["up"], told["down"]) == (1, 1)
    assert not list(tmp_path.rglob("feedback*"))
    monkeypatch.setenv("FUENTE_INDEX", url)
    monkeypatch.setenv("FUENTE_DOCUMENTS", "index")
    out = tmp_path / "questions.jsonl"
    told = ["evaluate", "--from-feedback", str(out), "--json", "--data", str(tmp_path / "two")]
    assert main(told) == 0
    report = json.loads(capsys.readouterr().out)
    assert report == {"questions": 1, "lines": 3, "left_out": {"without_answer": 1}}
    assert "molino" in out.read_text("utf-8")


@needs_postgres
def test_no_more_feedback_is_kept_than_a_setting_says_for_each_collection(url):
    from index.postgres.feedback import FeedbackTable

    full = FeedbackTable(url, "full", 100)
    assert full.lines() == []
    full.add("x" * 60)
    with pytest.raises(StorageFullError, match=r"fuente\.feedback at .* holds 100 bytes"):
        full.add("y" * 41)
    full.add("y" * 40)
    FeedbackTable(url, "other", 100).add("z" * 100)
    assert full.lines() == ["x" * 60, "y" * 40]
    today = datetime.now(UTC).date()
    assert len(full.lines(today - timedelta(days=1))) == 2
    assert full.lines(today + timedelta(days=1)) == []


@needs_postgres
def test_feedback_that_cannot_be_kept_is_told():
    from index.postgres.feedback import FeedbackTable

    table = FeedbackTable(AWAY, "default", 100)
    for call in (table.lines, lambda: table.add("{}")):
        with pytest.raises(IndexUnavailableError, match="127.0.0.1:1/index does not answer"):
            call()


def audited(url):
    import psycopg

    with psycopg.connect(url) as connection:
        return [
            json.loads(line)
            for (line,) in connection.execute("SELECT line FROM fuente.audit ORDER BY number")
        ]


@needs_postgres
def test_changes_at_any_host_and_in_a_terminal_leave_their_lines_in_one_table(
    url, tmp_path, monkeypatch
):
    monkeypatch.setenv("FUENTE_INDEX", url)
    monkeypatch.setenv("FUENTE_DOCUMENTS", "index")
    with host(url, tmp_path / "one", max_upload_mb=7) as one, host(url, tmp_path / "two") as two:
        assert main(["keys", "add", "ana", "--scope", "admin", "--data", str(tmp_path)]) == 0
        [ana] = shared(url, tmp_path).read()
        key = add_key(shared(url, tmp_path), "zoe", "admin")
        for client, name in ((one, "a.txt"), (two, "b.txt")):
            # as long as it knows of no key it asks for none
            until(lambda client=client: client.get("/v1/info").status_code == 401)
            client.headers.update(bearer(key))
            until(lambda client=client: client.get("/v1/info").is_success)
            body = {"files": (name, b"Hola.")}
            assert client.post("/v1/documents", files=body).status_code == 201
            assert client.delete("/v1/documents/gone.txt").status_code == 404
    lines = audited(url)
    started = [line for line in lines if line["what"] == "service started"]
    # each is written behind the others' back, so in no order between hosts
    assert {line["settings"].get("max_upload_mb") for line in started} == {"7", None}
    told = {(line["who"], line["what"]) for line in lines if line not in started}
    terminal = next(line["who"] for line in lines if line["what"] == "key added")
    assert terminal.startswith("terminal:")
    assert told == {(terminal, "key added"), ("zoe", "POST /v1/documents")}
    stored = sorted(line["documents"] for line in lines if "documents" in line)
    assert stored == [["a.txt"], ["b.txt"]]
    assert {line["host"] for line in lines} == {socket.gethostname()}
    assert {line["collection"] for line in lines if "documents" in line} == {"default"}
    assert not list(tmp_path.rglob("audit*"))
    assert ana.sha256 not in json.dumps(lines)


class Logged(logging.Handler):
    """What the audit could not keep."""

    def __init__(self):
        super().__init__()
        self.lines = []

    def emit(self, record):
        self.lines.append(record.fields)


@pytest.fixture
def logged():
    handler, logger = Logged(), logging.getLogger("fuente.audit")
    logger.addHandler(handler)
    yield handler.lines
    logger.removeHandler(handler)


@needs_postgres
def test_a_line_that_cannot_be_kept_is_in_the_log(tmp_path, logged):
    audit = audit_of(settings_at(AWAY, tmp_path / "one"))
    began = time.monotonic()
    audit.write("key added", "ana", name="año \udcff")
    assert time.monotonic() - began < 0.5
    audit.close()
    [line] = logged
    assert (line["what"], line["who"]) == ("key added", "ana")


class Failing:
    """A table that is away so many times."""

    def __init__(self, times):
        self.times, self.lines = times, []

    def add(self, lines):
        if self.times:
            self.times -= 1
            raise IndexUnavailableError("away")
        self.lines += map(json.loads, lines)


def test_a_server_that_only_restarts_costs_no_line(logged, monkeypatch):
    monkeypatch.setattr("api.behind.TRIED_AFTER_S", (0.0, 0.01, 0.01))
    table = Failing(2)
    audit = Audit(SharedAuditLines(table))
    for number in range(250):
        audit.write("key added", "ana", number=number)
    audit.close()
    assert [line["number"] for line in table.lines] == list(range(250))
    assert logged == []


@needs_postgres
def test_the_oldest_lines_of_the_audit_are_forgotten(url):
    from index.postgres.audit import AuditTable

    for number in range(12):
        # what is forgotten is looked for by each who begins to write
        AuditTable(url, 100).add([json.dumps({"number": number, "x": "y" * 8})])
    kept = [line["number"] for line in audited(url)]
    assert kept == [9, 10, 11]


@needs_postgres
@pytest.mark.timeout(600)
def test_two_processes_take_the_same_key_and_refuse_it_when_it_is_revoked(url, tmp_path):
    deaths = tmp_path / "deaths"
    deaths.mkdir()

    def status(client, key):
        return client.get("/v1/info", headers=bearer(key)).status_code

    with (
        service(url, tmp_path / "one", deaths) as (one, _),
        service(url, tmp_path / "two", deaths) as (two, _),
        closing(shared(url, tmp_path / "terminal")) as store,
    ):
        assert one.get("/v1/info").json()["keys_required"] is False
        succeeded(one, uploaded(one, "mill.txt", "The mill of Ronda grinds wheat.\n"))
        until(lambda: answers(two, "Which mill?"))
        stays = add_key(store, "stays", "admin")
        goes = add_key(store, "goes", "search")
        for client in (one, two):
            until(lambda client=client: client.get("/v1/info").status_code == 401, TOLD_S)
            assert [status(client, key) for key in (stays, goes, "guessed")] == [200, 200, 401]
        revoke_key(store, "goes")
        for client in (one, two):
            until(lambda client=client: status(client, goes) == 401, TOLD_S)
            assert status(client, stays) == 200
        for client in (one, two):
            client.headers.update(bearer(stays))
            asked = client.post("/v1/ask", json={"query": "Which mill?"}).json()
            assert rated(client, asked["request_id"], "up").status_code == 201
        for client in (one, two):
            assert client.get("/v1/questions/summary").json()["up"] == 2
        # said by their next look
        until(lambda: list(store.uses()) == ["stays"])
