"""A first visit with a folder of ten files of one's own: how few steps lead to the sentence, lit on its printed page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from browser import LOCALES, WAIT_MS, OpenPage, ask, finished, has_no_sideways_scroll
from local_server import local_server, write_documents
from test_pdf import at, pdf_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

playwright_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = playwright_api.expect
expect.set_options(timeout=WAIT_MS)
pytestmark = pytest.mark.browser


def paper(title: str, *pages: list[tuple[str, list[str]]]) -> bytes:
    """A PDF with a title and, on each page, sections of a heading and its lines."""
    made = []
    for number, sections in enumerate(pages):
        y = 770.0
        text = ""
        if number == 0:
            text += at(72, y, title, 20, "F2")
            y -= 46
        for heading, lines in sections:
            text += at(72, y, heading, 14, "F2")
            y -= 26
            for line in lines:
                text += at(72, y, line)
                y -= 17
            y -= 22
        made.append(text)
    return pdf_of(*made, title=title)


OWN: dict[str, str | bytes] = {
    "casa/contrato de alquiler.pdf": paper(
        "Contrato de alquiler",
        [
            ("El piso", ["El piso está en la calle del Olmo, número 14, y tiene dos habitaciones.",
                         "Se entrega con cocina, lavadora y tres armarios."]),
            ("La renta", ["La renta es de 640 euros al mes y se paga en los cinco primeros días.",
                          "El recibo de la luz lo paga quien vive en la casa."]),
        ],
        [
            ("La fianza", ["La fianza es de dos mensualidades y se devuelve a los treinta días.",
                           "De ella se descuentan los desperfectos, con sus facturas."]),
            ("Animales", ["En el piso puede vivir un gato, pero ningún perro."]),
        ],
    ),
    "casa/caldera.pdf": paper(
        "Manual de la caldera",
        [
            ("Presión", ["La presión del agua debe estar entre 1,2 y 1,5 bares.",
                         "Si baja de un bar, la caldera se apaga sola."]),
            ("Revisión", ["La caldera se revisa cada dos años, antes del invierno."]),
        ],
    ),
    "casa/seguro del hogar.pdf": paper(
        "Seguro del hogar",
        [("Daños por agua", ["El seguro cubre los daños por agua hasta 20.000 euros.",
                             "Hay que avisar en los siete días siguientes."])],
    ),
    "comunidad/acta de marzo.pdf": paper(
        "Acta de la junta de marzo",
        [("El ascensor", ["La junta acordó arreglar el ascensor por 12.300 euros.",
                          "Lo hará la empresa Elevadores Nogal antes de septiembre."])],
    ),
    "comunidad/normas de la piscina.pdf": paper(
        "Normas de la piscina",
        [("Horario", ["La piscina abre de once de la mañana a nueve de la noche.",
                      "Los niños menores de doce años entran con un adulto."])],
    ),
    "work/travel policy.pdf": paper(
        "Travel policy",
        [
            ("Trains and planes", ["Journeys under four hours are made by train.",
                                   "A flight must be booked twenty days ahead."]),
            ("Meals", ["The company pays up to 35 euros a day for meals.",
                       "Receipts are handed in within two weeks."]),
        ],
    ),
    "work/coffee machine.pdf": paper(
        "The coffee machine",
        [("Cleaning", ["The coffee machine is descaled every three months with citric acid.",
                       "The drip tray is emptied each Friday by whoever makes the last cup."])],
    ),
    "work/holidays.pdf": paper(
        "Holidays",
        [("How many", ["Everybody has 26 days of holiday a year.",
                       "Five of them can be taken over to March of the next year."])],
    ),
    "notas.txt": "El fontanero se llama Julián Peralta y viene los martes por la tarde.\n",
    "garden.md": "# The garden\n\nThe tomatoes are watered at seven in the evening.\n",
}  # fmt: skip
WALKS = {
    "es": ("¿De cuánto es la renta al mes?", "contrato de alquiler", "640 euros", 1),
    "en": ("How much does the company pay a day for meals?", "travel policy", "35 euros", 1),
}


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A service over those ten files."""
    data = tmp_path_factory.mktemp("own")
    write_documents(data, OWN)
    with local_server(data) as url:
        yield url


def lit(page: Page) -> str:
    """The words of the printed page that are lit, as soon as there are some."""
    page.locator(".lit").first.wait_for()
    seen: str = page.locator(".lit").first.evaluate(
        "(node) => { const box = node.getBoundingClientRect(); const at = document.elementsFromPoint(box.x + box.width / 2, box.y + box.height / 2);"
        " return at.includes(node) ? 'seen' : 'out of sight'; }"
    )
    return seen


@pytest.mark.parametrize("lang", ["es", "en"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_three_steps_lead_from_opening_the_page_to_the_sentence_lit_on_its_printed_page(
    own: str, open_page: OpenPage, lang: str, width: int
) -> None:
    question, title, words, number = WALKS[lang]
    # one: the page is opened
    page = open_page(f"{own}/", locale=LOCALES[lang], size=(width, 800))
    # two: the question is asked
    turn = ask(page, question)
    expect(turn).to_have_attribute("data-state", "answered")
    expect(turn.locator(".quote, .own").filter(has_text=words).first).to_be_visible()
    # three: its citation is opened
    turn.locator("[data-citation='1']").last.click()
    assert lit(page) == "seen"
    expect(page.locator("#side-title")).to_contain_text(title, ignore_case=True)
    expect(page.locator(".sheet-turn input")).to_have_value(str(number))
    assert has_no_sideways_scroll(page)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_on_a_broad_screen_two_steps_are_enough(own: str, open_page: OpenPage, lang: str) -> None:
    page = open_page(f"{own}/", locale=LOCALES[lang], size=(1920, 1080))
    ask(page, WALKS[lang][0])
    assert lit(page) == "seen"


@pytest.mark.parametrize("lang", ["es", "en"])
def test_what_the_page_suggests_leads_to_a_lit_sentence_too(
    own: str, open_page: OpenPage, lang: str
) -> None:
    page = open_page(f"{own}/", locale=LOCALES[lang])
    page.locator(f".suggested[lang={lang}]").first.wait_for()
    walked = 0
    for n in range(page.locator(f".suggested[lang={lang}]").count()):
        page.locator(f".suggested[lang={lang}]").nth(n).click()
        turn = finished(page)
        # what is suggested is answered, also on the first visit
        expect(turn).to_have_attribute("data-state", "answered")
        turn.locator("[data-citation='1']").last.click()
        page.locator(".lit, #side mark").first.wait_for()
        walked += page.locator(".lit").count() > 0
        page.locator("#side .close").click()
        page.locator("#new-talk").click()
    assert walked
