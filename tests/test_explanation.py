"""An explanation can be read: every line in the question's language, every number that of the JSON."""

import re

import pytest
from hash_encoder import HashEncoder
from underliner import Underliner

from api.explanation import lines_of_answer, lines_of_search
from api.native.explained import answer_explanation
from index.local.build import build
from qa.engine import Engine, Query, SearchOptions
from qa.select.spans import KINDS

DOCUMENTS = {
    "puente.md": "# El puente\n\nEl puente de madera se abrió en 1902. Lo cruza la niña.\n",
    "copia.md": "# El puente\n\nEl puente de madera se abrió en 1902. Lo cruza la niña.\n",
    "bridge.md": "# The tower\n\nThe tower of stone was opened in 1950. The girl climbs it.\n",
}
EXPLAIN = SearchOptions(explain=True)
ANSWERED = [
    ("¿Cuándo se abrió el puente de madera?", "es", "1902", "una fecha"),
    ("When was the tower of stone opened?", "en", "1950", "a date"),
]
DECLINED = [
    ("¿Quién ganó el Mundial de Australia en 2031?", "es", "no es lo bastante seguro que responda"),
    ("Who was Godzilla's barber in Tokyo?", "en", "not sure enough that it answers"),
]


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    data = tmp_path_factory.mktemp("explained")
    (data / "documents").mkdir()
    for name, text in DOCUMENTS.items():
        (data / "documents" / name).write_text(text, "utf-8")
    build(data, HashEncoder())
    made = Engine(data, HashEncoder())
    yield made
    made.close()


@pytest.mark.parametrize(("question", "lang", "words", "kind"), ANSWERED)
def test_an_answer_is_explained_in_the_questions_language(engine, question, lang, words, kind):
    answer = engine.ask(Query(question, lang), EXPLAIN)
    text = "\n".join(lines_of_answer(answer))
    heads = {
        "es": [
            "Palabras de la pregunta",
            "Pasajes",
            "Qué oraciones se citan",
            "Se pregunta por",
            "Confianza",
        ],
        "en": [
            "Words of the question",
            "Passages",
            "Which sentences are quoted",
            "Asked for",
            "Confidence",
        ],
    }
    places = [text.index(head) for head in heads[lang]]
    assert places == sorted(places)
    assert not any(head in text for head in heads["en" if lang == "es" else "es"])
    assert f": {kind}" in text
    assert (f"«{words}»" if lang == "es" else f"“{words}”") in text
    score = f"[1] {answer.citations[0].score:7.3f}"
    assert score.replace(".", "," if lang == "es" else ".") in text, text
    assert not re.search(r"\d\.\d{3}" if lang == "es" else r"\d,\d{3}", text)


def test_a_line_of_arithmetic_is_right(engine):
    answer = engine.ask(Query(ANSWERED[1][0], "en"), EXPLAIN)
    rows = [
        re.search(r"(-?\d+\.\d+) × (-?\d+\.\d+) = +(-?\d+\.\d+)", line)
        for line in lines_of_answer(answer)
    ]
    found = [tuple(float(number) for number in row.groups()) for row in rows if row]
    assert len(found) > 10
    for value, weight, product in found:
        assert value * weight == pytest.approx(product, abs=0.01)


def test_a_form_of_a_verb_that_says_nothing_is_not_told_to_be_missing(engine):
    answer = engine.ask(Query("¿Quién va por el puente de madera?", "es"), EXPLAIN)
    assert [word.text for word in answer.trace.words] == ["puente", "madera"]
    assert not any("va" in one.missing for one in answer.trace.passages)
    answer = engine.ask(Query("¿Quién pinta el puente de madera?", "es"), EXPLAIN)
    assert [word.text for word in answer.trace.words if not word.known] == ["pinta"]


@pytest.mark.parametrize(("question", "lang", "reason"), DECLINED)
def test_an_abstention_is_explained_too(engine, question, lang, reason):
    answer = engine.ask(Query(question, lang), EXPLAIN)
    assert answer.status == "abstained"
    assert reason in "\n".join(lines_of_answer(answer))


def test_what_was_merged_is_named(engine):
    result = engine.search(Query("¿Qué puente de madera cruza la niña?", "es"), EXPLAIN)
    text = "\n".join(lines_of_search(result))
    [hit] = [h for h in result.hits if h.duplicates]
    assert {hit.passage.doc_id, *hit.duplicates} == {"puente.md", "copia.md"}
    assert f"dice lo mismo, y no se repite: {hit.duplicates[0]}" in text


def test_nothing_is_explained_unless_asked_for(engine):
    assert lines_of_answer(engine.ask(Query(ANSWERED[0][0]))) == []
    assert lines_of_search(engine.search(Query(ANSWERED[0][0]))) == []


def test_every_kind_and_reason_has_words_in_both_languages():
    from api import explanation

    assert set(explanation._ES) == set(explanation._EN)
    assert set(explanation._KINDS_ES) == set(explanation._KINDS_EN) == set(KINDS)


@pytest.mark.parametrize(
    ("question", "lead", "item"),
    [
        ("¿Qué requisitos hay para la inscripción?", "Para la inscripción hacen falta:", "requisito número {} de la lista larga;"),
        ("What must be brought for enrolment?", "For enrolment there must be brought:", "paper number {} of the long list;"),
    ],
)  # fmt: skip
def test_what_is_quoted_beside_what_was_weighed_is_explained_too(tmp_path, question, lead, item):
    items = [f"- {item.format(n)}" for n in range(1, 60)]
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "list.txt").write_text("\n".join([lead, *items]), "utf-8")
    build(tmp_path, HashEncoder())
    engine = Engine(tmp_path, HashEncoder(), reader=Underliner(lead, *items))
    answer = engine.ask(Query(question), EXPLAIN)
    told = answer_explanation(answer.trace)
    engine.close()
    assert len(answer.citations) > 1
    weighed = [one.features for one in told.sentences if one.citation]
    assert weighed[0].keys() == told.sentence_weights.keys()
    assert {} in weighed[1:]
    assert lines_of_answer(answer)
