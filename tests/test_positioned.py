"""Web pages of which every line stands at its place, as programs make them of PDFs: their own words, in both languages."""

import pytest

from corpus.parse import parse

ES = [
    (26, "Contrato de la casa del río"),
    (13, "1. Reserva y fianza"),
    (11, "1.1 La mitad del precio se paga como señal cuando se hace la reserva, y la"),
    (11, "otra mitad se paga catorce días antes de llegar a la casa."),
    (11, "1.2 La fianza es de quinientos euros y se devuelve tres días después de que"),
    (11, "quien alquila se haya ido, si nada está roto ni falta nada de la casa."),
    (13, "2. Animales"),
    (11, "Un perro es bienvenido cuando se ha dicho antes de llegar, y siempre que no"),
    (11, "suba a los muebles ni moleste a los vecinos de las otras casas del río."),
    (11, "• Llevar al perro atado."),
    (11, "• Recoger lo que deja."),
]
EN = [
    (26, "Rules of the mill house"),
    (13, "1. Booking and deposit"),
    (11, "1.1 Half of the price is paid when the booking is made, and the other half is"),
    (11, "paid fourteen days before the guests arrive at the mill house."),
    (11, "1.2 The deposit is five hundred pounds and is given back three days after the"),
    (11, "guests have left, where nothing is broken and nothing has been taken away."),
    (13, "2. Animals"),
    (11, "One dog is welcome when it has been named before the guests arrive, and where"),
    (11, "it stays off the chairs and does not trouble the people in the other houses."),
    (11, "• Keep the dog on a lead."),
    (11, "• Take away what it leaves."),
]


def by_classes(pages):
    """As pdf2htmlEX writes them: a class for each place and size, letters four times as large and drawn at a quarter."""
    rules, body = [".t{position:absolute;white-space:pre}.m0{transform:matrix(0.25,0,0,0.25,0,0)}.pc{position:absolute;left:0px;top:0px}"], []  # fmt: skip
    for page, lines in enumerate(pages):
        y, divs = 800.0, []
        for n, (size, text) in enumerate(lines):
            y -= 1.2 * size + 10 * (size > 11)
            name = f"{page}{n}"
            rules.append(f".y{name}{{bottom:{y:.6f}px;}}.fs{size}{{font-size:{4 * size}.000px;}}")
            head, _, tail = text.partition(" ")
            divs.append(f'<div class="t m0 x1 y{name} fs{size}">{head}<span class="_"></span> {tail}</div>')  # fmt: skip
        body.append(f'<div class="pf"><div class="pc">{"".join(divs)}</div></div>')
    style = "".join(rules) + ".x1{left:72px;}@media print{.fs11{font-size:900pt;}}"
    return f'<html><head><style>{style}</style><title></title></head><body><div id="sidebar"><ul><li><a href="#a">{"Outline " * 60}</a></li></ul></div>{"".join(body)}<script>{"go(); " * 200}</script></body></html>'


def by_styles(pages):
    """As pdftohtml writes them: each line a paragraph with its place, a class for its letters."""
    body = []
    for lines in pages:
        y, paragraphs = 50.0, []
        for size, text in lines:
            y += 1.2 * size + 10 * (size > 11)
            said = f"<b>{text}</b>" if size == 13 else text
            paragraphs.append(f'<p style="position:absolute;top:{y:.0f}px;left:72px;white-space:nowrap" class="ft{size}">{said}</p>')  # fmt: skip
        body.append(f'<div style="position:relative;width:892px">{"".join(paragraphs)}</div>')
    style = ".ft11{font-size:11px;}.ft13{font-size:13px;}.ft26{font-size:26px;}"
    return f"<html><head><title>x.pdf</title><style>{style}</style></head><body>{''.join(body)}</body></html>"


@pytest.mark.parametrize("write", [by_classes, by_styles])
@pytest.mark.parametrize("lines", [ES, EN], ids=["es", "en"])
def test_lines_at_their_places_are_read_as_those_of_a_pdf(write, lines):
    document = parse(write([lines, lines[1:]]).encode(), "casa.html")
    said = [text for _, text in lines]
    assert document.title == said[0]
    assert [(h.level, h.text) for h in document.headings][:3] == [
        (1, said[0]), (2, said[1]), (2, said[6]),
    ]  # fmt: skip
    assert f"{said[2]} {said[3]}" in document.text
    assert f"{said[7]} {said[8]}" in document.text
    assert [document.text[b.start : b.end] for b in document.blocks if b.kind == "item"][:2] == [
        f"{said[2]} {said[3]}",
        f"{said[4]} {said[5]}",
    ]
    assert document.page_starts == ()


def test_lines_at_their_places_that_nobody_sees_are_left_out():
    hidden = '<p style="position:absolute;top:9px;left:1px;visibility:hidden">Unseen words here.</p><p style="position:absolute;top:9px;left:1px;font-size:0px">Tiny words here.</p>'
    page = by_styles([EN, ES]).replace("<body>", f"<body>{hidden}")
    document = parse(page.encode(), "a.html")
    assert "words here" not in document.text
    assert [(one.text, one.reason) for one in document.left_out] == [
        ("Unseen words here.", "hidden"), ("Tiny words here.", "hidden"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "page",
    [
        # Boxes at their places that hold paragraphs are a page that is laid out
        "".join(f'<div style="position:absolute;top:{n}px;left:0px"><p>One dog number {n} is welcome.</p></div>' for n in range(30)),
        # Labels upon a picture beside a text
        "".join(f'<span style="position:absolute;top:{n}px;left:0px">{n}</span>' for n in range(30)) + "<p>One dog is welcome. </p>" * 30,
        # Deeper than lines are
        "<div>" * 40 + "".join(f'<div style="position:absolute;top:{n}px;left:0px">One dog number {n}.</div>' for n in range(30)),
    ],
)  # fmt: skip
def test_other_pages_with_places_are_read_as_pages(page):
    document = parse(page.encode(), "a.html")
    assert document.text.count("One dog") == 30
    assert len(document.blocks) >= 30
