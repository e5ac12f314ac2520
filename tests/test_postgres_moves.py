"""Moves of documents that hosts share in a real PostgreSQL: old links find a document at every host."""

import json
import logging
import os
from contextlib import closing

import pytest
from postgres_server import needs_postgres
from test_postgres_keys import AWAY, TOLD_S, host, until

from api.moves import FILE_NAME, FileMoves
from api.shared_moves import SharedMoves
from corpus.document import IndexUnavailableError, StorageError

pytestmark = needs_postgres
MOVED = ["moved.1.moved.jsonl", "moved.moved.jsonl"]


def table_at(url, collection="default", max_bytes=10**6):
    from index.postgres.moves import MoveTable

    return MoveTable(url, collection, max_bytes)


def shared(url, data, clock=None, **given):
    # without waiting for the next look
    return SharedMoves(table_at(url, **given), data, clock or Clock())


class Clock:
    """A clock that is asked once in a second."""

    def __init__(self):
        self.now_s = 0.0

    def __call__(self):
        self.now_s += 1.0
        return self.now_s


def test_each_former_id_leads_to_the_last_one_at_every_host(database, tmp_path):
    with (
        closing(shared(database, tmp_path / "one")) as one,
        closing(shared(database, tmp_path / "two")) as two,
    ):
        assert one.now("a.txt") is None
        one.note([("a.txt", "b.txt"), ("año.md", "actas/año.md")])
        two.note([("b.txt", "c.txt")])
        for moves in (one, two):
            found = [moves.now(name) for name in ("a.txt", "b.txt", "c.txt", "año.md")]
            assert found == ["c.txt", "c.txt", None, "actas/año.md"]
        # two that change places
        one.note([("c.txt", "x"), ("actas/año.md", "c.txt"), ("x", "actas/año.md")])
        assert [two.now(name) for name in ("a.txt", "año.md")] == ["actas/año.md", "c.txt"]
        one.note([("nul \x00 \udcff", "ñ")])
        assert two.now("nul \x00 \udcff") == "ñ"
    with closing(shared(database, tmp_path, collection="other")) as other:
        assert other.now("a.txt") is None


def test_what_others_move_is_looked_for_twice_a_second(database, tmp_path):
    now = [0.0]
    with closing(shared(database, tmp_path, lambda: now[0])) as moves:
        assert moves.now("a.txt") is None
        table_at(database).add([("a.txt", "b.txt")])
        assert moves.now("a.txt") is None
        now[0] = 0.5
        assert moves.now("a.txt") == "b.txt"
        moves.note([("b.txt", "c.txt")])
        assert moves.now("a.txt") == "c.txt", "what was moved here is known at once"


def test_the_oldest_are_forgotten(database, tmp_path):
    with closing(shared(database, tmp_path, max_bytes=4 * 2 * 5)) as moves:
        moves.note((f"{n:05}", f"{n + 1:05}") for n in range(9))
        assert [moves.now(f"{n:05}") for n in (4, 5, 8)] == [None, "00009", "00009"]


def test_moves_of_files_are_followed_at_all_hosts(database, tmp_path, monkeypatch):
    lines = [{"from": "a.txt", "to": "b.txt"}, {"from": "b.txt", "to": "a.txt"}]
    (tmp_path / "moved.1.jsonl").write_text("\n".join(map(json.dumps, [*lines, lines[0]])))
    FileMoves(tmp_path).note([("b.txt", "año.txt")])
    with closing(shared(database, tmp_path / "other")) as other:
        assert other.now("a.txt") is None

        def refuse(*_):
            raise PermissionError(1, "no")

        monkeypatch.setattr("api.take_over.os.replace", refuse)
        with closing(shared(database, tmp_path)) as moves:
            with pytest.raises(
                StorageError, match="the move of the moves of documents to the server was not"
            ):
                moves.now("a.txt")
            assert other.now("a.txt") is None
            monkeypatch.undo()
            assert moves.now("a.txt") == other.now("a.txt") == "año.txt"
        assert sorted(one.name for one in tmp_path.glob("moved.*")) == MOVED
        # the same file again, as out of a backup, when it was moved on
        other.note([("año.txt", "year.txt")])
        os.replace(tmp_path / MOVED[1], tmp_path / FILE_NAME)
        with closing(shared(database, tmp_path)) as moves:
            assert moves.now("b.txt") == other.now("a.txt") == "year.txt"


def test_a_server_that_is_away_is_told_and_costs_no_move(tmp_path, caplog):
    with closing(shared(AWAY, tmp_path)) as moves:
        with pytest.raises(IndexUnavailableError, match="127.0.0.1:1/index does not answer"):
            moves.now("a.txt")
        with caplog.at_level(logging.WARNING):
            moves.note([("a.txt", "b.txt")])
    assert "links to documents that were moved will not find them" in caplog.text
    assert "secret" not in caplog.text


def test_a_document_renamed_at_one_host_is_found_by_its_old_link_at_the_other(database, tmp_path):
    with host(database, tmp_path / "one") as one, host(database, tmp_path / "two") as two:
        files = {"files": ("molino.txt", "El molino de Ronda muele trigo.\n", "text/plain")}
        job = one.post("/v1/documents?build=true", files=files).json()["job"]["url"]
        until(lambda: one.get(job).json()["status"] == "succeeded", 120)
        two.app.state.service.engine.reload()
        body = {"moves": [{"document_id": "molino.txt", "to": "año/molino.txt"}]}
        job = one.post("/v1/documents/move?build=true", json=body).json()["job"]["url"]
        until(lambda: one.get(job).json()["status"] == "succeeded", 120)
        for client in (one, two):
            client.app.state.service.engine.reload()
            until(lambda client=client: client.get("/v1/documents/molino.txt").is_success, TOLD_S)
            told = client.get("/v1/documents/molino.txt", follow_redirects=False)
            assert told.status_code == 308
            assert told.headers["Location"].endswith("/v1/documents/a%C3%B1o/molino.txt")
            body = {"query": "¿Qué muele el molino?", "filters": {"document_id": ["molino.txt"]}}
            [source] = client.post("/v1/ask", json=body).json()["citations"]
            assert source["url"].startswith("/d/a%C3%B1o/molino.txt#")
    assert not list(tmp_path.rglob("moved*"))
