"""Questions drawn from a collection's own headings."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Literal

import pytest
from fastapi.testclient import TestClient
from hash_encoder import HashEncoder
from local_server import write_documents

from api.app import create_app
from api.settings import load_settings
from corpus.document import UnknownDocumentError
from index.encoder import Encoder
from index.local.build import build
from qa.engine import Engine, Query
from qa.suggest import Suggestions, heading_question, next_questions, suggested, told_question


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
        # It names a heading of the document that answers it, or its title, or asks for what a heading tells.
        named = question.split("«")[-1].split("“")[-1].rstrip("?»”")
        told = [cited.title, *(heading.text.rstrip("?") for heading in cited.headings)]
        asked = [told_question(heading.text, cited.text, lang) for heading in cited.headings]
        assert question in asked or any(named in one for one in told), question
    # each is of another document; one may be answered best by a document that another is of
    assert len(set(documents)) >= len(documents) - 1
    assert suggested(engine, 4, budget_s=60) == questions


@pytest.mark.parametrize(
    ("heading", "lang", "question"),
    [
        ("Contract › CUARTA. Fianza.", "es", "¿Qué se cuenta sobre «Fianza»?"),
        ("Artículo 5. Plazos", "es", "¿Qué se cuenta sobre «Plazos»?"),
        ("1.2 Tools", "en", "What is said about “Tools”?"),
        ("7) Who may row?", "en", "Who may row?"),
        ("3. ¿Puedo llevar a mi perro?", "es", "¿Puedo llevar a mi perro?"),
        # No name, a number alone, a sentence that goes on below
        ("Artículo 5", "es", None),
        ("To keep the boats dry the club will see that", "en", None),
        ("Lo que hay que traer para", "es", None),
        ("Before you start –", "en", None),
        ("Requirements for the install-", "en", None),
        ("WARNING ‒ Risk of fire!", "en", None),
        ("Participar por correo:", "es", None),
        ("5 de mayo", "es", None),
        ("April, 2015", "en", None),
    ],
)
def test_a_heading_asks_for_what_it_names_without_its_number(
    heading: str, lang: Literal["es", "en"], question: str | None
) -> None:
    assert heading_question(heading, lang) == question


@pytest.mark.parametrize(
    ("heading", "text", "lang", "question"),
    [
        ("Museo › Precio de la entrada", "General: 6 €", "es", "¿Cuánto cuesta la entrada?"),
        ("Tarifas de los cursos", "Cerámica: 40 €", "es", "¿Cuánto cuestan los cursos?"),
        ("TARIFAS", "General: 6 €", "es", "¿Cuáles son las tarifas?"),
        ("3. Cuota anual", "Son 45 euros.", "es", "¿Cuál es la cuota anual?"),
        ("Horario de la biblioteca", "Abre a las 9:00.", "es", "¿A qué hora abre la biblioteca?"),
        ("Horario", "De 10 a 14.", "es", "¿Cuál es el horario?"),
        ("Cómo llegar", "Toma el autobús.", "es", "¿Cómo llegar?"),
        ("Cómo se riega", "Por la tarde.", "es", "¿Cómo se riega?"),
        ("Contacto", "museo@sal.example", "es", "¿Cómo se contacta?"),
        ("Fees", "A card costs 4 euros.", "en", "What are the fees?"),
        ("Opening hours", "From 9:00 to 20:00.", "en", "What are the opening hours?"),
        ("2) How to join the club", "Bring a photo.", "en", "How do you join the club?"),
        ("Contact us", "Call 020 555 0199.", "en", "How can one get in touch?"),
        # Nothing below it says so, or it is another thing
        ("Tarifas", "Se publican en el tablón.", "es", None),
        ("Contacto", "En la puerta.", "es", None),
        ("Horario de la biblioteca", "Lo fija la junta.", "es", None),
        ("Cómo", "Así, en 3 pasos.", "es", None),
        ("Cómo nació el pueblo", "En 1902.", "es", None),
        ("Visita guiada", "Dura 75 minutos.", "es", None),
        ("Fees", "See the board.", "en", None),
        ("How bees dance", "In 8 turns.", "en", None),
    ],
)
def test_what_a_heading_tells_is_asked_as_people_ask_it(
    heading: str, text: str, lang: Literal["es", "en"], question: str | None
) -> None:
    assert told_question(heading, text, lang) == question


def test_the_name_of_a_file_asks_nothing(encoder: Encoder, tmp_path: Path) -> None:
    write_documents(
        tmp_path,
        {
            "Acta reunion octubre.txt": "Se aprueba la reparación del ascensor por 3.200 euros.\n",
            "cuotas.md": "# Reglamento del huerto\n\n## Cuotas\n\nLa cuota anual es de 45 euros.\n",
        },
    )
    build(tmp_path, encoder)
    with closing(Engine(tmp_path, encoder)) as engine:
        found = [question for _, question in suggested(engine, 4, budget_s=60)]
    assert not any("Acta" in question for question in found), found
    assert found[0] == "¿Cuáles son las cuotas?"


def test_questions_that_a_document_asks_itself_come_before_its_headings(
    encoder: Encoder, tmp_path: Path
) -> None:
    asked = ("¿Dónde se guardan los remos?", "¿Quién tiene la llave del cobertizo?")
    text = "\n\n".join(
        f"P: {q}\n\nR: {a}"
        for q, a in zip(asked, ("En el cobertizo azul.", "La tiene la patrona."), strict=True)
    )
    write_documents(tmp_path, {"remo.md": f"# Preguntas del club\n\n{text}\n"})
    build(tmp_path, encoder)
    with closing(Engine(tmp_path, encoder)) as engine:
        found = suggested(engine, 2, budget_s=60)
    assert ("es", asked[0]) in found


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
        # what the documents do not answer is no place to start
        wishes = [
            {"lang": "es", "text": "¿Quién ganó el Mundial de fútbol de 2022?"},
            {"lang": "es", "text": "¿Cuántos libros me puedo llevar a la vez?"},
        ]
        path.write_text(json.dumps(wishes), "utf-8")
        assert told() == [("es", "¿Cuántos libros me puedo llevar a la vez?")]
        path.write_text("[]", "utf-8")
        assert told() == []


def test_a_search_that_ran_out_of_time_goes_on_where_it_was(engine: Engine) -> None:
    so_far = Suggestions(engine)
    ticks = iter(range(10_000))
    seen = 0
    for _ in range(200):
        some = suggested(engine, 4, budget_s=1, clock=lambda: float(next(ticks)), so_far=so_far)
        assert len(some) >= seen
        seen = len(some)
        if so_far.done:
            break
    assert so_far.done
    assert some == suggested(engine, 4, budget_s=60)
    # nothing is asked any more
    assert suggested(engine, 4, clock=lambda: next(iter(())), so_far=so_far) == some


def test_a_service_keeps_a_search_until_it_is_through(
    samples_data: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.service.suggested", partial(suggested, budget_s=0))
    with closing(Engine(samples_data, encoder)) as engine:
        service = create_app(load_settings({}, samples_data), engine).state.service
        first = service.suggested()
        found = [len(service.suggested()) for _ in range(3)]
        assert found[-1] >= found[0] >= len(first)
        # while one call searches, another one gets what there is
        with service._searching:
            assert len(service.suggested()) == found[-1]


def test_documents_without_headings_are_asked_what_they_are_about(
    tmp_path: Path, encoder: Encoder
) -> None:
    write_documents(
        tmp_path,
        {
            "Guía del faro.txt": "La guardiana enciende el faro cada noche. La luz se ve desde doce millas.\n",
            "Lighthouse guide.txt": "The keeper lights the lamp every night. Its light is seen from twelve miles.\n",
        },
    )
    build(tmp_path, encoder)
    with closing(Engine(tmp_path, encoder)) as engine:
        questions = suggested(engine, budget_s=60)
        assert [lang for lang, _ in questions] == ["es", "en"]
        for lang, question in questions:
            assert engine.ask(Query(question, lang)).status == "answered"


@pytest.mark.parametrize("lang", ["es", "en"])
def test_what_is_asked_next_is_near_and_answered_by_the_same_document(
    engine: Engine, lang: Literal["es", "en"]
) -> None:
    query = {"es": "¿Cuántos libros me puedo llevar a la vez?", "en": "How many books can I take?"}
    cited = engine.ask(Query(query[lang], lang)).citations[0]
    found = next_questions(engine, cited.doc_id, cited.start, lang, budget_s=60)
    assert 1 <= len(found) <= 3
    assert len(set(found)) == len(found)
    for spoken, question in found:
        assert spoken == lang
        first = engine.ask(Query(question, lang)).citations[0]
        assert first.doc_id == cited.doc_id
        assert not first.start <= cited.start < first.end
    assert next_questions(engine, cited.doc_id, cited.start, lang, budget_s=-1) == []
    assert next_questions(engine, cited.doc_id, 10**9, lang, most=1, budget_s=60)
    with pytest.raises(UnknownDocumentError):
        next_questions(engine, "nada.txt", 0)


def test_the_service_tells_what_to_ask_next(samples_data: Path, encoder: Encoder) -> None:
    with (
        closing(Engine(samples_data, encoder)) as engine,
        TestClient(
            create_app(load_settings({}, samples_data), engine), base_url="http://127.0.0.1"
        ) as client,
    ):
        place = {"document_id": "biblioteca-valdeluna-reglamento.txt", "at": 1400}
        body = client.get("/v1/next", params=place).json()
        assert body["data"]
        assert {one["lang"] for one in body["data"]} == {"es"}
        asked = client.get("/v1/next", params={**place, "language": "en", "limit": 1}).json()[
            "data"
        ]
        assert [one["lang"] for one in asked] == ["en"]
        gone = client.get("/v1/next", params={"document_id": "nada.txt"})
        assert (gone.status_code, gone.json()["data"]) == (200, [])
        detail = client.get("/v1/documents/toma-de-la-residencia-1996.md").json()
        text = engine.index.document(detail["id"]).text
        assert detail["outline"]
        for one in detail["outline"]:
            assert text[one["start"] : one["end"]].strip("# ").strip() == one["text"]
            assert one["level"] >= 1
