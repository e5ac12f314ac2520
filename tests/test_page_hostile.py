"""Documents that would like to be more than text: shown letter for letter, marked at the exact place, and nothing runs."""

from __future__ import annotations

import html
import urllib.parse
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from browser import WAIT_MS, OpenPage, ask, get, post_ask, text_of
from local_server import local_server, write_documents

from index.encoder import Encoder

if TYPE_CHECKING:
    from playwright.sync_api import Page

playwright_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = playwright_api.expect
expect.set_options(timeout=WAIT_MS)
pytestmark = pytest.mark.browser

SCRIPT = '<script>window.hurt = "script"</script>'
IMAGE = "<img src=x onerror=\"window.hurt = 'image'\">"
LINK = "javascript:window.hurt='link'"
OVERRIDE = "\u202e"  # what follows is read from right to left
CAPTAIN = "👩🏽🚀"
SCRIPT_FILE = f"{IMAGE.replace('/', '')}.txt"
TURNED_FILE = f"informe{OVERRIDE}fdp.txt"
TURNED_SHOWN = "informe\\u202efdp.txt"

DOCUMENTS: dict[str, str | bytes] = {
    "guion.txt": (
        "Manual del almacén de Villa Tormenta.\n\n"
        f"La contraseña del almacén de Villa Tormenta es {SCRIPT} y la cambia cada lunes el conserje.\n\n"
        f"El rótulo de la puerta dice {IMAGE} desde el invierno pasado.\n"
    ),
    "pagina.html": (
        "<html><head><title>P&aacute;gina &lt;img src=x onerror=hurt()&gt; de pruebas</title>"
        f"<script>window.hurt = 'head'</script></head><body onload=\"window.hurt='body'\">"
        f"<p>The ferry to Saltmarsh island leaves at {html.escape(SCRIPT)} every Tuesday morning.</p>"
        f'<p>Press <a href="{LINK}">here</a> to hear the bell of the harbour.</p></body></html>'
    ),
    "notas.md": (
        f"# Notas de `{IMAGE}`\n\n"
        f"El puente colgante de Ñuble se abre con la orden `{LINK}` o [así]({LINK}) al caer la tarde.\n"
    ),
    "tabla.csv": f'lugar,orden\n"Molino de Arriba","=HYPERLINK(""{LINK}"")"\n"Molino de Abajo","{SCRIPT.replace(chr(34), "")}"\n',
    "signos.txt": (
        f"La capitana {CAPTAIN} escribió 𝔉𝔲𝔢𝔫𝔱𝔢 y q̃uel x̂ en la bitácora 🇵🇪 del Ñandú.\n\n"
        f"El mensaje cifrado de la capitana decía {CAPTAIN}🌊 e\u0301xito a\u0308ntes 𝒜 del alba en Puerto Ñuñoa.\n\n"
        "كتبت القبطانة في السجل: وصلنا إلى الميناء 42 عند الفجر.\n\n"
        "La frase שלום עולם (hola, mundo) estaba grabada en la proa.\n"
    ),
    "oculto.txt": f"Antes {OVERRIDE}sárted\u202c \u2067dentro\u2069 y des\u200bpués del \ufefffaro de Cabo Raso.\n",
    SCRIPT_FILE: "El guardabosques de Robledal guarda las llaves en una caja verde.\n",
    TURNED_FILE: "La cosecha de avellanas de Valdehierro fue de nueve toneladas en octubre.\n",
    "nulos.txt": b"\x7fOBJ\x00\x01\x02\x00\x00 ceros \x00\x05\x00 dentro\x00\x03" * 20,
    "nulos16.txt": "El registro de Torre Alta está escrito en dieciséis bits.".encode("utf-16"),
}
QUESTIONS = [
    ("¿Cuál es la contraseña del almacén de Villa Tormenta?", SCRIPT),
    ("When does the ferry to Saltmarsh island leave?", SCRIPT),
    ("¿Con qué orden se abre el puente colgante de Ñuble?", LINK),
    ("¿Qué decía el mensaje cifrado de la capitana?", f"{CAPTAIN}🌊 éxito äntes 𝒜"),
    ("¿De cuánto fue la cosecha de avellanas de Valdehierro?", "nueve toneladas"),
]


@pytest.fixture(scope="module")
def den(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Iterator[str]:
    """A service with the shipped encoder over hostile documents."""
    data = tmp_path_factory.mktemp("den")
    write_documents(data, DOCUMENTS)
    with local_server(data, encoder=encoder) as url:
        yield url


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A service over one line of a megabyte."""
    data = tmp_path_factory.mktemp("line")
    write_documents(data, {"linea.txt": f"ñandú corta {CAPTAIN} {SCRIPT} 𝔘 x̂ y " * 15_000})
    with local_server(data) as url:
        yield url


def watch(page: Page) -> None:
    """Fails the test at the first window that opens; the console is watched by ``open_page``."""
    page.on("dialog", lambda dialog: pytest.fail(f"a dialog opened: {dialog.message}"))


def unhurt(page: Page) -> None:
    """Nothing has run, and nothing of a document has become an element of the page."""
    assert page.evaluate("window.hurt === undefined")
    expect(page.locator("#side img, #side script, #thread img, #thread script")).to_have_count(0)
    expect(page.locator("[href^='javascript:'], [onerror], [onload], [ontoggle]")).to_have_count(0)


@pytest.mark.parametrize(
    ("question", "holds"), QUESTIONS, ids=["txt", "html", "md", "signs", "name"]
)
def test_a_hostile_quote_is_shown_as_text_in_the_answer_and_at_its_place_in_the_reader(
    open_page: OpenPage, den: str, question: str, holds: str
) -> None:
    answer = post_ask(den, question)
    assert answer["status"] == "answered"
    cited = answer["citations"][0]
    assert holds in cited["text"]
    page = open_page(den, before=watch)
    turn = ask(page, question)
    assert cited["text"] in [text_of(one) for one in turn.locator("blockquote, q").all()]
    unhurt(page)
    turn.locator("[data-citation='1']").first.click()
    mark = page.locator("#side mark")
    mark.wait_for()
    assert text_of(mark) == cited["text"]
    place = cited["location"]
    path = urllib.parse.quote(place["document_id"])
    span = f"start={place['start_char_index']}&end={place['end_char_index']}"
    around = get(den, f"/v1/documents/{path}/text?{span}&context=100000")
    parts = page.evaluate(
        """() => {
          const mark = document.querySelector('#side mark');
          const part = (start, end) => {
            const range = document.createRange();
            const prose = document.querySelector('#side .prose');
            range.selectNodeContents(prose);
            if (start) range.setStartAfter(start);
            if (end) range.setEndBefore(end);
            return range.toString();
          };
          return [part(null, mark), part(mark, null)];
        }"""
    )
    assert parts == [around["before"], around["after"]]
    assert page.locator("#side-title").evaluate("node => node.textContent") == around["title"]
    unhurt(page)


def test_any_place_is_marked_to_the_character_whatever_stands_before_it(
    open_page: OpenPage, den: str
) -> None:
    whole = get(den, "/v1/documents/signos.txt/text?end=0&context=100000")["after"]
    page = open_page(den + "/d/signos.txt", before=watch)
    for words in (
        "𝔉𝔲𝔢𝔫𝔱𝔢",
        "q̃uel",
        CAPTAIN,
        "🇵🇪 del Ñandú",
        "السجل",
        "עולם (hola",
        "éxito äntes",
    ):
        start = whole.index(words)
        page.evaluate("hash => { location.hash = hash; }", f"#char={start},{start + len(words)}")
        expect(page.locator("#side mark")).to_have_text(words)
        assert text_of(page.locator("#side mark")) == words
        assert page.locator(".prose").evaluate("node => node.textContent") == whole
    unhurt(page)


def test_signs_that_turn_or_hide_text_are_not_in_it(open_page: OpenPage, den: str) -> None:
    page = open_page(den + "/d/oculto.txt", before=watch)
    page.locator(".prose").wait_for()
    shown = text_of(page.locator(".prose"))
    assert shown == "Antes sárted dentro y después del faro de Cabo Raso."


def test_hostile_names_and_titles_stay_names_and_turn_nothing_around(
    open_page: OpenPage, den: str
) -> None:
    page = open_page(den + "/#library", before=watch)
    page.locator(".document").first.wait_for()
    paths = [text_of(one) for one in page.locator(".path").all()]
    assert SCRIPT_FILE in paths
    assert TURNED_SHOWN in paths
    titles = [text_of(one) for one in page.locator(".document b").all()]
    assert "Página <img src=x onerror=hurt()> de pruebas" in titles
    assert f"Notas de {IMAGE}" in titles
    unhurt(page)
    # What is turned around in a name ends with the name: the facts beside it are read as ever.
    turned = page.locator(".document").filter(has=page.get_by_text(TURNED_SHOWN, exact=True))
    assert turned.locator("b bdi, .path bdi").evaluate_all(
        "nodes => nodes.map(node => getComputedStyle(node).unicodeBidi)"
    ) == ["isolate", "isolate"]
    places = turned.locator(".facts").evaluate(
        """node => {
          const text = node.firstChild;
          const left = (n) => {
            const range = document.createRange();
            range.setStart(text, n);
            range.setEnd(text, n + 1);
            return range.getBoundingClientRect().left;
          };
          return Array.from({length: text.length - 1}, (_, n) => left(n));
        }"""
    )
    assert places == sorted(places)
    turned.locator("a").click()
    expect(page.locator("#side-title")).to_contain_text("nforme")
    # A name goes as it is into the address and back.
    assert urllib.parse.unquote(page.url) == f"{den}/d/{TURNED_FILE}"
    page.go_back()
    page.locator(".document a").filter(has_text=SCRIPT_FILE).click()
    expect(page.locator(".prose")).to_contain_text("El guardabosques de Robledal")
    unhurt(page)


def test_a_file_of_binary_data_is_left_out_and_says_why(open_page: OpenPage, den: str) -> None:
    page = open_page(den + "/#library", before=watch)
    skipped = page.locator(".document").filter(has=page.get_by_text("nulos.txt", exact=True))
    expect(skipped.locator(".state")).to_have_text("no se ha podido leer")
    expect(skipped.locator(".reason")).to_contain_text("no es texto, sino datos de otro tipo")
    expect(skipped.locator("a")).to_have_count(0)
    page.goto(den + "/d/nulos16.txt")
    expect(page.locator(".prose")).to_have_text(
        "El registro de Torre Alta está escrito en dieciséis bits."
    )


def test_cells_of_a_table_are_text(open_page: OpenPage, den: str) -> None:
    page = open_page(den + "/d/tabla.csv", before=watch)
    expect(page.locator(".prose")).to_contain_text(f'=HYPERLINK("{LINK}")')
    expect(page.locator(".prose")).to_contain_text(SCRIPT.replace('"', ""))
    unhurt(page)


def test_a_line_of_a_megabyte_opens_at_its_place_and_can_be_read_on(
    open_page: OpenPage, line: str
) -> None:
    info: dict[str, Any] = get(line, "/v1/documents/linea.txt")
    assert info["characters"] > 900_000
    start = info["characters"] // 2
    around = get(line, f"/v1/documents/linea.txt/text?start={start}&end={start + 60}&context=40")
    page = open_page(f"{line}/d/linea.txt#char={start},{start + 60}", before=watch)
    mark = page.locator("#side mark")
    mark.wait_for()
    assert text_of(mark) == around["quote"]
    whole = page.locator(".prose").evaluate("node => node.textContent")
    assert around["before"] + around["quote"] + around["after"] in whole
    before = page.locator(".stretch").count()
    page.locator("#side .side-body").evaluate("node => { node.scrollTop = node.scrollHeight; }")
    expect(page.locator(".stretch").nth(before)).to_be_attached()
    assert around["quote"] in page.locator(".prose").evaluate("node => node.textContent")
    unhurt(page)
