"""Adding a document from a link on the page, and the widget on another page, in a real browser."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from browser import LOCALES, WAIT_MS, OpenPage, faults
from local_server import local_server, write_documents

from api import fetching
from api.fetching import Fetched
from corpus.document import LinkError

if TYPE_CHECKING:
    from playwright.sync_api import Browser

playwright_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = playwright_api.expect
expect.set_options(timeout=WAIT_MS)
pytestmark = pytest.mark.browser

DOCUMENTS = {"carta.txt": "Iñaki vendió la barca azul en mayo.\n"}
LINK = "https://normas.example/normas.txt"


@pytest.mark.parametrize(("lang", "width"), [("es", 1280), ("en", 320)])
def test_a_document_is_added_from_a_link_and_what_is_wrong_is_told(
    tmp_path: Path,
    open_page: OpenPage,
    noise: list[str],
    monkeypatch: pytest.MonkeyPatch,
    lang: str,
    width: int,
) -> None:
    def way(url: str, max_bytes: int) -> Fetched:
        if url != LINK:
            raise LinkError(
                "intra.example is no public address; files of this machine and its network are added as files"
            )
        return Fetched("normas.example/normas.txt", b"La multa es de tres euros.\n", url)

    monkeypatch.setattr(fetching, "fetch", way)
    write_documents(tmp_path, DOCUMENTS)
    with local_server(tmp_path, environ={"FUENTE_FETCH_LINKS": "yes"}) as url:
        page = open_page(f"{url}/#library", locale=LOCALES[lang], size=(width, 800))
        page.locator(".from-link summary").click()
        field = page.locator("[data-keep=link]")
        field.fill("https://intra.example/a.pdf")
        page.locator("[data-keep=link-go]").click()
        told = "no es una dirección pública" if lang == "es" else "no public address"
        expect(page.locator(".from-link .problem")).to_contain_text(told)
        expect(field).to_have_value("https://intra.example/a.pdf")
        field.fill(LINK)
        field.press("Enter")
        expect(page.locator(".document", has_text="normas.example")).to_have_count(1)
        expect(page.locator(".from-link .problem")).to_have_count(0)
        # It is built without being told to, and can be asked.
        expect(page.locator("#count")).to_have_text("2")
        page.close()
    noise.clear()  # the browser itself logs what was refused


def test_where_links_are_not_followed_the_page_does_not_offer_them(
    tmp_path: Path, open_page: OpenPage
) -> None:
    write_documents(tmp_path, DOCUMENTS)
    with local_server(tmp_path) as url:
        page = open_page(f"{url}/#library")
        page.locator(".document").first.wait_for()
        expect(page.locator(".from-link")).to_have_count(0)
        page.close()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Nothing."""


@pytest.fixture
def intranet(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """Another origin, and the folder that it serves."""
    folder = tmp_path / "intranet"
    folder.mkdir()
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", folder
        server.shutdown()


PAGE = """<!doctype html><html lang="{lang}"><title>x</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src {url}; connect-src {url}">
<h1>Intranet</h1><script src="{url}/widget.js" {more}></script></html>"""


@pytest.mark.parametrize(("lang", "width", "scheme"), [("es", 1280, "light"), ("en", 320, "dark")])
def test_the_widget_answers_on_a_page_of_an_origin_that_is_let_in(
    tmp_path: Path,
    browser: Browser,
    intranet: tuple[str, Path],
    lang: str,
    width: int,
    scheme: Any,
) -> None:
    origin, folder = intranet
    data = tmp_path / "data"
    write_documents(data, DOCUMENTS)
    keys = ",".join(f"{s}:{hashlib.sha256(s.encode()).hexdigest()}" for s in ("search", "admin"))
    environ = {"FUENTE_CORS_ORIGINS": origin, "FUENTE_KEYS": keys}
    with local_server(data, environ=environ) as url:
        more = 'data-key="search"'
        (folder / "a.html").write_text(PAGE.format(lang=lang, url=url, more=more), "utf-8")
        context = browser.new_context(
            locale=LOCALES[lang], viewport={"width": width, "height": 640}, color_scheme=scheme
        )
        page = context.new_page()
        page.set_default_timeout(WAIT_MS)
        noise: list[str] = []
        page.on("console", lambda said: noise.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: noise.append(str(error)))
        page.goto(f"{origin}/a.html")
        call = page.locator("fuente-widget .call")
        expect(call).to_have_attribute("aria-expanded", "false")
        seen = [faults(page)]
        call.click()
        field = page.locator("fuente-widget input")
        expect(field).to_be_focused()
        seen.append(faults(page))
        field.fill("¿Qué barca vendió Iñaki en mayo?")
        field.press("Enter")
        said = page.locator("fuente-widget .said")
        expect(said).to_contain_text("la barca azul")
        link = said.locator("a").first
        assert str(link.get_attribute("href")).startswith(f"{url}/d/carta.txt#char=")
        assert link.get_attribute("rel") == "noopener"
        box = page.locator("fuente-widget .card").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        wide = "node => node.scrollWidth <= node.clientWidth"
        assert page.locator("fuente-widget .card").evaluate(wide)
        assert page.locator("fuente-widget .said").evaluate(wide)
        for target in page.locator("fuente-widget :is(button, input)").all():
            assert target.bounding_box()["height"] >= 40  # type: ignore[index]
        seen.append(faults(page))
        field.fill("¿Quién ganó el Mundial de fútbol de 2022?")
        field.press("Enter")
        expect(said).to_contain_text("no contienen")
        seen.append(faults(page))
        # of that page itself only what is below the widget counts
        inside = [
            p for one in seen for places in one.values() for p in places if "fuente-widget" in p
        ]
        assert inside == []
        field.press("Escape")
        expect(page.locator("fuente-widget .card")).to_be_hidden()
        expect(call).to_be_focused()
        assert noise == []
        # It leaves nothing behind in that page.
        assert page.evaluate("[Object.keys(localStorage).length, document.cookie]") == [0, ""]
        context.close()


def test_a_page_that_is_not_let_in_is_told_and_gets_nothing(
    tmp_path: Path, browser: Browser, intranet: tuple[str, Path]
) -> None:
    origin, folder = intranet
    data = tmp_path / "data"
    write_documents(data, DOCUMENTS)
    with local_server(data) as url:
        (folder / "a.html").write_text(PAGE.format(lang="es", url=url, more=""), "utf-8")
        page = browser.new_page()
        page.goto(f"{origin}/a.html")
        page.locator("fuente-widget .call").click()
        page.locator("fuente-widget input").fill("¿Qué barca vendió Iñaki?")
        page.locator("fuente-widget input").press("Enter")
        said = page.locator("fuente-widget .wrong")
        expect(said).to_be_visible()
        assert "azul" not in page.locator("fuente-widget .said").inner_text()
        page.close()
