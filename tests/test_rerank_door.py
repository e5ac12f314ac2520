"""The rerankers' dialects over the reader that ships, and over late interaction where there is none."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from hash_encoder import HashEncoder

from api.app import create_app
from api.doors.rerank import MAX_PIECES, PIECE_CHARS, relevance
from api.settings import load_settings
from qa.engine import Engine

QUESTION = "How long does the loan of a book last?"
TEXTS = [
    "The café opens at nine and closes at six.",
    "El préstamo de un libro dura veintiún días y puede renovarse dos veces.",
    "Books are made of paper.",
    "A loan lasts twenty-one days; the book may be renewed twice.",
]
GOOD = {1, 3}
PATHS = pytest.mark.parametrize("path", ["/v1/rerank", "/v2/rerank"])


@pytest.fixture(scope="module")
def http(tmp_path_factory):
    data = tmp_path_factory.mktemp("data")
    engine = Engine(data, HashEncoder())
    app = create_app(load_settings({"FUENTE_RELOAD_S": "0"}, data), engine)
    with TestClient(app, "http://127.0.0.1:8000", headers={"Accept-Language": "en"}) as http:
        yield http
    engine.close()


def rerank(http, path, documents=None, query=QUESTION, **more):
    body = {"model": "any", "query": query, "documents": documents or TEXTS, **more}
    return http.post(path, json=body)


@PATHS
def test_what_answers_comes_first_in_any_language(http, path):
    answer = rerank(http, path)
    assert answer.status_code == 200
    results = answer.json()["results"]
    assert {one["index"] for one in results[:2]} == GOOD
    assert sorted(one["index"] for one in results) == [0, 1, 2, 3], "one result for each document"
    scores = [one["relevance_score"] for one in results]
    assert scores == sorted(scores, reverse=True)
    assert 0 <= scores[-1] < 0.2 < 0.8 < scores[1] <= 1
    top = rerank(http, path, top_n=2).json()["results"]
    assert top == results[:2]
    assert len(rerank(http, path, top_n=99).json()["results"]) == 4


def test_each_dialect_has_its_own_fields(http):
    jina, cohere = rerank(http, "/v1/rerank").json(), rerank(http, "/v2/rerank").json()
    assert jina["model"] == "any"
    assert jina["usage"]["total_tokens"] == jina["usage"]["prompt_tokens"] > 20
    assert [one["document"] for one in jina["results"]] == [
        {"text": TEXTS[one["index"]]} for one in jina["results"]
    ]
    bare = rerank(http, "/v1/rerank", return_documents=False).json()["results"]
    assert all(one.keys() == {"index", "relevance_score"} for one in bare)
    assert cohere.keys() == {"id", "results", "meta"}
    assert cohere["meta"]["api_version"] == {"version": "2"}
    assert all(one.keys() == {"index", "relevance_score"} for one in cohere["results"])
    objects = [{"text": text, "title": "ignored"} for text in TEXTS]
    assert rerank(http, "/v2/rerank", objects).json()["results"] == cohere["results"]


@PATHS
def test_one_document_does_not_change_the_score_of_another(http, path):
    every = {one["index"]: one["relevance_score"] for one in rerank(http, path).json()["results"]}
    for index, text in enumerate(TEXTS):
        [alone] = rerank(http, path, [text]).json()["results"]
        assert alone["relevance_score"] == pytest.approx(every[index], abs=1e-5)


@PATHS
def test_an_answer_far_behind_in_a_long_document_is_found(http, path):
    long = "The reading room is quiet. " * 200 + TEXTS[3]
    assert PIECE_CHARS < len(long) < PIECE_CHARS * MAX_PIECES
    results = rerank(http, path, [TEXTS[0], long]).json()["results"]
    assert [one["index"] for one in results] == [1, 0]
    cut = rerank(http, path, [TEXTS[0], long], max_tokens_per_doc=50).json()["results"]
    scores = {one["index"]: one["relevance_score"] for one in cut}
    assert scores[1] < results[0]["relevance_score"]


def test_empty_and_odd_documents_have_a_score_too(http):
    odd = ["", " \n", "¿?", "x" * 5000, "😀", TEXTS[3]]
    results = rerank(http, "/v1/rerank", odd).json()["results"]
    assert len(results) == len(odd)
    assert results[0]["index"] == 5
    assert {one["index"]: one["relevance_score"] for one in results}[0] == 0.0


def test_without_a_reader_words_that_meet_decide(http):
    service = replace(http.app.state.service, reader=None)
    scores = relevance(service, "the loan of a book", ["the loan of a book", "café", ""])
    assert scores[0] > scores[1] >= scores[2] == 0.0
    assert scores[0] == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"query": " "}, "query: "),
        ({"query": None}, "query: "),
        ({"documents": []}, "documents: "),
        ({"documents": ["x"] * 1001}, "documents: "),
        ({"documents": "x"}, "documents: "),
        ({"documents": [7]}, "documents.0"),
        ({"top_n": 0}, "top_n: "),
    ],
)
@PATHS
def test_what_is_wrong_is_told_where_each_client_looks(http, path, fields, words):
    answer = http.post(path, json={"query": QUESTION, "documents": TEXTS, **fields})
    told = answer.json()
    assert answer.status_code == 400
    assert told["message"] == told["detail"] == told["error"]["message"]
    assert words in told["message"]
