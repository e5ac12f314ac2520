"""The page for those who do not see it, do not use a mouse, or see it in other colours.

axe-core looks at every state of the page; the rest is what it cannot see.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browser import (
    NARROW,
    WAIT_MS,
    WIDE,
    OpenPage,
    ask,
    faults,
    has_no_sideways_scroll,
    in_text,
    small_targets,
    suggested,
)
from hash_encoder import HashEncoder
from local_server import local_server, write_documents

from api.collections import create
from index.local.build import build

playwright_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = playwright_api.expect
expect.set_options(timeout=WAIT_MS)
pytestmark = pytest.mark.browser

OFF_TOPIC = "¿Quién ganó el Mundial de fútbol de 2022?"
PDF = "operacion-chavin-de-huantar.pdf"
# Each width, theme and language with each of the others, in half the visits.
VISITS = [
    pytest.param(WIDE, "light", "es", id="1280-light-es"),
    pytest.param(WIDE, "dark", "en", id="1280-dark-en"),
    pytest.param(NARROW, "light", "en", id="390-light-en"),
    pytest.param(NARROW, "dark", "es", id="390-dark-es"),
    pytest.param((320, 640), "light", "es", id="320-light-es"),
    pytest.param((320, 640), "dark", "en", id="320-dark-en"),
]
LOCALES = {"es": "es-ES", "en": "en-US"}
WORDS = {
    "es": {"why": "¿Por qué esta respuesta?", "builds": "Versiones del índice", "undo": "Deshacer"},
    "en": {"why": "Why this answer?", "builds": "Builds of the index", "undo": "Undo"},
}


def check(page: Any, state: str, wrong: dict[str, list[str]]) -> None:
    """Writes down what is wrong with the page as it stands."""
    for rule, places in faults(page).items():
        wrong.setdefault(f"{state}: {rule}", []).extend(places)
    if not has_no_sideways_scroll(page):
        wrong[f"{state}: wider than the screen"] = []
    small = small_targets(page, 40) if page.viewport_size["width"] <= NARROW[0] else []
    if small:
        wrong[f"{state}: less than 40 pixels"] = small


def by_heart(page: Any, words: str) -> None:
    """Opens what the page shows under a summary of these words."""
    page.locator("summary", has_text=words).last.click()


@pytest.mark.parametrize(("size", "scheme", "lang"), VISITS)
def test_axe_finds_nothing_in_any_state(
    open_page: OpenPage,
    server_url: str,
    noise: list[str],
    size: tuple[int, int],
    scheme: str,
    lang: str,
) -> None:
    wrong: dict[str, list[str]] = {}
    say = WORDS[lang]
    page = open_page(size=size, locale=LOCALES[lang], scheme=scheme)

    def look(state: str) -> None:
        check(page, state, wrong)

    def close() -> None:
        page.locator("#side .close").click()
        page.locator("#side").wait_for(state="hidden")

    page.locator(".suggested").first.wait_for()
    look("empty")
    ask(page, suggested(server_url, lang))
    look("answered")
    page.locator(".turn:last-child .why-ask").click()
    page.locator(".why-part section").first.wait_for()
    page.wait_for_function("() => !document.querySelector('.turn [aria-busy=true]')")
    look("everything about the answer open")
    page.locator("[data-citation='1']").last.click()
    page.locator("#side mark").wait_for()
    look("reader at a quote")
    page.locator("[data-keep=find]").click()
    page.keyboard.type("la")
    expect(page.locator(".find-count")).not_to_have_text("")
    page.locator(".hit.now").wait_for()
    look("reader with words found")
    page.keyboard.press("Escape")
    close()
    ask(page, OFF_TOPIC)
    look("declined")
    page.route("**/v1/ask", lambda route: route.abort())
    ask(page, "¿Y ahora?")
    look("a question that failed")
    page.unroute("**/v1/ask")
    for panel in ("conversations", "library"):
        page.locator(f"#open-{panel}").click()
        page.locator("#side-title").wait_for()
        if panel == "conversations":
            look("conversations")
            close()
    page.locator(".document").first.wait_for()
    look("library")
    page.locator("[data-keep=choose]").click()
    page.locator(".tick input").first.check()
    look("library, some documents chosen")
    page.locator("[data-keep=move-these]").click()
    page.locator("[data-keep=folder-name]").wait_for()
    look("library, some documents about to be moved")
    page.locator("[data-keep='folder-name cancel']").click()
    page.locator("[data-keep^='rename ']").first.click()
    page.locator("[data-keep=new-name]").wait_for()
    look("library, a document about to be renamed")
    page.locator("[data-keep='new-name cancel']").click()
    page.locator("[data-keep=choose-none]").click()
    page.locator(".in-collection").click()
    page.locator(".collections").wait_for()
    look("collections")
    page.go_back()
    page.locator("#open-library").click()
    page.locator(".document").first.wait_for()
    page.locator("#files").set_input_files(
        [{"name": "raro.xyz", "mimeType": "text/plain", "buffer": b"x"}]
    )
    page.locator(".files .failed").wait_for()
    by_heart(page, say["builds"])
    page.locator(".build").first.wait_for()
    page.locator("[data-keep^='remove ']").first.click()
    page.locator(".toast").wait_for()
    look("library with a refused file, builds, and a document about to be deleted")
    page.locator(".toast").get_by_role("button", name=say["undo"]).click()
    page.locator(".filters input").fill("zzzz")
    page.locator(".nothing").wait_for()
    look("library where nothing matches")
    page.locator(".filters input").fill("")
    close()
    page.evaluate(
        "history.pushState(null, '', '/d/nada.txt#char=1,2'); dispatchEvent(new PopStateEvent('popstate'))"
    )
    page.locator("#side .problem").wait_for()
    look("a document that is not there")
    close()
    page.evaluate(
        f"history.pushState(null, '', '/d/{PDF}#char=1,999999'); dispatchEvent(new PopStateEvent('popstate'))"
    )
    page.locator(".changed").wait_for()
    look("a place that is not there, pages")
    close()
    page.evaluate(
        f"history.pushState(null, '', '/d/{PDF}#char=1543,1663'); dispatchEvent(new PopStateEvent('popstate'))"
    )
    page.locator(".lit").first.wait_for()
    look("a page as it is printed")
    page.locator("[data-keep=outline]").click()
    page.locator(".outline li").first.wait_for()
    look("a page with the contents of its document")
    # What belongs to the page stands in one line below it, and most of the screen is the page
    foot = page.locator(".sheet-foot").bounding_box()
    assert foot["height"] < 64
    page.locator("[data-keep=outline]").click()
    sheet = page.locator(".sheet").bounding_box()
    assert sheet["height"] > 0.45 * size[1]
    close()
    page.locator("#open-conversations").click()
    page.locator("[data-keep^='name ']").first.click()
    page.locator("[data-keep=naming]").wait_for()
    look("a conversation about to be renamed")
    assert not wrong, json.dumps(wrong, ensure_ascii=False, indent=1)
    noise.clear()  # the browser itself logs what was refused


SHELF = {
    "cuentos/ñandú.txt": "El ñandú cruzó la pampa al amanecer.\n",
    "bridge.md": "# The bridge\n\nThe bridge was opened in 1902.\n",
}


@pytest.mark.parametrize(
    ("width", "scheme", "lang"),
    [(320, "light", "es"), (320, "dark", "en"), (390, "light", "en"), (1280, "dark", "es")],
)
def test_axe_finds_nothing_where_there_are_samples_folders_and_links(
    tmp_path: Path, open_page: OpenPage, noise: list[str], width: int, scheme: str, lang: str
) -> None:
    wrong: dict[str, list[str]] = {}
    data = tmp_path / "data"
    data.mkdir()
    samples = create(data, "muestras")
    write_documents(samples, SHELF)
    build(samples, HashEncoder())
    with local_server(data, environ={"FUENTE_FETCH_LINKS": "yes"}) as url:
        page = open_page(
            f"{url}/?collection=muestras#library",
            size=(width, 700),
            scheme=scheme,
            locale=LOCALES[lang],
        )

        def look(state: str) -> None:
            check(page, state, wrong)

        page.locator(".samples").wait_for()
        page.locator(".document").first.wait_for()
        look("samples, with folders")
        page.locator(".tree li button").first.click()
        page.locator(".tree-way").wait_for()
        look("in a folder")
        page.locator("[data-keep=ask-folder]").click()
        page.locator("#scope .chip").wait_for()
        look("a chip above the box")
        page.goto(f"{url}/#collections")
        page.locator(".collections .document").nth(1).wait_for()
        page.locator("[data-keep='rename muestras']").click()
        look("a collection about to be renamed")
        page.keyboard.press("Enter")
        page.locator("[data-keep='remove muestras']").click()
        page.locator(".undo").wait_for()
        look("a collection that can be brought back")
        page.goto(f"{url}/?collection=default#library")
        page.locator(".from-link summary").click()
        look("no documents yet, the form for a link")
        page.locator("[data-keep=link]").fill("https://127.0.0.1/a.pdf")
        page.locator("[data-keep=link-go]").click()
        page.locator(".from-link .problem").wait_for()
        look("a link that was refused")
        page.locator("#files").set_input_files(
            [{"name": "a.txt", "mimeType": "text/plain", "buffer": b"Una nota."}]
        )
        page.locator(".document").wait_for()
        page.locator(".news .good").wait_for()
        page.locator("#files").set_input_files(
            [{"name": "c.txt", "mimeType": "text/plain", "buffer": b"Otra nota."}]
        )
        page.locator("[data-keep=choose]").click()
        page.locator("[data-keep^='rename ']").first.click()
        page.keyboard.type("b")
        page.keyboard.press("Enter")
        page.locator(".toast.moved").wait_for()
        look("a document that has another name")
        page.close()
    assert not wrong, json.dumps(wrong, ensure_ascii=False, indent=1)
    noise.clear()  # the browser itself logs what was refused


OUTLINE = """() => {
  const node = document.activeElement;
  if (!node || node === document.body) return null;
  const look = getComputedStyle(node);
  const drawn = (style) => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  // The question box shows the focus on its frame, the drop area that of the field hidden in it.
  const frame = node.closest('.field, .drop');
  const seen = drawn(look) || (frame && (drawn(getComputedStyle(frame)) || getComputedStyle(frame).boxShadow !== 'none'));
  const box = node.getBoundingClientRect();
  const name = node.getAttribute('aria-label') || node.textContent.trim() || node.id;
  return [Boolean(seen), node.tagName, name.slice(0, 60), Math.round(box.width), Math.round(box.height)];
}"""


@pytest.mark.parametrize(
    ("path", "ready"),
    [("/#library", ".document"), (f"/d/{PDF}#char=1543,1663", ".lit")],
    ids=["library", "reader"],
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_focus_is_seen_wherever_the_keyboard_goes(
    open_page: OpenPage, path: str, ready: str, scheme: str
) -> None:
    page = open_page(path, scheme=scheme)
    page.locator(ready).first.wait_for()
    page.locator("#side-title").focus()
    stops = []
    for _ in range(12):
        page.keyboard.press("Tab")
        stop = page.evaluate(OUTLINE)
        if stop is None:
            break
        stops.append(stop)
    assert len(stops) >= 6
    assert [stop for stop in stops if not stop[0]] == []
    small = [
        stop
        for stop in stops
        if stop[1] != "A" and min(stop[3], stop[4]) < 24 and stop[2] != "files"
    ]
    assert small == []


def test_the_marks_are_told_apart_in_the_colours_of_the_system(
    browser: Any, server_url: str
) -> None:
    context = browser.new_context(forced_colors="active", locale="es-ES")
    page = context.new_page()
    page.set_default_timeout(WAIT_MS)
    in_text(page)
    page.goto(f"{server_url}/d/{PDF}#char=1543,1663")
    page.locator("#side mark").wait_for()
    page.locator("[data-keep=find]").click()
    page.keyboard.type("tunel")
    page.locator(".hit.now").wait_for()
    color: Callable[[str], str] = lambda selector: page.locator(selector).first.evaluate(  # noqa: E731
        "node => getComputedStyle(node).backgroundColor"
    )
    plain = color(".side-body")
    assert color("#side mark") != plain
    assert color(".hit") != plain
    assert (
        page.locator(".hit.now").first.evaluate("node => getComputedStyle(node).outlineStyle")
        == "solid"
    )
    context.close()


@pytest.mark.parametrize("lang", ["es", "en"])
def test_nothing_is_told_by_a_colour_that_the_system_takes_away(
    browser: Any, server_url: str, lang: str
) -> None:
    context = browser.new_context(
        forced_colors="active", locale=LOCALES[lang], viewport={"width": 1000, "height": 700}
    )
    page = context.new_page()
    page.set_default_timeout(WAIT_MS)
    page.goto(server_url)
    page.locator(".suggested").first.wait_for()
    turn = ask(page, suggested(server_url, lang))
    style: Callable[[str, str], str] = lambda selector, part: page.locator(  # noqa: E731
        selector
    ).first.evaluate(
        "(node, part) => { const [name, of] = part.split(' '); return getComputedStyle(node, of || null)[name]; }",
        part,
    )
    plain = style("body", "backgroundColor")
    assert style(".confidence .drops i", "backgroundColor") != plain
    # What answers is marked, and can be read on its mark
    assert turn.locator("mark.answering").count()
    assert style("mark.answering", "backgroundColor") not in (
        plain,
        style("mark.answering", "color"),
    )
    assert style("[data-lang][aria-pressed=true]", "backgroundColor") != style(
        "[data-lang][aria-pressed=false]", "backgroundColor"
    )
    turn.locator(".rating button").first.click()
    page.locator(".rating [aria-pressed=true]").wait_for()
    assert style(".rating [aria-pressed=true]", "backgroundColor") != style(
        ".rating [aria-pressed=false]", "backgroundColor"
    )
    if turn.locator("figure.quote").count():
        assert style("figure.quote", "borderInlineStartStyle ::before") == "solid"
    context.close()


@pytest.mark.parametrize(("lang", "width"), [("es", 1280), ("en", 320)])
def test_axe_finds_nothing_in_the_colours_of_the_system(
    browser: Any, server_url: str, lang: str, width: int
) -> None:
    wrong: dict[str, list[str]] = {}
    context = browser.new_context(
        forced_colors="active",
        locale=LOCALES[lang],
        # what fades in has not its colours yet
        reduced_motion="reduce",
        viewport={"width": width, "height": 700},
    )
    page = context.new_page()
    page.set_default_timeout(WAIT_MS)
    page.goto(server_url)
    ask(page, suggested(server_url, lang))
    check(page, "answered", wrong)
    page.locator("#open-conversations").click()
    page.locator("[data-keep^='name ']").first.click()
    page.locator("[data-keep=naming]").wait_for()
    check(page, "a conversation about to be renamed", wrong)
    page.locator("#side .close").click()
    page.locator("#open-library").click()
    page.locator(".document").first.wait_for()
    check(page, "library", wrong)
    page.locator("[data-keep=choose]").click()
    page.locator(".tick input").first.check()
    check(page, "some documents chosen", wrong)
    page.locator(".in-collection").click()
    page.locator(".collections").wait_for()
    check(page, "collections", wrong)
    page.goto(f"{server_url}/d/{PDF}#char=1543,1663")
    page.locator(".lit").first.wait_for()
    page.locator("[data-keep=outline]").click()
    page.locator(".outline li").first.wait_for()
    check(page, "a page with the contents of its document", wrong)
    page.locator("[data-keep=ask]").click()
    if width == 1280:
        page.locator("#side .close").click()
    page.locator("#scope .chip").wait_for()
    check(page, "a chip above the box", wrong)
    context.close()
    assert not wrong, json.dumps(wrong, ensure_ascii=False, indent=1)


@pytest.mark.parametrize("lang", ["es", "en"])
@pytest.mark.parametrize("width", [320, 340, 390])
def test_the_head_of_a_narrow_page_holds_everything_in_a_conversation(
    open_page: OpenPage, server_url: str, width: int, lang: str
) -> None:
    page = open_page(size=(width, 640), locale=LOCALES[lang])
    ask(page, OFF_TOPIC)
    page.locator("#new-talk").wait_for()
    last = page.locator(".langs").bounding_box()
    assert last["x"] + last["width"] <= width
    for tool in page.locator(".tool:visible, .langs button").all():
        box = tool.bounding_box()
        assert box["x"] >= 0
        assert min(box["width"], box["height"]) >= 32
    assert page.evaluate("document.querySelector('.top').scrollWidth <= innerWidth")
    # What chooses speaks in the same letters as the rest.
    fonts = "[...document.querySelectorAll('select, .field textarea, body')].map(node => getComputedStyle(node).fontFamily)"
    assert len(set(page.evaluate(fonts))) == 1
