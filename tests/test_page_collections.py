"""The page of a named collection: it asks and reads there, and keeps what it keeps apart from that of default."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from browser import LOCALES, WAIT_MS, WIDE, OpenPage, ask, becomes, has_no_sideways_scroll
from hash_encoder import HashEncoder
from local_server import local_server, write_documents

from api.collections import create, names
from index.local.build import build

playwright_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = playwright_api.expect
expect.set_options(timeout=WAIT_MS)
pytestmark = pytest.mark.browser

LETTER = "Iñaki vendió la barca azul en mayo.\n"


@pytest.mark.parametrize("locale", ["es-ES", "en-US"])
def test_an_address_that_names_a_collection_stays_in_it(
    tmp_path: Path, open_page: OpenPage, locale: str
) -> None:
    data = tmp_path / "data"
    # a document of the same name says something else in default
    write_documents(data, {"carta.txt": "The bridge was opened in 1902.\n"})
    letters = create(data, "letters")
    write_documents(letters, {"carta.txt": LETTER})
    build(letters, HashEncoder())
    asked: list[str] = []

    def watched(page: Any) -> None:
        page.on("request", lambda request: asked.append(request.url))

    with local_server(data) as url:
        page = open_page(f"{url}/?collection=letters", locale=locale, before=watched)
        page.locator("#question").fill("¿Qué barca vendió Iñaki en mayo?")
        page.locator("#question").press("Enter")
        page.wait_for_selector(".turn[data-state=done], .turn[data-state=answered]")
        assert page.locator("#count").inner_text() == "1"
        # what default keeps does not name the conversation of another collection
        becomes(page, "new URLSearchParams(location.search).has('talk')")
        page.goto(f"{url}/d/carta.txt?collection=letters#char=0,5")
        expect(page.locator("#side mark")).to_have_text(LETTER[:5])
        assert "barca azul" in page.locator("#side").inner_text()
        becomes(page, "location.search", "?collection=letters")
        calls = [one for one in asked if "/v1/" in one]
        assert calls
        assert all("/v1/collections/letters/" in one for one in calls), calls


def arrives(page: Any, address: str) -> None:
    """Another page is loaded at this address: what stands behind its path."""
    page.wait_for_function("address => location.search + location.hash === address", arg=address)
    page.wait_for_load_state()
    page.wait_for_selector("#count:not(:empty)")


@pytest.mark.parametrize(("lang", "size"), [("es", WIDE), ("en", (360, 740))])
def test_an_address_of_no_collection_leads_to_those_that_there_are(
    tmp_path: Path, open_page: OpenPage, noise: list[str], lang: str, size: tuple[int, int]
) -> None:
    data = tmp_path / "data"
    write_documents(data, {"a.txt": "The bridge was opened in 1902.\n"})
    create(data, "letters")
    title = {"es": "No hay ninguna colección «nada»", "en": "There is no collection “nada”"}[lang]
    way = {"es": "Ver las colecciones", "en": "See the collections"}[lang]
    again = {"es": "Reintentar", "en": "Try again"}[lang]
    with local_server(data) as url:
        page = open_page(url, locale=LOCALES[lang], size=size)
        page.goto(f"{url}/?collection=nada")
        card = page.locator("#notice .problem")
        expect(card.locator(".problem-title")).to_have_text(title)
        expect(page.get_by_role("button", name=again)).to_have_count(0)
        # a question there is told the same, and so is the list of documents
        page.locator("#question").fill("¿Qué barca vendió Iñaki?")
        page.locator("#question").press("Enter")
        turn = page.locator(".turn .problem")
        expect(turn.locator(".problem-title")).to_have_text(title)
        page.locator("#open-library").click()
        expect(page.locator(".rows .problem-title")).to_have_text(title)
        page.locator(".rows").get_by_role("button", name=way).click()
        expect(page.locator(".collections .document")).to_have_count(2)
        noise.clear()  # the browser tells of the 404


WORDS = {
    "es": {"new": "Nombre de una colección nueva", "make": "Crear", "mine": "Mis documentos",
           "rename": "Cambiar el nombre de cartas-de-inaki", "undo": "Deshacer", "delete": "Borrar cartas",
           "is": "Colección: cartas"},
    "en": {"new": "Name of a new collection", "make": "Make it", "mine": "My documents",
           "rename": "Rename cartas-de-inaki", "undo": "Undo", "delete": "Delete cartas",
           "is": "Collection: cartas"},
}  # fmt: skip


@pytest.mark.parametrize(("lang", "size"), [("es", WIDE), ("en", (320, 640))])
def test_a_collection_is_made_renamed_deleted_and_brought_back_on_the_page(
    tmp_path: Path, open_page: OpenPage, noise: list[str], lang: str, size: tuple[int, int]
) -> None:
    data = tmp_path / "data"
    write_documents(data, {"a.txt": "The bridge was opened in 1902.\n"})
    say = WORDS[lang]
    with local_server(data) as url:
        page = open_page(url, locale=LOCALES[lang], size=size)
        # on a narrow page the way leads through the documents
        if size == WIDE:
            expect(page.locator("#collection-name")).to_have_text(say["mine"])
            page.locator("#open-collections").click()
        else:
            page.locator("#open-library").click()
            page.locator(".in-collection").click()
        expect(page.locator(".collections .document")).to_have_count(1)
        assert has_no_sideways_scroll(page)
        page.get_by_label(say["new"]).fill("Cartas de Iñaki")
        page.get_by_role("button", name=say["make"]).click()
        arrives(page, "?collection=cartas-de-inaki#library")
        assert "cartas-de-inaki" in names(data)
        # one of that name is there: said beside the field, nothing lost
        page.locator(".in-collection").click()
        page.get_by_label(say["new"]).fill("cartas de iñaki")
        page.get_by_role("button", name=say["make"]).click()
        page.locator("#side .problem").wait_for()
        noise.clear()  # the browser tells of the 409
        page.evaluate(
            "localStorage.setItem('fuente.cartas-de-inaki:x', '1'), localStorage.setItem('fuente.x', '2')"
        )
        page.get_by_role("button", name=say["rename"]).click()
        page.keyboard.type("cartas")
        page.keyboard.press("Enter")
        arrives(page, "?collection=cartas#collections")
        assert page.evaluate(
            "[localStorage['fuente.cartas:x'], localStorage['fuente.x'], localStorage['fuente.cartas-de-inaki:x']]"
        ) == ["1", "2", None]
        expect(page.locator(".collections [aria-current]")).to_contain_text("cartas")
        page.get_by_role("button", name=say["delete"]).click()
        arrives(page, "?collection=default#collections")
        expect(page.locator(".collections .document")).to_have_count(1)
        assert "cartas" not in names(data)
        page.get_by_role("button", name=say["undo"]).click()
        expect(page.locator(".collections .document")).to_have_count(2)
        assert "cartas" in names(data)
        page.get_by_role("link", name="cartas").click()
        arrives(page, "?collection=cartas")
        page.locator("#open-library").click()
        expect(page.locator(".in-collection")).to_have_text(say["is"])


EMPTY = {
    "es": ("Todavía no hay documentos", "Añadir documentos"),
    "en": ("There are no documents", "Add documents"),
}
ASKED = {"es": "¿Quién vendió la barca?", "en": "Who sold the boat?"}


@pytest.mark.parametrize("built", [False, True], ids=["unbuilt", "built"])
@pytest.mark.parametrize("lang", ["es", "en"])
def test_an_empty_collection_says_so_to_a_question_and_leads_to_adding_documents(
    tmp_path: Path, open_page: OpenPage, lang: str, built: bool
) -> None:
    data = tmp_path / "data"
    write_documents(data, {"a.txt": LETTER})
    with local_server(data) as url:
        folder = create(data, "vacia")
        if built:
            build(folder, HashEncoder())
        page = open_page(f"{url}/?collection=vacia", locale=LOCALES[lang])
        expect(page.locator("#notice .first")).to_be_visible()
        turn = ask(page, ASKED[lang])
        expect(turn.locator(".declined-head")).to_contain_text(EMPTY[lang][0])
        assert "fuente build" not in turn.inner_text()
        expect(turn.locator(".wait")).to_have_count(0)
        turn.get_by_role("button", name=EMPTY[lang][1]).click()
        expect(page.locator("#side .drop")).to_be_visible()


@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_collection_that_was_made_again_is_not_offered_to_be_put_back(
    tmp_path: Path, open_page: OpenPage, lang: str
) -> None:
    data = tmp_path / "data"
    write_documents(data, {"a.txt": LETTER})
    with local_server(data) as url:
        create(data, "cartas")
        page = open_page(f"{url}/#collections", locale=LOCALES[lang])
        page.get_by_role("button", name=WORDS[lang]["delete"]).click()
        expect(page.locator("#side .undo")).to_have_count(1)
        create(data, "cartas")
        page.reload()
        expect(page.locator(".collections .document")).to_have_count(2)
        expect(page.locator("#side .undo")).to_have_count(0)


SAMPLES_WORDS = {
    "es": {"remove": "Quitar las muestras", "undo": "Deshacer", "sample": "Muestras"},
    "en": {"remove": "Remove the samples", "undo": "Undo", "sample": "Samples"},
}


@pytest.mark.parametrize("lang", ["es", "en"])
def test_samples_stand_apart_and_go_with_one_click(
    tmp_path: Path, open_page: OpenPage, lang: str
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    samples = create(data, "muestras")
    write_documents(samples, {"carta.txt": LETTER})
    build(samples, HashEncoder())
    say = SAMPLES_WORDS[lang]
    with local_server(data, prebuilt=True) as url:
        page = open_page(url, locale=LOCALES[lang])
        arrives(page, "?collection=muestras")
        expect(page.locator("#collection-name")).to_have_text(say["sample"])
        page.locator("#open-library").click()
        expect(page.locator(".document")).to_have_count(1)
        expect(page.locator(".document .round")).to_have_count(0)
        # what is added goes to one's own documents, and the page goes there when it can be asked
        page.locator("#files").set_input_files(
            [
                {
                    "name": "mine.txt",
                    "mimeType": "text/plain",
                    "buffer": b"The bridge was opened in 1902.",
                }
            ]
        )
        arrives(page, "?collection=default#library")
        expect(page.locator(".document")).to_have_count(1)
        expect(page.locator(".document")).to_contain_text("mine")
        assert [path.name for path in (samples / "documents").iterdir()] == ["carta.txt"]
        page.goto(f"{url}/?collection=muestras#library")
        page.get_by_role("button", name=say["remove"]).click()
        arrives(page, "?collection=default#collections")
        assert names(data) == ["default"]
        page.get_by_role("button", name=say["undo"]).click()
        expect(page.locator(".collections .document")).to_have_count(2)
        assert names(data) == ["default", "muestras"]
