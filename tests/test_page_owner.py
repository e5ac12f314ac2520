"""The owner's view in a real browser: what is asked, what was declined, and two clicks from there to a decision."""

from __future__ import annotations

import hashlib
import json
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from browser import (
    LOCALES,
    NARROW,
    WAIT_MS,
    faults,
    has_no_sideways_scroll,
    post_ask,
    small_targets,
)
from local_server import local_server, write_documents

from qa.evaluation.decided import DECIDED_NAME, WANTED

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

playwright_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = playwright_api.expect
expect.set_options(timeout=WAIT_MS)
pytestmark = pytest.mark.browser

BOAT = "¿Qué barca vendió Iñaki en mayo?"
CUP = "¿Quién ganó el Mundial de fútbol de 2022?"
WORDS = {
    "es": {
        "title": "Qué se pregunta",
        "wanted": "Falta un documento sobre esto",
        "judge": "Juzgar",
        "answers": "Este la responde",
        "undo": "Deshacer",
        "none": "No hay nada",
        "off": "Las preguntas no se guardan",
    },
    "en": {
        "title": "What is asked",
        "wanted": "Add a document about this",
        "judge": "Judge",
        "answers": "This answers it",
        "undo": "Undo",
        "none": "Nothing here",
        "off": "Questions are not kept",
    },
}
OpenOwner = Callable[..., "Page"]


def feedback(url: str, request_id: str, rating: str, comment: str) -> None:
    body = json.dumps({"request_id": request_id, "rating": rating, "comment": comment}).encode()
    headers = {"Content-Type": "application/json"}
    urllib.request.urlopen(urllib.request.Request(f"{url}/v1/feedback", body, headers)).close()


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A service of which five questions were asked, one of them twice; and its data directory."""
    data = tmp_path_factory.mktemp("owner") / "data"
    write_documents(data, {"carta.txt": "Iñaki vendió la barca azul en mayo.\n"})
    with local_server(data, environ={"FUENTE_QUESTION_DAYS": "30"}) as url:
        for query in (BOAT, CUP, CUP, "What did the <b>mayor</b> say about taxes?"):
            answer = post_ask(url, query)
            if query == BOAT:
                feedback(url, answer["request_id"], "down", "¿azul o verde?")
        yield url, data


@pytest.fixture
def open_owner(browser: Browser) -> Iterator[OpenOwner]:
    contexts = []
    wrong: list[str] = []

    def opened(
        url: str, lang: str = "es", size: tuple[int, int] = (1280, 900), scheme: Any = "light"
    ) -> Page:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale=LOCALES[lang],
            color_scheme=scheme,
            accept_downloads=True,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(WAIT_MS)
        host = url.split("/")[2]
        page.on(
            "request",
            lambda request: (
                wrong.append(request.url)
                if not request.url.startswith((f"http://{host}/", "blob:"))
                else None
            ),
        )
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(url)
        return page

    opened.wrong = wrong  # type: ignore[attr-defined]
    yield opened
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_declined_question_is_decided_in_two_clicks(
    asked: tuple[str, Path], open_owner: OpenOwner, lang: str
) -> None:
    url, data = asked
    say = WORDS[lang]
    page = open_owner(f"{url}/", lang)
    page.locator("#open-owner").click()
    expect(page.locator("h1")).to_have_text(say["title"])
    declined = page.locator(".asked-item")
    expect(declined).to_have_count(2)
    cup = declined.first  # asked twice
    expect(cup.locator(".asked-question")).to_have_text(CUP)
    expect(declined.nth(1).locator(".asked-question")).to_contain_text("<b>mayor</b>")

    cup.get_by_role("button", name=say["wanted"]).click()
    expect(cup.locator(".verdict")).to_be_visible()
    expect(page.locator(".wanted li")).to_contain_text(CUP)
    line = json.loads((data / DECIDED_NAME).read_text("utf-8"))
    assert (line["question"], line["note"], line["unanswerable"]) == (CUP, WANTED, True)
    cup.get_by_role("button", name=say["undo"]).click()
    expect(page.locator(".wanted")).to_have_count(0)

    cup.get_by_role("button", name=say["judge"]).click()
    cup.get_by_role("button", name=say["answers"]).first.click()
    expect(cup.locator(".verdict")).to_be_visible()
    line = json.loads((data / DECIDED_NAME).read_text("utf-8"))
    assert line["judgements"][0]["document"] == "carta.txt"
    cup.get_by_role("button", name=say["undo"]).click()
    expect(cup.locator(".verdict")).to_have_count(0)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_questions_are_counted_narrowed_and_saved_as_a_table(
    asked: tuple[str, Path], open_owner: OpenOwner, lang: str
) -> None:
    url, _ = asked
    say = WORDS[lang]
    page = open_owner(f"{url}/owner?show=all", lang)
    tiles = page.locator(".tile b")
    expect(tiles.nth(0)).to_have_text("4")
    expect(tiles.nth(2)).to_have_text("3")
    expect(page.locator(".asked-item")).to_have_count(3)
    assert page.locator(".bars li").count() == 30
    page.locator("[data-keep=tile-down]").click()
    expect(page.locator(".asked-item")).to_have_count(1)
    expect(page.locator(".said")).to_contain_text("¿azul o verde?")
    assert "show=down" in page.url
    page.locator("[data-keep=show-all]").click()
    page.locator("[data-keep=find]").fill("mundial")
    expect(page.locator(".asked-item")).to_have_count(1)
    page.locator("[data-keep=find]").fill("zzz")
    expect(page.locator(".nothing")).to_contain_text(say["none"])
    page.locator("[data-keep=find]").fill("")
    expect(page.locator(".asked-item")).to_have_count(3)
    page.locator("[data-keep=language]").select_option("es")
    expect(page.locator(".asked-item")).to_have_count(2)
    page.locator("[data-keep=language]").select_option("")
    page.locator("[data-keep=document]").select_option("carta.txt")
    expect(page.locator(".asked-item")).to_have_count(1)
    with page.expect_download() as download:
        page.locator("[data-keep=export]").click()
    assert download.value.suggested_filename.startswith("fuente-default-")
    assert "barca" in Path(download.value.path()).read_text("utf-8")
    other = "es" if lang == "en" else "en"
    page.locator(f"[data-lang={other}]").click()
    expect(page.locator("h1")).to_have_text(WORDS[other]["title"])


def test_a_long_time_is_drawn_by_the_week(asked: tuple[str, Path], open_owner: OpenOwner) -> None:
    url, _ = asked
    page = open_owner(f"{url}/owner?days=366")
    expect(page.locator(".bars li")).to_have_count(53)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_where_questions_are_not_kept_the_page_says_how_to_keep_them(
    tmp_path: Path, open_owner: OpenOwner, lang: str
) -> None:
    write_documents(tmp_path, {"carta.txt": "Iñaki vendió la barca azul en mayo.\n"})
    with local_server(tmp_path) as url:
        page = open_owner(f"{url}/owner", lang)
        expect(page.locator(".owner-help")).to_contain_text(WORDS[lang]["off"])
        expect(page.locator(".owner-help")).to_contain_text("question_days")


def test_a_key_of_scope_admin_is_needed(tmp_path: Path, open_owner: OpenOwner) -> None:
    write_documents(tmp_path, {"carta.txt": "Iñaki vendió la barca azul en mayo.\n"})
    keys = ",".join(
        f"{scope}:{hashlib.sha256(scope.encode()).hexdigest()}" for scope in ("search", "admin")
    )
    with local_server(tmp_path, environ={"FUENTE_KEYS": keys}) as url:
        page = open_owner(f"{url}/owner")
        page.locator(".key input").fill("search")
        page.locator(".key button").click()
        expect(page.locator(".problem")).to_contain_text("admin")
        page.evaluate("sessionStorage.setItem('fuente.key', 'admin')")
        page.locator(".problem").get_by_role("button").click()
        expect(page.locator(".tiles")).to_be_visible()
        page.goto(f"{url}/")
        expect(page.locator("#to-owner")).to_be_visible()
        page.evaluate("sessionStorage.setItem('fuente.key', 'search')")
        page.reload()
        page.wait_for_selector("#count:not(:empty)")
        expect(page.locator("#to-owner")).to_be_hidden()
    open_owner.wrong.clear()  # type: ignore[attr-defined]  # the browser itself logs what was refused


@pytest.mark.parametrize(
    ("width", "scheme", "lang"),
    [(320, "light", "es"), (390, "dark", "en"), (768, "dark", "es"), (1920, "light", "en")],
)
def test_axe_finds_nothing_and_all_of_it_fits(
    asked: tuple[str, Path], open_owner: OpenOwner, width: int, scheme: str, lang: str
) -> None:
    url, _ = asked
    page = open_owner(f"{url}/owner?show=all", lang, (width, 800), scheme)
    page.locator(".asked-item").nth(2).wait_for()
    page.get_by_role("button", name=WORDS[lang]["judge"]).first.click()
    page.locator(".judging").wait_for()
    assert faults(page) == {}
    assert has_no_sideways_scroll(page)
    assert small_targets(page, 40 if width <= NARROW[0] else 24) == []


def test_the_chosen_tile_can_be_read_in_the_colours_of_the_system(
    asked: tuple[str, Path], browser: Browser
) -> None:
    context = browser.new_context(forced_colors="active", locale="es-ES")
    page = context.new_page()
    page.set_default_timeout(WAIT_MS)
    page.goto(f"{asked[0]}/owner")
    page.locator(".tile[aria-pressed=true]").wait_for()
    colours = page.locator(".tile[aria-pressed=true]").evaluate(
        "(tile) => [getComputedStyle(tile).backgroundColor, ...[...tile.children].map((node) => getComputedStyle(node).color)]"
    )
    assert colours[0] not in colours[1:]
    context.close()
