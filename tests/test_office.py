"""Sheets, slides, OpenDocument, rich text, mails and archives: what is shown is text, and each part is known for what it is."""

from __future__ import annotations

import datetime
import io
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import docx
import openpyxl
import pptx
import pytest
from compound import compound, properties
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Cm, Pt

from corpus.document import Document, LeftOut, UnreadableDocumentError, UnsupportedFormatError
from corpus.parse import parse
from corpus.readers import legacy
from corpus.readers.sheets import as_shown
from corpus.readers.tables import joined_names, looks_headed, names_go_on


def kinds(document: Document) -> list[tuple[str, str]]:
    return [(block.kind, document.text[block.start : block.end]) for block in document.blocks]


def saved(thing: object) -> bytes:
    file = io.BytesIO()
    thing.save(file)  # type: ignore[attr-defined]
    return file.getvalue()


# Sheets -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "style", "spanish", "english"),
    [
        (0.21, "0%", "21%", "21%"),
        (0.125, "0.0%", "12,5%", "12.5%"),
        (1234.5, '#,##0.00\\ "€"', "1.234,50 €", "1,234.50 €"),
        (1234.5, "#,##0.00 [$€-C0A]", "1.234,50 €", "1,234.50 €"),
        (-3, "0.00", "-3,00", "-3.00"),
        (-3, "0.00;(0.00)", "(3,00)", "(3.00)"),
        (7, "General", "7", "7"),
        (2.5, "General", "2,5", "2.5"),
        (7, "000", "007", "007"),
        (2.675, "0.00", "2,68", "2.68"),
        (True, "General", "VERDADERO", "TRUE"),
        ("año", "@", "año", "año"),
        (None, "General", "", ""),
        ("#DIV/0!", "General", "", ""),
        (datetime.datetime(2019, 5, 3), "dd/mm/yyyy", "03/05/2019", "03/05/2019"),
        (datetime.datetime(2019, 5, 3), "mm-dd-yy", "2019-05-03", "2019-05-03"),
        (datetime.datetime(2019, 5, 3), 'd" de "mmmm', "2019-05-03", "2019-05-03"),
        (datetime.datetime(2019, 5, 3, 9, 5), "d/m/yy h:mm", "3/5/19 9:05", "3/5/19 9:05"),
        (datetime.time(17, 30), "h:mm AM/PM", "5:30 PM", "5:30 PM"),
        (datetime.timedelta(hours=30), "[h]:mm", "30:00", "30:00"),
    ],
)
def test_values_are_shown_by_their_format(
    value: object, style: str, spanish: str, english: str
) -> None:
    assert as_shown(value, style, comma=True) == spanish
    assert as_shown(value, style, comma=False) == english


@pytest.mark.parametrize(
    ("rows", "title", "style", "shown"),
    [
        ([["Pieza", "Peso"], ["Tornillo", 40.5]], "Sheet", "General", "40,5"),
        ([["Producto", "Precio", "Uso"], ["Pan", 40.5, "sí"]], "Sheet1", "General", "40,5"),
        ([["Mes", "Valor", "Total"], ["Abril", 40.5, 1]], "Sheet1", "General", "40,5"),
        ([["A", "B", "C"], ["X", 40.5, 1]], "Hoja1", "General", "40,5"),
        ([["A", "B", "C"], ["X", 40.5, 1]], "Sheet1", '0.00\\ "€"', "40,50 €"),
        ([["A", "B", "C"], ["X", 40.5, 1]], "Sheet1", "0.0 [$€-C0A]", "40,5 €"),
        ([["Part", "Weight"], ["Bolt", 40.5]], "Sheet1", "General", "40.5"),
        ([["Name", "Size", "Extra"], ["Apple", 40.5, 2]], "Hojas2", "0.0", "40.5"),
        ([["A", "B", "C"], ["X", 40.5, 1]], "Sheet1", '"€"0.00', "€40.50"),
    ],
)  # fmt: skip
def test_numbers_of_a_sheet_with_few_words_are_written_as_its_language_does(
    rows: list[list[object]], title: str, style: str, shown: str
) -> None:
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    book.active["B2"].number_format = style
    assert shown in re.split("[:;.] |[:;]?\n|[.]$", parse(saved(book), "a.xlsx").text)


@pytest.mark.parametrize(
    ("told", "style", "shown"),
    [
        ("https://tienda.example.com/es-mx/remos", '"$"#,##0.00', "$2,040.50"),
        ("https://remos.example.mx", '"$"#,##0.00', "$2,040.50"),
        ("Precio en MXN", '"$"#,##0.00', "$2,040.50"),
        ("De la tienda", "[$$-80A]#,##0.00", "$2,040.50"),
        ("El otro vale $1,500 más", '"$"#,##0.00', "$2,040.50"),
        ("De la tienda", '"$"#,##0.00', "$2.040,50"),
        ("https://remos.example.cl", '"$"#,##0.00', "$2.040,50"),
        ("El de México y el de España: 3 €", '"$"#,##0.00', "$2.040,50"),
    ],
)
def test_numbers_of_a_sheet_in_spanish_are_written_as_its_country_does(
    told: str, style: str, shown: str
) -> None:
    book = openpyxl.Workbook()
    for row in (["Remo", "Precio", "Dónde"], ["Remo largo de madera para la barca", 2040.5, told]):
        book.active.append(row)
    book.active["B2"].number_format = style
    assert f"Precio: {shown};" in parse(saved(book), "a.xlsx").text


def test_what_the_first_row_of_a_group_says_holds_for_its_others() -> None:
    book = openpyxl.Workbook()
    for row in (
        ["#", "Rule", "Of", "Asks for", "Value"],
        [1, "Boats", "2031", "Oars", "two"],
        [1, None, None, "Lamps", "one"],
        [2, "Moorings", "2030", "Ropes", "three"],
        [2, None, None, None, "four"],
        [None, None, None, "Last", "seen"],
    ):
        book.active.append(row)
    text = parse(saved(book), "a.xlsx").text
    assert "#: 1; Rule: Boats; Of: 2031; Asks for: Lamps; Value: one." in text
    assert "#: 2; Rule: Moorings; Of: 2030; Value: four.\nAsks for: Last; Value: seen." in text


def test_what_only_some_rows_say_beside_the_same_day_holds_for_them_alone() -> None:
    book = openpyxl.Workbook()
    for row in (
        ["Día", "Nota", "Importe"],
        ["lunes", "remos", 3],
        ["lunes", None, 4],
        ["martes", None, 5],
        ["martes", "muelle", 6],
    ):
        book.active.append(row)
    assert "Día: lunes; Importe: 4." in parse(saved(book), "a.xlsx").text


def test_formulas_that_no_program_has_reckoned_are_listed() -> None:
    book = openpyxl.Workbook()
    for row in (
        ["Pieza", "Precio", "Total"],
        ["Llave", 2, "=B2*2"],
        ["Bolt", 3, '=IF(B3<4,"sí",1)'],
    ):
        book.active.append(row)
    document = parse(saved(book), "a.xlsx")
    assert document.text == "Pieza: Llave; Precio: 2.\nPieza: Bolt; Precio: 3."
    [left_out] = document.left_out
    assert (left_out.text, left_out.reason) == (
        '=B2*2 =IF(B3<4,"sí",1)',
        "formula without its value",
    )


def workbook() -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Tarifas"
    for row in (
        ["Precios de la piscina municipal"],
        [],
        ["Edad", "Temporada", "Precio"],
        ["Niños", "verano", 3.5],
        [None, "invierno", 2],
        ["Oculta", "nunca", 9],
    ):
        sheet.append(row)
    sheet.merge_cells("A4:A5")
    sheet["C4"].number_format = sheet["C5"].number_format = '0.00 "€"'
    sheet.row_dimensions[6].hidden = True
    other = book.create_sheet("Opening")
    for row in (["Month", "Opens", "Closes"], ["May", "9:00", "20:00"], ["June", "9:00", "21:00"]):
        other.append(row)
    other.column_dimensions["B"].hidden = True
    book.create_sheet("Secreta").append(["clave", "1234"])
    book["Secreta"].sheet_state = "hidden"
    return book


def test_a_workbook_is_read_sheet_by_sheet_as_it_is_shown() -> None:
    document = parse(saved(workbook()), "a.xlsx")
    assert document.text == (
        "Tarifas\n\nPrecios de la piscina municipal\n\nEdad: Niños; Temporada: verano; Precio: 3,50 €.\n"
        "Edad: Niños; Temporada: invierno; Precio: 2,00 €.\n\nOpening\n\nMonth: May; Closes: 20:00.\n"
        "Month: June; Closes: 21:00."
    )
    assert [h.text for h in document.headings] == ["Tarifas", "Opening"]
    assert [kind for kind, _ in kinds(document)].count("row") == 4
    assert LeftOut("Secreta", 0, "hidden sheet") in document.left_out


def test_two_tables_of_a_sheet_have_each_its_header_and_names_have_their_values() -> None:
    book = openpyxl.Workbook()
    for row in (
        ["Director", "Ana Núñez"],
        ["Town", "Lugo"],
        [],
        ["País", "Año", "Total"],
        ["Perú", "1900", "x"],
        [],
        ["Name", "Age", "Town"],
        ["Ann", "30", "Cork"],
    ):
        book.active.append(row)
    document = parse(saved(book), "a.xlsx")
    assert document.text == (
        "Director: Ana Núñez\nTown: Lugo\n\nPaís: Perú; Año: 1900; Total: x.\n\nName: Ann; Age: 30; Town: Cork."
    )
    assert [kind for kind, _ in kinds(document)][:2] == ["label", "label"]


def test_names_with_values_below_a_wider_table_of_a_sheet_are_none_of_its_rows() -> None:
    book = openpyxl.Workbook()
    for row in (
        ["Servicio", "Socios", "No socios"],
        ["Pala", "5 €", "8 €"],
        ["Kayak", "12 €", "18 €"],
        [],
        ["Contacto", "Ana Núñez"],
        ["Phone", "600 100 200"],
    ):
        book.active.append(row)
    document = parse(saved(book), "a.xlsx")
    assert document.text.endswith("18 €.\nContacto: Ana Núñez\nPhone: 600 100 200")
    assert [kind for kind, _ in kinds(document)][-2:] == ["label", "label"]


def _rows_told(*rows: list[str]) -> str:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    return parse(saved(book), "a.xlsx").text


def test_tables_side_by_side_in_a_sheet_are_read_one_after_the_other() -> None:
    text = _rows_told(
        ["Lunes 3 de mayo", "", "", "", "Tuesday 4 May", ""],
        ["10:00", "Remos contra Anclas", "", "", "17:30", "Oars v Buoys"],
        ["12:00", "Velas contra Redes", "", "", "18:00", "Sails v Nets"],
        ["16:00", "Proas contra Quillas", "", "", "19:15", "Bows v Keels"],
    )
    assert text.index("16:00: Proas contra Quillas") < text.index("Tuesday 4 May")
    assert "19:15: Bows v Keels" in text
    text = _rows_told(
        ["Barca", "Precio", "", "Oar", "Precio"],
        ["Canoa", "5", "", "Long", "2"],
        ["Balsa", "6", "", "Short", "1"],
        ["Yola", "9", "", "Old", "0"],
    )
    assert text.split("\n\n")[1].startswith("Oar: Long; Precio: 2.")
    text = _rows_told(
        ["Barca", "Plazas", "", "", ""],
        ["Canoa", "5", "", "Muelle", "Metros"],
        ["Balsa", "6", "", "Norte", "20"],
        ["Yola", "9", "", "Sur", "10"],
        ["Bote", "2", "", "", ""],
        ["Ferry", "40", "", "", ""],
    )
    assert text.endswith(
        "Barca: Ferry; Plazas: 40.\n\nMuelle: Norte; Metros: 20.\nMuelle: Sur; Metros: 10."
    )


def test_an_empty_column_alone_parts_no_table_of_a_sheet() -> None:
    text = _rows_told(
        ["Barca", "Plazas", "", "Muelle", "Metros"],
        *([name, "5", "", "Norte", "20"] for name in ("Canoa", "Balsa", "Yola")),
    )
    assert "Barca: Yola; Plazas: 5; Muelle: Norte; Metros: 20." in text
    text = _rows_told(
        ["", "2030", "", "", "2031", ""],
        ["Barca", "Enero", "Mayo", "", "Enero", "Mayo"],
        *([name, "5", "7", "", "1", "3"] for name in ("Canoa", "Balsa", "Yola")),
    )
    assert text.count("Yola") == 1
    remarks = [["Roto", "sí"], ["", ""], ["", ""], ["Nuevo", "no"], ["", ""], ["Usado", "no"]]
    text = _rows_told(
        ["Barca", "Plazas", "", "Estado", "Baja"],
        *([f"Bote {n}", "5", "", *remark] for n, remark in enumerate(remarks)),
    )
    assert "Barca: Bote 3; Plazas: 5; Estado: Nuevo; Baja: no." in text


# Slides -----------------------------------------------------------------------------------------


def presentation() -> bytes:
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "¿Qué es el club?"
    body = slide.placeholders[1].text_frame
    body.text = "Una asociación de vecinos"
    for text, level in (("Sin ánimo de lucro", 1), ("Open to all", 0)):
        paragraph = body.add_paragraph()
        paragraph.text, paragraph.level = text, level
    slide.notes_slide.notes_text_frame.text = "Hablar de la cuota."
    hidden = deck.slides.add_slide(deck.slide_layouts[5])
    hidden.shapes.title.text = "Borrador"
    hidden.element.set("show", "0")
    bare = deck.slides.add_slide(deck.slide_layouts[6])
    low = bare.shapes.add_textbox(Cm(1), Cm(8), Cm(9), Cm(2))
    low.text_frame.text = "It meets on Mondays at nine in the hall."
    top = bare.shapes.add_textbox(Cm(1), Cm(1), Cm(9), Cm(2))
    top.text_frame.text = "When it meets"
    grid = bare.shapes.add_table(2, 2, Cm(1), Cm(12), Cm(9), Cm(3)).table
    for n, text in enumerate(("Día", "Hora", "lunes", "9")):
        grid.cell(n // 2, n % 2).text = text
    return saved(deck)


def test_a_slide_is_a_page_with_its_title_list_table_and_notes() -> None:
    document = parse(presentation(), "a.pptx")
    assert document.text == (
        "¿Qué es el club?\n\nUna asociación de vecinos\nSin ánimo de lucro\nOpen to all\n\nHablar de la cuota.\n\n"
        "When it meets\n\nIt meets on Mondays at nine in the hall.\n\nDía | Hora\nlunes | 9"
    )
    assert [h.text for h in document.headings] == ["¿Qué es el club?", "When it meets"]
    assert [b.level for b in document.blocks if b.kind == "item"] == [1, 2, 1]
    assert document.page_at(document.text.index("Mondays")) == 3
    assert document.left_out == (LeftOut("Borrador", 2, "hidden slide"),)


# OpenDocument -----------------------------------------------------------------------------------

_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
    for name, long in (
        ("office", "office"),
        ("text", "text"),
        ("table", "table"),
        ("style", "style"),
        ("draw", "drawing"),
        ("presentation", "presentation"),
        ("fo", "xsl-fo-compatible"),
    )
)


def test_a_chart_on_a_slide_is_a_table_of_its_figures() -> None:
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = "Socios por año"
    figures = CategoryChartData(number_format="0%")
    figures.categories = ["Niños", "Adults"]
    figures.add_series("2023", (0.4, 0.6))
    figures.add_series("2024", (0.25, 0.75))
    slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, Cm(1), Cm(2), Cm(9), Cm(9), figures)
    document = parse(saved(deck), "a.pptx")
    assert document.text == "Socios por año\n\n2023 | 2024\nNiños | 40% | 25%\nAdults | 60% | 75%"
    assert [block.level for block in document.blocks if block.kind == "row"] == [1, 0, 0]


def opened(kind: str, body: str, styles: str = "", margins: str = "") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as container:
        container.writestr(
            "content.xml",
            f"<office:document-content {_SPACES}><office:automatic-styles>{styles}</office:automatic-styles>"
            f"<office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>",
        )
        container.writestr(
            "styles.xml",
            f"<office:document-styles {_SPACES}><office:master-styles><style:master-page>{margins}</style:master-page>"
            "</office:master-styles></office:document-styles>",
        )
    return file.getvalue()


def test_an_opendocument_text_is_read_as_it_is_shown() -> None:
    styles = (
        '<style:style style:name="S"><style:text-properties style:text-line-through-style="solid"/></style:style>'
        '<style:style style:name="H"><style:text-properties text:display="none"/></style:style>'
        '<text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-format="1" '
        'style:num-suffix="."/><text:list-level-style-number text:level="2" style:num-format="a" '
        'style:num-suffix=")"/></text:list-style>'
    )
    body = (
        "<text:tracked-changes><text:p>borrado</text:p></text:tracked-changes>"
        '<text:h text:outline-level="2">Objeto</text:h>'
        '<text:p>Cuesta <text:span text:style-name="S">3</text:span>5<text:s text:c="2"/>euros'
        '<text:span text:style-name="H"> oculto</text:span>.<text:note><text:note-citation>1</text:note-citation>'
        "<text:note-body><text:p>Salvo en mayo.</text:p></text:note-body></text:note></text:p>"
        '<text:list text:style-name="L"><text:list-item><text:p>Uno</text:p><text:list><text:list-item>'
        "<text:p>Deep</text:p></text:list-item></text:list></text:list-item><text:list-item><text:p>Two</text:p>"
        "</text:list-item></text:list>"
        '<table:table><table:table-row><table:table-cell table:number-columns-repeated="1"><text:p>Año</text:p>'
        "</table:table-cell><table:table-cell><text:p>Total</text:p></table:table-cell></table:table-row>"
        "<table:table-row><table:table-cell><text:p>1900</text:p></table:table-cell><table:table-cell><text:p>7 €</text:p>"
        "</table:table-cell></table:table-row></table:table>"
    )
    margins = "<style:header><text:p>Casa Ñ</text:p></style:header><style:footer><text:p><text:page-number>3</text:page-number></text:p></style:footer>"
    document = parse(opened("text", body, styles, margins), "a.odt")
    assert document.text == (
        "Casa Ñ\n\nObjeto\n\nCuesta 5 euros.\n\nSalvo en mayo.\n\n1. Uno\na) Deep\n2. Two\n\nAño | Total\n1900 | 7 €"
    )
    assert [(h.level, h.text) for h in document.headings] == [(2, "Objeto")]
    assert ("footnote", "Salvo en mayo.") in kinds(document)


def test_an_empty_line_within_a_paragraph_of_opendocument_parts_two() -> None:
    end = "<text:line-break/>"
    said = ("Los libros se devuelven.", "Hay multa.", "Closed in May.")
    body = f"<text:p>{said[0]}{end}{end}{said[1]}{end}{said[2]}</text:p>"
    document = parse(opened("text", body), "a.odt")
    expected = [("paragraph", said[0]), ("paragraph", f"{said[1]}\n{said[2]}")]
    assert kinds(document) == expected


def test_a_cell_of_opendocument_that_goes_over_rows_is_said_in_each() -> None:
    def cell(text: str, more: str = "") -> str:
        return f"<table:table-cell{more}><text:p>{text}</text:p></table:table-cell>"

    covered = "<table:covered-table-cell/>"
    rows = (
        cell("Día") + cell("Hora") + cell("Room"),
        cell("Lunes", ' table:number-rows-spanned="2"') + cell("9:00") + cell("A"),
        covered + cell("17:00") + cell("B"),
        cell("Closed", ' table:number-columns-spanned="3"') + covered + covered,
    )
    table = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    document = parse(opened("text", f"<table:table>{table}</table:table>"), "a.odt")
    assert "Lunes | 9:00 | A\nLunes | 17:00 | B\n" in document.text
    assert document.text.count("Closed") == 1


def test_fields_in_one_line_of_opendocument_have_each_its_value() -> None:
    bold = (
        '<style:style style:name="B"><style:text-properties fo:font-weight="bold"/></style:style>'
    )
    name = '<text:span text:style-name="B">{}:</text:span>'
    line = f"<text:p>{name.format('Día')} lunes <text:s/>{name.format('Room')} 4</text:p>"
    body = f"{line}<text:p>Nombre:<text:tab/>Ana<text:tab/>Age: 7</text:p>"
    document = parse(opened("text", body, bold), "a.odt")
    assert document.text == "Día: lunes\nRoom: 4\n\nNombre: Ana\nAge: 7"


def test_an_opendocument_sheet_shows_its_values_and_is_not_swollen_by_repeats() -> None:
    def row(*cells: str, more: str = "") -> str:
        inner = "".join(f"<table:table-cell><text:p>{c}</text:p></table:table-cell>" for c in cells)
        return f"<table:table-row{more}>{inner}</table:table-row>"

    empty = (
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell '
        'table:number-columns-repeated="16000"/></table:table-row>'
    )
    hidden = row("x", "y", "z", more=' table:visibility="collapse"')
    body = f"<table:table>{row('Mes', 'Cuota', 'Town')}{row('Enero', '3,50 €', 'Lugo')}{hidden}{empty}</table:table>"
    assert (
        parse(opened("spreadsheet", body), "a.ods").text == "Mes: Enero; Cuota: 3,50 €; Town: Lugo."
    )


def test_struck_cells_of_an_opendocument_spreadsheet_do_not_hold() -> None:
    def row(style: str, *cells: str) -> str:
        cell = f'<table:table-cell table:style-name="{style}"><text:p>'
        said = "".join(f"{cell}{one}</text:p></table:table-cell>" for one in cells)
        return f"<table:table-row>{said}</table:table-row>"

    rows = row("", "Ruta", "Hour", "Fee") + row("gone", "Cabo", "8:00")
    rows += row("", "Faro", "9:45", "free")
    style = (
        '<style:style style:name="gone" style:family="table-cell">'
        '<style:text-properties style:text-line-through-style="solid"/></style:style>'
    )
    document = parse(opened("spreadsheet", f"<table:table>{rows}</table:table>", style), "a.ods")
    assert document.text == "Ruta: Faro; Hour: 9:45; Fee: free."
    assert document.left_out == (
        LeftOut("Cabo", 0, "struck out"),
        LeftOut("8:00", 0, "struck out"),
    )


def test_an_opendocument_presentation_has_pages_and_titles() -> None:
    def frame(role: str, text: str) -> str:
        return f'<draw:frame presentation:class="{role}"><draw:text-box><text:p>{text}</text:p></draw:text-box></draw:frame>'

    body = (
        f"<draw:page>{frame('title', 'El huerto')}{frame('outline', 'Hay doce parcelas.')}{frame('footer', 'pie')}</draw:page>"
        f"<draw:page>{frame('title', 'Fees')}<presentation:notes>{frame('notes', 'Say it.')}</presentation:notes></draw:page>"
    )
    document = parse(opened("presentation", body), "a.odp")
    assert document.text == "El huerto\n\nHay doce parcelas.\n\nFees\n\nSay it."
    assert [h.text for h in document.headings] == ["El huerto", "Fees"]
    assert document.page_at(document.text.index("Fees")) == 2


# Rich text, mail, archives ----------------------------------------------------------------------


def test_rich_text_has_paragraphs_and_tables() -> None:
    data = (
        rb"{\rtf1\ansi\ansicpg1252 La ni\'f1a lee.\par \trowd\cellx1\cellx2\cellx3 Mes\cell Cuota\cell Town\cell\row "
        rb"\trowd\cellx1\cellx2\cellx3 May\cell 7\cell Cork\cell\row \pard It is free.\par}"
    )
    document = parse(data, "a.rtf")
    assert document.text == "La niña lee.\n\nMes | Cuota | Town\nMay | 7 | Cork\n\nIt is free."
    assert [b.level for b in document.blocks if b.kind == "row"] == [1, 0]


def test_what_rich_text_says_of_its_paragraphs_is_kept() -> None:
    data = (
        rb"{\rtf1\ansi\ansicpg1252{\stylesheet{\s1 \outlinelevel0 heading 1;}}"
        rb"\pard\plain\s1\outlinelevel0 {\b {\*\bkmkstart _Toc1}Cuotas\par}"
        rb"\pard\plain Son 20 euros al a\'f1o{\super \chftn{\footnote \pard\plain {\super \chftn} Con IVA.}}.\par "
        rb"{\listtext\f3 \'b7\tab}\pard Un remo.\par {\listtext\f3 o\tab}\pard Two oars.\par "
        rb"{\pntext 1.\tab}\pard Avisar.\par {\listtext 2.\tab}\pard Call us.\par "
        rb"\pard {\b Horario}\par Nombre:\tab Ana\tab Age:\tab 7\par "
        rb"{\shp{\*\shpinst{\shptxt \pard Cerrado en agosto.\par}}}It is free.\par}"
    )
    document = parse(data, "a.rtf")
    assert document.text == (
        "Cuotas\n\nSon 20 euros al año.\n\nCon IVA.\n\nUn remo.\nTwo oars.\n1. Avisar.\n2. Call us.\n\nHorario\n\n"
        "Nombre: Ana\nAge: 7\n\nIt is free.\n\nCerrado en agosto."
    )
    assert [heading.text for heading in document.headings][0] == "Cuotas"
    found = kinds(document)
    assert ("footnote", "Con IVA.") in found
    assert [text for kind, text in found if kind == "item"][2:] == ["1. Avisar.", "2. Call us."]


def test_a_cell_of_rich_text_may_have_several_lines() -> None:
    row = rb"\trowd\cellx1\cellx2 \pard\intbl "
    data = (
        rb"{\rtf1\ansi "
        + row
        + rb"D\'eda\cell Hora\cell\row "
        + row
        + rb"Lunes\cell Desde las nueve\par "
        rb"Until five\line o seis\cell\row \pard It is free.\par}"
    )
    document = parse(data, "a.rtf")
    assert document.text == "Día | Hora\nLunes | Desde las nueve; Until five o seis\n\nIt is free."


def test_raised_marks_of_rich_text_do_not_become_figures_of_the_line() -> None:
    data = (
        rb"{\rtf1\ansi\ansicpg1252 Desde 1984{\super 3}.\par El solar mide 40 m\super 2\nosupersub  y 5 m de fondo.\par "
        rb"It was 1990{\fs24\up8\fs16 7}. H{\sub 2}O, {\up2\fs24 8}, the 1{\super st}.\par}"
    )
    assert parse(data, "a.rtf").text == (
        "Desde 1984³.\n\nEl solar mide 40 m² y 5 m de fondo.\n\nIt was 1990⁷. H2O, 8, the 1st."
    )


def mail(text: str, **headers: str) -> EmailMessage:
    message = EmailMessage()
    for name, value in headers.items():
        message[name] = value
    message.set_content(text)
    return message


def test_a_mail_says_who_wrote_what_and_when_and_holds_its_attachments() -> None:
    message = mail(
        "Hola, la reunión de vecinos será el lunes a las siete de la tarde.\n",
        From="Ana Núñez <ana@x.test>",
        To="todos@x.test",
        Subject="Reunión de mayo",
        Date="Fri, 03 May 2024 09:30:00 +0200",
    )
    message.add_attachment("# Orden\n\nCuentas del año.\n", subtype="markdown", filename="orden.md")
    message.add_attachment(b"\x00\x01", maintype="image", subtype="png", filename="foto.png")
    document = parse(message.as_bytes(), "a.eml")
    assert document.title == "Reunión de mayo"
    assert document.text == (
        "De: Ana Núñez <ana@x.test>\nPara: todos@x.test\nFecha: 2024-05-03 09:30\nAsunto: Reunión de mayo\n\n"
        "Hola, la reunión de vecinos será el lunes a las siete de la tarde.\n\norden.md\n\nOrden\n\nCuentas del año."
    )
    assert [kind for kind, _ in kinds(document)][:4] == ["label"] * 4


def test_a_mail_in_english_of_html_only_and_one_forwarded() -> None:
    inner = mail("The old fee was seven euros a year.\n", Subject="Old fee", From="a@x.test")
    message = mail("", Subject="New fee", From="b@x.test")
    message.set_content("<p>The new fee is <b>nine</b> euros a year.</p>", subtype="html")
    message.add_attachment(inner)
    document = parse(message.as_bytes(), "a.eml")
    assert document.text == (
        "From: b@x.test\nSubject: New fee\n\nThe new fee is nine euros a year.\n\nOld fee\n\n"
        "From: a@x.test\nSubject: Old fee\n\nThe old fee was seven euros a year."
    )


SAID = {
    "es": "La señora Núñez guardó 20 € en el cajón – «según parece» – mañana.",
    "en": "The café takes £3 – not 20 € – and “no cards” in the Öresund room.",
}


@pytest.mark.parametrize("text", SAID.values(), ids=SAID)
@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("", "utf-8"),
        ("", "cp1252"),
        ("us-ascii", "utf-8"),
        ("us-ascii", "cp1252"),
        ("klingon", "utf-8"),
        ("punycode", "cp1252"),
        ("utf-8", "cp1252"),
        ("iso-8859-1", "utf-8"),
        # As mail clients and browsers have it
        ("iso-8859-1", "cp1252"),
        ("ISO_8859-15", "cp1252"),
        ("utf-7", "utf-7"),
        ("utf-16le", "utf-16le"),
    ],
)
def test_a_mail_is_in_the_letters_in_which_it_is_text_whatever_it_says_of_them(
    declared: str, encoding: str, text: str
) -> None:
    kind = f"Content-Type: text/plain; charset={declared}\r\n" if declared else ""
    head = f"From: Eva <eva@x.test>\r\nSubject: x\r\n{kind}\r\n".encode()
    assert parse(head + text.encode(encoding), "a.eml").text.endswith(f": x\n\n{text}")


@pytest.mark.parametrize("text", SAID.values(), ids=SAID)
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_attachments_that_say_no_encoding_are_read_as_files_are(encoding: str, text: str) -> None:
    message = mail("x", Subject="x", From="a@x.test")
    page = f"<meta charset={encoding}><p>{text} page</p>"
    for name, content in (("a.txt", text), ("b.csv", f"A;B\n{text};9"), ("c.html", page)):
        kind = {"maintype": "text", "subtype": "plain" if name == "a.txt" else name[2:]}
        message.add_attachment(content.encode(encoding), filename=name, **kind)
    document = parse(message.as_bytes(), "a.eml")
    assert not document.left_out
    assert document.text.count(text) == 3


def test_a_mail_that_is_a_page_may_name_its_encoding_itself() -> None:
    page = f"<meta charset=macintosh><p>{SAID['es']}</p>".encode("mac_roman")
    head = b"From: a@x.test\r\nSubject: x\r\nContent-Type: text/html\r\n\r\n"
    assert parse(head + page, "a.eml").text.endswith(SAID["es"])


@pytest.mark.parametrize(
    "subject",
    [
        "Montaje – 20 € al día".encode(),
        "Montaje – 20 € al día".encode("cp1252"),
        b"=?iso-8859-1?Q?Montaje_=96_20_=80_al_d=EDa?=",
    ],
)
def test_the_head_of_a_mail_is_in_the_letters_in_which_it_is_text(subject: bytes) -> None:
    document = parse(b"From: a@x.test\r\nSubject: " + subject + b"\r\n\r\nHola.", "a.eml")
    assert document.title == "Montaje – 20 € al día"
    assert "Montaje – 20 € al día" in document.text


@pytest.mark.parametrize(
    ("text", "fuller"),
    [
        ("This mail is a web page.", True),
        ("Gracias por su pedido. Reparto: martes. Macetas: 6, a 4 €. Bulbs: 30, 9 €.", False),
    ],
)
def test_a_mail_whose_text_only_says_that_there_is_a_page_is_read_as_the_page(
    text: str, fuller: bool
) -> None:
    message = mail(text, Subject="Pedido 31", From="vivero@x.test")
    page = "<p>Gracias por su pedido. Reparto: martes.</p><table><tr><th>Cosa<th>Cuántas<th>Precio"
    page += "<tr><td>Macetas<td>6<td>4 €<tr><td>Bulbs<td>30<td>9 €</table>"
    message.add_alternative(page, subtype="html")
    document = parse(message.as_bytes(), "a.eml")
    assert ("Macetas | 6 | 4 €" in document.text) == fuller
    assert (text in document.text) != fuller


def zipped(**members: bytes | str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as container:
        for name, data in members.items():
            container.writestr(name.replace("_", "/"), data)
    return file.getvalue()


def test_an_archive_holds_its_documents_each_below_its_name() -> None:
    data = zipped(
        **{
            "uno.txt": "El ñandú.",
            "b_two.md": "# Two\n\nThe rhea.",
            "x.zip": zipped(),
            "c.exe": b"MZ",
        }
    )
    document = parse(data, "a.zip")
    assert document.text == "uno.txt\n\nEl ñandú.\n\ntwo.md\n\nTwo\n\nThe rhea."
    assert [(h.level, h.text) for h in document.headings] == [
        (1, "uno.txt"),
        (1, "two.md"),
        (2, "Two"),
    ]


def test_one_bad_document_of_an_archive_does_not_hide_the_others() -> None:
    data = zipped(**{"mal.pdf": b"%PDF-1.7 no", "bien.txt": "Año nuevo."})
    document = parse(data, "a.zip")
    assert document.text == "bien.txt\n\nAño nuevo."
    assert [(one.text, one.reason[:15]) for one in document.left_out] == [
        ("mal.pdf", "cannot be read:")
    ]


def outlook(body: str = "", page: bytes = b"", attached: dict[str, bytes] | None = None) -> bytes:
    """A mail as Outlook keeps it."""
    texts = {0x0037: "Turno de riego", 0x0C1A: "Ana Ríos", 0x0C1F: "ana@huerta.example"}
    texts |= {0x1000: body} if body else {}
    found: dict[str, object] = {
        **properties(bytes(32), texts, {0x1013: page, 0x3FDE: 65001} if page else {}),
        "__recip_version1.0_#00000000": properties(
            bytes(8), {0x3001: "Luis Paz", 0x39FE: "luis@huerta.example"}, {}
        ),
    }
    for n, (name, data) in enumerate((attached or {}).items()):
        found[f"__attach_version1.0_#{n:08X}"] = properties(
            bytes(8), {0x3707: name}, {0x3701: data, 0x3705: 1}
        )
    return compound(found)  # type: ignore[arg-type]


@pytest.mark.parametrize("code", ["cp850", "utf-8"])
@pytest.mark.parametrize(
    "name",
    ["CANCIÓN Nº 4 DEL NIÑO.txt", "Índice de España.txt", "café ¿sí?.txt", "Ámbar Ángel È.txt"],
)
def test_names_in_an_archive_that_do_not_say_how_they_are_coded_are_read(name, code):
    coded = name.encode(code)
    made = zipped(**{"x" * (len(coded) - 4) + ".txt": b"El puente es de piedra."})
    document = parse(made.replace(b"x" * (len(coded) - 4) + b".txt", coded), "a.zip")
    assert document.text == f"{name}\n\nEl puente es de piedra."


def test_a_name_in_an_archive_that_may_be_greek_stays_as_it_is():
    name = "menú Σ±.txt"
    coded = name.encode("cp437")
    made = zipped(**{"x" * (len(coded) - 4) + ".txt": b"The bridge is of stone."})
    document = parse(made.replace(b"x" * (len(coded) - 4) + b".txt", coded), "a.zip")
    assert document.text.startswith(name)


@pytest.mark.parametrize("n_lines", [1, 200])
def test_a_mail_of_outlook_has_its_headers_its_text_and_its_attachments(n_lines: int) -> None:
    said = "\n\n".join(f"El turno {n} de la tarde empieza a las cinco." for n in range(n_lines))
    data = outlook(said, attached={"plan.md": b"# Plan\n\nWater on Mondays.", "foto.raw": b"\0"})
    document = parse(data, "riego.msg")
    assert document.title == "Turno de riego"
    assert document.text == (
        'De: "Ana Ríos" <ana@huerta.example>\nPara: Luis Paz <luis@huerta.example>\nAsunto: Turno de riego\n\n'
        f"{said}\n\nplan.md\n\nPlan\n\nWater on Mondays."
    )
    assert document.left_out == (LeftOut("foto.raw", 0, "a file of another format"),)


def test_a_mail_of_outlook_may_be_a_web_page() -> None:
    page = "<p>Reunión el <del>lunes</del> martes.</p>".encode()
    document = parse(outlook(page=page), "riego.msg")
    assert document.text.endswith("Reunión el martes.")
    assert document.left_out == (LeftOut("lunes", 0, "struck out"),)


UNREADABLE = {
    "no outlook": ("Hola año".encode(), "a.msg", "this is not a mail of Outlook (.msg)"),
    "no workbook": (zipped(**{"a.txt": "x"}), "a.xlsx", "this is not an Excel workbook (.xlsx) or it is broken"),
    "no presentation": (zipped(**{"a.txt": "x"}), "a.pptx", "this is not a PowerPoint presentation"),
    "no opendocument": (zipped(**{"a.txt": "x"}), "a.odt", "this is not an OpenDocument text (.odt)"),
    "another opendocument": (opened("text", "<text:p>x</text:p>"), "a.ods", "its content is of another kind"),
    "entities": (zipped(**{"content.xml": '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'}), "a.odp", "declares XML entities"),
    "broken zip": (b"PK\x03\x04basura", "a.xlsx", "its zip container is broken"),
    "no rich text": ("Hola año".encode(), "a.rtf", "does not begin with {\\rtf"),
    "no mail": ("Hola año".encode(), "a.eml", "it has no From, To, Subject or Date"),
    "empty archive": (zipped(**{"a.exe": b"MZ"}), "a.zip", "holds no document that can be read"),
    "bomb": (zipped(**{"content.xml": b" " * 40_000_000}), "a.odt", "this looks like a zip bomb"),
}  # fmt: skip


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_file_that_cannot_be_read_is_told_in_one_line(name: str) -> None:
    data, doc_id, message = UNREADABLE[name]
    with pytest.raises(UnreadableDocumentError) as caught:
        parse(data, doc_id)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("doc_id", "told"),
    [
        ("acta.pages", "save it as .docx in its program first"),
        ("fees.numbers", "save it as .xlsx in its program first"),
    ],
)
def test_a_format_that_nobody_else_reads_is_told_how_it_is_saved(doc_id: str, told: str) -> None:
    with pytest.raises(UnsupportedFormatError) as caught:
        parse(b"x", doc_id)
    assert told in str(caught.value)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def program(folder: Path, lines: str) -> None:
    """A LibreOffice of our own: a script of that name, which finds what it is to write to in its last argument's folder."""
    script = folder / "soffice"
    script.write_text(
        f"#!{sys.executable}\nimport pathlib, sys, time\nsource = pathlib.Path(sys.argv[-1])\n{lines}\n"
    )
    script.chmod(0o755)


def test_a_file_of_an_old_program_is_read_as_what_libreoffice_makes_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = tmp_path / "made.xlsx"
    made.write_bytes(saved(workbook()))
    program(tmp_path, f"source.with_suffix('.xlsx').write_bytes(open({str(made)!r}, 'rb').read())")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert parse(OLE, "tarifas.xls").text == parse(made.read_bytes(), "tarifas.xlsx").text


@pytest.mark.parametrize(
    ("lines", "data", "told"),
    [
        (
            None,
            OLE,
            "LibreOffice, which is not installed; install it (Debian: apt install libreoffice-writer",
        ),
        ("print('source file could not be loaded')", OLE, "(source file could not be loaded)"),
        ("pass", OLE, "(it says nothing)"),
        ("time.sleep(60)", OLE, "it took more than 1 s"),
        ("pass", b"Hola", "this is not a .doc file"),
    ],
)
def test_what_libreoffice_cannot_do_is_told_in_one_line(
    lines: str | None, data: bytes, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if lines is not None:
        program(tmp_path, lines)
    monkeypatch.setenv("PATH", str(tmp_path))
    if "more than" in told:
        monkeypatch.setattr(legacy, "_SECONDS", 1)
    with pytest.raises(UnreadableDocumentError) as caught:
        parse(data, "acta.doc")
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_reads_a_word_document_of_1997() -> None:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "acta.rtf")
        source.write_bytes(MADE[".rtf"]())
        profile = f"-env:UserInstallation={Path(folder, 'profile').as_uri()}"
        command = ["soffice", profile, "--headless", "--convert-to", "doc", "--outdir", folder]
        subprocess.run([*command, str(source)], check=True, capture_output=True, timeout=90)
        document = parse(source.with_suffix(".doc").read_bytes(), "acta.doc")
    assert "La niña." in document.text


MADE: dict[str, Callable[[], bytes]] = {
    ".xlsx": lambda: saved(workbook()),
    ".pptx": presentation,
    ".odt": lambda: opened(
        "text", '<text:h text:outline-level="1">Año</text:h><text:p>Two</text:p>'
    ),
    ".ods": lambda: opened("spreadsheet", "<table:table><table:table-row/></table:table>"),
    ".odp": lambda: opened("presentation", "<draw:page><text:p>Año</text:p></draw:page>"),
    ".rtf": lambda: rb"{\rtf1\ansi La ni\'f1a.\par \trowd a\cell b\cell\row}",
    ".eml": lambda: mail("El año.", Subject="Two").as_bytes(),
    ".msg": lambda: outlook("El año pasado llovió más."),
    ".zip": lambda: zipped(**{"uno.txt": "El ñandú."}),
}
"""A small file of each format, for the tests of :mod:`test_parse` on damaged ones."""


@pytest.mark.parametrize(
    ("rows", "header"),
    [
        ([("Titular", "Ana Sanz"), ("Calle", "Mayor 4"), ("Teléfono", "600 123 456")], False),
        ([("Owner", "Tom Reed"), ("Age", "33")], False),
        (
            [
                ("Servicio", "Precio"),
                ("Llave", "4 €"),
                ("Cerradura", "85 €"),
                ("Otros", "a convenir"),
            ],
            True,
        ),
        ([("Day", "Opens"), ("Monday", "9:00"), ("Friday", "10:30")], True),
        ([("L 16-17h", "Judo", "Aula 2"), ("M 16-17h", "Coro", "Aula 5")], False),
        ([("Hall", "Mon 9:00", "Yoga"), ("Gym", "Tue 10:30", "Spin"), ("", "Fri 9:00", "")], False),
        ([("Sala", "Turno 9-14", "Turno 16-20"), ("Norte", "Ana", "Luis")], True),
        ([("Room", "Hours", "Code"), ("Oak", "9:00-14:00", "3"), ("Elm", "9-10", "4")], True),
    ],
)
def test_names_and_values_side_by_side_are_no_table_with_a_header(
    rows: list[tuple[str, ...]], header: bool
) -> None:
    assert looks_headed(rows) is header


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([["Fecha de", "Precio"], ["entrega", "(euros)"], ["Lunes 3", "12"], ["Martes 4", "15"]], True),
        ([["Lago", "Fondo", "Orilla"], ["", "m", "km"], ["Negro", "31", "4"], ["Ercina", "2", "1,5"]], True),
        ([["Lake", "Depth", "Fish"], ["", "ft", ""], ["Black", "90", "trout"], ["Long", "31", "carp"]], True),
        # A row that lacks its key or a number, words of a language, a single row below, a value
        ([["Fish", "Price"], ["trout", "ask"], ["carp", "12"], ["eel", "15"]], False),
        ([["Verb", "Past"], ["be", "was"], ["go", "went"], ["see", "saw"]], False),
        ([["Lago", "Fondo"], ["", "m"], ["Negro", "31"]], False),
        ([["Lago", "Fondo"], ["", "12 m"], ["Negro", "31"], ["Ercina", "2"]], False),
        ([["Lago", "Fondo"], ["", "m"], ["", "31"], ["Ercina", "2"]], False),
        ([["Lago", "Color"], ["", "azul"], ["Negro", "verde"], ["Ercina", "gris"]], False),
        ([["Lago"]], False),
        ([], False),
    ],
)  # fmt: skip
def test_a_second_row_goes_on_with_the_names_of_columns(
    rows: list[list[str]], expected: bool
) -> None:
    assert names_go_on(rows) is expected


def test_names_of_columns_in_several_rows_are_joined() -> None:
    assert joined_names([["Boat", "Winter", "", "Summer", ""], ["", "Day", "Week", "Day", "Week"]]) == ["Boat", "Winter Day", "Winter Week", "Summer Day", "Summer Week"]  # fmt: skip
    assert joined_names([["Boat", "Depth"], ["Boat", "m"], []]) == ["Boat", "Depth m"]
    assert joined_names([]) == []


UNITS = (("Pista", "Largo", "Cuota"), ("", "m", "€"), ("Verde", 120, 15), ("Roja", 340, 22), ("Azul", 90, 9))  # fmt: skip


@pytest.mark.parametrize("name", ["corral.xlsx", "corral.csv"])
@pytest.mark.parametrize(
    ("rows", "text"),
    [
        (
            [("Turnos",), ("Día", "Abre", "Cierra"), ("Lunes", 9, 14), ("Jueves", 10, 13), (), ("Prices",), ("Egg", "Cents"), ("Hen", 40), ("Duck", 65)],
            "Turnos\n\nDía: Lunes; Abre: 9; Cierra: 14.\nDía: Jueves; Abre: 10; Cierra: 13.\n\nPrices\n\nEgg: Hen; Cents: 40.\nEgg: Duck; Cents: 65.",
        ),
        (
            [("Hen", "Eggs", "Age"), ("Pía", 4, 2), ("Rosa", 6, 1), (), ("Feed",), ("Sack", "Kilos", "Pounds"), ("Maize", 25, 55), ("Oats", 20, 44)],
            "Hen: Pía; Eggs: 4; Age: 2.\nHen: Rosa; Eggs: 6; Age: 1.\n\nFeed\n\nSack: Maize; Kilos: 25; Pounds: 55.\nSack: Oats; Kilos: 20; Pounds: 44.",
        ),
        # A part of the same table
        (
            [("Gallina", "Color", "Casa"), ("Pía", "roja", "alta"), (), ("Las nuevas",), ("Rosa", "gris", "baja"), ("Lila", "roja", "baja")],
            "Gallina: Pía; Color: roja; Casa: alta.\n\nLas nuevas\n\nGallina: Rosa; Color: gris; Casa: baja.\nGallina: Lila; Color: roja; Casa: baja.",
        ),
    ],
)  # fmt: skip
def test_each_of_several_tables_of_a_sheet_has_its_title_and_its_header(
    name: str, rows: list[tuple[object, ...]], text: str
) -> None:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    csv = "\n".join(";".join(map(str, row)) for row in rows).encode()
    assert parse(saved(book) if name.endswith("xlsx") else csv, name).text == text


GROUPS = (("Pista", "Cuota", ""), ("", "Socios", "Guests"), ("Verde", "libre", 15), ("Roja", 4, 22))  # fmt: skip


@pytest.mark.parametrize("name", ["pistas.xlsx", "pistas.csv"])
@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (UNITS, "Pista: Verde; Largo m: 120; Cuota €: 15."),
        (GROUPS, "Pista: Verde; Cuota Socios: libre; Cuota Guests: 15."),
    ],
)
def test_what_stands_below_the_names_of_a_sheet_belongs_to_them(
    name: str, rows: tuple[tuple[object, ...], ...], said: str
) -> None:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    csv = "\n".join(";".join(map(str, row)) for row in rows).encode()
    text = parse(saved(book) if name.endswith("xlsx") else csv, name).text
    assert text.startswith(said)


@pytest.mark.parametrize(
    ("table", "n_headers"),
    [
        ("<tr><td rowspan=2>Grupo<td colspan=2>Lunes<td colspan=2>Jueves<tr><td>Abre<td>Cierra<td>Abre<td>Cierra", 2),
        ("<tr><td>Grupo<td>Largo<td>Alto<tr><td><td>m<td>m", 2),
        ("<thead><tr><th>Grupo<th>Largo<th>Alto</thead><tr><td><td>m<td>m", 2),
        ("<tr><th rowspan=2>Grupo<th colspan=2>Medidas<tr><td>Largo<td>Alto", 2),
        ("<tr><th>Grupo<th>Largo<th>Alto", 1),
    ],
)  # fmt: skip
def test_a_web_table_may_have_a_header_of_two_rows(table: str, n_headers: int) -> None:
    width = 5 if "Lunes" in table else 3
    below = "".join(
        f"<tr><td>{name}" + "".join(f"<td>{n + k}" for k in range(width - 1))
        for n, name in enumerate(("Rojo", "Verde", "Gris"), 7)
    )
    page = parse(f"<h1>Grupos</h1><table>{table}{below}</table>".encode(), "g.html")
    levels = [block.level for block in page.blocks if block.kind == "row"]
    assert levels == [1] * n_headers + [0, 0, 0]


def test_a_figure_over_the_bold_name_of_what_it_counts_is_in_its_section() -> None:
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = "El vivero en cifras"

    def box(left: int, top: int, text: str, bold: bool = False) -> None:
        frame = slide.shapes.add_textbox(Cm(left), Cm(top), Cm(5), Cm(1.5)).text_frame
        frame.text = text
        frame.paragraphs[0].runs[0].font.bold = bold

    for left, figure, name, said in (
        (1, "48", "Encinas", "plantadas este invierno en la ladera norte"),
        (8, "1.200 €", "Donations", "were spent on fences and on watering cans"),
    ):
        box(left, 5, figure, True)
        box(left, 7, name, True)
        box(left, 9, said)
    out = io.BytesIO()
    deck.save(out)
    document = parse(out.getvalue(), "vivero.pptx")
    for figure, name in (("48", "Encinas"), ("1.200 €", "Donations")):
        assert document.heading_path(document.text.index(figure))[-1] == name


_GROUPED: tuple[tuple[str, ...], ...] = (
    ("Curso", "Cuota", "Días"),
    ("Principiantes",),
    ("Remo", "30 €", "lunes"),
    ("Vela", "45 €", "martes"),
    ("Nobody rows alone.",),
    ("Seniors:",),
    ("Curso", "Cuota", "Días"),
    ("Remo", "20 €", "jueves"),
    ("Material aparte",),
)
"""Rows of one cell stand over all columns."""


def grouped_slide() -> bytes:
    deck = pptx.Presentation()
    shapes = deck.slides.add_slide(deck.slide_layouts[6]).shapes
    grid = shapes.add_table(len(_GROUPED), 3, Cm(1), Cm(1), Cm(20), Cm(9)).table
    for n, row in enumerate(_GROUPED):
        if len(row) == 1:
            grid.cell(n, 0).merge(grid.cell(n, 2))
        for column, text in enumerate(row):
            grid.cell(n, column).text = text
    return saved(deck)


def grouped_text() -> bytes:
    rows = ""
    for row in _GROUPED:
        over = ' table:number-columns-spanned="3"' if len(row) == 1 else ""
        cells = "".join(
            f"<table:table-cell{over}><text:p>{cell}</text:p></table:table-cell>" for cell in row
        )
        covered = "<table:covered-table-cell/>" * (3 - len(row))
        rows += f"<table:table-row>{cells}{covered}</table:table-row>"
    return opened("text", f"<table:table>{rows}</table:table>")


def grouped_word() -> bytes:
    document = docx.Document()
    grid = document.add_table(len(_GROUPED), 3)
    for n, row in enumerate(_GROUPED):
        if len(row) == 1:
            grid.cell(n, 0).merge(grid.cell(n, 2))
        for column, text in enumerate(row):
            grid.cell(n, column).text = text
    return saved(document)


@pytest.mark.parametrize(
    ("data", "name"),
    [(grouped_slide, "a.pptx"), (grouped_text, "a.odt"), (grouped_word, "a.docx")],
)
def test_the_rows_of_a_table_say_the_name_of_their_group_that_stands_over_all_columns(
    data: Callable[[], bytes], name: str
) -> None:
    document = parse(data(), name)
    assert document.text.split("\n") == [
        "Curso | Cuota | Días",
        "Principiantes: Remo | 30 € | lunes",
        "Principiantes: Vela | 45 € | martes",
        "Nobody rows alone.",
        "Seniors: Remo | 20 € | jueves",
        "Material aparte",
    ]
    assert [b.level for b in document.blocks if b.kind == "row"] == [1, 0, 0, 0, 0, 0]


Box = tuple[int, float, bool, str]


def deck_of_boxes(*slides: tuple[Box, ...]) -> Document:
    """Slides of boxes, each with how far below the top it stands, the size of its letters, whether they are bold, its lines."""
    deck = pptx.Presentation()
    for boxes in slides:
        slide = deck.slides.add_slide(deck.slide_layouts[6])
        for top, size, bold, said in boxes:
            frame = slide.shapes.add_textbox(Cm(2), Cm(top), Cm(9), Cm(1)).text_frame
            frame.text = said
            for paragraph in frame.paragraphs:
                paragraph.runs[0].font.size, paragraph.runs[0].font.bold = Pt(size), bold
    return parse(saved(deck), "a.pptx")


def test_the_title_of_a_slide_without_one_is_its_largest_line() -> None:
    document = deck_of_boxes(
        (
            (1, 8, True, "VECINOS"),
            (2, 30, True, "El muelle abre de noche."),
            (5, 14, False, "Desde mayo hay lámparas en el muelle y en los remos."),
            (8, 7, True, "Sector norte"),
            (9, 16, True, "Boats and oars"),
            (11, 10, False, "Every boat has two oars and a lamp on its bow."),
            (13, 12, True, "Use less\nand mend more"),
            (15, 10, False, "Broken oars are mended in the boat house."),
        )
    )
    found = ["El muelle abre de noche.", "Boats and oars", "Use less and mend more"]
    assert [h.text for h in document.headings] == found


def test_what_most_slides_have_in_one_place_is_read_once_and_their_numbers_are_not() -> None:
    titles = ("Los remos", "Las barcas", "The lamps")
    document = deck_of_boxes(
        *(
            (
                (2, 30, True, title),
                (5, 14, False, f"{title}: lo que se guarda en el muelle."),
                (17, 7, True, "Club de Remo Ñ"),
                (18, 7, True, f"0{n}"),
            )
            for n, title in enumerate(titles, start=1)
        )
    )
    assert [h.text for h in document.headings] == list(titles)
    assert document.text.count("Club de Remo Ñ") == 1
    assert not any(f"0{n}" in document.text for n in (1, 2, 3))
    reasons = [one.reason for one in document.left_out]
    assert reasons.count("repeated at the edge of pages") == 2
    assert reasons.count("page number") == 3
