"""Asking, answers and conversations on the chat page, in a real browser against the real service."""

from __future__ import annotations

import contextlib
import gzip
import json
import re
import shlex
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pypdfium2
import pytest
from browser import (
    LOCALES,
    NARROW,
    PAGE,
    SIZES,
    WAIT_MS,
    WIDE,
    OpenPage,
    ask,
    becomes,
    finished,
    get,
    has_no_sideways_scroll,
    in_text,
    post_ask,
    suggested,
    text_of,
)
from hash_encoder import HashEncoder
from local_server import local_server, write_documents

from api.collections import create
from index.local.build import build

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

expect = pytest.importorskip("playwright.sync_api", reason="playwright is not installed").expect

pytestmark = pytest.mark.browser

# Each language in one width and one theme, so that all four occur.
LOOKS = pytest.mark.parametrize(
    ("lang", "size", "scheme"),
    [("es", NARROW, "dark"), ("en", WIDE, "light")],
    ids=["es-390-dark", "en-1280-light"],
)
LANGS = pytest.mark.parametrize("lang", ["es", "en"])
TALKS = {
    "es": ("¿Cuándo empezó la crisis de los rehenes?", "¿Y cuándo terminó?"),
    "en": ("How long can a book be borrowed from the Valdeluna library?", "And a film?"),
}
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


@LOOKS
def test_a_question_is_answered_and_its_citation_opens_the_reader_at_the_quote(
    open_page: OpenPage, server_url: str, lang: str, size: tuple[int, int], scheme: str
) -> None:
    question = suggested(server_url, lang)
    page = open_page(size=size, scheme=scheme, locale=LOCALES[lang])
    turn = ask(page, question)
    expect(turn).to_have_attribute("data-state", "answered")
    cited = post_ask(server_url, question)["citations"][0]
    button = turn.locator("[data-citation='1']").first
    button.click()
    mark = page.locator("#side mark")
    mark.wait_for()
    assert text_of(mark) == cited["text"] == cited["location"]["cited_text"]
    assert cited["text"] in [text_of(one) for one in turn.locator(".words").all()]
    becomes(page, "location.pathname + location.hash", cited["url"])
    inside = mark.evaluate(
        """node => {
          const body = node.closest('.side-body').getBoundingClientRect();
          const box = node.getClientRects()[0];
          return box.top >= body.top && box.top < body.bottom;
        }"""
    )
    assert inside, "the reader is not scrolled to the mark"
    assert has_no_sideways_scroll(page)


@LOOKS
def test_an_off_topic_question_is_declined_with_the_nearest_passages(
    open_page: OpenPage, lang: str, size: tuple[int, int], scheme: str
) -> None:
    page = open_page(size=size, scheme=scheme, locale=LOCALES[lang])
    turn = ask(page, OFF_TOPIC[lang])
    expect(turn).to_have_attribute("data-state", "abstained")
    assert (
        turn.locator(".declined-head").inner_text()
        == {
            "es": "Esto no aparece en tus documentos",
            "en": "Your documents do not say",
        }[lang]
    )
    expect(turn.locator("[data-citation]")).to_have_count(0)
    expect(turn.locator(".passage")).to_have_count(3)
    assert has_no_sideways_scroll(page)


@LANGS
def test_what_is_no_question_stays_in_the_box_and_is_told_below_it(
    open_page: OpenPage, server_url: str, lang: str
) -> None:
    page = open_page(locale=LOCALES[lang])
    most = get(server_url, "/v1/info")["limits"]["max_question_chars"]
    words = {"es": "con palabras", "en": "in words"}[lang]
    for text, said in (
        ("🙂", words),
        ("¿?", words),
        ("a" * (most + 1), {"es": "2001", "en": "2,001"}[lang]),
    ):
        page.locator("#question").fill(text)
        page.locator("#question").press("Enter")
        expect(page.locator("#amiss")).to_contain_text(said)
        expect(page.locator("#question")).to_have_value(text)
        expect(page.locator(".turn")).to_have_count(0)
    page.locator("#question").fill("a" * most)
    expect(page.locator("#amiss")).to_be_hidden()


@LANGS
def test_a_declined_answer_speaks_the_language_of_its_question_throughout(
    open_page: OpenPage, lang: str
) -> None:
    other = {"es": "en", "en": "es"}[lang]
    turn = ask(open_page(locale=LOCALES[lang]), OFF_TOPIC[other])
    # What the head says is not said again below it
    own = {"es": "no contienen una respuesta", "en": "do not hold an answer"}[other]
    expect(turn.locator(".declined")).not_to_contain_text(own)
    head = turn.locator(".declined-head")
    said = {"es": "Esto no aparece en tus documentos", "en": "Your documents do not say"}[other]
    expect(head).to_have_text(said)
    expect(head).to_have_attribute("lang", other)
    expect(turn.locator(".declined .own")).to_have_attribute("lang", other)


def test_the_language_switch_changes_the_page_and_is_remembered(
    open_page: OpenPage, server_url: str
) -> None:
    page = open_page(locale="es-PE")
    becomes(page, "document.documentElement.lang", "es")
    turn = ask(page, suggested(server_url, "es"))
    quote = text_of(turn.locator(".words").first)
    page.get_by_role("button", name="English").click()
    becomes(page, "document.documentElement.lang", "en")
    assert page.locator("#open-library").inner_text().startswith("Documents")
    # The words of the page change, those of the source do not.
    assert text_of(turn.locator(".words").first) == quote
    page.reload()
    becomes(page, "document.documentElement.lang", "en")


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
        "ocr_confidence": 0.914,
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
    # The page was read from a picture, which its quote says
    where = text_of(turn.locator(".cite-where")).replace("\N{NO-BREAK SPACE}", " ")
    assert where == "pág. 3 · <i>Uno</i> · texto reconocido (91 %)"
    expect(turn.locator("img, script, b b, i i")).to_have_count(0)


LOW = {"es": "Confianza baja", "en": "Low confidence"}


@SIZES
@pytest.mark.parametrize("lang", ["es", "en"])
def test_low_confidence_is_said_above_the_quotes_and_once(
    open_page: OpenPage, lang: str, size: tuple[int, int]
) -> None:
    answer = crafted_answer("¿Qué dice?") | {"confidence": 0.28}
    page = open_page(
        route=lambda route: route.fulfill(json=answer), size=size, locale=LOCALES[lang]
    )
    turn = ask(page, "¿Qué dice?")
    said = turn.get_by_text(LOW[lang], exact=True).locator("visible=true")
    expect(said).to_have_count(1)
    assert said.bounding_box()["y"] < turn.locator("blockquote").bounding_box()["y"]
    # and to who listens, before the quote
    expect(page.locator("#live")).to_contain_text(LOW[lang])
    answer["confidence"] = 0.9
    turn = ask(page, "¿Y ahora?")
    expect(turn.locator(".confidence.high")).to_be_visible()
    expect(turn.locator(".doubt")).to_have_count(0)
    below = turn.locator(".confidence").bounding_box()["y"]
    assert below > turn.locator("blockquote").bounding_box()["y"]


def test_the_place_of_a_citation_stands_below_a_long_title_as_wide_as_that(
    open_page: OpenPage,
) -> None:
    answer = crafted_answer("¿Qué dice?")
    location = answer["citations"][0]["location"]
    location["document_title"] = "Ordenanza reguladora de las ayudas a la rehabilitación " * 2
    location["section_path"] = ["Título segundo", "Capítulo primero", "Plazos de presentación"]
    answer["citations"][0]["role"] = "columns"
    page = open_page(route=lambda route: route.fulfill(json=answer))
    turn = ask(page, "¿Qué dice?")
    title, where = (turn.locator(one).bounding_box() for one in (".cite-title", ".cite-where"))
    assert where["y"] >= title["y"] + title["height"] - 1
    assert abs(where["x"] - title["x"]) < 1
    # What only explains a quote says so
    assert text_of(turn.locator(".cite-where")).startswith("nombres de las columnas · pág. 3 · ")
    location["document_title"] = "Notas"
    location["section_path"] = []
    turn = ask(page, "¿Y ahora?")
    title, where = (turn.locator(one).bounding_box() for one in (".cite-title", ".cite-where"))
    assert abs(where["y"] - title["y"]) < 2


@pytest.mark.parametrize("lang", ["es", "en"])
def test_of_a_broad_table_on_a_narrow_screen_only_the_table_scrolls(
    open_page: OpenPage, tmp_path: Path, lang: str
) -> None:
    names = [f"Inspección{n}deinstalaciones" for n in range(7)]
    rows = [[f"Sección {row}", *(f"{row}{n}0 ñandúes" for n in range(7))] for row in range(1, 4)]
    write_documents(
        tmp_path, {"tabla.csv": "\n".join(map(",".join, [["Apartado", *names], *rows])) + "\n"}
    )
    with local_server(tmp_path) as url:
        page = open_page(url, size=(360, 740), locale=LOCALES[lang])
        turn = ask(page, "¿Qué Inspección3deinstalaciones tiene la Sección 2?")
        table = turn.locator(".quoted-table").first
        expect(table).to_be_visible()
        assert table.evaluate("node => node.scrollWidth > node.clientWidth")
        assert has_no_sideways_scroll(page)
        thread = page.locator("#thread")
        assert thread.evaluate("node => node.scrollWidth <= node.clientWidth")


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_button_of_an_explanation_stays_in_sight_on_a_narrow_screen(
    open_page: OpenPage, server_url: str, lang: str
) -> None:
    page = open_page(size=(360, 740), locale=LOCALES[lang])
    asked = ask(page, suggested(server_url, lang)).locator(".why-ask")
    asked.click()
    page.locator(".why-part section").first.wait_for()
    becomes(
        page,
        """(() => {
          const button = document.querySelector('.why-ask').getBoundingClientRect();
          const thread = document.getElementById('thread').getBoundingClientRect();
          return button.top >= thread.top && button.bottom <= thread.bottom;
        })()""",
    )


@SIZES
def test_what_explains_the_last_answer_comes_into_view(
    open_page: OpenPage, server_url: str, size: tuple[int, int]
) -> None:
    page = open_page(size=size)
    for lang in ("es", "en"):
        turn = ask(page, suggested(server_url, lang))
    turn.locator(".why-ask").click()
    turn.locator(".why-part section").first.wait_for()
    becomes(
        page,
        """(() => {
          const box = [...document.querySelectorAll('.why-body:not([hidden])')].at(-1).getBoundingClientRect();
          const thread = document.getElementById('thread').getBoundingClientRect();
          return Math.min(box.bottom, thread.bottom) - Math.max(box.top, thread.top) > 0.5 * Math.min(box.height, thread.height);
        })()""",
    )


@SIZES
def test_below_what_explains_an_answer_the_next_question_comes_to_the_top(
    open_page: OpenPage, server_url: str, size: tuple[int, int]
) -> None:
    page = open_page(size=size)
    ask(page, suggested(server_url, "es")).locator(".why-ask").click()
    page.locator(".why-part section").first.wait_for()
    ask(page, suggested(server_url, "en"))
    becomes(
        page,
        """(() => {
          const asked = document.querySelector('.turn:last-child .question').getBoundingClientRect();
          const thread = document.getElementById('thread').getBoundingClientRect();
          return asked.top >= thread.top && asked.top < thread.top + 60;
        })()""",
    )


@LANGS
def test_what_stands_below_the_box_is_neither_cut_nor_in_the_way(
    open_page: OpenPage, lang: str
) -> None:
    page = open_page(size=(360, 740), locale=LOCALES[lang])
    chosen = page.locator("#scope-lang, #question-lang")
    for value in ("", "es", "en"):
        for one in chosen.all():
            one.select_option(value)
        cut = chosen.evaluate_all(
            """(nodes) => nodes.filter((node) => {
              const words = Object.assign(document.createElement('span'), {textContent: node.selectedOptions[0].text});
              words.style.cssText = `position: absolute; white-space: nowrap; font: ${getComputedStyle(node).font}`;
              document.body.append(words);
              const wanted = words.offsetWidth;
              words.remove();
              return wanted > node.clientWidth - 12;
            }).map((node) => node.selectedOptions[0].text)"""
        )
        assert cut == []
    assert has_no_sideways_scroll(page)
    # The hint of the keys is for a page that has the room
    page = open_page(locale=LOCALES[lang])
    expect(page.locator("#hint")).to_be_visible()
    page.locator("#open-library").click()
    expect(page.locator("#hint")).to_be_hidden()


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_first_page_of_the_samples_leads_to_documents_of_ones_own(
    open_page: OpenPage, tmp_path: Path, lang: str
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    samples = create(data, "muestras")
    write_documents(samples, {"carta.txt": "Iñaki vendió la barca azul en mayo.\n"})
    build(samples, HashEncoder())
    with local_server(data) as url:
        page = open_page(f"{url}/?collection=muestras", locale=LOCALES[lang])
        way = page.locator("#own a")
        expect(way).to_have_text(
            {"es": "Añadir mis documentos", "en": "Add your own documents"}[lang]
        )
        way.click()
        becomes(page, "location.search + location.hash", "?collection=default#library")
        expect(page.locator("#side .drop")).to_be_visible()
        expect(page.locator("#own")).to_be_hidden()


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
    expect(turn.locator("mark")).to_have_count(0)


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
    expect(turn).to_have_attribute("data-state", "answered")
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
            "remedy": "Send POST /v1/ask again in a few seconds.",
        }
        route.fulfill(status=503, content_type="application/problem+json", body=json.dumps(problem))

    page = open_page(locale="en-US", route=fail_first)
    turn = ask(page, "What does it say?")
    shown = turn.locator(".problem").inner_text()
    for words in (
        "Too many questions at once",
        "8 questions",
        "Ask again in a moment.",
        "req_77",
    ):
        assert words in shown
    # what programs are told is not what a person at the page can do
    assert "POST /v1/ask" not in shown
    turn.get_by_role("button", name="Ask again").click()
    page.wait_for_selector(".turn[data-state=answered]")
    assert languages == ["en", "en"]
    noise.clear()  # the browser itself logs every reply with status 503


def test_scripts_and_styles_stay_under_112_kb_compressed_and_name_no_other_host() -> None:
    # the screenshot is for the README; the page does not load it, nor what other pages load
    files = sorted(file for file in PAGE.iterdir() if file.is_file() and file.suffix != ".png")
    weighed = [file for file in files if file.suffix in (".js", ".css")]
    assert sum(len(gzip.compress(file.read_bytes())) for file in weighed) < 112_000
    widget = PAGE / "widget" / "widget.js"
    assert len(gzip.compress(widget.read_bytes())) < 4_000
    for file in [*files, widget]:
        text = file.read_text(encoding="utf-8")
        assert set(re.findall(r"https?://[^\s\"'`]+", text)) <= {"http://www.w3.org/2000/svg"}, (
            file.name
        )
        assert "innerHTML" not in text, file.name


def test_the_letters_are_at_most_60_kb_and_their_licence_stands_beside_them() -> None:
    fonts = sorted((PAGE / "fonts").glob("*.woff2"))
    assert sum(file.stat().st_size for file in fonts) < 60_000
    licence = (PAGE / "fonts" / "OFL.txt").read_text("utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    style = (PAGE / "style.css").read_text("utf-8")
    for file in fonts:
        assert f"{file.name}: Copyright" in licence
        assert f'url("fonts/{file.name}")' in style
    for readme in ("README.md", "README.es.md"):
        assert "api/page/fonts/OFL.txt" in (PAGE.parent.parent / readme).read_text("utf-8")


LOADED = """() => [...performance.getEntriesByType('resource'), performance.getEntriesByType('navigation')[0]]
  .map(({ name, transferSize }) => [new URL(name).origin + new URL(name).pathname, transferSize])"""


@LANGS
def test_all_that_is_loaded_at_first_is_less_than_180_kb_and_from_here(
    open_page: OpenPage, server_url: str, lang: str
) -> None:
    page = open_page(locale=LOCALES[lang])
    page.locator(".suggested").first.wait_for()
    page.wait_for_load_state("networkidle")
    loaded = page.evaluate(LOADED)
    assert {name.partition("/page/")[0] for name, _ in loaded if "/page/" in name} == {server_url}
    assert [name for name, _ in loaded if not name.startswith(server_url)] == []
    fonts = [name.rpartition("/")[2] for name, _ in loaded if name.endswith(".woff2")]
    assert sorted(fonts) == ["inter.woff2", "literata.woff2"]
    assert 100_000 < sum(size for _, size in loaded) < 180_000
    # What is read is drawn with them: ñ, accents, ¿ and quotation marks too
    sample = "¿Qué añadió él? ¡Ñandú! «güe» “quote” – it’s"
    for font in ("400 16px Inter", "600 16px Inter", "400 20px Literata", "700 20px Literata"):
        assert page.evaluate("([font, text]) => document.fonts.check(font, text)", [font, sample])


@LANGS
def test_on_a_broad_screen_the_document_stands_beside_its_answer_until_it_is_closed(
    open_page: OpenPage, server_url: str, lang: str
) -> None:
    page = open_page(locale=LOCALES[lang], size=(1920, 1080), before=in_text)
    assert page.locator("#side").is_hidden()
    ask(page, suggested(server_url, lang))
    page.locator("#side mark").first.wait_for()
    # nothing has lost the focus, and the first source is the one that is shown
    expect(page.locator("#question")).to_be_focused()
    expect(page.locator("figcaption .cite.open, .sources .cite.open")).to_have_count(1)
    boxes = [page.locator(one).bounding_box() for one in ("#thread", "#side")]
    assert boxes[1]["x"] >= 1920 / 2  # type: ignore[index]
    # the next answer brings its own
    address = page.url
    ask(page, suggested(server_url, {"es": "en", "en": "es"}[lang]))
    page.wait_for_url(lambda url: url != address)
    expect(page.locator("#question")).to_be_focused()
    page.reload()
    page.locator("#side mark").first.wait_for()
    # a new conversation has nothing beside it
    page.locator("#new-talk").click()
    page.locator("#side").wait_for(state="hidden")
    ask(page, suggested(server_url, lang))
    page.locator("#side mark").first.wait_for()
    # what was closed stays closed, until a citation is opened
    page.locator("#side .close").click()
    page.locator("#side").wait_for(state="hidden")
    ask(page, suggested(server_url, {"es": "en", "en": "es"}[lang]))
    page.wait_for_timeout(300)
    assert page.locator("#side").is_hidden()
    page.locator("figcaption .cite, .sources .cite").last.click()
    page.locator("#side mark").first.wait_for()


def test_what_a_declined_question_leaves_beside_the_thread_is_nothing(open_page: OpenPage) -> None:
    page = open_page(size=(1920, 1080))
    ask(page, OFF_TOPIC["es"])
    assert page.locator("#side").is_hidden()


@pytest.mark.parametrize(("lang", "scheme"), [("es", "dark"), ("en", "light")])
def test_a_conversation_is_printed_with_the_page_beside_it_and_no_empty_sheet(
    open_page: OpenPage, tmp_path: Path, lang: str, scheme: str
) -> None:
    page = open_page(locale=LOCALES[lang], scheme=scheme)
    ask(page, "¿Desde dónde se excavaron los túneles?")
    ask(page, OFF_TOPIC[lang])
    page.locator(".turn").first.locator(".cite").first.click()
    page.locator(".lit").first.wait_for()
    page.pdf(path=tmp_path / "a.pdf", format="A4", print_background=True)
    with contextlib.closing(pypdfium2.PdfDocument(tmp_path / "a.pdf")) as printed:
        sheets = [sheet.get_textpage().get_text_bounded() for sheet in printed]
        pictures = [
            len(list(sheet.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])))
            for sheet in printed
        ]
    assert len(sheets) in (2, 3)
    assert "casas vecinas a la residencia" in sheets[0]
    assert OFF_TOPIC[lang] in " ".join(sheets)
    # The document has a sheet of its own, its page drawn on it
    assert sheets[-1].startswith("La operación Chavín de Huántar")
    assert pictures[-1] >= 1
    # Nothing that is only for the screen
    for words in ("¿Por qué esta respuesta?", "Why this answer?", "Índice", "Contents"):
        assert words not in " ".join(sheets)


KEPT = """async () => {
  const reply = (asked) => new Promise((done, failed) => {
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
  if (!(await indexedDB.databases()).some((one) => one.name === 'fuente')) return [];
  const base = await reply(indexedDB.open('fuente'));
  const stores = base.transaction(['talks', 'turns']);
  const [talks, turns] = await Promise.all(['talks', 'turns'].map((name) => reply(stores.objectStore(name).getAll())));
  base.close();
  return talks
    .sort((a, b) => a.started - b.started)
    .map((talk) => ({...talk, turns: turns.filter((turn) => turn.talk === talk.id).sort((a, b) => a.at - b.at)}));
}"""


def kept(page: Page, *sizes: int) -> list[dict[str, Any]]:
    """The conversations in the browser's database, oldest first, once they have so many turns each."""
    deadline = time.monotonic() + WAIT_MS / 1000
    while True:
        found: list[dict[str, Any]] = page.evaluate(KEPT)
        if [len(one["turns"]) for one in found] == list(sizes) or time.monotonic() > deadline:
            assert [len(one["turns"]) for one in found] == list(sizes)
            return found
        page.wait_for_timeout(20)


def questions_of(page: Page) -> list[str]:
    return page.locator(".turn .question").all_text_contents()


def has_visible_focus(page: Page) -> bool:
    """What has the focus, or the field around it, is outlined or ringed."""
    return bool(
        page.evaluate(
            """() => {
              const node = document.activeElement;
              return [node, node.closest('.field')].some((one) => {
                if (!one) return false;
                const {outlineStyle, outlineWidth, boxShadow} = getComputedStyle(one);
                return (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2)
                  || boxShadow.includes('0px 0px 0px 1px');
              });
            }"""
        )
    )


def tab_to(page: Page, selector: str, key: str = "Tab") -> None:
    """Presses ``key`` until the focus is on ``selector``; at each stop it must be seen where it is."""
    for _ in range(60):
        page.keyboard.press(key)
        assert has_visible_focus(page), page.evaluate("document.activeElement.outerHTML")
        if page.evaluate("(one) => document.activeElement.matches(one)", selector):
            return
    raise AssertionError(f"{key} does not come to {selector}")


@LOOKS
def test_a_conversation_by_keyboard_alone(
    open_page: OpenPage, lang: str, size: tuple[int, int], scheme: str
) -> None:
    first, more = TALKS[lang]
    page = open_page(size=size, scheme=scheme, locale=LOCALES[lang])
    # A wide page starts in the question box; on a phone that would call up the keyboard.
    becomes(page, "document.activeElement.id === 'question'", (size == WIDE))
    if size == NARROW:
        page.keyboard.press("/")
    page.keyboard.type("una línea")
    page.keyboard.press("Shift+Enter")
    expect(page.locator("#question")).to_have_value("una línea\n")
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type(first)
    page.keyboard.press("Enter")
    expect(finished(page)).to_have_attribute("data-state", "answered")
    page.keyboard.type(more)
    page.keyboard.press("Enter")
    page.wait_for_selector(".turn:nth-child(2)[aria-busy=false]")
    turn = page.locator(".turn").last

    # The last citation of the last answer: the focus shows the words around it, Enter opens it.
    tab_to(page, ".turn:last-child [data-citation]", "Shift+Tab")
    number = page.evaluate("document.activeElement.dataset.citation")
    page.locator("#preview").wait_for()
    described = page.evaluate("document.activeElement.getAttribute('aria-describedby')")
    assert described == "preview"
    # A row that is quoted is drawn as one, with its columns above it: the words are the same
    shown = {word.casefold() for word in re.findall(r"\w+", turn.inner_text())}
    marked = re.findall(r"\w+", text_of(page.locator("#preview mark")))
    assert [word for word in marked if word.casefold() not in shown] == []
    page.keyboard.press("Escape")
    page.locator("#preview").wait_for(state="hidden")
    page.keyboard.press("Enter")
    page.locator("#side mark").first.wait_for()
    becomes(page, "document.getElementById('side').contains(document.activeElement)")
    page.keyboard.press("Escape")
    page.locator("#side").wait_for(state="hidden")
    becomes(page, "document.activeElement.dataset.citation", number)
    # The focus was given back, not taken there: nothing opens over what is below
    page.wait_for_timeout(200)
    expect(page.locator("#preview")).to_be_hidden()

    tab_to(page, ".turn:last-child .why-ask")
    page.keyboard.press("Enter")
    page.locator(".why-part section").first.wait_for()
    assert has_no_sideways_scroll(page)
    page.keyboard.press("/")
    page.keyboard.press("ArrowUp")
    expect(page.locator("#question")).to_have_value(more)
    page.keyboard.press("ArrowUp")
    expect(page.locator("#question")).to_have_value(first)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#question")).to_have_value("")

    tab_to(page, "#open-conversations", "Shift+Tab")
    page.keyboard.press("Enter")
    page.locator("#side .document").wait_for()
    tab_to(page, "[data-keep^=file]")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert f"## {more}" in Path(download.value.path()).read_text("utf-8")
    page.keyboard.press("Escape")
    page.locator("#side").wait_for(state="hidden")
    becomes(page, "document.activeElement.id", "open-conversations")


@LANGS
def test_a_question_that_leans_on_the_one_before_is_read_in_full_or_asked_as_written(
    open_page: OpenPage, server_url: str, lang: str
) -> None:
    first, more = TALKS[lang]
    page = open_page(locale=LOCALES[lang])
    sent: list[dict[str, Any]] = []
    page.on(
        "request",
        lambda request: (
            sent.append(request.post_data_json) if request.url.endswith("/v1/ask") else None
        ),
    )
    ask(page, first)
    page.locator("#question").fill(more)
    page.locator("#question").press("Enter")
    page.wait_for_selector(".turn:nth-child(2)[aria-busy=false]")
    turn = page.locator(".turn").last
    cited = [one["location"]["document_id"] for one in post_ask(server_url, first)["citations"]]
    previous = [{"query": first, "document_ids": list(dict.fromkeys(cited))}]
    assert [body.get("previous") for body in sent] == [None, previous]
    read_as = post_ask(server_url, more, previous=previous)["read_as"]
    assert read_as is not None
    assert text_of(turn.locator(".read-words")) == read_as
    expect(turn.locator(".read-words")).to_have_attribute("lang", lang)
    assert (
        turn.locator(".read-as")
        .inner_text()
        .startswith({"es": "Leído como:", "en": "Read as:"}[lang])
    )
    # A link to it must work without the conversation: it asks the question in full.
    page.evaluate("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
    label = {"es": "Copiar un enlace a la pregunta", "en": "Copy a link to the question"}[lang]
    turn.get_by_role("button", name=label).click()
    page.wait_for_function("() => window.copied")
    becomes(page, "new URL(window.copied).searchParams.get('q')", read_as)
    turn.get_by_role(
        "button", name={"es": "Preguntar tal cual", "en": "Ask it as written"}[lang]
    ).click()
    page.wait_for_selector(".turn:nth-child(2)[aria-busy=false]")
    assert "previous" not in sent[-1]
    expect(turn.locator(".read-as")).to_have_count(0)


def test_the_questions_before_are_sent_oldest_first_and_at_most_five(open_page: OpenPage) -> None:
    sent: list[dict[str, Any]] = []

    def reply(route: Route) -> None:
        sent.append(route.request.post_data_json)
        body = crafted_answer("x")
        if len(sent) == 2:
            body |= {"status": "abstained", "citations": [], "answer": "", "abstention": None}
        route.fulfill(json=body)

    page = open_page(route=reply)
    for number in range(7):
        ask(page, f"¿Pregunta {number}?")
    last = sent[-1]["previous"]
    assert [one["query"] for one in last] == [f"¿Pregunta {n}?" for n in range(1, 6)]
    assert [one["document_ids"] for one in last] == [[], *[["notas/<b>.txt"]] * 4]


@LOOKS
def test_conversations_survive_a_reload_and_are_opened_deleted_and_brought_back(
    open_page: OpenPage, server_url: str, lang: str, size: tuple[int, int], scheme: str
) -> None:
    say = {
        "es": ("Conversación nueva", "Deshacer", "Borrar todas", "Todavía no hay conversaciones"),
        "en": ("New conversation", "Undo", "Delete all", "No conversations yet"),
    }[lang]
    page = open_page(size=size, scheme=scheme, locale=LOCALES[lang])
    first, second = suggested(server_url, "es"), suggested(server_url, "en")
    quote = text_of(ask(page, first).locator("blockquote, q").first)
    page.reload()
    page.wait_for_selector(".turn[data-state=answered]")
    assert questions_of(page) == [first]
    assert text_of(page.locator(".turn").locator("blockquote, q").first) == quote
    page.get_by_role("button", name=say[0]).click()
    page.wait_for_selector("body[data-view=empty]")
    ask(page, second)
    assert [one["turns"][0]["question"] for one in kept(page, 1, 1)] == [first, second]

    # The one in the thread is marked; the other opens and can be gone on with.
    page.locator("#open-conversations").click()
    page.locator("#side .document").first.wait_for()
    assert page.locator("[aria-current=true]").inner_text().startswith(second)
    page.locator("#side .document-open", has_text=first).click()
    page.wait_for_function(
        "(q) => document.querySelector('.turn .question').textContent === q", arg=first
    )
    if size == WIDE:
        page.locator("#side .close").click()
    page.locator("#side").wait_for(state="hidden")
    page.locator("#question").fill(second)
    page.locator("#question").press("Enter")
    page.wait_for_selector(".turn:nth-child(2)[aria-busy=false]")
    kept(page, 2, 1)

    page.locator("#open-conversations").click()
    item = page.locator("#side .document").first
    item.wait_for()
    item.locator("[data-keep^=trash]").click()
    expect(page.locator("#side .document")).to_have_count(1)
    kept(page, 1)
    page.get_by_role("button", name=say[1]).click()
    expect(page.locator("#side .document")).to_have_count(2)
    kept(page, 2, 1)
    page.get_by_role("button", name=say[2]).click()
    expect(page.locator("#side .nothing")).to_contain_text(say[3])
    kept(page)
    page.reload()
    page.wait_for_selector("#count:not(:empty)")
    expect(page.locator(".turn")).to_have_count(0)


def test_two_tabs_of_one_conversation_lose_nothing_and_a_deletion_reaches_both(
    open_page: OpenPage,
) -> None:
    reply = lambda route: route.fulfill(json=crafted_answer("x"))  # noqa: E731
    page = open_page(route=reply)
    ask(page, "¿Qué dice?")
    kept(page, 1)
    other = page.context.new_page()
    other.route("**/v1/ask", reply)
    other.goto(page.url)
    other.wait_for_selector(".turn[data-state=answered]")
    # Both ask before either has heard of the other's question.
    page.evaluate("BroadcastChannel.prototype.postMessage = () => {}")
    ask(page, "¿Y aquí?")
    ask(other, "¿Y allí?")
    (one,) = kept(page, 3)
    assert {turn["question"] for turn in one["turns"]} == {"¿Qué dice?", "¿Y aquí?", "¿Y allí?"}
    expect(page.locator(".turn")).to_have_count(3)
    page.reload()
    page.wait_for_selector(".turn:nth-child(3)[data-state=answered]")
    assert sorted(questions_of(page)) == ["¿Qué dice?", "¿Y allí?", "¿Y aquí?"]
    other.locator("#open-conversations").click()
    other.locator("[data-keep^=trash]").click()
    page.wait_for_selector("body[data-view=empty]")


def test_what_is_no_conversation_is_left_alone_and_what_an_earlier_version_kept_is_moved(
    open_page: OpenPage,
) -> None:
    def old(page: Page) -> None:
        turn = {"question": "¿Qué barca?", "lang": None, "body": crafted_answer("x")}
        talk = {"version": 1, "id": "c", "started": 5, "updated": 9, "turns": [turn, turn]}
        page.add_init_script(
            f"""if (!localStorage.getItem('fuente.conversation.a')) {{
              localStorage.setItem('fuente.conversation.a', 'no JSON');
              localStorage.setItem('fuente.conversation.b', '{{"version": 99, "turns": [1]}}');
              localStorage.setItem('fuente.conversation.c', {json.dumps(json.dumps(talk))});
            }}"""
        )

    page = open_page(before=old)
    page.locator("#open-conversations").click()
    expect(page.locator("#side .document")).to_have_count(1)
    becomes(page, "localStorage.getItem('fuente.conversation.a')", "no JSON")
    becomes(page, "localStorage.getItem('fuente.conversation.c')", None)
    page.locator("#side .document-open").click()
    page.wait_for_selector(".turn:nth-child(2)[data-state=answered]")
    (one,) = kept(page, 2)
    assert (one["started"], one["first"]) == (5, "¿Qué barca?")


def test_the_icon_stays_where_it_is_when_the_address_changes(
    open_page: OpenPage, server_url: str
) -> None:
    page = open_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    turn = ask(page, suggested(server_url, "es"))
    turn.locator("[data-citation='1']").first.click()
    page.locator("#side mark").wait_for()
    assert "/d/" in page.url
    becomes(page, "document.querySelector('link[rel=icon]').href", f"{server_url}/page/favicon.svg")
    assert not [url for url in asked if "/d/page/" in url]


@LOOKS
def test_each_conversation_has_an_address_and_back_stays_on_the_page(
    open_page: OpenPage, lang: str, size: tuple[int, int], scheme: str
) -> None:
    page = open_page(
        size=size,
        scheme=scheme,
        locale=LOCALES[lang],
        route=lambda route: route.fulfill(json=crafted_answer("x")),
    )
    ask(page, "¿Uno?")
    first = page.url
    assert "?talk=" in first
    ask(page, "¿Uno y medio?")
    assert page.url == first
    page.locator("#new-talk").click()
    page.wait_for_selector("body[data-view=empty]")
    ask(page, "¿Dos?")
    assert page.url != first
    page.go_back()
    page.wait_for_selector("body[data-view=empty]")
    page.go_back()
    page.wait_for_selector(".turn:nth-child(2)")
    assert page.url == first
    page.go_back()
    page.wait_for_selector("body[data-view=empty]")
    page.go_forward()
    page.wait_for_selector(".turn:nth-child(2)")

    # From the list, with the reader beside it, and loaded again.
    page.locator("#open-conversations").click()
    page.locator("#side .document-open", has_text="¿Dos?").click()
    becomes(page, "document.querySelector('.turn .question').textContent", "¿Dos?")
    second = page.url
    if size == WIDE:
        page.locator("#side .close").click()
    page.locator("#side").wait_for(state="hidden")
    page.reload()
    page.wait_for_selector(".turn[data-state=answered]")
    assert questions_of(page) == ["¿Dos?"]
    page.goto(first)
    page.wait_for_selector(".turn:nth-child(2)[data-state=answered]")
    assert second.split("talk=")[1].split("#")[0] not in page.url
    # An address of what this browser does not have is that of the home page.
    page.goto(first.split("?")[0] + "?talk=nada")
    page.wait_for_selector("#count:not(:empty)")
    becomes(page, "location.search.includes('nada')", False)


@LOOKS
def test_a_conversation_is_named_pinned_and_found(
    open_page: OpenPage, lang: str, size: tuple[int, int], scheme: str
) -> None:
    page = open_page(
        size=size,
        scheme=scheme,
        locale=LOCALES[lang],
        route=lambda route: route.fulfill(json=crafted_answer("x")),
    )
    for question in ("¿Uno?", "¿Dos?", "¿Tres?", "¿Cuántos años tiene la caña?"):
        ask(page, question)
        page.locator("#new-talk").click()
        page.wait_for_selector("body[data-view=empty]")
    kept(page, 1, 1, 1, 1)
    page.locator("#open-conversations").click()
    items = page.locator("#side .document")
    expect(items).to_have_count(4)
    one = items.filter(has_text="¿Uno?")
    one.locator("[data-keep^=name]").click()
    page.keyboard.type("Ñandúes & <b>")
    page.keyboard.press("Enter")
    named = items.filter(has_text="Ñandúes & <b>")
    expect(named).to_have_count(1)
    named.locator("[data-keep^=pin]").click()
    expect(items.first).to_contain_text("Ñandúes & <b>")
    expect(items.first.locator("[data-keep^=pin]")).to_have_attribute("aria-pressed", "true")
    items.nth(1).locator("[data-keep^=name]").click()
    page.keyboard.type("no")
    page.keyboard.press("Escape")
    expect(items.filter(has_text="¿Cuántos años")).to_have_count(1)
    field = page.locator(".talk-search input")
    field.fill("ANOS")
    expect(items).to_have_count(0)
    expect(page.locator("#side .nothing")).to_be_visible()
    field.fill("caña cuantos")
    expect(items).to_have_count(1)
    field.fill("uno")  # its first question is found, too
    expect(items).to_have_count(1)
    expect(items.first).to_contain_text("Ñandúes")
    page.reload()
    page.wait_for_selector("#side .document")
    expect(items.first).to_contain_text("Ñandúes & <b>")
    # Emptied, the first question is its name again.
    items.first.locator("[data-keep^=name]").click()
    page.keyboard.press("Delete")
    page.keyboard.press("Enter")
    expect(items.first).to_contain_text("¿Uno?")


@LANGS
def test_of_a_long_conversation_the_last_turns_are_drawn_and_all_are_printed(
    open_page: OpenPage, noise: list[str], lang: str
) -> None:
    page = open_page(
        locale=LOCALES[lang], route=lambda route: route.fulfill(json=crafted_answer("x"))
    )
    ask(page, "¿Pregunta 0?")
    (one,) = kept(page, 1)
    fill_talk(page, one, 70)
    page.reload()
    page.wait_for_selector(".turn[data-state=answered]")
    turns = page.locator(".turn")
    expect(turns).to_have_count(30)
    expect(turns.last.locator(".question")).to_have_text("¿Pregunta 69?")
    page.locator(".earlier").scroll_into_view_if_needed()
    top = turns.first.bounding_box()["y"]
    page.locator(".earlier").click()
    expect(turns).to_have_count(60)
    assert abs(turns.nth(30).bounding_box()["y"] - top) < 2
    page.locator(".earlier").click()
    expect(turns).to_have_count(70)
    expect(page.locator(".earlier")).to_have_count(0)
    # A new question has the earlier ones go again.
    ask(page, "¿Y ahora?")
    expect(turns).to_have_count(30)
    expect(page.locator(".earlier")).to_contain_text("41")
    kept(page, 71)

    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(turns).to_have_count(71)
    expect(page.locator("#composer")).to_be_hidden()
    expect(page.locator("#top")).to_be_hidden()
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.thread')).overflowY") == "visible"
    )
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(turns).to_have_count(30)
    page.emulate_media(media="screen")
    page.evaluate("window.print = () => { window.printed = document.body.dataset.side ?? 'none'; }")
    page.locator("#open-conversations").click()
    page.locator("[data-keep^=print]").click()
    becomes(page, "window.printed", "none")
    # The document beside it goes onto the paper, too.
    page.locator(".turn:last-child .cite").last.click()
    page.locator("#side").wait_for()
    page.emulate_media(media="print")
    expect(page.locator("#side")).to_be_visible()
    expect(page.locator("#side .close")).to_be_hidden()
    noise.clear()  # the document of the crafted answer is not there


def fill_talk(page: Page, talk: dict[str, Any], n: int) -> None:
    """Has a kept conversation of one turn be one of ``n``, each like the first."""
    page.evaluate(
        """async ([talk, n]) => {
          const base = await new Promise((done) => {
            const asked = indexedDB.open('fuente');
            asked.onsuccess = () => done(asked.result);
          });
          const change = base.transaction(['talks', 'turns'], 'readwrite');
          const {turns: [first], ...one} = talk;
          change.objectStore('talks').put({...one, count: n});
          for (let at = 1; at < n; at++) {
            const id = String(at).padStart(6, '0');
            const turn = {...first, id, at: first.at + at, question: `¿Pregunta ${at}?`};
            change.objectStore('turns').put(turn);
          }
          await new Promise((done) => { change.oncomplete = done; });
          base.close();
        }""",
        [talk, n],
    )


BLOCKED = "Object.defineProperty(window, 'indexedDB', {get() { throw new Error('blocked'); }})"
FULL = """IDBObjectStore.prototype.put = function () {
  throw new DOMException('full', 'QuotaExceededError');
};"""


@pytest.mark.parametrize(
    ("script", "locale", "words"),
    [
        (BLOCKED, "es-ES", "Este navegador no guarda nada"),
        (FULL, "en-US", "This browser has no room left"),
    ],
    ids=["blocked-es", "full-en"],
)
def test_a_browser_that_keeps_nothing_says_so_and_answers_all_the_same(
    open_page: OpenPage, script: str, locale: str, words: str
) -> None:
    page = open_page(
        locale=locale,
        route=lambda route: route.fulfill(json=crafted_answer("x")),
        before=lambda page: page.add_init_script(script),
    )
    expect(ask(page, "¿Qué dice?")).to_have_attribute("data-state", "answered")
    notice = page.locator("#notice")
    if script == BLOCKED:
        assert notice.is_hidden()
    else:
        expect(notice).to_contain_text(words)
        notice.get_by_role("button").last.click()
        assert notice.is_hidden()
    page.locator("#open-conversations").click()
    assert page.locator("#side .kept-not").inner_text().startswith(words)
    # It lasts as long as the page.
    expect(page.locator("#side .document")).to_have_count(1)


@LANGS
def test_a_conversation_is_exported_as_markdown_with_its_citations(
    open_page: OpenPage, server_url: str, lang: str
) -> None:
    question = suggested(server_url, lang)
    page = open_page(locale=LOCALES[lang])
    ask(page, question)
    ask(page, OFF_TOPIC[lang])
    page.locator("#open-conversations").click()
    with page.expect_download() as download:
        page.locator("[data-keep^=file]").click()
    assert re.fullmatch(r"[a-z0-9-]+\.md", download.value.suggested_filename)
    lines = Path(download.value.path()).read_text("utf-8").splitlines()
    assert lines[0] == f"# {question}"
    assert [line for line in lines if line.startswith("## ")] == [
        f"## {question}",
        f"## {OFF_TOPIC[lang]}",
    ]
    told = post_ask(server_url, question)
    for number, cited in enumerate(told["citations"], 1):
        paragraphs = [line for line in cited["text"].splitlines() if line.strip()]
        at = [lines.index(f"> {paragraph}") for paragraph in paragraphs][-1]
        [reference] = [line for line in lines[at:] if line.startswith(f"> \\[{number}\\]")]
        assert cited["location"]["document_title"] in reference
        assert f"<{server_url}{cited['url']}>" in reference
    declined = post_ask(server_url, OFF_TOPIC[lang])
    assert declined["answer"] in lines


def test_markdown_keeps_every_letter_of_a_quote(open_page: OpenPage) -> None:
    answer = crafted_answer("x")
    quote = "# Uno\n- dos *tres* [cuatro](javascript:alert(1))\n1. <b>cinco</b> & `seis`_"
    answer["citations"][0] |= {"text": quote, "end": answer["citations"][0]["start"] + len(quote)}
    answer["citations"][0]["location"]["cited_text"] = quote
    answer["answer"] = f"Según la fuente 🙂:\n\n«{quote}» [1]"
    page = open_page(route=lambda route: route.fulfill(json=answer))
    ask(page, "¿Qué *dice*?")
    page.locator("#open-conversations").click()
    with page.expect_download() as download:
        page.locator("[data-keep^=file]").click()
    text = Path(download.value.path()).read_text("utf-8")
    assert text.startswith("# ¿Qué \\*dice\\*?\n")
    shown = [line[2:] for line in text.splitlines() if line.startswith("> ")]
    assert shown[:3] == [
        "\\# Uno",
        "\\- dos \\*tres\\* \\[cuatro\\](javascript:alert(1))",
        "1\\. \\<b\\>cinco\\</b\\> \\& \\`seis\\`\\_",
    ]
    assert re.sub(r"\\(.)", r"\1", "\n".join(shown[:3])) == quote


# A reply to /v1/ask whose events the test sends one by one: `send(text)`, `end()`.
HELD = """() => {
  const real = window.fetch;
  window.fetch = (path, options) => {
    if (path !== '/v1/ask') return real(path, options);
    const stream = new ReadableStream({
      start(controller) {
        window.send = (text) => controller.enqueue(new TextEncoder().encode(text));
        window.end = () => controller.close();
        options.signal.addEventListener('abort', () => {
          window.aborted = true;
          controller.error(new DOMException('stopped', 'AbortError'));
        });
      },
    });
    return Promise.resolve(
      new Response(stream, {headers: {'Content-Type': 'text/event-stream'}}),
    );
  };
  window.shifts = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.shifts.push(entry.value);
  }).observe({type: 'layout-shift'});
}"""
DRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def events_of(server_url: str, question: str) -> list[tuple[str, str]]:
    """The real stream of a question: ``(name, the event as it is sent)``."""
    text = post_ask(server_url, question, stream=True)
    events = [one + "\n\n" for one in re.split(r"\r?\n\r?\n", text) if one.strip()]
    return [(re.findall(r"^event: ?(\w+)", one, re.M)[0], one) for one in events]


@LOOKS
def test_passages_come_first_then_the_answer_and_nothing_shifts_meanwhile(
    open_page: OpenPage, server_url: str, lang: str, size: tuple[int, int], scheme: str
) -> None:
    question = DATED[lang == "en"]
    events = events_of(server_url, question)
    names = [name for name, _ in events]
    assert names[0] == "search_results"
    assert names[-1] == "final_answer"
    page = open_page(size=size, scheme=scheme, locale=LOCALES[lang])
    # Once as the first question of a conversation, once below another.
    if lang == "en":
        ask(page, OFF_TOPIC[lang])
    page.evaluate(HELD)
    page.locator("#question").fill(question)
    page.locator("#question").press("Enter")
    turn = page.locator(".turn").last
    assert turn.get_attribute("aria-busy") == "true"
    # Movement while a key is pressed is what the reader asked for; from here on nothing may move.
    page.wait_for_selector(".turn:last-child .working")
    page.evaluate(DRAWN)
    page.evaluate("window.shifts.length = 0")
    for name, event in events:
        page.evaluate("(text) => window.send(text)", event)
        if name == "search_results":
            turn.locator(".found .passage").first.wait_for()
            assert turn.locator("[data-citation]").count() == 0
        elif name == "citation":
            turn.locator("[data-citation]").first.wait_for()
            assert turn.get_attribute("aria-busy") == "true"
        page.evaluate(DRAWN)
    page.wait_for_selector(".turn:last-child[aria-busy=false]")
    page.evaluate(DRAWN)
    assert page.evaluate("window.shifts") == []
    # The observer sees what does move.
    page.evaluate("document.querySelector('.turn:last-child .question').style.paddingTop = '99px'")
    page.wait_for_function("() => window.shifts.length > 0")


@LANGS
def test_a_question_is_stopped_and_can_be_asked_again(
    open_page: OpenPage, server_url: str, lang: str
) -> None:
    page = open_page(locale=LOCALES[lang])
    page.evaluate(HELD)
    question = suggested(server_url, lang)
    page.locator("#question").fill(question)
    page.locator("#question").press("Enter")
    page.get_by_role("button", name={"es": "Detener", "en": "Stop"}[lang]).click()
    turn = finished(page)
    expect(turn).to_have_attribute("data-state", "stopped")
    becomes(page, "window.aborted")
    assert (
        turn.locator(".stopped p")
        .inner_text()
        .startswith({"es": "Detenida", "en": "Stopped"}[lang])
    )
    page.wait_for_selector("#live:not(:empty)", state="attached")
    # It stays in the conversation, without an answer.
    assert [one["body"] for one in kept(page, 1)[0]["turns"]] == [None]
    page.reload()
    page.wait_for_selector(".turn[data-state=stopped]")
    page.get_by_role("button", name={"es": "Preguntar otra vez", "en": "Ask again"}[lang]).click()
    page.wait_for_selector(".turn[data-state=answered]")


@LANGS
def test_a_slow_answer_is_said_to_be_slow_and_nothing_moves_for_those_who_want_that(
    open_page: OpenPage, lang: str
) -> None:
    page = open_page(locale=LOCALES[lang], before=lambda page: page.clock.install())
    page.evaluate(HELD)
    page.locator("#question").fill("¿Qué dice?")
    page.locator("#question").press("Enter")
    words = page.locator(".working-words")
    assert (
        words.inner_text()
        == {"es": "Buscando en los documentos…", "en": "Searching the documents…"}[lang]
    )
    becomes(page, "document.getAnimations().length", 0)
    page.clock.run_for(1600)
    assert words.inner_text().startswith({"es": "Sigo buscando", "en": "Still searching"}[lang])


def refusing(
    refused: int, status: int, headers: dict[str, str], asked: list[dict[str, str]]
) -> Any:
    """A route that refuses so many questions and then answers; ``asked`` gets each request's headers."""

    def reply(route: Route) -> None:
        asked.append(route.request.headers)
        if len(asked) > refused:
            route.fulfill(json=crafted_answer("x"))
            return
        problem = {"title": "No", "status": status, "detail": "No ahora.", "code": "refused"}
        route.fulfill(
            status=status,
            headers={"Content-Type": "application/problem+json", **headers},
            body=json.dumps(problem),
        )

    return reply


@pytest.mark.parametrize(
    ("status", "locale", "words"),
    [(503, "es-ES", "Lo intento otra vez en {} s."), (429, "en-US", "Trying again in {} s.")],
    ids=["503-es", "429-en"],
)
def test_a_busy_service_is_asked_again_by_itself_once(
    open_page: OpenPage, noise: list[str], status: int, locale: str, words: str
) -> None:
    asked: list[dict[str, str]] = []
    page = open_page(
        locale=locale,
        route=refusing(2, status, {"Retry-After": "5"}, asked),
        before=lambda page: page.clock.install(),
    )
    turn = ask(page, "¿Qué dice?")
    expect(turn.locator(".wait")).to_have_text(words.format(5))
    page.clock.run_for(2000)
    expect(turn.locator(".wait")).to_have_text(words.format(3))
    assert len(asked) == 1
    with page.expect_response("**/v1/ask"):
        page.clock.run_for(3500)
    finished(page)
    # Refused again: from here on it is the reader's turn.
    assert (
        turn.locator(".wait").inner_text()
        == {
            "es-ES": "Vuelve a intentarlo dentro de 5 s.",
            "en-US": "Try again in 5 s.",
        }[locale]
    )
    page.clock.run_for(60_000)
    assert len(asked) == 2
    turn.get_by_role("button").click()
    page.wait_for_selector(".turn[data-state=answered]")
    noise.clear()  # the browser itself logs every reply with such a status


def test_a_long_wait_is_left_to_the_reader(open_page: OpenPage, noise: list[str]) -> None:
    asked: list[dict[str, str]] = []
    page = open_page(
        route=refusing(1, 429, {"Retry-After": "600"}, asked),
        before=lambda page: page.clock.install(),
    )
    turn = ask(page, "¿Qué dice?")
    expect(turn.locator(".wait")).to_have_text("Vuelve a intentarlo dentro de 10 min.")
    page.clock.run_for(700_000)
    assert len(asked) == 1
    noise.clear()


@LANGS
def test_a_page_without_network_says_so(
    open_page: OpenPage, noise: list[str], server_url: str, lang: str
) -> None:
    page = open_page(locale=LOCALES[lang])
    page.context.set_offline(True)
    turn = ask(page, suggested(server_url, lang))
    assert (
        turn.locator(".problem-title").inner_text()
        == {"es": "Sin conexión", "en": "No connection"}[lang]
    )
    page.context.set_offline(False)
    turn.get_by_role("button").click()
    page.wait_for_selector(".turn[data-state=answered]")
    noise.clear()


def test_a_service_that_is_gone_is_not_taken_for_a_missing_network(
    open_page: OpenPage, noise: list[str]
) -> None:
    turn = ask(open_page(route=lambda route: route.abort()), "¿Qué dice?")
    expect(turn.locator(".problem-title")).to_have_text("No hay respuesta del servicio")
    noise.clear()


@LANGS
def test_a_key_is_asked_for_and_sent(open_page: OpenPage, noise: list[str], lang: str) -> None:
    asked: list[dict[str, str]] = []
    page = open_page(locale=LOCALES[lang], route=refusing(1, 401, {}, asked))
    turn = ask(page, "¿Qué dice?")
    field = turn.get_by_label({"es": "Clave de acceso", "en": "Access key"}[lang])
    field.fill("clave-de-prueba")
    field.press("Enter")
    page.wait_for_selector(".turn[data-state=answered]")
    assert "authorization" not in asked[0]
    assert asked[1]["authorization"] == "Bearer clave-de-prueba"
    # The command shows where the key goes, not the key.
    command = text_of(turn.locator(".curl code"))
    assert "$FUENTE_KEY" in command
    assert "clave-de-prueba" not in command
    noise.clear()


@LANGS
def test_a_shared_link_asks_its_question_and_holds_nothing_else(
    open_page: OpenPage, server_url: str, lang: str
) -> None:
    question = suggested(server_url, lang)
    page = open_page(locale=LOCALES[lang])
    page.evaluate("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
    turn = ask(page, question)
    label = {"es": "Copiar un enlace a la pregunta", "en": "Copy a link to the question"}[lang]
    turn.get_by_role("button", name=label).click()
    page.wait_for_function("() => window.copied")
    link = page.evaluate("window.copied")
    becomes(page, "[...new URL(window.copied).searchParams]", [["q", question]])
    page.goto(link)
    turn = finished(page)
    assert questions_of(page) == [question]
    expect(turn).to_have_attribute("data-state", "answered")
    assert re.fullmatch(re.escape(f"{server_url}/?talk=") + r"[\w-]+", page.url)
    kept(page, 1, 1)


@LANGS
def test_the_answer_is_copied_with_its_citations_and_the_command_gives_the_same(
    open_page: OpenPage, server_url: str, lang: str
) -> None:
    question = suggested(server_url, lang)
    told = post_ask(server_url, question)
    page = open_page(locale=LOCALES[lang])
    page.evaluate("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
    turn = ask(page, question)
    turn.get_by_role(
        "button", name={"es": "Copiar la respuesta", "en": "Copy the answer"}[lang]
    ).click()
    page.wait_for_function("() => window.copied")
    answer, _, references = page.evaluate("window.copied").rpartition("\n\n")
    assert answer == told["answer"]
    lines = references.splitlines()
    assert len(lines) == len(told["citations"])
    for number, (line, cited) in enumerate(zip(lines, told["citations"], strict=True), 1):
        assert line.startswith(f"[{number}] {cited['location']['document_title']}")
        assert line.endswith(f"{server_url}{cited['url']}")
    page.evaluate("window.copied = null")
    expect(turn.locator(".curl")).to_be_hidden()
    turn.locator(".why-ask").click()
    turn.locator(".curl").get_by_role("button").click()
    page.wait_for_function("() => window.copied")
    words = shlex.split(page.evaluate("window.copied").replace("\\\n", ""))
    assert words[:2] == ["curl", f"{server_url}/v1/ask"]
    again = post_ask(server_url, **json.loads(words[words.index("-d") + 1]))
    assert again["citations"] == told["citations"]


@LOOKS
def test_why_this_tells_the_services_own_numbers(
    open_page: OpenPage, server_url: str, lang: str, size: tuple[int, int], scheme: str
) -> None:
    question = DATED[lang == "en"]
    told = post_ask(server_url, question, explain=True)
    page = open_page(size=size, scheme=scheme, locale=LOCALES[lang])
    turn = ask(page, question)
    turn.locator(".why-ask").click()
    turn.locator(".why-part section").first.wait_for()
    assert has_no_sideways_scroll(page)
    # What stands in the thread makes the thread longer, not the page.
    turn.locator(".why-part section").last.evaluate("(node) => node.scrollIntoView()")
    becomes(page, "document.scrollingElement.scrollTop", 0)

    def shown(value: float) -> str:
        text = f"{value:.2f}"
        return text.replace(".", ",") if lang == "es" else text

    assert [text_of(one) for one in turn.locator(".why-table").first.locator("tbody th").all()] == [
        word["text"] for word in told["explanation"]["words"]
    ]
    sources = told["citations"][0]["sources"]
    passage = next(one for one in told["passages"] if one["id"] in sources)["explanation"]
    legs = turn.locator(".why-table").nth(1).locator("tbody tr")
    for row, leg in zip(legs.all(), passage["legs"].values(), strict=False):
        cells = row.locator("td").all_inner_texts()
        assert cells[0] == ("–" if leg["rank"] is None else str(leg["rank"]))
        assert cells[1] == shown(leg["score"])
        assert cells[3] == shown(leg["product"])
    expect(legs.last.locator("td").last).to_have_text(shown(passage["sum"]))
    sentences = turn.locator(".why-sentences li")
    expect(sentences).to_have_count(len(told["explanation"]["sentences"]))
    for row, sentence in zip(sentences.all(), told["explanation"]["sentences"], strict=True):
        assert text_of(row.locator(".words")) == sentence["text"]
        expect(row.locator(".quoted")).to_have_count(int(sentence["citation"] is not None))
    percent = round(100 * told["explanation"]["support"]["confidence"])
    assert re.search(rf"\b{percent}\s?%", turn.locator(".why-part section").last.inner_text())
    # No word of the explanation is missing in this language.
    assert "undefined" not in turn.locator(".why-body").inner_text()
    # It stays open, in the other language, when the page changes its own.
    page.get_by_role("button", name={"es": "English", "en": "Español"}[lang]).click()
    turn.locator(".why-part section").first.wait_for()
    assert (
        turn.locator(".why-ask").inner_text()
        == {"en": "¿Por qué esta respuesta?", "es": "Why this answer?"}[lang]
    )


@LOOKS
def test_below_an_answer_stands_one_quiet_line_and_all_else_behind_one_button(
    open_page: OpenPage, server_url: str, lang: str, size: tuple[int, int], scheme: str
) -> None:
    page = open_page(size=size, scheme=scheme, locale=LOCALES[lang])
    turn = ask(page, suggested(server_url, lang))
    meta = turn.locator(".meta")
    expect(turn.locator("summary")).to_have_count(0)
    why = meta.get_by_role(
        "button", name={"es": "¿Por qué esta respuesta?", "en": "Why this answer?"}[lang]
    )
    expect(why).to_have_attribute("aria-expanded", "false")
    for part in (".why-body", ".curl", ".time", ".others"):
        expect(turn.locator(part)).to_be_hidden()
    # In one row, where there is room for one
    middles = meta.evaluate(
        "(node) => [...node.children].map((one) => one.getBoundingClientRect()).map(({ y, height }) => y + height / 2)"
    )
    assert size == NARROW or max(middles) - min(middles) < 4
    why.click()
    expect(why).to_have_attribute("aria-expanded", "true")
    for part in (".why-part section", ".curl", ".time", ".others"):
        expect(turn.locator(part).first).to_be_visible()
    told = turn.locator(".why-body").inner_text()
    for words in {
        "es": ["ms en total", "pasajes más", "La misma respuesta por la API", "Confianza "],
        "en": ["ms in all", "more passages", "The same answer from the API", "confidence: "],
    }[lang]:
        assert words in told
    assert has_no_sideways_scroll(page)
    why.click()
    expect(turn.locator(".why-body")).to_be_hidden()
    # a kept one knows how long it took, too
    page.reload()
    turn = finished(page)
    turn.locator(".why-ask").click()
    expect(turn.locator(".time")).to_have_text(
        re.compile({"es": r"ms en total\.$", "en": r"ms in all\.$"}[lang])
    )


@LANGS
def test_what_is_no_answer_from_the_documents_has_nothing_to_explain(
    open_page: OpenPage, lang: str
) -> None:
    turn = ask(open_page(locale=LOCALES[lang]), {"es": "hola", "en": "hello"}[lang])
    expect(turn.locator(".actions")).to_be_visible()
    expect(turn.locator(".why-ask, .curl")).to_have_count(0)


@LANGS
def test_a_declined_question_is_explained_too_and_can_be_read_in_the_other_language(
    open_page: OpenPage, lang: str
) -> None:
    page = open_page(locale=LOCALES[lang])
    turn = ask(page, OFF_TOPIC[lang])
    turn.locator(".why-ask").click()
    turn.locator(".why-part section").first.wait_for()
    reason = {"es": "no es lo bastante seguro", "en": "not sure enough"}[lang]
    expect(turn.locator(".fate").first).to_contain_text(reason)
    other = {"es": "en", "en": "es"}[lang]
    label = {"es": "Leer la pregunta en inglés", "en": "Read the question as Spanish"}[lang]
    with page.expect_request("**/v1/ask") as sent:
        turn.get_by_role("button", name=label).click()
    assert sent.value.post_data_json["language"] == other
    page.wait_for_selector(f".turn[aria-busy=false] .question[lang={other}]")


def test_an_explanation_that_cannot_be_had_says_why_and_is_asked_for_again(
    open_page: OpenPage, noise: list[str]
) -> None:
    asked: list[dict[str, Any]] = []

    def reply(route: Route) -> None:
        body = route.request.post_data_json
        asked.append(body)
        if not body.get("explain"):
            route.fulfill(json=crafted_answer("x"))
        elif len(asked) == 2:
            route.fulfill(status=500, json={"title": "Algo ha fallado", "code": "internal_error"})
        else:
            explanation = {
                "words": [],
                "sentences": [],
                "asked_for": None,
                "support": {"confidence": 0.9, "threshold": 0.1, "weights": {}, "bias": -7.8},
            }
            route.fulfill(json=crafted_answer("x") | {"build_id": "b2", "explanation": explanation})

    turn = ask(open_page(route=reply), "¿Qué dice?")
    turn.locator(".why-ask").click()
    expect(turn.locator(".why-body .problem-title")).to_have_text("Algo ha fallado")
    turn.locator(".why-body .firm").click()
    turn.locator(".why-part section").first.wait_for()
    # Another build answered than the one that the answer came from.
    assert (
        turn.locator(".why-part > p").first.inner_text().startswith("Los documentos han cambiado")
    )
    noise.clear()


@LANGS
def test_a_thumb_and_a_comment_reach_the_service(
    open_page: OpenPage, server_url: str, lang: str
) -> None:
    page = open_page(locale=LOCALES[lang])
    turn = ask(page, suggested(server_url, lang))
    with page.expect_response("**/v1/feedback") as first:
        turn.get_by_role("button", name={"es": "Mala respuesta", "en": "Bad answer"}[lang]).click()
    assert first.value.status == 201
    turn.locator(".comment textarea").fill("Falta el año")
    with page.expect_response("**/v1/feedback") as second:
        turn.locator(".comment button").click()
    assert second.value.status == 201
    sent = [one.value.request.post_data_json for one in (first, second)]
    assert [one["rating"] for one in sent] == ["down", "down"]
    assert [one["comment"] for one in sent] == ["", "Falta el año"]
    page.wait_for_selector(".comment", state="detached")
    page.reload()
    page.wait_for_selector(".turn[data-state=answered]")
    expect(page.locator(".rating [aria-pressed=true]")).to_have_count(1)


def test_feedback_that_does_not_arrive_is_taken_back_and_the_comment_kept(
    open_page: OpenPage, noise: list[str]
) -> None:
    page = open_page(route=lambda route: route.fulfill(json=crafted_answer("x")))
    page.route("**/v1/feedback", lambda route: route.abort())
    turn = ask(page, "¿Qué dice?")
    turn.get_by_role("button", name="Buena respuesta").click()
    page.wait_for_function(
        "() => document.querySelector('.thanks').textContent === 'No se ha podido enviar.'"
    )
    expect(turn.locator("[aria-pressed=true]")).to_have_count(0)
    page.unroute("**/v1/feedback")
    page.route("**/v1/feedback", lambda route: route.fulfill(status=201, json={}))
    turn.get_by_role("button", name="Buena respuesta").click()
    page.wait_for_function("() => document.querySelector('.thanks').textContent === 'Gracias'")
    page.unroute("**/v1/feedback")
    page.route("**/v1/feedback", lambda route: route.abort())
    turn.locator(".comment textarea").fill("Muy bien")
    turn.locator(".comment button").click()
    page.wait_for_function(
        "() => document.querySelector('.thanks').textContent === 'No se ha podido enviar.'"
    )
    expect(turn.locator(".comment textarea")).to_have_value("Muy bien")
    noise.clear()


def test_the_pointer_shows_the_words_around_a_quote(open_page: OpenPage, server_url: str) -> None:
    page = open_page()
    turn = ask(page, DATED[1])
    quote = text_of(turn.locator("blockquote").first)
    turn.locator(".cite").first.hover()
    card = page.locator("#preview")
    card.wait_for()
    assert text_of(card.locator("mark")) == quote
    assert len(text_of(card.locator(".words"))) > len(quote) + 50
    # The pointer may go over to the card; away from both it closes.
    card.hover()
    expect(card).to_be_visible()
    page.mouse.move(5, 5)
    card.wait_for(state="hidden")


def test_escape_also_takes_away_words_that_are_still_on_their_way(open_page: OpenPage) -> None:
    page = open_page()
    turn = ask(page, DATED[1])
    held: list[Any] = []
    page.route("**/text?**", lambda route: held.append(route))
    turn.locator("h2").evaluate("node => node.focus()")
    with page.expect_request("**/text?**"):
        page.keyboard.press("Tab")
    expect(turn.locator(".cite").first).to_be_focused()
    page.keyboard.press("Escape")
    with page.expect_response("**/text?**"):
        held[0].continue_()
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    expect(page.locator("#preview")).to_be_hidden()
    turn.locator(".why-ask").click()


@LANGS
def test_a_question_is_asked_of_one_document_until_that_is_taken_back(
    open_page: OpenPage, server_url: str, lang: str
) -> None:
    document = "biblioteca-valdeluna-reglamento.txt"
    page = open_page(f"/d/{document}", locale=LOCALES[lang])
    page.get_by_role(
        "button", name={"es": "Preguntar solo a este", "en": "Ask only this one"}[lang]
    ).click()
    chip = page.locator("#scope .chip")
    title = get(server_url, f"/v1/documents/{document}")["title"]
    expect(chip).to_contain_text(title)
    page.locator("#scope-lang").select_option("es")
    with page.expect_request("**/v1/ask") as sent:
        turn = ask(page, OFF_TOPIC[lang])
    assert sent.value.post_data_json["filters"] == {"document_id": [document], "language": ["es"]}
    expect(turn.locator(".read-as").first).to_contain_text(title)
    page.reload()  # remembered with the conversation
    expect(chip).to_contain_text(title)
    expect(page.locator("#scope-lang")).to_have_value("es")
    chip.get_by_role("button").click()
    page.locator("#scope-lang").select_option("")
    with page.expect_request("**/v1/ask") as sent:
        ask(page, OFF_TOPIC[lang])
    assert "filters" not in sent.value.post_data_json


@LANGS
def test_the_language_of_a_question_can_be_chosen(open_page: OpenPage, lang: str) -> None:
    page = open_page(locale=LOCALES[lang])
    other = {"es": "en", "en": "es"}[lang]
    page.locator("#question-lang").select_option(other)
    with page.expect_request("**/v1/ask") as sent:
        turn = ask(page, TALKS[lang][0])
    assert sent.value.post_data_json["language"] == other
    expect(turn.locator(".question")).to_have_attribute("lang", other)
    assert json.dumps(other) in text_of(turn.locator(".curl code"))


@LANGS
def test_an_answer_leads_on_to_questions_that_were_tried(
    open_page: OpenPage, server_url: str, lang: str
) -> None:
    page = open_page(locale=LOCALES[lang])
    with page.expect_response("**/v1/next?*") as told:
        turn = ask(page, suggested(server_url, lang))
    found = [one["text"] for one in told.value.json()["data"]]
    shown = turn.locator(".next .suggested")
    expect(shown).to_have_count(len(found))
    assert found
    expect(shown.first).to_have_text(found[0])
    shown.first.click()
    page.wait_for_selector(".turn:nth-child(2)[data-state=answered]")
    expect(page.locator(".turn .question").last).to_have_text(found[0])
    # what was offered before is gone, and what was asked is not offered again
    expect(page.locator(".turn:first-child .next")).to_be_hidden()


@LANGS
def test_the_contents_of_a_document_lead_to_their_places(
    open_page: OpenPage, server_url: str, lang: str
) -> None:
    document = "toma-de-la-residencia-1996.md"
    page = open_page(f"/d/{document}", locale=LOCALES[lang])
    page.get_by_role("button", name={"es": "Índice", "en": "Contents"}[lang]).click()
    outline = get(server_url, f"/v1/documents/{document}")["outline"]
    headings = page.locator(".outline li")
    expect(headings).to_have_count(len(outline))
    headings.last.get_by_role("button").click()
    expect(page.locator("#side mark").first).to_contain_text(outline[-1]["text"])
    assert page.evaluate("location.hash") == f"#char={outline[-1]['start']},{outline[-1]['end']}"
