"""Whether what is quoted is of another variety of the thing than the one that a question names."""

import pytest
from plain_words import words_of

from corpus.document import Lang, Passage
from index.searchable import Place
from qa.select.varieties import are_other_varieties, is_entry
from qa.understand import Question


def told(
    question: str,
    lang: Lang,
    text: str,
    names: list[str],
    sentences: list[str],
    title: str = "",
    of_passage: Lang | None = None,
) -> bool:
    passage = Passage("p", "d", 0, len(text), text, of_passage or lang, "")
    place = Place(passage, title, None, ())
    asked = Question(question, lang, 1.0)
    return are_other_varieties(asked, words_of(question, lang), place, names, sentences)


@pytest.mark.parametrize(
    ("question", "lang", "names", "expected"),
    [
        ("¿Cuánto cuesta la harina de centeno?", "es", ["Harina de trigo", "Avena"], True),
        ("¿Cuánto cuesta la barca grande?", "es", ["Barca pequeña 3 h", "Barca de pedales"], True),
        ("¿Cuánto cuesta el bono para veteranos?", "es", ["Bono juvenil"], True),
        ("How much is mare's milk?", "en", ["Ewe's milk", "Butter"], True),
        ("What is the fee for a covered berth?", "en", ["Open berth, per night: £3"], True),
        # The same one, another thing, one without a kind, or a word for it that begins alike
        ("¿Cuánto cuesta la harina de trigo?", "es", ["Harina de trigo"], False),
        ("¿Cuánto cuesta el pan de centeno?", "es", ["Harina de trigo"], False),
        ("¿Cuánto cuesta la harina de centeno?", "es", ["Harina"], False),
        ("¿Cuánto cuesta el bono para jubilados?", "es", ["Bono jubilación"], False),
        ("How much is a berth ticket?", "en", ["Open berth"], False),
        # What holds for all others
        ("¿Cuánto cuesta la barca grande?", "es", ["Barca pequeña 3 h", "Las demás, 4 h"], False),
        (
            "What is the fee for a covered berth?",
            "en",
            ["Open berth: £3", "Other berths: £4"],
            False,
        ),
        # Asked for itself, by a verb, by the most, by a number or a place
        ("¿Qué bono permite nadar?", "es", ["Bono juvenil"], False),
        ("¿El bono incluye toalla?", "es", ["Bono juvenil"], False),
        ("¿Cuál es la barca más larga?", "es", ["Barca de remos"], False),
        ("How much is the second berth?", "en", ["Open berth"], False),
        ("¿Cuánto cuesta el bono de Aldeanueva?", "es", ["Bono juvenil"], False),
        ("Which berth size is free?", "en", ["Open berth"], False),
    ],
)
def test_a_row_is_of_another_variety(question, lang, names, expected):
    assert told(question, lang, "\n".join(names), names, []) is expected


def test_what_stands_above_may_say_it_and_another_language_is_not_told():
    question, names = "¿Cuánto cuesta la harina de centeno?", ["Harina de trigo"]
    assert told(question, "es", "\n".join(names), names, [])
    assert not told(question, "es", "\n".join(names), names, [], "Centeno y otros")
    assert not told(question, "es", "Harina de trigo. Centeno: no hay.", names, [])
    assert not told(question, "es", "\n".join(names), names, [], of_passage="en")


@pytest.mark.parametrize(
    ("question", "lang", "sentences", "expected"),
    [
        ("¿Quién lleva el club de bolos?", "es", ["El club de ajedrez lo lleva Rosa Lis."], True),
        ("What is the price of barley?", "en", ["2.1 The price of wheat is £210 a tonne."], True),
        ("How much is a bunk on the barge?", "en", ["A hammock costs £6."], True),
        ("¿Cuánto cuesta una tumbona?", "es", ["La sombrilla cuesta 4 €."], True),
        # The same one, one that is not what the sentence is about, or no price of a thing
        ("What is the price of wheat?", "en", ["2.1 The price of wheat is £210 a tonne."], False),
        (
            "What is the price of barley?",
            "en",
            ["The price of wheat is £210, as that of barley."],
            False,
        ),
        ("What is the price of barley?", "en", ["We sell at the price of wheat."], False),
        ("How much is the fine?", "en", ["A late boat costs £6."], False),
        ("¿Cuánto vale la cuota?", "es", ["El carné cuesta 4 €."], False),
        ("How much is a hammock?", "en", ["A hammock costs £6."], False),
        ("¿Cuánto cuesta una tumbona?", "es", ["Se pagan 4 € por cada una."], False),
        ("¿Cuánto cuesta una tumbona?", "es", ["No se alquila nada."], False),
    ],
)
def test_a_sentence_tells_of_another_variety(question, lang, sentences, expected):
    assert told(question, lang, " ".join(sentences), [], sentences) is expected


def test_an_item_may_be_a_name_and_how_much_it_is():
    texts = ("Ewe's milk: £2.10", "Gazpacho ....... 6 €", "Be kind – always", "The limit is 20 MB.")
    assert [is_entry(text) for text in texts] == [True, True, False, False]
