"""The owner's view: which questions are kept and for how long, what it counts, and what becomes of a declined one."""

import csv
import hashlib
import io
import json
import logging
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from hash_encoder import HashEncoder
from local_server import write_documents

from api import asked as asking
from api.app import create_app
from api.asked import AskedFiles, AskedQuestions
from api.cli import main
from api.native.asked import plain_cell
from api.settings import load_settings
from corpus.document import CorpusError, StorageFullError
from index.local.build import build
from qa.engine import Engine, Query
from qa.evaluation import decided
from qa.evaluation.dataset import read_questions

DOCUMENTS = {
    "carta.txt": "Iñaki vendió la barca azul en mayo.\n",
    "bridge.md": "# Bridge\n\nThe bridge was opened in 1902.\n",
}
BOAT = "¿Qué barca vendió Iñaki en mayo?"
BRIDGE = "When was the bridge opened?"
CUP = "¿Quién ganó el Mundial de fútbol de 2022?"
TODAY = datetime.now(UTC).date().isoformat()


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    data = tmp_path_factory.mktemp("asked") / "data"
    write_documents(data, DOCUMENTS)
    build(data, HashEncoder())
    return data


@pytest.fixture
def data(built, tmp_path):
    import shutil

    return shutil.copytree(built, tmp_path / "data")


@contextmanager
def serving(data, lang="en", **environ):
    given = {f"FUENTE_{name.upper()}": str(value) for name, value in environ.items()}
    engine = Engine(data, HashEncoder())
    app = create_app(load_settings({"FUENTE_RELOAD_S": "0", **given}, data), engine)
    with TestClient(app, "http://127.0.0.1:8000", headers={"Accept-Language": lang}) as client:
        yield client
    engine.close()


@pytest.fixture
def client(data):
    with serving(data, question_days=30) as client:
        yield client


def ask(client, query, **more):
    answer = client.post("/v1/ask", json={"query": query, "limit": 5, **more})
    assert answer.status_code == 200
    return answer.json()


def rows(client, **query):
    return client.get("/v1/questions", params=query).json()["data"]


def test_nothing_is_kept_unless_the_owner_wants_it(data, caplog):
    with caplog.at_level(logging.DEBUG), serving(data) as client:
        ask(client, BOAT)
        assert rows(client) == []
        assert client.get("/v1/questions/summary").json()["question_days"] == 0
    assert not (data / asking.FOLDER).exists()
    assert "barca" not in caplog.text


def test_with_the_setting_the_questions_stand_in_their_own_file_and_in_no_log(data, caplog):
    with caplog.at_level(logging.DEBUG), serving(data, question_days=30) as client:
        answer = ask(client, BOAT)
    (line,) = (data / "asked" / f"{TODAY}.jsonl").read_text("utf-8").splitlines()
    kept = json.loads(line)
    assert (kept["question"], kept["language"], kept["outcome"]) == (BOAT, "es", "answered")
    assert kept["documents"] == ["carta.txt"]
    assert kept["request_id"] == answer["request_id"]
    assert "127.0.0.1" not in line
    assert "client" not in kept
    assert "barca" not in caplog.text
    assert not any("barca" in path.read_text("utf-8") for path in data.glob("*.jsonl"))


def test_what_was_asked_is_counted_by_day_language_and_document(client):
    for query in (BOAT, BOAT.upper(), BRIDGE, CUP):
        ask(client, query)
    told = client.get("/v1/questions/summary", params={"days": 7}).json()
    assert (told["asked"], told["answered"], told["declined"]) == (4, 3, 1)
    assert [day["asked"] for day in told["days"]] == [0] * 6 + [4]
    assert told["languages"] == [
        {"language": "es", "asked": 3, "declined": 1},
        {"language": "en", "asked": 1, "declined": 0},
    ]
    first = told["documents"][0]
    assert (first["document_id"], first["quoted"]) == ("carta.txt", 2)
    assert told["median_ms"] > 0
    (boat, *_) = rows(client)
    assert (boat["times"], boat["question"]) == (2, BOAT.upper())
    assert [row["question"] for row in rows(client, show="declined")] == [CUP]
    assert [row["question"] for row in rows(client, language="en")] == [BRIDGE]
    assert [row["question"] for row in rows(client, document_id="bridge.md")] == [BRIDGE]
    assert [row["question"] for row in rows(client, q="BRIDGE")] == [BRIDGE]
    assert rows(client, show="slow", slow_ms=1e6) == []
    assert len(rows(client, show="slow", slow_ms=0)) == 3
    page = client.get("/v1/questions", params={"limit": 1, "offset": 2}).json()
    assert (len(page["data"]), page["total"]) == (1, 3)


def test_a_question_that_is_explained_is_not_counted_again(client):
    ask(client, BOAT)
    ask(client, BOAT, explain=True)
    assert rows(client)[0]["times"] == 1


def test_what_comes_by_another_door_and_as_a_stream_is_kept_too(client):
    client.post("/v1/ask", json={"query": BOAT, "stream": True})
    client.post(
        "/v1/chat/completions",
        json={"model": "fuente", "messages": [{"role": "user", "content": BRIDGE}]},
    )
    assert {row["question"] for row in rows(client)} == {BOAT, BRIDGE}


def test_small_talk_is_not_taken_for_a_declined_question(client):
    ask(client, "hola")
    told = client.get("/v1/questions/summary").json()
    assert (told["talk"], told["declined"]) == (1, 0)


def test_thumbs_are_shown_with_and_without_kept_questions(data):
    with serving(data, question_days=30) as client:
        first = ask(client, BOAT)["request_id"]
        body = {"request_id": first, "rating": "down", "comment": "no es esa barca"}
        assert client.post("/v1/feedback", json=body).status_code == 201
        (row,) = rows(client, show="down")
        assert (row["times"], row["down"], row["comments"]) == (1, 1, ["no es esa barca"])
    with serving(data) as client:  # from now on, none is kept
        (row,) = rows(client, show="down")
        assert (row["question"], row["slowest_ms"]) == (BOAT, None)
        told = client.get("/v1/questions/summary").json()
        assert (told["asked"], told["down"]) == (0, 1)
        assert told["documents"][0] | {"title": ""} == {
            "document_id": "carta.txt", "title": "", "quoted": 0, "down": 1,
        }  # fmt: skip


def test_each_collection_has_its_own(client, data):
    client.post("/v1/collections", json={"name": "letters"})
    ask(client, BOAT)
    assert client.get("/v1/collections/letters/questions").json()["total"] == 0


def test_a_key_of_scope_admin_is_needed(data):
    keys = ",".join(
        f"{scope}:{hashlib.sha256(scope.encode()).hexdigest()}" for scope in ("index", "admin")
    )
    with serving(data, keys=keys) as client:
        for path in ("/v1/questions", "/v1/questions/summary", "/v1/questions/export"):
            told = {
                scope: client.get(path, headers={"Authorization": f"Bearer {scope}"}).status_code
                for scope in ("index", "admin")
            }
            assert told == {"index": 403, "admin": 200}


def test_a_declined_question_becomes_a_judged_one_and_back(client, data):
    ask(client, CUP)
    (row,) = rows(client, show="declined")
    said = {"question": row["question"], "language": row["language"]}
    made = client.post("/v1/questions/decisions", json={**said, "verdict": "wanted"})
    assert made.status_code == 201
    assert made.json()["id"] == row["id"]
    assert rows(client)[0]["verdict"] == "wanted"
    place = {"document_id": "carta.txt", "start": 0, "end": 12}
    again = {**said, "verdict": "answer", "place": place}
    line = client.post("/v1/questions/decisions", json=again).json()["line"]
    assert line["judgements"][0]["quote"] == "Iñaki vendió"
    assert rows(client)[0]["verdict"] == "answer"
    listed = client.get("/v1/questions/decisions").json()["data"]
    assert [one["verdict"] for one in listed] == ["answer"]
    questions = read_questions(data / decided.DECIDED_NAME).questions
    assert [(judged.text, judged.unanswerable) for judged, _ in questions] == [(CUP, False)]
    gone = client.delete(f"/v1/questions/decisions/{row['id']}")
    assert gone.json()["deleted"]
    assert rows(client)[0]["verdict"] is None
    assert client.delete(f"/v1/questions/decisions/{row['id']}").status_code == 404
    audit = (data / "audit.jsonl").read_text("utf-8")
    assert "/v1/questions/decisions" in audit
    assert "Mundial" not in audit


def test_a_question_rightly_declined_is_judged_unanswerable(client, data):
    body = {"question": CUP, "language": "es", "verdict": "none"}
    client.post("/v1/questions/decisions", json=body)
    ((judged, _),) = read_questions(data / decided.DECIDED_NAME).questions
    assert judged.unanswerable


@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_decision_that_cannot_be_is_refused(data, lang):
    said = {"question": CUP, "language": "es"}
    place = {"document_id": "carta.txt", "start": 3, "end": 4000}
    with serving(data, lang) as client:
        for body, status, words in (
            ({**said, "verdict": "answer"}, 422, "answer"),
            ({**said, "verdict": "none", "place": place}, 422, "none"),
            ({**said, "verdict": "answer", "place": place}, 422, "3–4000"),
            (
                {**said, "verdict": "answer", "place": {**place, "document_id": "x.txt"}},
                404,
                "x.txt",
            ),
        ):
            told = client.post("/v1/questions/decisions", json=body)
            assert told.status_code == status
            assert words in told.json()["detail"]
            assert told.headers["content-language"] == lang
    assert not (data / decided.DECIDED_NAME).exists()


def test_a_damaged_file_of_decisions_is_told_and_left_as_it_is(client, data):
    (data / decided.DECIDED_NAME).write_text("{no", "utf-8")
    body = {"question": CUP, "language": "es", "verdict": "none"}
    told = client.post("/v1/questions/decisions", json=body)
    assert told.status_code == 422
    assert "decided.jsonl cannot be read" in told.json()["detail"]
    (data / decided.DECIDED_NAME).write_text('{"id": 1, "question": "x", "lang": "es"}', "utf-8")
    with pytest.raises(CorpusError, match="no question"):
        decided.DecisionFile(data).read()
    assert (data / decided.DECIDED_NAME).read_text("utf-8").startswith('{"id"')


def test_no_more_decisions_are_kept_than_there_is_room_for(tmp_path, monkeypatch):
    monkeypatch.setattr(decided, "MOST_DECIDED", 1)
    kept = decided.DecisionFile(tmp_path)
    kept.put(decided.decision_of(CUP, "es", "none"))
    kept.put(decided.decision_of(CUP.upper(), "es", "wanted"))  # the same question
    with pytest.raises(StorageFullError, match="holds 1 questions"):
        kept.put(decided.decision_of(BOAT, "es", "none"))


@pytest.mark.parametrize(("lang", "told"), [("es", "1 preguntas"), ("en", "1 questions")])
def test_decisions_become_a_file_of_questions(tmp_path, monkeypatch, capsys, lang, told):
    monkeypatch.setenv("FUENTE_LANGUAGE", lang)
    out = tmp_path / "año.jsonl"
    words = ["evaluate", "--from-decisions", str(out), "--data", str(tmp_path)]
    assert main(words) == 1
    assert "/owner" in capsys.readouterr().err
    decided.DecisionFile(tmp_path).put(decided.decision_of(CUP, lang, "none"))
    assert main(words) == 0
    assert capsys.readouterr().out.startswith(f"{out}: {told}")
    assert [judged.text for judged, _ in read_questions(out).questions] == [CUP]


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("  +1", "'  +1"),
        ("-2", "'-2"),
        ("@x", "'@x"),
        ("\tx", "'\tx"),
        ("\r=1", "'\r=1"),
        ("\uff1d1", "'\uff1d1"),
        ("¿Qué?", "¿Qué?"),
        (-3.5, -3.5),
    ],
)
def test_no_cell_is_a_formula(cell, written):
    assert plain_cell(cell) == written


@pytest.mark.parametrize(("lang", "head"), [("es", "Pregunta"), ("en", "Question")])
def test_the_table_holds_every_row_and_no_formula(data, lang, head):
    evil = '=cmd|"/c calc"!A1 barca, "azul"\n¿?'
    with serving(data, lang, question_days=30) as client:
        ask(client, evil)
        ask(client, BOAT)
        sent = client.get("/v1/questions/export")
    assert sent.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in sent.headers["content-disposition"]
    assert sent.text.startswith("\ufeff")
    table = list(csv.reader(io.StringIO(sent.text.removeprefix("\ufeff"))))
    assert head in table[0]
    at = table[0].index(head)
    assert len(table) == 3
    assert all(not cell.startswith(("=", "+", "-", "@")) for row in table for cell in row)
    assert any(row[at].startswith("'=cmd") for row in table)


# which questions are kept, and for how long


class Clock:
    def __init__(self):
        self.now = datetime(2026, 3, 30, 12, tzinfo=UTC)

    def __call__(self):
        return self.now


@pytest.fixture
def answer(data):
    engine = Engine(data, HashEncoder())
    yield engine.ask(Query(BOAT))
    engine.close()


def kept_in(data, days, clock=lambda: datetime.now(UTC)):
    return AskedQuestions(AskedFiles(data / asking.FOLDER), days, clock)


def days_of(data):
    return sorted(path.name for path in (data / asking.FOLDER).iterdir())


def test_days_beyond_the_setting_are_removed(tmp_path, answer):
    clock = Clock()
    kept = kept_in(tmp_path, 2, clock)
    for _ in range(4):
        kept.write(answer, "r")
        clock.now += timedelta(days=1)
    assert days_of(tmp_path) == ["2026-04-01.jsonl", "2026-04-02.jsonl"]
    kept.prune()
    assert days_of(tmp_path) == ["2026-04-02.jsonl"]
    assert len(kept.read(datetime(2026, 4, 2).date())) == 1
    assert kept.read(datetime(2026, 4, 3).date()) == []


def test_a_service_that_keeps_none_removes_what_was_kept_also_where_nobody_asks(data):
    with serving(data, question_days=5) as client:
        client.post("/v1/collections", json={"name": "letters"})
        ask(client, BOAT)
    folder = data / "collections" / "letters" / "asked"
    folder.mkdir()
    (folder / f"{TODAY}.jsonl").write_text("{}\n")
    (folder / "apuntes.txt").write_text("mío")
    with serving(data):
        assert list((data / "asked").iterdir()) == []
        assert [path.name for path in folder.iterdir()] == ["apuntes.txt"]


def test_a_day_and_all_days_have_a_largest_size(tmp_path, answer, monkeypatch):
    monkeypatch.setattr(asking, "DAY_BYTES", 2000)
    monkeypatch.setattr(asking, "MOST_BYTES", 6000)
    clock = Clock()
    kept = kept_in(tmp_path, 30, clock)
    for _ in range(6):
        for _ in range(30):
            kept.write(answer, "r")
        clock.now += timedelta(days=1)
    kept.prune()
    sizes = [path.stat().st_size for path in (tmp_path / asking.FOLDER).iterdir()]
    assert max(sizes) <= 2000
    assert sum(sizes) <= 6000
    assert "2026-04-04.jsonl" in days_of(tmp_path)
    assert len(kept.read(datetime(2026, 4, 4).date())) > 5


def test_a_disk_that_refuses_costs_the_line_and_not_the_answer(tmp_path, answer, caplog):
    (tmp_path / asking.FOLDER).write_text("in the way")
    kept = kept_in(tmp_path, 30)
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            kept.write(answer, "r")
    assert caplog.text.count("questions are not kept for the owner") == 1
    assert "barca" not in caplog.text
    assert kept.read(datetime(2000, 1, 1).date()) == []


def test_torn_lines_and_foreign_files_are_left_out(tmp_path, answer):
    kept = kept_in(tmp_path, 30, Clock())
    kept.write(answer, "r")
    path = (tmp_path / asking.FOLDER) / "2026-03-30.jsonl"
    path.write_text(path.read_text("utf-8") + '{"at": "2026\n{"at": "x"}\n[]\n', "utf-8")
    ((tmp_path / asking.FOLDER) / "2026-99-99.jsonl").write_text("{}")
    ((tmp_path / asking.FOLDER) / "apuntes.jsonl").write_text("{}")
    assert [one.question for one in kept.read(datetime(2026, 1, 1).date())] == [BOAT]


def test_torn_lines_of_feedback_are_left_out(data):
    lines = [
        '{"rating": "up"}',
        "{no",
        '{"at": "2026-01-01T00:00:00", "rating": "up", "request_id": "r"}',
    ]
    (data / "feedback.jsonl").write_text("\n".join(lines), "utf-8")
    with serving(data) as client:
        told = client.get("/v1/questions/summary", params={"days": 366}).json()
    assert told["down"] == 0
