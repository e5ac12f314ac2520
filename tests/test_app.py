"""The HTTP door, endpoint by endpoint, over a real index with a small engine and encoder."""

import asyncio
import contextlib
import email
import fcntl
import gzip
import hashlib
import io
import itertools
import json
import logging
import platform
import re
import shutil
import threading
import time
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import httpx2
import pytest
from fastapi import APIRouter
from fastapi.testclient import TestClient
from hash_encoder import HashEncoder
from hypothesis import given, settings
from hypothesis import strategies as st
from local_server import wait_for
from scanned import BOILER, partly_scanned

from api.app import create_app, routers_of, watch
from api.guard import Scopes, TokenBuckets
from api.jobs import KEPT_JOBS, LocalJobs
from api.log import JsonLines, configure_logging
from api.metrics import Metrics
from api.native import operations
from api.places import AT_ONCE
from api.service import RatedAnswers
from api.settings import load_settings
from corpus.document import (
    BuildRunningError,
    DamagedIndexError,
    EmptyQuestionError,
    IncompatibleIndexError,
    NoIndexError,
    QuestionTooLongError,
    UnknownDocumentError,
)
from corpus.language import detect, fold
from index.local import build as building
from index.local.build import BuildReport, Progress, build
from index.local.store import Index, activate, current_build_id
from qa.answering import Written
from qa.calibration import load_calibration
from qa.cite import Citation
from qa.compose import Piece
from qa.compose.extractive import Extractive
from qa.engine import (
    Abstention,
    Answer,
    Engine,
    Located,
    PassageHit,
    Question,
    SearchOptions,
    SearchResult,
)
from qa.evaluation.feedback import judged_questions
from qa.select import Selection, Why
from qa.trace import AnswerTrace, PassageTrace, Trace

DOCUMENTS = {
    "cuentos/El año del ñandú.md": (
        "# El ñandú\n\nEl ñandú corre deprisa 🪶. ¿Vuela? ¡No! El ñandú vive en la pampa.\n"
    ),
    "rivers.txt": "The river Amazon is long. It begins in the Andes of Peru.\n",
    "cafe.txt": "El café crece a la sombra. La cosecha empieza en abril.\n",
}
BASE = "http://127.0.0.1:8000"
QUESTION = {"query": "¿Dónde vive el ñandú?"}
WORD = re.compile(r"\w+")


def traced(hits):
    """A trace of an answer about which there is nothing to say."""
    told = PassageTrace((), 0.0, 1.0, False, None, None, (), ())
    nothing = Selection((), (), 0.9, 0.1, Why())
    weights = load_calibration().fusion.close
    return Trace((), weights, 0, (told,) * len(hits), (), AnswerTrace(nothing, 0.1, (), ()))


class WordSteps:
    """What a WordEngine does with one question, step by step."""

    waits = False

    def __init__(self, engine, query, result):
        self._engine, self._query, self.result = engine, query, result

    def select(self):
        """There is nothing to do before the answer."""

    def written(self):
        answer = self.answer()
        at = 0
        for citation in answer.citations:
            yield Written(answer.text[at : citation.answer_end], (citation,))
            at = citation.answer_end
        yield Written(answer.text[at:], ())

    def answer(self):
        return self._engine.answer(self._query, self.result)


class WordEngine:
    """An engine that answers with the sentence sharing most words; its faults can be set."""

    def __init__(self, data, max_question_chars=200):
        self.data, self.encoder, self.max_question_chars = data, HashEncoder(), max_question_chars
        self.index, self.problem, self.composer = None, None, Extractive()
        self.delay_s, self.fault, self.late_fault, self.lie = 0.0, None, None, False
        self.mark = None
        self.reload()

    def reload(self):
        wanted = current_build_id(self.data)
        if wanted is None or (self.index and self.index.build_id == wanted):
            self.problem = None if self.index else NoIndexError("nothing has been built; build it")
            return False
        try:
            self.index, self.problem = Index.open(self.data, self.encoder), None
        except (DamagedIndexError, IncompatibleIndexError) as error:
            self.problem = error
            return False
        return True

    def close(self):
        if self.index:
            self.index.close()

    def _ready(self, query):
        if self.fault:
            raise self.fault
        if self.problem:
            raise self.problem
        if not WORD.search(query.text):
            raise EmptyQuestionError("the question holds no letter or digit; ask with words")
        if len(query.text) > self.max_question_chars:
            raise QuestionTooLongError(
                f"the question has {len(query.text)} characters, the limit is "
                f"{self.max_question_chars}"
            )
        time.sleep(self.delay_s)
        lang, sure = detect(query.text)
        read_as = None
        if query.previous:
            read_as = " + ".join((*(p.query for p in query.previous), query.text))
        return Question(query.text, query.lang or lang, sure, read_as)

    def search(self, query, options=None):
        options = options or SearchOptions()
        question = self._ready(query)
        words = set(WORD.findall(fold(query.text)))
        rows = self.index.rows_where(options.languages, options.document_ids)
        passages = self.index.passages(range(len(self.index)) if rows is None else rows.tolist())
        scored = [(len(words & set(WORD.findall(fold(p.text)))), p) for p in passages]
        best = sorted((s for s in scored if s[0]), key=lambda s: -s[0])[: options.limit]
        hits = tuple(
            PassageHit(
                rank,
                float(score),
                p,
                self.index.document(p.doc_id).title,
                None,
                self.index.document(p.doc_id).heading_path(p.start),
                (0.5, float(score), None, None, None),
                None,
            )
            for rank, (score, p) in enumerate(best, 1)
        )
        trace = traced(hits) if options.explain else None
        return SearchResult(question, hits, self.index.build_id, {"total": 1.23456}, trace)

    def ask(self, query, options=None):
        return self.ask_in_steps(query, options).answer()

    def ask_in_steps(self, query, options=None):
        return WordSteps(self, query, self.search(query, options))

    def answer(self, query, found):
        if self.late_fault:
            raise self.late_fault
        if not found.hits or found.hits[0].score < 2:
            message = "No lo encuentro." if found.question.lang == "es" else "I do not find it."
            declined = Abstention("no_support", 0.1, 0.5, message)
            return Answer(
                found.question,
                message,
                found.question.lang,
                "abstained",
                (),
                found.hits,
                0.1,
                declined,
                found.build_id,
                found.timings_ms,
                "extractive",
                found.trace,
            )
        passage = found.hits[0].passage
        words = set(WORD.findall(fold(query.text)))
        spans = [m.span() for m in re.finditer(r"[^.!?\s][^.!?]*[.!?]", passage.text)]
        a, b = max(
            spans, key=lambda s: len(words & set(WORD.findall(fold(passage.text[s[0] : s[1]]))))
        )
        quote, lead = passage.text[a:b], "Según tus documentos: «"
        start = passage.start + a + (1 if self.lie else 0)
        citation = Citation(
            1,
            passage.doc_id,
            found.hits[0].title,
            None,
            start,
            start + len(quote),
            quote,
            0.9,
            passage.lang,
            len(lead),
            len(lead) + len(quote),
            found.hits[0].section_path,
            passage.passage_id,
            True,
            (quote.index(self.mark), quote.index(self.mark) + len(self.mark))
            if self.mark
            else None,
        )
        return Answer(
            found.question,
            f"{lead}{quote}».",
            found.question.lang,
            "answered",
            (citation,),
            found.hits,
            0.9,
            None,
            found.build_id,
            found.timings_ms,
            "extractive",
            found.trace,
        )

    def locate(self, doc_id, start, end, context=300):
        if self.index is None:
            raise self.problem
        document = self.index.document(doc_id)
        if not start <= end <= len(document.text):
            raise ValueError(
                f"[{start}, {end}) is not within the {len(document.text)} characters of the text"
            )
        text = document.text
        return Located(
            doc_id=doc_id,
            title=document.title,
            lang=document.lang,
            before=text[max(0, start - context) : start],
            quote=text[start:end],
            after=text[end : end + context],
            start=start,
            end=end,
            page=document.page_at(start),
            section_path=document.heading_path(start),
            n_chars=len(text),
            build_id=self.index.build_id,
        )


def write_documents(data):
    for doc_id, text in DOCUMENTS.items():
        path = data / "documents" / doc_id
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A data directory with one build; copied for each test."""
    data = tmp_path_factory.mktemp("built")
    write_documents(data)
    build(data, HashEncoder())
    return data


@pytest.fixture
def data(built, tmp_path):
    shutil.copytree(built, tmp_path / "data")
    return tmp_path / "data"


@contextlib.contextmanager
def serving(data, *, build=None, headers=None, engine=None, **environ):
    """A client of a running service, and its engine as ``client.engine``."""
    variables = {f"FUENTE_{name.upper()}": str(value) for name, value in environ.items()}
    chosen = load_settings({"FUENTE_RELOAD_S": "0", **variables}, data)
    engine = engine or WordEngine(data)
    app = create_app(chosen, engine, build)
    with TestClient(
        app, base_url=BASE, headers={"Accept-Language": "en", **(headers or {})}
    ) as client:
        client.engine = engine
        yield client
    engine.close()


@pytest.fixture
def client(data):
    with serving(data) as client:
        yield client


@pytest.fixture(scope="module")
def standing(built):
    with serving(built) as client:
        yield client


@pytest.fixture
def asking(standing):
    """A client for tests that change nothing on disk; one service for all of them, without faults."""
    engine = standing.engine
    engine.delay_s, engine.fault, engine.late_fault, engine.lie = 0.0, None, None, False
    return standing


def assert_problem(response, status, code, lang="en"):
    body = response.json()
    assert (response.status_code, body["code"], body["status"]) == (status, code, status), body
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["content-language"] == lang
    assert body.keys() >= {
        "type",
        "title",
        "status",
        "detail",
        "instance",
        "code",
        "request_id",
        "remedy",
    }
    assert body["request_id"] == response.headers["x-request-id"]
    assert "Traceback" not in response.text
    return body


def events_of(text):
    events = []
    for block in text.split("\n\n"):
        lines = [line for line in block.split("\n") if line and not line.startswith(":")]
        if lines:
            fields = dict(line.split(": ", 1) for line in lines)
            events.append((fields["event"], json.loads(fields["data"])))
    return events


# Asking and searching


def test_search_has_the_shape_of_the_design(asking):
    response = asking.post("/v1/search", json=QUESTION)
    assert response.status_code == 200
    body = response.json()
    assert list(body) == [
        "object",
        "request_id",
        "build_id",
        "query",
        "read_as",
        "missing_legs",
        "data",
        "timings_ms",
    ]
    assert body["read_as"] is None
    assert body["missing_legs"] == []
    assert body["object"] == "search.result"
    assert body["request_id"] == response.headers["x-request-id"]
    assert body["build_id"] == response.headers["x-build-id"] == asking.engine.index.build_id
    assert body["query"].keys() == {"text", "language", "language_confidence"}
    assert (body["query"]["text"], body["query"]["language"]) == (QUESTION["query"], "es")
    first = body["data"][0]
    assert list(first) == [
        "object",
        "id",
        "rank",
        "score",
        "document_id",
        "title",
        "language",
        "text",
        "location",
        "url",
        "context_url",
        "duplicates",
        "scores",
    ]
    assert first["location"].keys() == {
        "type",
        "start_char_index",
        "end_char_index",
        "page_number",
        "section_path",
        "ocr_confidence",
    }
    assert first["location"]["type"] == "char_location"
    assert first["location"]["page_number"] is None
    assert first["scores"].keys() == {"dense", "lexical", "rerank", "cross_encoder", "reader"}
    assert first["duplicates"] == []
    assert first["document_id"] == "cuentos/El año del ñandú.md"
    start, end = first["location"]["start_char_index"], first["location"]["end_char_index"]
    assert first["url"] == f"/d/cuentos/El%20a%C3%B1o%20del%20%C3%B1and%C3%BA.md#char={start},{end}"
    assert asking.engine.index.document(first["document_id"]).text[start:end] == first["text"]
    around = asking.get(first["context_url"]).json()
    assert (around["quote"], around["start"], around["end"]) == (first["text"], start, end)


def test_ask_has_the_shape_of_the_design_and_a_quote_that_holds_in_answer_and_source(asking):
    response = asking.post("/v1/ask", json=QUESTION)
    assert response.status_code == 200
    assert response.headers["content-language"] == "es"
    assert response.headers["x-build-id"] == asking.engine.index.build_id
    body = response.json()
    assert body.keys() == {
        "object",
        "id",
        "request_id",
        "build_id",
        "status",
        "language",
        "read_as",
        "kind",
        "generator",
        "answer",
        "confidence",
        "citations",
        "passages",
        "abstention",
        "missing_legs",
        "questions",
        "timings_ms",
    }
    assert (body["read_as"], body["questions"]) == (None, [])
    assert (body["object"], body["status"], body["generator"], body["abstention"]) == (
        "answer",
        "answered",
        "extractive",
        None,
    )
    (citation,) = body["citations"]
    assert citation.keys() == {
        "id",
        "start",
        "end",
        "text",
        "sources",
        "location",
        "verified",
        "score",
        "language",
        "url",
        "context_url",
        "highlight",
        "role",
        "structure",
        "differs",
    }
    assert (citation["role"], citation["structure"]["kind"]) == ("answer", "text")
    assert (
        body["answer"][citation["start"] : citation["end"]]
        == citation["text"]
        == "El ñandú vive en la pampa."
    )
    place = citation["location"]
    assert place["cited_text"] == citation["text"]
    assert place["type"] == "char_location"
    text = asking.engine.index.document(place["document_id"]).text
    assert text[place["start_char_index"] : place["end_char_index"]] == citation["text"]
    assert citation["verified"] is True
    assert citation["sources"] == [body["passages"][0]["id"]]
    assert citation["url"].endswith(f"#char={place['start_char_index']},{place['end_char_index']}")
    around = asking.get(citation["context_url"]).json()
    assert around["quote"] == citation["text"]
    assert around["after"] or around["before"]


@pytest.mark.parametrize(("words", "at"), [("pampa", 20), ("El ñandú", 0), (None, None)])
def test_the_words_that_answer_come_as_offsets_and_as_pieces_of_the_quote(asking, words, at):
    asking.engine.mark = words
    (citation,) = asking.post("/v1/ask", json=QUESTION).json()["citations"]
    mark = citation["highlight"]
    asking.engine.mark = None
    if words is None:
        assert mark is None
        return
    assert list(mark) == ["start", "end", "before", "words", "after"]
    assert citation["text"][mark["start"] : mark["end"]] == mark["words"] == words
    assert mark["start"] == at
    assert mark["before"] + mark["words"] + mark["after"] == citation["text"]


def test_a_highlight_outside_its_quote_never_leaves():
    from api.native.schemas import citation_body

    citation = Citation(
        1, "a", "A", None, 0, 4, "ñand", 0.9, "es", 0, 4, (), "a#char=0,4", highlight=(2, 5)
    )
    with pytest.raises(ValueError, match=r"highlight \[2, 5\) is not inside the quote of 4"):
        citation_body(citation, "ñand", ())


@pytest.mark.parametrize(
    ("query", "lang"), [("¿Qué es un cuásar lejano?", "es"), ("What is a quasar?", "en")]
)
def test_abstaining_is_an_answer_with_status_200_that_names_the_nearest_passages(
    asking, query, lang
):
    response = asking.post("/v1/ask", json={"query": query})
    body = response.json()
    assert (response.status_code, body["status"], body["language"]) == (200, "abstained", lang)
    assert body["citations"] == []
    assert body["abstention"].keys() == {
        "reason",
        "confidence",
        "threshold",
        "message",
        "nearest",
        "unmentioned",
        "closest",
        "unread",
    }
    assert body["abstention"]["nearest"] == [p["id"] for p in body["passages"][:3]]


def test_explain_adds_the_explanation_and_nothing_else(asking):
    plain = asking.post("/v1/ask", json=QUESTION).json()
    explained = asking.post("/v1/ask", json={**QUESTION, "explain": True}).json()
    assert explained.keys() - plain.keys() == {"explanation"}
    assert explained["passages"][0].keys() - plain["passages"][0].keys() == {"explanation"}


def test_earlier_questions_reach_the_engine_and_the_full_question_comes_back(asking):
    earlier = [
        {"query": "¿Qué es un ñandú?", "document_ids": ["cuentos/El año del ñandú.md"]},
        {"query": "Where?"},
    ]
    body = {"query": "¿y dónde vive?", "previous": earlier}
    full = "¿Qué es un ñandú? + Where? + ¿y dónde vive?"
    for path in ("/v1/ask", "/v1/search"):
        assert asking.post(path, json=body).json()["read_as"] == full
    events = events_of(asking.post("/v1/ask", json={**body, "stream": True}).text)
    told = [data["read_as"] for name, data in events if name in ("search_results", "final_answer")]
    assert told == [full, full]


@pytest.mark.parametrize(
    "previous",
    [
        [{"query": "¿Quién?"}] * 6,
        [{"query": "¿Quién?", "answer": "Nadie."}],
        [{"document_ids": ["a.txt"]}],
        ["Who?"],
    ],
    ids=["six", "unknown field", "no question", "a string"],
)
def test_earlier_questions_that_are_not_valid_get_422(asking, previous):
    for path in ("/v1/ask", "/v1/search"):
        response = asking.post(path, json={"query": "¿y dónde?", "previous": previous})
        assert "previous" in assert_problem(response, 422, "validation_error")["detail"]


def test_filters_and_limit_reach_the_engine(asking):
    body = asking.post(
        "/v1/search", json={"query": "el la the", "filters": {"language": ["en"]}}
    ).json()
    assert {p["language"] for p in body["data"]} == {"en"}
    body = asking.post(
        "/v1/search", json={"query": "el la", "filters": {"document_id": ["cafe.txt"]}}
    ).json()
    assert {p["document_id"] for p in body["data"]} == {"cafe.txt"}
    assert (
        len(asking.post("/v1/search", json={"query": "el la the", "limit": 1}).json()["data"]) == 1
    )


def test_a_false_quote_never_leaves_the_service(asking):
    asking.engine.lie = True
    assert_problem(asking.post("/v1/ask", json=QUESTION), 500, "internal_error")
    names = [
        name
        for name, _ in events_of(asking.post("/v1/ask", json={**QUESTION, "stream": True}).text)
    ]
    assert names == ["search_results", "error"]


def test_a_stream_sends_the_events_in_order_and_the_deltas_make_the_answer(asking):
    response = asking.post("/v1/ask", json={**QUESTION, "stream": True})
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.headers["x-build-id"] == asking.engine.index.build_id
    assert response.headers["cache-control"] == "no-cache"
    events = events_of(response.text)
    assert [name for name, _ in events] == [
        "search_results",
        "message",
        "citation",
        "message",
        "final_answer",
    ]
    final = events[-1][1]
    assert "".join(data["delta"] for name, data in events if name == "message") == final["answer"]
    assert events[0][1]["data"] == final["passages"]
    assert events[2][1] == final["citations"][0]
    plain = asking.post("/v1/ask", json=QUESTION).json()
    changing = {"id", "request_id", "timings_ms"}
    assert {k: v for k, v in final.items() if k not in changing} == {
        k: v for k, v in plain.items() if k not in changing
    }


def test_a_stream_writes_accents_as_they_are(asking):
    assert "ñandú" in asking.post("/v1/ask", json={**QUESTION, "stream": True}).text


def test_a_stream_that_abstains_ends_with_the_final_answer(asking):
    events = events_of(
        asking.post("/v1/ask", json={"query": "What is a quasar?", "stream": True}).text
    )
    assert [name for name, _ in events] == ["search_results", "message", "final_answer"]
    assert events[-1][1]["status"] == "abstained"


def test_an_error_before_the_first_event_keeps_its_own_status(asking):
    asking.engine.fault = NoIndexError("nothing has been built; build it")
    response = asking.post("/v1/ask", json={**QUESTION, "stream": True})
    assert_problem(response, 503, "index_not_ready")


@pytest.mark.parametrize(
    ("fault", "code"),
    [(RuntimeError("secret"), "internal_error"), (DamagedIndexError("x"), "index_not_ready")],
)
def test_an_error_in_the_middle_of_a_stream_is_its_last_event(asking, fault, code):
    asking.engine.late_fault = fault
    events = events_of(asking.post("/v1/ask", json={**QUESTION, "stream": True}).text)
    assert [name for name, _ in events] == ["search_results", "error"]
    assert events[-1][1]["code"] == code
    assert "secret" not in str(events)


@pytest.mark.parametrize(
    ("body", "part"),
    [
        ({}, "query: is missing"),
        ({"query": 7}, "query: expected a text"),
        ({"query": "x", "limit": 0}, "limit: expected 1 or more"),
        ({"query": "x", "limit": 101}, "limit: expected 100 or less"),
        ({"query": "x", "mode": "magic"}, "mode: expected 'hybrid', 'dense' or 'lexical'"),
        (
            {"query": "x", "filters": {"language": ["fr"]}},
            "filters.language.0: expected 'es', 'en' or 'und'",
        ),
        ({"query": "x", "stram": True}, "stram: is not a known field"),
        ([1], "expected a JSON object"),
        ({"query": "¿? … !"}, "no letter or digit"),
        ({"query": "a" * 201}, "201 characters, the limit is 200"),
    ],
)
def test_a_request_that_is_not_valid_gets_422_with_a_readable_detail(asking, body, part):
    assert (
        part in assert_problem(asking.post("/v1/ask", json=body), 422, "validation_error")["detail"]
    )


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("/v1/ask", b'{"query": "\\ud800 x"}'),
        ("/v1/search", b'{"query": "x", "filters": {"document_id": ["\\udfff"]}}'),
        ("/v1/feedback", b'{"request_id": "r", "rating": "up", "comment": "\\ud800"}'),
        ("/v1/ask", b'{"query": "x", "\\ud800": 1}'),
    ],
)
def test_half_a_surrogate_pair_is_refused_wherever_it_stands(asking, path, content):
    response = asking.post(path, content=content, headers={"Content-Type": "application/json"})
    assert_problem(response, 422, "validation_error")


@pytest.mark.parametrize("content", [b'{"query": "x"', b"\xff\xfe", b"", b"[" * 100_000])
def test_malformed_json_is_a_problem_too(asking, content):
    response = asking.post("/v1/ask", content=content, headers={"Content-Type": "application/json"})
    assert response.status_code in (400, 422)
    assert_problem(response, response.status_code, response.json()["code"])


@pytest.mark.parametrize(
    ("content", "english", "spanish"),
    [
        (b'{"query": "a" "b"}', "character 15: a comma is missing", "carácter 15: falta una coma"),
        (b'{"query": x}', "character 11: a value is missing", "carácter 11: falta un valor"),
        ('{"ñ": "año" x'.encode(), "character 13: a comma", "carácter 13: falta una coma"),
        (b"{query: 1}", "character 2: a name in", "carácter 2: falta un nombre entre comillas"),
    ],
)
@pytest.mark.parametrize("path", ["/v1/ask", "/v1/chat/completions"])
def test_where_a_body_is_no_json_is_told_in_the_language_that_was_asked_for(
    asking, path, content, english, spanish
):
    kind = {"Content-Type": "application/json"}
    for lang, words in (
        ("en", f"not valid JSON at {english}"),
        ("es", f"JSON válido en el {spanish}"),
    ):
        reply = asking.post(path, content=content, headers={**kind, "Accept-Language": lang})
        assert reply.status_code in (400, 422)
        assert words in reply.text
        assert "Expecting" not in reply.text
        assert reply.json().get("error", {}).get("param") is None


@pytest.mark.parametrize("path", ["/v1/ask", "/v1/chat/completions"])
def test_a_body_that_is_not_utf_8_is_told_by_that_name(asking, path):
    for lang, words in (
        ("en", "not UTF-8: see byte 13"),
        ("es", "no está en UTF-8: véase el byte 13"),
    ):
        headers = {"Content-Type": "application/json", "Accept-Language": lang}
        reply = asking.post(path, content='{"query": "año"}'.encode("latin-1"), headers=headers)
        assert reply.status_code == 400
        assert words in reply.text


def test_json_sent_under_another_content_type_is_refused(asking):
    response = asking.post(
        "/v1/ask", content=b'{"query": "x"}', headers={"Content-Type": "text/plain"}
    )
    assert (
        "Content-Type: application/json"
        in assert_problem(response, 422, "validation_error")["detail"]
    )


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        (NoIndexError("x"), 503, "index_not_ready"),
        (DamagedIndexError("x"), 503, "index_not_ready"),
        (IncompatibleIndexError("x"), 409, "index_model_mismatch"),
        (EmptyQuestionError("x"), 422, "validation_error"),
        (UnknownDocumentError("x"), 404, "not_found"),
        (RuntimeError("secret"), 500, "internal_error"),
    ],
)
@pytest.mark.parametrize("lang", ["es", "en"])
@pytest.mark.parametrize("path", ["/v1/ask", "/v1/search"])
def test_what_the_engine_raises_becomes_a_problem_in_the_callers_language(
    asking, fault, status, code, lang, path
):
    asking.engine.fault = fault
    response = asking.post(path, json=QUESTION, headers={"Accept-Language": lang})
    body = assert_problem(response, status, code, lang)
    assert body["instance"] == path
    assert "secret" not in response.text
    assert ("Retry-After" in response.headers) == (status == 503)


@pytest.mark.parametrize(
    ("lang", "title"), [("es", "No existe"), ("en", "Not found"), ("fr", "No existe")]
)
def test_an_unknown_route_is_a_problem_in_the_callers_language(asking, lang, title):
    response = asking.get("/v1/nada", headers={"Accept-Language": lang})
    assert (
        assert_problem(response, 404, "not_found", "en" if lang == "en" else "es")["title"] == title
    )


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/v1/ask", "OPTIONS, POST"),
        ("PUT", "/v1/documents", "GET, HEAD, OPTIONS, POST"),
        ("PUT", "/v1/documents/a.txt", "DELETE, GET, HEAD, OPTIONS"),
        ("PUT", "/v1/documents/a.txt/find", "GET, HEAD, OPTIONS"),
        ("PUT", "/v1/collections/cartas/documents/a.txt/find", "GET, HEAD, OPTIONS"),
        ("PUT", "/v1/collections/x", "DELETE, OPTIONS, PATCH"),
        ("DELETE", "/v1/index/jobs", "GET, HEAD, OPTIONS, POST"),
        ("POST", "/livez", "GET, HEAD, OPTIONS"),
    ],
)
def test_a_wrong_method_is_told_every_method_that_the_address_takes(asking, method, path, allowed):
    response = asking.request(method, path)
    assert_problem(response, 405, "method_not_allowed")
    assert response.headers["allow"] == allowed
    assert asking.options(path).headers["allow"] == allowed


def test_allow_names_what_the_description_names(asking):
    for path, described in asking.get("/openapi.json").json()["paths"].items():
        plain = re.sub(r"\{[^}]*\}", "1", path)
        methods = {method.upper() for method in described} | {"OPTIONS"}
        methods |= {"HEAD"} if "GET" in methods else set()
        assert asking.options(plain).headers["allow"] == ", ".join(sorted(methods)), path


class HeldEngine(WordEngine):
    """Works on questions until told to go on; ``began``: those that it was given, in order."""

    def __init__(self, data):
        super().__init__(data)
        self.go_on, self.began = threading.Event(), []

    def _ready(self, query):
        self.began.append(query.text)
        assert self.go_on.wait(30)
        return super()._ready(query)


def until(condition):
    """Waits until it holds."""
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


def test_too_many_questions_at_once_get_503_overloaded_while_the_others_are_answered(data):
    engine = HeldEngine(data)
    limit = AT_ONCE + 1
    with serving(data, engine=engine, max_concurrent_questions=limit, threads=1) as client:
        with ThreadPoolExecutor(limit) as pool:
            asked = [pool.submit(client.post, "/v1/ask", json=QUESTION) for _ in range(limit)]
            places = client.app.state.service.places
            until(lambda: places.taken == limit)  # the last one has its place but not its turn
            response = client.post("/v1/ask", json=QUESTION)
            assert assert_problem(response, 503, "overloaded")
            assert response.headers["retry-after"] == "1"
            assert client.get("/livez").status_code == 200
            engine.go_on.set()
            assert [one.result().status_code for one in asked] == [200] * limit
        assert client.post("/v1/ask", json={**QUESTION, "stream": True}).status_code == 200
        client.post("/v1/ask", json={"query": 1})
        assert (
            client.post("/v1/ask", json=QUESTION).status_code == 200
        )  # every place was given back
        assert client.app.state.service.places.taken == 0


@pytest.mark.parametrize("path", ["/v1/ask", "/v1/search"])
def test_questions_wait_their_turn_and_hold_no_thread_meanwhile(data, path):
    engine = HeldEngine(data)
    questions = [f"¿Cuántas abejas hay en la colmena {n}?" for n in range(AT_ONCE + 4)]
    with serving(data, engine=engine, threads=1) as client:
        places = client.app.state.service.places
        with ThreadPoolExecutor(len(questions)) as pool:
            asked = []
            for n, question in enumerate(questions, 1):
                body = {"query": question}
                if path == "/v1/ask":
                    body["stream"] = n % 2 == 0
                asked.append(pool.submit(client.post, path, json=body))
                until(lambda n=n: places.taken == n)
            until(lambda: len(engine.began) == AT_ONCE)
            # the one thread for all else is free
            assert client.get("/v1/documents").status_code == 200
            assert sorted(engine.began) == sorted(questions[:AT_ONCE])
            engine.go_on.set()
            assert {one.result().status_code for one in asked} == {200}
        assert sorted(engine.began) == sorted(questions)


class Waiting:
    """A composer that waits for others, as one does that asks a model behind an address."""

    name = "waiting"
    waits = True

    def __init__(self):
        self.go_on, self.began = threading.Event(), []

    def compose(self, question, evidence, first=1):
        yield Piece("Así lo dicen: ")
        self.began.append(question.full)
        assert self.go_on.wait(30)
        yield Piece("vive en la pampa [1].", (0,))


@pytest.mark.parametrize(
    ("question", "lang"), [("¿Qué bebe Godzilla?", "es"), ("Who is Godzilla?", "en")]
)
def test_a_request_may_say_how_sure_an_answer_must_be(data, question, lang):
    with serving(data, engine=Engine(data, HashEncoder())) as client:
        asked = {"query": question, "language": lang}
        assert client.post("/v1/ask", json=asked).json()["status"] == "abstained"
        bold = client.post("/v1/ask", json={**asked, "min_confidence": 0}).json()
        assert bold["status"] == "answered"
        shy = {"query": "El ñandú vive en la pampa.", "min_confidence": 1}
        declined = client.post("/v1/ask", json=shy).json()
        assert declined["abstention"]["threshold"] == 1.0
        for wrong in (-0.1, 1.1, "mucha"):
            response = client.post("/v1/ask", json={**asked, "min_confidence": wrong})
            assert_problem(response, 422, "validation_error")


@pytest.mark.parametrize("stream", [False, True])
def test_a_composer_that_waits_holds_up_no_other_question(data, stream):
    composer = Waiting()
    n = AT_ONCE + 3
    with serving(data, engine=Engine(data, HashEncoder(), composer=composer)) as client:
        asked = {"query": "El ñandú vive en la pampa.", "language": "es", "stream": stream}
        with ThreadPoolExecutor(n) as pool:
            waiting = [pool.submit(client.post, "/v1/ask", json=asked) for _ in range(n)]
            until(lambda: len(composer.began) == n)
            for path in ("/v1/search", "/v1/search"):
                found = client.post(path, json=QUESTION)
                assert (found.status_code, bool(found.json()["data"])) == (200, True)
            assert not any(one.done() for one in waiting)
            composer.go_on.set()
            replies = [one.result() for one in waiting]
        assert {reply.status_code for reply in replies} == {200}
        if stream:
            events = events_of(replies[0].text)
            assert [name for name, _ in events] == [
                *("search_results", "message", "message", "citation", "final_answer")
            ]
            assert [data["delta"] for name, data in events if name == "message"] == [
                *("Así lo dicen: ", "vive en la pampa [1].")
            ]
        body = events[-1][1] if stream else replies[0].json()
        assert body["generator"] == "waiting"
        [citation] = body["citations"]
        assert citation["text"] == "vive en la pampa [1]."
        assert body["answer"][citation["start"] : citation["end"]] == citation["text"]
        assert "El ñandú vive en la pampa." in citation["location"]["cited_text"]


def test_the_threads_of_questions_end_with_the_service(data):
    before = set(threading.enumerate())
    with serving(data) as client:
        client.post("/v1/ask", json=QUESTION)
        began = [t for t in set(threading.enumerate()) - before if t.name.startswith("question")]
        assert began
    for thread in began:
        thread.join(30)
        assert not thread.is_alive()


def test_the_event_loop_is_not_blocked_during_a_question(data):
    engine = WordEngine(data)
    engine.delay_s = 0.5
    app = create_app(load_settings({"FUENTE_RELOAD_S": "0"}, data), engine)

    async def longest_stall():
        transport = httpx2.ASGITransport(app)
        async with httpx2.AsyncClient(transport=transport, base_url=BASE) as client:
            question = asyncio.create_task(
                client.post("/v1/ask", json={**QUESTION, "stream": True})
            )
            longest, last = 0.0, time.perf_counter()
            while not question.done():
                await asyncio.sleep(0.002)
                now = time.perf_counter()
                longest, last = max(longest, now - last), now
            assert (await question).status_code == 200
            return longest

    stall = asyncio.run(longest_stall())
    engine.close()
    assert stall < 0.25, f"the loop stood still for {stall * 1000:.0f} ms of a question of 500 ms"


# The engine itself


@pytest.fixture(scope="module")
def real(built):
    """A client of the service with the engine that is shipped."""
    with serving(built, engine=Engine(built, HashEncoder(), max_question_chars=200)) as client:
        yield client


@pytest.mark.parametrize(
    "query", ["¿Dónde vive el ñandú?", "Where does the river Amazon begin?", "quasar"]
)
@pytest.mark.parametrize("explain", [False, True])
def test_the_shipped_engine_fits_the_door(real, query, explain):
    body = {"query": query, "explain": explain}
    found = real.post("/v1/search", json=body).json()
    assert found["object"] == "search.result"
    assert ("explanation" in found) == explain
    answer = real.post("/v1/ask", json=body).json()
    assert answer["status"] in ("answered", "abstained")
    assert bool(answer["citations"]) == (answer["status"] == "answered")
    for citation in answer["citations"]:
        place = citation["location"]
        around = real.get(
            f"/v1/documents/{place['document_id']}/text",
            params={"start": place["start_char_index"], "end": place["end_char_index"]},
        ).json()
        assert answer["answer"][citation["start"] : citation["end"]] == around["quote"]
    events = events_of(real.post("/v1/ask", json={**body, "stream": True}).text)
    assert events[0][0] == "search_results"
    assert events[-1][0] == "final_answer"
    assert events[-1][1]["answer"] == answer["answer"]


@pytest.mark.parametrize(
    ("query", "status"), [("¿?", 422), ("a" * 201, 422), ("x", 200)], ids=["empty", "long", "short"]
)
def test_the_shipped_engine_refuses_what_is_no_question(real, query, status):
    response = real.post("/v1/ask", json={"query": query})
    assert response.status_code == status
    if status == 422:
        assert_problem(response, 422, "validation_error")


def test_the_shipped_engine_is_not_ready_until_a_build_and_then_answers(tmp_path):
    data = tmp_path / "data"
    with serving(data, engine=Engine(data, HashEncoder())) as client:
        assert_problem(client.get("/readyz"), 503, "index_not_ready")
        assert client.post("/v1/ask", json=QUESTION).json()["abstention"]["reason"] == "empty_index"
        assert upload(client, ("pan.txt", b"El pan es malo.")).is_success
        assert_problem(client.post("/v1/ask", json=QUESTION), 503, "index_not_ready")
        job = upload(client, ("pan.txt", b"El pan es bueno."), query="?build=true").json()["job"]
        wait_for(client, job)
        assert client.get("/readyz").status_code == 200
        (hit,) = client.post("/v1/search", json={"query": "pan bueno"}).json()["data"]
        assert hit["text"] == "El pan es bueno."
        assert_problem(
            client.get("/v1/documents/pan.txt/text?start=0&end=99"), 422, "validation_error"
        )
        for filters, status in (({"document_id": ["nada.txt"]}, 404), ({"language": ["en"]}, 200)):
            response = client.post("/v1/search", json={"query": "pan", "filters": filters})
            assert response.status_code == status


def test_an_index_of_another_encoder_is_refused_with_409_and_a_remedy(data):
    with serving(data, engine=Engine(data, HashEncoder(seed=1))) as client:
        response = client.post("/v1/ask", json=QUESTION, headers={"Accept-Language": "es"})
        assert_problem(response, 409, "index_model_mismatch", "es")
        assert_problem(client.get("/readyz"), 503, "index_model_mismatch")
        wait_for(client, client.post("/v1/index/jobs", json={"full": True}).json())
        assert client.post("/v1/ask", json=QUESTION).status_code == 200


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
fields = st.sampled_from(
    [
        "query",
        "limit",
        "mode",
        "filters",
        "explain",
        "stream",
        "language",
        "request_id",
        "rating",
        "comment",
    ]
)


@settings(max_examples=80, deadline=None)
@given(
    path=st.sampled_from(["/v1/ask", "/v1/search", "/v1/feedback"]),
    body=st.dictionaries(fields, json_values, max_size=5) | json_values,
)
def test_no_json_body_makes_the_service_fail(real, path, body):
    content = json.dumps(body).encode()
    response = real.post(path, content=content, headers={"Content-Type": "application/json"})
    assert response.status_code in (200, 201, 422), response.text


# Documents


def test_documents_are_listed_by_id_with_what_a_reader_wants_to_know(client):
    body = client.get("/v1/documents").json()
    assert [d["id"] for d in body["data"]] == sorted(DOCUMENTS)
    assert (body["object"], body["total"], body["limit"], body["offset"], body["has_more"]) == (
        "list",
        3,
        50,
        0,
        False,
    )
    story = body["data"][1]
    assert story["title"] == "El ñandú"
    assert story["language"] == "es"
    assert story["format"] == "md"
    assert story["status"] == "indexed"
    assert story["passages"] == 1
    assert story["pages"] is None
    assert story["url"] == "/v1/documents/cuentos/El%20a%C3%B1o%20del%20%C3%B1and%C3%BA.md"


def test_documents_come_in_pages_and_can_be_filtered(client):
    page = client.get("/v1/documents?limit=2&offset=2").json()
    assert (len(page["data"]), page["total"], page["has_more"]) == (1, 3, False)
    assert client.get("/v1/documents?limit=2").json()["has_more"] is True
    assert client.get("/v1/documents?offset=99").json()["data"] == []
    assert [d["id"] for d in client.get("/v1/documents", params={"q": "CAFÉ"}).json()["data"]] == [
        "cafe.txt"
    ]
    assert [d["id"] for d in client.get("/v1/documents?language=en").json()["data"]] == [
        "rivers.txt"
    ]
    for query in ("limit=0", "limit=1001", "offset=-1", "language=fr", "limit=x"):
        assert_problem(client.get(f"/v1/documents?{query}"), 422, "validation_error")


def test_one_document_can_be_looked_at(client):
    body = client.get("/v1/documents/cuentos/El%20a%C3%B1o%20del%20%C3%B1and%C3%BA.md").json()
    assert body["id"] == "cuentos/El año del ñandú.md"
    assert body["characters"] > 10
    assert (body["left_out"], body["recognised"]) == ([], [])
    assert_problem(client.get("/v1/documents/nada.txt"), 404, "not_found")


def test_the_list_says_which_documents_have_pages_that_could_not_be_read(data):
    (data / "documents" / "caldera.pdf").write_bytes(partly_scanned(BOILER))
    (data / "documents" / "entera.pdf").write_bytes(partly_scanned(BOILER[:1]))
    (data / "documents" / "rota.pdf").write_bytes(b"no es un PDF")
    build(data, HashEncoder())
    with serving(data) as client:
        body = client.get("/v1/documents").json()
        unread = {one["id"]: one["unread_pages"] for one in body["data"]}
        assert (unread["caldera.pdf"], unread["entera.pdf"], unread["rota.pdf"]) == (3, 0, None)
        assert unread["rivers.txt"] is None
        found = client.get("/v1/documents?unread=true").json()
        assert ([one["id"] for one in found["data"]], found["total"]) == (["caldera.pdf"], 1)
        assert (body["skipped"], body["total"]) == (1, len(unread))
        assert client.get("/v1/documents?q=caldera").json()["skipped"] == 0
        for lang, reason in (("en", "page"), ("es", "página")):
            headers = {"Accept-Language": lang}
            told = client.get("/v1/documents/caldera.pdf", headers=headers).json()
            [one] = told["left_out"]
            assert (one["text"], one["pages"], told["unread_pages"]) == ("", [2, 3, 5], 3)
            assert reason in one["reason"]


@pytest.mark.parametrize(
    ("lang", "said"),
    [("en", "it has {} characters, and end is"), ("es", "tiene {} caracteres, y end no va")],
)
def test_a_stretch_that_a_document_has_not_is_told_in_one_language(client, lang, said):
    one = client.get("/v1/documents").json()["data"][0]
    address = f"/v1/documents/{one['id']}/text"
    for place in ("start=9&end=3", "start=0&end=9999999"):
        reply = client.get(f"{address}?{place}", headers={"Accept-Language": lang})
        assert reply.status_code == 422
        assert said.format(one["characters"]) in reply.json()["detail"]
        assert lang == "en" or "inside" not in reply.json()["detail"]


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "LEEME has no suffix"), ("es", "LEEME no tiene extensión")]
)
def test_a_file_without_a_suffix_is_refused_in_words(client, lang, words):
    files = [("files", ("LEEME", b"Hola."))]
    reply = client.post("/v1/documents", files=files, headers={"Accept-Language": lang})
    body = assert_problem(reply, 415, "unsupported_media_type", lang)
    assert body["detail"].startswith(words)
    assert "(none)" not in reply.text


def test_an_id_in_decomposed_unicode_names_the_same_document(client):
    doc_id = unicodedata.normalize("NFD", "cuentos/El año del ñandú.md")
    for tail in ("", "/text", "/original"):
        assert client.get(f"/v1/documents/{quote(doc_id)}{tail}").status_code == 200
    body = {"query": "ñandú", "filters": {"document_id": [doc_id]}}
    assert client.post("/v1/search", json=body).json()["data"]


def test_a_document_shows_where_it_stands_between_folder_and_index(client, data):
    (data / "documents" / "nuevo.txt").write_text("Un texto nuevo.", "utf-8")
    (data / "documents" / "cafe.txt").write_text("El café ha cambiado.", "utf-8")
    (data / "documents" / "foto.png").write_bytes(b"\x89PNG")
    (data / "documents" / "rivers.txt").unlink()
    found = {d["id"]: d for d in client.get("/v1/documents").json()["data"]}
    assert {doc_id: d["status"] for doc_id, d in found.items()} == {
        "cafe.txt": "changed",
        "cuentos/El año del ñandú.md": "indexed",
        "foto.png": "skipped",
        "nuevo.txt": "pending",
        "rivers.txt": "removed",
    }
    assert found["foto.png"]["reason"]
    assert found["nuevo.txt"]["passages"] is None


def test_a_file_that_the_build_could_not_read_is_listed_with_the_reason(data):
    (data / "documents" / "roto.pdf").write_bytes(b"%PDF-1.4 broken")
    build(data, HashEncoder())
    with serving(data) as client:
        body = client.get("/v1/documents/roto.pdf").json()
        assert body["status"] == "skipped"
        assert body["reason"]
        (data / "documents" / "roto.pdf").write_bytes(b"%PDF-1.4 mended")
        assert client.get("/v1/documents/roto.pdf").json()["status"] == "pending"


def upload(client, *files, query="", headers=None, **fields):
    parts = [
        ("files", (name, io.BytesIO(content), "application/octet-stream"))
        for name, content in files
    ]
    return client.post(f"/v1/documents{query}", files=parts, data=fields, headers=headers)


@pytest.mark.parametrize(
    ("told", "doc_id"),
    [
        ('filename="El año.txt"', "El año.txt"),
        (
            "filename=\"=?utf-8?B?RWwgYcOxby50eHQ=?=\"; filename*=utf-8''El%20a%C3%B1o.txt",
            "El año.txt",
        ),
        ('filename="=?utf-8?B?RWwgYcOxby50eHQ=?="', "El año.txt"),
        ('filename="=?iso-8859-1?Q?El_a=F1o.txt?="', "El año.txt"),
        ("filename=\"x.txt\"; filename*=ISO-8859-1'es'El%20a%F1o.txt", "El año.txt"),
        ('filename="El%20a%C3%B1o.txt"', "El año.txt"),
        ('filename="100%25 sure.txt"', "100%25 sure.txt"),
        ('filename="a%20b.txt"', "a%20b.txt"),
        ('filename="a%F1o.txt"', "a%F1o.txt"),
        ('filename="=?utf-8?B?x?=.txt"', "=?utf-8?B?x?=.txt"),
        ('filename="=?utf-8?B?x?="; filename*=nope\'\'x%C3.txt; filename="y.txt"', "y.txt"),
    ],
)
def test_an_upload_is_called_as_its_client_means(client, told, doc_id):
    body = f'--x\r\nContent-Disposition: form-data; name="files"; {told}\r\n\r\nEl ñu.\r\n--x--\r\n'
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    response = client.post("/v1/documents", content=body.encode(), headers=kind)
    assert response.status_code == 201
    assert response.json()["data"][0]["id"] == doc_id


@pytest.mark.parametrize(
    ("lang", "words"),
    [("es", "se esperaba un archivo con su nombre"), ("en", "expected a file with its name")],
)
def test_an_upload_of_words_instead_of_a_file_is_told(client, lang, words):
    body = b'--x\r\nContent-Disposition: form-data; name="files"\r\n\r\n/tmp/a.txt\r\n--x--\r\n'
    headers = {"Content-Type": "multipart/form-data; boundary=x", "Accept-Language": lang}
    response = client.post("/v1/documents", content=body, headers=headers)
    told = assert_problem(response, 422, "validation_error", lang)
    assert told["detail"] == f"files.0: {words}"


@pytest.mark.parametrize(
    ("name", "words"),
    [("a\tb.txt", "contiene caracteres de control"), ("a\\b.txt", "contiene una barra invertida")],
)
def test_why_a_name_is_refused_is_told_in_spanish(client, name, words):
    moves = {"moves": [{"document_id": "cafe.txt", "to": name}]}
    response = client.post("/v1/documents/move", json=moves, headers={"Accept-Language": "es"})
    assert words in assert_problem(response, 422, "validation_error", "es")["detail"]


def test_an_uploaded_file_is_stored_as_it_came(client, data):
    content = "La niña comió piñones.".encode("latin-1")
    response = upload(client, ("piñón.txt", content))
    assert response.status_code == 201
    body = response.json()
    assert (
        response.headers["location"]
        == body["data"][0]["url"]
        == "/v1/documents/pi%C3%B1%C3%B3n.txt"
    )
    assert body["data"][0]["sha256"] == hashlib.sha256(content).hexdigest()
    assert (body["data"][0]["replaced"], body["job"]) == (False, None)
    assert (data / "documents" / "piñón.txt").read_bytes() == content
    assert client.get("/v1/documents/pi%C3%B1%C3%B3n.txt").json()["status"] == "pending"
    assert upload(client, ("piñón.txt", b"otro")).json()["data"][0]["replaced"] is True


def test_several_files_go_into_the_folder_that_path_names(client, data):
    response = upload(client, ("a.txt", b"uno dos"), ("b.md", b"# tres"), path="actas/2024/")
    assert (response.status_code, response.json()["refused"]) == (201, [])
    assert [d["id"] for d in response.json()["data"]] == ["actas/2024/a.txt", "actas/2024/b.md"]
    assert (data / "documents/actas/2024/a.txt").read_bytes() == b"uno dos"


def test_path_can_name_one_file_anew(client):
    assert (
        upload(client, ("a.txt", b"uno"), path="actas/b.txt").json()["data"][0]["id"]
        == "actas/b.txt"
    )


def test_an_upload_with_build_is_answered_from_soon_after(client):
    body = upload(
        client, ("zorro.txt", b"El zorro gris duerme de noche."), query="?build=true"
    ).json()
    assert body["job"]["object"] == "index.job"
    assert body["job"]["status"] in ("queued", "running")
    wait_for(client, body["job"])
    answer = client.post("/v1/ask", json={"query": "¿Cuándo duerme el zorro gris?"}).json()
    assert answer["citations"][0]["text"] == "El zorro gris duerme de noche."


@pytest.mark.parametrize(
    "name",
    [
        "../fuera.txt",
        "/etc/fuera.txt",
        "a/../../fuera.txt",
        "..\\fuera.txt",
        ".oculto.txt",
        "C:fuera.txt",
        "a//b.txt",
    ],
)
@pytest.mark.parametrize("as_path", [False, True])
def test_an_upload_never_leaves_the_documents_folder(client, data, name, as_path):
    before = sorted(data.parent.rglob("*"))
    response = (
        upload(client, ("a.txt", b"x"), path=name) if as_path else upload(client, (name, b"x"))
    )
    assert_problem(response, 422, "validation_error")
    assert sorted(data.parent.rglob("*")) == before


def test_an_overlong_name_is_refused(client):
    assert_problem(upload(client, ("a" * 300 + ".txt", b"x")), 422, "validation_error")


@pytest.mark.parametrize("name", ["virus.exe", "sin_sufijo", "archivo.txt.rar"])
@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_format_that_cannot_be_read_gets_415(client, data, name, lang):
    response = upload(client, (name, b"MZ"), headers={"Accept-Language": lang})
    body = assert_problem(response, 415, "unsupported_media_type", lang)
    assert ".pdf" in body["detail"]
    assert ("; se espera un" in body["detail"]) == (lang == "es")
    assert not (data / "documents" / name).exists()


def test_an_empty_file_is_refused(client):
    problem = assert_problem(upload(client, ("a.txt", b"")), 422, "validation_error")
    assert "is empty" in problem["detail"]


@pytest.mark.parametrize(
    ("lang", "words"), [("es", ["está vacío", "mismo nombre"]), ("en", ["is empty", "same name"])]
)
def test_of_many_files_each_is_stored_or_refused_by_itself(client, data, lang, words):
    files = [
        ("virus.exe", b"MZ"),
        ("año.txt", b"uno"),
        ("vacío.md", b""),
        ("../fuera.txt", b"x"),
        ("año.txt", b"dos"),
        ("té.md", b"# tres"),
    ]
    response = upload(client, *files, headers={"Accept-Language": lang})
    body = response.json()
    assert response.status_code == 207
    assert [one["id"] for one in body["data"]] == ["año.txt", "té.md"]
    assert response.headers["location"] == body["data"][0]["url"]
    assert [(one["name"], one["code"]) for one in body["refused"]] == [
        ("virus.exe", "unsupported_media_type"),
        ("vacío.md", "validation_error"),
        ("../fuera.txt", "validation_error"),
        (files[4][0], "validation_error"),
    ]
    assert all(one["detail"] and one["remedy"] for one in body["refused"])
    assert words[0] in body["refused"][1]["detail"]
    assert words[1] in body["refused"][3]["detail"]
    assert (data / "documents" / "año.txt").read_bytes() == b"uno"
    assert not (data / "fuera.txt").exists()


def test_files_of_an_upload_whose_names_differ_in_unicode_form_alone_are_all_kept(client, data):
    files = [
        ("contrato-año.txt", b"uno"),
        (unicodedata.normalize("NFD", "contrato-año.txt"), b"dos"),
        ("contrato-año (2).txt", b"tres"),
    ]
    for replaced in (False, True):
        response = upload(client, *files)
        assert response.status_code == 201
        assert [(one["id"], one["replaced"]) for one in response.json()["data"]] == [
            ("contrato-año.txt", replaced),
            ("contrato-año (2).txt", replaced),
            ("contrato-año (2) (2).txt", replaced),
        ]
    for name, content in (("contrato-año", b"uno"), ("contrato-año (2)", b"dos")):
        url = f"/v1/documents/{quote(name)}.txt/original"
        assert client.get(url).content == content


def test_when_no_file_of_many_is_stored_the_first_problem_is_the_answer(client, data):
    before = sorted(data.rglob("*"))
    response = upload(client, ("vacío.md", b""), ("virus.exe", b"MZ"), query="?build=true")
    assert_problem(response, 422, "validation_error")
    assert sorted(data.rglob("*")) == before
    assert client.get("/v1/index/jobs").json()["data"] == []


def test_an_upload_without_files_says_what_is_missing(client):
    assert (
        "files: is missing"
        in assert_problem(client.post("/v1/documents"), 422, "validation_error")["detail"]
    )
    broken = client.post(
        "/v1/documents",
        content=b"--x\r\nnonsense",
        headers={"Content-Type": "multipart/form-data; boundary=x"},
    )
    assert broken.status_code in (400, 422)
    assert_problem(broken, broken.status_code, broken.json()["code"])


def test_an_upload_over_the_limit_gets_413_before_it_is_read(data):
    with serving(data, max_upload_mb=1) as client:
        response = upload(client, ("grande.txt", b"a" * (2**20 + 1)))
        assert (
            "limit is 1048576 bytes" in assert_problem(response, 413, "payload_too_large")["detail"]
        )
        assert not (data / "documents" / "grande.txt").exists()


def test_a_body_of_unknown_length_is_cut_off_while_it_is_read(data):
    read = 0

    def endless():
        nonlocal read
        yield b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n'
        for _ in range(100):
            read += 2**17
            yield b"a" * 2**17

    with serving(data, max_upload_mb=1) as client:
        response = client.post(
            "/v1/documents",
            content=endless(),
            headers={"Content-Type": "multipart/form-data; boundary=x"},
        )
        assert_problem(response, 413, "payload_too_large")


def test_a_json_body_over_the_limit_gets_413_by_its_length_or_while_it_is_read(data):
    with serving(data, max_body_kb=1) as client:
        long = json.dumps({"query": "a" * 2000}).encode()
        assert_problem(client.post("/v1/ask", content=long), 413, "payload_too_large")
        pieces = iter([long[:1000], long[1000:]])
        response = client.post(
            "/v1/ask", content=pieces, headers={"Content-Type": "application/json"}
        )
        assert_problem(response, 413, "payload_too_large")


def test_the_text_around_a_place_joins_up_to_the_document(client):
    text = client.engine.index.document("cuentos/El año del ñandú.md").text
    start = text.index("vive")
    path = "/v1/documents/cuentos/El%20a%C3%B1o%20del%20%C3%B1and%C3%BA.md"
    url = f"{path}/text?start={start}&end={start + 4}"
    response = client.get(url)
    body = response.json()
    assert body["quote"] == "vive"
    assert body["before"] + body["quote"] + body["after"] == text
    assert (body["title"], body["page"], body["section_path"]) == ("El ñandú", None, ["El ñandú"])
    assert response.headers["x-build-id"] == body["build_id"]
    assert body["characters"] == len(text)
    assert len(client.get(url + "&context=3").json()["before"]) == 3


class Swapping(Engine):
    """An engine that takes the next build while a place is being looked up."""

    def __init__(self, data, encoder, next_build):
        super().__init__(data, encoder)
        self.next_build = next_build

    def locate(self, *given, **options):
        self.next_build()
        self.reload()
        return super().locate(*given, **options)


def test_the_text_around_a_place_and_its_build_belong_together_while_builds_change(data):
    def next_build():
        (data / "documents" / "cafe.txt").write_text("El café ha cambiado.", "utf-8")
        build(data, HashEncoder())

    with serving(data, engine=Swapping(data, HashEncoder(), next_build)) as client:
        response = client.get("/v1/documents/cafe.txt/text")
        assert response.json()["after"] == "El café ha cambiado."
        assert response.json()["build_id"] == current_build_id(data)
        assert response.headers["x-build-id"] == current_build_id(data)


def test_a_place_that_is_not_in_the_document_gets_422_and_an_unknown_document_404(client):
    for query in (
        "start=5&end=2",
        "start=0&end=99999",
        "start=-1&end=2",
        "start=x",
        "context=99999999",
    ):
        assert_problem(client.get(f"/v1/documents/cafe.txt/text?{query}"), 422, "validation_error")
    assert_problem(client.get("/v1/documents/nada.txt/text?start=0&end=1"), 404, "not_found")
    assert_problem(client.get("/v1/documents/../../x.txt/text?start=0&end=1"), 404, "not_found")


def test_the_original_comes_as_an_attachment_that_cannot_run_here(client, data):
    page = b"<script>alert(1)</script>"
    (data / "documents" / "p\u00e1gina.html").write_bytes(page)
    response = client.get("/v1/documents/p%C3%A1gina.html/original")
    assert response.content == page
    assert response.headers["content-disposition"].startswith("attachment")
    assert "p%C3%A1gina.html" in response.headers["content-disposition"]
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["content-security-policy"].startswith("sandbox")


@pytest.mark.parametrize("tail", ["", "/original"])
def test_who_has_a_document_already_is_told_so(client, tail):
    url = f"/v1/documents/cafe.txt{tail}"
    etag = client.get(url).headers["etag"]
    strong = etag.removeprefix("W/")
    for known in ("*", etag, strong, f"W/{strong}", f'"otra", {etag}', f'W/"other" ,W/{strong}'):
        response = client.get(url, headers={"If-None-Match": known})
        assert (response.status_code, response.content) == (304, b"")
        assert response.headers["etag"] == etag
    for other in ('"otra"', strong.strip('"'), "W/*"):
        assert client.get(url, headers={"If-None-Match": other}).status_code == 200
    assert client.head(url, headers={"If-None-Match": "*"}).status_code == 304
    gone = client.get("/v1/documents/nada.txt", headers={"If-None-Match": "*"})
    assert_problem(gone, 404, "not_found")


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [
        ("iso-8859-1", "latin-1"),
        ('"Windows-1252"', "cp1252"),
        ("utf-16", "utf-16"),
        ("utf8", "utf-8-sig"),
        ("UTF-8", "utf-8"),
        ("unknown", "utf-8"),
    ],
)
@pytest.mark.parametrize("question", ["¿Qué desayuna el ñandú?", "What does the café sell?"])
def test_json_is_read_in_the_charset_that_it_names(client, charset, encoding, question):
    body = json.dumps({"query": question}, ensure_ascii=False).encode(encoding)
    kind = f"Application/JSON; charset={charset}"
    response = client.post("/v1/search", content=body, headers={"Content-Type": kind})
    assert response.status_code == 200
    assert response.json()["query"]["text"] == question


def test_json_that_is_not_in_the_charset_that_it_names_is_told(client):
    kind = {"Content-Type": "application/json; charset=utf-16-le"}
    response = client.post("/v1/search", content=b'{"query": "uno"} ' + b"\x00\xd8", headers=kind)
    assert_problem(response, 400, "bad_request")


@pytest.mark.parametrize("path", ["/v1/ask", "/v1/chat/completions", "/mcp"])
def test_a_body_that_is_packed_is_refused_in_words(client, path):
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    response = client.post(path, content=gzip.compress(b"{}"), headers=headers)
    assert "gzip" in response.text
    assert response.headers["accept-encoding"] == "identity"
    if path == "/v1/ask":
        assert_problem(response, 415, "bad_request")


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        ("bytes=0-0", 206, slice(0, 1)),
        ("bytes=2-", 206, slice(2, None)),
        ("bytes=-3", 206, slice(-3, None)),
        ("Bytes=1-999999", 206, slice(1, None)),
        ("bytes=1-99999999999999999999999999", 206, slice(1, None)),
        ("bytes=-99999999999999999999999999", 206, slice(None)),
        ("bytes=, 2-4 ,", 206, slice(2, 5)),
        ("bytes=2-4,999999-", 206, slice(2, 5)),
        ("bytes=2-6,4-9", 206, slice(2, 10)),
        ("bytes=0-,-5", 200, slice(None)),
        ("bytes=" + ",".join(f"{n}-{n}" for n in range(0, 202, 2)), 200, slice(None)),
        ("bytes=2-4,a", 200, slice(None)),
        ("bytes=2-4,9-7", 200, slice(None)),
        ("bytes=,", 200, slice(None)),
        ("bytes=-", 200, slice(None)),
        ("bytes=5-2", 200, slice(None)),
        ("bytes=a-b", 200, slice(None)),
        ("bytes=", 200, slice(None)),
        ("lines=0-3", 200, slice(None)),
        ("bytes=-0", 416, None),
        ("bytes=999999-", 416, None),
        ("bytes=99999999999999999999999999-,-0", 416, None),
    ],
)
def test_parts_of_the_original(client, asked, status, part):
    url = "/v1/documents/cafe.txt/original"
    whole = client.get(url).content
    response = client.get(url, headers={"Range": asked})
    assert response.status_code == status
    if part is None:
        assert response.headers["content-range"] == f"bytes */{len(whole)}"
        assert_problem(response, 416, "validation_error")
    else:
        assert response.content == whole[part]
    head = client.head(url, headers={"Range": asked})
    assert (head.status_code, head.headers["content-length"]) == (200, str(len(whole)))
    stale = client.get(url, headers={"Range": asked, "If-Range": '"otra"'})
    assert (stale.status_code, stale.content) == (200, whole)


@pytest.mark.parametrize(
    ("asked", "parts"),
    [
        ("bytes=0-3,10-13", [(0, 3), (10, 13)]),
        ("bytes=-2, 5-8", [(-2, -1), (5, 8)]),
        ("bytes=20-22,0-1,21-25,999999-", [(20, 25), (0, 1)]),
    ],
)
def test_several_parts_of_the_original_come_in_the_order_asked_for(client, asked, parts):
    url = "/v1/documents/cafe.txt/original"
    whole = client.get(url)
    size = len(whole.content)
    response = client.get(url, headers={"Range": asked, "If-Range": whole.headers["etag"]})
    assert response.status_code == 206
    assert "content-range" not in response.headers
    assert response.headers["content-length"] == str(len(response.content))
    kind = response.headers["content-type"]
    assert kind.startswith("multipart/byteranges; boundary=")
    message = email.message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + response.content)
    got = [
        (part["Content-Type"], part["Content-Range"], part.get_payload(decode=True))
        for part in message.get_payload()
    ]
    wanted = [(first % size, last % size) for first, last in parts]
    assert got == [
        (
            whole.headers["content-type"],
            f"bytes {first}-{last}/{size}",
            whole.content[first : last + 1],
        )
        for first, last in wanted
    ]


def test_the_original_as_it_was_or_not_at_all(client):
    url = "/v1/documents/cafe.txt/original"
    etag = client.get(url).headers["etag"]
    before, after = "Mon, 01 Jan 2001 00:00:00 GMT", "Fri, 01 Jan 2100 00:00:00 GMT"
    for asked in (
        {"If-Match": f'"otra", {etag}'},
        {"If-Match": "*"},
        {"If-Unmodified-Since": after},
    ):
        assert client.get(url, headers=asked).status_code == 200
    for asked in (
        {"If-Match": '"otra"'},
        {"If-Match": f"W/{etag}"},
        {"If-Unmodified-Since": before},
    ):
        assert_problem(client.get(url, headers=asked), 412, "validation_error")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("hoja.pdf", True), ("foto.png", True), ("foto.JPG", True),
        ("página.html", False), ("dibujo.svg", False), ("nota.xml", False), ("nota.txt", False), ("hoja", False),
    ],
)  # fmt: skip
def test_only_a_pdf_or_a_picture_is_shown_where_it_is_asked_for(client, data, name, shown):
    (data / "documents" / name).write_bytes(b"%PDF-1.4 <script>alert(1)</script>")
    asked = f"/v1/documents/{quote(name)}/original"
    response = client.get(asked, params={"inline": "true"})
    how = response.headers["content-disposition"].split(";")[0]
    assert how == ("inline" if shown else "attachment")
    assert response.headers["x-content-type-options"] == "nosniff"
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert ("sandbox" in policy) is not shown
    assert client.get(asked).headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize(
    "path",
    [
        "..%2F..%2FCURRENT",
        "%2Fetc%2Fpasswd",
        "a%2F..%2F..%2Fconfig.toml",
        "..%5Cx.txt",
        "x%00.txt",
        ".git%2Fx.txt",
    ],
)
@pytest.mark.parametrize("tail", ["/original", "/text", ""])
def test_no_path_leads_out_of_the_documents_folder(asking, path, tail):
    for method in ("GET", "DELETE") if not tail else ("GET",):
        response = asking.request(method, f"/v1/documents/{path}{tail}")
        assert response.status_code in (400, 404, 422)
        assert_problem(response, response.status_code, response.json()["code"])


def test_a_link_that_leaves_the_folder_is_not_followed(client, data):
    (data / "documents" / "enlace.txt").symlink_to(data / "CURRENT")
    response = client.get("/v1/documents/enlace.txt/original")
    assert response.status_code in (404, 422)
    assert client.engine.index.build_id not in response.text


def test_a_deleted_document_leaves_the_folder_and_with_build_the_answers(client, data):
    response = client.delete("/v1/documents/cafe.txt?build=true")
    body = response.json()
    assert (body["object"], body["id"], body["deleted"]) == ("document.deleted", "cafe.txt", True)
    assert not (data / "documents" / "cafe.txt").exists()
    report = wait_for(client, body["job"])["report"]
    assert report["removed"] == ["cafe.txt"]
    assert report["documents"] == 2
    assert_problem(client.get("/v1/documents/cafe.txt"), 404, "not_found")
    assert_problem(client.delete("/v1/documents/cafe.txt"), 404, "not_found")
    assert client.delete("/v1/documents/rivers.txt").json()["job"] is None


def everything_told(client, ids, words):
    """All that the service tells about documents of those ids and about those words, as one text."""
    told = []
    for doc_id in ids:
        path = f"/v1/documents/{quote(doc_id)}"
        for tail in ("", "/text?end=5", "/window", "/original", f"/find?q={quote(words)}"):
            told.append(client.get(path + tail))
        body = {"query": words, "filters": {"document_id": [doc_id]}}
        told.append(client.post("/v1/search", json=body))
    for path in ("/v1/ask", "/v1/search"):
        told.append(client.post(path, json={"query": words, "limit": 50, "explain": True}))
        told.append(client.post(path, json={"query": words, "stream": True}))
    told += [client.get(path) for path in ("/v1/documents", "/v1/info", "/metrics")]
    return "\n".join(response.text for response in told)


@pytest.mark.parametrize("how", ["delete", "replace"])
@pytest.mark.parametrize(
    ("doc_id", "secret", "small_segment"),
    [
        ("cuentos/Íñigo.md", "La contraseña de Íñigo es murciélago.", 0),
        ("letters/Ann.txt", "The password of Ann is woodpecker.", 1000),
    ],
)
def test_what_was_deleted_or_replaced_is_nowhere_once_that_is_active(
    data, doc_id, secret, how, small_segment, monkeypatch
):
    monkeypatch.setattr(building, "SMALL_SEGMENT", small_segment)
    folder, name = doc_id.split("/")
    last = fold(secret).split()[-1].strip(".")
    engine = Engine(data, HashEncoder())
    with serving(data, engine=engine) as client:
        beside = [("uno.txt", b"Uno es un texto."), ("two.txt", b"Two is a text.")]
        files = [(name, secret.encode()), *beside]
        job = upload(client, *files, path=folder, query="?build=true").json()["job"]
        wait_for(client, job)
        assert last in fold(everything_told(client, [doc_id], secret))
        asked = client.post("/v1/ask", json={"query": secret})
        assert asked.json()["citations"][0]["text"] == secret

        if how == "delete":
            job = client.delete(f"/v1/documents/{quote(doc_id)}?build=true").json()["job"]
        else:
            parts = (name, b"Nada de eso. Nothing of it.")
            job = upload(client, parts, path=folder, query="?build=true").json()["job"]
        wait_for(client, job)
        # where segments are kept, its words are still in a file of the build
        gone = [doc for part in engine.index.manifest.segments for doc in part.gone]
        assert gone == ([] if small_segment else [doc_id])
        told = fold(everything_told(client, [doc_id], " ".join(secret.split()[:-1])))
        assert last not in told
        if how == "delete":
            assert fold(name) not in fold(client.get("/v1/documents").text)
            for tail in ("", "/text?end=5", "/window", "/original", "/find?q=a"):
                path = f"/v1/documents/{quote(doc_id)}{tail}"
                assert_problem(client.get(path), 404, "not_found")
        # the answer that quoted it is remembered for its reader's thumb
        rating = {"request_id": asked.json()["request_id"], "rating": "up"}
        assert client.post("/v1/feedback", json=rating).status_code == 201
        line = json.loads((data / "feedback.jsonl").read_text("utf-8"))
        assert line["citations"] == []


# Builds


class SlowBuild:
    """A build that reports steps until it is let go, stopped or told to fail."""

    def __init__(self):
        self.go, self.failure, self.runs, self.steps = threading.Event(), None, 0, 3

    def __call__(self, *, full, allow_removal, progress, cancelled):
        self.runs += 1
        if isinstance(self.failure, BuildRunningError):
            raise self.failure
        for step in range(self.steps):
            progress(Progress("encode", step, self.steps, 1.5))
        while not self.go.wait(0.01):
            if cancelled():
                raise RuntimeError("stopped")
        if self.failure:
            raise self.failure
        return BuildReport("b2", ("a",), (), (), ("b",), (), 2, 5, 3, 0.1)


@pytest.fixture
def slow(data):
    slow = SlowBuild()
    with serving(data, build=slow) as client:
        client.build = slow
        yield client
        slow.go.set()


def test_a_job_builds_and_the_engine_takes_the_new_build(client, data):
    before = client.engine.index.build_id
    (data / "documents" / "zorro.txt").write_text("El zorro gris duerme de noche.", "utf-8")
    response = client.post("/v1/index/jobs")
    job = response.json()
    assert response.status_code == 202
    assert response.headers["location"] == job["url"]
    done = wait_for(client, job)
    assert done["report"]["added"] == ["zorro.txt"]
    assert done["report"]["kept"] == 3
    assert client.engine.index.build_id == done["report"]["build_id"] != before
    assert (
        client.post("/v1/search", json=QUESTION).headers["x-build-id"] == done["report"]["build_id"]
    )
    assert [j["id"] for j in client.get("/v1/index/jobs").json()["data"]] == [job["id"]]


def test_a_full_build_can_be_asked_for(client):
    job = client.post("/v1/index/jobs", json={"full": True}).json()
    assert job["full"] is True
    assert wait_for(client, job)["report"]["encoded"] > 0
    assert_problem(client.post("/v1/index/jobs", json={"ful": True}), 422, "validation_error")


@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_second_job_gets_409_while_one_runs(slow, lang):
    first = slow.post("/v1/index/jobs").json()
    assert first["status"] == "running"
    assert first["progress"]["total"] == 3
    response = slow.post("/v1/index/jobs", headers={"Accept-Language": lang})
    assert_problem(response, 409, "index_job_running", lang)
    slow.build.go.set()
    wait_for(slow, first)
    assert slow.post("/v1/index/jobs").status_code == 202


def test_a_build_of_another_process_gets_409_and_leaves_no_job(slow):
    slow.build.failure = BuildRunningError("another process is building; wait")
    assert_problem(slow.post("/v1/index/jobs"), 409, "index_job_running")
    assert slow.get("/v1/index/jobs").json()["data"] == []


@pytest.fixture
def locked(data):
    """The build lock, held as a command line that builds in the same data directory holds it."""
    with (data / "builds" / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock


@pytest.mark.parametrize("lang", ["es", "en"])
def test_while_the_command_line_builds_a_job_gets_409(client, locked, lang):
    response = client.post("/v1/index/jobs", headers={"Accept-Language": lang})
    assert_problem(response, 409, "index_job_running", lang)
    assert client.get("/v1/index/jobs").json()["data"] == []
    fcntl.flock(locked, fcntl.LOCK_UN)
    assert client.post("/v1/index/jobs").status_code == 202


def test_while_the_command_line_builds_an_upload_with_build_waits_and_is_built_after_it(
    client, locked
):
    job = upload(client, ("zorro.txt", b"El zorro duerme."), query="?build=true").json()["job"]
    assert client.get(job["url"]).json()["status"] in ("queued", "running")
    assert_problem(client.post("/v1/index/jobs"), 409, "index_job_running")
    fcntl.flock(locked, fcntl.LOCK_UN)
    assert wait_for(client, job)["report"]["added"] == ["zorro.txt"]


def test_a_job_that_waits_for_the_command_line_can_be_cancelled(client, locked):
    job = client.delete("/v1/documents/cafe.txt?build=true").json()["job"]
    assert client.delete(job["url"]).status_code == 202
    assert wait_for(client, job, "cancelled")["error"] is None


class StoppedAt:
    """A real build whose caller asks it to stop as soon as it says that it is at a stage."""

    def __init__(self, data, stage):
        self.data, self.stage, self.client, self.url = data, stage, None, None
        self.posted = threading.Event()

    def __call__(self, *, full, allow_removal, progress, cancelled):
        def told(step):
            progress(step)
            if step.stage == self.stage and not cancelled():
                self.posted.wait(20)
                self.client.delete(self.url)

        return build(self.data, HashEncoder(), full=full, progress=told, cancelled=cancelled)


@pytest.mark.slow
@pytest.mark.parametrize("stage", ["scan", "parse", "encode", "write", "check"])
def test_a_real_build_stops_at_any_stage_and_the_next_one_is_whole(data, stage):
    stopped = StoppedAt(data, stage)
    with serving(data, build=stopped) as client:
        before = client.engine.index.build_id
        (data / "documents" / "zorro.txt").write_text("El zorro gris duerme.", "utf-8")
        job = client.post("/v1/index/jobs").json()
        stopped.client, stopped.url = client, job["url"]
        stopped.posted.set()
        assert wait_for(client, job, "cancelled")["report"] is None
        assert current_build_id(data) == before
        assert not list((data / "builds").glob(".*.partial"))
        stopped.stage = None
        done = wait_for(client, client.post("/v1/index/jobs").json())
        assert done["report"]["added"] == ["zorro.txt"]
        assert client.engine.index.build_id == done["report"]["build_id"] != before


def test_an_upload_during_a_build_queues_one_more_build(slow):
    first = slow.post("/v1/index/jobs").json()
    second = upload(slow, ("a.txt", b"uno"), query="?build=true").json()["job"]
    third = upload(slow, ("b.txt", b"dos"), query="?build=true").json()["job"]
    assert second["status"] == "queued"
    assert third["id"] == second["id"] != first["id"]
    slow.build.go.set()
    wait_for(slow, first)
    wait_for(slow, second)
    assert slow.build.runs == 2


def test_a_job_can_be_cancelled_running_or_waiting(slow):
    first = slow.post("/v1/index/jobs").json()
    waiting = upload(slow, ("a.txt", b"uno"), query="?build=true").json()["job"]
    assert slow.delete(waiting["url"]).json()["status"] == "cancelled"
    assert slow.delete(first["url"]).status_code == 202
    assert wait_for(slow, first, "cancelled")["error"] is None
    assert slow.delete(first["url"]).json()["status"] == "cancelled"
    assert slow.build.runs == 1


@pytest.mark.parametrize(
    ("failure", "code", "detail"),
    [
        (
            DamagedIndexError("the disk is full; free some space"),
            "index_not_ready",
            "the disk is full; free some space",
        ),
        (RuntimeError("secret"), "internal_error", "RuntimeError"),
    ],
)
def test_a_job_that_fails_says_why(slow, failure, code, detail):
    slow.build.failure = failure
    job = slow.post("/v1/index/jobs").json()
    slow.build.go.set()
    assert wait_for(slow, job, "failed")["error"] == {"code": code, "detail": detail}


def test_the_events_of_a_job_end_with_its_end(slow):
    job = slow.post("/v1/index/jobs").json()
    threading.Timer(0.3, slow.build.go.set).start()
    events = events_of(slow.get(job["url"] + "/events").text)
    assert [name for name, _ in events[:-1]] == ["progress"] * (len(events) - 1)
    assert events[-2][1]["progress"] == {"stage": "encode", "done": 2, "total": 3, "eta_s": 1.5}
    assert events[-1][0] == "end"
    assert events[-1][1]["status"] == "succeeded"
    assert events[-1][1]["report"]["kept"] == 1


def test_an_unknown_job_gets_404_everywhere(asking):
    for method, path in (("GET", ""), ("GET", "/events"), ("DELETE", "")):
        assert_problem(asking.request(method, f"/v1/index/jobs/job_0{path}"), 404, "not_found")


def test_only_the_last_jobs_are_kept():
    slow = SlowBuild()
    slow.go.set()
    jobs = LocalJobs(slow, lambda: None)
    for _ in range(KEPT_JOBS + 5):
        job = jobs.start(full=False)
        while not jobs.get(job.job_id).finished:
            time.sleep(0.001)
    assert len(jobs.kept()) == KEPT_JOBS
    assert jobs.kept()[0].job_id == job.job_id
    jobs.close()
    with pytest.raises(BuildRunningError, match="stopping"):
        jobs.ensure()


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc keeps what is freed")
def test_what_a_build_has_freed_goes_back_to_the_system():
    kept = []

    class Freeing(SlowBuild):
        def __call__(self, **given):
            kept.extend([bytes(1000) for _ in range(200_000)][::100])
            return super().__call__(**given)

    def resident_mb():
        return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 2**20

    slow = Freeing()
    slow.go.set()
    jobs = LocalJobs(slow, lambda: None)
    before = resident_mb()
    job = jobs.start(full=False)
    while not jobs.get(job.job_id).finished:
        time.sleep(0.01)
    jobs.close()
    assert len(kept) == 2000
    assert resident_mb() - before < 60  # of 200


def test_stopping_the_service_stops_a_running_build(data):
    slow = SlowBuild()
    with serving(data, build=slow) as client:
        client.post("/v1/index/jobs")
        jobs = client.app.state.service.jobs
    assert [job.status for job in jobs.kept()] == ["cancelled"]


def test_builds_are_listed_and_an_older_one_can_be_activated_again(client, data):
    old = client.engine.index.build_id
    (data / "documents" / "zorro.txt").write_text("El zorro gris duerme de noche.", "utf-8")
    new = wait_for(client, client.post("/v1/index/jobs").json())["report"]["build_id"]
    found = client.get("/v1/index/builds").json()["data"]
    assert {b["id"]: b["active"] for b in found} == {old: False, new: True}
    assert found[0].keys() == {
        "object",
        "id",
        "created_at",
        "active",
        "documents",
        "passages",
        "encoder",
        "size_bytes",
        "problem",
    }
    response = client.post(f"/v1/index/builds/{old}/activate")
    assert response.json()["active"] is True
    assert response.headers["x-build-id"] == old
    assert client.engine.index.build_id == current_build_id(data) == old


@pytest.mark.parametrize("build_id", ["nada", "..", "%2E%2E", "..%2Fbuilds"])
def test_an_unknown_build_cannot_be_activated(client, data, build_id):
    before = current_build_id(data)
    response = client.post(f"/v1/index/builds/{build_id}/activate")
    assert_problem(response, 404, "not_found")
    assert current_build_id(data) == before


def test_a_build_of_another_encoder_is_refused_and_the_active_one_stays(client, data):
    ours = client.engine.index.build_id
    (data / "documents" / "zorro.txt").write_text("El zorro gris duerme de noche.", "utf-8")
    other = build(data, HashEncoder(seed=1), full=True).build_id
    activate(data, ours)
    assert_problem(client.post(f"/v1/index/builds/{other}/activate"), 409, "index_model_mismatch")
    assert current_build_id(data) == ours == client.engine.index.build_id


def test_a_build_of_another_process_is_taken_by_itself(data):
    with serving(data, reload_s=0.02) as client:
        (data / "documents" / "zorro.txt").write_text("El zorro gris duerme de noche.", "utf-8")
        new = build(data, HashEncoder()).build_id
        for _ in range(200):
            if client.get("/readyz").json().get("build_id") == new:
                break
            time.sleep(0.02)
        assert client.post("/v1/search", json=QUESTION).headers["x-build-id"] == new


def test_the_watcher_goes_on_after_a_failed_look():
    looks, stop = [], threading.Event()

    def look():
        looks.append(1)
        if len(looks) == 1:
            raise OSError("stale handle")
        stop.set()
        return True

    watch(look, 0.001, stop)
    assert len(looks) == 2


# Operations


def test_an_empty_data_directory_lives_but_is_not_ready_until_a_build(tmp_path):
    with serving(tmp_path / "data") as client:
        assert client.get("/livez").json() == {"status": "alive"}
        assert (client.head("/livez").status_code, client.head("/readyz").status_code) == (200, 503)
        response = client.get("/readyz")
        assert_problem(response, 503, "index_not_ready")
        assert response.headers["retry-after"] == "5"
        info = client.get("/v1/info").json()
        assert info["ready"] is False
        assert info["build"] is None
        assert info["problem"]["code"] == "index_not_ready"
        assert client.get("/v1/documents").json()["total"] == 0
        assert client.get("/v1/index/builds").json()["data"] == []
        assert_problem(client.get("/v1/documents/a.txt/text"), 503, "index_not_ready")
        assert 'fuente_ready{collection="default"} 0' in client.get("/metrics").text
        wait_for(
            client,
            upload(client, ("a.txt", b"El pan es bueno."), query="?build=true").json()["job"],
        )
        assert client.get("/readyz").json()["build_id"] == client.engine.index.build_id
        assert client.get("/v1/info").json()["ready"] is True


def test_readyz_says_503_also_when_the_index_belongs_to_another_encoder(client):
    client.engine.index, client.engine.problem = (
        None,
        IncompatibleIndexError("built by e5; build again"),
    )
    response = client.get("/readyz")
    assert_problem(response, 503, "index_model_mismatch")
    assert response.headers["retry-after"]


def test_an_index_that_serves_is_ready_although_a_newer_one_was_refused(client):
    client.engine.problem = DamagedIndexError("a file is missing")
    assert client.get("/readyz").status_code == 200


def test_info_says_what_the_service_is_holds_and_accepts(client, data):
    (data / "suggested_questions.json").write_text(
        json.dumps([{"lang": "es", "text": "¿Dónde vive el ñandú?"}], ensure_ascii=False), "utf-8"
    )
    info = client.get("/v1/info").json()
    assert info["documents"] == {"en": 1, "es": 2}
    assert info["encoder"]["name"] == "hash"
    assert info["encoder"]["dim"] == 64
    assert info["build"]["id"] == client.engine.index.build_id
    assert info["build"]["documents"] == 3
    assert info["suggested_questions"] == [{"lang": "es", "text": "¿Dónde vive el ñandú?"}]
    assert info["limits"]["max_question_chars"] == 2000
    assert ".pdf" in info["formats"]
    assert info["keys_required"] is False
    assert info["version"]


@pytest.mark.parametrize("text", ["{", '[{"lang": "fr", "text": "x"}]', "7"])
def test_a_broken_list_of_suggestions_is_as_good_as_none(client, data, text):
    (data / "suggested_questions.json").write_text(text, "utf-8")
    assert client.get("/v1/info").json()["suggested_questions"] == []


def test_metrics_count_requests_by_route_and_questions_by_language(client):
    client.post("/v1/ask", json=QUESTION)
    client.post("/v1/ask", json={"query": "What is a quasar?", "stream": True})
    client.post("/v1/search", json=QUESTION)
    client.get("/v1/documents/cafe.txt")
    client.get("/v1/nada")
    response = client.get("/metrics")
    assert response.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    lines = response.text.splitlines()
    assert (
        'fuente_requests_total{collection="default",method="POST",route="/v1/ask",status="200"} 2.0'
        in lines
    )
    assert (
        'fuente_requests_total{collection="default",method="GET",route="/v1/documents/{doc_id:path}",status="200"} 1.0'
        in lines
    )
    assert (
        'fuente_requests_total{collection="",method="GET",route="unmatched",status="404"} 1.0'
        in lines
    )
    assert (
        'fuente_questions_total{collection="default",kind="ask",language="es",status="answered"} 1.0'
        in lines
    )
    assert (
        'fuente_questions_total{collection="default",kind="ask",language="en",status="abstained"} 1.0'
        in lines
    )
    assert (
        'fuente_questions_total{collection="default",kind="search",language="es",status="found"} 1.0'
        in lines
    )
    assert (
        'fuente_request_seconds_bucket{collection="default",le="+Inf",route="/v1/ask"} 2.0' in lines
    )
    assert 'fuente_request_seconds_count{collection="default",route="/v1/ask"} 2.0' in lines
    assert 'fuente_documents{collection="default"} 3.0' in lines
    assert 'fuente_ready{collection="default"} 1.0' in lines
    assert any(line.startswith("fuente_build_info{build_id=") for line in lines)
    sample = re.compile(r'[a-z_]+(\{([a-z_]+="[^"]*",?)*\})? [0-9.e+-]+')
    assert all(line.startswith("# ") or sample.fullmatch(line) for line in lines)


def test_a_label_value_cannot_break_the_metrics_format():
    metrics = Metrics()
    metrics.request("GET", 'a"b\\c\nd', 200, 0.003)
    text = metrics.render().decode()
    assert 'route="a\\"b\\\\c\\nd"' in text
    assert 'collection="",le="0.005",route="a\\"b\\\\c\\nd"} 1.0' in text


@pytest.mark.parametrize(
    ("lang", "words"), [("es", "la interfaz HTTP"), ("en", "the HTTP interface")]
)
def test_the_docs_page_needs_nothing_from_elsewhere(asking, lang, words):
    response = asking.get("/docs", headers={"Accept-Language": lang})
    assert words in response.text
    assert f'<html lang="{lang}">' in response.text
    assert "/v1/ask" in response.text
    assert 'id="rate_limited"' in response.text
    assert not re.search(r"<script|src=|https?://(?!127\.0\.0\.1)", response.text)
    assert "default-src 'none'" in response.headers["content-security-policy"]


def test_openapi_describes_every_endpoint(asking):
    schema = asking.get("/openapi.json").json()
    assert {
        "/v1/ask",
        "/v1/search",
        "/v1/documents",
        "/v1/index/jobs",
        "/v1/info",
        "/readyz",
    } <= schema["paths"].keys()
    assert not {"/", "/docs", "/openapi.json"} & schema["paths"].keys()
    for path, methods in schema["paths"].items():
        for operation in methods.values():
            assert operation["description"], path


@pytest.mark.parametrize("value", [0, 1, "true", "no", 1.0])
@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/v1/ask", "stream"),
        ("/v1/ask", "explain"),
        ("/v1/search", "explain"),
        ("/v1/index/jobs", "full"),
        ("/v1/index/jobs", "allow_removal"),
        ("/v1/collections", "undelete"),
    ],
)
def test_what_is_true_or_false_is_nothing_else(asking, path, field, value):
    others = {"/v1/index/jobs": {}, "/v1/collections": {"name": "cartas"}}
    told = asking.post(path, json={**others.get(path, {"query": "¿ñandú?"}), field: value})
    assert_problem(told, 422, "validation_error")
    assert field in told.json()["detail"]


NUMBERS = [
    ("/v1/search", "limit", True),
    ("/v1/search", "limit", "8"),
    ("/v1/ask", "min_confidence", False),
    ("/v1/ask", "min_confidence", "0.5"),
    ("/web-search", "count", True),
    ("/v1/rerank", "top_n", "1"),
    ("/v1/rerank", "return_documents", 0),
    ("/v1/chat/completions", "n", True),
    ("/v1/chat/completions", "stream", "yes"),
]


@pytest.mark.parametrize(("path", "field", "value"), NUMBERS)
def test_what_is_a_number_is_nothing_else(asking, path, field, value):
    body = {
        "/v1/rerank": {"query": "ñandú", "documents": ["a"]},
        "/v1/chat/completions": {
            "model": "fuente",
            "messages": [{"role": "user", "content": "¿?"}],
        },
    }.get(path, {"query": "¿ñandú?"})
    told = asking.post(path, json={**body, field: value}, headers={"Accept-Language": "en"})
    assert told.status_code in (400, 422)
    assert field in told.text
    assert re.search("expected a (whole )?number|expected true or false", told.text)


def test_openapi_says_of_every_endpoint_of_ours_that_what_goes_wrong_is_a_problem(asking):
    schema = asking.get("/openapi.json").json()
    problem = {"$ref": "#/components/schemas/ProblemBody"}
    for path in ("/v1/ask", "/v1/documents", "/v1/documents/{doc_id}", "/v1/info", "/readyz"):
        for operation in schema["paths"][path].values():
            told = operation["responses"]
            assert told["default"]["content"]["application/problem+json"]["schema"] == problem
            assert "HTTPValidationError" not in json.dumps(told)
            for status, response in told.items():
                content = response.get("content", {})
                assert content.get("application/json", {}).get("schema") != problem, (path, status)
    for path, methods in schema["paths"].items():
        for operation in methods.values():
            assert "default" in operation["responses"], path
            assert "HTTPValidationError" not in json.dumps(operation), path
            for parameter in operation.get("parameters", ()):
                if parameter["in"] == "path" and parameter["schema"]["type"] == "string":
                    assert not re.match(parameter["schema"]["pattern"], "a\x85b"), path
    assert set(schema["paths"]["/metrics"]["get"]["responses"]["200"]["content"]) == {"text/plain"}
    assert "ProblemBody" in schema["components"]["schemas"]


@pytest.fixture
def page(tmp_path):
    """A page folder of our own, so that these tests need no real page."""
    folder = tmp_path / "page"
    folder.mkdir()
    (folder / "index.html").write_text("<!doctype html><title>Fuente</title>", "utf-8")
    (folder / "app.js").write_text("export {};", "utf-8")
    return folder


@pytest.mark.parametrize("path", ["/", "/d/cuentos/El%20a%C3%B1o.md", "/d/a.txt"])
def test_the_page_is_served_at_the_root_and_for_every_document(client, page, path):
    client.app.state.page = operations.StaticFiles(directory=page)
    response = client.get(path)
    assert response.text.startswith("<!doctype html>")
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["content-security-policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    assert response.headers["referrer-policy"] == "no-referrer"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert client.head(path).status_code == 200


def test_the_files_of_the_page_have_their_type_and_an_etag(client, page):
    client.app.state.page = operations.StaticFiles(directory=page)
    response = client.get("/page/app.js")
    assert response.headers["content-type"] == "text/javascript; charset=utf-8"
    again = client.get("/page/app.js", headers={"If-None-Match": response.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""
    for name in ("nada.js", "..%2F..%2Fsettings.py", "%2Fetc%2Fpasswd", ""):
        assert_problem(client.get(f"/page/{name}"), 404, "not_found")


def test_the_files_of_the_page_travel_compressed_to_those_who_can_read_it(client):
    plain = client.get("/page/app.js", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    packed = client.get("/page/app.js", headers={"Accept-Encoding": "br, gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < len(plain.content) / 2
    assert packed.content == plain.content
    for name in ("etag", "content-type", "cache-control", "content-security-policy"):
        assert packed.headers[name] == plain.headers[name]
    assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
    known = {"Accept-Encoding": "gzip", "If-None-Match": packed.headers["etag"]}
    assert client.get("/page/app.js", headers=known).status_code == 304


@pytest.mark.parametrize("name", ["inter", "literata"])
def test_the_letters_of_the_page_travel_as_they_are_and_are_kept_by_the_browser(client, name):
    letters = client.get(f"/page/fonts/{name}.woff2", headers={"Accept-Encoding": "gzip"})
    assert letters.content[:4] == b"wOF2"
    assert letters.headers["content-type"] == "font/woff2"
    assert letters.headers["cache-control"] == "public, max-age=604800"
    assert "content-encoding" not in letters.headers
    known = {"If-None-Match": letters.headers["etag"]}
    assert client.get(f"/page/fonts/{name}.woff2", headers=known).status_code == 304


def test_feedback_is_appended_as_one_line_each(client, data):
    answer = client.post("/v1/ask", json=QUESTION).json()
    body = {"request_id": answer["request_id"], "rating": "up", "comment": "¡muy\nbien!"}
    assert client.post("/v1/feedback", json=body).status_code == 201
    client.post("/v1/feedback", json={"request_id": answer["request_id"], "rating": "down"})
    lines = [json.loads(line) for line in (data / "feedback.jsonl").read_text("utf-8").splitlines()]
    assert [(line["rating"], line["comment"]) for line in lines] == [
        ("up", "¡muy\nbien!"),
        ("down", ""),
    ]
    assert lines[0]["request_id"] == answer["request_id"]
    assert lines[0]["build_id"] == answer["build_id"]


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("question", [QUESTION["query"], "Where does the river Amazon begin?"])
def test_feedback_keeps_the_question_and_the_places_quoted(client, data, question, stream):
    headers = {"X-Request-Id": "mi-id"}
    response = client.post("/v1/ask", json={"query": question, "stream": stream}, headers=headers)
    assert response.status_code == 200
    client.post("/v1/feedback", json={"request_id": "mi-id", "rating": "up"})
    kept = json.loads((data / "feedback.jsonl").read_text("utf-8").splitlines()[-1])
    assert (kept["question"], kept["status"]) == (question, "answered")
    assert kept["language"] == ("es" if "ñ" in question else "en")
    for cited in kept["citations"]:
        text = client.app.state.service.engine.index.document(cited["document"]).text
        assert text[cited["start"] : cited["end"]] == cited["quote"]
    exported = judged_questions(data / "feedback.jsonl")
    assert [j["grade"] for j in exported.questions[-1]["judgements"]] == [1] * len(
        kept["citations"]
    )


def test_feedback_on_an_abstention_is_kept_as_one(client, data):
    answer = client.post("/v1/ask", json={"query": "¿Quién ganó el Mundial?"}).json()
    client.post("/v1/feedback", json={"request_id": answer["request_id"], "rating": "up"})
    kept = json.loads((data / "feedback.jsonl").read_text("utf-8").splitlines()[-1])
    assert (kept["status"], kept["citations"]) == ("abstained", [])


def test_feedback_on_an_answer_no_longer_known_is_kept_without_it(client, data):
    """As after a restart."""
    client.post("/v1/feedback", json={"request_id": "de-ayer", "rating": "up"})
    kept = json.loads((data / "feedback.jsonl").read_text("utf-8").splitlines()[-1])
    assert (kept["request_id"], kept["rating"]) == ("de-ayer", "up")
    assert "question" not in kept
    assert judged_questions(data / "feedback.jsonl").left_out["without_answer"] == 1


def test_only_the_last_answers_are_remembered():
    declined = Abstention("no_support", 0.1, 0.5, "No.")

    def answer(text):
        asked = Question(text, "es", 1.0)
        return Answer(
            asked, "", "es", "abstained", (), (), 0.1, declined, "b", {}, "extractive", None
        )

    kept = RatedAnswers(limit=2)
    for name in ("a", "b", "a", "c"):
        kept.keep(name, answer(f"¿{name}?"))
    assert kept.get("b") is None
    assert [kept.get(name).question.text for name in ("a", "c")] == ["¿a?", "¿c?"]


@pytest.mark.parametrize(
    "body",
    [
        {"rating": "up"},
        {"request_id": "a b", "rating": "up"},
        {"request_id": "a", "rating": "meh"},
        {"request_id": "a", "rating": "up", "comment": "x" * 4001},
    ],
)
def test_feedback_that_is_not_valid_is_refused(asking, body):
    assert_problem(asking.post("/v1/feedback", json=body), 422, "validation_error")


# The gate


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("abc-123_x.y", True),
        ("", False),
        ("a b", False),
        ("a" * 65, False),
        ("x\u00f1", False),
        ("{}", False),
    ],
)
def test_a_sane_request_id_is_kept_and_any_other_replaced(asking, given, kept):
    response = asking.get("/livez", headers={"X-Request-Id": given.encode("utf-8")})
    assert (response.headers["x-request-id"] == given) == kept
    assert re.fullmatch(r"[A-Za-z0-9._-]{1,64}", response.headers["x-request-id"])


KEYS = {scope: f"clave-{scope}-ñ" for scope in ("search", "index", "admin")}
HASHES = ",".join(
    f"{scope}:{hashlib.sha256(key.encode()).hexdigest()}" for scope, key in KEYS.items()
)
NEEDED = [
    ("POST", "/v1/ask", "search"),
    ("POST", "/v1/search", "search"),
    ("POST", "/v1/feedback", "search"),
    ("GET", "/v1/info", "search"),
    ("GET", "/metrics", "search"),
    ("GET", "/v1/documents", "search"),
    ("GET", "/v1/documents/a.txt", "search"),
    ("GET", "/v1/documents/a.txt/text", "search"),
    ("GET", "/v1/documents/a.txt/window", "search"),
    ("GET", "/v1/documents/a.txt/find", "search"),
    ("GET", "/v1/documents/a.txt/pages/1", "search"),
    ("GET", "/v1/documents/a.txt/pages/1/picture", "search"),
    ("GET", "/v1/documents/a.txt/original", "search"),
    ("POST", "/v1/documents", "index"),
    ("DELETE", "/v1/documents/a.txt", "index"),
    ("POST", "/v1/index/jobs", "index"),
    ("GET", "/v1/index/jobs", "search"),
    ("GET", "/v1/index/jobs/job_0", "search"),
    ("GET", "/v1/index/jobs/job_0/events", "search"),
    ("DELETE", "/v1/index/jobs/job_0", "index"),
    ("GET", "/v1/index/builds", "search"),
    ("POST", "/v1/index/builds/nada/activate", "admin"),
    ("GET", "/v1/collections", "search"),
    ("POST", "/v1/collections", "admin"),
    ("PATCH", "/v1/collections/nada", "admin"),
    ("DELETE", "/v1/collections/nada", "admin"),
    ("POST", "/v1/collections/nada/ask", "search"),
    ("DELETE", "/v1/collections/nada/documents/a.txt", "index"),
    ("POST", "/v1/collections/nada/index/builds/nada/activate", "admin"),
    ("GET", "/v1/questions", "admin"),
    ("GET", "/v1/questions/summary", "admin"),
    ("GET", "/v1/questions/export", "admin"),
    ("GET", "/v1/questions/decisions", "admin"),
    ("POST", "/v1/questions/decisions", "admin"),
    ("DELETE", "/v1/questions/decisions/nada", "admin"),
    ("POST", "/v1/documents/link", "index"),
    ("POST", "/v1/documents/delete", "index"),
    ("POST", "/v1/documents/move", "index"),
    ("GET", "/v1/next", "search"),
    ("GET", "/owner", None),
    ("GET", "/widget.js", None),
    ("GET", "/livez", None),
    ("GET", "/readyz", None),
    ("GET", "/docs", None),
    ("GET", "/openapi.json", None),
    ("GET", "/", None),
    ("GET", "/d/a.txt", None),
    ("GET", "/page/app.js", None),
    ("GET", "/favicon.ico", None),
]


def bearer(scope):
    return {"Authorization": b"Bearer " + KEYS[scope].encode()}


@pytest.fixture(scope="module")
def guarded(built, tmp_path_factory):
    data = tmp_path_factory.mktemp("guarded") / "data"
    shutil.copytree(built, data)
    with serving(data, keys=HASHES) as client:
        yield client


@pytest.mark.parametrize(("method", "path", "scope"), NEEDED)
def test_every_endpoint_needs_its_scope_and_no_less(guarded, method, path, scope):
    bare = guarded.request(method, path)
    if scope is None:
        assert bare.status_code not in (401, 403)
        return
    assert_problem(bare, 401, "unauthorized")
    assert bare.headers["www-authenticate"].startswith("Bearer")
    order = ["search", "index", "admin"]
    for has in order:
        response = guarded.request(method, path, headers=bearer(has))
        if order.index(has) < order.index(scope):
            assert scope in assert_problem(response, 403, "forbidden")["detail"]
        else:
            assert response.status_code not in (401, 403)


def test_the_list_of_scopes_above_names_every_route(asking):
    def shape(path):
        return re.sub(r"\{[^}]*\}", "x", path)

    known = {(m, re.sub(r"a\.txt|job_0|nada|app\.js|(?<=pages/)1", "x", p)) for m, p, _ in NEEDED}
    schema = asking.get("/openapi.json").json()["paths"]
    # Those of the doors for other clients are asked in test_doors.py
    doors = asking.app.state.doors
    ours = {p: methods for p, methods in schema.items() if doors.at(p) is None}
    routes = {(m.upper(), shape(p)) for p, methods in ours.items() for m in methods}
    assert routes <= known


@pytest.mark.parametrize(
    "value",
    [
        "Bearer wrong",
        "Bearer ",
        "Basic clave",
        KEYS["search"].encode(),
        "Bearer",
        b"Bearer \xff\xfe",
    ],
)
def test_a_wrong_key_is_no_key(guarded, value):
    assert_problem(guarded.get("/v1/info", headers={"Authorization": value}), 401, "unauthorized")


def test_a_big_upload_without_a_key_is_refused_by_the_key_not_read(guarded):
    assert_problem(upload(guarded, ("a.txt", b"a" * 2**20)), 401, "unauthorized")


def test_whatever_no_route_answers_needs_a_key():
    needed = app_scopes().needed
    for path in ("/v1", "/v2/ask", "/livez/", "/admin", "//", "/D/x", "/docs/x", "/page"):
        assert needed("GET", path) == "search"
    assert needed("POST", "/") == "search"
    assert needed("OTHER", "/v1/documents/x") == "search"


def test_a_route_that_declares_no_scope_does_not_start():
    router = APIRouter()
    router.get("/v1/new")(lambda: None)
    with pytest.raises(ValueError, match=r"route /v1/new declares the scope None; expected one of"):
        Scopes(router.routes)


def app_scopes():
    return Scopes([route for router in routers_of() for route in router.routes])


def odd_paths(path):
    """What may be taken for ``path`` by one reader of addresses and for another by the next."""
    yield from (path + end for end in ("\n", "\r", "\x00", "\r\n", "\x7f", "\x85", "\t", " "))
    yield from (
        path + end for end in ("/", "//", ".", "..", "/.", "/..", "/../x", ";x", "%0A", "%2F", "\\")
    )
    yield from ("\n" + path, "/" + path, "/." + path, path.upper(), path.replace("/", "//"))
    yield path.replace("/", "\\")
    head, _, tail = path.rpartition("/")
    yield from (f"{head}/\n{tail}", f"{head}\n/{tail}", f"{head}%2F{tail}", f"{head}/%2e%2e/{tail}")


@pytest.mark.slow
def test_no_key_reaches_a_route_above_it_by_an_odd_path(guarded):
    """Every route, method, odd path and key below the route: what the router ran is what the key may run."""
    declared = app_scopes().declared
    paths = {re.sub(r"\{[^}]*\}", "x", route.path) for route, _ in declared}
    # the same routes once more, as those of a named collection
    paths |= {p.replace("/v1/", "/v1/collections/x/", 1) for p in paths}
    order = [None, "search", "index", "admin"]
    reached, wrong, n_asked = set(), [], 0

    async def ask(method, path, key):
        headers = [(b"host", b"127.0.0.1")]
        if key:
            headers += bearer(key).items()
        headers = [
            (k.lower() if isinstance(k, bytes) else k.lower().encode(), v) for k, v in headers
        ]
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method,
            "scheme": "http", "path": path, "raw_path": path.encode(), "query_string": b"",
            "root_path": "", "headers": headers, "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 8000),
        }  # fmt: skip
        status, n_received = 0, 0

        async def receive():
            nonlocal n_received
            n_received += 1
            if n_received > 1:
                return {"type": "http.disconnect"}
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message):
            nonlocal status
            status = message.get("status", status)

        await guarded.app(scope, receive, send)
        return status, scope.get("endpoint")

    def below(path):
        """Keys that something at a plain path stands above: with those ways around it are tried."""
        needs = [
            order.index(needed.scope)
            for route, needed in declared
            if re.fullmatch(re.sub(r"\{[^}]*\}", "[^/]+", route.path), path)
        ]
        return order[: max(needs)]

    async def walk():
        nonlocal n_asked
        needed_by = {route.endpoint: needed.scope for route, needed in declared}
        tried = {}
        for plain in paths:
            keys = below(re.sub("^/v1/collections/x/", "/v1/", plain)) or [None]
            for odd in set(odd_paths(plain)) - paths:
                tried.setdefault(odd, set()).update(keys)
        for path, keys in sorted(tried.items()):
            methods = ("GET", "HEAD", "POST", "DELETE", "PUT", "PATCH", "OPTIONS", "delete")
            for key, method in itertools.product(sorted(keys, key=order.index), methods):
                status, endpoint = await ask(method, path, key)
                n_asked += 1
                ran = status not in (400, 401, 403, 405) and endpoint is not None
                if ran:
                    reached.add(endpoint)
                if ran and order.index(needed_by[endpoint]) > order.index(key):
                    wrong.append((method, path, key, status))
                if not path.isprintable() and any(ord(c) < 32 for c in path) and status != 400:
                    wrong.append((method, path, key, status))

    guarded.portal.call(walk)
    assert not wrong, wrong[:5]
    assert n_asked > 5000
    # The walk must have got through somewhere, or it proves nothing
    assert reached


@pytest.mark.parametrize("end", ["%0A", "%0D", "%00", "%0D%0A", "%7F", "%C2%85"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", "/v1/documents/nota.md"),
        ("POST", "/v1/documents"),
        ("POST", "/v1/index/jobs"),
        ("POST", "/v1/index/builds/x/activate"),
        ("DELETE", "/v1/index/jobs/x"),
    ],
)
@pytest.mark.parametrize("has", ["search", "index", "admin"])
def test_a_control_character_in_the_address_is_refused_whatever_the_key(
    guarded, method, path, end, has
):
    problem = assert_problem(
        guarded.request(method, path + end, headers=bearer(has)), 400, "bad_request"
    )
    assert "U+00" in problem["detail"]


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "", "[", "localhost.evil.example:8000"]
)
def test_without_keys_a_foreign_host_name_is_refused(asking, host):
    assert_problem(asking.get("/v1/info", headers={"Host": host}), 403, "forbidden")


def test_without_keys_local_names_and_those_of_the_setting_are_served(data):
    with serving(data, hosts="docs.example.org") as client:
        for host in (
            "localhost:8000",
            "127.0.0.1",
            "[::1]:8000",
            "docs.example.org",
            "DOCS.example.org:443",
        ):
            assert client.get("/v1/info", headers={"Host": host}).status_code == 200
        origin = {"Host": "localhost:8000", "Origin": "https://docs.example.org"}
        assert client.post("/v1/search", json=QUESTION, headers=origin).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Origin": "http://["},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_without_keys_another_web_page_cannot_change_anything(client, data, headers):
    response = client.post("/v1/documents", files={"files": ("a.txt", b"x")}, headers=headers)
    assert_problem(response, 403, "forbidden")
    assert_problem(client.post("/v1/index/jobs", headers=headers), 403, "forbidden")
    assert not (data / "documents" / "a.txt").exists()
    assert client.get("/v1/info", headers=headers).status_code == 200


def test_our_own_page_can_post(asking):
    headers = {"Origin": BASE, "Sec-Fetch-Site": "same-origin"}
    assert asking.post("/v1/search", json=QUESTION, headers=headers).status_code == 200


@pytest.mark.parametrize("lang", ["es", "en"])
def test_more_requests_than_the_rate_allows_get_429_and_are_told_when_to_come_back(data, lang):
    with serving(data, rate_limit_per_min=3) as client:
        left = [client.get("/v1/info").headers["ratelimit-remaining"] for _ in range(3)]
        assert left == ["2", "1", "0"]
        response = client.get("/v1/info", headers={"Accept-Language": lang})
        assert_problem(response, 429, "rate_limited", lang)
        assert 1 <= int(response.headers["retry-after"]) <= 20
        assert response.headers["ratelimit-limit"] == "3"
        assert response.headers["ratelimit-policy"] == "3;w=60"
        assert client.get("/livez").status_code == client.get("/metrics").status_code == 200


def test_keys_cannot_be_tried_out_faster_than_the_rate(data):
    with serving(data, rate_limit_per_min=2, keys=HASHES) as client:
        tries = [
            client.get("/v1/info", headers={"Authorization": f"Bearer {n}"}).status_code
            for n in range(3)
        ]
        assert tries == [401, 401, 429]
        assert (
            client.get("/v1/info", headers=bearer("search")).status_code == 200
        )  # a key has its own bucket


def test_without_a_limit_there_are_no_rate_headers(client):
    assert "ratelimit-limit" not in client.get("/v1/info").headers


def test_a_token_bucket_refills_with_time():
    now = [0.0]
    buckets = TokenBuckets(60, clock=lambda: now[0])
    assert all(buckets.take("a").allowed for _ in range(60))
    refused = buckets.take("a")
    assert (refused.allowed, refused.retry_after_s, refused.reset_s) == (False, 1, 60)
    assert buckets.take("b").allowed
    now[0] = 1.0
    assert buckets.take("a").allowed
    assert not buckets.take("a").allowed
    now[0] = 10_000.0
    assert buckets.take("a").remaining == 59


def test_the_access_log_is_one_json_line_without_the_question(client, capsys):
    client.post("/v1/ask", json=QUESTION, headers={"X-Request-Id": "r1"})
    client.get("/v1/documents?q=secreto")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    asked = next(line for line in lines if line.get("request_id") == "r1")
    assert (asked["logger"], asked["level"], asked["route"], asked["status"]) == (
        "fuente.access",
        "info",
        "/v1/ask",
        200,
    )
    assert asked["duration_ms"] >= 0
    assert asked["bytes_out"] > 100
    assert len([line for line in lines if line["logger"] == "fuente.access"]) == 2
    assert "ñandú" not in str(lines)
    assert "secreto" not in str(lines)


def test_an_unexpected_error_is_logged_with_its_trace_and_request_id(client, capsys):
    client.engine.fault = RuntimeError("broken pipe in the cellar")
    client.post("/v1/ask", json=QUESTION, headers={"X-Request-Id": "r2"})
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    error = next(line for line in lines if line["logger"] == "fuente.errors")
    assert error["request_id"] == "r2"
    assert "RuntimeError: broken pipe" in error["exception"]


def test_the_log_keeps_accents_and_its_level_can_be_raised():
    record = logging.LogRecord("fuente", logging.INFO, "", 0, "año %s", ("ñ",), None)
    assert json.loads(JsonLines().format(record))["message"] == "año ñ"
    assert "año ñ" in JsonLines().format(record)
    configure_logging("error")
    configure_logging("info")
    ours = [h for h in logging.getLogger("fuente").handlers if isinstance(h.formatter, JsonLines)]
    assert len(ours) == 1


@pytest.mark.parametrize(
    ("lang", "words"), [("es", "No hay ninguna página"), ("en", "There is no page")]
)
def test_somebody_at_an_address_where_nothing_is_gets_a_page_and_a_program_json(
    asking, lang, words
):
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Language": lang}
    response = asking.get("/nada/de/nada", headers=browser)
    assert response.status_code == 404
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["content-security-policy"].startswith("default-src 'none'; style-src")
    assert words in response.text
    assert 'href="../../"' in response.text
    assert_problem(asking.get("/nada", headers={"Accept-Language": lang}), 404, "not_found", lang)
    path = "/v1/documents/nada"
    assert_problem(asking.get(path, headers=browser), 404, "not_found", lang)
