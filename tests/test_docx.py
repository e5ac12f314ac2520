"""Word documents: what is shown is text, what is not shown is none, and each part is known for what it is."""

from __future__ import annotations

import io
import zipfile
from html import escape

import docx
import pytest

from corpus.document import Document
from corpus.parse import parse
from corpus.readers.numbering import cardinal_text, letters, letters_in_turn, ordinal_text, roman

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STYLES = (
    '<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Mine"><w:name w:val="Mine"/><w:basedOn w:val="Heading1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/></w:style>'
    '<w:style w:type="character" w:styleId="Old"><w:name w:val="Old"/><w:rPr><w:strike/></w:rPr></w:style>'
)


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(content: str, style: str = "", number: tuple[int, int] | None = None) -> str:
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    if number is not None:
        named += f'<w:numPr><w:ilvl w:val="{number[1]}"/><w:numId w:val="{number[0]}"/></w:numPr>'
    inner = content if content.startswith("<") else run(content)
    return f"<w:p><w:pPr>{named}</w:pPr>{inner}</w:p>"


def table(*rows: tuple[str, ...]) -> str:
    cells = ("".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) for row in rows)
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"


def numbering(*lists: tuple[tuple[str, str], ...], more: str = "") -> str:
    """``lists`` of levels, each a format and a shape such as "%1.%2"."""
    xml = ""
    for n, levels in enumerate(lists, start=1):
        inner = "".join(
            f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{shape}"/></w:lvl>'
            for depth, (kind, shape) in enumerate(levels)
        )
        xml += f'<w:abstractNum w:abstractNumId="{n}">{inner}</w:abstractNum>'
    for n in range(1, len(lists) + 1):
        xml += f'<w:num w:numId="{n}"><w:abstractNumId w:val="{n}"/></w:num>'
    return f"<w:numbering {NAMESPACES}>{xml}{more}</w:numbering>"


def word(body: str, **parts: str) -> bytes:
    """A document with that body; ``parts`` by their kind ("numbering", "footnotes", "header")."""
    file = io.BytesIO()
    parts = {"styles": f"<w:styles {NAMESPACES}>{STYLES}</w:styles>", **parts}
    types = relations = ""
    with zipfile.ZipFile(file, "w") as container:
        for kind, xml in parts.items():
            name, kind_type = f"{kind}.xml", f"{_TYPE}.{kind}+xml"
            if kind == "aFChunk":
                name, kind_type = "chunk.html", "text/html"
            types += f'<Override PartName="/word/{name}" ContentType="{kind_type}"/>'
            relations += f'<Relationship Id="{kind}" Type="{_RELATION}/{kind}" Target="{name}"/>'
            container.writestr(f"word/{name}", xml)
        container.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{_TYPE}.document.main+xml"/>{types}</Types>',
        )
        opened = (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        )
        container.writestr(
            "_rels/.rels",
            f'{opened}<Relationship Id="a" Type="{_RELATION}/officeDocument" Target="word/document.xml"/></Relationships>',
        )
        container.writestr("word/_rels/document.xml.rels", f"{opened}{relations}</Relationships>")
        container.writestr(
            "word/document.xml", f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>"
        )
    return file.getvalue()


def read(body: str, **parts: str) -> Document:
    return parse(word(body, **parts), "a.docx")


def kinds(document: Document) -> list[tuple[str, str]]:
    return [(block.kind, document.text[block.start : block.end]) for block in document.blocks]


def test_items_have_the_numbers_that_are_shown() -> None:
    shapes = numbering((("decimal", "%1."), ("lowerLetter", "%2)"), ("lowerRoman", "%3.")))
    depths = [0, 1, 1, 2, 0, 1]
    names = ["Año", "Ñandú", "Second", "Deep", "Otro", "Again"]
    body = "".join(paragraph(n, number=(1, d)) for n, d in zip(names, depths, strict=True))
    document = read(body, numbering=shapes)
    assert document.text == "1. Año\na) Ñandú\nb) Second\ni. Deep\n2. Otro\na) Again"
    items = [block for block in document.blocks if block.kind == "item"]
    assert [block.level for block in items] == [1, 2, 2, 3, 1, 2]
    first = items[0].cells
    assert first is not None
    assert document.text[slice(*first[0])] == "1."


def test_headings_have_their_numbers_and_levels_by_style_and_outline() -> None:
    shapes = numbering((("upperRoman", "%1."), ("decimal", "%1.%2")))
    body = (
        paragraph("Objeto", "Mine", (1, 0))
        + paragraph("Uno es el objeto de estas bases.")
        + '<w:p><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr><w:outlineLvl w:val="1"/></w:pPr>'
        + run("Scope")
        + "</w:p>"
    )
    document = read(body, numbering=shapes)
    assert [(h.level, h.text) for h in document.headings] == [(1, "I. Objeto"), (2, "I.1 Scope")]


def outlined(content: str, properties: str = "") -> str:
    return f'<w:p><w:pPr>{properties}<w:outlineLvl w:val="0"/></w:pPr>{content}</w:p>'


def test_a_level_of_the_outline_that_ordinary_text_has_makes_no_heading() -> None:
    name = '<w:style w:type="paragraph" w:styleId="{0}"><w:name w:val="{0}"/>{1}<w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>'
    styles = name.format("Normal", "") + name.format("Body Text", '<w:basedOn w:val="Normal"/>')
    body = paragraph("Huertos", "Heading1") + paragraph("Está prohibido quemar rastrojos.")
    body += paragraph("Pets stay on a lead.", "Body Text") + paragraph("Riego", "Heading1")
    document = read(body, styles=f"<w:styles {NAMESPACES}>{STYLES}{styles}</w:styles>")
    assert [h.text for h in document.headings] == ["Huertos", "Riego"]


def test_an_item_with_a_level_of_the_outline_is_a_heading_where_it_is_bold() -> None:
    listed = '<w:style w:type="paragraph" w:styleId="L"><w:name w:val="List Paragraph"/></w:style>'
    properties = '<w:pStyle w:val="L"/><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    body = outlined(run("Readings", "<w:b/>"), properties)
    body += outlined(run("El mercado de la sal"), properties) + outlined(run("Tide"), properties)
    document = read(
        body,
        numbering=numbering((("decimal", "%1."),)),
        styles=f"<w:styles {NAMESPACES}>{STYLES}{listed}</w:styles>",
    )
    assert kinds(document) == [
        ("heading", "1. Readings"),
        ("list", "2. El mercado de la sal\n3. Tide"),
        ("item", "2. El mercado de la sal"),
        ("item", "3. Tide"),
    ]


def test_a_numbered_line_in_bold_over_one_a_level_deeper_is_a_heading_as_well() -> None:
    shapes = numbering((("decimal", "%1."), ("decimal", "%1.%2")))
    body = "".join(
        paragraph(run(title, "<w:b/>"), number=(1, depth)) + (paragraph(LONG) if below else "")
        for title, depth, below in (("Sede", 0, True), ("Fines", 0, False), ("Aim", 1, True))
    )
    found = [h.text for h in read(body, numbering=shapes).headings]
    assert found == ["1. Sede", "2. Fines", "2.1 Aim"]


def test_a_style_of_headings_that_holds_numbered_clauses_makes_items() -> None:
    style = '<w:style w:type="paragraph" w:styleId="{0}"><w:name w:val="{1}"/></w:style>'
    styles = style.format("Heading2", "heading 2") + style.format("Sub", "Sub-heading")
    shapes = numbering((("decimal", "%1"), ("lowerLetter", "(%2)")))
    body = paragraph("Miembros", "Heading1", (1, 0)) + paragraph("Quiénes son", "Sub")
    for clause in (
        "paga la cuota; y",
        "vive en Leiro.",
        "is of age; or",
        "Someone else lends them a boat of their own for a year.",
        "Tides",
    ):
        body += paragraph(clause, "Heading2", (1, 1))
    document = read(
        body, numbering=shapes, styles=f"<w:styles {NAMESPACES}>{STYLES}{styles}</w:styles>"
    )
    assert [h.text for h in document.headings] == ["1 Miembros", "Quiénes son"]
    assert sum(block.kind == "item" for block in document.blocks) == 5


def test_the_last_of_numbered_steps_in_bold_is_a_step_where_all_is_bold() -> None:
    bold = "<w:b/>"
    steps = ("Lave la calabaza.", "Córtela en dados.", "Bake it for an hour.")
    recipe = "".join(paragraph(run(step, bold), number=(1, 0)) for step in steps)
    body = (recipe + paragraph(run("Sopa de ortigas", bold))) * 2
    document = read(body, numbering=numbering((("decimal", "%1."),)))
    assert sum(kind == "item" for kind, _ in kinds(document)) == 6
    assert not any(h.text[0].isdigit() for h in document.headings)


def test_the_last_of_several_items_in_bold_over_a_text_is_an_item() -> None:
    bold = "<w:b/>"
    items = ("Nombre completo", "Barca", "Phone of the jetty.")
    body = "".join(paragraph(run(item, bold), number=(1, 0)) for item in items) + paragraph(LONG)
    document = read(body * 2, numbering=numbering((("decimal", "%1."),)))
    assert sum(kind == "item" for kind, _ in kinds(document)) == 6
    assert not document.headings


@pytest.mark.parametrize("word_for", ["Cláusula %1.ª", "Clause %1."])
def test_a_clause_that_is_counted_is_a_heading_over_what_it_says(word_for: str) -> None:
    shapes = numbering((("decimal", word_for),))
    body = "".join(
        paragraph(text, number=(1, 0))
        for text in ("El alquiler se paga en enero.", "The rent is paid in May.")
    )
    document = read(body, numbering=shapes)
    assert [h.text for h in document.headings] == [word_for.replace("%1", str(n)) for n in (1, 2)]


LONG = (
    "La asociación recoge cada martes el barro que sobra de los talleres y lo reparte entre las escuelas del valle que lo piden. "
    "Whoever fetches it by cart brings a lid for each bucket and signs the list that hangs beside the door."
)


def test_titles_that_a_list_counts_over_long_texts_are_headings() -> None:
    shapes = numbering((("decimal", "%1."), ("decimal", "%1.%2.")))
    titles = [("Introducción", 0), ("El barro que sobra", 1), ("Who fetches it", 1), ("Métodos", 0), ("Presupuesto", 0)]  # fmt: skip
    body = "".join(
        paragraph(title, number=(1, depth)) + ("" if title == "Introducción" else paragraph(LONG))
        for title, depth in titles
    )
    document = read(body, numbering=shapes)
    assert [(h.level, h.text) for h in document.headings] == [
        (1, "1. Introducción"), (2, "1.1. El barro que sobra"), (2, "1.2. Who fetches it"), (1, "2. Métodos"), (1, "3. Presupuesto"),
    ]  # fmt: skip
    assert document.title == "A"


@pytest.mark.parametrize(
    ("items", "below"),
    [
        (["Abra la caja.", "Saque el horno.", "Plug it in.", "Wait an hour."], LONG),
        (["Abra la caja", "Saque el horno", "Plug it in", "Wait an hour"], "La luz se enciende."),
        (["Barro", "Esmalte", "Glaze"], LONG),
        (["Barro", "Esmalte", "Glaze", "Brush"], ""),
    ],
)
def test_steps_and_lists_with_a_word_below_them_stay_lists(items: list[str], below: str) -> None:
    shapes = numbering((("decimal", "%1."),))
    said = paragraph(below) if below else ""
    document = read(
        "".join(paragraph(one, number=(1, 0)) + said for one in items), numbering=shapes
    )
    assert not document.headings


def test_a_list_begins_anew_where_it_says_so_and_goes_on_where_it_does_not() -> None:
    again = (
        '<w:num w:numId="2"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/>'
        '</w:lvlOverride></w:num><w:num w:numId="3"><w:abstractNumId w:val="1"/></w:num>'
    )
    shapes = numbering((("decimal", "%1."),), more=again)
    body = "".join(
        paragraph(text, number=(n, 0)) for text, n in (("a", 1), ("b", 1), ("c", 2), ("d", 3))
    )
    assert read(body, numbering=shapes).text == "1. a\n2. b\n1. c\n2. d"


def test_a_bullet_has_no_number_and_number_nought_takes_it_away() -> None:
    shapes = numbering((("bullet", "\uf0b7"),))
    body = paragraph("café", number=(1, 0)) + paragraph("A line.", number=(0, 0))
    assert read(body, numbering=shapes).text == "café\n\nA line."


def test_letters_and_roman_numbers() -> None:
    assert [letters(n) for n in (1, 26, 27, 52, 53)] == ["a", "z", "aa", "zz", "aaa"]
    assert [letters_in_turn(n) for n in (1, 26, 27, 52, 703)] == ["a", "z", "aa", "az", "aaa"]
    assert [roman(n) for n in (1, 4, 9, 40, 1999)] == ["I", "IV", "IX", "XL", "MCMXCIX"]


@pytest.mark.parametrize(
    ("lang", "cardinals", "ordinals"),
    [
        (
            "es",
            ["uno", "veintidós", "treinta", "cuarenta y uno", "100"],
            ["primero", "vigésimo segundo", "trigésimo", "cuadragésimo primero", "100.º"],
        ),
        (
            "en",
            ["one", "twenty-two", "thirty", "forty-one", "100"],
            ["first", "twenty-second", "thirtieth", "forty-first", "100th"],
        ),
    ],
)
def test_numbers_in_words(lang: str, cardinals: list[str], ordinals: list[str]) -> None:
    counts = (1, 22, 30, 41, 100)
    assert [cardinal_text(n, lang) for n in counts] == cardinals
    assert [ordinal_text(n, lang) for n in counts] == ordinals


@pytest.mark.parametrize(
    ("kind", "texts", "shown"),
    [
        ("ordinalText", ("El pozo es de todos.", "La senda también."), "Primero. El pozo es de todos.\nSegundo. La senda también."),
        ("ordinalText", ("The well is for all of us.", "So is the path."), "First. The well is for all of us.\nSecond. So is the path."),
        ("cardinalText", ("The well is for all of us.", "So is the path."), "One. The well is for all of us.\nTwo. So is the path."),
        ("ordinal", ("The well is for all of us.", "So is the path."), "1st. The well is for all of us.\n2nd. So is the path."),
        ("ordinal", ("El pozo es de todos.", "La senda también."), "1.º. El pozo es de todos.\n2.º. La senda también."),
    ],
)  # fmt: skip
def test_numbers_of_a_list_may_be_words_of_the_language_of_the_document(
    kind: str, texts: tuple[str, str], shown: str
) -> None:
    body = "".join(paragraph(text, number=(1, 0)) for text in texts)
    text = read(body, numbering=numbering(((kind, "%1."),))).text
    assert text.replace("\n\n", "\n") == shown


@pytest.mark.parametrize(
    "unseen",
    [
        run("viejo", "<w:strike/>"),
        run("viejo", "<w:dstrike/>"),
        run("viejo", "<w:vanish/>"),
        run("viejo", '<w:color w:val="FFFFFF"/>'),
        run("viejo", '<w:rStyle w:val="Old"/>'),
        '<w:del w:id="1" w:author="x"><w:r><w:delText>viejo</w:delText></w:r></w:del>',
        f'<w:moveFrom w:id="1" w:author="x">{run("viejo")}</w:moveFrom>',
    ],
)
def test_what_is_struck_out_hidden_or_deleted_is_no_text(unseen: str) -> None:
    seen = f'<w:ins w:id="2" w:author="x">{run("nuevo")}</w:ins>'
    kept = run(" año", '<w:rStyle w:val="Old"/><w:strike w:val="0"/>')
    assert read(f"<w:p>{unseen}{seen}{kept}</w:p>").text == "nuevo año"


WHITE = '<w:color w:val="FFFFFF"/>'


@pytest.mark.parametrize(
    "body",
    [
        "<w:p>" + run("nuevo año", WHITE + '<w:shd w:val="clear" w:fill="000080"/>') + "</w:p>",
        '<w:p><w:pPr><w:shd w:fill="000080"/></w:pPr>' + run("nuevo año", WHITE) + "</w:p>",
        "<w:p>" + run("nuevo año", '<w:color w:val="FFFF00"/>') + "</w:p>",
    ],
)
def test_white_letters_on_a_shade_are_text(body: str) -> None:
    assert read(body).text == "nuevo año"


def test_a_deleted_row_is_no_text() -> None:
    gone = f'<w:tr><w:trPr><w:del w:id="1" w:author="x"/></w:trPr><w:tc>{paragraph("no")}</w:tc><w:tc/></w:tr>'
    body = table(("Año", "Precio"), ("2024", "10 €")).replace("</w:tbl>", gone + "</w:tbl>")
    assert read(body).text == "Año | Precio\n2024 | 10 €"


def test_symbols_and_raised_letters_are_characters() -> None:
    sign = '<w:r><w:sym w:font="{}" w:char="{}"/></w:r>'
    above = '<w:vertAlign w:val="superscript"/>'
    body = (
        f"<w:p>{sign.format('Wingdings', 'F0FE')}{run(' Sí ')}{sign.format('Symbol', 'F061')}"
        f"{sign.format('Wingdings', 'F001')}{run(' 10')}{run('6', above)}</w:p>"
    )
    assert read(body).text == "☑ Sí α 10⁶"


def test_letters_are_raised_by_their_style_or_by_their_place() -> None:
    styles = (
        '<w:style w:type="character" w:styleId="Mark"><w:name w:val="footnote reference"/>'
        '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="MarkToo"><w:name w:val="Mark too"/><w:basedOn w:val="Mark"/></w:style>'
    )
    mark, too = '<w:rStyle w:val="Mark"/>', '<w:rStyle w:val="MarkToo"/>'
    above, low = '<w:position w:val="8"/><w:sz w:val="14"/>', '<w:position w:val="-4"/>'
    level = mark + '<w:vertAlign w:val="baseline"/>'
    body = (
        f"<w:p>{run('Rent is due in 15')}{run('3', mark)}{run(' days or 8')}"
        f"{run('4', too)}{run(' weeks, 10')}{run('6', above)}"
        f"{run(' times, N')}{run('2', low)}{run(' in 20')}{run('24', level)}{run('.')}</w:p>"
    )
    text = read(body, styles=f"<w:styles {NAMESPACES}>{styles}</w:styles>").text
    assert text == "Rent is due in 15³ days or 8⁴ weeks, 10⁶ times, N2 in 2024."


def test_a_division_in_roman_numerals_ends_behind_the_sign_of_its_order() -> None:
    shapes = numbering((("upperRoman", "Artículo %1.º"),))
    body = paragraph("El coro ensaya.", number=(1, 0)) + paragraph("Se canta.", number=(1, 0))
    assert kinds(read(body, numbering=shapes)) == [
        ("heading", "Artículo I.º"),
        ("paragraph", "El coro ensaya."),
        ("heading", "Artículo II.º"),
        ("paragraph", "Se canta."),
    ]


def test_an_equation_is_text_in_its_sentence() -> None:
    power = (
        "<m:sSup><m:e><m:r><m:t>c</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup>"
    )
    half = (
        "<m:f><m:num><m:r><m:t>m+n</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f>"
    )
    body = f"<w:p>{run('Vale ')}<m:oMath><m:r><m:t>E = </m:t></m:r>{half}{power}</m:oMath>{run(' siempre.')}</w:p>"
    assert read(body).text == "Vale E = (m+n)/2c² siempre."


def test_the_lines_of_a_system_and_the_cells_of_a_matrix_stand_apart() -> None:
    def said(text: str) -> str:
        return f"<m:r><m:t>{text}</m:t></m:r>"

    def inside(name: str, *texts: str) -> str:
        return "".join(f"<m:{name}>{said(text)}</m:{name}>" for text in texts)

    system = f"<m:eqArr><m:eqArrPr/>{inside('e', 'x+y=12', 'x−y=4')}</m:eqArr>"
    rows = f"<m:mr>{inside('e', '1', '2')}</m:mr><m:mr>{inside('e', '3', '4')}</m:mr>"
    limit = f"<m:limLow>{inside('e', 'lim')}{inside('lim', 'n→∞')}</m:limLow>"
    func = f"<m:func><m:fName>{limit}</m:fName>{inside('e', 'aₙ')}</m:func>"
    shown = [system, f"<m:m>{rows}</m:m>", func]
    body = "".join(f"<w:p>{run('Sea ')}<m:oMath>{one}</m:oMath>{run(' always.')}</w:p>" for one in shown)  # fmt: skip
    assert read(body).text == "\n\n".join(
        f"Sea {one} always." for one in ("x+y=12; x−y=4", "1, 2; 3, 4", "lim_(n→∞) aₙ")
    )


BOX = (
    "<w:r><mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r><w:t>Aforo: {n}.</w:t></w:r></w:p></w:txbxContent>"
    "</mc:Choice><mc:Fallback><w:txbxContent><w:p><w:r><w:t>Aforo: {n}.</w:t></w:r></w:p></w:txbxContent></mc:Fallback>"
    "</mc:AlternateContent></w:r>"
)


def test_a_text_box_is_read_once_also_in_a_cell() -> None:
    cell = (
        f"<w:tc><w:p>{run('Sala')}{BOX.format(n=80)}</w:p></w:tc><w:tc>{paragraph('Room')}</w:tc>"
    )
    body = f"<w:p>{run('Otra sala.')}{BOX.format(n=90)}</w:p><w:tbl><w:tr>{cell}</w:tr></w:tbl>"
    assert read(body).text == "Otra sala.\n\nAforo: 90.\n\nSala Aforo: 80. | Room"


def test_the_labels_of_a_drawn_plan_are_no_headings() -> None:
    space = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
    shape = f'<w:r><w:drawing><wp:anchor xmlns:wp="{space}"><wp:wrapNone/></wp:anchor></w:drawing></w:r>'
    letters = "".join(map(paragraph, "DOOR"))
    upright = f"<w:r><w:pict><w:txbxContent>{letters}</w:txbxContent></w:pict></w:r>"
    text = "Las barcas se guardan en la nave y los remos en el piso de arriba."
    plan = (
        f"<w:p>{4 * shape}{run('PUERTA')}</w:p>{paragraph('MESA')}<w:p>{4 * shape}{upright}</w:p>"
    )
    document = read(f"{paragraph(text)}{plan}{paragraph('HORARIO')}{paragraph(text)}")
    told = {document.text[b.start : b.end]: b.kind for b in document.blocks}
    assert [one for one, kind in told.items() if kind == "caption"] == ["PUERTA", "MESA", "DOOR"]
    # A few shapes are no plan
    few = read(f"{paragraph(text)}<w:p>{shape}{run('PUERTA')}</w:p>{paragraph(text)}")
    assert not [block for block in few.blocks if block.kind == "caption"]


def test_a_table_has_its_header_and_rows_with_their_cells() -> None:
    document = read(
        table(("Servicio", "Precio", "Plazo"), ("Copia", "4 €", ""), ("Keys", "", "2 h"))
    )
    rows = [block for block in document.blocks if block.kind == "row"]
    assert [row.level for row in rows] == [1, 0, 0]
    cells = [[document.text[slice(*cell)] for cell in row.cells or ()] for row in rows]
    assert cells == [["Servicio", "Precio", "Plazo"], ["Copia", "4 €", ""], ["Keys", "", "2 h"]]


@pytest.mark.parametrize(
    ("rows", "n_headers"),
    [
        ([("Zona", "Vecinos", "", "Turistas", ""), ("", "Día", "Mes", "Día", "Mes"), ("Roja", "1 €", "20 €", "6 €", "90 €")], 2),
        ([("", "Adults", "", "Children", ""), ("Club", "Day", "Year", "Day", "Year"), ("Oaks", "£5", "£80", "£2", "£30")], 2),
        ([("", "Mañana", "Tarde"), ("Lunes", "cerrado", "cerrado"), ("Martes", "9 a 14", "16 a 20")], 1),
        ([("Course", "Fee", ""), ("Sailing", "yes", "yes"), ("Rowing", "no", "free")], 1),
        # One name over several columns, each with its own below it
        ([("Zona", "Cuota", "", "Aforo"), ("", "Vecinos", "De fuera", ""), ("Roja", "gratis", "9 €", "40")], 2),
        ([("", "Members", "", ""), ("Club", "2022", "2023", "2024"), ("Oaks", "41", "38", "52")], 2),
        ([("", "Fee", ""), ("Sailing", "Mondays", "Fridays"), ("Rowing", "Sundays", "never")], 0),
        ([("Club", "Fee", ""), ("", "£5", "£80"), ("Oaks", "£4", "£60")], 1),
    ],
)  # fmt: skip
def test_two_rows_are_the_header_where_names_of_columns_stand_below_those_of_groups(
    rows: list[tuple[str, ...]], n_headers: int
) -> None:
    found = [b for b in parse(word(table(*rows)), "a.docx").blocks if b.kind == "row"]
    assert [b.level for b in found] == [1] * n_headers + [0] * (3 - n_headers)


def test_a_cell_of_nothing_but_a_number_that_counts_the_rows_says_it() -> None:
    def row(*cells: str) -> str:
        counted = paragraph("<w:r/>", number=(1, 0))
        return f"<w:tr><w:tc>{counted}</w:tc>{''.join(f'<w:tc>{paragraph(c)}</w:tc>' for c in cells)}</w:tr>"

    head = table(("N.º", "Tarea", "Who")).removesuffix("</w:tbl>")
    rows = row("Engrasar las cadenas", "Bruno") + row("Paint the rails", "Íñigo") + row("", "")
    shapes = numbering((("decimal", "%1."),))
    assert read(f"{head}{rows}</w:tbl>", numbering=shapes).text == (
        "N.º | Tarea | Who\n1. | Engrasar las cadenas | Bruno\n2. | Paint the rails | Íñigo"
    )
    bullets = numbering((("bullet", "•"),))
    assert read(f"{head}{rows}</w:tbl>", numbering=bullets).text == (
        "N.º | Tarea | Who\nEngrasar las cadenas | Bruno\nPaint the rails | Íñigo"
    )


def test_names_in_bold_over_short_lines_are_labels_and_two_of_them_are_none() -> None:
    pairs = (("Plazas", "40 en dos turnos"), ("Closing date", "14 March"), ("Cuota", "12 euros"))
    body = "".join(paragraph(run(a, "<w:b/>")) + paragraph(b) for a, b in pairs)
    more = paragraph("Las plazas se dan por orden de llegada.")
    document = read(body + more)
    labels = [document.text[b.start : b.end] for b in document.blocks if b.kind == "label"]
    assert labels == ["Plazas\n40 en dos turnos", "Closing date\n14 March", "Cuota\n12 euros"]
    few = "".join(paragraph(run(a, "<w:b/>")) + paragraph(b) for a, b in pairs[:2])
    assert not any(b.kind == "label" for b in read(few + more).blocks)


def test_a_paragraph_of_bold_lines_over_others_has_a_label_for_each() -> None:
    line_end = "<w:r><w:br/></w:r>"
    body = line_end.join(
        (
            run("Lunes", "<w:b/>"),
            run("9 a 14 h"),
            run("Friday:", "<w:b/>"),
            run("closed"),
            run("all day"),
        )
    )
    document = read(
        f"<w:p>{body}</w:p><w:p>{run('Ojo', '<w:b/>')}{run(' con esto')}{line_end}{run('hoy')}</w:p>"
    )
    assert [(b.kind, document.text[b.start : b.end]) for b in document.blocks] == [
        ("label", "Lunes\n9 a 14 h"),
        ("label", "Friday:\nclosed\nall day"),
        ("paragraph", "Ojo con esto\nhoy"),
    ]


def test_an_empty_line_within_a_paragraph_parts_two() -> None:
    end = "<w:r><w:br/></w:r>"
    said = ("Los libros se devuelven.", "Hay multa:", "un euro al día", "The hall opens at ten.")
    body = run(said[0]) + end + end + run(said[1]) + end + run(said[2]) + end + end + run(said[3])
    assert kinds(read(f"<w:p>{body}</w:p>")) == [
        ("paragraph", said[0]),
        ("paragraph", f"{said[1]}\n{said[2]}"),
        ("paragraph", said[3]),
    ]


def test_lines_below_one_with_a_colon_are_items_of_its_list() -> None:
    end = "<w:r><w:br/></w:r>"
    for said in (
        ("Se trae:", "Carné en vigor", "Dos fotos", "Justificante de pago."),
        ("Bring:", "Oars", "A lamp"),
    ):
        document = read(f"<w:p>{end.join(map(run, said))}</w:p>")
        assert [kind for kind, _ in kinds(document)] == ["list", "paragraph"] + ["item"] * len(
            said[1:]
        )
    verse = ("He said this:", "The boats are old.", "The house is new.")
    assert kinds(read(f"<w:p>{end.join(map(run, verse))}</w:p>")) == [
        ("paragraph", "\n".join(verse))
    ]


def test_names_and_values_side_by_side_have_no_header() -> None:
    document = read(table(("Nombre", "Casa Ñ"), ("Director", "Ana"), ("Town", "Lugo")))
    assert [block.level for block in document.blocks if block.kind == "row"] == [0, 0, 0]


def test_a_merged_cell_is_said_in_each_row_that_it_stands_beside() -> None:
    def cell(text: str, merge: str) -> str:
        return f"<w:tc><w:tcPr><w:vMerge{merge}/></w:tcPr>{paragraph(text)}</w:tc><w:tc>{paragraph('9 h')}</w:tc>"

    head = table(("Día", "Hora")).removesuffix("</w:tbl>")
    body = (
        f"{head}<w:tr>{cell('Lunes', chr(32) + 'w:val=' + chr(34) + 'restart' + chr(34))}</w:tr>"
        f"<w:tr>{cell('', '')}</w:tr></w:tbl>"
    )
    assert read(body).text == "Día | Hora\nLunes | 9 h\nLunes | 9 h"


def test_a_frame_of_one_cell_is_read_as_what_it_holds() -> None:
    inner = paragraph("Aviso", "Heading1") + paragraph("El museo cierra.") + table(("a", "b"))
    document = read(f"<w:tbl><w:tr><w:tc>{inner}</w:tc></w:tr></w:tbl>")
    assert [kind for kind, _ in kinds(document)] == ["heading", "paragraph", "table", "row"]


def test_a_first_row_that_alone_is_in_bold_names_two_columns() -> None:
    def row(*cells: str, bold: bool = False) -> str:
        look = "<w:b/>" if bold else ""
        return f"<w:tr>{''.join(f'<w:tc><w:p>{run(cell, look)}</w:p></w:tc>' for cell in cells)}</w:tr>"

    below = row("Canoa", "Quien nada") + row("Dinghy", "Children")
    levels = {
        bold: [
            b.level
            for b in read(f"<w:tbl>{row('Barca', 'For whom', bold=bold)}{below}</w:tbl>").blocks
            if b.kind == "row"
        ]
        for bold in (True, False)
    }
    assert levels == {True: [1, 0, 0], False: [0, 0, 0]}


def test_tables_inside_cells_are_read_once() -> None:
    small = "<w:tbl><w:tr><w:tc>" + paragraph("Lunes de 9 a 14") + "</w:tc></w:tr></w:tbl>"
    grid = table(("Mes", "Cuota"), ("Enero", "5 €"))
    row = f"<w:tc>{paragraph('Horario')}{small}</w:tc><w:tc>{paragraph('Fees')}{grid}</w:tc>"
    assert read(f"<w:tbl><w:tr>{row}</w:tr></w:tbl>").text == (
        "Horario Lunes de 9 a 14 | Fees\n\nMes | Cuota\nEnero | 5 €"
    )


def test_a_note_stands_at_the_end_of_its_section() -> None:
    notes = (
        f'<w:footnotes {NAMESPACES}><w:footnote w:type="separator" w:id="0">{paragraph("---")}</w:footnote>'
        f'<w:footnote w:id="2">{paragraph("Salvo festivos.")}</w:footnote></w:footnotes>'
    )
    mark = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    body = (
        f"<w:p>{run('Abre a diario')}{mark}{run('.')}</w:p>{paragraph('Cierra en enero.')}"
        f"{paragraph('Prices', 'Heading1')}{paragraph('It is free.')}"
    )
    document = read(body, footnotes=notes)
    assert document.text == (
        "Abre a diario.\n\nCierra en enero.\n\nSalvo festivos.\n\nPrices\n\nIt is free."
    )
    assert ("footnote", "Salvo festivos.") in kinds(document)


def test_what_stands_over_every_page_is_read_once_and_page_numbers_are_not() -> None:
    document = read(
        paragraph("El texto."),
        header=f"<w:hdr {NAMESPACES}>{paragraph('Casa Ñ, acta 3')}</w:hdr>",
        footer=f"<w:ftr {NAMESPACES}>{paragraph('Página 1 de 7')}{paragraph('C/ Mayor 1')}</w:ftr>",
    )
    assert document.text == "Casa Ñ, acta 3\n\nEl texto.\n\nC/ Mayor 1"


def test_a_table_of_contents_is_known_for_one() -> None:
    document = read(paragraph("Objeto 3", "TOC1") + paragraph("El texto del acta."))
    assert kinds(document)[0] == ("contents", "Objeto 3")


def test_a_level_of_the_outline_that_is_mostly_that_of_text_makes_no_headings_of_it() -> None:
    def outlined(text: str, look: str = "") -> str:
        own = '<w:pPr><w:outlineLvl w:val="3"/></w:pPr>'
        return f"<w:p>{own}{run(text, look)}</w:p>"

    steps = [
        f"{n}. El socio deberá rellenar el formulario de la barca antes de remar."
        for n in (1, 2, 3)
    ]
    texts = [*steps, "The keys are kept at the desk until the boat is back at the pier"]
    body = outlined("Quién rema", "<w:b/>") + outlined("Usuarios") + "".join(map(outlined, texts))
    document = read(body)
    assert [heading.text for heading in document.headings] == ["Quién rema", "Usuarios"]
    found = kinds(document)
    assert [said for kind, said in found if kind == "item"] == steps
    assert ("paragraph", texts[-1]) in found


@pytest.mark.parametrize(
    ("own", "shown"),
    [("Privacy Policy", "Política de privacidad"), ("Álgebra lineal", "Política de privacidad"), ("Normas de privacidad", "Normas de privacidad"),
     ("Handbook", "Handbook")],
)  # fmt: skip
def test_a_title_of_which_no_word_is_said_is_that_of_another_file(own: str, shown: str) -> None:
    file = io.BytesIO()
    made = docx.Document()
    made.core_properties.title = own
    made.add_heading("Política de privacidad")
    for _ in range(30):
        made.add_paragraph("Los datos de quien rema se guardan un año.")
    made.save(file)
    assert parse(file.getvalue(), "a.docx").title == shown


def test_the_title_is_the_bold_line_on_the_cover_and_not_the_first_heading() -> None:
    bold = "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>Código del Orfeón de Robledo</w:t></w:r></w:p>"
    contents = paragraph("Saludo 3") + paragraph("De los ensayos 4")
    document = read(
        bold + contents + paragraph("Saludo", "Heading1") + paragraph("Cantamos juntos desde 1950.")
    )
    assert document.title == "Código del Orfeón de Robledo"


def test_a_bold_line_is_a_heading_and_a_bold_sentence_is_none() -> None:
    body = (
        paragraph(run("Horario de verano", "<w:b/>"))
        + paragraph("La piscina abre a las once y cierra a las nueve de la noche.")
        + paragraph(run("It is closed on Mondays.", "<w:b/>"))
        + paragraph("Nobody may swim then.")
    )
    assert [h.text for h in read(body).headings] == ["Horario de verano"]


def test_a_web_page_inside_a_document_is_read() -> None:
    body = paragraph("Uno.") + '<w:altChunk r:id="aFChunk"/>' + paragraph("Tres.")
    page = "<html><body><h2>Año</h2><p>Two.</p></body></html>"
    assert read(body, aFChunk=page).text == "Uno.\n\nAño\n\nTwo.\n\nTres."


def test_links_content_controls_and_fields_are_read() -> None:
    body = (
        f"<w:p>{run('Escriba a ')}<w:hyperlink>{run('yo@x.test')}</w:hyperlink><w:sdt><w:sdtContent>{run(' hoy')}"
        '</w:sdtContent></w:sdt><w:r><w:instrText>DATE</w:instrText></w:r><w:fldSimple w:instr="DATE">'
        f"{run(' 3 de mayo')}</w:fldSimple></w:p>"
    )
    assert read(body).text == "Escriba a yo@x.test hoy 3 de mayo"


def field(code: str, result: str | None = None, data: str = "") -> str:
    """A field as Word writes it; ``code`` may hold others."""

    def to(kind: str, inner: str = "") -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}">{inner}</w:fldChar></w:r>'

    code = code if code.startswith("<") else f"<w:r><w:instrText>{code}</w:instrText></w:r>"
    shown = "" if result is None else to("separate") + run(result)
    return to("begin", data and f"<w:ffData>{data}</w:ffData>") + code + shown + to("end")


def test_of_fields_within_a_field_only_its_own_result_is_read() -> None:
    nested = field(
        "<w:r><w:instrText> IF </w:instrText></w:r>" + field("MERGEFIELD Edad", "70"), "30 €"
    )
    body = paragraph(run("Paga ") + nested + run(" al año.")) + paragraph(
        run("It is ") + field("DATE", "May.")
    )
    assert read(body).text == "Paga 30 € al año.\n\nIt is May."


def test_a_field_whose_code_never_ends_swallows_nothing() -> None:
    begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    assert read(paragraph(run("Cierra ") + begin + run("a las ocho."))).text == "Cierra a las ocho."


def test_an_old_form_says_what_is_chosen_and_what_is_ticked() -> None:
    entries = "".join(f'<w:listEntry w:val="{name}"/>' for name in ("Roble", "Haya", "Yew"))

    def room(result: str) -> str:
        return field("FORMDROPDOWN", data=f"<w:ddList>{result}{entries}</w:ddList>")

    def box(state: str) -> str:
        return field("FORMCHECKBOX", data=f"<w:checkBox>{state}</w:checkBox>")

    body = (
        paragraph(run("Sala: ") + room('<w:result w:val="2"/>'))
        + paragraph(run("Otra sala: ") + room(""))
        + paragraph(box("<w:checked/>") + run(" Con desayuno"))
        + paragraph(box('<w:default w:val="1"/><w:checked w:val="0"/>') + run(" Packed lunch"))
        + paragraph(box('<w:default w:val="1"/>') + run(" Late key"))
    )
    assert read(body).text.split("\n\n") == [
        "Sala: Yew",
        "Otra sala: Roble",
        "☒ Con desayuno",
        "☐ Packed lunch",
        "☒ Late key",
    ]


def test_lines_that_a_field_of_contents_makes_are_contents_in_any_style() -> None:
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'.format
    page = "<w:r><w:tab/></w:r>"
    opened = mark("begin") + "<w:r><w:instrText> TOC \\o </w:instrText></w:r>" + mark("separate")
    body = (
        paragraph(opened + run("Quién rema") + page + field("PAGEREF _Toc1", "3"))
        + paragraph(run("When the club is closed") + page + run("4") + mark("end"))
        + paragraph("Quién rema", "Heading1")
        + paragraph("Reman los socios de más de 16")
    )
    found = [block.kind for block in read(body).blocks]
    assert found == ["contents", "contents", "heading", "paragraph"]


def test_a_row_over_all_columns_is_the_caption_of_its_table() -> None:
    title = '<w:tr><w:tc><w:tcPr><w:gridSpan w:val="3"/></w:tcPr>' + paragraph("Fees 2025")
    body = table(("Sala", "Mañana", "Tarde"), ("Azul", "30 €", "40 €"), ("Roja", "35 €", "45 €"))
    document = read(body.replace("<w:tbl>", f"<w:tbl>{title}</w:tc></w:tr>"))
    assert (
        document.text
        == "Fees 2025\n\nSala | Mañana | Tarde\nAzul | 30 € | 40 €\nRoja | 35 € | 45 €"
    )
    found = [(block.kind, block.level) for block in document.blocks]
    assert found == [("table", 0), ("caption", 0), ("row", 1), ("row", 0), ("row", 0)]


def test_letters_of_a_symbol_font_are_what_it_shows() -> None:
    fonts = '<w:rFonts w:ascii="{0}" w:hAnsi="{0}"/>'
    signs = run("\uf0b3", fonts.format("Symbol")) + run("\uf0fc", fonts.format("Wingdings"))
    assert read("<w:p>" + run("Edad ") + signs + run(" 18 years") + "</w:p>").text == (
        "Edad ≥✓ 18 years"
    )


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("Abre la verja", "Riega el patio", "Barre"), "Abre la verja; Riega el patio; Barre"),
        (("Walnut bread", "Milk", "Two pears"), "Walnut bread Milk Two pears"),
        (("Walnut bread", "Milk", "Two pears", "Green tea"), "Walnut bread; Milk; Two pears; Green tea"),
        (("Ivy Cole", "600 111 222", "ivy@mill.test", "The Old Mill"), "Ivy Cole; 600 111 222; ivy@mill.test; The Old Mill"),
        # A line that goes on, has its stop, or is one word
        (("Calle de la", "Luna Nueva"), "Calle de la Luna Nueva"),
        (("Opens in May.", "The bar is shut"), "Opens in May. The bar is shut"),
        (("Código", "Postal"), "Código Postal"),
        (("se riega los lunes", "por la tarde"), "se riega los lunes por la tarde"),
        # A name in capitals over what it names
        (("OBJETIVO GENERAL", "Conocer los puertos de la costa"), "OBJETIVO GENERAL: Conocer los puertos de la costa"),
        (("OPENING TIMES", "Every day but Sunday, till dusk"), "OPENING TIMES: Every day but Sunday, till dusk"),
        (("MUSEO DEL MAR", "Calle Luna 4"), "MUSEO DEL MAR; Calle Luna 4"),
    ],
)  # fmt: skip
def test_lines_of_a_cell_that_say_something_of_their_own_stand_apart(
    lines: tuple[str, ...], said: str
) -> None:
    paragraphs = "".join(paragraph(line) for line in lines)
    breaks = f"<w:p>{'<w:r><w:br/></w:r>'.join(map(run, lines))}</w:p>"
    for content in (paragraphs, breaks):
        head = table(("Quién", "Qué")).removesuffix("</w:tbl>")
        body = f"{head}<w:tr><w:tc>{paragraph('Ana')}</w:tc><w:tc>{content}</w:tc></w:tr></w:tbl>"
        assert read(body).text == f"Quién | Qué\nAna | {said}"


def test_a_deleted_cell_is_no_text() -> None:
    def row(gone: str, *cells: str) -> str:
        deleted = f'<w:tc><w:tcPr><w:cellDel w:id="1"/></w:tcPr>{paragraph(gone)}</w:tc>'
        kept = (f'<w:tc><w:tcPr><w:cellIns w:id="2"/></w:tcPr>{paragraph(c)}</w:tc>' for c in cells)
        return f"<w:tr>{deleted}{''.join(kept)}</w:tr>"

    body = f"<w:tbl>{row('Era', 'Servicio', 'Es')}{row('10 €', 'Corte', '12 €')}{row('£4', 'Shave', '£5')}</w:tbl>"
    document = read(body)
    assert document.text == "Servicio | Es\nCorte | 12 €\nShave | £5"
    assert [one.text for one in document.left_out] == ["Era", "10 €", "£4"]


def test_a_paragraph_whose_end_was_deleted_goes_on() -> None:
    gone = '<w:p><w:pPr><w:rPr><w:del w:id="4" w:author="a"/></w:rPr></w:pPr>'
    body = (
        f"{gone}{run('The fee is')}</w:p>{paragraph('ten pounds.')}{paragraph('Se paga en mayo.')}"
    )
    assert read(body).text == "The fee is ten pounds.\n\nSe paga en mayo."
    below = gone + run("Above") + "</w:p>" + table(("a", "b"), ("c", "d")) + paragraph("Below")
    assert [part for part in read(below).text.split("\n") if part] == [
        "Above",
        "a | b",
        "c | d",
        "Below",
    ]


def test_a_section_in_a_chapter_is_not_the_title() -> None:
    body = paragraph("Capítulo I. Objeto", "Heading1") + paragraph("Rige el alquiler.")
    assert read(body + paragraph("1.1 Payment", "Mine") + paragraph("By bank.")).title == "A"


def test_the_frame_of_a_table_of_contents_holds_no_headings() -> None:
    lines = ("Section 1 — Boats", "Section 2 — Oars")
    entries = "".join(
        paragraph(run(line, "<w:b/>") + "<w:r><w:tab/><w:t>4</w:t></w:r>") for line in lines
    )
    gallery = '<w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj>'
    frame = f"<w:sdt><w:sdtPr>{gallery}</w:sdtPr><w:sdtContent>{entries}</w:sdtContent></w:sdt>"
    body = "".join(
        paragraph(line, "Heading1") + paragraph("They are lent for a day.") for line in lines
    )
    document = read(frame + body)
    assert [h.text for h in document.headings] == list(lines)
    assert [block.kind for block in document.blocks][:2] == ["contents", "contents"]


def test_a_bold_line_between_two_with_picture_signs_is_a_value_and_no_heading() -> None:
    lines = (
        "Sopa de ortigas",
        "⭐ Dificultad",
        "Muy fácil",
        "🔥 Energy",
        "90 kcal",
        "🛒 Ingredientes",
    )
    body = "".join(paragraph(run(line, "<w:b/>")) for line in lines) + paragraph(LONG)
    assert [h.text for h in read(body).headings] == ["Sopa de ortigas"]


def titled(title: str, said: str) -> str:
    return f"<w:p>{run(title, '<w:b/>')}<w:r><w:br/></w:r>{run(said)}</w:p>"


def test_the_bold_first_line_of_several_paragraphs_is_a_heading_over_the_rest() -> None:
    several = (("Horario", LONG), ("Tides and oars", LONG), ("Fees:", f"7 clubs pay. {LONG}"), ("Perros", "Van atados."))  # fmt: skip
    document = read("".join(titled(*one) for one in several))
    assert [h.text for h in document.headings] == [title for title, _ in several]
    assert document.text == "\n\n".join(f"{title}\n{said}" for title, said in several)
    # A name over prose is a title by itself, one with a colon or over a few words only where its likes are
    assert [h.text for h in read("".join(titled(*one) for one in several[1:3])).headings] == ["Tides and oars"]  # fmt: skip


def test_a_date_in_bold_is_a_heading_with_a_full_stop_as_well() -> None:
    days = ("Viernes 7 de mayo de 2027", "Sábado 8 de mayo de 2027.", "Sunday, May 9, 2027.")
    said = "".join(paragraph(run(day, "<w:b/>")) + paragraph(LONG) for day in days)
    document = read(said + paragraph(run("Gana la barca azul.", "<w:b/>")) + paragraph(LONG))
    assert [h.text for h in document.headings] == list(days)


def test_bold_words_and_a_colon_over_a_paragraph_are_a_heading_and_a_greeting_is_none() -> None:
    long = "Whoever takes part is asked twice what they think of the boats, and may go home at any time without giving a reason for it."
    said = ("Dear neighbours:", "What we ask of you:", "You may bring:")
    body = "".join(paragraph(run(one, "<w:b/>")) + paragraph(long) for one in said[:2])
    body += paragraph(run(said[2], "<w:b/>")) + paragraph("A hat") + paragraph("A towel")
    assert [h.text for h in read(body).headings] == [said[1]]


def test_a_bold_first_line_is_the_title_and_not_a_heading_below_text() -> None:
    body = paragraph(run("Permiso para la ruta: los molinos", "<w:b/>")) + paragraph(LONG)
    body += paragraph("The Book of Tides", "Heading1") + paragraph(LONG)
    assert read(body).title == "Permiso para la ruta: los molinos"
    body = paragraph("Notes of the rowing club") + paragraph(LONG)
    body += paragraph(run("The budget is agreed", "<w:b/>")) + paragraph(LONG)
    assert read(body).title == "Notes of the rowing club"


def tabbed(*cells: str, bold: bool = False) -> str:
    between = "<w:r><w:tab/></w:r>"
    return f"<w:p>{between.join(run(cell, '<w:b/>' if bold else '') for cell in cells)}</w:p>"


def test_lines_that_tabs_set_in_columns_are_a_table_below_names_in_bold() -> None:
    body = (
        tabbed("Años de socio", "Cuota", bold=True) + tabbed("1-5", "20 €") + tabbed("6-9", "8 €")
    )
    body += paragraph("The mill is let by the day.") + tabbed("First", "Second", "Third", bold=True)
    body += tabbed("Talk", "Note", "Final note") + tabbed("at home", "by post")
    assert read(body).text == (
        "Años de socio | Cuota\n1-5 | 20 €\n6-9 | 8 €\n\nThe mill is let by the day.\n\n"
        "First | Second | Third\nTalk at home | Note by post | Final note"
    )
    assert sum(block.kind == "row" for block in read(body).blocks) == 5


@pytest.mark.parametrize(
    "lines",
    [
        [("Bote", "12"), ("Oars", "15"), ("Redes", "18")],  # Contents
        [("Name:", "Ana"), ("Town:", "Leiro"), ("Phone:", "600")],
        [("(a)", "of age"), ("(b)", "of Leiro"), ("(c)", "of good name")],
        [("Firma", "Date"), ("Firma", "Date")],
    ],
)
def test_other_lines_with_tabs_are_no_table(lines: list[tuple[str, ...]]) -> None:
    assert all(kind != "table" for kind, _ in kinds(read("".join(tabbed(*one) for one in lines))))


def test_two_addresses_side_by_side_are_read_one_after_the_other() -> None:
    both = tabbed("Club de Remo", "", "Town Hall") + tabbed("Muelle Viejo", "Mill Street")
    last = "<w:r><w:tab/></w:r>".join((run("27001 Lugo"), run("Tel: 0300 555 1231")))
    last += "<w:r><w:br/><w:br/></w:r>" + run("Email: remo@mill.example          Reg. 136114")
    text = read(both + f"<w:p>{last}</w:p>").text
    assert text == (
        "Club de Remo\nMuelle Viejo\n27001 Lugo\nEmail: remo@mill.example\n\n"
        "Town Hall\nMill Street\nTel: 0300 555 1231\nReg. 136114"
    )
    # In a table each row has the number of its own
    lines = tabbed("Ana Gil", "600 555 123") + tabbed("Bea Ros", "600 555 124")
    assert "Ana Gil 600 555 123" in read(lines + tabbed("Leo Paz", "600 555 125")).text


def test_a_numbered_title_with_a_full_stop_is_a_heading_however_long_and_a_sentence_is_text() -> (
    None
):
    said = (
        "6.3 Upkeep of Boats, Oars, Jetties and of All That Floats on the Lake of the Club.",
        "6.4 Cuidado de las barcas, de los remos, de los muelles y de todo lo que flota en el lago del club.",
        "6.5 Nobody may take a boat out at night without telling the committee of it before.",
    )
    body = paragraph("Normas", "Heading1") + "".join(
        paragraph(one, "Heading1") + paragraph(LONG) for one in said
    )
    assert [h.text for h in read(body).headings] == ["Normas", *said[:2]]


_CUT = "El socio avisa de que quiere dejar la barca en el muelle tres días antes y paga con las"


def test_a_sentence_that_the_line_of_a_printed_page_cut_is_one() -> None:
    lists = numbering((("decimal", "%1."),))
    item = paragraph(run(_CUT), number=(1, 0)) + paragraph(run("cuotas de los remos de mayo."))
    found = kinds(read(item + paragraph(run("Otro."), number=(1, 0)), numbering=lists))
    assert found[1:] == [("item", f"1. {_CUT} cuotas de los remos de mayo."), ("item", "2. Otro.")]
    ticked = (
        paragraph(run(f"☐ {_CUT}")) + paragraph(run("cuotas de mayo.")) + paragraph(run("☐ B."))
    )
    assert kinds(read(ticked))[1:] == [("item", f"☐ {_CUT} cuotas de mayo."), ("item", "☐ B.")]


@pytest.mark.parametrize(
    ("first", "below"),
    [
        (_CUT, ["recoger los remos", "cerrar el muelle"]),
        (_CUT, ["b) recoger los remos y las barcas del muelle."]),
        (f"{_CUT}.", ["y recoge los remos."]),
        (_CUT, ["www.rowing.example"]),
        ("Boats for members with", ["two oars"]),
    ],
)
def test_small_letters_below_a_short_or_whole_line_begin_anew(first: str, below: list[str]) -> None:
    text = read("".join(paragraph(run(line)) for line in (first, *below))).text
    assert text == "\n\n".join((first, *below))


def control(content: str, properties: str = "<w:showingPlcHdr/>") -> str:
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"


def test_what_a_content_control_asks_to_be_filled_in_is_no_text() -> None:
    prompt = run("Click here to enter text.")
    body = (
        paragraph(run("Nombre:") + control(prompt))
        + paragraph(run("NIF:") + control(prompt))
        + paragraph(run("Boat: ") + control(run("Ana"), '<w:showingPlcHdr w:val="0"/>'))
        + control(paragraph(prompt))
        + paragraph(run("Los remos se guardan en el muelle."))
    )
    document = read(body)
    assert document.text == "Nombre:\n\nNIF:\n\nBoat: Ana\n\nLos remos se guardan en el muelle."
    assert [one.reason for one in document.left_out] == ["template"] * 3


def test_a_blank_of_a_form_in_capitals_is_no_heading() -> None:
    body = "".join(paragraph(f"{name}:") for name in ("Nombre", "NIF", "Teléfono"))
    assert not read(body + paragraph("Los remos se guardan en el muelle.")).headings
    titled = "".join(paragraph(f"{name}:") for name in ("Fecha", "REMOS", "De mano"))
    found = read(titled + paragraph("Los remos se guardan en el muelle.")).headings
    assert [heading.text for heading in found] == ["REMOS:"]


@pytest.mark.parametrize("page", ["— Página", "| Page 3 of 4", "- pág. 2"])
def test_the_number_of_a_page_is_taken_from_what_stands_beside_it(page: str) -> None:
    footer = f"<w:ftr {NAMESPACES}>{paragraph(f'Borrador de mayo {page}')}</w:ftr>"
    assert read(paragraph("El texto."), footer=footer).text == "El texto.\n\nBorrador de mayo"


def test_a_diagram_is_read_in_the_order_in_which_it_is_drawn() -> None:
    """Its points stand in the file as they were made, and say apart what stands below what."""
    points = {"0": "", "c": "Popa", "a": "Proa", "b": "Ancla", "d": "Two<a:br/>oars"}
    links = (("0", "a", 0), ("0", "c", 1), ("a", "b", 1), ("a", "d", 0))
    inner = "".join(
        f'<dgm:pt modelId="{name}"{" type=" + chr(34) + "doc" + chr(34) if name == "0" else ""}><dgm:t><a:p><a:r><a:t>'
        f"{text.replace('<a:br/>', '</a:t></a:r><a:br/><a:r><a:t>')}</a:t></a:r></a:p></dgm:t></dgm:pt>"
        for name, text in points.items()
    )
    inner += "".join(
        f'<dgm:cxn modelId="l{n}" srcId="{above}" destId="{below}" srcOrd="{place}"/>'
        for n, (above, below, place) in enumerate(links)
    )
    model = (
        '<dgm:dataModel xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" '
        f'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">{inner}</dgm:dataModel>'
    )
    drawn = (
        '<w:r><w:drawing><dgm:relIds xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" '
        'r:dm="diagramData"/></w:drawing></w:r>'
    )
    document = parse(word(paragraph(drawn), diagramData=model), "a.docx")
    items = [block for block in document.blocks if block.kind == "item"]
    assert [(document.text[one.start : one.end], one.level) for one in items] == [
        ("Proa", 1),
        ("Two oars", 2),
        ("Ancla", 2),
        ("Popa", 1),
    ]


def test_fields_of_a_form_in_one_line_have_each_its_value() -> None:
    tab = "<w:r><w:tab/></w:r>"
    typed = paragraph(run("Nombre:") + tab + run("Ana") + tab + run("Boat: 4"))
    bold = paragraph(run("Día", "<w:b/>") + run(": lunes ") + run("Room:", "<w:b/>") + run(" 4"))
    blank = paragraph(run("Nombre: ____") + tab + run("NIF: ____"))
    document = read(typed + bold + blank)
    assert document.text == "Nombre: Ana\nBoat: 4\n\nDía: lunes\nRoom: 4\n\nNombre: ____ NIF: ____"
    beside = paragraph(run("Ana Núñez") + tab + run("Office: room 4"))
    assert read(beside).text == "Ana Núñez\nOffice: room 4"
    assert read(paragraph(run("2.") + tab + run("Sala: la 4"))).text == "2. Sala: la 4"
    prose = paragraph(run("Salida:") + tab + run("a las nueve") + tab + run("con Ana"))
    assert "\n" not in read(prose).text


def test_a_typed_clause_of_a_few_words_is_no_title_where_titles_are_bold() -> None:
    long = (
        "El socio avisa antes de que salga la barca, y quien no avisa espera a la siguiente salida."
    )
    body = (
        paragraph(run("1.  Socios", "<w:b/>"))
        + paragraph(f"1.1  {long}")
        + paragraph("1.2  Has rowed three times.")
        + paragraph(run("2.  Oars", "<w:b/>"))
        + paragraph("2.1  Secar los remos cada tarde.")
        + paragraph(f"2.2  {long}")
    )
    document = read(body)
    assert [heading.text for heading in document.headings] == ["1. Socios", "2. Oars"]
    assert sum(block.kind == "item" for block in document.blocks) == 4


def test_a_chart_is_a_table_of_its_figures() -> None:
    def points(kind: str, *values: str) -> str:
        inner = "".join(f'<c:pt idx="{n}"><c:v>{v}</c:v></c:pt>' for n, v in enumerate(values))
        return f"<c:{kind}><c:strRef><c:strCache>{inner}</c:strCache></c:strRef></c:{kind}>"

    space = "http://schemas.openxmlformats.org/drawingml/2006/chart"
    chart = (
        f'<c:chartSpace xmlns:c="{space}" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><c:chart><c:title>'
        "<c:tx><c:rich><a:p><a:r><a:t>Salidas al mar</a:t></a:r></a:p></c:rich></c:tx></c:title><c:ser>"
        f"{points('tx', 'Trips')}{points('cat', 'Mayo', 'Junio')}{points('val', '12', '30.5')}</c:ser></c:chart></c:chartSpace>"
    )
    drawn = f'<w:r><w:drawing><c:chart xmlns:c="{space}" r:id="chart"/></w:drawing></w:r>'
    document = parse(word(paragraph(drawn), chart=chart), "a.docx")
    assert document.text == "Salidas al mar\n\nTrips\nMayo | 12\nJunio | 30.5"


def test_the_large_first_letter_of_a_paragraph_is_part_of_its_word() -> None:
    frame = '<w:p><w:pPr><w:framePr w:dropCap="drop" w:lines="3"/></w:pPr>{}</w:p>'
    body = frame.format(run("E")) + paragraph("l club abre en mayo.")
    body += frame.format(run("A")) + paragraph(" boat is lent for a day.")
    assert read(body).text == "El club abre en mayo.\n\nA boat is lent for a day."


def test_lines_with_a_name_in_bold_before_a_tab_are_rows() -> None:
    def line(name: str, value: str) -> str:
        return paragraph(run(name, "<w:b/>") + "<w:r><w:tab/></w:r>" + run(value))

    body = line("Socio", "quien paga la cuota") + line("Guest", "who comes with one")
    rows = [block for block in read(body).blocks if block.kind == "row"]
    assert len(rows) == 2
    labels = read(line("Nombre:", "Ana") + line("Age:", "7"))
    assert {block.kind for block in labels.blocks} == {"label"}
    steps = read(line("1.", "Entrar sin prisa.") + line("2.", "Pagar en caja."))
    assert "row" not in {block.kind for block in steps.blocks}


def test_a_form_in_a_table_has_a_row_for_each_name_and_its_value() -> None:
    form = table(("Nombre:", "Ana", "Age:", "7"), ("Sede:", "Vigo", "Phone:", "600 100"))
    assert read(form).text == "Nombre: | Ana\nAge: | 7\nSede: | Vigo\nPhone: | 600 100"
    plain = table(("Nombre:", "Ana", "7"), ("Sede:", "Vigo", "8"))
    assert read(plain).text == "Nombre: | Ana | 7\nSede: | Vigo | 8"


@pytest.mark.parametrize("kind", ["column", "page"])
def test_what_begins_on_another_page_or_column_is_a_paragraph_of_its_own(kind: str) -> None:
    mark = f'<w:r><w:br w:type="{kind}"/></w:r>'
    lists = numbering((("bullet", "•"),))
    body = paragraph("To row with others.", number=(1, 0))
    body += paragraph(run("Remar de noche.") + mark + run("Las socias pagan."), number=(1, 0))
    body += paragraph("Una barca.", number=(1, 0))
    document = read(body, numbering=lists)
    found = [block.kind for block in document.blocks if block.kind != "list"]
    assert found == ["item", "item", "paragraph", "item"]
    assert document.text.split("\n\n")[1] == "Las socias pagan."
    assert read(paragraph(run("Se rema") + mark + run("de noche."))).text == "Se rema\nde noche."


def test_an_answer_that_is_counted_with_the_questions_is_an_answer() -> None:
    def asked(n: int) -> str:
        return paragraph(f"¿Cuánto cuesta la barca {n}?", number=(1, 0))

    body = "".join(asked(n) + paragraph(f"Son {n} euros.") for n in range(1, 6))
    body += asked(6) + paragraph("Nothing on Sundays.", number=(1, 0))
    body += paragraph("Where is the key?", number=(1, 0)) + paragraph("At the pier.")
    document = read(body, numbering=numbering((("decimal", "%1."),)))
    assert "6. ¿Cuánto cuesta la barca 6?\n\nNothing on Sundays." in document.text
    assert "8. Where is the key?" in document.text
    assert sum(block.kind == "pair" for block in document.blocks) == 7


def test_the_number_of_a_page_that_is_typed_within_a_list_is_no_text() -> None:
    lists = numbering((("bullet", "•"),))
    items = [paragraph(said, number=(1, 0)) for said in ("Remar.", "Row back.", "Pagar.")]
    document = read(items[0] + paragraph("//2.-") + items[1] + paragraph("// 3") + items[2], numbering=lists)  # fmt: skip
    assert document.text == "Remar.\nRow back.\nPagar."
    assert [one.reason for one in document.left_out] == ["page number", "page number"]


@pytest.mark.parametrize(
    ("typed", "points"),
    [
        ("-Se rema con chaleco                 -Las barcas vuelven secas.", ["-Se rema con chaleco", "-Las barcas vuelven secas."]),
        ("To bring:            - A towel           - Dry shoes", ["- A towel", "- Dry shoes"]),
        ("4. Nobody rows alone at the quay.5. Boats go back dry.6.Oars too.", ["4. Nobody rows alone at the quay.", "5. Boats go back dry.6.Oars too."]),
        ("4. Se rema de noche sin ruido.5.Las barcas vuelven siempre secas.6.Y limpias.", ["4. Se rema de noche sin ruido.", "5. Las barcas vuelven siempre secas.", "6. Y limpias."]),
    ],
)  # fmt: skip
def test_points_typed_as_one_paragraph_are_items_of_their_own(
    typed: str, points: list[str]
) -> None:
    document = read(paragraph(f"<w:r><w:t xml:space='preserve'>{typed}</w:t></w:r>"))
    items = [document.text[b.start : b.end] for b in document.blocks if b.kind == "item"]
    assert items == points


def test_a_number_behind_an_abbreviation_or_a_dash_within_a_line_begins_no_point() -> None:
    for said in (
        "5. Lo dice el art.6. Los demás callan.",
        "- Remo      y vela - con chaleco",
        "Remo            - Vela",
    ):
        document = read(paragraph(f"<w:r><w:t xml:space='preserve'>{said}</w:t></w:r>"))
        assert len(document.text.split("\n")) == 1


def test_the_source_of_a_web_page_that_is_the_text_of_a_document_is_read_as_that_page() -> None:
    source = (
        '<!DOCTYPE html>', '<html lang="es">', '<head>', '<meta charset="UTF-8">', "<style>", "h1 { color: navy; }", "</style>",
        '</head>', '<body class=“hoja”>', '<h1>Club de remo</h1>', "<p>Se rema los martes.</p>", "<ul>",
        "<li>Row with a vest.</li>", "<li>Bring a towel.</li>", "</ul>", "</body>", "</html>",
    )  # fmt: skip
    wanted = "Club de remo\n\nSe rema los martes.\n\nRow with a vest.\nBring a towel."

    def typed(*lines: str) -> Document:
        return read("".join(paragraph(run(escape(line))) for line in lines))

    document = typed(*source)
    assert document.text == wanted
    assert [h.text for h in document.headings] == ["Club de remo"]
    # Without the element around its style, and below a line of who pasted it
    assert (
        typed("Hoja nueva", *source[3:4], source[5], *source[8:]).text == f"Hoja nueva\n\n{wanted}"
    )
    # A text about such pages
    about = (
        "What a page begins with, and why it says so:",
        source[0],
        source[3],
        "All browsers read both.",
    )
    assert source[0] in typed(*about).text
