"""The text an encoder learns from: how it is read and drawn, and the questions that are made from it."""

import gzip
import json
import random
import re
from collections import Counter

import pytest

from index.training import text as training_text
from index.training.text import (
    Corpora,
    asked_of_neighbours,
    asked_with_passages,
    neighbours,
    question_about,
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
    write_tsv(
        tmp_path / "parallel" / "tico19.tsv.gz", [(f"Line {i}.", f"Línea {i}.") for i in range(20)]
    )
    write_tsv(
        tmp_path / "parallel" / "own-paragraphs.tsv.gz",
        [(f"P {i}", f"Párrafo {i}") for i in range(85)],
    )
    write_tsv(tmp_path / "dict" / "words.tsv.gz", [("water", "agua"), ("w" * 60, "larga")])
    write_jsonl(
        tmp_path / "qa" / "own.jsonl.gz",
        [
            {"id": "1", "lang": "es", "question": "¿Qué es?", "passage": "Un ñandú."},
            {"id": "1", "lang": "en", "question": "What is it?", "passage": "A rhea."},
            {"lang": "en", "question": "Why?", "passage": "Because."},
        ],
    )
    write_jsonl(
        tmp_path / "qa" / "openstax-glossary.jsonl.gz",
        [{"id": "g", "lang": "en", "question": "What is osmosis?", "passage": "osmosis: water moves"}],
    )  # fmt: skip
    found = read_corpora(tmp_path, random.Random(1))
    # NFC, and without the line that has only one side
    assert found.sentences["own"] == [("A year", "Un año"), ("Hi", "¡Hola!")]
    assert set(found.sentences) == {"own", "tico19"}
    # running text also as paragraphs of neighbours, nothing lost
    assert set(found.paragraphs) == {"tico19", "own-paragraphs"}
    joined = found.paragraphs["tico19"]
    assert " ".join(s for _, s in joined) == " ".join(f"Línea {i}." for i in range(20))
    # one in forty is kept apart
    assert found.held_out == [("P 0", "Párrafo 0"), ("P 40", "Párrafo 40"), ("P 80", "Párrafo 80")]
    assert len(found.paragraphs["own-paragraphs"]) == 82
    assert not set(found.held_out) & set(found.paragraphs["own-paragraphs"])
    assert found.terms == [("water", "agua")]
    assert {"es": ("¿Qué es?", "Un ñandú."), "en": ("What is it?", "A rhea.")} in found.questions
    assert {"en": ("Why?", "Because.")} in found.questions
    assert {"en": ("What is osmosis?", "water moves")} in found.questions


def test_a_question_is_sometimes_typed_as_people_type():
    typed = {
        typed_plainly("¿Cuándo cruzó la niña el pingüino?", random.Random(i)) for i in range(20)
    }
    assert typed == {"Cuando cruzo la niña el pinguino", "Cuando cruzo la niña el pinguino?"}


# ------------------------------------------------------------------------- questions made from text

SPANISH = "En 1931 el ingeniero Abel Quiñones levantó sobre el río Ñapo un puente de 214 metros."
ENGLISH = "In 1931 the engineer Abel Quiñones raised a bridge of 214 metres over the river Ñapo."


@pytest.mark.parametrize(("sentence", "lang"), [(SPANISH, "es"), (ENGLISH, "en")])
def test_a_question_is_made_of_the_words_of_its_sentence(sentence, lang):
    made = [question_about(sentence, lang, random.Random(i)) for i in range(300)]
    asked = [q for q in made if q.endswith("?")]
    assert 100 < len(asked) < 220
    assert all(q.startswith("¿") == (lang == "es") for q in asked)
    known = {w.strip(".,").lower() for w in sentence.split()}
    asking = {
        w
        for words in training_text._ASKING[lang].values()
        for phrase in words
        for w in phrase.split()
    }
    for question in made:
        words = {w.strip("¿?.,").lower() for w in question.split()}
        assert words <= known | asking
    # when the year is taken out, that is what is asked for
    first = {q.split()[0].strip("¿").lower() for q in asked if "1931" not in q}
    assert first & {"cuándo", "when", "en", "in", "qué", "what"}
    assert question_about(sentence, lang, random.Random(3)) == made[3]


def test_a_short_sentence_is_its_own_question():
    assert question_about("¿Y el ñandú?", "es", random.Random(1)) == "¿Y el ñandú?"


def test_sentences_are_those_that_say_something():
    text = (
        "Sí. El puente se abrió en abril. ¿Quién lo cruzó primero? Una niña que venía de Iquitos."
    )
    assert sentences_of(text) == [
        "El puente se abrió en abril.",
        "¿Quién lo cruzó primero?",
        "Una niña que venía de Iquitos.",
    ]


def running_text(n):
    return [
        (
            f"Chapter {i} tells of the {i} canoes that crossed the river. They came back at dawn.",
            f"El capítulo {i} cuenta de las {i} canoas que cruzaron el río. Volvieron al alba.",
        )
        for i in range(n)
    ]


def test_paragraphs_are_drawn_in_runs_of_neighbours():
    corpora = Corpora(runs={"own": running_text(60)})
    drawn = neighbours(corpora, 32, random.Random(2))
    assert len(drawn) == 32
    for at in range(0, 32, 4):
        numbers = [
            [int(n) for n in re.findall(r"Chapter (\d+)", english)]
            for english, _ in drawn[at : at + 4]
        ]
        flat = [n for some in numbers for n in some]
        assert flat == list(range(flat[0], flat[0] + len(flat)))
        for english, spanish in drawn[at : at + 4]:
            assert re.findall(r"Chapter (\d+)", english) == re.findall(r"capítulo (\d+)", spanish)
    assert any(len(re.findall("Chapter", english)) == 2 for english, _ in drawn)


def test_neighbours_are_asked_about_in_all_directions_and_english_ones_in_english():
    def is_spanish(text):
        return bool(
            re.search(
                r"\b(?:capítulo|cuenta|canoas|cruzaron|río|Volvieron|alba|capitulo|rio)\b", text
            )
        )

    both = Corpora(runs={"own": running_text(60)})
    alone = Corpora(runs={"own": [(english, "") for english, _ in running_text(60)]})
    seen = Counter()
    for seed in range(40):
        for question, passage in zip(
            *asked_of_neighbours(both, 8, random.Random(seed)), strict=True
        ):
            seen[is_spanish(question), is_spanish(passage)] += 1
        for question, passage in zip(
            *asked_of_neighbours(alone, 8, random.Random(seed)), strict=True
        ):
            assert passage
            assert not is_spanish(question + passage)
    assert min(seen[a, b] for a in (True, False) for b in (True, False)) > 30


def test_real_questions_come_with_their_passages():
    rows = [
        {"es": (f"¿Qué es {i}?", f"El número {i}."), "en": (f"What is {i}?", f"The number {i}.")}
        for i in range(20)
    ]
    asked, told = asked_with_passages(Corpora(questions=rows), 12, random.Random(4))
    assert len(asked) == len(told) == 12
    for question, passage in zip(asked, told, strict=True):
        assert re.findall(r"\d+", question) == re.findall(r"\d+", passage)
