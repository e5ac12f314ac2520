"""What word processors save as web pages: titles and items that are paragraphs with a style of their own."""

from __future__ import annotations

from corpus.document import Document
from corpus.parse import parse

FILLER = "<span style='font:7.0pt \"Times New Roman\"'>&nbsp;&nbsp;&nbsp; </span>"


def item(mark: str, text: str, style: str = "text-indent:-18.0pt") -> str:
    return f'<p class=MsoListParagraph style="{style}">{mark}{FILLER}{text}</p>'


def read(body: str) -> Document:
    page = f"<html><head><meta name=Generator content='Microsoft Word 15'></head><body>{body}</body></html>"
    return parse(page.encode(), "a.html")


def items(document: Document) -> list[tuple[str, int | None]]:
    return [
        (document.text[block.start : block.end], block.level)
        for block in document.blocks
        if block.kind == "item"
    ]


def test_items_of_word_are_items_and_their_bullets_letters_of_no_word() -> None:
    deeper = "margin-left:72.0pt;text-indent:-18.0pt;mso-list:l0 level2 lfo1"
    wrapped = f"<![if !supportLists]><span style='font-family:Symbol;mso-list:Ignore'>·{FILLER}</span><![endif]>"
    document = read(
        "<p class=MsoNormal>Se pide:</p>"
        f'<p class=MsoListParagraph style="mso-list:l0 level1 lfo1">{wrapped}Un remo por niño.</p>'
        + item("<span style='font-family:\"Courier New\"'>o</span>", "Of wood.", deeper)
        + item("<span style='font-family:Wingdings'>§</span>", "Un chaleco.")
        + "<p class=MsoNormal>Quien llega tarde espera en el muelle.</p>"
        + item("a)", "Avisar antes.")
        + item("b)", "Call the port.")
    )
    assert items(document) == [
        ("Un remo por niño.", 1),
        ("Of wood.", 2),
        ("Un chaleco.", 1),
        ("a) Avisar antes.", 1),
        ("b) Call the port.", 1),
    ]
    assert document.text.startswith("Se pide:\n\nUn remo por niño.\nOf wood.\nUn chaleco.\n\nQuien")


def test_items_of_word_in_a_cell_stand_apart() -> None:
    cell = item("·", "Yoga") + item("·", "Remo")
    document = read(
        f"<table><tr><td>Día</td><td>Clases</td></tr><tr><td>Lunes</td><td>{cell}</td></tr></table>"
    )
    assert "• Yoga • Remo" in document.text


def test_the_title_of_a_saved_document_is_its_title() -> None:
    document = read("<p class=MsoTitle>Normas del muelle</p><h1>Remos</h1><p>Se guardan secos.</p>")
    assert document.title == "Normas del muelle"
    assert [heading.text for heading in document.headings] == ["Normas del muelle", "Remos"]
    google = b'<body class="c1 doc-content"><p class="c2 title"><span>The jetty</span></p><p>Oars stay dry.</p></body>'
    assert parse(google, "b.html").title == "The jetty"


def test_what_a_wiki_sets_around_an_article_is_none_of_it() -> None:
    document = read(
        "<h1>Barca</h1><div class='noprint'>De la wiki libre</div><div class='mw-parser-output'><p>Es de pino.<sup class='noprint'>"
        "[<i>cita requerida</i>]</sup></p><table class='navbox'><tr><th>Boats</th></tr><tr><td><a href='b'>Canoe</a></td></tr></table>"
        "</div><div class='printfooter'>Obtenido de la wiki</div><div class='catlinks'><a href='c'>Categorías</a>: <ul><li>Barcas</li></ul></div>"
    )
    assert document.text == "Barca\n\nEs de pino."
    printed = read("<h1>Barca</h1><p class='noprint'>Es de pino.</p>")
    assert printed.text == "Barca\n\nEs de pino."


def test_values_that_notion_has_in_a_row_are_parted() -> None:
    values = "".join(f"<span class='selected-value c'>{v}</span>" for v in ("mar", "puerto"))
    document = read(
        f"<table><tr><th>Tema</th><td>{values}</td></tr><tr><th>Sede</th><td>Vigo</td></tr></table>"
    )
    assert "mar, puerto" in document.text


def test_names_in_bold_within_a_line_have_each_its_value() -> None:
    line = "<p><b>Día:</b> lunes <strong>Sala</strong>: 4 | <b>Cost:</b> {} €</p>"
    labels = [block for block in read(line.format(5)).blocks if block.kind == "label"]
    assert len(labels) == 3
    assert read(line.format(5)).text == "Día: lunes\nSala: 4\nCost: 5 €"
    raised = read(line.format("10<sup>2</sup>"))
    assert raised.text.endswith("Cost: 10² €")
    prose = read("<p><b>Ojo:</b> se rema de noche. <b>No</b> hay luz.</p>")
    assert prose.text == "Ojo: se rema de noche. No hay luz."


def test_a_form_in_a_table_of_a_page_has_a_row_for_each_name_and_its_value() -> None:
    rows = (("Nombre:", "Ana", "Age:", "7"), ("Sede:", "Vigo", "Phone:", "600 100"))
    cells = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    document = read(f"<table>{cells}</table>")
    assert document.text == "Nombre: | Ana\nAge: | 7\nSede: | Vigo\nPhone: | 600 100"
