"""Asking, answers and conversations on the chat page, in a real browser against the real service."""

from __future__ import annotations

import gzip
import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from browser import (
    NARROW,
    PAGE,
    SIZES,
    WIDE,
    OpenPage,
    ask,
    finished,
    has_no_sideways_scroll,
    post_ask,
    suggested,
    text_of,
)

if TYPE_CHECKING:
    from playwright.sync_api import Route

pytestmark = pytest.mark.browser

DATED = [
    "¿Cuándo se creó la Comisión de Garantes?",
    "When was the Commission of Guarantors set up?",
]
OFF_TOPIC = {
    "es": "¿Quién ganó el Mundial de fútbol de 2022?",
    "en": "Who won the 2022 football World Cup?",
}


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
