"""What the lines of a text are: examples of each kind in Spanish and English, then random text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_parse import check_blocks

from corpus.blocks.signs import greets
from corpus.divisions import named
from corpus.language import sentences
from corpus.parse import parse
from corpus.readers.draft import LINE
from corpus.split import split


def outline(text, name="a.txt"):
    """Kind and text of every block that holds no other, kinds of those that hold it before it: "list/item"."""
    document = parse(text.encode(), name)
    check_blocks(document)
    found = []
    for block in document.blocks:
        kinds, at = [block.kind], block
        while at.parent is not None:
            at = document.blocks[at.parent]
            kinds.insert(0, at.kind)
        if block.kind not in ("list", "table", "pair"):
            found.append(("/".join(kinds), document.text[block.start : block.end]))
    return found


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("TÍTULO I", 1),
        ("TÍTULO PRELIMINAR", 1),
        ("§ 12-4. Of boats", 4),
        ("CAPÍTULO II", 2),
        ("Capítulo 3. De las cuotas", 2),
        ("Sección 1.ª", 3),
        ("Artículo 7", 4),
        ("Art. 3 bis", 4),
        ("Art.12º", 4),
        ("Art .12º", 4),
        ("Cap.3", 2),
        ("ARTÍCULO Nº 4", 4),
        ("Artículo N° 15", 4),
        ("Article No. 6: Duties", 4),
        ("Cláusula 4.ª", 4),
        ("Disposición adicional única", 4),
        ("Chapter IV: Fees", 2),
        ("Section 12", 3),
        ("Article 5. Duties", 4),
        ("Schedule A", 1),
    ],
)
def test_a_line_that_names_a_division_is_a_heading(line, level):
    document = parse(f"{line}\n\nThe body of it is here. El cuerpo es este.".encode(), "a.txt")
    assert [(h.text, h.level) for h in document.headings] == [(line, level)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Artículo 7. Los socios pagan la cuota en mayo.", "Artículo 7."),
        ("Artículo 8.- La piscina abre a las diez.", "Artículo 8.-"),
        ("Art. 2º) Se exceptúan las bolsas de papel.", "Art. 2º)"),
        ("Artículo 8 BIS. -La caldera se apaga en mayo.", "Artículo 8 BIS. -"),
        ("Artículo 8 Ter.- El agua se paga aparte.", "Artículo 8 Ter.-"),
        ("Art-9.- El horno se apaga a las ocho.", "Art-9.-"),
        ("ARTICULO Nº 3 Cuidar las macetas del patio.", "ARTICULO Nº 3"),
        ("Article No. 8 Dogs wait outside the bakery.", "Article No. 8"),
        ("Cláusula 4.ª La fianza se devuelve al mes de irse.", "Cláusula 4.ª"),
        ("Section 3. Members pay the fee in May each year.", "Section 3."),
        ("TERCERA.- El perro puede vivir en el piso.", "TERCERA.-"),
        ("Décima segunda. – La fianza es de un mes.", "Décima segunda. –"),
        ("DECIMOTERCERA: El trastero no es parte de lo que se alquila.", "DECIMOTERCERA:"),
        ("Segundo. Aprobar las cuentas del año.", "Segundo."),
        ("THIRD: The tenant may keep a dog.", "THIRD:"),
        ("Twenty-first. The deposit is one month of rent.", "Twenty-first."),
        (
            "Cláusula vigésima primera. El garaje es de todos los vecinos del bloque.",
            "Cláusula vigésima primera.",
        ),
        ("Artículo primero.- El objeto es la casa.", "Artículo primero.-"),
    ],
)
def test_a_division_at_the_beginning_of_a_paragraph_is_a_heading_and_the_rest_its_text(
    text, expected
):
    found = outline(f"{text}\n\nOtro párrafo cierra el texto.")
    assert found[0] == ("heading", expected)
    assert found[1] == ("paragraph", text[len(expected) :].strip())


@pytest.mark.parametrize(
    "text",
    [
        "Véase el\nartículo 7 de la ley, que dice otra cosa muy distinta de esta.",
        "Artículo por artículo se leyó la ley en voz alta ante todos los vecinos.",
        "Part of the house was sold in May to the family next door.",
        "Section heads meet on Monday to talk about the fees of the year.",
        "Tercera edad y primera infancia entran gratis los lunes por la tarde.",
        "Second helpings are free on Monday for the members of the club.",
    ],
)
def test_a_word_that_names_divisions_is_no_heading_inside_a_sentence(text):
    assert [kind for kind, _ in outline(text)] == ["paragraph"]


def test_short_lines_over_paragraphs_are_headings_in_plain_text():
    text = (
        "Objeto\n\nEste contrato regula el alquiler de la vivienda de la calle Mayor.\n\n"
        "2. Plazo\n\nEl contrato dura un año y se prorroga si nadie dice lo contrario.\n\n"
        "3. RENTA\n\nLa renta es de quinientos euros al mes y se paga el día uno."
    )
    assert [t for kind, t in outline(text) if kind == "heading"] == [
        "Objeto",
        "2. Plazo",
        "3. RENTA",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Leche\n\nPan\n\nHuevos\n\nAceite",
        "1. Leche\n\n2. Pan\n\n3. Huevos",
        "Verde que te quiero verde\n\nverde viento\n\nverdes ramas",
        "Cada jugador puede estar en dos grupos\n\nLos grupos se sortean el lunes por la tarde en la sede del club"
        "\n\nLas parejas pueden cambiar de grupo antes de la segunda fecha del torneo anual",
    ],
)
def test_short_lines_that_are_no_headings(text):
    assert not [t for kind, t in outline(text) if kind == "heading"]


def test_a_list_has_its_lead_in_and_its_items_with_their_numbers():
    text = (
        "Para inscribirse hace falta:\n- el DNI\n- una foto\n  reciente\n1) el impreso\na) firmado"
    )
    document = parse(text.encode(), "a.txt")
    assert outline(text) == [
        ("list/paragraph", "Para inscribirse hace falta:"),
        ("list/item", "- el DNI"),
        ("list/item", "- una foto\n  reciente"),
        ("list/item", "1) el impreso"),
        ("list/item", "a) firmado"),
    ]
    numbers = [b.cells and document.text[slice(*b.cells[0])] for b in document.blocks[2:]]
    assert numbers == [None, None, "1)", "a)"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Hay tres clases de socios: a. Los de número, que votan. b. Los juveniles, que no. c. Los honorarios.",
            ["Hay tres clases de socios:", "a. Los de número, que votan.", "b. Los juveniles, que no.", "c. Los honorarios."],
        ),
        (
            "The keeper has to: a) light the lamp; b) wind the clock, and c) write the log.",
            ["The keeper has to:", "a) light the lamp;", "b) wind the clock, and", "c) write the log."],
        ),
        (
            "THE CLUB EXISTS: (1) TO KEEP THE PIER. (2) TO TEACH SAILING, (3) TO RACE.",
            ["THE CLUB EXISTS:", "(1) TO KEEP THE PIER.", "(2) TO TEACH SAILING,", "(3) TO RACE."],
        ),
        (
            "El orden del día es: i. Lectura del acta. ii. Cuentas. iii. Ruegos y preguntas.",
            ["El orden del día es:", "i. Lectura del acta.", "ii. Cuentas.", "iii. Ruegos y preguntas."],
        ),
        (
            "Los puestos son: " + " ".join(f"{mark}) el {mark};" for mark in "abcdefghijklmnñop"),
            ["Los puestos son:", *(f"{mark}) el {mark};" for mark in "abcdefghijklmnñop")],
        ),
        ("a) uno; b) dos; c) tres.", ["a) uno;", "b) dos;", "c) tres."]),
    ],
)  # fmt: skip
def test_items_that_are_counted_within_a_line_are_a_list(text, expected):
    assert [words for kind, words in outline(text) if kind.startswith("list/")] == expected


def test_what_follows_the_last_item_within_a_line_is_no_part_of_it():
    text = "Members may: a) vote; b) stand for office. They lose both if they do not pay. Nobody is told twice."
    assert outline(text)[-1] == (
        "paragraph",
        "They lose both if they do not pay. Nobody is told twice.",
    )


def test_a_series_in_an_item_stands_below_it():
    text = "Lo que se hace:\n\n1. Antes de salir: a) cerrar el gas; b) apagar la luz. 2. Después: nada. 3. Volver."
    kinds = [kind for kind, _ in outline(text, "a.md")]
    assert kinds == ["list/paragraph", *["list/list/item"] * 3, *["list/item"] * 2]


@pytest.mark.parametrize(
    "text",
    [
        "Según el apartado a) y el b) de la norma, se paga en mayo.",
        "En 1990. 2. No hubo nada. The vote was 3. 4. were absent.",
        "See notes 1. and 2. of the annex, and letter c. of the other.",
        "Murió en el año 44 a. C. La ciudad cayó en el 30 a. C. y en el 12 d. C. hubo paz.",
        "Como se dijo antes, tiene dos hijas en el pueblo: a. Ana.",
    ],
)
def test_marks_that_count_nothing_up_are_no_list(text):
    assert [kind for kind, _ in outline(text)] == ["paragraph"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Café ......... 2\nMenú ......... 12\nAgua ......... 1", "paragraph"),
        ("Name .......... Ann\nAge .......... 33\nTown .......... Cork", "paragraph"),
        (
            "Objeto ......... 2\nCuotas ......... 12\nAgua ......... 12\nEnd ......... 15",
            "contents",
        ),
    ],
)
def test_dots_lead_to_pages_only_where_they_do_not_fall(text, kind):
    assert {found for found, _ in outline(text)} == {kind}


def test_a_dialogue_is_no_list():
    assert outline("— ¿Vienes?\n\n— No puedo.")[-1][0] != "list/item"


def test_labels_have_a_name_and_a_value():
    document = parse("Teléfono: 600 000 000\nOpening hours: 9 to 5".encode(), "a.txt")
    assert [b.kind for b in document.blocks] == ["label", "label"]
    assert [[document.text[a:b] for a, b in block.cells] for block in document.blocks] == [
        ["Teléfono", "600 000 000"],
        ["Opening hours", "9 to 5"],
    ]


@pytest.mark.parametrize(
    "answer",
    [
        "No, no hace falta: el club presta los chalecos.",
        "Sí, claro: basta con llamar antes.",
        "Yes, twice a week: on Mondays and on Fridays.",
    ],
)
def test_a_sentence_that_answers_is_no_label(answer):
    assert ("pair/paragraph", answer) in outline(f"## ¿Hace falta algo?\n\n{answer}", "a.md")


def test_lines_of_an_address_in_bold_are_no_headings():
    lines = ["Avenida del Puerto, Nº 7", "46021 Valencia"]
    said = "\n\n".join(f"**{line}**" for line in ["Club de Remo", *lines])
    text = f"# Contacto\n\nNos encontrarás aquí.\n\n{said}\n\nSe entra por detrás.\n\n**Paseo en barca, 20 minutos**\n\nSale del molino."
    headings = [said for kind, said in outline(text, "a.md") if kind == "heading"]
    assert headings == ["Contacto", "Club de Remo", "Paseo en barca, 20 minutos"]


def test_what_is_said_for_a_picture_below_an_answer_is_no_part_of_it():
    text = "## How do I join?\n\nWrite to us.\n\n![The quay full of boats](q.png)\n\n## ¿Y luego?\n\nSe rema.\n\n![El muelle de noche](m.png)\n\nSiempre."
    document = parse(text.encode(), "a.md")
    pairs = [document.text[b.start : b.end] for b in document.blocks if b.kind == "pair"]
    assert pairs == [
        "How do I join?\n\nWrite to us.",
        "¿Y luego?\n\nSe rema.\n\nEl muelle de noche\n\nSiempre.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "P: ¿Cuánto cuesta?\nR: Tres euros.",
        "Q. How much is it?\nA. Three euros.",
        "¿Se puede llevar perro?\nNo, salvo perros guía.",
        "How do I pay?\n\nBy card only.",
        "So the boats are yours, right? Or the town's?\n\nNeither.",
        "How do I join? Is there a fee? Who decides?\n\nThe board does.",
    ],
)
def test_a_question_and_its_answer_are_a_pair(text):
    document = parse(text.encode(), "a.txt")
    check_blocks(document)
    (pair,) = [b for b in document.blocks if b.kind == "pair"]
    question, answer = (document.text[a:b] for a, b in pair.cells)
    assert question.endswith("?")
    assert answer.endswith(".")


def test_what_a_label_asks_is_no_question():
    assert outline("Purpose: What is it for? Who reads it?\n\nThink of it.")[0][0] == "label"


def pairs_of(text, name="a.txt"):
    document = parse(text.encode(), name)
    return [document.text[b.start : b.end] for b in document.blocks if b.kind == "pair"]


MAIL = "From: Eva Gil <e@x.test>\nTo: Ann <a@x.test>\nSubject: Velas\nContent-Type: text/plain; charset=utf-8\n\n"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        # A statement before it
        (
            "Las velas llegan el lunes. ¿Nos abres el taller?\n\nUn saludo de Eva, de la vela.",
            "a.txt",
        ),
        ("The sails come on Monday. Could you open the shed?\n\nEva Gil, sailmaker.", "a.txt"),
        # A letter, and a mail, whatever its words are
        ("Dear Ann,\n\nCould you open the shed on Monday?\n\nEva Gil, sailmaker.", "a.txt"),
        ("Querida Ana:\n\n¿Nos abres el taller el lunes?\n\nEva Gil, de la vela.", "a.txt"),
        (f"{MAIL}¿Nos abres el taller el lunes?\n\nEva Gil, de la vela.", "a.eml"),
        (f"{MAIL}Could you open the shed?\n\nWe come at nine.\n\nEva", "a.eml"),
    ],
)
def test_what_is_asked_in_passing_has_no_answer_below_it(text, name):
    assert pairs_of(text, name) == []


@pytest.mark.parametrize(
    "head", ["", "Dear members,\n\n", "Estimados socios:\n\n"], ids=["text", "letter", "carta"]
)
def test_several_questions_that_are_answered_are_pairs_in_a_letter_too(head):
    asked = ["How do I join?", "¿Cuánto cuesta?", "When do we sail?"]
    text = head + "\n\n".join(f"{one}\n\nIt says so here." for one in asked)
    assert len(pairs_of(text)) == 3


def test_questions_that_state_their_case_first_are_pairs_among_others():
    text = "I lost my key. What now?\n\nTell us.\n\nHow do I join?\n\nWrite.\n\n¿Se puede ir con perro?\n\nSí.\n"
    assert len(pairs_of(text)) == 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("P: ¿Cuánto cuesta?\nR: Tres euros.", "Tres euros."),
        ("Q. How much is it?\n\nA. Three euros.", "Three euros."),
        ("Who built the mill?\n\nA. Holt built it.", "A. Holt built it."),
    ],
)
def test_the_mark_of_an_answer_is_none_of_it(text, said):
    document = parse(text.encode(), "a.txt")
    (pair,) = [b for b in document.blocks if b.kind == "pair"]
    assert document.text[slice(*pair.cells[1])] == said
    (passage,) = split(document, lambda text: len(text.split()))
    spans = passage.sentences or sentences(passage.text)
    assert passage.text == document.text
    assert passage.text[slice(*spans[-1])] == said


@pytest.mark.parametrize(
    "text",
    [
        "Vale. ¿Cuándo empezáis?\n\nEl lunes, Ana escribió:\n\n> El total sube a 900 euros.\n",
        "Fine by me. When do you begin?\n\nOn Monday, Ana wrote:\n> It comes to 900 euros.\n",
        "When do you begin?\n\n> It comes to 900 euros.\n",
    ],
)
def test_what_a_mail_quotes_does_not_answer_what_it_asks(text):
    mail = f"From: Luis <l@x.test>\nContent-Type: text/plain; charset=utf-8\n\n{text}"
    assert all(b.kind != "pair" for b in parse(mail.encode(), "a.eml").blocks)


def test_a_heading_that_asks_and_its_section_are_a_pair_in_markdown():
    text = "# Preguntas\n\n## ¿Cuándo abre?\n\nDe lunes a viernes:\n\n- mañanas\n- tardes\n\n## Where is it?\n\nIn Lima."
    assert outline(text, "a.md") == [
        ("heading", "Preguntas"),
        ("pair/heading", "¿Cuándo abre?"),
        ("pair/list/paragraph", "De lunes a viernes:"),
        ("pair/list/item", "mañanas"),
        ("pair/list/item", "tardes"),
        ("pair/heading", "Where is it?"),
        ("pair/paragraph", "In Lima."),
    ]


def test_lines_with_leaders_are_contents():
    assert outline("Objeto ............ 3\nPlazo . . . . . . . 12") == [
        ("contents", "Objeto ............ 3"),
        ("contents", "Plazo . . . . . . . 12"),
    ]


def test_a_table_has_a_header_and_rows_with_cells_by_column():
    text = "| Producto | Precio | Nota |\n|---|---|---|\n| Aceite | 4,20 | |\n| Sal | 1 | fina |"
    document = parse(text.encode(), "a.md")
    check_blocks(document)
    rows = [b for b in document.blocks if b.kind == "row"]
    assert [b.level for b in rows] == [1, 0, 0]
    assert [[document.text[a:b] for a, b in row.cells] for row in rows] == [
        ["Producto", "Precio", "Nota"],
        ["Aceite", "4,20", ""],
        ["Sal", "1", "fina"],
    ]


@pytest.mark.parametrize("gap", ["\t", " | ", "     "])
def test_columns_drawn_with_characters_are_a_table(gap):
    lines = [
        gap.join(row)
        for row in (
            ("Producto", "Price", "Nota"),
            ("Aceite", "4,20", "fino"),
            ("Sal", "1", "de mar"),
        )
    ]
    document = parse(("Precios\n\n" + "\n".join(lines) + "\n\nFin de la lista.").encode(), "a.txt")
    check_blocks(document)
    rows = [b for b in document.blocks if b.kind == "row"]
    assert [b.level for b in rows] == [1, 0, 0]
    assert [document.text[a:b] for a, b in rows[1].cells] == ["Aceite", "4,20", "fino"]
    assert {document.blocks[b.parent].kind for b in rows} == {"table"}


def test_two_lines_with_a_wide_space_are_no_table():
    assert [k for k, _ in outline("Una frase   con un hueco.\nY otra   con otro más.")] == [
        "paragraph"
    ]


LINES = st.sampled_from(
    [
        "", "", "Artículo 7.", "Artículo 8. Los socios pagan.", "CAPÍTULO II", "- uno", "1. dos", "a) tres", "¿Quién?",
        "P: ¿Y?", "R: Sí.", "Horario: 9 a 14", "Una frase entera con su punto.", "Sin punto", "Hace falta:", "X .... 3",
        "  sangrada", "Section 2", "| a | b |", "—", "uno\tdos\t3", "uno   dos   tres", "1. ÚNICO TÍTULO", "😀 é",
    ]
)  # fmt: skip


@given(st.lists(LINES, min_size=1, max_size=30).map("\n".join).filter(str.strip))
def test_blocks_of_any_lines_are_in_order_and_leave_nothing_out(text):
    for name in ("a.txt", "a.md"):
        if any(c.isalnum() for c in text):
            check_blocks(parse(text.encode(), name))


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        (
            "Capítulo I.- De los fines.\n\nArtículo 1.- Se crea el club.\n",
            "Capítulo I.- De los fines.",
        ),
        (
            "Artículo 20.- Reuniones.\n\n20.1. La junta se reúne en mayo.\n\n20.2. El acta se lee.\n",
            "Artículo 20.- Reuniones.",
        ),
        ("Section 4. Fees.\n\nArticle 9. Members pay in May.\n", "Section 4. Fees."),
    ],
)
def test_what_a_division_is_about_belongs_to_its_heading(text, heading):
    assert parse(text.encode(), "a.txt").headings[0].text == heading


def test_the_whole_of_a_short_article_is_no_heading():
    text = "Artículo 5. Prohibido fumar.\n\nArtículo 6. El agua se paga aparte.\n"
    assert ("paragraph", "Prohibido fumar.") in outline(text)


@pytest.mark.parametrize("lead", ["Los partidos son:", "3. Visiting hours are as follows:"])
def test_short_lines_below_a_lead_in_are_its_items_though_nothing_marks_them(lead):
    text = f"{lead}\n\nMartes de 9 a 10\n\nJueves de 11 a 12\n\nSunday from 4 to 5\n\nEl resto del año se cierra.\n"
    kind = "list/paragraph" if lead[0] == "L" else "list/item"
    assert outline(text) == [
        (kind, lead),
        ("list/item", "Martes de 9 a 10"),
        ("list/item", "Jueves de 11 a 12"),
        ("list/item", "Sunday from 4 to 5"),
        ("paragraph", "El resto del año se cierra."),
    ]


def test_lines_that_semicolons_part_are_items_up_to_the_full_stop():
    text = (
        "Cada socio trae:\n\nuna toalla;\n\nun gorro; y\n\nuna botella.\n\nEl agua no se vende.\n"
    )
    assert [kind for kind, _ in outline(text)] == [
        "list/paragraph",
        *["list/item"] * 3,
        "paragraph",
    ]


def test_a_sentence_after_a_colon_is_no_item():
    text = "La alcaldesa dijo:\n\nMañana se abre.\n\nY nadie preguntó más.\n"
    assert all(kind == "paragraph" for kind, _ in outline(text))


BODY = "El club reúne a vecinas y vecinos que leen cada mes un libro y lo comentan."


@pytest.mark.parametrize(
    "line",
    [
        "Third-party damage is paid for.",
        "Second-hand books are taken on Fridays.",
        "FIRST-AID posts stand at each gate.",
        "First - turn off the gas.",
        "Segunda - se cierra la llave.",
    ],
)
def test_an_ordinal_that_is_part_of_a_word_or_of_a_sentence_numbers_no_clause(line):
    assert outline(f"{line}\n\n{BODY}")[0] == ("paragraph", line)


def test_numbered_lines_in_capitals_with_nothing_above_or_below_are_read():
    lines = ("1. OPEN THE BOX.", "2. TAKE OUT THE LAMP AND THE LEAD.", "3. PLUG IT IN.")
    assert [said for _, said in outline("\n\n".join(lines))] == list(lines)


@pytest.mark.parametrize("suffix", ["html", "md"])
@pytest.mark.parametrize(
    ("line", "is_heading"),
    [
        ("Nuestra misión", True),
        ("2,000 words of prose", True),
        ("HORARIO DE VERANO:", True),
        ("Tel. 600 123 456 / 7", False),
        ("Firmado en Robledo, el presidente del club de lectura", False),
        ("Se abre en mayo.", False),
    ],
)
def test_a_few_words_over_a_paragraph_are_a_heading_below_those_that_are_marked(
    suffix, line, is_heading
):
    lines = ["Estatutos", BODY, line, BODY, BODY]
    if suffix == "md":
        text = "# " + "\n\n".join(lines)
    else:
        text = f"<h1>{lines[0]}</h1>" + "".join(f"<p>{one}</p>" for one in lines[1:])
    levels = {h.text: h.level for h in parse(text.encode(), f"a.{suffix}").headings}
    assert (line in levels) is is_heading
    assert levels["Estatutos"] == 1
    assert not is_heading or levels[line] >= 2


def test_a_sentence_that_is_set_as_a_heading_is_text():
    text = "# Aviso\n\n## Está prohibido el paso a toda persona ajena a la obra.\n\nGracias.\n"
    assert [kind for kind, _ in outline(text, "a.md")] == ["heading", "paragraph", "paragraph"]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (
            "★ REGLAMENTO ★\n\nTorneo de la Ribera\n\nSobre el juego\n\n" + f"{BODY}\n\n" * 5,
            "REGLAMENTO – Torneo de la Ribera",
        ),
        ("This is a whole sentence.\n\n1. Fees\n\n" + f"{BODY}\n\n" * 3, "1. Fees"),
        (
            "Statutes of the rowing club\n\nThey hold from May.\n\n1. Fees\n\n" + f"{BODY}\n\n" * 3,
            "Statutes of the rowing club",
        ),
        (
            "De https://club.test/normas\n\nNormas del club\nde remo\n\nRigen desde mayo.\n\n1. Cuotas\n\n"
            + f"{BODY}\n\n" * 3,
            "Normas del club de remo",
        ),
    ],
)
def test_the_title_of_a_text_stands_on_its_cover(text, title):
    assert parse(text.encode(), "a.txt").title == title


@pytest.mark.parametrize("name", ["nota_7.txt", "nota_7.md"])
@pytest.mark.parametrize(
    ("text", "title"),
    [
        (
            "ACTA DE LA JUNTA\nRibera, 3 de mayo de 2031\n\nSe abrió la sesión.\n",
            "ACTA DE LA JUNTA",
        ),
        ("RULES OF THE\nROWING CLUB\nBoats go out in pairs.\n", "RULES OF THE ROWING CLUB"),
        ("Minutes of the crew\n3 May 2031\n\nAll were there.\n", "Minutes of the crew"),
        ("Normas de la sala\nLa sala se abre a las nueve.\nNo se come.\n", "Normas de la sala"),
        # Names, places and lines that are broken because they are full are no titles
        ("Ana Ruiz\nCalle Mayor 5\nRibera\n\nLe escribo por la fianza.\n", "Nota 7"),
        ("Ribera, 3 de mayo de 2031\nSe abrió la sesión a las nueve.\n", "Nota 7"),
        ("Horario: de 9 a 14\nLa sala se cierra en agosto.\n", "Nota 7"),
        ("Hola Ana\nTe escribo por la fianza de la sala.\n", "Nota 7"),
        (f"{'The crew of the long boat' * 2}\nRibera is asked to come in time.\n", "Nota 7"),
    ],
)
def test_the_title_of_a_text_may_stand_right_above_it(text, title, name):
    assert parse(text.encode(), name).title == title


def test_the_date_below_a_title_is_text_unless_others_follow():
    text = "Minutes of the crew\n3 May 2031\n\n" + f"{BODY}\n\n" * 3
    assert outline(text)[1] == ("paragraph", "3 May 2031")
    days = "Log of the crew\n\n3 May 2031\n\n" + f"{BODY}\n\n4 May 2031\n\n{BODY}\n\n" * 2
    assert ("heading", "4 May 2031") in outline(days)


def test_a_line_below_an_indented_list_is_none_of_its_items():
    text = "Hace falta:\n  a) el DNI\n  b) una foto\nSe entrega en la sala.\n"
    assert outline(text)[-2:] == [
        ("list/item", "b) una foto"),
        ("paragraph", "Se entrega en la sala."),
    ]


def test_in_a_text_of_capitals_alone_they_make_no_heading():
    body = "LOS SOCIOS SE REÚNEN EL PRIMER DOMINGO DE MAYO EN LA SALA.\n\n" * 6
    text = f"{body}THE ORDER OF BUSINESS IS:\n\n3. READING OF THE MINUTES\n4. OLD BUSINESS\n"
    assert all(kind != "heading" for kind, _ in outline(text))


def test_a_few_words_and_a_colon_stand_over_their_table():
    document = parse(b"Club hours:\n\n| Day | From |\n|---|---|\n| Monday | 6 |\n", "a.md")
    kinds = [(block.kind, block.parent) for block in document.blocks]
    assert kinds == [("table", None), ("paragraph", 0), ("row", 0), ("row", 0)]


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("Índice", ("Plazo de entrega | 4", "Multas | 6", "Pérdidas | 6")),
        ("Table of contents", ("Deadlines | ii", "Fines | 6", "Losses | 12")),
        ("Índice alfabético", ("Archivo, horario del, 5", "Becas, 4", "Ñandúes, 7")),
        ("Subject index", ("Archive, 15", "Fines | 4", "Losses, notice of, 7, 12")),
    ],
)
def test_what_stands_below_contents_and_ends_in_pages_is_contents(title, lines):
    rows = "\n".join(f"<tr><td>{'<td>'.join(line.split(' | '))}" for line in lines)
    page = f"<h1>{title}</h1><table>{rows}</table><h1>Multas</h1><p>La multa es de 9 euros.</p>"
    kinds = [kind for kind, _ in outline(page, "a.html")]
    assert kinds == ["heading", "contents", "contents", "contents", "heading", "paragraph"]


@pytest.mark.parametrize("title", ["Índice", "Contents"])
def test_a_table_of_prices_is_none(title):
    page = f"<h1>{title}</h1><table><tr><td>Pan<td>9<tr><td>Leche<td>4<tr><td>Salt<td>7</table>"
    assert "contents" not in [kind for kind, _ in outline(page, "a.html")]


def headings(text, name="a.txt"):
    """The headings of a text, each below those that it stands under."""
    path, found = [], []
    for heading in parse(text.encode(), name).headings:
        path = [(level, line) for level, line in path if level < heading.level]
        path.append((heading.level, heading.text))
        found.append(" > ".join(line for _, line in path))
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "3. Members\n\n3.1. Powers\n\nA member may vote at the meeting.\n\n3.2. Fees\n\nA member pays ten euros."
            "\n\n4. Board\n\n4.1. Powers\n\nThe board calls the meeting.",
            ["3. Members", "3. Members > 3.1. Powers", "3. Members > 3.2. Fees", "4. Board", "4. Board > 4.1. Powers"],
        ),
        (
            "5. Pagos\n\n5.1 El inquilino paga la renta en los cinco primeros días de cada mes, por transferencia."
            "\n\n6. Gastos\n\n6.1 Agua\n\n6.1.1 El agua la paga quien vive en la casa, según lo que marca su contador.",
            ["5. Pagos", "6. Gastos", "6. Gastos > 6.1 Agua"],
        ),
        (
            f"1. Vote\n\n{BODY}\n\nA. Ballots\n\n{BODY}\n\nA.1. Papers\n\n{BODY}\n\nB. Language\n\n{BODY}",
            ["1. Vote", "A. Ballots", "A. Ballots > A.1. Papers", "B. Language"],
        ),
    ],
)  # fmt: skip
def test_a_heading_over_a_deeper_one_at_once_is_above_it(text, expected):
    assert headings(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "1. Objeto\n\n1.1 Cuotas\n\n1.2 Plazos\n\n2. Personas\n\n2.1 Socios",
        "1. Scope\n\n1.1 Fees ........ 3\n\n2. Members\n\n2.1 Votes ........ 4",
    ],
)
def test_numbers_that_stand_over_numbers_alone_are_no_headings(text):
    assert headings(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            f"Article I: Name\n\n{BODY}\n\nArticle II: Members\n\nSection 1: Votes\n\n{BODY}\n\nSection 2: Fees\n\n{BODY}"
            f"\n\nArticle III: Board\n\nSection 1: Duties\n\n{BODY}\n\nArticle IV: Changes\n\n{BODY}",
            ["Article I: Name", "Article II: Members", "Article II: Members > Section 1: Votes", "Article II: Members > Section 2: Fees",
             "Article III: Board", "Article III: Board > Section 1: Duties", "Article IV: Changes"],
        ),
        (
            f"Artículo 1. Objeto\n\n{BODY}\n\nSección 1.ª Cuotas\n\nArtículo 2. Pago\n\n{BODY}\n\nSección 2.ª Votos\n\nArtículo 3. Junta\n\n{BODY}",
            ["Artículo 1. Objeto", "Sección 1.ª Cuotas", "Sección 1.ª Cuotas > Artículo 2. Pago",
             "Sección 2.ª Votos", "Sección 2.ª Votos > Artículo 3. Junta"],
        ),
        (
            f"Capítulo I. La casa\n\nTítulo 1. El patio\n\n{BODY}\n\nTítulo 2. El pozo\n\n{BODY}\n\nCapítulo II. La huerta\n\nTítulo 1. El riego\n\n{BODY}",
            ["Capítulo I. La casa", "Capítulo I. La casa > Título 1. El patio", "Capítulo I. La casa > Título 2. El pozo",
             "Capítulo II. La huerta", "Capítulo II. La huerta > Título 1. El riego"],
        ),
        (
            f"PRIMERA.- Se pagan las cuotas en mayo.\n\nSEGUNDA.- Se miran estas cosas.\n\n1. Mérito\n\n{BODY}\n\nTERCERA.- El premio es de mil euros.",
            ["PRIMERA.-", "SEGUNDA.-", "SEGUNDA.- > 1. Mérito", "TERCERA.-"],
        ),
        (
            f"Article 4. The rules hold.\n\n1. Scope\n\nArticle 5. The rules hold for all.\n\n2. Fees\n\n{BODY}\n\nArticle 6. The fee is ten euros.",
            ["Article 4.", "1. Scope", "1. Scope > Article 5.", "2. Fees", "2. Fees > Article 6."],
        ),
        (
            f"Article 4. The rules hold.\n\n1. Scope\n\n{BODY}\n\nArticle 5. They hold for all.\n\n2. Fees\n\n{BODY}\n\nArticle 6. The fee is ten euros.",
            ["Article 4.", "1. Scope", "1. Scope > Article 5.", "2. Fees", "2. Fees > Article 6."],
        ),
    ],
)  # fmt: skip
def test_headings_nest_as_they_do_in_the_text_itself(text, expected):
    assert headings(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "BASES\n\nPodrán participar:\n\n1. Los socios.\n\n2. Los vecinos que lleven cinco años y más en el pueblo, con sus hijos.\n\n"
        "3. Se presentan en una de estas categorías:\n\nI. Música.\n\nII. Teatro.\n\nIII. Artes y oficios.\n\nSEGUNDA.- El premio es de mil euros.",
        "RULES\n\nThese may take part:\n\n1. The members.\n\n2. Neighbours who have lived in the town for five years and more, with children.\n\n"
        "3. They enter one of these groups:\n\nI. Music.\n\nII. Theatre.\n\nIII. Arts and crafts.\n\nSECOND: The prize is a thousand euros.",
    ],
)  # fmt: skip
def test_what_is_counted_up_below_its_lead_in_is_a_list_and_no_headings(text):
    kinds = [kind for kind, _ in outline(text)]
    assert kinds == [
        "heading", "list/paragraph", "list/item", "list/item", *["list/list/item"] * 4, "heading", "paragraph",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "lines",
    [
        ("Normas", "    1. Llegar a las nueve.", "    2. Traer:", "       a) agua;", "       b) pan.", "    3. Volver a las dos."),
        ("Rules", "    1. Come at nine.", "    2. Bring:", "       a) water;", "       b) bread.", "    3. Go home at two."),
    ],
)  # fmt: skip
def test_a_list_that_stands_in_nests_from_its_first_item_on(lines):
    text = lines[0] + "\n\n" + "\n".join(lines[1:])
    document = parse(text.encode(), "a.txt")
    items = [(b.level, document.text[b.start : b.end]) for b in document.blocks if b.kind == "item"]
    assert [level for level, _ in items] == [1, 1, 2, 2, 1]
    assert [said for _, said in items] == [line.strip() for line in lines[1:]]


@pytest.mark.parametrize("mark", ["♦ ", "❖ ", "✅ ", "▸ ", "{n}.) "])
def test_signs_before_items_are_marks(mark):
    said = ("Los perros van atados.", "La basura se baja a las nueve.", "No se riega de día.")
    lines = [mark.format(n=n) + one for n, one in enumerate(said, 1)]
    found = outline("En el patio:\n" + "\n".join(lines))
    assert found == [("list/paragraph", "En el patio:"), *(("list/item", one) for one in lines)]


@pytest.mark.parametrize("after", ["1) Los niños vienen con quien sepa nadar.\n2) No se entra con vidrio.", "• No se corre."])  # fmt: skip
def test_a_numbered_title_over_other_items_is_a_heading(after):
    found = outline(f"La piscina es de todos los vecinos de la casa.\n\n3.2 Uso de la piscina\n\n{after}")  # fmt: skip
    assert ("heading", "3.2 Uso de la piscina") in found


def test_numbered_short_lines_are_items_and_no_headings():
    lines = ("3.1 Una toalla", "3.2 Un gorro", "3.3 Unas chanclas")
    found = outline("Se trae de casa:\n\n" + "\n\n".join(lines))
    assert "heading" not in {kind for kind, _ in found}


def test_a_number_said_again_in_figures_begins_no_item():
    text = "La junta avisa a cada trabajador con un plazo de quince\n(15) días antes de la fecha.\n\nSe piden:\n(1) una foto\n(2) un carné"  # fmt: skip
    assert outline(text)[0][1].endswith("quince\n(15) días antes de la fecha.")
    assert ("list/item", "(1) una foto") in outline(text)


def test_the_word_or_at_the_beginning_of_a_line_is_no_mark_of_an_item():
    text = "La junta avisa de toda situación de hecho\no Derecho que toque a los vecinos.\n\nSe piden:\no Una foto\no Un carné"  # fmt: skip
    assert outline(text)[0][1].endswith("hecho\no Derecho que toque a los vecinos.")
    assert ("list/item", "◦ Una foto") in outline(text)


def test_a_sum_at_the_beginning_of_a_line_is_no_number_of_an_item():
    text = "- La sala cuesta 12.000 a los vecinos y\n  15.000 a los demás.\n- La llave la tiene el portero."
    assert [said for kind, said in outline(text) if kind == "list/item"] == [
        "- La sala cuesta 12.000 a los vecinos y\n  15.000 a los demás.",
        "- La llave la tiene el portero.",
    ]


def test_a_dash_without_a_space_begins_an_item():
    found = outline("Para el carné se traen:\n-Una foto de frente.\n-El recibo del agua.")
    assert found[1:] == [("list/item", "-Una foto de frente."), ("list/item", "-El recibo del agua.")]  # fmt: skip


def test_two_times_in_turn_are_items_and_sections_that_count_on_are_headings():
    long = "Everyone brings a hat and something to drink, since there is no shade on the way to the old mill."
    said = f"Salida en barca\n\n11.30 Picnic\n\n1.30 Boat trip\n\n{long}"
    assert [kind for kind, _ in outline(said)][-3:] == ["list/item", "list/item", "paragraph"]
    sections = "".join(f"1.{n} Of boats\n\n{long}\n\n" for n in (29, 30, 31))
    assert len(parse(sections.encode(), "a.txt").headings) == 3


def test_a_number_of_things_is_no_number_of_a_section():
    long = "The rest of the money goes to the roof of the boat house, which has waited for it since the storm."
    said = f"{long}\n\n7 boats were mended\n\n{long}\n\n3 redes se perdieron\n\n{long}\n\n4 Nets\n\n{long}\n\n5 Ropes\n\n{long}"
    document = parse(said.encode(), "a.txt")
    assert [h.text for h in document.headings] == ["4 Nets", "5 Ropes"]


def test_a_programme_by_the_hour_is_a_list_and_no_sections():
    day = ("16.30. Llegada de los barcos.", "17.00. Apertura.", "17.15. Canto del coro.", "18.05. Cena en el patio.")  # fmt: skip
    found = outline("Jueves 4 de mayo\n\n" + "\n\n".join(day))
    assert found[1:] == [("list/item", line) for line in day]


def test_a_numbered_sentence_is_text_though_deeper_numbers_follow():
    text = "5.1. La cuota será de diez euros.\n\n5.1.1. Rebajas\n\na) Los jubilados pagan la mitad de la cuota de cada año.\n\nb) Los niños no pagan."  # fmt: skip
    assert "heading" not in {kind for kind, said in outline(text) if "diez euros" in said}


def test_lines_in_small_letters_below_a_lead_in_are_its_items():
    items = ("de veinte días, hasta los cinco años.", "de treinta días, desde los cinco.")
    found = outline("El descanso de cada año es:\n\n" + "\n\n".join(items) + "\n\nSe pide en mayo.")
    assert found == [
        ("list/paragraph", "El descanso de cada año es:"),
        *(("list/item", one) for one in items),
        ("paragraph", "Se pide en mayo."),
    ]


@pytest.mark.parametrize(
    ("line", "is_heading"),
    [("Las excepciones", True), ("Firma el presidente:", False)],
)
def test_a_few_words_between_a_paragraph_and_bullets_are_their_heading(line, is_heading):
    text = f"El ruido no pasa de los límites que dice la ordenanza del año pasado.\n\n{line}\n\n• El de las obras del agua.\n• El de las fiestas de mayo."  # fmt: skip
    assert (("heading", line) in outline(text)) == is_heading


def test_bullets_between_numbers_stand_below_them():
    lines = ("1. En barca", "◦ Con remos.", "◦ Con vela.", "2. A pie", "◦ Por el puente.")
    document = parse(("Hay dos modos de llegar:\n" + "\n".join(lines)).encode(), "a.txt")
    items = [(b.level, document.text[b.start : b.end]) for b in document.blocks if b.kind == "item"]
    assert items == list(zip((1, 2, 2, 1, 2), lines, strict=True))


@pytest.mark.parametrize(
    ("text", "headings"),
    [
        (
            "Art 1. La sede está en el puerto.\nArt 2. Los socios pagan en mayo.",
            ["Art 1.", "Art 2."],
        ),
        ("Art 101 Introduction to painting is taught in May by the old master.", []),
    ],
)
def test_articles_are_shortened_without_a_stop_too(text, headings):
    for name in ("a.txt", "a.md"):
        assert [h.text for h in parse(text.encode(), name).headings] == headings


def test_marks_of_a_letter_and_a_number_are_those_of_items():
    text = (
        "El robot:\n\nn.1) se maneja a distancia.  \nn.2) has no sensor.  \nn.3) pesa medio kilo.\n"
    )
    kinds = [kind for kind, _ in outline(text, "a.md")]
    assert kinds.count("list/item") == 3


def test_capitals_between_numbers_that_count_on_are_below_the_first():
    body = "Se dice aquí lo que vale para todos los botes. It is said of every boat on the lake."
    text = f"4. Voto\n\n{body}\n\nUN SOLO VOTO POR BOTE\n\n{body}\n\n5. Harbour\n\n{body}\n\nPARTE FINAL\n\n6. Cierre\n\n{body}\n"
    document = parse(text.encode(), "a.txt")
    assert [(h.text, h.level) for h in document.headings] == [
        ("4. Voto", 2), ("UN SOLO VOTO POR BOTE", 3), ("5. Harbour", 2), ("PARTE FINAL", 1), ("6. Cierre", 2),
    ]  # fmt: skip


def test_contents_without_pages_are_the_headings_that_come_later():
    body = "Se dice aquí lo que vale para todos los botes. It is said of every boat on the lake."
    names = ("Inscribir botes", "Fees", "Suspensiones")
    text = "# Manual\n\n## Índice\n\n" + "".join(
        f"{n}. {name}\n" for n, name in enumerate(names, 1)
    )
    text += "".join(f"\n## {n + 3}. {name}\n\n{body}\n" for n, name in enumerate(names))
    kinds = [kind for kind, _ in outline(text, "a.md")]
    assert kinds == ["heading", "heading", *["contents"] * 3, *["heading", "paragraph"] * 3]
    assert "contents" not in [
        kind for kind, _ in outline(text.replace("## Índice", "## Pasos"), "a.md")
    ]


def test_numbered_items_that_ask_are_questions_with_what_follows_them():
    found = outline(
        "1. ¿Abre el taller en agosto? Sí, por las tardes.\n2. What do I bring?\n\nAn apron and old shoes.\n\n"
        "3. ¿Quién guarda las llaves? Turno: la vecina del bajo\n\nEn fiestas, el conserje.\n\n4. Who sweeps up?\n\nWhoever was there last."
    )
    assert [kind for kind, _ in found] == ["pair/paragraph"] * 4 + [
        "pair/paragraph",
        "pair/label",
        "pair/paragraph",
        "pair/paragraph",
        "pair/paragraph",
    ]
    assert ("pair/paragraph", "Sí, por las tardes.") in found


@pytest.mark.parametrize(
    "text",
    [
        "1. ¿Están cerradas las ventanas del taller?\n2. Has the kiln been switched off?\n3. ¿Queda barro fuera?",
        "1. Limpie la mesa.\n2. ¿Queda barro? Guárdelo.\n3. Lave el torno.\n4. Cierre el horno.\n5. Apague la luz.",
    ],
)
def test_questions_without_answers_and_a_question_among_items_stay_items(text):
    assert {kind for kind, _ in outline(text)} <= {"list/item", "paragraph"}
    assert not any(kind.startswith("pair") for kind, _ in outline(text))


def test_bold_lines_with_a_sum_each_are_a_list_of_prices_and_one_alone_may_be_a_heading():
    long = "Los premios se entregan en la plaza el último domingo del mes, después del concierto de la banda."
    text = (
        f"**Primer premio 300 €**\n\n**Second prize 150 €**\n\n**Tercer premio 50 €**\n\n{long}\n"
    )
    assert not [kind for kind, _ in outline(text, "a.md") if kind == "heading"]
    alone = f"{long}\n\n**Menú del día 15 €**\n\n{long}\n"
    assert ("heading", "Menú del día 15 €") in outline(alone, "a.md")
    told = "**Socio adulto – 120 €**\n\n- Juega todo el año.\n- Invita a quien quiera.\n\n"
    told += (
        "**Family – €165**\n\n- For those who live together.\n\n**Junior – €50**\n\n- Up to 18.\n"
    )
    assert not [kind for kind, _ in outline(f"{long}\n\n{told}", "a.md") if kind == "heading"]


def test_few_words_over_each_of_several_tables_are_their_captions():
    rows = "| Hora | What |\n|---|---|\n| 9:00 | Ensayo |\n| 11:30 | Tea |\n"
    text = f"Del coro.\n\nSábado 3 de mayo\n\n{rows}\nSunday, May 4\n\n{rows}"
    found = [found for found in outline(text, "a.md") if found[0] == "table/caption"]
    assert found == [("table/caption", "Sábado 3 de mayo"), ("table/caption", "Sunday, May 4")]
    alone = f"Del coro.\n\nSábado 3 de mayo\n\n{rows}\nSe canta en pie.\n\n{rows}"
    assert not [kind for kind, _ in outline(alone, "a.md") if kind.endswith("caption")]


def test_bold_amounts_are_no_headings_of_what_follows_them():
    long = (
        "Se amasa todo durante diez minutos y se deja una hora al sol, tapado con un paño húmedo."
    )
    text = f"**Rosquillas**\n\n{long}\n\n**2 huevos**\n\n**1 Taza de harina**\n\n**2 cups flour**\n\n{long}\n\n**3 Normas del horno**\n\n{long}\n"
    found = [text for kind, text in outline(text, "a.md") if kind == "heading"]
    assert found == ["Rosquillas", "3 Normas del horno"]


@pytest.mark.parametrize("title", ["Contents", "Índice"])
def test_what_comes_after_contents_in_a_table_is_not_below_their_title(title):
    names = ("Riego", "Bees and hives", "Llaves", "Compost")
    body = "Se dice aquí lo que vale para todos los huertos. It is said of every plot on the hill."
    text = f"# {title}\n\nUna guía / a guide\n\n| N | Name |\n|---|---|\n"
    text += "".join(f"| 0{n} | {name} |\n" for n, name in enumerate(names, 1))
    text += "".join(f"\n## {n}. {name}\n\n{body}\n" for n, name in enumerate(names, 1))
    document = parse(text.encode(), "a.md")
    at = document.text.index(body)
    assert document.heading_path(at)[-1] == "1. Riego"
    assert title not in document.heading_path(at)
    other = parse(text.replace(f"# {title}", "# Huerto").encode(), "a.md")
    assert other.heading_path(other.text.index(body)) == ("Huerto", "1. Riego")


@pytest.mark.parametrize("title", ["Índice", "Table of contents"])
def test_headings_right_below_an_index_are_not_parts_of_it(title):
    body = "Se dice aquí lo que vale para todos los huertos. It is said of every plot on the hill."
    text = f"# Huertos\n\n## {title}\n\n### Riego\n\n### Bees\n\nLlaves\n\n### Riego\n\n{body}\n"
    document = parse(text.encode(), "a.md")
    assert document.heading_path(document.text.index(body)) == ("Huertos", "Riego")
    subject = parse(text.replace(title, "Contenidos").encode(), "a.md")
    assert subject.heading_path(subject.text.index(body)) == ("Huertos", "Contenidos", "Riego")


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("Temario:\n\nTema 1. La colmena\nTema 2. La reina\nTema 3. La miel\n\nPrecio: 120 euros.", ["Tema 1. La colmena", "Tema 2. La reina", "Tema 3. La miel"]),
        ("El curso consta de:\n\nUnidad I: Las abejas\n\nUnidad II: La cera\n\nSe da en mayo, los sábados.", ["Unidad I: Las abejas", "Unidad II: La cera"]),
        ("The course has these lessons:\nLesson 1. Bees\nLesson 2. Queens and hives\n\nIt costs six pounds.", ["Lesson 1. Bees", "Lesson 2. Queens and hives"]),
    ],
)  # fmt: skip
def test_units_that_are_only_named_below_a_lead_in_are_its_list(text, items):
    found = outline(text)
    assert [said for kind, said in found if kind == "list/item"] == items
    assert not [said for kind, said in found if kind == "heading"]
    assert found[0] == ("list/paragraph", text.partition("\n")[0])


@pytest.mark.parametrize(
    "text",
    [
        # They have a text of their own, stand below no lead-in, or are articles
        "El curso dice así:\n\nTema 1. La colmena\n\nLa colmena se abre en mayo y se cierra en octubre.\n\nTema 2. La reina\n\nLa reina pone huevos.",
        "Bees are kept here.\n\nUnit 1. Bees\n\nUnit 2. Queens\n\nThe queen lays eggs all summer long.",
        "Se acuerda lo siguiente:\n\nArtículo 1. Objeto\n\nArtículo 2. Cuotas\n\nLa cuota es de doce euros al año.",
        "La junta acordó esto:\n\nTÍTULO I. Disposiciones\n\nCAPÍTULO I. Objeto\n\nEsta ley regula el riego de las huertas.",
    ],
)
def test_divisions_with_a_text_of_their_own_stay_headings_below_a_lead_in(text):
    kinds = [kind for kind, _ in outline(text)]
    assert kinds.count("heading") == 2
    assert "list/item" not in kinds


@pytest.mark.parametrize(
    "body",
    [
        "1. Cada barca lleva dos remos y una campana.\n\n2. La campana es de cobre.",
        "a) Each boat has two oars and a bell of its own.\n\nb) The bell is of copper.",
    ],
)
def test_the_title_of_an_article_over_numbered_paragraphs_belongs_to_its_heading(body):
    heading = "Artículo 4. Dotación mínima de las barcas del embarcadero municipal."
    found = outline(f"{heading}\n\n{body}\n\nArtículo 5. Las barcas se guardan bajo llave.")
    assert found[0] == ("heading", heading)
    assert ("heading", "Artículo 5.") in found


def test_where_nearly_all_articles_have_a_title_each_of_these_is_one():
    names = ("Régimen de las barcas y de sus remos", "Reparto de las horas del embarcadero", "Cuidado de los perros y de otros animales", "Limpieza de la orilla y de sus caminos", "Custodia de las llaves por la maestra", "Reclamaciones de las personas socias")  # fmt: skip
    text = "\n\n".join(
        f"Artículo {n}. {name}.\n\nQuien guarda la barca {n} responde de ella hasta que vuelva a estar atada en su sitio."
        for n, name in enumerate(names, 1)
    )
    headings = [said for kind, said in outline(text) if kind == "heading"]
    assert headings == [f"Artículo {n}. {name}." for n, name in enumerate(names, 1)]
    one = "Artículo 7. El perro del guarda duerme junto a la campana.\n\nLa campana suena a las ocho de la mañana y a las ocho de la tarde."
    assert outline(one)[0] == ("heading", "Artículo 7.")


def test_sections_of_codes_are_found_by_their_sign():
    text = "§ 3-10. Bell of the tower.\n\nA. The bell is rung by the guard at eight.\n\nB. Nobody else may touch it.\n\n§ 3-11. The tower is closed in winter, and whoever wants to see it then has to ask the guard.\n\n§ 3-11"
    headings = [said for kind, said in outline(text) if kind == "heading"]
    assert headings == ["§ 3-10. Bell of the tower.", "§ 3-11."]


@pytest.mark.parametrize("line", ["4-5-2031, approved in May]", "5 de mayo) Aprobado en junta"])
def test_a_line_that_closes_what_was_opened_before_it_is_no_heading(line):
    assert not parse(f"<p>Se abre.</p><p><b>{line}</b></p><p>La barca es de roble y no se presta.</p>".encode(), "a.html").headings  # fmt: skip


HOUSE_ES = ("Quien alquila la caseta:", "Devuelve las llaves al guarda.", "Si falta, al barquero.", "Barre el suelo.", "Paga lo roto.")  # fmt: skip
HOUSE_EN = ("Whoever rents the hut:", "Gives the keys to the warden.", "If he is away, to the boatman.", "Sweeps the floor.", "Pays for breakages.")  # fmt: skip


@pytest.mark.parametrize("said", [HOUSE_ES, HOUSE_EN])
def test_paragraphs_and_code_in_an_item_do_not_end_its_list(said):
    lead, first, more, second, third = said
    md = f"{lead}\n\n- {first}\n\n  {more}\n\n- {second}\n\n  ```\n  ls -l\n  ```\n\n- {third}\n"
    html = (
        f"<p>{lead}</p><ul><li><p>{first}</p><p>{more}</p></li><li><p>{second}</p><pre>ls -l</pre></li>"
        f"<li><p>{third}</p></li></ul><p>Fin.</p>"
    )
    for text, name in ((f"{md}\nFin.\n", "a.md"), (html, "a.html")):
        document = parse(text.encode(), name)
        spans = [document.text[b.start : b.end] for b in document.blocks]
        [whole, *within] = [n for n, b in enumerate(document.blocks) if b.kind == "list"]
        assert spans[whole].startswith(lead)
        assert spans[whole].endswith(third)
        assert [spans[n].split("\n")[0] for n in within] == [first, second]
        assert all(document.blocks[n].parent == whole for n in within)
        assert document.blocks[-1].parent is None
        assert spans[-1] == "Fin."


def test_what_is_long_in_an_item_ends_its_list():
    told = "El guarda abre la caseta y cuenta lo que hay en ella. " * 20
    document = parse(f"<ul><li><p>Llaves.</p><p>{told}</p></li><li>Suelo.</li></ul>".encode(), "a.html")  # fmt: skip
    assert [b.kind for b in document.blocks] == ["list", "item", "paragraph", "list", "item"]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("<ul><li><h3>Faro</h3><p>Teléfono: 055 231<br>Horario: 9-14</p></li><li><h3>Mill</h3><p>Phone: 055 232<br>Hours: 9-14</p></li></ul>", "heading label label heading label label"),
        ("<ul><li>Faro<p>Teléfono: 055 231<br>Horario: 9-14</p></li></ul>", "list item label label"),
        ("<ol><li><h2>Prices</h2><p>How much is the ferry?</p><p>It costs 20 euros.</p><p>¿Cuándo sale?</p><p>A las nueve.</p></li></ol>", "heading pair paragraph paragraph pair paragraph paragraph"),
        ("<ul><li>Traiga la foto.<p>Artículo 5. Plazos</p><p>El plazo es de diez días.</p></li></ul>", "list item heading paragraph"),
    ],
)  # fmt: skip
def test_what_says_something_of_its_own_in_an_item_is_what_it_is(text, kinds):
    assert " ".join(b.kind for b in parse(text.encode(), "a.html").blocks) == kinds


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("<ol><li>Traiga:<ul><li>Dos fotos.</li><li>El carné.</li></ul><p>Se paga al contado.</p></li><li>Firme.</li></ol>", "a.html"),
        ("1. Traiga:\n\n   - Dos fotos.\n   - El carné.\n\n   Se paga al contado.\n\n2. Firme.\n", "a.md"),
    ],
)  # fmt: skip
def test_a_paragraph_below_an_inner_list_belongs_to_the_item_that_holds_that(text, name):
    document = parse(text.encode(), name)
    [told] = [b for b in document.blocks if "contado" in document.text[b.start : b.end] and b.kind == "paragraph"]  # fmt: skip
    inner = document.blocks[told.parent]
    assert document.text[inner.start : inner.end].split("\n")[0].endswith("Traiga:")


def test_a_line_hardly_indented_below_a_list_is_none_of_its_items():
    document = parse("- Dos fotos.\n- El carné.\n\n La oficina está en el puerto.\n".encode(), "a.md")  # fmt: skip
    assert document.blocks[-1].parent is None


@pytest.mark.parametrize("line", ["P.O. Box 12, Ribera Street, is where letters go.", "P.M. se baja el volumen de la música.", "P. D. James was read aloud in the garden."])  # fmt: skip
def test_initials_mark_no_question_and_no_answer(line):
    text = f"{line}\n\nLa casa abre a las diez y cierra a las ocho de la tarde."
    assert not any(b.kind == "pair" for b in parse(text.encode(), "a.txt").blocks)


def test_a_letter_of_a_series_marks_no_question():
    text = "O. Golf carts\n\nP. Complaints\n\nQ. Upkeep of gardens\n\nLos jardines se riegan de noche, y nadie corta el césped antes de las nueve.\n"
    assert not any(b.kind == "pair" for b in parse(text.encode(), "a.txt").blocks)


def test_titles_of_a_series_with_numbers_are_headings_where_another_is():
    text = "## 4. Cargos\n\nLos elige la junta.\n\n### 4.1. Presidencia\n\nFirma las actas y convoca las reuniones de la junta.\n\n4.2. Secretaría\n\nFunciones:\n\n- guardar las actas\n- llevar la lista\n"
    document = parse(text.encode(), "a.md")
    assert [h.text for h in document.headings] == ["4. Cargos", "4.1. Presidencia", "4.2. Secretaría"]  # fmt: skip


def test_a_bullet_that_stands_again_within_an_item_begins_another():
    text = "Normas:\n\n✓ Se juega sin córner. ✓ Each half lasts ten minutes. ✓ Gana quien llega a 3.\n✓ No boots"
    items = [said for kind, said in outline(text) if kind.endswith("item")]
    assert items == ["✓ Se juega sin córner.", "✓ Each half lasts ten minutes.", "✓ Gana quien llega a 3.", "✓ No boots"]  # fmt: skip


def test_what_is_added_after_all_articles_is_no_title():
    article = (
        "La barca se guarda en el muelle y se limpia antes de que se haga de noche, sin excepción. "
    )
    text = "".join(f"Artículo {n}\n\n{article * 4}\n\n" for n in range(1, 8))
    text += f"CERTIFICADO\n\n{article}\n"
    document = parse(text.encode(), "normas-del-muelle.txt")
    assert document.headings[-1].text == "CERTIFICADO"
    assert document.title == "Normas del muelle"


def test_a_number_with_a_bracket_and_a_stop_marks_an_item_as_its_likes_do():
    text = "8.12) No se lava en el garaje de la casa.\n8.13). La plaza es de uno solo y no se alquila.\n8.14) Nobody sleeps there."
    assert [kind for kind, _ in outline(text)] == ["list/item"] * 3


@pytest.mark.parametrize(
    "line",
    ["P.O. Box 20", "P.K.: 12,4: Fuente del Sapo", "Q. CARE OF THE LAWN", "P. Zonas comunes"],
)
def test_a_line_that_only_begins_with_the_letter_of_questions_asks_nothing(line):
    text = f"El club está aquí.\n\n{line}\n\nThe gate shuts at six.\n\nEl perro va atado."
    assert [kind for kind, _ in outline(text, "a.md")] == ["paragraph"] * 4


def test_a_question_without_its_mark_needs_an_answer_with_one():
    assert [kind for kind, _ in outline("P: Cuánto cuesta\nR: Tres euros.")] == [
        "pair/paragraph",
        "pair/paragraph",
    ]
    assert "pair" not in {kind[:4] for kind, _ in outline("P. Boats\n\nQ. Oars\n\nR. Ropes")}


def test_a_question_that_is_a_point_of_a_programme_is_an_item():
    text = "Tema 2\n\n1. El papel\n2. ¿Qué es un mapa?\n3. Escalas\n4. Símbolos"
    assert [kind for kind, _ in outline(text)] == ["heading"] + ["list/item"] * 4


def test_a_topic_among_questions_over_items_ends_the_answer_above():
    asked = "\n\n".join(
        f"{line}\n- {answer}"
        for line, answer in (
            ("¿Hay ducha?", "Sí, dos."),
            ("¿Y bar?", "No."),
            ("Quejas", "Se presentan por escrito."),
            ("Is it free?", "Yes."),
        )
    )
    document = parse(asked.encode(), "a.md")
    pairs = [document.text[b.start : b.end] for b in document.blocks if b.kind == "pair"]
    assert pairs == ["¿Hay ducha?\n\nSí, dos.", "¿Y bar?\n\nNo.", "Is it free?\n\nYes."]


def test_a_list_is_one_part_of_an_answer():
    items = "\n".join(f"- bote {n}" for n in range(12))
    text = f"¿Qué hay?\n\nEstos:\n\n{items}\n\nTodos flotan.\n\nIs there more?\n\nNo."
    document = parse(text.encode(), "a.md")
    first = next(b for b in document.blocks if b.kind == "pair")
    assert document.text[first.start : first.end].endswith("Todos flotan.")


def test_lines_in_capitals_are_headings_of_markdown_that_marks_none():
    body = "Los botes se guardan en el cobertizo hasta el mes de mayo.\n\nThe oars hang on the wall beside the door.\n\n"
    text = "".join(f"{title}\n\n{body}" for title in ("BOTES", "FEES", "OTRAS NORMAS"))
    headings = [h.text for h in parse(text.encode(), "a.md").headings]
    assert headings == ["BOTES", "FEES", "OTRAS NORMAS"]


@pytest.mark.parametrize(
    "title", ["Artículo 4. DEL USO DE LA BARCA:", "Article 4. RACE AND COURSE:"]
)
def test_a_name_in_capitals_and_a_colon_beside_an_article_is_its_title(title):
    text = f"{title}\n\na. Se rema de pie.\nb. Nobody stands up.\n"
    assert outline(text)[0] == ("heading", title)


def test_what_leads_in_to_a_list_beside_an_article_is_no_title():
    found = outline("Artículo 4. Los remeros pueden:\n\na. Remar de pie.\nb. Stand up.\n")
    assert found[0] == ("heading", "Artículo 4.")


ROWING = "Quien rema se sienta en medio de la barca, y quien mira se sienta delante y avisa de las boyas del canal."


def test_names_in_capitals_before_their_texts_are_headings_alike():
    names = ("LLAVES:", "GUESTS AND DOGS:", "PLAN DE 4º CURSO:", "WI-FI:")
    text = "\n\n".join(f"{name}{' ' * (name != 'WI-FI:')}{ROWING}" for name in names)
    found = outline(f"{text}\n\nNOTA: {ROWING}\n\nCÓDIGO: XK.600. MUELLE 7\n")
    assert [said for kind, said in found if kind == "heading"] == list(names)
    assert found[-1] == ("label", "CÓDIGO: XK.600. MUELLE 7")


def test_two_names_in_capitals_are_no_series():
    assert "heading" not in dict(outline(f"LLAVES: {ROWING}\n\nGUESTS: {ROWING}\n"))


def test_titles_with_roman_numbers_that_count_up_are_headings():
    titles = ("I. Del muelle", "II. Opening hours.", "III. Pago de la cuota:")
    text = "\n\n".join(f"{title}\n\n{ROWING}" for title in titles)
    assert [said for kind, said in outline(text) if kind == "heading"] == list(titles)
    listed = "\n".join(f"{n}. Un remo" for n in ("I", "II", "III"))
    assert "heading" not in dict(outline(f"Se pide:\n\n{listed}\n\n{ROWING}\n"))


def test_a_numbered_title_with_a_colon_or_a_stop_is_one_as_its_likes_are():
    titles = ("2.1. Alta de la barca:", "2.2. Moorings", "2.3. Baja de la barca.")
    text = "\n\n".join(f"{title}\n\n{ROWING}" for title in titles)
    assert [said for kind, said in outline(text) if kind == "heading"] == list(titles)


def test_lines_with_letters_that_count_up_are_items_alike():
    lines = ("A. RULES FOR BOATS", "B. RULES FOR OARS", "C. LAMP POLICY", "D. MUELLE Y REMOS")
    found = outline("\n\n".join(("Reglas", *lines, ROWING)))
    assert [said for kind, said in found if kind == "list/item"] == list(lines)


def test_the_last_lines_of_contents_are_such_though_later_headings_say_it_in_other_words():
    names = ("1. Las barcas", "2. Los remos", "3. El muelle", "4. The lamps")
    last = ("5. Otras normas", "Anexo I: Plano")
    text = "\n\n".join(
        ("ÍNDICE", *names, *last, *(f"{name.upper()}\n\n{ROWING}" for name in names))
    )
    found = [said for kind, said in outline(text) if kind == "contents"]
    assert found == [*names, *last]


@pytest.mark.parametrize(
    "heading",
    ["Artículo 1 Transitorio.-", "ARTÍCULO SEGUNDO TRANSITORIO.", "Artículo 4° transitorio:"],
)
def test_an_article_that_holds_for_a_time_is_named_so_in_its_heading(heading):
    found = outline(f"{heading} Las barcas de antes siguen en el muelle hasta mayo.")
    assert found[0] == ("heading", heading)
    assert "heading" not in dict(outline("Artículo 4 transitorio de la ley de puertos es de mayo."))


@pytest.mark.parametrize(
    "heading",
    [
        "Artículo 9.- (Uso de remos y barcas)",
        "ARTÍCULO 10. (Competencia).",
        "Article 3. (Moorings).-",
    ],
)
def test_what_an_article_is_about_in_brackets_before_its_text_belongs_to_its_heading(heading):
    found = outline(f"{heading} La barca sale del muelle a las diez y vuelve a las doce.")
    assert found[0] == ("heading", heading)


@pytest.mark.parametrize("said", ["(de mayo a julio) La", "(Ley 3 de 2031) La", "(Barcas) y remos"])
def test_other_brackets_behind_the_number_of_an_article_are_text(said):
    assert outline(f"Artículo 9. {said} barca sale a las diez.")[0] == ("heading", "Artículo 9.")


@pytest.mark.parametrize(
    ("line", "leads"),
    [
        ("Hola, Berta:", False),
        ("Buenas tardes, vecinos:", False),
        ("Muy señores míos:", False),
        ("Dear Mr. Hill and members:", False),
        ("Estimadas socias, estimados socios:", False),
        ("Dear rowers, dear friends:", False),
        ("Hola a todas, os recuerdo las fechas:", True),
        ("Socios de honor:", True),
    ],
)
def test_a_greeting_leads_in_to_no_list(line, leads):
    document = parse(f"{line}\n\nPedido 31\n\nTres macetas\n\nTwo bulbs\n".encode(), "a.txt")
    assert any(block.kind == "list" for block in document.blocks) == leads


def test_lines_whose_dots_lead_to_an_amount_are_rows_and_those_to_a_page_are_contents():
    led = [
        f"{name:.<36} {price}"
        for name, price in (("2 x Remos ", "28,00 €"), ("Cera ", "4,60 €"), ("Two oars ", "5,90 €"))
    ]
    document = parse("\n".join(led).encode(), "a.txt")
    rows = [block for block in document.blocks if block.kind == "row"]
    cells = [[document.text[slice(*cell)] for cell in row.cells] for row in rows]
    assert cells == [["2 x Remos", "28,00 €"], ["Cera", "4,60 €"], ["Two oars", "5,90 €"]]
    bare = [line.rstrip("€, 0123456789") for line in led]
    pages = [f"{line} {page}" for line, page in zip(bare, (12, 46, 90), strict=True)]
    assert all(kind == "contents" for kind, _ in outline("\n".join(pages)))


RUN_IN = (
    ("Objeto", "El huerto se reparte entre los vecinos que lo piden."),
    ("Cuotas", "Cada parcela paga veinte euros al año, menos las de la escuela."),
    ("Opening hours.-", "The gate is open from seven until the sun is down."),
    ("Obligaciones", "a) Regar por la noche. b) Cerrar la puerta."),
)


@pytest.mark.parametrize("word", ["Artículo", "Section"])
def test_titles_that_begin_the_texts_of_articles_are_of_their_headings(word):
    titles = [f"{word} {n}. {title.removesuffix('.-')}" for n, (title, _) in enumerate(RUN_IN, 1)]
    text = "\n\n".join(
        f"{word} {n}. {title}{'' if title.endswith('-') else '.'} {said}"
        for n, (title, said) in enumerate(RUN_IN, 1)
    )
    found = outline(text)
    assert [said.rstrip(".-") for kind, said in found if kind == "heading"] == titles
    assert ("paragraph", RUN_IN[0][1]) in found


def test_first_sentences_of_articles_are_no_titles():
    said = ("Los perros van atados.", "Keys are kept at the gate.", "No hay luz.")
    text = "\n\n".join(
        f"Artículo {n}. {line} Quien no lo haga paga una multa de diez euros."
        for n, line in enumerate(said, 1)
    )
    assert headings(text) == ["Artículo 1.", "Artículo 2.", "Artículo 3."]


def test_how_many_there_are_of_something_is_no_title_with_a_number():
    text = f"{ROWING}\n\n2 Rowing Captains\n\n{ROWING}\n\nDirector of Oars\n\n{ROWING}"
    assert ("heading", "2 Rowing Captains") not in outline(text)
    numbered = f"1 Boats\n\n{ROWING}\n\n2 Oars\n\n{ROWING}\n\n3 Lamps\n\n{ROWING}"
    found = [said for kind, said in outline(numbered) if kind == "heading"]
    assert found == ["1 Boats", "2 Oars", "3 Lamps"]


def test_a_sentence_among_questions_over_items_ends_the_answer_above():
    lines = (
        ("¿Hay ducha?", "Sí."),
        ("¿Y bar?", "No."),
        ("I need a boat.", "Ask."),
        ("Free?", "Yes."),
    )
    document = parse("\n\n".join(f"{line}\n- {said}" for line, said in lines).encode(), "a.md")
    pairs = [document.text[b.start : b.end] for b in document.blocks if b.kind == "pair"]
    assert pairs == ["¿Hay ducha?\n\nSí.", "¿Y bar?\n\nNo.", "Free?\n\nYes."]


@pytest.mark.parametrize(
    ("title", "n_pairs"), [("Preguntas frecuentes", 1), ("Boat hire FAQ", 1), ("Cuestionario", 0)]
)
def test_few_answered_questions_are_pairs_where_they_are_called_frequent(title, n_pairs):
    asked = "1. ¿Hay ducha?\n\n2. ¿Se puede pagar con tarjeta?\n\n{}3. ¿Y bar?\n\n4. ¿Hay remos?"
    text = f"{title}\n\n{asked.format('Sí, pero no con cheque.' + chr(10) * 2)}"
    found = [b for b in parse(text.encode(), "a.md").blocks if b.kind == "pair"]
    assert len(found) == n_pairs


def test_a_heading_right_below_the_number_of_its_article_is_part_of_it():
    text = f"TÍTULO II\n\nNORMAS DEL MUELLE\n\nArtículo 4.\n\nREMOS Y LUCES\n\n{ROWING}\n"
    names = ("TÍTULO II", "NORMAS DEL MUELLE", "Artículo 4.", "REMOS Y LUCES")
    assert headings(text) == [" > ".join(names[: n + 1]) for n in range(4)]


def test_a_title_with_a_colon_over_deeper_numbers_is_a_heading_whatever_dash_its_number_has():
    rules = "\n\n".join(f"7.{n}.{k}.- {ROWING}" for n in (1, 2) for k in (1, 2))
    first, second = rules.split("\n\n7.2.1")
    text = f"7.1.- Barcas y remos:\n\n{first}\n\n7.2.- El muelle:\n\n7.2.1{second}\n"
    found = [said for kind, said in outline(text) if kind == "heading"]
    assert found == ["7.1.- Barcas y remos:", "7.2.- El muelle:"]


def test_a_title_with_a_colon_over_a_list_is_a_heading_where_those_beside_it_leave_out_its_number():
    listed = "• Las barcas del club\n• Los remos que lleven su número"
    text = f"1. OBJETO\n\n{ROWING}\n\n2. Quiénes pueden remar:\n\n{listed}\n\n3. CUOTAS\n\n{ROWING}"
    assert [level for level, _ in outline(text)].count("heading") == 3
    assert headings(text)[1] == "2. Quiénes pueden remar:"


def test_a_sentence_that_ends_in_the_number_of_a_note_is_no_heading():
    text = f"1. Las barcas que se quedan en el muelle.⁶⁵\n\n{ROWING}\n\n{ROWING}\n"
    assert "heading" not in dict(outline(text))


def test_the_title_of_an_article_stands_by_itself_above_a_text_without_an_empty_line():
    text = f"Article I: Boats\n{ROWING}\nSection 2: Oars of the Club\n{ROWING}\nArtículo 3. Luces\n{ROWING}\n"
    found = [said for kind, said in outline(text) if kind == "heading"]
    assert found == ["Article I: Boats", "Section 2: Oars of the Club", "Artículo 3. Luces"]
    wrapped = "Artículo 3. La barca más grande y más vieja del club la guarda\nEva Roca en la caseta del muelle."
    assert ("heading", "Artículo 3.") in outline(wrapped)


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("NAME", "OBJECTS", "MEMBERS", "FEES"), ("NAME OF THE CLUB", "WHAT IT IS FOR", "WHO MAY JOIN", "FEES")),
        (("Nombre", "Fines", "Cuotas", "Remos"), ("Nombre del club", "Para qué es", "Quién paga", "De los remos")),
    ],
)  # fmt: skip
def test_headings_that_count_with_nothing_between_them_and_then_anew_are_contents(names, said):
    page = "".join(f"<h3>{n}. {name}</h3>" for n, name in enumerate(names, 1))
    body = "".join(
        f"<h3>{n}. {name}</h3><p>The club keeps its boats here.</p>"
        for n, name in enumerate(said, 1)
    )
    kinds = [kind for kind, _ in outline(f"<h1>Rules</h1>{page}{body}", "a.html")]
    assert kinds == ["heading", *["contents"] * 4, *["heading", "paragraph"] * 4]
    other = page.replace("1. N", "1. X")
    assert "contents" not in [kind for kind, _ in outline(f"<h1>Rules</h1>{other}{body}", "a.html")]


def test_headings_at_the_beginning_that_are_said_again_over_their_texts_are_contents():
    names = ("Article I: Boats", "Article II: Oars", "Article III: Lamps", "Article IV: Bells")
    body = "\n".join(f"{name}\n{ROWING}" for name in names)
    contents = (*names[:2], "Oars of guests", *names[2:], "History")
    text = "Rules of the jetty\n\n" + "\n".join(contents) + f"\n\n{body}\n"
    found = outline(text)
    assert [said for kind, said in found if kind == "contents"] == list(contents)
    assert [said for kind, said in found if kind == "heading"] == list(names)
    plants = "".join(f"# {plant}\n\n" + "".join(f"## {name}\n\nMucha agua\n\n" for name in ("Riego", "Luz", "Poda", "Abono")) for plant in ("Col", "Ajo"))  # fmt: skip
    assert "contents" not in dict(outline(plants, "a.md"))


def test_a_section_of_a_code_with_a_number_in_two_parts_and_a_dash_is_one_heading():
    names = ("Sec. 12-181. - Boats.", "Sec. 12-182. - Approved oars and methods of mooring.")
    text = "\n\n".join(f"{name}\n\n{ROWING}" for name in names)
    assert [said for kind, said in outline(text) if kind == "heading"] == list(names)


def test_ordinals_with_a_stop_mark_items():
    lines = ("1º. Las barcas.", "2º. Los remos de los socios.", "3°. Las luces.")
    found = outline("La junta trata de:\n\n" + "\n\n".join(lines) + f"\n\n{ROWING}\n")
    assert [said for kind, said in found if kind == "list/item"] == list(lines)


@pytest.mark.parametrize(
    ("title", "section", "names"),
    [
        ("Artículo 3: Cargos", "Subsección B: Tareas", ("Tesorera", "Vocales")),
        ("Article 3: Offices", "Subsection B: Duties", ("Treasurer", "Board Members")),
    ],
)
def test_a_title_stands_right_above_its_text_where_each_line_is_a_paragraph(title, section, names):
    said = "The boat house keeps its keys, oars and lamps with the one who was chosen for it by all rowers, and writes every loan down in the book of the house."
    body = f"{said} Two sign each cheque."
    text = f"Rowing Club\n\n{title}\n{body}\n{section}\n{names[0]}\n{body}\n{names[1]}\nThere are four of them.\n* {said}\n* {said}\n"
    document = parse(text.encode(), "a.txt")
    found = [(h.text, h.level) for h in document.headings]
    assert [one for one, _ in found] == [title, section, *names]
    levels = [level for _, level in found]
    assert levels[0] < levels[1] < levels[2] == levels[3]


def test_lines_broken_where_they_are_full_have_no_title_among_them():
    text = "The club lends boats.\nOld Mill Boats\nThe rest of this text is\nbroken by hand.\n"
    assert parse(text.encode(), "a.txt").headings == ()


@pytest.mark.parametrize(
    "frame",
    [
        "-----------------\n  Normas del club\n-----------------\n",
        "*******************\n* Normas del club *\n*******************\n",
        "\t\t===============\n\t\tNormas\n\t\tdel club\n\t\t===============\n",
    ],
)
def test_what_stands_between_two_lines_of_signs_is_a_title(frame):
    document = parse(
        f"{frame}Aprobadas en mayo.\n\nEl club presta barcas a quien rema.\n".encode(), "a.txt"
    )
    assert [(h.text, h.level) for h in document.headings] == [("Normas del club", 1)]
    assert document.title == "Normas del club"


def test_names_of_columns_between_two_lines_of_signs_are_no_title():
    table = "------------------\nBoat        Price\n------------------\nHeron       12\nGull        14\n------------------\n"
    document = parse(f"Prices of boats.\n\n{table}".encode(), "a.txt")
    assert document.headings == ()


@pytest.mark.parametrize(
    "said", ["The Treasurer shall", "La tesorera deberá", "Members are those who can"]
)
def test_half_a_sentence_beside_an_article_is_no_title(said):
    text = f"Section 1. {said}\n\n- keep the keys of the house\n- lend the boats\n"
    assert outline(text) == [
        ("heading", "Section 1."),
        ("list/paragraph", said),
        ("list/item", "- keep the keys of the house"),
        ("list/item", "- lend the boats"),
    ]


@pytest.mark.parametrize(("sign", "bullet"), [("o", "◦"), ("§", "▪"), ("Ø", "➢"), ("\uf0b7", "•")])
def test_signs_that_are_left_of_bullets_are_bullets(sign, bullet):
    said = ("abrir la casa", "prestar las barcas")
    for glue in ("\n", "\n\n"):
        found = outline(f"Hay que:{glue}{glue.join(f'{sign} {one}' for one in said)}\n")
        assert found[1:] == [("list/item", f"{bullet} {one}") for one in said]


def test_the_word_or_at_the_beginning_of_a_line_is_no_bullet():
    assert outline("Se paga en la sede\no por giro\n\no bien al llegar.")[-1] == (
        "paragraph",
        "o bien al llegar.",
    )
    assert outline("§ 12 says so.\n\n§ 14 says so.")[0] == ("paragraph", "§ 12 says so.")


@pytest.mark.parametrize(("lead", "last"), [("Se exige:", "tres"), ("You bring:", "three")])
def test_what_semicolons_part_below_a_lead_in_is_its_list_however_long(lead, last):
    long = f"{'Una carta de quien lo conoce y lo ha visto remar en la ría, ' * 3}con su firma;"
    text = f"{lead}\n\nUna foto;\n\n{long}\n\nThe keys of {last} boats.\n\nNothing else."
    found = outline(text)
    assert [kind for kind, _ in found] == ["list/paragraph", *["list/item"] * 3, "paragraph"]
    assert [k for k, _ in outline(f"{lead}\n\nUna foto;\n\nUn mapa.\n\nY ya.")][1:3] == [
        "list/item"
    ] * 2


@pytest.mark.parametrize(
    ("before", "name", "after"),
    [
        ("Atentamente,", "Ana Ruiz", "Guarda de las barcas y de la casa del molino, que las presta a quien rema en mayo."),
        ("Yours sincerely,", "Jane Roe", "Keeper of the boats and of the house by the mill, who lends them to all that row in May."),
        ("____________________", "ANA RUIZ", "____________________"),
        ("Approved by: _______", "JANE ROE", "Rowing Club"),
        ("Nos vemos en el puerto el lunes, con o sin lluvia.", "Ana", "PD: La barca verde se queda en casa hasta que se seque, como se dijo ayer."),
    ],
)  # fmt: skip
def test_the_name_of_who_signs_is_no_heading(before, name, after):
    body = "The club lends boats to all who row and keeps them in its house.\n\n" * 4
    text = f"{body}{before}\n\n{name}\n\n{after}\n"
    assert ("heading", name) not in outline(text)
    assert ("heading", name.upper()) in outline(f"{body}{name.upper()}\n\n{body}")


def test_a_title_below_the_last_blank_of_a_form_is_a_heading():
    text = "DATOS\n\nTeléfono: ________\n\nSOBRE LA BARCA\n\nSe dice cuál es, desde cuándo y hasta cuándo hace falta.\n"
    assert ("heading", "SOBRE LA BARCA") in outline(text)


def test_a_few_words_over_each_of_several_lists_are_headings():
    duties = (
        ("Presidenta", "- firma\n- convoca"),
        ("3 Vocales", "- reman"),
        ("Head of Boats", "1. mends them\n2. lends them"),
    )
    text = "# Cargos\n\nSon estos.\n\n" + "\n\n".join(
        f"{name}\n\n{items}" for name, items in duties
    )
    found = parse(text.encode(), "a.md").headings
    assert [(h.text, h.level) for h in found] == [("Cargos", 1), *((name, 2) for name, _ in duties)]
    two = text[: text.index("\n\nHead of Boats")]
    assert [h.text for h in parse(two.encode(), "a.md").headings] == ["Cargos"]
    led = text.replace("Head of Boats", "The head of boats shall")
    assert [h.text for h in parse(led.encode(), "a.md").headings] == ["Cargos"]


@pytest.mark.parametrize("ends", ["PRESENTE", "P R E S E N T E", "S/D"])
def test_the_last_line_of_the_address_over_a_letter_is_no_heading(ends):
    said = "Cumplimos en decirle que la barca se ha vendido y que no queda otra en el muelle."
    document = parse(f"Sra. Ana Lobo\n\n{ends}\n\n{said}\n\n{said}".encode(), "a.txt")
    assert not [head for head in document.headings if head.text == ends]


def test_a_title_of_an_article_may_stand_over_a_short_lead_in():
    article = "Artículo {}. {}.\n\n{}\n\n"
    said = "Las barcas se prestan por un día a quien las pida antes de las diez."
    text = "".join(article.format(n, f"Uso de las barcas {n}", said) for n in range(1, 5))
    text += "Artículo 5. Obligaciones de las personas visitantes.\n\nLas personas:\n\na) Reman.\n\nb) Pagan.\n"
    document = parse(text.encode(), "a.txt")
    assert document.headings[-1].text == "Artículo 5. Obligaciones de las personas visitantes."


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html"])
@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_small_pictures_stand_in_the_place_of_bullets(name, between):
    lines = ["✅ Remos de repuesto", "🧢 Gorra", "📍 Muelle viejo", "1️⃣ Una barca por grupo"]
    said = between.join(lines)
    if name == "a.html":
        said = f"<p>{('<br>' if between == LINE else '</p><p>').join(lines)}</p>"
    assert outline(said, name) == [("list/item", line) for line in lines]


def test_a_bullet_within_a_line_begins_an_item_beside_small_pictures_too():
    text = "✓ Remos. ✓ Oars for two\n\n🧢 Gorra\n"
    assert [said for _, said in outline(text)] == ["✓ Remos.", "✓ Oars for two", "🧢 Gorra"]


def test_a_small_picture_before_a_name_and_its_value_or_over_items_is_of_them():
    text = "🕐 Salida: 9:00\n💶 Fare: 12 €\n\n👉 Bring:\n🧢 a hat\n🧴 sun cream\n\n🚣 Solo una va por su cuenta"
    assert outline(text) == [
        ("label", "🕐 Salida: 9:00"),
        ("label", "💶 Fare: 12 €"),
        ("list/paragraph", "👉 Bring:"),
        ("list/item", "🧢 a hat"),
        ("list/item", "🧴 sun cream"),
        ("paragraph", "🚣 Solo una va por su cuenta"),
    ]
    document = parse(text.encode(), "a.txt")
    label = document.blocks[0]
    assert [document.text[a:b] for a, b in label.cells] == ["Salida", "9:00"]


_STEPS = ["Paso 1: Se cose la vela.", "Paso 2 – Se iza", "Step 3) Tie the rope"]


@pytest.mark.parametrize("between", ["\n", "\n\n", "\n\n### "])
@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html"])
def test_steps_right_below_one_another_are_a_list(name, between):
    text = f"{between.lstrip()}{between.join(_STEPS)}"
    if name == "a.html":
        tag = "h3" if "#" in between else "p"
        inner = "<br>" if between == LINE else f"</{tag}><{tag}>"
        text = f"<{tag}>{inner.join(_STEPS)}</{tag}>"
    elif name == "a.txt":
        text = text.replace("### ", "")
    assert outline(text, name) == [("list/item", step) for step in _STEPS]


def test_steps_over_texts_of_their_own_are_headings():
    said = "Con aguja gruesa y con hilo de cáñamo, de punta a punta."
    text = "".join(f"### {step}\n\n{said}\n\n" for step in _STEPS)
    assert [h.text for h in parse(text.encode(), "a.md").headings] == _STEPS


@pytest.mark.parametrize("gap", ["      ", "\t", "  "])
@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_names_beside_figures_are_rows_be_they_only_two(name, gap):
    text = f"Ana Gil{gap}600 555 123\nThe boathouse{gap}+44 20 7946 0000"
    document = parse(text.encode(), name)
    rows = [block.cells for block in document.blocks if block.kind == "row"]
    assert [[document.text[a:b] for a, b in cells] for cells in rows] == [
        ["Ana Gil", "600 555 123"],
        ["The boathouse", "+44 20 7946 0000"],
    ]
    prose = f"The mill closed.{gap}It opened again\nin 1788.{gap}Nobody came"
    assert "row" not in {block.kind for block in parse(prose.encode(), name).blocks}


def test_a_line_below_the_second_cell_of_a_table_has_an_empty_first():
    lines = ["Turno     Quién      Teléfono", "Mañana    Ana Gil    600 555 123"]
    lines += [
        "          Eva Paz    600 555 124",
        "Tarde     Luis Oro   600 555 125",
        "          600",
    ]
    document = parse("\n".join(lines).encode(), "a.txt")
    rows = [block.cells for block in document.blocks if block.kind == "row"]
    assert [len(cells) for cells in rows] == [3] * 4
    assert [document.text[a:b] for a, b in rows[2]] == ["", "Eva Paz", "600 555 124"]


def test_what_is_listed_below_a_name_stands_each_by_itself_below_it():
    page = (
        "<dl><dt>Salidas</dt><dd><ul><li>Martes a las diez</li><li>Saturdays at noon</li></ul></dd>"
        "<dt>Rules</dt><dd><ol><li>No oars ashore</li><li>Chaleco siempre</li></ol></dd>"
        "<dt>Tolva</dt><dd><p>De ella cae el grano.</p><p>It is filled twice a day.</p></dd></dl>"
    )
    assert outline(page, "a.html") == [
        ("list/list/item", "Salidas"),
        ("list/list/item", "Martes a las diez"),
        ("list/list/item", "Saturdays at noon"),
        ("list/list/item", "Rules"),
        ("list/list/item", "1. No oars ashore"),
        ("list/list/item", "2. Chaleco siempre"),
        ("definition", "Tolva\nDe ella cae el grano.\nIt is filled twice a day."),
    ]


def test_articles_as_nicaragua_shortens_them_are_headings() -> None:
    text = "Estatutos\n\nArto. 1\n\nCada socia paga una cuota al mes.\n\nArto. 2\n\nLa junta se reúne los lunes.\n"
    document = parse(text.encode(), "a.txt")
    said = [document.text[b.start : b.end] for b in document.blocks if b.kind == "heading"]
    assert said[-2:] == ["Arto. 1", "Arto. 2"]
    assert [number.number for number, _, _ in named("¿Qué dice el arto. 2?")] == ["2"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Hi everyone,", True),
        ("Good morning all,", True),
        ("Dear Ms Lobo:", True),
        ("Estimadas familias:", True),
        ("Buenos días a todos,", True),
        ("Un cordial saludo,", True),
        ("Kind regards", True),
        ("Hi everyone, the shed is open.", False),
        ("Dear prices are no good ones.", False),
        ("Hola significa lo mismo que buenas tardes", False),
    ],
)
def test_words_over_a_letter_and_over_the_name_below_it_greet(line, expected):
    assert greets(line) is expected


def test_the_names_of_who_signs_a_law_are_no_headings():
    text = (
        "# Ley de barcas\n\n### Artículo 1\n\nSe rema de día.\n\nEl Presidente del Senado,\n\n### Ana Gil de la Vega.\n\n"
        "Dada en Soria.\n\n### EVA ROS PAZ\n\nThe Minister of Boats,\n\n### Leo P. Mill"
    )
    assert [h.text for h in parse(text.encode(), "a.md").headings] == [
        "Ley de barcas",
        "Artículo 1",
    ]
    letter = "# Remo\n\nEstimadas familias,\n\n## Cuota de Socios\n\nSon diez euros."
    assert len(parse(letter.encode(), "a.md").headings) == 2


def test_numbers_right_before_their_words_count_items():
    said = ("1-Se trae una bata", "2-. Nobody eats here.", "3-El pelo se recoge", "4-Hay que salir")
    for between in ("\n\n", "\n"):
        found = outline(f"Normas del taller de barcas\n\n{between.join(said)}")
        assert [line for kind, line in found if kind == "list/item"] == list(said)
    # Neither those that do not count nor two
    assert all("item" not in kind for kind, _ in outline("1-Uno\n\n2-Dos"))
    assert all("item" not in kind for kind, _ in outline("1-Uno\n\n3-Tres\n\n4-Cuatro"))


def test_capitals_between_the_number_of_a_chapter_and_its_first_article_are_its_title():
    text = (
        "7\nREGLAS DEL LAGO Y DE TODO LO QUE FLOTA EN SUS AGUAS.\nCAPÍTULO PRIMERO\nDE LAS BARCAS Y DE LOS REMOS.\n"
        "Artículo 1.- Se rema de día.\nCHAPTER TWO\nFEES\nArticle 2. Members pay in May.\nEl que no paga no rema."
    )
    document = parse(text.encode(), "lago.txt")
    assert [(h.level, h.text) for h in document.headings if "rt" not in h.text] == [
        (2, "CAPÍTULO PRIMERO"),
        (3, "DE LAS BARCAS Y DE LOS REMOS."),
        (2, "CHAPTER TWO"),
        (3, "FEES"),
    ]
    assert document.title == "Lago"


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_a_question_or_a_label_and_its_ticks_are_one(name):
    text = (
        "Ficha de la remera\n\nNombre: Nora Paz\n¿Sabe nadar? Sí [X] No [ ] ¿Lleva gafas? ☐ Sí ☒ No\n"
        "Does anyone smoke on board? Yes ( ) No (x)\nFotos: Sí __ No _X_\nBoat: [ ] skiff [x] punt\nAlergias: ninguna"
    )
    document = parse(text.encode(), name)
    labels = [
        tuple(document.text[a:b] for a, b in block.cells or ())
        for block in document.blocks
        if block.kind == "label"
    ]
    assert labels == [
        ("Nombre", "Nora Paz"),
        ("¿Sabe nadar?", "Sí [X] No [ ]"),
        ("¿Lleva gafas?", "☐ Sí ☒ No"),
        ("Does anyone smoke on board?", "Yes ( ) No (x)"),
        ("Fotos:", "Sí __ No _X_"),
        ("Boat:", "[ ] skiff [x] punt"),
        ("Alergias", "ninguna"),
    ]


def test_boxes_below_a_question_answer_it_together_and_keep_their_ticks():
    text = "## Encuesta\n\n¿Volvería al lago?\n\n- [ ] Sí\n- [x] No\n\nGracias a todos."
    assert [line for kind, line in outline(text, "a.md") if "item" in kind] == ["[ ] Sí", "[x] No"]
    document = parse("¿Volvería al lago?\n\n[ ] Sí\n\n[x] No\n\nGracias.".encode(), "a.txt")
    assert [document.text[b.start : b.end] for b in document.blocks if b.kind == "pair"] == [
        "¿Volvería al lago?\n\n[ ] Sí\n\n[x] No"
    ]


def test_brackets_in_text_are_no_ticks():
    for text in ("What is x? (x) is the root. It is so.", "Why so? No. [1] Then we rowed."):
        assert [kind for kind, _ in outline(text)] == ["paragraph"]


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_each_message_of_a_conversation_is_one_with_its_time_and_its_writer(name):
    text = (
        '3/4/26, 9:02 - Nora creó el grupo "Regata"\n3/4/26, 9:05 - Nora: ¿quedamos el sábado? Yo llevo remos\n'
        "3/4/26, 9:11 - Leo P.: vale, en el muelle\n4/4/26, 8:44 - +34 600 10 20 30: llego tarde"
    )
    assert outline(text, name) == [
        ("paragraph", '3/4/26, 9:02 - Nora creó el grupo "Regata"'),
        ("label", "3/4/26, 9:05 - Nora: ¿quedamos el sábado? Yo llevo remos"),
        ("label", "3/4/26, 9:11 - Leo P.: vale, en el muelle"),
        ("label", "4/4/26, 8:44 - +34 600 10 20 30: llego tarde"),
    ]
    text = "[4/3/26, 7:04 PM] Ann: Who rows?\n[4/3/26, 7:05:10 PM] Lee: I do. All day.\n2026-03-12 19:04 <moe> me too"
    document = parse(text.encode(), name)
    assert [
        tuple(document.text[a:b] for a, b in block.cells or ()) for block in document.blocks
    ] == [
        ("[4/3/26, 7:04 PM] Ann", "Who rows?"),
        ("[4/3/26, 7:05:10 PM] Lee", "I do. All day."),
        ("2026-03-12 19:04 <moe>", "me too"),
    ]


def test_what_a_message_says_over_several_lines_is_one():
    text = "[3/4/26, 9:05] Nora: trae\nremos y\nun chubasquero\n[3/4/26, 9:06] Leo: ok"
    assert [said for _, said in outline(text)] == [
        "[3/4/26, 9:05] Nora: trae\nremos y\nun chubasquero",
        "[3/4/26, 9:06] Leo: ok",
    ]


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_a_version_and_its_date_head_what_changed(name):
    text = (
        "Cambios de Remo\n\n3.1.1 – 2025-11-30\n- Ya no se cuelga.\n\nVersión 2.4 (3 de marzo de 2025)\n- Más rápido.\n\n"
        "[2.3.0] - 2025-01-02\nThe oars are counted.\n\nv1.0.0, 19 May 2024\nFirst release."
    )
    document = parse(text.encode(), name)
    assert [h.text.strip("[") for h in document.headings if h.text[0] != "C"] == [
        "3.1.1 – 2025-11-30",
        "Versión 2.4 (3 de marzo de 2025)",
        "2.3.0] - 2025-01-02",
        "v1.0.0, 19 May 2024",
    ]
    assert {h.level for h in document.headings if h.text[0] != "C"} == {2}
    assert not document.title[-1].isdigit()


@pytest.mark.parametrize(
    "line",
    [
        "12.50 - 03/04/2026",
        "3.2.1 – See the table",
        "1.5.26 - 3.5.26",
        "Versión 1.2 - Revisada el 3 de mayo de 2025",
    ],
)
def test_a_sum_and_its_day_head_nothing(line):
    assert outline(f"{line}\nSe paga en el muelle.")[0][0] != "heading"


@pytest.mark.parametrize("lead", [" ........ ", " … ", " "])
def test_the_dishes_of_a_menu_are_rows_with_the_numbers_of_their_allergens(lead):
    text = f"POSTRES\nTarta de queso{lead}6,50 € 1, 3, 7\nLeek soup (2 bowls){lead}£5.50 (1, 7)\nFruta{lead}4 €"
    document = parse(text.encode(), "a.txt")
    rows = [block for block in document.blocks if block.kind == "row"]
    assert [[document.text[a:b] for a, b in row.cells or ()] for row in rows] == [
        ["Tarta de queso", "6,50 € 1, 3, 7"],
        ["Leek soup (2 bowls)", "£5.50 (1, 7)"],
        ["Fruta", "4 €"],
    ]


@pytest.mark.parametrize(
    "line",
    [
        "Article III-7: The order of every meeting is that of the list on the jetty.",
        "Art. VII-2: Contracts of the club are made for its members by the board.",
        "Artículo 12-3: Las barcas se prestan por orden de llegada a quien las pide.",
    ],
)
def test_the_number_of_a_part_of_an_article_stays_with_what_it_says(line):
    kinds = outline(f"# Remo\n\n{line}\n\nOtra cosa que se dice aquí abajo.", "a.md")
    assert all(kind != "heading" for kind, _ in kinds[1:])
    assert line in [text for _, text in kinds]


def test_names_below_who_prepared_a_text_are_no_headings():
    text = "# Cuentas\n\nSe gastó todo en remos.\n\nPrepared by: Audited by:\n\n**EVA RUIZ ANA GIL**\n\nTreasurer Auditor"
    assert [t for kind, t in outline(text, "a.md") if kind == "heading"] == ["Cuentas"]


def test_titles_over_lines_that_are_drawn_head_what_is_below_them():
    text = (
        "══════════════\n  CLUB DE REMO:\n══════════════\n\n📅 HORARIOS (verano)\n──────────────\nDe lunes a viernes se rema.\n\n"
        "FEES AND OARS:\n--------------\nA week costs 5 pounds.\n\n¿Y en invierno?\n~~~~~~~~~~~~~~~\nNo se rema.\n\n"
        "Nombre:\n--------------------------\n"
    )
    document = parse(text.encode(), "a.txt")
    assert [(h.level, h.text) for h in document.headings] == [
        (1, "CLUB DE REMO"),
        (2, "📅 HORARIOS (verano)"),
        (2, "FEES AND OARS"),
        (2, "¿Y en invierno?"),
    ]
    assert "══" not in document.text
    assert document.title == "CLUB DE REMO"


def test_what_each_of_several_days_has_a_heading_of_stands_below_its_day():
    said = "# Asistentes:\n\nAna y Eva.\n\n# Agenda\n\n- Remos\n\n## Votes\n\nNone.\n\n"
    days = ("2 de mayo de 2031 / 17:00", "9 May 2031, on the jetty", "2031-05-16")
    text = "# Club\n\nActas.\n\n" + "".join(f"# {day}\n\n{said}" for day in days)
    document = parse(text.encode(), "a.md")
    place = document.text.rindex("Ana y Eva")
    assert document.heading_path(place)[-2:] == ("2031-05-16", "Asistentes:")
    assert document.heading_path(document.text.rindex("None."))[-2:] == ("Agenda", "Votes")
    apart = "".join(f"# {day}\n\nSe rema.\n\n# {n} barcas\n\nSí.\n\n" for n, day in enumerate(days))
    assert {h.level for h in parse(apart.encode(), "a.md").headings} == {1}


def test_a_title_in_capitals_over_a_line_of_signs_leaves_no_signs():
    text = "REGLAMENTO DEL MUELLE\n=====================\n\nNadie rema de noche en el muelle."
    document = parse(text.encode(), "a.txt")
    assert document.text == "REGLAMENTO DEL MUELLE\n\nNadie rema de noche en el muelle."


def test_lettered_items_below_a_number_that_ends_a_sentence_are_its_parts() -> None:
    text = "1. La fianza son diez euros.\n2. Boats may not go to these places.\na. The weir.\nb. La isla.\n"
    document = parse(text.encode(), "barcas.txt")
    levels = [block.level for block in document.blocks if block.kind == "item"]
    assert levels == [1, 1, 2, 2]
