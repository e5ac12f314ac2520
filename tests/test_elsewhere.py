"""What is said elsewhere than in the section that is called as a question says."""

import pytest
from plain_words import words_of

from corpus.document import Passage
from index.searchable import Place
from qa.select.elsewhere import OwnSections
from qa.understand import Question


def place(doc, lang, heading, text):
    passage = Passage("p", doc, 0, len(text), text, lang, heading)
    return Place(passage, "Refugio", None, ("Refugio", heading))


CAFE = place("a.md", "es", "Cafetería", "Solo bebidas frías.")
PRICES = place("a.md", "es", "Tarifas", "Grupos: de 12:00 a 13:30.")
ELSEWHERE = place("b.md", "es", "Grupos", "La comida es de 12:00 a 13:30.")
CAPACITY = place("a.md", "en", "Capacity", "Upper hut: 30. Lower hut: 12.")
CHARGES = place("a.md", "en", "Charges", "Meadow: £15")


@pytest.mark.parametrize(
    ("question", "lang", "section", "other", "sure", "expected"),
    [
        ("¿A qué hora abre la cafetería?", "es", CAFE, PRICES, True, True),
        ("What is the capacity of the meadow?", "en", CAPACITY, CHARGES, True, True),
        ("¿A qué hora abre la cafetería?", "es", CAFE, ELSEWHERE, False, True),
        # Of another document the reader is sure
        ("¿A qué hora abre la cafetería?", "es", CAFE, ELSEWHERE, True, False),
        # It is that section, has a word of it, or its own heading one of the question
        ("¿A qué hora abre la cafetería?", "es", CAFE, CAFE, True, False),
        ("What is the capacity?", "en", CAPACITY, place("a.md", "en", "Meadow", "Capacity: 8"), True, False),
        ("¿Qué tarifas tiene la cafetería?", "es", CAFE, PRICES, True, False),
        # The word is no thing, or the heading has more words
        ("How do I capacity the meadow?", "en", CAPACITY, CHARGES, True, False),
        ("¿A qué hora abre la cafetería?", "es", place("a.md", "es", "Cafetería vieja", "-"), PRICES, True, False),
        # What it may be called there in another language is not known
        ("What time is the cafetería open?", "en", CAFE, PRICES, True, False),
    ],
)  # fmt: skip
def test_a_thing_with_a_section_of_its_own_is_not_told_elsewhere(
    question, lang, section, other, sure, expected
):
    sections = OwnSections(
        Question(question, lang, 1.0), words_of(question, lang), [section, other]
    )
    assert sections.have(other, sure=sure) is expected
