"""The questions written for training: the form they are written in, and that all that stand here follow it."""

import json

import pytest

from corpus.document import CorpusError
from index.training import written
from index.training.written import read_written

GOOD = """\
# Club de Remo La Ría
## es | Cuotas > Adultos
La cuota es de 120 €. Los menores pagan la mitad.

Hay que traer:
- DNI
- dos fotos
---
fact || ¿Cuánto cuesta? || How much is it? || 120 €
list || ¿Qué llevo? || What do I bring? || DNI ¦ dos fotos || Hay que … dos fotos
fact || ¿Cuándo abre? || When does it open? || -
## en | Boats
Each boat carries four. The red one leaks.
---
fact || ¿Cuál pierde agua? || Which one leaks? || The red one
"""


def written_to(folder, text, name="train-x.txt"):
    (folder / name).write_text(text, "utf-8")
    return folder


def test_spans_and_units_stand_where_they_are_said_to_stand(tmp_path):
    fact, everything, miss, boat = read_written(written_to(tmp_path, GOOD))
    assert (fact.unit, fact.spans) == ("La cuota es de 120 €.", ("120 €",))
    assert fact.doc == "Club de Remo La Ría"
    assert fact.heading == "Cuotas › Adultos"
    assert everything.unit == "Hay que traer:\n- DNI\n- dos fotos"
    assert (miss.answerable, miss.spans, miss.unit, miss.unit_start) == (False, (), "", -1)
    assert (boat.passage_lang, boat.unit) == ("en", "The red one leaks.")
    assert [one.id for one in (fact, boat)] == ["train-x-0001", "train-x-0004"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("fact || ¿Qué? || What? || 130 €", "does not hold the span '130 €'"),
        ("fact || ¿Qué? || What?", "expected a kind, two questions"),
        ("joke || ¿Qué? || What? || 120 €", "expected a kind"),
        ("list || ¿Qué? || What? || DNI || Nada … dos fotos", "the unit's words 'Nada'"),
        ("list || ¿Qué? || What? || 120 € ¦ DNI || La cuota … 120 €", "does not hold all spans"),
    ],
)
def test_a_line_that_does_not_follow_the_form_is_named(tmp_path, line, said):
    text = GOOD.split("---")[0] + "---\n" + line + "\n"
    with pytest.raises(CorpusError, match=r"train-x\.txt, line 9: ") as told:
        read_written(written_to(tmp_path, text))
    assert said in str(told.value)


def test_all_that_stand_here_follow_it_and_both_languages_are_equals():
    every = read_written()
    assert len(every) > 10_000
    assert len({one.id for one in every}) == len(every)
    for one in every:
        assert one.passage[one.unit_start :].startswith(one.unit)
        for start, span in zip(one.span_starts, one.spans, strict=True):
            assert one.passage[start : start + len(span)] == span
    held = {one.passage for one in every if one.id.startswith("held")}
    assert held.isdisjoint(one.passage for one in every if not one.id.startswith("held"))
    spanish = sum(one.passage_lang == "es" for one in every) / len(every)
    assert 0.45 < spanish < 0.6
    missed = sum(not one.answerable for one in every) / len(every)
    assert 0.2 < missed < 0.4


def test_the_files_for_training_are_written_without_those_held_out(tmp_path):
    assert written.main([str(tmp_path)]) == 0
    names = sorted(path.name for path in (tmp_path / "qa-written-here").iterdir())
    assert names
    assert all(name.startswith("train-") for name in names)
    first = json.loads((tmp_path / "qa-written-here" / names[0]).read_text("utf-8").splitlines()[0])
    assert {"question_es", "question_en", "passage", "heading", "answerable"} <= set(first)
