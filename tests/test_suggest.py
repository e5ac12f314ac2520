"""Questions drawn from a collection's own headings."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hash_encoder import HashEncoder

from api.app import create_app
from api.settings import load_settings
from index.encoder import Encoder
from index.local.build import build
from qa.engine import Engine, Query
from qa.suggest import suggested


@pytest.fixture(scope="module")
def engine(samples_data: Path, encoder: Encoder) -> Iterator[Engine]:
    with closing(Engine(samples_data, encoder)) as one:
        yield one


def test_each_language_gets_questions_that_are_answered(engine: Engine) -> None:
    questions = suggested(engine, 4, budget_s=60)
    assert [lang for lang, _ in questions] == ["es"] * 4 + ["en"] * 4
    assert len(set(questions)) == 8
    documents = []
    for lang, question in questions:
        assert question.endswith("?")
        assert question.startswith("¿") == (lang == "es")
        answer = engine.ask(Query(question, lang))
        assert answer.status == "answered"
        cited = engine.index.document(answer.citations[0].doc_id)
        documents.append(cited.doc_id)
        # It names a heading of the document that answers it, or its title.
        named = question.split("«")[-1].split("“")[-1].rstrip("?»”")
        told = [cited.title, *(heading.text.rstrip("?") for heading in cited.headings)]
        assert any(named in one for one in told), question
    # each is of another document; one may be answered best by a document that another is of
    assert len(set(documents)) >= len(documents) - 1
    assert suggested(engine, 4, budget_s=60) == questions


def test_the_search_for_questions_ends_with_its_time(engine: Engine) -> None:
    ticks = iter([0.0, *(tick / 10 for tick in range(1, 100))])
    some = suggested(engine, 4, budget_s=0.35, clock=lambda: next(ticks))
    assert len(some) <= 3
    assert next(ticks) < 1.0


def test_no_index_and_an_empty_one_suggest_nothing(tmp_path: Path) -> None:
    with closing(Engine(tmp_path, HashEncoder())) as engine:
        assert suggested(engine) == []
        (tmp_path / "documents").mkdir()
        build(tmp_path, engine.encoder)
        engine.reload()
        assert suggested(engine) == []


def test_info_suggests_questions_of_the_collection_unless_its_owner_wrote_some(
    samples_data: Path, encoder: Encoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A busy machine takes longer than a page would wait
    monkeypatch.setattr("api.service.suggested", partial(suggested, budget_s=60))
    data = tmp_path / "data"
    shutil.copytree(samples_data, data)
    with (
        closing(Engine(data, encoder)) as engine,
        TestClient(
            create_app(load_settings({}, data), engine), base_url="http://127.0.0.1"
        ) as client,
    ):

        def told() -> list[tuple[str, str]]:
            return [
                (one["lang"], one["text"])
                for one in client.get("/v1/info").json()["suggested_questions"]
            ]

        drawn = told()
        assert {lang for lang, _ in drawn} == {"es", "en"}
        assert told() == drawn
        path = data / "suggested_questions.json"
        path.write_text(json.dumps([{"lang": "es", "text": "¿Dónde está el ñandú?"}]), "utf-8")
        assert told() == [("es", "¿Dónde está el ñandú?")]
        path.write_text("[]", "utf-8")
        assert told() == []
