"""Takes the pictures of the README and the guide anew: what the page looks like, in both languages.

Two services run, one on the samples and one on the ten files of a first-time user (tests/test_page_first_time.py). Each picture
is written to api/page with at most 256 colours, which leaves it at a third of its bytes; none goes into the wheel.
Needs playwright and a Chromium.
"""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image
from running import SAMPLES, Server, build, say

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from browser import LOCALES, PAGE, WAIT_MS, ask, launch
from test_page_first_time import OWN, WALKS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SIZE = (1280, 800)
TUNNELS = {
    "es": "¿Desde dónde se excavaron los túneles?",
    "en": "Where were the tunnels dug from?",
}
EGGS = "¿Cuántos huevos puede poner una reina en un día?"


def opened(browser: Browser, url: str, lang: str, scheme: str = "light") -> Page:
    """The page in a window of its own."""
    context = browser.new_context(
        viewport={"width": SIZE[0], "height": SIZE[1]},
        locale=LOCALES[lang],
        color_scheme=scheme,  # type: ignore[arg-type]
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.set_default_timeout(WAIT_MS)
    page.goto(url)
    page.wait_for_selector("#count:not(:empty)")
    return page


def keep(page: Page, name: str, lang: str) -> None:
    """Writes the picture of what is shown."""
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    file = PAGE / (f"{name}.es.png" if lang == "es" else f"{name}.png")
    # Of 256 colours, without dots where surfaces are even
    picture.quantize(256, dither=Image.Dither.NONE).save(file, optimize=True)
    print(f"{file.name:28} {file.stat().st_size / 1000:4.0f} kB")
    page.context.close()


def take_samples(browser: Browser, url: str, lang: str) -> None:
    """An answer beside its printed page, and dark colours with words looked for."""
    page = opened(browser, url, lang)
    turn = ask(page, TUNNELS[lang])
    turn.locator("[data-citation='1']").last.click()
    page.locator(".lit").first.wait_for()
    keep(page, "screenshot", lang)

    page = opened(browser, url, lang, "dark")
    turn = ask(page, EGGS)
    turn.locator("[data-citation='1']").last.click()
    page.locator("#side mark").first.wait_for()
    page.locator("[data-keep=find]").click()
    page.keyboard.type("queen")
    page.locator(".hit.now").wait_for()
    keep(page, "screenshot-dark", lang)


def take_own(browser: Browser, url: str, lang: str) -> None:
    """One's own documents: a question to one of them, and the library with some of them chosen."""
    question, title, *_ = WALKS[lang]
    page = opened(browser, url, lang)
    turn = ask(page, question)
    turn.locator("[data-citation='1']").last.click()
    page.locator(".lit").first.wait_for()
    page.locator(".side-tools .view").first.click()
    page.locator("#scope .chip").wait_for()
    ask(page, question)
    page.locator(".turn").last.locator("[data-citation='1']").last.click()
    page.locator(".lit").first.wait_for()
    keep(page, "screenshot-page", lang)

    page = opened(browser, url, lang)
    ask(page, question)
    page.locator("#open-library").click()
    page.locator(".document").first.wait_for()
    page.locator("[data-keep=choose]").click()
    for n in (0, 2):
        page.locator(".tick input").nth(n).check()
    page.locator("[data-keep=move-these]").click()
    page.locator("[data-keep=folder-name]").fill("2026")
    page.locator(".list-bar").evaluate("(node) => node.scrollIntoView()")
    keep(page, "screenshot-documents", lang)


def main() -> int:
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        samples, own, files = (Path(folder) / name for name in ("samples", "own", "files"))
        for name, content in OWN.items():
            (files / name).parent.mkdir(parents=True, exist_ok=True)
            (files / name).write_bytes(content.encode() if isinstance(content, str) else content)
        say("building the samples and the ten files")
        for data, source in ((samples, SAMPLES), (own, files)):
            data.mkdir()
            build(data, str(source))
        browser = launch(playwright)
        for data, take in ((samples, take_samples), (own, take_own)):
            with Server(data) as server:
                for lang in ("es", "en"):
                    take(browser, f"http://127.0.0.1:{server.port}/", lang)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
