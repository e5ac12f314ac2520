"""Passages that are changed for teaching: what is left of them, and that what answers still stands where it is said to."""

import random
from dataclasses import replace

import pytest

from index.training.altered import cropped, joined, without_answer
from index.training.answered import Answered, Shelf

PASSAGE = (
    "La piscina abre en junio y cierra en septiembre. El abono de familia cuesta 48 euros. Los niños entran con un adulto.\n"
    "Hay taquillas junto a la puerta y una fuente en el patio."
)


def asked_of(words, unit, passage=PASSAGE):
    at, whole = passage.index(words), passage.index(unit)
    return Answered(
        ("¿Cuánto cuesta el abono?",), "own", "a", "Piscina", passage, True,
        ((at, at + len(words)),), ((whole, whole + len(unit)),),
    )  # fmt: skip


PRICE = asked_of("48 euros", "El abono de familia cuesta 48 euros.")


def test_the_sentence_that_answers_is_taken_out_and_the_rest_is_as_it_was():
    assert without_answer(PRICE) == (
        "La piscina abre en junio y cierra en septiembre. Los niños entran con un adulto.\n"
        "Hay taquillas junto a la puerta y una fuente en el patio."
    )


def test_a_line_that_answers_goes_as_a_whole():
    line = "Hay taquillas junto a la puerta y una fuente en el patio."
    assert without_answer(asked_of("fuente", line)) == PASSAGE.split("\n")[0]


@pytest.mark.parametrize(
    "asked",
    [
        asked_of("48 euros", PASSAGE),
        asked_of("48 euros", "El abono de familia cuesta 48 euros.", "El abono de familia cuesta 48 euros. Bien."),
        asked_of("48 euros", "El abono de familia cuesta 48 euros.", f"{PASSAGE}\nEn total, 48 EUROS por familia y verano."),
        replace(PRICE, units=()),
    ],
    ids=["all-of-it", "little-is-left", "said-twice", "not-known"],
)  # fmt: skip
def test_nothing_is_made_of_what_would_be_empty_or_answer_still(asked):
    assert without_answer(asked) is None


def told(asked):
    return [asked.passage[a:b] for a, b in (*asked.spans, *asked.units)]


def test_what_is_cut_keeps_whole_sentences_and_what_answers():
    rng, found = random.Random(1), set()
    for _ in range(40):
        cut = cropped(PRICE, rng)
        assert cut.passage in PASSAGE
        assert told(cut) == told(PRICE)
        found.add(cut.passage)
    assert "El abono de familia cuesta 48 euros." in found
    assert PASSAGE in found
    assert len(found) == 6  # two beginnings, three ends
    near = replace(PRICE, answers=False, spans=(), units=())
    assert all(cropped(near, rng).passage.strip() for _ in range(20))
    assert cropped(replace(PRICE, units=()), rng) == replace(PRICE, units=())


def test_another_passage_stands_before_or_behind_and_what_answers_moves_with_its_own():
    rng = random.Random(2)
    other = "El bar sirve helados."
    found = [joined(PRICE, other, rng) for _ in range(20)]
    assert {one.passage for one in found} == {f"{PASSAGE}\n{other}", f"{other}\n{PASSAGE}"}
    assert all(told(one) == told(PRICE) for one in found)
    assert joined(PRICE, other * 60, rng) == PRICE


def test_what_stands_beside_a_passage_is_of_its_document():
    near = replace(
        PRICE, passage="El abono de jubilados es otro.", spans=(), units=(), answers=False
    )
    far = replace(
        near, doc="b", passage="El abono de teatro cuesta lo que diga el cartel de familia."
    )
    shelf = Shelf([PRICE, near, far])
    assert shelf.resembling(PRICE, 5, beside=True) == [("Piscina", near.passage)]
    assert len(shelf.resembling(PRICE, 5)) == 2
