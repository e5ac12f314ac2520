"""The reader and the library of the chat page, in a real browser against the real service."""

from __future__ import annotations

import hashlib
import json
import re
import threading
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from browser import (
    LOCALES,
    NARROW,
    SIZES,
    WAIT_MS,
    WIDE,
    OpenPage,
    ask,
    becomes,
    faults,
    get,
    has_no_sideways_scroll,
    in_text,
    post_ask,
    suggested,
    text_of,
)
from conftest import SAMPLES
from hash_encoder import HashEncoder
from local_server import local_server, write_documents
from scanned import BOILER, partly_scanned
from test_pdf import at, pdf_of

from index.local.build import BuildCancelled, Progress, build

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page, Request

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = playwright.expect
expect.set_options(timeout=WAIT_MS)
pytestmark = pytest.mark.browser

# A book of its own: no two of its lines are alike.
LINES = 4_000
BOOK = "".join(
    f"Día {n}: el guardián añadió la línea número {n} al registro del faro, y la marea subió {n % 7} metros.\n\n"
    for n in range(LINES)
)
NOTES = (
    "Primera nota: el ñandú cruzó la pampa al amanecer.\n\n"
    "Second note: the keeper counted seven boats 🌊 before the storm.\n\n"
    "Tercera nota: nadie volvió a la isla después del invierno.\n"
)
QUOTES = [
    "el ñandú cruzó la pampa al amanecer",
    "the keeper counted seven boats 🌊 before the storm",
    "nadie volvió a la isla después del invierno",
]
PDF = "operacion-chavin-de-huantar.pdf"
TEXT = "[...document.querySelectorAll('.stretch')].map(node => node.textContent).join('')"


def shown(page: Page) -> str:
    """The text that the reader holds just now."""
    return str(page.evaluate(TEXT))


def marked(page: Page) -> Locator:
    """Where the quote of the link is marked."""
    return page.locator("#side mark")


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A service over a long book and short notes; no test changes them."""
    data = tmp_path_factory.mktemp("shelf")
    write_documents(data, {"libro.txt": BOOK, "año/notas.txt": NOTES})
    with local_server(data) as url:
        yield url


def place_of(text: str, quote: str, doc_id: str = "a%C3%B1o/notas.txt") -> str:
    start = text.index(quote)
    return f"/d/{doc_id}#char={start},{start + len(quote)}"


def answer_quoting(quotes: Sequence[str], doc_id: str = "año/notas.txt", text: str = NOTES) -> Any:
    """An answer of the service that quotes these words of a document, one after the other."""
    citations = []
    answer = ""
    for number, quote in enumerate(quotes, 1):
        start = text.index(quote)
        answer += "«"
        citations.append(
            {
                "id": number,
                "start": len(answer),
                "end": len(answer) + len(quote),
                "text": quote,
                "sources": [f"p{number}"],
                "location": {
                    "type": "char_location",
                    "cited_text": quote,
                    "document_id": doc_id,
                    "document_title": "Notas",
                    "start_char_index": start,
                    "end_char_index": start + len(quote),
                    "page_number": None,
                    "section_path": [],
                },
                "verified": True,
                "score": 1.0,
                "language": "es",
                "url": place_of(text, quote),
            }
        )
        answer += f"{quote}» [{number}]\n"
    return {
        "object": "answer",
        "id": "ans_1",
        "request_id": "req_1",
        "build_id": "b1",
        "status": "answered",
        "language": "es",
        "generator": "extractive",
        "answer": answer,
        "confidence": 0.9,
        "citations": citations,
        "passages": [],
        "abstention": None,
        "timings_ms": {"total": 1.0},
        "read_as": None,
    }


def at_mark(page: Page) -> None:
    """The reader comes to where its mark is seen."""
    page.wait_for_function(
        """() => {
          const mark = document.querySelector('#side mark');
          if (!mark) return false;
          const body = mark.closest('.side-body').getBoundingClientRect();
          const box = mark.getClientRects()[0];
          return box.top >= body.top && box.top < body.bottom;
        }"""
    )


# ---- reader -------------------------------------------------------------------------------


@SIZES
def test_a_deep_link_opens_the_reader_at_its_place(
    open_page: OpenPage, server_url: str, size: tuple[int, int]
) -> None:
    cited = post_ask(server_url, suggested(server_url, "es"))["citations"][0]
    page = open_page(cited["url"], size=size)
    mark = page.locator("#side mark")
    mark.wait_for()
    assert text_of(mark) == cited["text"]
    expect(page.locator("#side-title")).to_have_text(cited["location"]["document_title"])
    page.locator("#side .close").click()
    page.locator("#side").wait_for(state="hidden")
    becomes(page, "location.pathname", "/")


def test_the_back_button_closes_the_reader(open_page: OpenPage, server_url: str) -> None:
    page = open_page()
    turn = ask(page, suggested(server_url, "es"))
    turn.locator("[data-citation='1']").first.click()
    page.locator("#side mark").wait_for()
    page.go_back()
    page.locator("#side").wait_for(state="hidden")
    expect(turn).to_be_visible()


def test_a_long_document_comes_a_stretch_at_a_time_and_nothing_jumps(
    open_page: OpenPage, shelf: str
) -> None:
    quote = "la línea número 2000 al registro"
    fetched: list[int] = []
    page = open_page(
        shelf + place_of(BOOK, quote, "libro.txt"),
        before=lambda page: page.on(
            "response",
            lambda reply: fetched.append(len(reply.body())) if "/window" in reply.url else None,
        ),
    )
    page.locator("#side mark").wait_for()
    at_mark(page)
    # The line that is read stays where it is, while text comes above and below it and goes again.
    moved = page.evaluate(
        """async () => {
          const body = document.querySelector('#side .side-body');
          const mark = document.querySelector('#side mark');
          const quiet = () => new Promise(done => {
            let last = -1;
            const look = () => {
              const now = document.querySelectorAll('.stretch').length + body.scrollHeight;
              if (now === last) done(); else { last = now; setTimeout(look, 150); }
            };
            look();
          });
          await quiet();
          let worst = 0;
          const from = mark.getBoundingClientRect().top + body.scrollTop;
          for (let step = 0; step < 40; step++) {
            body.scrollTop -= 600;
            await new Promise(requestAnimationFrame);
            const before = mark.getBoundingClientRect().top;
            await new Promise(done => setTimeout(done, 30));
            if (mark.isConnected) worst = Math.max(worst, Math.abs(mark.getBoundingClientRect().top - before));
          }
          await quiet();
          return [worst, document.querySelectorAll('.stretch').length];
        }"""
    )
    assert moved[0] < 1
    assert 3 < moved[1] <= 16
    whole = get(shelf, f"/v1/documents/libro.txt/text?end=0&context={len(BOOK)}")["after"]
    assert shown(page) in whole
    assert shown(page).startswith("Día ")
    assert sum(fetched) < len(BOOK)
    # To the end, by the slider under the text: as much is there as can be scrolled, not all of it.
    page.locator(".rail input").focus()
    page.keyboard.press("End")
    expect(page.locator(".prose")).to_contain_text("número 3999 ")
    expect(page.locator(".side-at")).to_have_text("100 %")
    assert shown(page) in whole
    back = page.get_by_role("button", name="Volver a la cita")
    back.click()
    page.locator("#side mark").wait_for()
    assert text_of(page.locator("#side mark")) == quote
    at_mark(page)
    becomes(page, "document.activeElement.tagName", "MARK")


def test_letters_that_come_after_their_text_do_not_move_what_is_quoted(
    open_page: OpenPage, shelf: str
) -> None:
    page = open_page(shelf + place_of(BOOK, "la línea número 2000 al registro", "libro.txt"))
    marked(page).wait_for()
    at_mark(page)
    height = """() => {
      const body = document.querySelector('#side .side-body');
      const mark = document.querySelector('#side mark').getClientRects()[0];
      return (mark.top - body.getBoundingClientRect().top) / body.clientHeight;
    }"""
    before = page.evaluate(height)
    # Wider letters move every line of the text that stands above it.
    page.evaluate("document.querySelector('.prose').style.fontSize = '1.6rem'")
    assert abs(page.evaluate(height) - before) > 0.1
    late = """() => {
      const letters = new FontFace('Late', 'url(/page/fonts/literata.woff2)');
      document.fonts.add(letters);
      return letters.load().then(() => true);
    }"""
    assert page.evaluate(late)
    becomes(page, f"Math.abs(({height})() - {before}) < .02")
    # Somebody who has scrolled stays where they are.
    page.locator("#side .side-body").hover()
    page.mouse.wheel(0, 700)
    becomes(page, f"({height})() < {before} - .2")
    moved = page.evaluate(height)
    assert page.evaluate(late)
    page.wait_for_timeout(200)
    assert abs(page.evaluate(height) - moved) < 0.02


def test_a_hash_that_changes_is_followed(open_page: OpenPage, shelf: str) -> None:
    page = open_page(shelf + place_of(NOTES, QUOTES[0]))
    page.locator("#side mark").wait_for()
    start = NOTES.index(QUOTES[1])
    page.evaluate(f"location.hash = '#char={start},{start + len(QUOTES[1])}'")
    expect(marked(page)).to_have_text(QUOTES[1])
    page.go_back()
    expect(marked(page)).to_have_text(QUOTES[0])


@pytest.mark.parametrize(
    ("span", "numbers"),
    [("5,99999", ("5", "99.999")), ("99999,99999", ("99.999",)), ("9,3", ("9",))],
)
def test_a_place_that_the_document_does_not_have_is_said_and_the_text_shown(
    open_page: OpenPage, shelf: str, noise: list[str], span: str, numbers: tuple[str, ...]
) -> None:
    page = open_page(f"{shelf}/d/a%C3%B1o/notas.txt#char={span}")
    page.locator(".changed").wait_for()
    said = page.locator(".changed").inner_text()
    for number in (*numbers, str(len(NOTES.rstrip()))):
        assert number in said
    assert shown(page) == NOTES.rstrip("\n")
    expect(page.get_by_role("button", name="Copiar la cita")).to_have_count(0)
    noise.clear()  # the browser itself logs the refused request


@pytest.mark.parametrize("locale", ["es-ES", "en-US"])
def test_a_document_that_is_not_there_is_said_with_a_way_on(
    open_page: OpenPage, shelf: str, noise: list[str], locale: str
) -> None:
    page = open_page(f"{shelf}/d/nada.txt#char=0,5", locale=locale)
    page.locator("#side .problem").wait_for()
    said = "no hay ningún documento" if locale == "es-ES" else "there is no document"
    expect(page.locator("#side .problem")).to_contain_text(said)
    page.get_by_role(
        "button", name="Ver los documentos" if locale == "es-ES" else "See the"
    ).click()
    page.locator(".document").first.wait_for()
    noise.clear()


def test_a_quote_that_has_moved_is_said_and_found_again(open_page: OpenPage, shelf: str) -> None:
    moved = answer_quoting(QUOTES[:1])
    moved["citations"][0]["location"]["start_char_index"] += 4
    moved["citations"][0]["location"]["end_char_index"] += 4
    page = open_page(shelf, route=lambda route: route.fulfill(json=moved))
    ask(page, "¿Qué cruzó la pampa?").locator("[data-citation='1']").first.click()
    page.locator(".changed").wait_for()
    assert "ya no están las palabras citadas" in page.locator(".changed").inner_text()
    page.get_by_role("button", name="Buscar la cita").click()
    page.locator(".hit.now").first.wait_for()
    # In two pieces, since the place of the link begins inside it.
    assert "".join(map(text_of, page.locator(".hit.now").all())) == QUOTES[0]
    expect(page.locator(".find input")).to_have_value(QUOTES[0])


def test_text_of_another_version_is_never_put_beside_the_one_that_is_read(
    open_page: OpenPage, tmp_path: Path
) -> None:
    book = BOOK[: len(BOOK) // 8]
    write_documents(tmp_path, {"libro.txt": book})
    with local_server(tmp_path) as url:
        page = open_page(url + "/d/libro.txt")
        page.locator(".prose").wait_for()
        write_documents(tmp_path, {"libro.txt": book.replace("Día", "Noche")})
        run_job(url)
        page.evaluate("document.querySelector('#side .side-body').scrollTop = 1e9")
        page.locator(".changed").wait_for()
        assert "Noche" not in shown(page)
        page.get_by_role("button", name="Abrir la versión nueva").click()
        expect(page.locator(".prose")).to_contain_text("Noche 0:")
        assert "Día" not in shown(page)
        expect(page.locator(".changed")).to_have_count(0)
        page.close()


def test_the_citations_of_the_conversation_are_marked_and_stepped_through(
    open_page: OpenPage, shelf: str
) -> None:
    answers = [answer_quoting([QUOTES[2]]), answer_quoting(QUOTES[:2])]
    page = open_page(shelf, route=lambda route: route.fulfill(json=answers[0]))
    ask(page, "¿Quién volvió?")
    answers[0] = answers[1]
    ask(page, "¿Y los barcos?")
    page.locator(".turn").first.locator("[data-citation='1']").first.click()
    mark = page.locator("#side mark")
    mark.wait_for()
    assert text_of(mark) == QUOTES[2]
    assert [text_of(one) for one in page.locator(".also").all()] == QUOTES[:2]
    # In the order of the text, whatever the order of the questions.
    assert page.locator(".steps").inner_text().split()[1:4] == ["3", "/", "3"]
    page.get_by_role("button", name="Cita anterior").click()
    expect(marked(page)).to_have_text(QUOTES[1])
    becomes(page, "document.activeElement.dataset.step", "-1")
    expect(page.locator(".turn").last.locator(".cite.open")).to_have_attribute("data-citation", "2")
    page.locator(".also").first.click()
    expect(marked(page)).to_have_text(QUOTES[0])
    assert page.get_by_role("button", name="Cita anterior").is_disabled()
    page.keyboard.press("Escape")
    page.locator("#side").wait_for(state="hidden")
    becomes(page, "document.activeElement.dataset.citation", "1")


@SIZES
def test_words_are_found_without_their_accents_and_n_is_no_ñ(
    open_page: OpenPage, shelf: str, size: tuple[int, int]
) -> None:
    page = open_page(shelf + "/d/libro.txt", size=size)
    page.locator(".prose").wait_for()
    page.locator("[data-keep=find]").click()
    page.keyboard.type("LINEA NUMERO 39")
    count = page.locator(".find-count")
    # 39, 390 to 399, 3900 to 3999
    expect(count).to_have_text("1 de 111")
    expect(page.locator(".hit.now")).to_have_text("línea número 39")
    page.keyboard.press("Shift+Enter")
    expect(count).to_have_text("111 de 111")
    expect(page.locator(".prose")).to_contain_text("número 3999 ")
    page.get_by_role("button", name="Resultado siguiente").click()
    expect(count).to_have_text("1 de 111")
    expect(page.locator(".prose")).to_contain_text("número 39 ")
    expect(page.locator(".hit.now")).to_be_visible()
    field = page.locator(".find input")
    field.fill("anadio")
    expect(count).to_have_text("Sin resultados")
    expect(page.locator(".hit")).to_have_count(0)
    field.fill("añadió")
    expect(page.locator(".hit").nth(1)).to_have_text("añadió")
    page.keyboard.press("Escape")
    expect(page.locator(".find")).to_have_count(0)
    expect(page.locator(".hit")).to_have_count(0)
    becomes(page, "document.activeElement.dataset.keep", "find")
    expect(page.locator("#side")).to_be_visible()


def test_pages_are_labelled_and_the_original_is_opened_at_its_page(
    open_page: OpenPage, server_url: str
) -> None:
    name = "operacion-chavin-de-huantar.pdf"
    page = open_page(f"/d/{name}", locale="en-US", before=in_text)
    page.locator(".page").first.wait_for()
    labels = page.locator(".page").evaluate_all("nodes => nodes.map(node => node.dataset.label)")
    assert labels == ["p. 1", "p. 2", "p. 3"]
    # A label is drawn beside the text: what is copied or quoted does not hold it.
    assert "p. 2" not in shown(page)
    expect(page.locator(".side-at")).to_have_text("p. 1 of 3")
    page.locator(".page").last.evaluate("node => node.scrollIntoView()")
    expect(page.locator(".side-at")).to_have_text("p. 3 of 3")
    link = page.get_by_role("link", name="Original")
    href = f"/v1/documents/{name}/original?inline=true"
    expect(link).to_have_attribute("target", "_blank")
    link.dispatch_event("auxclick")
    expect(link).to_have_attribute("href", f"{server_url}{href}#page=3")
    with urllib.request.urlopen(server_url + href, timeout=20) as reply:
        assert reply.headers["Content-Disposition"].startswith("inline")
        assert reply.headers["Content-Type"] == "application/pdf"
        assert reply.read().startswith(b"%PDF")


def test_the_line_below_names_the_page_of_the_mark(open_page: OpenPage, server_url: str) -> None:
    pdf = f"{server_url}/v1/documents/{PDF}/window?before=0&after=4000&page="
    total = get(f"{pdf}1", "")["pages"]
    assert total >= 3
    page = open_page("/#library", before=in_text)
    for number in range(1, total + 1):
        text = get(f"{pdf}{number}", "")
        for start in (text["at"], text["at"] + 250, text["at"] + 700):
            page.goto(f"{server_url}/d/{PDF}?n={number}#char={start},{start + 40}")
            marked(page).wait_for()
            where = page.locator(".side-where").inner_text()
            said = page.locator(".side-at").inner_text()
            assert said.startswith(re.findall(r"pág\. \d+", where)[0]), (number, start)


@pytest.mark.parametrize(
    ("size", "lang", "scheme"),
    [(WIDE, "es", "light"), (NARROW, "en", "dark"), ((320, 640), "es", "dark")],
    ids=["1280-es", "390-en", "320-es"],
)
def test_a_quote_from_a_pdf_is_lit_on_its_page_as_it_is_printed(
    open_page: OpenPage, server_url: str, size: tuple[int, int], lang: str, scheme: str
) -> None:
    say = {
        "es": ("Página siguiente", "Volver a la cita", "Ampliar", "Texto", "Página"),
        "en": ("Next page", "Back to the quote", "Zoom in", "Text", "Page"),
    }[lang]
    after, back, larger, text, printed = say
    url = f"/d/{PDF}#char=1543,1663"
    page = open_page(url, size=size, locale=LOCALES[lang], scheme=scheme)
    page.locator(".lit").first.wait_for()
    quote = get(server_url, f"/v1/documents/{PDF}/text?start=1543&end=1663&context=0")["quote"]
    # What stands in the boxes is what is quoted: the words laid over the page say it, its ink shows it.
    under = page.evaluate(
        """() => {
          const lines = [...document.querySelectorAll('.sheet-line')];
          const canvas = document.querySelector('.sheet canvas');
          const shown = canvas.getBoundingClientRect();
          const scale = canvas.width / shown.width;
          return [...document.querySelectorAll('.lit')].map((lit) => {
            const box = lit.getBoundingClientRect();
            const line = lines.find((one) => {
              const own = one.getBoundingClientRect();
              const middle = (own.top + own.bottom) / 2;
              return middle > box.top && middle < box.bottom;
            });
            const {data} = canvas.getContext('2d').getImageData(
              (box.left - shown.left) * scale, (box.top - shown.top) * scale, box.width * scale, box.height * scale);
            let dark = 0;
            for (let n = 0; n < data.length; n += 4) dark += data[n] < 128;
            return [line?.textContent.trim() ?? '', dark / (data.length / 4)];
          });
        }"""
    )
    words = quote.split()
    lines = [line for line, _ in under]
    assert all(any(word in line for line in lines) for word in words), (words, lines)
    assert all(0.02 < dark < 0.6 for _, dark in under), under
    body = page.locator(".sheet").bounding_box()
    lit = page.locator(".lit").first.bounding_box()
    assert body["y"] <= lit["y"] < body["y"] + body["height"]
    assert has_no_sideways_scroll(page)
    number = page.locator(".sheet-foot input")
    expect(number).to_have_value("1")
    page.get_by_role("button", name=after).click()
    expect(number).to_have_value("2")
    expect(page.locator(".sheet-line").first).to_be_attached()
    expect(page.locator(".lit")).to_have_count(0)
    page.get_by_role("button", name=back).click()
    expect(page.locator(".lit")).to_have_count(len(under))
    width = page.locator(".sheet-paper").evaluate("node => node.clientWidth")
    page.get_by_role("button", name=larger).click()
    expect(page.locator(".lit")).to_have_count(len(under))
    assert page.locator(".sheet-paper").evaluate("node => node.clientWidth") > 1.3 * width
    assert has_no_sideways_scroll(page)
    # The text is one click away, and remembered.
    page.get_by_role("button", name=text, exact=True).click()
    marked(page).wait_for()
    assert text_of(marked(page)) == quote
    at_mark(page)
    page.reload()
    marked(page).wait_for()
    page.get_by_role("button", name=printed, exact=True).click()
    page.locator(".lit").first.wait_for()
    # Words are found in the text; then the page is there again.
    page.locator("[data-keep=find]").click()
    page.keyboard.type("tunel")
    page.locator(".hit.now").wait_for()
    page.keyboard.press("Escape")
    page.locator(".lit").first.wait_for()


def test_the_rule_below_a_quoted_line_never_cuts_the_letters_of_the_next(
    open_page: OpenPage, tmp_path: Path
) -> None:
    lines = [
        "La visita guiada del museo dura setenta minutos y empieza",
        "a las doce en punto junto a la puerta del patio grande.",
        "Quien llega tarde espera a la del día siguiente.",
    ]
    for name, leading in (("apretado", 11), ("suelto", 18)):
        drawn = "".join(at(72, 700 - leading * n, line, 12) for n, line in enumerate(lines))
        write_documents(tmp_path, {f"{name}.pdf": pdf_of(drawn)})
    ruled = "node => getComputedStyle(node).backgroundImage.includes('gradient')"
    with local_server(tmp_path) as url:
        for name, rules in (("apretado", [False, False]), ("suelto", [True, True])):
            page = open_page(f"{url}/d/{name}.pdf#char=0,110")
            page.locator(".lit").nth(1).wait_for()
            assert [one.evaluate(ruled) for one in page.locator(".lit").all()] == rules, name
            # nor does anything of the mark stand below its line
            assert page.evaluate(
                """() => [...document.querySelectorAll('.lit')].every((lit) => {
                  const own = lit.getBoundingClientRect();
                  return getComputedStyle(lit).boxShadow === 'none' && [...document.querySelectorAll('.sheet-line')]
                    .some((line) => Math.abs(line.getBoundingClientRect().bottom - own.bottom) < 1);
                })"""
            )


FORMS = """<h1>Tarifas de la piscina</h1><p>Estas son las tarifas del año.</p>
<table><tr><th>Mes</th><th>Cuota</th><th>Plazas</th></tr><tr><td>Enero</td><td>30 €</td><td>12</td></tr>
<tr><td>Febrero</td><td></td><td>9</td></tr></table><p>Tras la tabla sigue el texto.</p>
<h2>Normas</h2><ol><li>Llegar a tiempo.<ul><li>Nunca tarde.</li></ul></li><li>Pagar.</li></ol><pre>a = 1</pre>"""


@pytest.mark.parametrize(("lang", "width", "scheme"), [("es", 1280, "light"), ("en", 320, "dark")])
def test_a_text_is_drawn_with_its_headings_tables_and_lists(
    open_page: OpenPage, tmp_path: Path, lang: str, width: int, scheme: str
) -> None:
    write_documents(
        tmp_path, {"tarifas.html": FORMS, "caja.csv": "Mes;Cuota\nEnero;30 €\nFebrero;28 €\n"}
    )
    with local_server(tmp_path) as url:
        window = get(url, "/v1/documents/tarifas.html/window")
        text = "".join(piece["text"] for piece in window["pieces"])
        start = text.index("30 €")
        page = open_page(
            f"{url}/d/tarifas.html#char={start},{start + 4}",
            size=(width, 700),
            scheme=scheme,
            locale=LOCALES[lang],
        )
        assert text_of(marked(page)) == "30 €"
        # Nothing is lost or added, whatever it looks like.
        assert text_of(page.locator(".stretch")) == text
        table = page.get_by_role("table")
        assert [row.inner_text().split("\t") for row in table.get_by_role("row").all()] == [
            ["Mes", "Cuota", "Plazas"],
            ["Enero", "30 €", "12"],
            ["Febrero", "", "9"],
        ]
        assert table.get_by_role("columnheader").count() == 3
        columns = [cell.bounding_box()["x"] for cell in page.locator(".cell").all()]
        assert columns == columns[:3] * 3
        expect(page.locator(".prose").get_by_role("listitem")).to_have_text(
            ["1. Llegar a tiempo.", "Nunca tarde.", "2. Pagar."]
        )
        insets = "nodes => nodes.map(node => parseFloat(getComputedStyle(node).paddingInlineStart))"
        first, inner, second = page.locator(".item").evaluate_all(insets)
        assert 0 < first == second < inner
        title, heading, plain = [
            page.locator(one).first.evaluate("node => parseFloat(getComputedStyle(node).fontSize)")
            for one in (".heading.level-1", ".heading.level-2", ".item")
        ]
        assert title > heading > plain
        expect(page.locator(".code")).to_have_text("a = 1")
        assert has_no_sideways_scroll(page)
        assert faults(page) == {}
        # Rows that name their columns themselves: a line for each.
        page.goto(f"{url}/d/caja.csv")
        expect(page.locator(".rows .row")).to_have_count(2)
        assert page.locator(".rows .row").first.inner_text().split("\n") == [
            "Mes: Enero",
            "Cuota: 30 €",
        ]
        assert text_of(page.locator(".stretch")).startswith("Mes: Enero; Cuota: 30 €")
        assert faults(page) == {}
        page.close()


def test_the_page_of_a_citation_does_not_wait_for_the_text(
    open_page: OpenPage, tmp_path: Path, noise: list[str]
) -> None:
    drawn = ["BT /F1 24 Tf 72 700 Td (Del molino no se sabe nada) Tj ET"] * 2
    drawn.append("BT /F1 24 Tf 72 700 Td (La campana se guarda en la ermita de Lerma) Tj ET")
    moat = "BT /F1 24 Tf 72 700 Td (En el foso del castillo viven tres cisnes) Tj ET"
    write_documents(tmp_path, {"torre.pdf": pdf_of(*drawn), "foso.pdf": pdf_of(moat)})
    with local_server(tmp_path) as url:
        page = open_page(url)
        held: list[Any] = []
        pictures: list[str] = []
        page.on("request", lambda one: pictures.append(one.url) if "/picture" in one.url else None)
        page.route("**/window?*", lambda route: held.append(route))
        turn = ask(page, "¿Dónde se guarda la campana?")
        turn.locator("[data-citation='1']").last.click()
        page.locator(".lit").first.wait_for()
        assert len(held) == 1
        assert page.locator(".sheet canvas").evaluate("node => node.width") > 0
        expect(page.locator(".sheet-foot")).to_have_count(0)
        held[0].continue_()
        page.unroute("**/window?*")
        # What the text tells is added; the page stays as it is.
        expect(page.locator(".sheet-foot input")).to_have_value("3")
        expect(page.locator(".lit")).to_have_count(1)
        assert len(pictures) == 1
        page.locator("[data-keep='page-1']").click()
        expect(page.locator(".lit")).to_have_count(0)
        # The same citation again leads back to it
        page.locator("#side .close").click()
        turn.locator("[data-citation='1']").last.click()
        page.locator(".lit").first.wait_for()
        page.locator("#side .close").click()
        # A file that is another one by now is shown as its text, also where the page was asked for first.
        write_documents(tmp_path, {"foso.pdf": pdf_of(drawn[0])})
        turn = ask(page, "¿Qué vive en el foso del castillo?")
        turn.locator("[data-citation='1']").last.click()
        expect(page.locator(".changed")).to_contain_text("este es su texto")
        assert "viven tres cisnes" in text_of(marked(page))
        page.close()
    noise.clear()  # the browser itself logs the 404


@pytest.mark.parametrize(
    ("size", "lang", "scale"),
    [(WIDE, "es", 1), (NARROW, "en", 3), ((901, 700), "es", 2), ((320, 640), "en", 2)],
)
def test_the_page_that_is_quoted_first_is_there_before_it_is_wanted(
    browser: Browser, tmp_path: Path, size: tuple[int, int], lang: str, scale: int
) -> None:
    bell, swans, owl = {
        "es": (
            "¿Dónde se guarda la campana?",
            "¿Qué vive en el foso del castillo?",
            "¿Quién vive en el tejado?",
        ),
        "en": (
            "Where is the bell kept?",
            "What lives in the moat of the castle?",
            "Who lives on the roof?",
        ),
    }[lang]
    told = {
        "es": (
            "La campana se guarda en la ermita",
            "En el foso del castillo viven tres cisnes",
            "En el tejado vive un mochuelo",
        ),
        "en": (
            "The bell is kept in the chapel",
            "Three swans live in the moat of the castle",
            "A little owl lives on the roof",
        ),
    }[lang]
    drawn = [pdf_of(f"BT /F1 24 Tf 72 700 Td ({words}) Tj ET") for words in told]
    write_documents(
        tmp_path, dict(zip(("campana.pdf", "foso.pdf", "mochuelo.pdf"), drawn, strict=True))
    )
    with local_server(tmp_path) as url:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale=LOCALES[lang],
            device_scale_factor=scale,
        )
        page = context.new_page()
        page.set_default_timeout(WAIT_MS)
        asked: list[str] = []
        page.on("request", lambda one: asked.append(one.url) if "/pages/" in one.url else None)

        def pictures() -> list[str]:
            return [re.findall(r"(\w+)\.pdf", one)[0] for one in asked if "/picture" in one]

        page.goto(url)
        with page.expect_response(re.compile("/pages/1[?]")):
            first = ask(page, bell)
        assert pictures() == ["campana"]
        first.locator("[data-citation='1']").last.click()
        page.locator(".lit").first.wait_for()
        seen = "node => [node.width, node.clientWidth]"
        pixels, shown = page.locator(".sheet canvas").evaluate(seen)
        assert pixels >= min(2, max(scale, 1.5)) * shown
        page.locator("#side .close").click()
        # What was there is not asked for again, now or when the citation is opened again.
        first.locator("[data-citation='1']").last.click()
        page.locator(".lit").first.wait_for()
        assert pictures() == ["campana"]
        assert len(asked) == 2
        page.locator("#side .close").click()
        with page.expect_response(re.compile("/pages/1[?]")):
            ask(page, swans)
        # One that a pointer or the focus stays on is drawn, too.
        with page.expect_response(re.compile("/pages/1[?]")):
            page.locator(".turn").first.locator("[data-citation='1']").last.hover()
        assert pictures() == ["campana", "foso", "campana"]
        # Not for one who reads the text, nor where bytes are to be saved.
        page.evaluate(
            "Object.defineProperty(navigator, 'connection', { value: { saveData: true } })"
        )
        ask(page, owl)
        page.wait_for_timeout(600)
        page.locator("[data-citation='1']").last.click()
        page.locator(".lit").first.wait_for()
        assert pictures()[3:] == ["mochuelo"]
        page.locator(".side-tools .view").last.click()
        marked(page).wait_for()
        page.locator("#side .close").click()
        ask(page, swans)
        page.wait_for_timeout(600)
        assert len(pictures()) == 4
        context.close()


def test_a_page_that_was_drawn_ahead_of_another_build_is_drawn_anew(
    open_page: OpenPage, tmp_path: Path
) -> None:
    told = "BT /F1 24 Tf 72 700 Td (La campana se guarda en la torre) Tj ET"
    write_documents(tmp_path, {"torre.pdf": pdf_of(told)})
    with local_server(tmp_path) as url:
        page = open_page(url)
        with page.expect_response(re.compile("/pages/1[?]")):
            turn = ask(page, "¿Dónde se guarda la campana?")
        # The same words further down
        write_documents(tmp_path, {"torre.pdf": pdf_of(told.replace("700", "400"))})
        page.evaluate("fetch('/v1/index/jobs', { method: 'POST' })")
        now = "fetch('/v1/documents/torre.pdf/window').then((one) => one.json()).then((one) => one.sha256)"
        becomes(page, now, hashlib.sha256(pdf_of(told.replace("700", "400"))).hexdigest())
        turn.locator("[data-citation='1']").last.click()
        becomes(page, "parseFloat(document.querySelector('.lit')?.style.top) > 40")
        page.close()


def test_a_page_whose_file_is_another_one_by_now_is_shown_as_its_text(
    open_page: OpenPage, tmp_path: Path, noise: list[str]
) -> None:
    drawn = "BT /F1 24 Tf 72 700 Td (La campana se guarda en la torre) Tj ET"
    write_documents(tmp_path, {"torre.pdf": pdf_of(drawn)})
    with local_server(tmp_path) as url:
        write_documents(tmp_path, {"torre.pdf": pdf_of(drawn.replace("torre", "ermita"))})
        page = open_page(url + "/d/torre.pdf#char=3,10")
        expect(page.locator(".changed")).to_contain_text("este es su texto")
        assert text_of(marked(page)) == "campana"
        expect(page.locator(".sheet")).to_have_count(0)
        page.close()
    noise.clear()  # the browser itself logs the 404


def test_on_a_phone_the_keyboard_stays_in_the_sheet_until_it_is_closed(
    open_page: OpenPage, shelf: str
) -> None:
    page = open_page(shelf + place_of(NOTES, QUOTES[0]), size=NARROW)
    page.locator("#side mark").wait_for()
    side = page.locator("#side")
    expect(side).to_have_attribute("role", "dialog")
    seen = set()
    for _ in range(14):
        page.keyboard.press("Tab")
        where = page.evaluate(
            """() => {
              const node = document.activeElement;
              const inside = node === document.body || document.getElementById('side').contains(node);
              return [inside, node.dataset.keep ?? node.textContent];
            }"""
        )
        assert where[0], f"the focus left the sheet for {where[1]!r}"
        seen.add(where[1])
    assert {"close", "find", "original", "text"} <= seen
    page.keyboard.press("Escape")
    side.wait_for(state="hidden")


# ---- library ------------------------------------------------------------------------------


def end_of(url: str, job_id: str) -> None:
    """Waits until a build has ended."""
    with urllib.request.urlopen(f"{url}/v1/index/jobs/{job_id}/events", timeout=60) as events:
        assert b"event: end" in events.read()


def run_job(url: str) -> None:
    """Builds what has changed, to the end, after the builds that run already."""
    for job in get(url, "/v1/index/jobs")["data"]:
        end_of(url, job["id"])
    request = urllib.request.Request(f"{url}/v1/index/jobs", data=b"", method="POST")
    with urllib.request.urlopen(request, timeout=20) as reply:
        end_of(url, json.load(reply)["id"])


@SIZES
def test_the_library_lists_the_documents_of_the_service(
    open_page: OpenPage, server_url: str, size: tuple[int, int]
) -> None:
    listed = get(server_url, "/v1/documents?limit=100")
    page = open_page(size=size)
    expect(page.locator("#count")).to_have_text(str(listed["total"]))
    page.locator("#open-library").click()
    page.locator(".document").first.wait_for()
    expect(page.locator(".document")).to_have_count(len(listed["data"]))
    pdf = page.locator(".document", has_text="operacion-chavin-de-huantar.pdf")
    for fact in ("español", "3 páginas", "pasajes", "202", "listo"):
        expect(pdf.locator(".facts")).to_contain_text(fact)
    page.locator("a.document-open").first.click()
    page.locator("#side .prose").wait_for()


@pytest.fixture(scope="module")
def scans(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A service over a PDF with pages that cannot be read, and a file that cannot."""
    data = tmp_path_factory.mktemp("scans")
    files = {"caldera.pdf": partly_scanned(BOILER), "roto.pdf": b"no es un PDF", "notas.txt": NOTES}
    write_documents(data, files)
    with local_server(data) as url:
        yield url


@SIZES
@pytest.mark.parametrize("lang", ["es", "en"])
def test_pages_that_were_not_read_are_told_in_the_list_and_beside_the_document(
    open_page: OpenPage, scans: str, size: tuple[int, int], lang: str
) -> None:
    words = {"es": "3 páginas sin leer", "en": "3 pages not read"}[lang]
    pages = {"es": "pág. 2–3, 5", "en": "p. 2–3, 5"}[lang]
    page = open_page(f"{scans}/#library", size=size, locale=LOCALES[lang])
    expect(row(page, "caldera.pdf").locator(".state.unread")).to_have_text(words)
    expect(page.locator(".state.unread")).to_have_count(1)
    # What cannot be read is in the list, and the number of those in it says how many are not
    assert get(scans, "/v1/documents")["total"] == 3
    expect(page.locator("#count")).to_have_text(
        {"es": "3 · 1 sin leer", "en": "3 · 1 not read"}[lang]
    )
    page.locator("[data-keep=choose]").click()
    expect(page.locator("[data-keep=all]")).to_contain_text("3")
    asked = page.locator("[data-keep=ask-these]")
    expect(asked).to_be_disabled()
    filled = "node => getComputedStyle(node).backgroundColor"
    assert asked.evaluate(filled) == "rgba(0, 0, 0, 0)"
    row(page, "caldera.pdf").locator(".tick").click()
    expect(asked).to_be_enabled()
    assert asked.evaluate(filled) != "rgba(0, 0, 0, 0)"
    page.locator("[data-keep=choose-none]").click()
    row(page, "caldera.pdf").locator("a").click()
    summary = page.locator(".left-out.unread summary")
    expect(summary).to_have_text(f"{words} ({pages})")
    why = page.locator(".left-out.unread li")
    expect(why).to_be_hidden()
    summary.click()
    expect(why).to_be_visible()
    expect(why).to_contain_text(f"{pages} · ")
    page.locator(
        "[data-keep=find]"
    ).click()  # the panel is drawn anew, and what was opened stays so
    expect(why).to_be_visible()
    # and where the words of each would stand
    said = {"es": "pág. {}: sin leer", "en": "p. {}: not read"}[lang]
    marks = page.locator(".prose .page-unread")
    expect(marks).to_have_count(3)
    assert [one.get_attribute("data-label") for one in marks.all()] == [
        said.format(n) for n in (2, 3, 5)
    ]
    order = page.evaluate(
        "[...document.querySelectorAll('.prose .page, .prose .page-unread')].map((one) => one.dataset.label.match(/\\d+/)[0]).join('')"
    )
    assert order.endswith("2345")
    assert has_no_sideways_scroll(page)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_documents_with_unread_pages_are_found_by_a_filter(
    open_page: OpenPage, tmp_path: Path, lang: str
) -> None:
    files: dict[str, str | bytes] = {f"nota-{n}.txt": NOTES for n in range(30)}
    write_documents(tmp_path, files | {"caldera.pdf": partly_scanned(BOILER)})
    with local_server(tmp_path) as url:
        page = open_page(f"{url}/#library", locale=LOCALES[lang])
        page.locator("[data-keep=status]").select_option(
            label={"es": "con páginas sin leer", "en": "with unread pages"}[lang]
        )
        expect(page.locator(".document")).to_have_count(1)
        expect(row(page, "caldera.pdf")).to_be_visible()


@SIZES
def test_the_choices_of_the_filters_are_not_cut(
    open_page: OpenPage, server_url: str, size: tuple[int, int]
) -> None:
    for locale in LOCALES.values():
        page = open_page("/#library", size=(360, 740) if size == NARROW else size, locale=locale)
        page.locator(".filters select").first.wait_for()
        # A select cuts its words and says nothing of it: as wide as one wants to be, it has to fit
        cut = page.evaluate(
            """() => [...document.querySelectorAll('.filters select')].filter((node) => {
              const free = node.cloneNode();
              free.append(node.options[0].cloneNode(true));
              free.style.cssText = 'position: absolute; inline-size: max-content';
              node.after(free);
              const wanted = free.offsetWidth;
              free.remove();
              return wanted > node.offsetWidth;
            }).map((node) => node.options[0].text)"""
        )
        assert cut == []


def test_what_is_not_in_the_text_is_told_below_the_contents(
    open_page: OpenPage, server_url: str
) -> None:
    page = open_page(f"/d/{PDF}")
    page.locator("#side .side-body, #side .sheet").first.wait_for()
    expect(page.locator(".left-out.unread")).to_have_count(0)
    page.locator("[data-keep=outline]").click()
    page.locator(".outline .left-out summary").click()
    said = page.locator(".outline .left-out li", has_text="se repite en el borde de las páginas")
    expect(said).to_contain_text("La operación Chavín de Huántar")
    expect(said).to_contain_text("pág. 1–3")


def test_documents_are_searched_and_filtered_by_the_service(
    open_page: OpenPage, server_url: str
) -> None:
    page = open_page("/#library")
    page.locator(".document").first.wait_for()
    field = page.locator(".filters input")
    field.focus()
    page.keyboard.type("CRONOLOGIA")
    expect(page.locator(".document")).to_have_count(1)
    expect(page.locator(".found")).to_have_text("1 documento")
    assert field.evaluate("node => node === document.activeElement")
    field.fill("")
    page.locator(".filters select").first.select_option("en")
    english = get(server_url, "/v1/documents?language=en")["total"]
    expect(page.locator(".document")).to_have_count(english)
    page.locator(".filters select").last.select_option("skipped")
    page.locator(".nothing").wait_for()
    expect(page.locator(".nothing")).to_have_text("Ningún documento coincide.")
    # The number at the top is that of all documents, whatever the filter.
    expect(page.locator("#count")).to_have_text(str(get(server_url, "/v1/documents")["total"]))


def test_of_twenty_thousand_documents_only_those_that_are_seen_are_fetched_and_drawn(
    open_page: OpenPage, server_url: str
) -> None:
    asked: list[int] = []
    one = get(server_url, "/v1/documents?limit=1")["data"][0]

    def listed(request: Request) -> Any:
        offset = int(request.url.split("offset=")[1].split("&")[0])
        asked.append(offset)
        data = [
            {**one, "id": f"{offset + n}.txt", "title": f"N.º {offset + n}"} for n in range(100)
        ]
        total = {"total": 20_000, "skipped": 0, "limit": 100, "offset": offset}
        return {"object": "list", "data": data, "folders": [], **total}

    page = open_page(
        "/#library",
        before=lambda page: page.route(
            "**/v1/documents?*", lambda route: route.fulfill(json=listed(route.request))
        ),
    )
    page.locator(".document").first.wait_for()
    expect(page.locator("#count")).to_have_text("20.000")
    expect(page.get_by_text("N.º 0", exact=True)).to_be_visible()
    body = "document.querySelector('.library')"
    # to the end, and no more is drawn than what is near it
    last = "[...document.querySelectorAll('.document')].at(-1)"
    to_end = f"{body}.scrollTop = {body}.scrollHeight"
    becomes(page, f"({to_end}, {last}?.getAttribute('aria-posinset'))", "20000")
    assert page.evaluate(f"{last}.getAttribute('aria-setsize')") == "20000"
    becomes(page, "document.querySelectorAll('.document').length <= 400")
    assert len(set(asked)) <= 12  # of 200 pages; how high rows are is only known once they are seen
    # and back to where the first one was
    page.evaluate(f"{body}.scrollTop = 0")
    expect(page.get_by_text("N.º 0", exact=True)).to_be_visible()
    becomes(page, "document.querySelectorAll('.document').length <= 400")


SHELF = {
    "actas/2024/enero.txt": "El ñandú cruzó el puente en enero.\n",
    "actas/2024/febrero.txt": "El ñandú cruzó el puente en febrero.\n",
    "actas/2025/marzo.txt": "El ñandú cruzó el puente en marzo.\n",
    **{f"notas/{n}.txt": f"La nota número {n} habla del ñandú.\n" for n in range(12)},
}
CHOOSING = {
    "es": {"several": "Elegir varios", "these": "Preguntar solo a estos", "delete": "Borrar",
           "folder": "Preguntar solo a esta carpeta", "in_folder": "Solo en la carpeta «actas/2024»",
           "in_two": "Solo en 2 documentos", "whole": "En toda la colección", "all": "Elegir los 12",
           "leaving": "12 documentos se van a borrar.", "gone": "12 documentos borrados."},
    "en": {"several": "Choose several", "these": "Ask only these", "delete": "Delete",
           "folder": "Ask only this folder", "in_folder": "Only in the folder “actas/2024”",
           "in_two": "Only in 2 documents", "whole": "In the whole collection", "all": "Choose all 12",
           "leaving": "12 documents are about to be deleted.", "gone": "12 documents deleted."},
}  # fmt: skip


@pytest.mark.parametrize(("lang", "size"), [("es", WIDE), ("en", (320, 640))])
def test_folders_and_several_documents_are_asked_and_deleted_together(
    tmp_path: Path, open_page: OpenPage, lang: str, size: tuple[int, int]
) -> None:
    write_documents(tmp_path, SHELF)
    say = CHOOSING[lang]
    with local_server(tmp_path) as url:
        page = open_page(url, locale=LOCALES[lang], size=size)
        chip = page.locator("#scope")
        expect(chip).to_have_text(say["whole"])
        # the chip is the way to the documents, where some can be chosen
        chip.get_by_role("button").click()
        page.locator(".tick").first.wait_for()
        assert has_no_sideways_scroll(page)
        page.locator(".chosen-bar").get_by_role("button").last.click()
        expect(page.locator(".tick")).to_have_count(0)
        page.locator(".tree li", has_text="actas").get_by_role("button").click()
        expect(page.locator(".document")).to_have_count(3)
        page.locator(".tree li", has_text="2024").get_by_role("button").click()
        expect(page.locator(".document")).to_have_count(2)
        page.get_by_role("button", name=say["folder"]).click()
        expect(chip).to_contain_text(say["in_folder"])
        with page.expect_request("**/v1/ask") as sent:
            turn = ask(page, "¿Cuándo cruzó el ñandú el puente?")
        assert sent.value.post_data_json["filters"] == {"folder": ["actas/2024"]}
        expect(turn.locator(".read-as").first).to_have_text(say["in_folder"])
        page.reload()
        expect(chip).to_contain_text(say["in_folder"])
        # a link takes the scope along
        page.goto(
            f"{url}/?q=¿Qué+cruzó+el+ñandú%3F&document=actas/2025/marzo.txt&document=notas/1.txt"
        )
        expect(page.locator(".turn .read-as").first).to_have_text(say["in_two"])
        if page.locator("#side").is_hidden():
            page.locator("#open-library").click()
        page.locator(".tree li", has_text="notas").get_by_role("button").click()
        page.locator(".order").select_option("-size")
        expect(page.locator(".document")).to_have_count(12)
        page.get_by_role("button", name=say["several"]).click()
        page.locator(".tick input").nth(0).check()
        page.locator(".tick input").nth(1).check()
        page.get_by_role("button", name=say["these"]).click()
        expect(chip).to_contain_text(say["in_two"])
        if page.locator("#side").is_hidden():
            page.locator("#open-library").click()
        page.get_by_role("button", name=say["several"]).click()
        page.get_by_role("button", name=say["all"]).click()
        expect(page.locator(".tick input:checked")).to_have_count(12)
        page.locator(".chosen-bar").get_by_role("button", name=say["delete"]).click()
        expect(page.locator(".toast")).to_contain_text(say["leaving"])
        page.locator(".toast [data-undo]").click()
        assert len(list((tmp_path / "documents" / "notas").iterdir())) == 12
        page.get_by_role("button", name=say["several"]).click()
        page.get_by_role("button", name=say["all"]).click()
        with page.expect_request("**/v1/documents/delete"):
            page.locator(".chosen-bar").get_by_role("button", name=say["delete"]).click()
            page.mouse.move(5, 5)  # over the toast it would wait
        expect(page.locator(".news .good")).to_have_count(2)  # the build that follows is through
        expect(page.locator(".news .good").first).to_have_text(say["gone"])
        assert not list((tmp_path / "documents" / "notas").iterdir())


MOVING = {
    "es": {"several": "Elegir varios", "move": "Mover", "here": "Mover aquí", "undo": "Deshacer",
           "moved": "2 documentos movidos.", "back": "Todo está como antes.", "rename": "Cambiar el nombre",
           "of": "Cambiar el nombre de {}", "field": "Nombre nuevo de {}", "cancel": "Cancelar",
           "renamed": "«marzo.txt» se llama ahora «abril.txt».", "taken": "Ya hay un documento con ese nombre",
           "outside": "contiene . o .."},
    "en": {"several": "Choose several", "move": "Move", "here": "Move here", "undo": "Undo",
           "moved": "2 documents moved.", "back": "All is as it was.", "rename": "Rename",
           "of": "Rename {}", "field": "New name of {}", "cancel": "Cancel",
           "renamed": "“marzo.txt” is now called “abril.txt”.", "taken": "There is a document of that name already",
           "outside": "holds . or .."},
}  # fmt: skip


@pytest.mark.parametrize(("lang", "size"), [("en", WIDE), ("es", (320, 640))])
def test_documents_are_moved_and_renamed_and_that_can_be_undone(
    tmp_path: Path, open_page: OpenPage, lang: str, size: tuple[int, int], noise: list[str]
) -> None:
    write_documents(tmp_path, SHELF)
    say = MOVING[lang]

    def files() -> set[str]:
        documents = tmp_path / "documents"
        return {p.relative_to(documents).as_posix() for p in documents.rglob("*.txt")}

    with local_server(tmp_path) as url:
        page = open_page(f"{url}/#library", locale=LOCALES[lang], size=size)

        def built() -> None:
            """The list is that of a build with the files as they are now."""
            expect(page.locator(".document .state:not(.indexed)")).to_have_count(0)
            expect(page.locator(".work progress")).to_have_count(0)

        # two of a folder go into a new one
        page.locator(".tree li", has_text="notas").get_by_role("button").click()
        expect(page.locator(".document")).to_have_count(12)
        page.get_by_role("button", name=say["several"]).click()
        page.locator(".tick input").nth(0).check()
        bar = page.locator(".chosen-bar")
        bar.get_by_role("button", name=say["move"]).click()
        field = bar.get_by_role("combobox")
        expect(field).to_be_focused()
        field.fill("años/2026 ")
        page.locator(".tick input").nth(1).check()  # what was typed stays
        expect(bar.get_by_role("status")).to_contain_text("2")
        assert has_no_sideways_scroll(page)
        field.press("Escape")  # closes the field, not the panel
        bar.get_by_role("button", name=say["move"]).click()
        field.fill(" años//2026/")
        bar.get_by_role("button", name=say["here"]).click()
        toast = page.locator(".toast.moved")
        expect(toast).to_contain_text(say["moved"])
        assert {"años/2026/0.txt", "años/2026/1.txt"} <= files()
        built()
        expect(page.locator(".document")).to_have_count(10)
        toast.get_by_role("button", name=say["undo"]).click()
        expect(page.locator(".document")).to_have_count(12)
        assert files() == set(SHELF)
        built()
        # one has another name, and keeps its suffix without being told to
        page.locator(".tree-way .quiet").first.click()
        page.locator(".tree li", has_text="actas").get_by_role("button").click()
        page.locator(".tree li", has_text="2025").get_by_role("button").click()
        expect(page.locator(".document")).to_have_count(1)
        expect(page.locator("[data-keep^='rename ']")).to_have_count(0)
        page.get_by_role("button", name=say["several"]).click()
        rename = page.get_by_role("button", name=say["of"].format("marzo"))
        rename.click()
        field = page.get_by_label(say["field"].format("marzo"))
        expect(field).to_be_focused()
        field.fill("otra cosa")
        field.press("Escape")
        expect(rename).to_be_focused()
        rename.click()
        field.fill("abril")
        for other in ({"es": "en", "en": "es"}[lang], lang):
            page.evaluate("(lang) => document.querySelector(`[data-lang=${lang}]`).click()", other)
        expect(field).to_have_value("abril")  # what was typed stays when the list is drawn anew
        field.press("Enter")
        expect(toast).to_contain_text(say["renamed"])
        built()
        expect(page.locator(".path")).to_have_text(
            ["actas/2025/abril.txt"]
        )  # once the old name is gone
        assert "actas/2025/abril.txt" in files()
        toast.hover()
        page.wait_for_timeout(7_500)  # as long as somebody is about to undo it, it stays
        expect(toast).to_be_visible()
        page.mouse.move(5, 5)
        expect(toast).to_have_count(0)
        # a name that cannot be is told in a line, and nothing moves
        noise.clear()
        before = files()
        page.get_by_role("button", name=say["several"]).click()
        for typed, said in (("../2024/enero", say["outside"]), ("../../../x", say["outside"])):
            page.get_by_role("button", name=say["of"].format("abril")).click()
            page.get_by_label(say["field"].format("abril")).fill(typed)
            page.get_by_label(say["field"].format("abril")).press("Enter")
            expect(page.locator(".news .problem")).to_contain_text(said)
            page.get_by_role("button", name=say["cancel"]).click()
        page.locator(".tree-way .quiet").first.click()
        page.locator(".tree li", has_text="notas").get_by_role("button").click()
        page.get_by_role("button", name=say["of"].format("0"), exact=True).click()
        page.get_by_label(say["field"].format("0"), exact=True).fill("1.txt")
        page.get_by_role("button", name=say["rename"], exact=True).click()
        expect(page.locator(".news .problem")).to_contain_text(say["taken"])
        assert files() == before
        noise.clear()  # the browser tells of the refusals, too
        # a link from before leads to it
        page.goto(f"{url}/d/actas/2025/marzo.txt#char=3,8")
        expect(marked(page)).to_have_text("ñandú")
        expect(page.locator("#side-title")).to_have_text("Abril")


class Works:
    """A service whose builds stop in the middle until they are let go."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.url = ""
        self.go = threading.Event()
        self.go.set()
        self.called = threading.Event()
        self.begun = 0

    def __call__(self, *, full: bool, allow_removal: bool, progress: Any, cancelled: Any) -> Any:
        self.begun += 1
        self.called.set()
        if not self.go.is_set():
            progress(Progress("encode", 3, 12, 42.0))
        while not self.go.wait(0.02):
            if cancelled():
                raise BuildCancelled("stopped")
        return build(self.data, HashEncoder(), full=full, progress=progress, cancelled=cancelled)


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Works]:
    """A service whose documents the tests change; each has names of its own."""
    works = Works(tmp_path_factory.mktemp("workshop"))
    write_documents(works.data, {"notas.txt": NOTES})
    with local_server(works.data, make=works) as works.url:
        yield works


@pytest.fixture
def works(workshop: Works) -> Iterator[Works]:
    workshop.begun = 0
    yield workshop
    workshop.go.set()


def some_file(name: str, words: str = "Una nota sobre el faro de Punta Ñandú.") -> Any:
    return {"name": name, "mimeType": "text/plain", "buffer": words.encode("utf-8")}


def row(page: Page, name: str) -> Locator:
    """The document of that file name in the list."""
    return page.locator(".document").filter(has=page.get_by_text(name, exact=True))


def test_files_are_uploaded_one_by_one_and_built_with_progress(
    open_page: OpenPage, works: Works, noise: list[str]
) -> None:
    works.go.clear()
    page = open_page(works.url + "/#library")
    row(page, "notas.txt").wait_for()
    files = [some_file("faro.txt"), some_file("raro.xyz"), some_file("notas.txt", "Otra nota.")]
    page.locator("#files").set_input_files(files)
    # One file is refused and keeps none of the others back.
    failed = page.locator(".files .failed")
    expect(failed).to_contain_text("raro.xyz")
    expect(failed).to_contain_text("Ese tipo de archivo no se puede leer")
    work = page.locator(".work")
    expect(work).to_contain_text("3 / 12")
    expect(work).to_contain_text("Calculando los pasajes…")
    expect(work).to_contain_text("quedan 42 s")
    assert page.locator("progress").evaluate("node => node.position") == 0.25
    expect(row(page, "faro.txt")).to_contain_text("espera a la próxima preparación")
    expect(row(page, "notas.txt")).to_contain_text("cambiado: espera a la próxima preparación")
    # A reload in the middle of it: the build is found again.
    page.reload()
    expect(work).to_contain_text("3 / 12")
    works.go.set()
    expect(page.locator(".news .good")).to_have_text("Listo: ya puedes preguntar por lo nuevo.")
    expect(row(page, "faro.txt").locator(".state")).to_have_text("listo")
    expect(row(page, "notas.txt").locator(".state")).to_have_text("listo")
    expect(page.locator(".work > *")).to_have_count(0)
    assert works.begun == 1
    noise.clear()  # the browser itself logs the refused file


def test_a_build_is_stopped_and_the_version_before_stays(open_page: OpenPage, works: Works) -> None:
    works.go.clear()
    page = open_page(works.url + "/#library", locale="en-US")
    row(page, "notas.txt").wait_for()
    page.locator("#files").set_input_files([some_file("tarde.txt")])
    expect(page.locator(".work")).to_contain_text("3 / 12")
    page.get_by_role("button", name="Stop").click()
    good = page.locator(".news .good")
    expect(good).to_have_text("Cancelled. The version before stays in use.")
    expect(page.locator(".work > *")).to_have_count(0)
    expect(row(page, "tarde.txt")).to_contain_text("waiting for the next build")


def test_while_another_build_runs_this_one_waits_and_then_starts(
    open_page: OpenPage, works: Works, noise: list[str]
) -> None:
    works.go.clear()
    page = open_page(works.url + "/#library")
    row(page, "notas.txt").wait_for()
    # Somebody else's build has begun: this page's wish is refused with 409.
    begin = urllib.request.Request(f"{works.url}/v1/index/jobs", data=b"", method="POST")
    urllib.request.urlopen(begin, timeout=20).close()
    with page.expect_response(
        lambda reply: reply.url.endswith("/v1/index/jobs") and reply.status == 409
    ):
        page.locator("#files").set_input_files([some_file("tercero.txt")])
    expect(page.locator(".work")).to_contain_text("3 / 12")
    expect(page.locator("#side .problem")).to_have_count(0)
    works.go.set()
    expect(page.locator(".news .good")).to_have_text("Listo: ya puedes preguntar por lo nuevo.")
    assert works.begun == 2
    noise.clear()  # the browser itself logs the 409


def test_while_a_terminal_builds_this_page_says_so_and_can_give_up(
    open_page: OpenPage, works: Works, noise: list[str]
) -> None:
    page = open_page(works.url + "/#library")
    row(page, "notas.txt").wait_for()
    busy = {
        "code": "index_job_running",
        "title": "Ocupado",
        "status": 409,
        "detail": "",
        "remedy": "",
    }
    page.route(
        "**/v1/index/jobs",
        lambda route: (
            route.fulfill(json={"object": "list", "data": []})
            if route.request.method == "GET"
            else route.fulfill(status=409, json=busy)
        ),
    )
    page.locator("#files").set_input_files([some_file("cuarto.txt")])
    expect(page.locator(".work")).to_contain_text("Otra preparación está en marcha")
    page.get_by_role("button", name="Detener").click()
    expect(page.locator(".work > *")).to_have_count(0)
    noise.clear()  # the browser itself logs the 409


def test_deletions_can_be_undone_and_are_gathered_into_one_build(
    open_page: OpenPage, works: Works
) -> None:
    names = ["uno.txt", "dos.txt", "tres.txt", "cinco.txt"]
    write_documents(works.data, {name: f"{name} {NOTES}" for name in names})
    run_job(works.url)
    sent: list[str] = []

    def listen(page: Page) -> None:
        page.clock.install()
        page.on(
            "request",
            lambda one: (
                sent.append(f"{one.method} {one.url.removeprefix(works.url)}")
                if one.method != "GET"
                else None
            ),
        )

    page = open_page(works.url + "/#library", before=listen)
    for name in names[:3]:
        row(page, name).get_by_role("button").click()
        page.clock.run_for(3_000)
    expect(page.locator(".toast")).to_contain_text("3 documentos se van a borrar.")
    row(page, "dos.txt").get_by_role("button", name="No borrar").click()
    expect(page.locator(".leaving")).to_have_count(2)
    # While the focus is on an undo button by keyboard there is all the time in the world.
    page.keyboard.press("Tab")
    row(page, "tres.txt").get_by_role("button").focus()
    page.clock.run_for(20_000)
    assert sent == []
    page.locator("#side-title").focus()
    page.clock.run_for(8_000)
    page.clock.resume()
    expect(page.locator(".news .good")).to_have_text(
        ["2 documentos borrados.", "Listo: ya no se cita lo que has quitado."]
    )
    expect(row(page, "uno.txt")).to_have_count(0)
    assert sent == [
        "DELETE /v1/documents/tres.txt",
        "DELETE /v1/documents/uno.txt",
        "POST /v1/index/jobs",
    ] or sent == [
        "DELETE /v1/documents/uno.txt",
        "DELETE /v1/documents/tres.txt",
        "POST /v1/index/jobs",
    ]
    # A page that is loaded again deletes nothing, and it can still be undone there.
    row(page, "cinco.txt").get_by_role("button").click()
    page.reload()
    expect(page.locator(".toast")).to_contain_text("1 documento se va a borrar.")
    left = {file.name for file in (works.data / "documents").iterdir()}
    assert {"dos.txt", "cinco.txt"} <= left
    assert not left & {"uno.txt", "tres.txt"}
    page.locator(".toast button").click()
    expect(page.locator(".toast")).to_have_count(0)
    page.reload()
    row(page, "cinco.txt").wait_for()
    expect(page.locator(".toast")).to_have_count(0)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_files_that_a_stop_kept_from_being_uploaded_are_told_and_can_be_sent_after_all(
    open_page: OpenPage, works: Works, lang: str
) -> None:
    page = open_page(works.url + "/#library", locale=LOCALES[lang])
    row(page, "notas.txt").wait_for()
    held: list[Any] = []
    page.route(
        "**/v1/documents",
        lambda route: held.append(route) if route.request.method == "POST" else route.continue_(),
    )
    names = [f"resto-{n}-{lang}.txt" for n in range(3)]
    with page.expect_request(lambda one: one.method == "POST"):
        page.locator("#files").set_input_files([some_file(name) for name in names])
    page.get_by_role("button", name={"es": "Detener", "en": "Stop"}[lang]).click()
    told = page.locator(".news .bad")
    expect(told).to_contain_text(
        {"es": "3 archivos se han quedado sin subir", "en": "3 files were not uploaded"}[lang]
    )
    page.unroute("**/v1/documents")
    told.get_by_role("button").click()
    for name in names:
        expect(row(page, name).locator(".state")).to_have_text({"es": "listo", "en": "ready"}[lang])


def test_after_the_last_document_is_deleted_nothing_is_promised(
    open_page: OpenPage, tmp_path: Path
) -> None:
    write_documents(tmp_path, {"sola.txt": NOTES})
    with local_server(tmp_path) as url:
        page = open_page(url + "/#library", before=lambda page: page.clock.install())
        row(page, "sola.txt").get_by_role("button").click()
        page.clock.run_for(8_000)
        page.clock.resume()
        expect(page.locator(".news .good").last).to_have_text(
            "Listo: ya no queda ningún documento."
        )


def test_builds_are_listed_and_one_before_is_brought_back(
    open_page: OpenPage, works: Works
) -> None:
    write_documents(works.data, {"otra.txt": f"Otra. {NOTES}"})
    run_job(works.url)
    listed = get(works.url, "/v1/index/builds")["data"]
    assert len(listed) > 1
    page = open_page(works.url + "/#library")
    row(page, "otra.txt").wait_for()
    page.locator("summary", has_text="Versiones del índice").click()
    expect(page.locator(".build")).to_have_count(len(listed))
    active = page.locator(".build.active")
    before = active.inner_text()
    page.get_by_role("button", name="Usar la versión de").first.click()
    expect(page.locator(".news .good")).to_contain_text("Ahora responde la versión de")
    expect(active).not_to_have_text(before)
    assert page.locator("details.builds").evaluate("node => node.open")
    now = {one["id"]: one["active"] for one in get(works.url, "/v1/index/builds")["data"]}
    assert [now[one["id"]] for one in listed if one["active"]] == [False]
    assert sum(now.values()) == 1


def test_a_folder_that_is_dropped_keeps_its_ways(
    open_page: OpenPage, works: Works, tmp_path: Path
) -> None:
    write_documents(tmp_path, {"x/año.txt": "Uno.", "x/y/dos.txt": "Dos.", "x/.z": "No."})
    page = open_page(works.url)
    session = page.context.new_cdp_session(page)
    folder = str(tmp_path / "documents" / "x")
    drag = {"items": [], "files": [folder], "dragOperationsMask": 1}
    news = page.locator(".news")
    # On a busy machine the drop can come before the page has said that it takes files
    for _ in range(4):
        for kind in ("dragEnter", "dragOver", "drop"):
            event = {"type": kind, "x": 300, "y": 300, "data": drag}
            session.send("Input.dispatchDragEvent", event)
        with suppress(playwright.TimeoutError):
            news.first.wait_for(timeout=8_000)
            break
    expect(page.locator(".news .good")).to_have_text("Listo: ya puedes preguntar por lo nuevo.")
    for name in ("x/año.txt", "x/y/dos.txt"):
        expect(row(page, name).locator(".state")).to_have_text("listo")
    assert not (works.data / "documents" / "x" / ".z").exists()


def test_a_key_sees_only_what_it_may_do(open_page: OpenPage, tmp_path: Path) -> None:
    write_documents(tmp_path, {"a.txt": NOTES})
    scopes = ["search", "index", "admin"]
    keys = ",".join(f"{one}:{hashlib.sha256(one.encode()).hexdigest()}" for one in scopes)
    with local_server(tmp_path, environ={"FUENTE_KEYS": keys}) as url:
        write_documents(tmp_path, {"b.txt": f"Otra. {NOTES}"})
        build(tmp_path, HashEncoder())
        for scope in scopes:
            give = f"sessionStorage.setItem('fuente.key', '{scope}')"
            page = open_page(
                url + "/#library", before=lambda page, give=give: page.add_init_script(give)
            )
            page.locator(".document").first.wait_for()
            page.locator("summary", has_text="Versiones del índice").click()
            page.locator(".build").nth(1).wait_for()
            changes = int(scope != "search")
            expect(page.locator(".drop")).to_have_count(changes)
            expect(page.get_by_role("button", name="Borrar")).to_have_count(2 * changes)
            expect(page.get_by_role("button", name="Usar la versión")).to_have_count(
                int(scope == "admin")
            )
            page.close()
        give = "sessionStorage.setItem('fuente.key', 'search')"
        page = open_page(url + "/d/a.txt", before=lambda page: page.add_init_script(give))
        page.locator("#side .prose").wait_for()
        # A link carries no key: the file is fetched with it and handed over.
        with page.expect_download() as waiting:
            page.get_by_role("link", name="Original").click()
        assert Path(waiting.value.path()).read_text("utf-8") == NOTES
        page.close()


def test_with_a_key_a_pdf_is_fetched_and_shown_in_a_tab_of_its_own(
    open_page: OpenPage, tmp_path: Path
) -> None:
    write_documents(tmp_path, {"hoja.pdf": (SAMPLES / PDF).read_bytes()})
    keys = {"FUENTE_API_KEYS": f"search:{hashlib.sha256(b'search').hexdigest()}"}
    give = "sessionStorage.setItem('fuente.key', 'search')"
    with local_server(tmp_path, environ=keys) as url:
        page = open_page(url + "/d/hoja.pdf", before=lambda page: page.add_init_script(give))
        page.locator("#side .sheet, #side .prose").first.wait_for()
        with page.context.expect_page() as opened:
            page.get_by_role("link", name="Original").click()
        assert opened.value.url.startswith(("blob:", "about:blank", ":"))
        page.close()


def test_what_cannot_be_fetched_is_said_and_fetched_once_the_service_is_back(
    open_page: OpenPage, shelf: str, noise: list[str]
) -> None:
    page = open_page(shelf)
    page.route("**/v1/documents?*", lambda route: route.abort())
    page.locator("#open-library").click()
    page.locator("#side .problem").wait_for()
    page.unroute("**/v1/documents?*")
    # As soon as the service answers the list is there, without being asked for; so is a text.
    expect(page.locator(".document")).to_have_count(2)
    page.route("**/window?*", lambda route: route.abort())
    page.locator(".document a").filter(has_text="notas").click()
    page.locator("#side .problem").wait_for()
    page.unroute("**/window?*")
    expect(page.locator(".prose")).to_contain_text("Primera nota")
    noise.clear()  # the browser itself logs the failures
