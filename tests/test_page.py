"""The chat page in a real browser, against the real service on the sample build.

Needs the ``playwright`` package and a Chromium; without either the module is skipped and says so.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

playwright_api = pytest.importorskip(
    "playwright.sync_api", reason="the package playwright is not installed (pip install playwright)"
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page, Route

pytestmark = pytest.mark.browser

PAGE = Path(__file__).resolve().parent.parent / "api" / "page"
WIDE = (1280, 900)
NARROW = (390, 844)
DATED = [
    "¿Cuándo se creó la Comisión de Garantes?",
    "When was the Commission of Guarantors set up?",
]
SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "390"])
WAIT_MS = 20_000
OFF_TOPIC = {
    "es": "¿Quién ganó el Mundial de fútbol de 2022?",
    "en": "Who won the 2022 football World Cup?",
}

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


def launch(playwright: Any) -> Browser:
    """A headless Chromium: the system's own, else the one that playwright has downloaded."""
    program = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if program is None and not os.path.exists(playwright.chromium.executable_path):
        pytest.skip("no Chromium found (install one, or run: playwright install chromium)")
    browser: Browser = playwright.chromium.launch(
        executable_path=program, headless=True, args=CHROMIUM_FLAGS
    )
    return browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with playwright_api.sync_playwright() as playwright:
        one = launch(playwright)
        yield one
        one.close()


@pytest.fixture
def noise() -> list[str]:
    """What the page wrote to the console as an error; a test that provokes one empties it."""
    return []


@pytest.fixture
def open_page(browser: Browser, server_url: str, noise: list[str]) -> Iterator[OpenPage]:
    """Opens a page of its own context; at the end the console must be clean."""
    contexts = []

    def opened(
        path: str = "/", *, size: tuple[int, int] = WIDE, locale: str = "es-ES", route: Any = None
    ) -> Page:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, locale=locale, reduced_motion="reduce"
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(WAIT_MS)
        page.on(
            "console",
            lambda message: noise.append(message.text) if message.type == "error" else None,
        )
        page.on("pageerror", lambda error: noise.append(str(error)))
        if route is not None:
            page.route("**/v1/ask", route)
        page.goto(server_url.rstrip("/") + path)
        page.wait_for_selector("#count:not(:empty)")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert noise == []


def get(server_url: str, path: str) -> Any:
    with urllib.request.urlopen(server_url.rstrip("/") + path, timeout=20) as reply:
        return json.load(reply)


def post_ask(server_url: str, question: str) -> Any:
    """The same question without the page."""
    request = urllib.request.Request(
        server_url.rstrip("/") + "/v1/ask",
        data=json.dumps({"query": question}).encode("utf-8"),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=20) as reply:
        return json.load(reply)


def suggested(server_url: str, lang: str) -> str:
    """A question the service itself proposes in this language."""
    questions = get(server_url, "/v1/info")["suggested_questions"]
    found = [one["text"] for one in questions if one["lang"] == lang]
    assert found, (
        f"/v1/info suggests no question in {lang}; expected one from the sample collection"
    )
    return str(found[0])


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


def has_no_sideways_scroll(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.parametrize("question", DATED)
def test_the_words_that_answer_are_marked_in_the_line_of_the_quote(
    open_page: OpenPage, server_url: str, question: str
) -> None:
    highlight = post_ask(server_url, question)["citations"][0]["highlight"]
    assert highlight is not None
    turn = ask(open_page(), question)
    mark = turn.locator("blockquote mark").first
    assert text_of(mark) == highlight["words"]
    assert mark.evaluate("node => getComputedStyle(node).display") == "inline"
    whole = text_of(turn.locator("blockquote").first)
    assert whole == highlight["before"] + highlight["words"] + highlight["after"]


@SIZES
@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_question_is_answered_and_its_citation_opens_the_reader_at_the_quote(
    open_page: OpenPage, server_url: str, lang: str, size: tuple[int, int]
) -> None:
    question = suggested(server_url, lang)
    page = open_page(size=size)
    turn = ask(page, question)
    assert turn.get_attribute("data-state") == "answered"
    cited = post_ask(server_url, question)["citations"][0]
    button = turn.locator("[data-citation='1']").first
    button.click()
    mark = page.locator("#side mark")
    mark.wait_for()
    assert text_of(mark) == cited["text"] == cited["location"]["cited_text"]
    assert cited["text"] in [text_of(one) for one in turn.locator(".words").all()]
    assert page.evaluate("location.pathname + location.hash") == cited["url"]
    inside = mark.evaluate(
        """node => {
          const body = node.closest('.side-body').getBoundingClientRect();
          const box = node.getClientRects()[0];
          return box.top >= body.top && box.top < body.bottom;
        }"""
    )
    assert inside, "the reader is not scrolled to the mark"
    assert has_no_sideways_scroll(page)


@SIZES
@pytest.mark.parametrize("lang", ["es", "en"])
def test_an_off_topic_question_is_declined_with_the_nearest_passages(
    open_page: OpenPage, lang: str, size: tuple[int, int]
) -> None:
    page = open_page(size=size)
    turn = ask(page, OFF_TOPIC[lang])
    assert turn.get_attribute("data-state") == "abstained"
    assert turn.locator(".declined-head").inner_text() == "Esto no aparece en tus documentos"
    assert turn.locator("[data-citation]").count() == 0
    assert has_no_sideways_scroll(page)


@SIZES
def test_a_deep_link_opens_the_reader_at_its_place(
    open_page: OpenPage, server_url: str, size: tuple[int, int]
) -> None:
    cited = post_ask(server_url, suggested(server_url, "es"))["citations"][0]
    page = open_page(cited["url"], size=size)
    mark = page.locator("#side mark")
    mark.wait_for()
    assert text_of(mark) == cited["text"]
    assert page.locator("#side-title").inner_text() == cited["location"]["document_title"]
    page.locator("#side .close").click()
    page.locator("#side").wait_for(state="hidden")
    assert page.evaluate("location.pathname") == "/"


def test_the_back_button_closes_the_reader(open_page: OpenPage, server_url: str) -> None:
    page = open_page()
    turn = ask(page, suggested(server_url, "es"))
    turn.locator("[data-citation='1']").first.click()
    page.locator("#side mark").wait_for()
    page.go_back()
    page.locator("#side").wait_for(state="hidden")
    assert turn.is_visible()


@SIZES
def test_the_keyboard_alone_asks_opens_a_citation_and_comes_back(
    open_page: OpenPage, server_url: str, size: tuple[int, int]
) -> None:
    page = open_page(size=size)
    # A wide page starts in the question box; on a phone that would call up the keyboard.
    assert page.evaluate("document.activeElement.id === 'question'") == (size == WIDE)
    if size == NARROW:
        page.keyboard.press("/")
    page.keyboard.type("primera línea")
    page.keyboard.press("Shift+Enter")
    assert page.locator("#question").input_value() == "primera línea\n"
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type(suggested(server_url, "es"))
    page.keyboard.press("Enter")
    assert finished(page).get_attribute("data-state") == "answered"
    for _ in range(60):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.matches('[data-citation]')"):
            break
    number = page.evaluate("document.activeElement.dataset.citation")
    page.keyboard.press("Enter")
    page.locator("#side mark").wait_for()
    assert page.evaluate("document.getElementById('side').contains(document.activeElement)")
    page.keyboard.press("Escape")
    page.locator("#side").wait_for(state="hidden")
    assert page.evaluate("document.activeElement.dataset.citation") == number
    page.keyboard.press("/")
    page.keyboard.press("ArrowUp")
    assert page.locator("#question").input_value() == suggested(server_url, "es")


def test_the_language_switch_changes_the_page_and_is_remembered(
    open_page: OpenPage, server_url: str
) -> None:
    page = open_page(locale="es-PE")
    assert page.evaluate("document.documentElement.lang") == "es"
    turn = ask(page, suggested(server_url, "es"))
    quote = text_of(turn.locator(".words").first)
    page.get_by_role("button", name="English").click()
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.locator("#open-library").inner_text().startswith("Documents")
    # The words of the page change, those of the source do not.
    assert text_of(turn.locator(".words").first) == quote
    page.reload()
    assert page.evaluate("document.documentElement.lang") == "en"


@pytest.mark.parametrize(
    ("locale", "lang"),
    [("es-MX", "es"), ("en-GB", "en"), ("fr-FR", "en")],
    ids=["es", "en", "neither"],
)
def test_the_page_starts_in_the_language_of_the_browser(
    open_page: OpenPage, locale: str, lang: str
) -> None:
    assert open_page(locale=locale).evaluate("document.documentElement.lang") == lang


def test_an_answer_is_announced_once_with_each_quote_in_its_own_language(
    open_page: OpenPage, server_url: str
) -> None:
    page = open_page(locale="en-US")
    page.evaluate(
        """() => {
          window.said = [];
          new MutationObserver(() => {
            const words = document.getElementById('live').textContent;
            if (words) window.said.push(words);
          }).observe(document.getElementById('live'), {childList: true});
        }"""
    )
    turn = ask(page, suggested(server_url, "es"))
    page.wait_for_selector("#live > *", state="attached")
    page.wait_for_timeout(300)
    assert page.evaluate("window.said.length") == 1
    quote = turn.locator("blockquote, q").first
    lang = quote.get_attribute("lang")
    assert lang in ("es", "en")
    assert text_of(quote) in [text_of(one) for one in page.locator(f"#live [lang={lang}]").all()]


def test_the_library_lists_the_documents_of_the_service(
    open_page: OpenPage, server_url: str
) -> None:
    listed = get(server_url, "/v1/documents?limit=100")
    page = open_page()
    assert page.locator("#count").inner_text() == str(listed["total"])
    page.locator("#open-library").click()
    page.locator(".document").first.wait_for()
    assert page.locator(".document").count() == len(listed["data"])
    title = listed["data"][0]["title"]
    page.get_by_role("button", name=f"Borrar {title}", exact=True).first.click()
    page.get_by_role("button", name="Cancelar").click()
    assert page.locator(".document").count() == len(listed["data"])
    page.locator("a.document-open").first.click()
    page.locator("#side .prose").wait_for()


def crafted_answer(question: str) -> dict[str, Any]:
    """An answer whose offsets count an emoji as one, and whose texts look like markup."""
    quote = "<img src=x onerror=alert(1)> 🌊 & cía"
    lead = "Según la fuente 🙂:\n\n«"
    location = {
        "type": "char_location",
        "cited_text": quote,
        "document_id": "notas/<b>.txt",
        "document_title": "<b>Notas</b>",
        "start_char_index": 0,
        "end_char_index": len(quote),
        "page_number": 3,
        "section_path": ["<i>Uno</i>"],
    }
    return {
        "object": "answer",
        "id": "ans_1",
        "request_id": "req_1",
        "build_id": "b1",
        "status": "answered",
        "language": "es",
        "generator": "extractive",
        "query": {"text": question, "language": "es", "language_confidence": 1.0},
        "answer": f"{lead}{quote}» [1]",
        "confidence": 0.9,
        "citations": [
            {
                "id": 1,
                "start": len(lead),
                "end": len(lead) + len(quote),
                "text": quote,
                "sources": ["p1"],
                "location": location,
                "verified": True,
                "score": 1.0,
                "language": "es",
                "url": "/d/notas/%3Cb%3E.txt#char=0,9",
            }
        ],
        "passages": [],
        "abstention": None,
        "timings_ms": {"total": 12.5},
    }


def test_texts_are_shown_letter_for_letter_and_never_as_markup(open_page: OpenPage) -> None:
    answer = crafted_answer("¿Qué dice?")
    page = open_page(route=lambda route: route.fulfill(json=answer))
    turn = ask(page, "¿Qué dice? <script>alert(1)</script>")
    assert text_of(turn.locator(".question")) == "¿Qué dice? <script>alert(1)</script>"
    assert text_of(turn.locator("blockquote")) == answer["citations"][0]["text"]
    assert text_of(turn.locator(".own")) == "Según la fuente 🙂:"
    assert text_of(turn.locator(".cite-title")) == "<b>Notas</b>"
    assert turn.locator("img, script, b b, i i").count() == 0


def test_the_words_that_answer_are_marked_in_the_quote_and_only_where_they_fit(
    open_page: OpenPage,
) -> None:
    answer = crafted_answer("¿Qué dice?")
    citation = answer["citations"][0]
    half = len(citation["text"]) // 2
    citation["highlight"] = {
        "start": half,
        "end": half + 3,
        "before": citation["text"][:half],
        "words": citation["text"][half : half + 3],
        "after": citation["text"][half + 3 :],
    }
    page = open_page(route=lambda route: route.fulfill(json=answer))
    turn = ask(page, "¿Qué dice?")
    assert text_of(turn.locator("blockquote")) == citation["text"]
    assert text_of(turn.locator("blockquote mark")) == citation["highlight"]["words"]
    citation["highlight"]["before"] = "otra cosa"
    turn = ask(page, "¿Y ahora?")
    assert text_of(turn.locator("blockquote")) == citation["text"]
    assert turn.locator("mark").count() == 0


def test_a_stream_that_breaks_off_is_asked_again_as_one_reply(open_page: OpenPage) -> None:
    asked: list[dict[str, Any]] = []

    def half(route: Route) -> None:
        body = route.request.post_data_json
        asked.append(body)
        if body.get("stream"):
            # Cut in the middle of an event.
            words = 'event: search_results\r\ndata: {"data": [1, 2]}\r\n\r\n'
            words += 'event: final_answer\ndata: {"ans'
            route.fulfill(content_type="text/event-stream", body=words)
        else:
            route.fulfill(json=crafted_answer(body["query"]))

    turn = ask(open_page(route=half), "¿Qué dice?")
    assert turn.get_attribute("data-state") == "answered"
    assert [body.get("stream", False) for body in asked] == [True, False]


def test_a_problem_is_shown_with_its_remedy_and_can_be_tried_again(
    open_page: OpenPage, noise: list[str]
) -> None:
    languages: list[str | None] = []

    def fail_first(route: Route) -> None:
        languages.append(route.request.headers.get("accept-language"))
        if len(languages) > 1:
            route.fulfill(json=crafted_answer("x"))
            return
        problem = {
            "title": "Too many questions at once",
            "status": 503,
            "detail": "8 questions are being answered; expected fewer.",
            "code": "overloaded",
            "request_id": "req_77",
            "remedy": "Try again in a few seconds.",
        }
        route.fulfill(status=503, content_type="application/problem+json", body=json.dumps(problem))

    page = open_page(locale="en-US", route=fail_first)
    turn = ask(page, "What does it say?")
    shown = turn.locator(".problem").inner_text()
    for words in (
        "Too many questions at once",
        "8 questions",
        "Try again in a few seconds.",
        "req_77",
    ):
        assert words in shown
    turn.get_by_role("button", name="Ask again").click()
    page.wait_for_selector(".turn[data-state=answered]")
    assert languages == ["en", "en"]
    noise.clear()  # the browser itself logs every reply with status 503


def test_the_files_stay_under_60_kb_compressed_and_name_no_other_host() -> None:
    # the screenshot is for the README; the page does not load it
    files = sorted(file for file in PAGE.iterdir() if file.is_file() and file.suffix != ".png")
    assert sum(len(gzip.compress(file.read_bytes())) for file in files) < 60_000
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert set(re.findall(r"https?://[^\s\"'`]+", text)) <= {"http://www.w3.org/2000/svg"}, (
            file.name
        )
        assert "innerHTML" not in text, file.name
