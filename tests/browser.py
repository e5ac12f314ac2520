"""A real browser on the chat page: what the test modules of the page share.

The fixtures ``browser``, ``noise`` and ``open_page`` stand in ``conftest.py``. They need the package
``playwright`` and a Chromium; without either the tests are skipped and say so.
"""

from __future__ import annotations

import json
import os
import shutil
import time
import urllib.request
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

PAGE = Path(__file__).resolve().parent.parent / "api" / "page"
WIDE = (1280, 900)
NARROW = (390, 844)
SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "390"])
LOCALES = {"es": "es-ES", "en": "en-US"}
WAIT_MS = 20_000

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

OpenPage = Callable[..., "Page"]
"""See the fixture ``open_page`` in ``conftest.py``."""


def launch(playwright: Any) -> Browser:
    """A headless Chromium: the system's own, else the one that playwright has downloaded."""
    program = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if program is None and not os.path.exists(playwright.chromium.executable_path):
        pytest.skip("no Chromium found (install one, or run: playwright install chromium)")
    browser: Browser = playwright.chromium.launch(
        executable_path=program, headless=True, args=CHROMIUM_FLAGS
    )
    return browser


def becomes(page: Page, script: str, value: object = True) -> None:
    """The script gives the value, now or as soon as a busy machine comes to it."""
    deadline = time.monotonic() + WAIT_MS / 1000
    while (found := page.evaluate(script)) != value and time.monotonic() < deadline:
        page.wait_for_timeout(20)
    assert found == value


def get(server_url: str, path: str) -> Any:
    with urllib.request.urlopen(server_url.rstrip("/") + path, timeout=20) as reply:
        return json.load(reply)


def post_ask(server_url: str, query: str, **more: Any) -> Any:
    """The same question without the page; ``more`` are further fields. A stream is given as its text."""
    request = urllib.request.Request(
        server_url.rstrip("/") + "/v1/ask",
        data=json.dumps({"query": query, **more}).encode("utf-8"),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=20) as reply:
        return reply.read().decode("utf-8") if more.get("stream") else json.load(reply)


def suggested(server_url: str, lang: str) -> str:
    """A question the service itself proposes in this language, about a document that is shown as text: which are proposed, and
    in which order, is a matter of the reader and of time, and a PDF is shown as pages."""
    questions = get(server_url, "/v1/info")["suggested_questions"]
    found = [one["text"] for one in questions if one["lang"] == lang]
    assert found, (
        f"/v1/info suggests no question in {lang}; expected one from the sample collection"
    )
    for question in found:
        cited = post_ask(server_url, question)["citations"]
        if cited and not cited[0]["location"]["document_id"].endswith(".pdf"):
            return str(question)
    return str(found[0])


def in_text(page: Page) -> None:
    """Has the reader show the text of a PDF, not its pages, from the first time on."""
    page.add_init_script("localStorage.setItem('fuente.view', 'text')")


def ask(page: Page, question: str) -> Locator:
    """Types and sends a question; gives the finished turn."""
    page.locator("#question").fill(question)
    page.locator("#question").press("Enter")
    return finished(page)


def finished(page: Page) -> Locator:
    turn = page.locator(".turn").last
    page.wait_for_selector(".turn:last-child[aria-busy=false]")
    return turn


def text_of(locator: Locator) -> str:
    """The text as it is, white space included."""
    return str(locator.evaluate("node => node.textContent"))


# What a finger hits; a word within a line of text is as high as the line.
SMALL = """(least) => [...document.querySelectorAll('a, button, input, select, textarea, summary')].filter((node) => {
  const hidden = !node.checkVisibility({ visibilityProperty: true }) || node.closest('[inert], .sr, .skip') || node.matches('.sr');
  return !hidden && !node.matches('.small, .stretch *, p a');
}).map((node) => [node, (node.closest('label') ?? node).getBoundingClientRect()])
  .filter(([, box]) => box.width && Math.min(box.width, box.height) < least - 0.5)
  .map(([node, box]) => `${node.outerHTML.slice(0, 90)} ${Math.round(box.width)}×${Math.round(box.height)}`)"""


def small_targets(page: Page, least: int) -> list[str]:
    """What can be touched and is less than ``least`` pixels wide or high."""
    return list(page.evaluate(SMALL, least))


def faults(page: Page) -> dict[str, list[str]]:
    """What axe-core finds on the page as it stands: places by rule. Skips the test where it is not installed."""
    pytest.importorskip("axe_playwright_python", reason="axe-playwright-python is not installed")
    if not page.evaluate("Boolean(window.axe)"):
        # Beside the page, not in it: the page's own policy lets no such script in.
        page.evaluate(
            files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
        )
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = page.evaluate(
        "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", tags
    )
    return {
        one["id"]: [" ".join(map(str, node["target"])) for node in one["nodes"]]
        for one in found["violations"]
    }


def has_no_sideways_scroll(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
