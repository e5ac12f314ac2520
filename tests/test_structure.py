"""What a quote is made of: cells with their columns, items with their numbers, labels with their values."""

import random

import pytest

from corpus.parse import parse
from qa.structure import structure_of

TABLE = {
    "md": (
        "# Tarifas\n\nEstas son.\n\n| Sala | Precio | Aforo |\n|---|---|---|\n| Norte | 30 € | 40 |\n| Sur | 25 € |  |\n",
        "md",
    ),
    "html": (
        "<h1>Rates</h1><table><tr><th>Sala</th><th>Precio</th><th>Aforo</th></tr><tr><td>Norte</td><td>30 €</td><td>40</td></tr>"
        "<tr><td>Sur</td><td>25 €</td><td></td></tr></table>",
        "html",
    ),
    "csv": ("Sala,Precio,Aforo\nNorte,30 €,40\nSur,25 €,\n", "csv"),
    "txt": ("Sala   Precio   Aforo\nNorte   30 €   40\nEste   20 €   35\n", "txt"),
}


def made_of(text, suffix, words, last=None):
    """The structure of the words from ``words`` to ``last`` in a document; every piece has been looked up in its text."""
    document = parse(text.encode(), f"d.{suffix}")
    start = document.text.index(words)
    end = document.text.index(last, start) + len(last) if last else start + len(words)
    found = structure_of(document, start, end)
    for part in found.parts:
        assert start <= part.words.start <= part.words.end <= end
    pieces = [part.words for part in found.parts] + [p.name for p in found.parts if p.name]
    for piece in (*pieces, *filter(None, (found.question, found.lead))):
        assert document.text[piece.start : piece.end] == piece.text
    context = [(c.kind, document.text[c.start : c.end]) for c in found.context]
    assert all(c.end <= start or c.start >= end for c in found.context)
    return found, context


def told(found):
    return [(p.name.text if p.name else None, p.words.text) for p in found.parts]


@pytest.mark.parametrize("kind", TABLE)
def test_a_cell_knows_its_column_in_every_format(kind):
    text, suffix = TABLE[kind]
    found, context = made_of(text, suffix, "Norte", "40")
    assert found.kind == "table"
    assert told(found) == [("Sala", "Norte"), ("Precio", "30 €"), ("Aforo", "40")]
    assert [(p.row, p.column) for p in found.parts] == [(0, 0), (0, 1), (0, 2)]
    # Where each cell is written with its name nothing else has to be quoted
    header = {"csv": [], "txt": [("columns", "Sala   Precio   Aforo")]}
    assert context == header.get(kind, [("columns", "Sala | Precio | Aforo")])


def test_an_empty_cell_moves_no_name():
    text, suffix = TABLE["md"]
    found, _ = made_of(text, suffix, "Sur | 25 €")
    assert told(found) == [("Sala", "Sur"), ("Precio", "25 €")]


@pytest.mark.parametrize(
    ("row", "quoted", "parts"),
    [
        (
            ("Cerámica", "", "18:30", "35 €"),
            "Cerámica | | 18:30 | 35 €",
            [("Taller", "Cerámica"), ("Wednesday", "18:30"), ("Cuota", "35 €")],
        ),
        (
            ("Pottery", "", "", "$35"),
            "Pottery | | | $35",
            [("Taller", "Pottery"), ("Cuota", "$35")],
        ),
        (("Yoga", "9:00", "", ""), "Yoga | 9:00", [("Taller", "Yoga"), ("Lunes", "9:00")]),
    ],
)
def test_an_empty_cell_keeps_its_place_below_named_columns(row, quoted, parts):
    names = ("Taller", "Lunes", "Wednesday", "Cuota")
    written = "".join(f"| {' | '.join(r)} |\n" for r in (names, ("---",) * 4, row))
    laid = "".join(f"<tr><td>{'<td>'.join(r)}" for r in (names, row, ("Coro", "8", "9", "1 €")))
    for text, suffix in ((written, "md"), (f"<table>{laid}</table>", "html")):
        found, _ = made_of(text, suffix, quoted)
        assert told(found) == parts


def test_a_row_of_empty_cells_says_nothing():
    text = "| Sala | Price | Aforo |\n|---|---|---|\n|  |  |  |\n| Sur |  | 40 |\n"
    assert parse(text.encode(), "a.md").text == "Sala | Price | Aforo\nSur | | 40"


def test_empty_cells_without_names_of_columns_leave_no_marks():
    text = "<table><tr><td>Nombre:<td><td>Ana Ñíguez<tr><td>Telephone:<td><td>555 01 20</table>"
    assert parse(text.encode(), "a.html").text == "Nombre: | Ana Ñíguez\nTelephone: | 555 01 20"


def test_the_header_of_a_long_table_is_found_far_above():
    rows = "".join(f"| Pieza {n} | {n} cm | {2 * n} g |\n" for n in range(500))
    text = f"| Pieza | Ancho | Peso |\n|---|---|---|\n{rows}"
    found, context = made_of(text, "md", "Pieza 437 |", "874 g")
    assert told(found) == [("Pieza", "Pieza 437"), ("Ancho", "437 cm"), ("Peso", "874 g")]
    assert context == [("columns", "Pieza | Ancho | Peso")]


def test_a_header_in_the_quote_is_no_context():
    text, suffix = TABLE["md"]
    found, context = made_of(text, suffix, "Sala |", "25 €")
    assert context == []
    assert [p.row for p in found.parts] == [0, 0, 0, 1, 1, 1, 2, 2]
    assert found.parts[0].name is None


def test_a_name_over_several_columns_is_told_with_each_of_them():
    text = (
        "<table><thead><tr><th rowspan=2>Sala</th><th colspan=2>Verano</th><th colspan=2>Invierno</th></tr>"
        "<tr><th>Mañana</th><th>Tarde</th><th>Mañana</th><th>Tarde</th></tr></thead>"
        "<tr><td>Norte</td><td>9–13</td><td>17–20</td><td>10–13</td><td>16–19</td></tr></table>"
    )
    found, context = made_of(text, "html", "Norte", "16–19")
    names = [(p.under.text if p.under else None, p.name.text) for p in found.parts]
    assert names == [
        (None, "Sala"),
        ("Verano", "Mañana"),
        ("Verano", "Tarde"),
        ("Invierno", "Mañana"),
        ("Invierno", "Tarde"),
    ]
    header = "Verano | Invierno\nSala | Mañana | Tarde | Mañana | Tarde"
    assert context == [("columns", header)]


def test_what_leads_in_far_above_or_to_more_than_items_is_not_cited():
    items = "".join(f"- Norma número {n} de la casa.\n" for n in range(60))
    _, context = made_of(
        f"Se acuerda lo siguiente:\n\n{items}", "md", "Norma número 55 de la casa."
    )
    assert context == []
    _, context = made_of(f"Se acuerda lo siguiente:\n\n{items}", "md", "Norma número 5 de la casa.")
    assert context == [("lead", "Se acuerda lo siguiente:")]
    text = "Hay que traer:\n\n- un lápiz,\n- papel.\n\nEl taller es gratis.\n"
    assert made_of(text, "md", "papel.", "gratis.")[1] == []


@pytest.mark.parametrize(
    "lead",
    ["The treasurer shall", "El premio y otras ayudas son", "No one may keep a boat who has—"],
)
def test_a_sentence_that_goes_on_in_the_items_leads_in_to_them(lead):
    text = f"{lead}\n\n- two silver oars;\n- a lamp.\n\n- another lamp\n  - of brass\n"
    assert made_of(text, "md", "two silver oars;")[1] == [("lead", lead)]
    assert (
        made_of(f"The boats are old.\n\n{text.partition(chr(10))[2]}", "md", "two silver oars;")[1]
        == []
    )


def test_an_item_leads_in_to_those_nested_in_it():
    found, context = made_of(LIST, "md", "reciente.")
    assert found.lead.text.endswith("Una foto:")
    assert [kind for kind, _ in context] == ["lead"]


def test_two_tables_keep_their_headers():
    text = "| Year | Rain |\n|---|---|\n| 2019 | 300 mm |\n\nAnd\n\n| City | Wind |\n|---|---|\n| Soria | 20 km/h |\n"
    found, context = made_of(text, "md", "Soria | 20 km/h")
    assert told(found) == [("City", "Soria"), ("Wind", "20 km/h")]
    assert context == [("columns", "City | Wind")]


def test_the_rest_of_a_row_that_was_cut_knows_its_record():
    columns = [f"Dato {n}" for n in range(40)]
    text = f"Pueblo,{','.join(columns)}\nLa Hoya,{','.join(str(7 * n) for n in range(40))}\n"
    found, context = made_of(text, "csv", "Dato 38: 266; Dato 39: 273")
    assert told(found) == [("Dato 38", "266"), ("Dato 39", "273")]
    assert context == [("record", "Pueblo: La Hoya")]


@pytest.mark.parametrize(
    ("first", "values", "last", "context"),
    [
        (("id", "Pueblo"), ("7", "La Hoya"), ("Alcalde", "Ana Gil"), [("record", "id: 7; Pueblo: La Hoya")]),
        (("id", "Price"), ("7", "3.50"), ("Name", "Elm Cross"), [("record", "id: 7"), ("record", "Name: Elm Cross")]),
        (("Date", "Room"), ("2024-05-01", "4"), ("Name", "Owen Pugh"), [("record", "Name: Owen Pugh")]),
    ],
)  # fmt: skip
def test_the_rest_of_a_row_that_was_cut_knows_its_name_beside_its_number(
    first, values, last, context
):
    figures = ",".join(str(7 * n) for n in range(40))
    columns = ",".join(f"Dato {n}" for n in range(40))
    text = f"{','.join(first)},{columns},{last[0]}\n{','.join(values)},{figures},{last[1]}\n"
    assert made_of(text, "csv", "Dato 37: 259; Dato 38: 266")[1] == context
    assert made_of(text, "csv", f"{last[0]}: {last[1]}")[1] == (
        context[:1] if context[0][1].startswith("id: 7; ") else []
    )


LIST = "# Visitas\n\nPara entrar hay que traer:\n\n1. El carné.\n2. Una foto:\n   - en color,\n   - reciente.\n3. Un lápiz.\n"


def test_items_have_their_numbers_and_nesting():
    found, context = made_of(LIST, "md", "Para entrar", "lápiz.")
    assert (found.kind, context) == ("list", [])
    assert [(p.kind, p.name and p.name.text, p.level) for p in found.parts] == [
        ("lead", None, 0),
        ("item", "1.", 1),
        ("item", "2.", 1),
        ("item", None, 2),
        ("item", None, 2),
        ("item", "3.", 1),
    ]
    assert found.parts[1].words.text == "El carné."


def test_an_item_alone_knows_what_leads_in_to_it():
    found, context = made_of(LIST, "md", "El carné.")
    assert found.lead is not None
    assert context == [("lead", "Para entrar hay que traer:")]


@pytest.mark.parametrize("mark", ["-", "•", "1.", "a)"])
def test_an_item_of_plain_text_is_said_without_its_mark(mark):
    text = f"You have to bring:\n{mark} a pencil.\n{mark} some paper.\n"
    found, _ = made_of(text, "txt", f"{mark} a pencil.")
    assert [p.words.text for p in found.parts] == ["a pencil."]


@pytest.mark.parametrize(
    ("line", "is_item"),
    [
        ("(402) 555-0166", False),
        ("(402) 555 0166 (after six)", False),
        ("(07) 3399 0166 ana@club.example", False),
        ("(55) 5550-1660", False),
        ("(12) 2020-2021 fees", True),
        ("(3) 555 boats", True),
    ],
)
def test_a_number_to_dial_that_begins_with_brackets_is_no_item(line, is_item):
    document = parse(f"# Lago\n\nSe rema en mayo.\n\n{line}\n".encode(), "a.md")
    assert any(block.kind == "item" for block in document.blocks) == is_item


def test_of_a_long_lead_in_the_last_sentence_leads_in():
    lead = "El taller se abrió hace mucho. " * 12 + "Se enseña lo siguiente:"
    _, context = made_of(f"{lead}\n\n- Torno.\n- Esmalte.\n", "md", "Esmalte.")
    assert context == [("lead", "Se enseña lo siguiente:")]


def test_a_value_has_its_label():
    found, context = made_of(
        "Phone: 555 0134\nOpening hours: from 9 to 14\n", "txt", "Opening hours: from 9 to 14"
    )
    assert (found.kind, told(found), context) == ("label", [("Opening hours", "from 9 to 14")], [])


def test_a_value_of_several_lines_has_its_label():
    page = "<h1>Lago</h1><p>Se rema.</p><dl><dt>Plazos</dt><dd>Marzo, hasta el 4.</dd><dd>Mayo, hasta el 9.</dd></dl><div>Address</div><div>12 Mill Lane<br>Leeds LS1 4AP</div>"
    found, _ = made_of(page, "html", "Address\n", "LS1 4AP")
    assert (found.kind, told(found)) == ("label", [("Address", "12 Mill Lane\nLeeds LS1 4AP")])
    found, _ = made_of(page, "html", "Mayo, hasta el 9.")
    assert (found.kind, told(found)) == ("definition", [("Plazos", "Mayo, hasta el 9.")])


def test_a_text_below_a_line_that_could_name_an_address_is_no_value():
    prose = "Lies between the two locks of the old canal, at 14 Weir Lane, and is shared with the anglers. Visitors may tie up on the other bank for a night, or for two out of season."
    page = "<h1>Club</h1><h2>Muelle</h2><span>Main location</span><p>{}</p>"
    kinds = [block.kind for block in parse(page.format(prose).encode(), "a.html").blocks]
    assert "label" not in kinds
    found, _ = made_of(page.format("14 Weir Lane"), "html", "14 Weir Lane")
    assert found.kind == "label"


@pytest.mark.parametrize(
    ("text", "suffix"),
    [
        ("¿Hay duchas?\nSí, en la planta baja.\n\n¿Hay sauna?\nNo, todavía no.\n", "txt"),
        ("# Dudas\n\n**P: ¿Hay duchas?**\n\nR: Sí, en la planta baja.\n", "md"),
    ],
)
def test_an_answer_knows_its_question(text, suffix):
    found, context = made_of(text, suffix, "Sí, en la planta baja.")
    assert found.question is not None
    assert "¿Hay duchas?" in found.question.text
    # It is no quote that answers anything
    assert context == []


def test_plain_sentences_and_documents_without_blocks_are_text():
    found, context = made_of(
        "The pool is in the yard. It opens in June.\n", "txt", "It opens in June."
    )
    assert (found.kind, told(found), context) == ("text", [(None, "It opens in June.")], [])


def test_any_stretch_of_any_document_has_a_structure():
    chance = random.Random(7)
    for text, suffix in (*TABLE.values(), (LIST, "md")):
        document = parse(text.encode(), f"d.{suffix}")
        for _ in range(60):
            start, end = sorted(chance.sample(range(len(document.text) + 1), 2))
            found = structure_of(document, start, end)
            places = [(p.words.start, p.words.end) for p in found.parts if p.words.text]
            assert places == sorted(places)
            assert all(start <= a < b <= end for a, b in places)
            assert all(c.end <= start or c.start >= end for c in found.context)
