"""Questions with the words that answer them: read, told apart, and changed so that nothing answers them any more."""

import gzip
import json
import random

import pytest

from index.training.answered import Answered, Names, Shelf, read_answered
from index.training.written import read_written


def write(path, *rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def read(folder):
    """What a folder teaches or holds out."""
    books = read_answered(folder)
    return books.taught + books.open


TOLD = "El puerto abrió en 1902. Lo dirigió Elena Prat. El faro es de 1850."
OPEN = {
    "lang": "es", "question": "¿Quién lo dirigió?", "passage": TOLD, "answers": ["Elena Prat"],
    "answer_start": [TOLD.index("Elena")], "answerable": True, "title": "Puerto_de_Vigo",
}  # fmt: skip


def test_a_question_of_an_open_set_has_the_sentence_around_its_answer(tmp_path):
    write(tmp_path / "qa" / "own.jsonl.gz", OPEN)
    [one] = read(tmp_path)
    assert one.questions == ("¿Quién lo dirigió?",)
    assert (one.heading, one.answers, one.source) == ("Puerto de Vigo", True, "own")
    assert [TOLD[a:b] for a, b in one.spans] == ["Elena Prat"]
    assert [TOLD[a:b].strip() for a, b in one.units] == ["Lo dirigió Elena Prat."]


def test_a_written_question_is_in_two_languages_and_has_its_own_unit(tmp_path):
    row = {
        "question_es": "¿Quién lo dirigió?", "question_en": "Who ran it?", "heading": "Puerto > Historia", "passage": TOLD,
        "spans": ["Elena Prat"], "unit": TOLD[:47], "answerable": True,
    }  # fmt: skip
    write(tmp_path / "qa-own" / "own.jsonl", row)
    [one] = read(tmp_path)
    assert one.questions == ("¿Quién lo dirigió?", "Who ran it?")
    assert one.heading == "Puerto › Historia"
    assert one.units == ((0, 47),)


def test_places_that_a_person_would_underline_and_what_was_found_beside_are_read(tmp_path):
    first, last = (0, 24), (TOLD.index("El faro"), len(TOLD))
    row = {**OPEN, "units": [first, last], "found": [["Puerto", "Nada de eso."]]}
    write(tmp_path / "qa" / "own.jsonl", row)
    [one] = read(tmp_path)
    assert one.units == (first, last)
    assert one.found == (("Puerto", "Nada de eso."),)
    write(tmp_path / "qa" / "own.jsonl", {**row, "units": [[0, 999]]})
    [one] = read(tmp_path)
    assert [TOLD[a:b].strip() for a, b in one.units] == ["Lo dirigió Elena Prat."]


def test_a_near_miss_has_nothing_that_answers(tmp_path):
    write(tmp_path / "qa" / "own.jsonl", {**OPEN, "answers": [], "answer_start": None, "answerable": False})  # fmt: skip
    [one] = read(tmp_path)
    assert (one.answers, one.spans, one.units) == (False, (), ())


@pytest.mark.parametrize(
    ("name", "change", "kept"),
    [
        ("own", {"answer_start": None}, 0),  # nobody said which words
        ("faq-own", {"answer_start": None}, 1),  # all of the passage
        ("own", {"answer_start": [0]}, 0),  # other words stand there
        ("own", {"passage": " "}, 0),
        ("own", {"passage": TOLD.replace("ó", "o\u0301")}, 0),  # offsets would not hold
        ("own", {"passage": TOLD + " Nada más." * 300}, 1),
        ("own", {"passage": "Nada más. " * 300 + TOLD, "answer_start": [3000 + TOLD.index("Elena")]}, 0),
        ("qamr", {}, 0),
    ],
)  # fmt: skip
def test_a_line_that_says_nothing_to_a_reader_is_left_out(tmp_path, name, change, kept):
    write(tmp_path / "qa" / f"{name}.jsonl", {**OPEN, **change})
    found = read(tmp_path)
    assert len(found) == kept
    assert all(len(one.passage) <= 1500 for one in found)


def test_whole_documents_are_held_out_and_so_is_what_other_hands_wrote(tmp_path):
    rows = [{**OPEN, "title": f"d{i % 180}", "question": f"q{i}"} for i in range(360)]
    write(tmp_path / "qa" / "own.jsonl", *rows)
    books = read_answered(tmp_path)
    aside, taught = {one.doc for one in books.open}, {one.doc for one in books.taught}
    assert aside
    assert not aside & taught
    assert len(books.taught) + len(books.open) == 360
    held = [one for one in read_written() if one.id.startswith("held")]
    assert len(books.written) == len(held)


def asked(passage, doc="a", question="¿Qué pieza cuesta 30 euros?", answer="", heading=""):
    at = passage.find(answer) if answer else -1
    spans = ((at, at + len(answer)),) if answer else ()
    return Answered((question,), "own", doc, heading, passage, bool(spans), spans, spans)


def test_what_resembles_a_question_comes_first_and_none_holds_the_answer():
    rows = [
        asked("La pieza roja cuesta 30 euros.", answer="La pieza roja"),
        asked("Cada pieza cuesta lo suyo, en euros.", "b"),
        asked("Hay pieza en el almacén.", "a"),
        asked("Cuesta 30 euros la pieza roja.", "b"),  # the same answer in other words
        asked("El mar está en calma.", "c"),
    ]
    found = [passage for _, passage in Shelf(rows).resembling(rows[0], 3)]
    assert found == [rows[1].passage, rows[2].passage]
    assert Shelf(rows).resembling(rows[0], 1) == [("", rows[1].passage)]


def test_a_number_or_a_name_that_the_passage_has_is_changed_for_one_that_it_has_not():
    passages = ["Elena Prat vivió en Sevilla desde 1902.", "En Lisboa y en Sevilla nació Marta."]
    rows = [asked(p) for p in [*passages, "Y en Lisboa murió, como Marta."]]
    names, rng = Names(rows), random.Random(3)
    found = {names.changed("¿Quién vivió en Sevilla en 1902?", rows[0], rng) for _ in range(40)}
    assert None not in found
    for question in found:
        assert ("Sevilla" in question) != ("1902" in question)
        if "Sevilla" not in question:
            assert "Lisboa" in question or "Marta" in question
    assert names.changed("¿Quién vivió allí?", rows[0], rng) is None
    # what it does not say, it need not answer
    assert names.changed("¿Quién vivió en Cuenca en 1733?", rows[0], rng) is None
