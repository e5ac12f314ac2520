"""The same words twice are found; other words, other sums and the other language are not the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Passage
from qa.duplicates import SHARED, Wording, altered, repeats, shared

LONG = (
    "El puente de madera cruza el río Amazonas desde el año 1902. Lo hizo Íñigo Núñez con doce "
    "vecinos, y la niña de la alcaldesa cortó la cinta delante de todo el pueblo, que llevaba "
    "mucho tiempo esperando ese día."
)
ENGLISH = "The wooden bridge has crossed the river Amazonas since 1902; it was made by twelve men."


def wording(text, lang="es", heading=""):
    return Wording(Passage(f"a#char=0,{len(text)}", "a", 0, len(text), text, lang, heading))


@pytest.mark.parametrize("text", [LONG, ENGLISH, "¡Sí!", "Sí, claro."])
def test_the_same_words_are_the_same_whatever_accents_case_and_heading(text):
    for other in (text, text.upper(), text.replace("í", "i"), text.replace(" ", "\n")):
        assert repeats(wording(other), wording(text, heading="Otro título"))


@pytest.mark.parametrize(
    ("text", "of", "same"),
    [
        # the end of it, and the whole of it
        (LONG[62:], LONG, True),
        (LONG, LONG[62:], False),
        # a slip of the pen that was mended, and another word
        (LONG.replace("alcaldesa", "alcadesa"), LONG, True),
        (LONG.replace("alcaldesa", "maestra"), LONG, False),
        (LONG.replace("mucho tiempo", "años y años"), LONG, False),
        # a denial, and a word that turns what is said
        (LONG.replace("llevaba", "no llevaba"), LONG, False),
        (LONG, LONG.replace("llevaba", "no llevaba"), False),
        (LONG.replace("desde", "hasta"), LONG, False),
        # another year, another person
        (LONG.replace("1902", "1903"), LONG, False),
        (LONG.replace("Íñigo Núñez", "Ana Ruiz"), LONG, False),
        # the same words in another order
        ("pueblo el todo de delante cinta la cortó", "la cinta cortó delante de todo el pueblo", False),
        ("", LONG, False),
        ("¿?", "¿?", False),
    ],
)  # fmt: skip
def test_a_passage_repeats_another_when_it_says_nothing_else(text, of, same):
    assert repeats(wording(text), wording(of)) == same


@pytest.mark.parametrize(
    ("text", "other", "lang", "is_altered"),
    [
        ("El taller abre los lunes.", "EL TALLER ABRE LOS LUNES", "es", False),
        ("La cuota son 1.200 euros.", "La cuota son 1200 euros.", "es", False),
        ("La cuota son tres euros.", "La cuota son 3 euros.", "es", False),
        ("The workshop is closed.", "The wrokshop is closed.", "en", False),
        ("The workshop is closed.", "The workhop is closed.", "en", False),
        ("El taller cierra en junio.", "El taller cierra en julio.", "es", True),
        ("Tiene sesenta plazas.", "Tiene setenta plazas.", "es", True),
        ("The workshop is open.", "The workshop isn't open.", "en", True),
        ("Se abre con llave.", "Se abre sin llave.", "es", True),
        ("Pay before the course.", "Pay after the course.", "en", True),
        ("Se admiten perros.", "Se admiten perros y gatos.", "es", True),
    ],
)
def test_which_words_make_another_text_of_one(text, other, lang, is_altered):
    assert altered(text, other, lang) == altered(other, text, lang) == is_altered


def test_the_translation_of_a_passage_is_no_duplicate():
    assert not repeats(wording(ENGLISH, "en"), wording(LONG))
    # not even where the words are the same
    assert not repeats(wording("Real Madrid 1902", "en"), wording("Real Madrid 1902", "es"))


def test_the_share_is_that_of_the_runs_of_three_words():
    # abc bcd cde def | abc bcd cdx dxf
    assert shared(wording("a b c d e f"), wording("a b c d x f")) == pytest.approx(2 / 4)
    assert shared(wording("a b c d"), wording("z a b c d e")) == 1.0
    assert shared(wording("a b"), wording("a b c")) == 0.0


TEXT = st.lists(st.sampled_from(["la", "niña", "Ana", "río", "7", "año"]), max_size=30).map(
    " ".join
)


@given(TEXT, TEXT)
def test_a_text_repeats_itself_and_what_contains_it(text, other):
    assert repeats(wording(text), wording(text)) == bool(text)
    if len(text.split()) >= 3:
        assert repeats(wording(text), wording(f"{other} {text} {other}"))
    assert 0 <= shared(wording(text), wording(other)) <= 1
    assert (
        not repeats(wording(text), wording(other))
        or shared(wording(text), wording(other)) >= SHARED
    )
