"""The text an encoder learns from: how it is read and drawn."""

import gzip
import json
import random
from collections import Counter

import pytest

from index.training import text as training_text
from index.training.text import (
    Asked,
    read_corpora,
    sample_pairs,
    sentences_of,
    typed_plainly,
)


def write_tsv(path, pairs):
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(f"{english}\t{spanish}\n" for english, spanish in pairs)


def write_jsonl(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def test_pairs_are_drawn_by_the_weight_and_size_of_their_source():
    # weights 3.0 and 0.1; 100 and 1500 pairs: 300 to 150
    heavy, light = "mkqa-questions", "ms-efcore"
    assert (training_text.SOURCE_WEIGHTS[heavy], training_text.SOURCE_WEIGHTS[light]) == (3.0, 0.1)
    sources = {
        heavy: [(heavy, f"ñ{i}") for i in range(100)],
        light: [(light, f"á{i}") for i in range(1500)],
        "bible-kjv-rv1909": [("never", "nunca")] * 1000,
    }
    assert training_text.SOURCE_WEIGHTS["bible-kjv-rv1909"] == 0
    drawn = sample_pairs(sources, 30_000, random.Random(1))
    counts = Counter(name for name, _ in drawn)
    assert set(counts) == {heavy, light}
    assert counts[heavy] / counts[light] == pytest.approx(2, rel=0.05)
    assert len(drawn) == 30_000


def test_a_pair_is_not_drawn_twice_while_there_are_enough_and_a_seed_gives_the_same():
    sources = {"own-texts": [(f"word {i}", f"año {i}") for i in range(500)]}
    drawn = sample_pairs(sources, 400, random.Random(5))
    assert len(set(drawn)) == 400
    assert drawn == sample_pairs(sources, 400, random.Random(5))
    assert drawn != sample_pairs(sources, 400, random.Random(6))


def test_the_folder_of_texts_is_read(tmp_path):
    write_tsv(
        tmp_path / "parallel" / "own.tsv.gz",
        [("A year", "Un an\u0303o"), ("", "nada"), ("Hi", "¡Hola!")],
    )
    paragraph = ("The bridge was built in April.", "El puente se construyó en abril.")
    write_tsv(tmp_path / "parallel" / "own-paragraphs.tsv.gz", [paragraph])
    write_tsv(tmp_path / "dict" / "words.tsv.gz", [("water", "agua"), ("w" * 60, "larga")])
    write_jsonl(
        tmp_path / "qa" / "own.jsonl.gz",
        [
            {"id": "1", "lang": "es", "question": "¿Qué es?", "passage": "Un ñandú."},
            {"id": "1", "lang": "en", "question": "What is it?", "passage": "A rhea."},
            {"lang": "en", "question": "Why?", "passage": "Because.", "title": "Reasons"},
            {"lang": "en", "question": "Who?", "passage": "Nobody.", "answerable": False},
        ],
    )
    write_jsonl(
        tmp_path / "qa" / "openstax-glossary.jsonl.gz",
        [{"id": "g", "lang": "en", "question": "What is osmosis?", "passage": "osmosis: water moves"}],
    )  # fmt: skip
    written = {"question_es": "¿Cuánto mide?", "question_en": "How long is it?", "passage": "9 m", "heading": None}  # fmt: skip
    (tmp_path / "qa-written").mkdir()
    (tmp_path / "qa-written" / "ours.jsonl").write_text(json.dumps(written) + "\n", "utf-8")
    found = read_corpora(tmp_path, random.Random(1))
    # NFC, and without the line that has only one side
    assert found.sentences == {"own": [("A year", "Un año"), ("Hi", "¡Hola!")]}
    assert found.paragraphs == {"own-paragraphs": [paragraph]}
    assert found.terms == [("water", "agua")]
    asked = {(a.question, a.heading, a.body, a.weight) for a in found.questions + found.held_out}
    assert asked == {
        # across languages where both share an id
        *((q, "", p, 1.0) for q in ("¿Qué es?", "What is it?") for p in ("Un ñandú.", "A rhea.")),
        ("Why?", "Reasons", "Because.", 1.0),
        ("What is osmosis?", "", "water moves", 0.4),
        ("¿Cuánto mide?", "", "9 m", 2.0),
        ("How long is it?", "", "9 m", 2.0),
        # a sentence of a paragraph is asked of the other language
        (paragraph[0], "", paragraph[1], 0.45),
        (paragraph[1], "", paragraph[0], 0.45),
    }


def test_what_a_search_found_in_vain_goes_with_the_question(tmp_path):
    row = {
        "lang": "es",
        "question": "¿Quién?",
        "heading": "Cargos",
        "passage": "Ana.",
        "found": [["Sede", "Calle 1"], ["", "Luis"]],
    }
    write_jsonl(tmp_path / "qa-own" / "own.jsonl.gz", [row])
    found = read_corpora(tmp_path, random.Random(1))
    [asked] = found.questions + found.held_out
    assert (asked.heading, asked.body) == ("Cargos", "Ana.")
    assert asked.found == (("Sede", "Calle 1"), ("", "Luis"))


def test_one_passage_in_forty_is_held_out_with_all_its_questions(tmp_path):
    rows = [
        {"lang": "es", "question": f"¿Qué dice la línea {i}, pregunta {k}?", "passage": f"Línea {i}, ñ."}
        for i in range(400)
        for k in (0, 1)
    ]  # fmt: skip
    write_jsonl(tmp_path / "qa" / "own.jsonl.gz", rows)
    found = read_corpora(tmp_path, random.Random(1))
    apart = {asked.body for asked in found.held_out}
    assert 3 <= len(apart) <= 25
    assert len(found.held_out) == 2 * len(apart)
    assert not apart & {asked.body for asked in found.questions}


def test_a_passage_is_its_heading_and_its_body():
    assert Asked("¿Qué?", "Título", "Cuerpo").passage == "Título\nCuerpo"
    assert Asked("What?", "", "Body").passage == "Body"


def test_a_question_is_sometimes_typed_as_people_type():
    typed = {
        typed_plainly("¿Cuándo cruzó la niña el pingüino?", random.Random(i)) for i in range(20)
    }
    assert typed == {"Cuando cruzo la niña el pinguino", "Cuando cruzo la niña el pinguino?"}


# ------------------------------------------------------------------------- questions made from text

SPANISH = "En 1931 el ingeniero Abel Quiñones levantó sobre el río Ñapo un puente de 214 metros."
ENGLISH = "In 1931 the engineer Abel Quiñones raised a bridge of 214 metres over the river Ñapo."


def test_sentences_are_those_that_say_something():
    text = (
        "Sí. El puente se abrió en abril. ¿Quién lo cruzó primero? Una niña que venía de Iquitos."
    )
    assert sentences_of(text) == [
        "El puente se abrió en abril.",
        "¿Quién lo cruzó primero?",
        "Una niña que venía de Iquitos.",
    ]
