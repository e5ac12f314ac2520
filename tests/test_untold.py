"""Whether rows and labels are told by a word of the question."""

from dataclasses import replace

import pytest
from plain_words import words_of

from corpus.document import Passage
from corpus.parse import parse
from index.searchable import Place
from qa.select.atoms import Atom, atoms_of
from qa.select.page import Run
from qa.select.untold import are_untold
from qa.understand import Question

CAJAS = (
    "es",
    "Caja;Medida;Precio\nNido de gorrión;12 cm;9 €\nNido de búho;40 cm;35 €\nNido de golondrina;15 cm;11 €\n",
    "cajas.csv",
)
MOORINGS = (
    "en",
    "| Mooring | Fee |\n|---|---|\n| Punt | £4 |\n| Skiff | £6 |\n| Barge | £19 |\n",
    "moorings.md",
)
DAYS = (
    "en",
    "| Mooring | Day one | Day two |\n|---|---|---|\n| Punt | £4 | £2 |\n| Skiff | £6 | £3 |\n| Barge | £9 | £4 |\n",
    "days.md",
)
SHEET = "en", "Tide gauge\n\nDepth: 3 m\n\nKeeper: Una Frost\n\nPainted: in spring\n", "gauge.md"


def asked(question, lang, source, quoted, there=()):
    """``there``: what words of the question are in the language of the passage."""
    of_document, text, name = source
    document = parse(text.encode(), name)
    spans = [(b.start, b.end) for b in document.blocks if b.kind in ("row", "label", "paragraph")]
    passage = Passage("p", "d", 0, len(document.text), document.text, of_document, "", tuple(spans))
    place = Place(passage, document.title, None, ())
    atoms = atoms_of(passage, document.blocks)
    of_quote = [passage.text[atom.start : atom.end] for atom in atoms]
    within = [n for n, said in enumerate(of_quote) if any(one in said for one in quoted)]
    assert len(within) == len(quoted)
    run = Run(within[0], within[-1], 1.0)
    words = [
        replace(word, terms=word.terms | {of_document: [(there[word.text], 0.9)]})
        if word.text in there
        else word
        for word in words_of(question, lang)
    ]
    return are_untold(Question(question, lang, 1.0), words, place, document.blocks, atoms, run)


@pytest.mark.parametrize(
    ("question", "source", "quoted", "expected"),
    [
        ("¿Qué precio tiene la caja para vencejos?", CAJAS, ["búho"], True),
        ("¿Qué precio tiene el nido de cernícalo?", CAJAS, ["gorrión", "golondrina"], True),
        ("What is the fee for a catamaran?", MOORINGS, ["Skiff"], True),
        ("What is the fee for a catamaran?", MOORINGS, ["Punt", "Barge"], True),
        ("What is the voltage of the gauge?", SHEET, ["Depth"], True),
        # The number is that of a column
        ("What is the fee for a catamaran on day one?", DAYS, ["Skiff"], True),
        # A word of the question is in the row that is quoted, whether all its words are there or not
        ("¿Cuánto cuesta la caja para búhos reales?", CAJAS, ["búho"], False),
        ("Who is the keeper on Sundays?", SHEET, ["Keeper"], False),
        # Nothing is asked for that the passage does not have
        ("¿Qué medida tiene el nido?", CAJAS, ["gorrión"], False),
        ("Tide gauge?", SHEET, ["Depth"], False),
        ("¿Qué precio tiene el tercer nido?", CAJAS, ["golondrina"], False),
        ("What is the fee for mooring 9?", MOORINGS, ["Barge"], False),
        # One of them all is asked for, which no word of it tells
        ("Which mooring costs the least for visitors?", MOORINGS, ["Punt"], False),
        ("¿Cuál es la caja más grande para rapaces?", CAJAS, ["búho"], False),
    ],
)  # fmt: skip
def test_rows_that_no_word_of_the_question_tells(question, source, quoted, expected):
    assert asked(question, source[0], source, quoted) is expected


def test_of_two_rows_nothing_is_said():
    two = "en", "| Mooring | Fee |\n|---|---|\n| Punt | £4 |\n| Skiff | £6 |\n", "two.md"
    assert not asked("What is the fee for a catamaran?", "en", two, ["Skiff"])


def test_the_cells_of_one_row_that_was_cut_are_not_told_from_each_other():
    document = parse(
        b"Nombre;Coste;Vigencia;Firma\nCarta de domicilio;gratis;30 d\xc3\xadas;alcalde\n",
        "cartas.csv",
    )
    [row] = [n for n, b in enumerate(document.blocks) if b.kind == "row" and not b.level]
    text, spans = document.text, document.blocks[row].cells
    passage = Passage("p", "d", 0, len(text), text, "es", "")
    place = Place(passage, document.title, None, ())
    atoms = [
        Atom(a, b, row, document.blocks[row].parent, weak=False, asks=False, alone=True)
        for a, b in spans
    ]
    question = "¿Por cuánto tiempo vale la carta de domicilio?"
    asked_by = Question(question, "es", 1.0), words_of(question, "es")
    assert not are_untold(*asked_by, place, document.blocks, atoms, Run(2, 2, 1.0))


@pytest.mark.parametrize(
    ("question", "there", "expected"),
    [
        ("¿Cuánto paga una canoa?", {"canoa": "canoe"}, True),
        ("¿Cuánto paga una barcaza?", {"barcaza": "barg"}, False),
        # What it is called there is not known
        ("¿Cuánto paga un catamarán?", {}, False),
    ],
)
def test_in_another_language_a_word_must_be_known_there_to_be_missed(question, there, expected):
    assert asked(question, "es", MOORINGS, ["Barge"], there) is expected
