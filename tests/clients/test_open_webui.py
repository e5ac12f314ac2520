"""Open WebUI, as it is, used in a browser by somebody who asks and opens what is quoted (`make open-webui`).

It asks a service with keys, whose links open without one. ``PICTURES`` names a folder for the pictures of the guide.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from conftest import PDF, QUESTIONS, Service, environment, free_port, running, serving

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

OPEN_WEBUI = Path(sys.executable).with_name("open-webui")
if not OPEN_WEBUI.exists():
    pytest.skip("Open WebUI is not there (make open-webui installs it)", allow_module_level=True)
playwright_api = pytest.importorskip("playwright.sync_api")
expect = playwright_api.expect

# The first start of Open WebUI takes a minute or two
pytestmark = pytest.mark.timeout(600)
WAIT_MS = 60_000
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
PICTURES = os.environ.get("PICTURES")
IN_VIEW = """() => {
  const body = document.querySelector(".side-body").getBoundingClientRect();
  const lit = [...document.querySelectorAll("#side .lit:not(.too), #side mark")];
  const seen = (box) => box.height > 0 && box.top >= body.top && box.bottom <= body.bottom;
  return lit.length > 0 && lit.every((one) => seen(one.getBoundingClientRect()));
}"""


@pytest.fixture(scope="module")
def linked(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    data = shutil.copytree(built, tmp_path_factory.mktemp("linked") / "data")
    with serving(data, FUENTE_LINK_HOURS="1") as service:
        yield service


@pytest.fixture(scope="module")
def open_webui(linked: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Its address."""
    folder, port = tmp_path_factory.mktemp("open-webui"), free_port()
    base = f"{linked.url}/v1"
    environ = environment(
        OPENAI_API_BASE_URL=base,
        OPENAI_API_KEY=linked.key,
        # Vectors of the service, so that no model is fetched
        RAG_EMBEDDING_ENGINE="openai",
        RAG_EMBEDDING_MODEL="fuente-es-en",
        RAG_OPENAI_API_BASE_URL=base,
        RAG_OPENAI_API_KEY=linked.key,
        OFFLINE_MODE="True",
        HF_HUB_OFFLINE="1",
        ENABLE_OLLAMA_API="False",
        ENABLE_PERSISTENT_CONFIG="False",
        ENABLE_VERSION_UPDATE_CHECK="False",
        WEBUI_AUTH="False",
        WEBUI_SECRET_KEY="of the tests",
        DATA_DIR=str(folder),
    )
    command = [str(OPEN_WEBUI), "serve", "--host", "127.0.0.1", "--port", str(port)]
    url = f"http://127.0.0.1:{port}"
    with running(command, environ, f"{url}/api/version", folder / "server.log", 400):
        yield url


@pytest.fixture(scope="module")
def page(open_webui: str) -> Iterator[Page]:
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    with playwright_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        size = {"width": 1280, "height": 800}
        context = browser.new_context(viewport=size, locale="en-US")
        context.set_default_timeout(WAIT_MS)
        expect.set_options(timeout=WAIT_MS)
        page = context.new_page()
        begin(page, open_webui)
        # What is new is told once
        page.get_by_role("button", name="Okay, Let's Go!").click()
        yield page
        browser.close()


def begin(page: Page, open_webui: str) -> None:
    page.goto(f"{open_webui}/?models=fuente")
    page.wait_for_selector("#chat-input")


def ask(page: Page, text: str) -> str:
    """Asks, waits for the whole answer, and gives its words."""
    page.click("#chat-input")
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    # The button to have it said again is there when all of it is
    page.get_by_role("button", name="Regenerate").last.wait_for()
    return page.locator("#response-content-container").last.inner_text()


def picture(shown: Page | Locator, what: str, name: str) -> None:
    """A picture for the guide in the language of a question, of those that the guides show."""
    suffix = {"across": "", "Spanish": ".es"}.get(name)
    if PICTURES and suffix is not None:
        shown.screenshot(path=Path(PICTURES) / f"open-webui-{what}{suffix}.png")


def follow_ups(page: Page) -> list[str]:
    shown = page.locator("button[aria-label^='Follow up: ']")
    return [one.inner_text().strip() for one in shown.all()]


def test_the_menu_has_the_documents_first(page: Page) -> None:
    page.click("#model-selector-model-button")
    page.wait_for_selector("[role=option]")
    names = [one.inner_text().strip() for one in page.locator("[role=option]").all()]
    page.keyboard.press("Escape")
    assert names == ["fuente", "fuente-es-en"]


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_is_answered_and_its_quote_opens_in_the_reader(
    page: Page, linked: Service, open_webui: str, name: str
) -> None:
    asked = QUESTIONS[name]
    begin(page, open_webui)
    text = ask(page, asked.text)
    title = asked.text.strip("¿?")
    page.wait_for_function("title => document.title.startsWith(title)", arg=title[:20])
    chip = page.locator("button[aria-label^='View source: ']")
    if asked.document is None:
        assert text.strip().startswith("The documents do not hold an answer")
        assert chip.count() == 0
        page.wait_for_timeout(3000)
        assert follow_ups(page) == []
        return
    assert asked.words in text
    assert "[1]" not in text, "the number has become a chip"
    page.locator("button[aria-label^='Follow up: ']").first.wait_for()
    said = follow_ups(page)
    assert all(re.fullmatch(r"(What else|¿Qué más) .{5,}\?", one) for one in said), said
    chip.first.click()
    window = page.locator("[role=dialog]")
    window.wait_for()
    shown = window.inner_text()
    picture(page, "source", name)
    link = window.locator("a[href*=':~:text=']").first
    address, _, _ = str(link.get_attribute("href")).partition("#:~:")
    quote = linked.opened(re.sub(r"\?access=[\w.-]+", "", address))
    assert quote in shown
    assert quote in text
    if asked.document == PDF:
        assert re.search(r"\(page\s+1\)", shown)
    with page.context.expect_page() as opened:
        link.click()
    reader = opened.value
    reader.wait_for_selector(".lit, mark")
    reader.wait_for_function(IN_VIEW)
    # The browser has looked for the fragment of the link by then
    reader.wait_for_timeout(1500)
    assert reader.evaluate(IN_VIEW)
    assert reader.locator(".problem").count() == 0
    if asked.document != PDF:
        assert reader.locator("mark").inner_text() == quote
    if name == "Spanish":
        reader.locator("[data-lang=es]").click()
    picture(reader.locator("#side"), "reader", name)
    reader.close()
    page.keyboard.press("Escape")
    window.wait_for(state="hidden")


def test_what_was_answered_is_there_when_the_chat_is_opened_again(
    page: Page, open_webui: str
) -> None:
    begin(page, open_webui)
    ask(page, QUESTIONS["English"].text)
    page.wait_for_url(re.compile("/c/"))
    page.locator("button[aria-label^='Follow up: ']").first.click()
    expect(page.locator("#response-content-container")).to_have_count(2)
    expect(page.locator("#response-content-container").last).to_contain_text("According to")
    page.wait_for_timeout(2000)
    page.reload()
    chips = page.locator("button[aria-label^='View source: ']")
    chips.first.wait_for()
    chips.first.click()
    expect(page.locator("[role=dialog]")).to_contain_text("weeks")
    page.keyboard.press("Escape")
