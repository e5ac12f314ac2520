"""What is asked and decided, shared by hosts in a real PostgreSQL: kept at any of them, listed, counted and evaluated at all."""

import json
import logging
import os
import time
from contextlib import closing
from datetime import UTC, date, datetime, timedelta

import pytest
from postgres_server import needs_postgres
from test_postgres_jobs import answers, service, succeeded, uploaded
from test_postgres_keys import AWAY, TOLD_S, host, until

from api.asked import FOLDER, MOVED_FOLDER, Asked, AskedFiles, line_of
from api.cli import main
from api.messages import told
from api.moves import FileMoves
from api.shared_asked import DECIDED_MOVED_NAME, SharedAsked, SharedDecisions
from corpus.document import CorpusError, IndexUnavailableError, StorageError, StorageFullError
from qa.evaluation.dataset import read_questions
from qa.evaluation.decided import DECIDED_NAME, DecisionFile, decided_id, decision_of, verdict_of

TODAY = datetime.now(UTC).date()
CUP = "¿Quién ganó el Mundial de fútbol de 2022?"
BOAT = "Which boat was sold?"


def asked_at(url, data, collection="default", day_bytes=10**6, max_bytes=10**6):
    from index.postgres.asked import AskedTable

    return SharedAsked(AskedTable(url, collection, day_bytes, max_bytes), data)


def decided_at(url, data, collection="default", most=100):
    from index.postgres.decided import DecidedTable

    return SharedDecisions(DecidedTable(url, collection, most), data)


def question(text, days_ago=0, request_id="r"):
    # what PostgreSQL takes in no text
    at = datetime.now(UTC).replace(microsecond=0) - timedelta(days=days_ago)
    return Asked(at, request_id, f"{text} \x00 \ud83d", "es", "abstained", 0.1, 3.0, ("año.txt",))


@pytest.fixture(params=["files", pytest.param("table", marks=needs_postgres)])
def store(request, tmp_path):
    """Questions wherever they may be kept; none yet."""
    if request.param == "files":
        found = AskedFiles(tmp_path / FOLDER)
    else:
        found = asked_at(request.getfixturevalue("database"), tmp_path)
    with closing(found):
        yield found


def test_questions_are_kept_read_and_removed_by_their_day(store):
    first = TODAY - timedelta(days=2)
    assert store.read(date.min) == []
    store.prune(first)
    kept = [question("año", days_ago=n) for n in (2, 1, 0)]
    for one in kept:
        store.append(one)
    store.close()
    assert [one.at for one in store.read(first)] == [one.at for one in kept]
    assert [one.question for one in store.read(TODAY)] == [kept[-1].question]
    store.prune(TODAY)
    store.close()
    assert store.read(date.min) == kept[-1:]
    store.prune(TODAY + timedelta(days=1))
    store.close()
    assert store.read(date.min) == []


@pytest.fixture(params=["file", pytest.param("table", marks=needs_postgres)])
def decisions(request, tmp_path):
    """Decisions wherever they may be kept; none yet."""
    if request.param == "file":
        return DecisionFile(tmp_path)
    return decided_at(request.getfixturevalue("database"), tmp_path)


def test_the_later_decision_about_a_question_holds_and_can_be_taken_back(decisions):
    assert decisions.read() == []
    assert not decisions.remove("\x00 \udcff")
    decisions.put(decision_of(CUP, "es", "none"))
    decisions.put(decision_of(BOAT, "en", "wanted"))
    place = {"document": "año.txt", "start": 0, "end": 4, "quote": "a\x00ñ"}
    decisions.put(decision_of(CUP.upper(), "es", "answer", place))
    found = decisions.read()
    assert [verdict_of(one) for one in found] == ["wanted", "answer"]
    assert found[1]["judgements"] == [{**place, "grade": 1}]
    assert decisions.remove(decided_id(BOAT, "en"))
    assert not decisions.remove(decided_id(BOAT, "en"))
    assert [one["question"] for one in decisions.read()] == [CUP.upper()]


@needs_postgres
def test_no_more_is_kept_of_a_day_of_all_days_and_of_decisions_than_there_is_room_for(
    database, tmp_path
):
    one = question("x" * 200)
    size = len(json.dumps(line_of(one)))
    with closing(asked_at(database, tmp_path, "full", 3 * size, 5 * size)) as kept:
        for days_ago in (2, 1, 0):
            for n in range(4):
                kept.append(question("x" * 200, days_ago, str(n)))
        # it is looked at once a day, and after so many lines
        kept.prune(date.min + timedelta(days=1))
        kept.close()
        found = [(one.at.date(), one.request_id) for one in kept.read(date.min)]
    day_before = TODAY - timedelta(days=1)
    assert found == [(day_before, n) for n in "23"] + [(TODAY, n) for n in "123"]
    full = decided_at(database, tmp_path, most=1)
    full.put(decision_of(CUP, "es", "none"))
    full.put(decision_of(CUP.upper(), "es", "wanted"))  # the same question
    with pytest.raises(StorageFullError, match=r"fuente\.decided at .* holds 1 questions"):
        full.put(decision_of(BOAT, "en", "none"))
    decided_at(database, tmp_path, "other", most=1).put(decision_of(BOAT, "en", "none"))
    assert [verdict_of(line) for line in full.read()] == ["wanted"]


@needs_postgres
def test_what_hosts_kept_before_they_shared_is_there_at_all_of_them(database, tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        files = AskedFiles(tmp_path / name / FOLDER)
        for days_ago in (40, 1, 0):
            files.append(question(name, days_ago))
        path = tmp_path / name / FOLDER / f"{TODAY}.jsonl"
        path.write_text(path.read_text("utf-8") + '{"at": "2026\n', "utf-8")
        kept = DecisionFile(tmp_path / name)
        kept.put(decision_of(CUP, "es", "none" if name == "one" else "wanted"))
        kept.put(decision_of(name, "en", "none"))
    for name in ("one", "two"):
        with closing(asked_at(database, tmp_path / name)) as asked:
            asked.prune(TODAY - timedelta(days=29))
        assert not (tmp_path / name / FOLDER / f"{TODAY}.jsonl").exists()
        moved = tmp_path / name / MOVED_FOLDER
        assert moved.stat().st_mode & 0o777 == 0o700
        # what is left is as old as questions may be, and no older
        yesterday = TODAY - timedelta(days=1)
        assert sorted(one.name for one in moved.iterdir()) == [
            f"{yesterday}.jsonl",
            f"{TODAY}.jsonl",
        ]
        decided_at(database, tmp_path / name).read()
        assert not (tmp_path / name / DECIDED_NAME).exists()
        assert (tmp_path / name / DECIDED_MOVED_NAME).stat().st_mode & 0o777 == 0o600
    # the same files again, as out of a backup, double nothing
    for path in list((tmp_path / "two" / MOVED_FOLDER).iterdir()):
        os.replace(path, tmp_path / "two" / FOLDER / path.name)
    for name in ("one", "two"):
        found = asked_at(database, tmp_path / name).read(date.min)
        assert len(found) == 4
        assert {one.question.split()[0] for one in found} == {"one", "two"}
        decided = decided_at(database, tmp_path / name).read()
        assert [(one["question"], verdict_of(one)) for one in decided] == [
            (CUP, "none"),
            ("one", "none"),
            ("two", "none"),
        ]


@needs_postgres
def test_a_start_moves_the_files_of_all_collections_that_are_in_the_server(database, tmp_path):
    from index.postgres.collections import CollectionTable
    from index.postgres.moves import MoveTable

    with closing(CollectionTable(database)) as table:
        table.add("letters")
    folders = {"default": tmp_path / "one"}
    for name in ("letters", "elsewhere"):
        folders[name] = tmp_path / "one" / "collections" / name
    for folder in folders.values():
        folder.mkdir(parents=True)
        AskedFiles(folder / FOLDER).append(question("año"))
        DecisionFile(folder).put(decision_of(CUP, "es", "none"))
        FileMoves(folder).note([("a.txt", "b.txt")])
    with host(database, tmp_path / "one", question_days=30):
        for name, n in (("default", 1), ("letters", 1), ("elsewhere", 0)):
            asked = asked_at(database, tmp_path / "two", name)
            until(lambda asked=asked, n=n: len(asked.read(TODAY)) == n)
            assert len(decided_at(database, tmp_path / "two", name).read()) == n
            with closing(MoveTable(database, name, 100)) as moves:
                assert len(moves.moves()) == n
    assert (folders["elsewhere"] / DECIDED_NAME).exists()


@needs_postgres
def test_files_that_cannot_be_moved_stay_and_put_nothing_there(database, tmp_path, monkeypatch):
    AskedFiles(tmp_path / FOLDER).append(question("año"))
    DecisionFile(tmp_path).put(decision_of(CUP, "es", "none"))
    (tmp_path / "other").mkdir()

    def refuse(*_):
        raise PermissionError(1, "no")

    monkeypatch.setattr("api.take_over.os.replace", refuse)
    asked, decided = asked_at(database, tmp_path), decided_at(database, tmp_path)
    for read, words in (
        (lambda: asked.read(TODAY), "what was asked"),
        (decided.read, "the decisions"),
    ):
        with pytest.raises(StorageError, match=f"the move of {words} to the server was") as error:
            read()
        assert "al servidor no se guardó" in told(error.value, "es")
    assert asked_at(database, tmp_path / "other").read(TODAY) == []
    assert decided_at(database, tmp_path / "other").read() == []
    monkeypatch.undo()
    assert len(asked.read(TODAY)) == len(decided.read()) == 1
    (tmp_path / DECIDED_NAME).write_text("{no")
    with pytest.raises(CorpusError, match="expected judged questions"):
        decided.read()


@needs_postgres
def test_a_server_that_is_away_costs_questions_and_no_answer_and_is_told(
    tmp_path, caplog, monkeypatch
):
    monkeypatch.setattr("api.behind.TRIED_AFTER_S", (0.0, 0.01))
    asked, decided = asked_at(AWAY, tmp_path), decided_at(AWAY, tmp_path)
    began = time.monotonic()
    with caplog.at_level(logging.WARNING):
        for n in range(3):
            asked.append(question("secreto", request_id=str(n)))
        assert time.monotonic() - began < 0.5
        asked.close()
    assert caplog.text.count("questions are not kept for the owner") == 1
    assert "secret" not in caplog.text
    calls = (
        lambda: asked.read(TODAY),
        decided.read,
        lambda: decided.put(decision_of(CUP, "es", "none")),
        lambda: decided.remove("x"),
    )
    for call in calls:
        with pytest.raises(IndexUnavailableError, match="127.0.0.1:1/index does not answer"):
            call()
    with host(AWAY, tmp_path / "data", question_days=5) as client:
        # nobody can say who may ask
        told = client.get("/v1/questions")
        assert (told.status_code, told.json()["code"]) == (503, "index_unavailable")


@needs_postgres
def test_questions_and_decisions_go_with_the_name_of_their_collection(database, tmp_path):
    from index.postgres.collections import CollectionTable

    with closing(CollectionTable(database)) as table:
        table.add("letters")
        with closing(asked_at(database, tmp_path, "letters")) as asked:
            asked.append(question("año"))
        decided_at(database, tmp_path, "letters").put(decision_of(CUP, "es", "none"))
        table.rename("letters", "cartas")
        for name, n in (("letters", 0), ("cartas", 1)):
            assert len(asked_at(database, tmp_path, name).read(date.min)) == n
            assert len(decided_at(database, tmp_path, name).read()) == n
        table.remove("cartas")
        assert asked_at(database, tmp_path, "cartas").read(date.min) == []
        assert decided_at(database, tmp_path, "cartas").read() == []


@needs_postgres
@pytest.mark.timeout(600)
def test_what_two_processes_are_asked_is_listed_decided_and_exported_at_both(
    database, tmp_path, monkeypatch, capsys
):
    deaths = tmp_path / "deaths"
    deaths.mkdir()
    settings = {"question_days": 30}
    with (
        service(database, tmp_path / "one", deaths, **settings) as (one, _),
        service(database, tmp_path / "two", deaths, **settings) as (two, _),
    ):
        succeeded(one, uploaded(one, "mill.txt", "The mill of Ronda grinds wheat.\n"))
        until(lambda: answers(two, "Which mill?"))
        for client in (one, two):
            client.post("/v1/ask", json={"query": "Which mill grinds wheat?"}).raise_for_status()
        one.post("/v1/ask", json={"query": CUP}).raise_for_status()
        for client in (one, two):
            until(
                lambda client=client: client.get("/v1/questions/summary").json()["asked"] == 3,
                TOLD_S,
            )
            listed = client.get("/v1/questions").json()["data"]
            assert [row["times"] for row in listed] == [2, 1]
            assert CUP in client.get("/v1/questions/export").text
        said = {"question": CUP, "language": "es", "verdict": "wanted"}
        made = one.post("/v1/questions/decisions", json=said)
        assert made.status_code == 201
        [row] = two.get("/v1/questions", params={"show": "declined"}).json()["data"]
        assert (row["id"], row["verdict"]) == (made.json()["id"], "wanted")
        monkeypatch.setenv("FUENTE_INDEX", database)
        monkeypatch.setenv("FUENTE_DOCUMENTS", "index")
        out = tmp_path / "decided.jsonl"
        told = ["evaluate", "--from-decisions", str(out), "--data", str(tmp_path / "three")]
        assert main([*told, "--json"]) == 0
        assert json.loads(capsys.readouterr().out) == {"questions": 1}
        [(judged, _)] = read_questions(out).questions
        assert (judged.text, judged.unanswerable) == (CUP, True)
        assert two.delete(f"/v1/questions/decisions/{row['id']}").json()["deleted"]
        assert one.get("/v1/questions/decisions").json()["data"] == []
        assert main(told) == 1
        assert "'default'" in capsys.readouterr().err
    assert not list(tmp_path.rglob("asked*"))
    assert not list((tmp_path / "one").rglob("decided*"))
