"""Whether rows are of another number, code or size than the one that a question names."""

import pytest
from plain_words import words_of

from corpus.document import Lang, Passage
from corpus.parse import parse
from qa.select.alike.keyed import are_of_another
from qa.select.alike.records import Row, tables_of

OFFICES = "Consulta;Doctora;Planta\n310;Inés Lobo;3\n312;Rita Paz;7\n"
EWES = "| Ear tag | Called | Lambs |\n|---|---|---|\n| 501 | Bramble | 2 |\n| 507 | Thistle | 1 |\n"
FERRIES = "| Pier | Boat 1 | Boat 2 |\n|---|---|---|\n| Skerry | 8:10 | 12:40 |\n| Marsh | 8:35 | 13:05 |\n"
PARTS = "Part,Fits,Superseded by\nVK-20,pumps,VK-31\nVK-22,mowers,\n"
OILS = "Artículo;Precio\nAceite de nuez 250 ml;7,40\nAlmendra 2 kg;19,00\nHarina hasta 5 kg;3,10\n"


def rows_of(source: str, name: str, lang: Lang) -> list[Row]:
    document = parse(source.encode(), name)
    passage = Passage("p", "d", 0, len(document.text), document.text, lang, "")
    return [
        Row(("d", 0), cells[0].said, (), (cells[0].said,), cells, None)  # type: ignore[arg-type]
        for told in tables_of(passage, document.blocks).values()
        for cells in told.values()
    ]


@pytest.mark.parametrize(
    ("question", "lang", "source", "name", "quoted", "expected"),
    [
        # The column that is called so
        ("¿Quién pasa la consulta 314?", "es", OFFICES, "c.csv", [0, 1], True),
        ("¿Quién pasa la consulta 7?", "es", OFFICES, "c.csv", [1], True),
        ("¿Quién pasa la consulta 312?", "es", OFFICES, "c.csv", [1], False),
        ("¿Qué doctora está en la planta 7?", "es", OFFICES, "c.csv", [1], False),
        ("¿Qué doctora está en la planta 5?", "es", OFFICES, "c.csv", [0], True),
        ("Which pumps does part VK-21 fit?", "en", PARTS, "p.csv", [0, 1], True),
        ("What is VK-20 superseded by?", "en", PARTS, "p.csv", [0], False),
        # The first column, of which it need not be said what it names
        ("What is ewe 505 called?", "en", EWES, "e.md", [0, 1], True),
        ("What is ewe 507 called?", "en", EWES, "e.md", [1], False),
        ("How many lambs had ewe 505 kg?", "en", EWES, "e.md", [0], False),
        ("Which ewe had lambs in 2026?", "en", EWES, "e.md", [0], False),
        # Columns that are such things themselves
        ("When is boat 3 at Skerry?", "en", FERRIES, "f.md", [0], True),
        ("When is the third boat at Skerry?", "en", FERRIES, "f.md", [0], True),
        ("When is boat 2 at Skerry?", "en", FERRIES, "f.md", [0], False),
        # Sizes
        ("¿Cuánto cuesta el aceite de nuez de 1 l?", "es", OILS, "o.csv", [0], True),
        ("¿Cuánto cuesta el aceite de 0,25 litros?", "es", OILS, "o.csv", [0], False),
        ("¿Cuánto cuestan 500 g de almendra?", "es", OILS, "o.csv", [1], True),
        ("¿Cuánto cuesta el aceite?", "es", OILS, "o.csv", [0], False),
        ("¿Cuánto cuesta la harina de 3 kg?", "es", OILS, "o.csv", [2], False),
        ("¿Tienen aceite de 1 l?", "es", OILS, "o.csv", [0], False),
        ("¿Cuánto cuesta mandar 3 kg?", "es", OILS, "o.csv", [1], False),
    ],
)  # fmt: skip
def test_a_number_names_a_row_where_it_stands_for_the_thing(
    question, lang, source, name, quoted, expected
):
    rows = rows_of(source, name, lang)
    words = words_of(question, lang)
    assert are_of_another(question, words, lang, [rows[n] for n in quoted], rows) is expected


def test_of_no_rows_none_is_another():
    assert not are_of_another("room 4", words_of("room 4", "en"), "en", [], [])
