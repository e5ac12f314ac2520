"""How long the chat page takes in a real browser: from Enter to the answer, and a newcomer's whole way.

The server runs on a build of corpus/samples. Each question is the first one of a newly opened page, and no question is
asked twice; the clock starts at the key's own time stamp and stops after the first frame that shows the answer's words
(or that there is none), with questions of tests/data/sample_questions.jsonl. The newcomer opens the page, takes a
suggested question, and opens its citation: three interactions, timed from the click until the frame that shows what it
was for, without the time a person takes to read. Last comes the first paint over a slow line, with the letters fetched when
the style names them, as the page does, and with them announced before. The load of the machine is printed, since it is what the figures most
depend on. Needs playwright and a Chromium.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from running import DATA, SAMPLES, Server, build, say

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from browser import LOCALES, WIDE, launch

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

PAINTS = 9
QUESTIONS = DATA / "sample_questions.jsonl"

# `drawn(selector)` resolves to the time, in ms since the page was asked for, at which a frame that shows the selector is
# drawn: the first message after an animation frame comes when that frame has been handed over. `watch(event, selector)`
# resolves to the ms from the event's own time stamp until then.
WATCH = """
window.drawn = (selector) => new Promise((done) => {
  const look = () => {
    if (!document.querySelector(selector)) return requestAnimationFrame(look);
    const channel = new MessageChannel();
    channel.port1.onmessage = () => done(performance.now());
    channel.port2.postMessage(null);
  };
  look();
});
window.watch = (type, selector) => new Promise((done) => {
  addEventListener(type, async (event) => done((await window.drawn(selector)) - event.timeStamp), {
    capture: true,
    once: true,
  });
});
window.usable = window.drawn('#suggest button');
"""
ANSWER = ".turn[data-state=answered] .words, .turn[data-state=abstained] .declined-head"


def opened(browser: Browser, url: str, lang: str) -> Page:
    """The page, loaded, in a context of its own."""
    context = browser.new_context(
        viewport={"width": WIDE[0], "height": WIDE[1]}, locale=LOCALES[lang]
    )
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(url)
    page.wait_for_selector("#suggest button")
    return page


def time_question(browser: Browser, url: str, lang: str, question: str) -> float:
    """Milliseconds from Enter to the answer's words."""
    page = opened(browser, url, lang)
    page.locator("#question").fill(question)
    page.evaluate("(selector) => { window.took = watch('keydown', selector); }", ANSWER)
    page.keyboard.press("Enter")
    took = float(page.evaluate("window.took"))
    page.context.close()
    return took


def time_newcomer(browser: Browser, url: str, lang: str) -> tuple[float, float, float]:
    """Milliseconds of the three interactions: the page opened, its question answered, its citation read."""
    page = opened(browser, url, lang)
    shown = float(page.evaluate("window.usable"))
    page.evaluate("(selector) => { window.took = watch('click', selector); }", ANSWER)
    page.locator(f"#suggest button[lang={lang}]").first.click()
    answered = float(page.evaluate("window.took"))
    page.evaluate("() => { window.took = watch('click', '#side mark'); }")
    page.locator("[data-citation='1']").first.click()
    read = float(page.evaluate("window.took"))
    page.context.close()
    return shown, answered, read


PRELOAD = "".join(
    f'<link rel="preload" as="font" type="font/woff2" href="./page/fonts/{name}.woff2" crossorigin>'
    for name in ("inter", "literata")
)
SLOW = {
    "offline": False,
    "latency": 60,
    "downloadThroughput": 400_000,
    "uploadThroughput": 100_000,
}
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0].startTime"


def time_paint(browser: Browser, url: str, *, preload: bool) -> float:
    """Milliseconds to the first paint over 3.2 Mbit/s with 60 ms of delay."""
    context = browser.new_context(viewport={"width": WIDE[0], "height": WIDE[1]})
    page = context.new_page()

    def page_itself(route: Route) -> None:
        reply = route.fetch()
        text = reply.text()
        route.fulfill(
            response=reply, body=text.replace("<link", PRELOAD + "<link", 1) if preload else text
        )

    page.route(url, page_itself)
    speaker = context.new_cdp_session(page)
    speaker.send("Network.enable")
    speaker.send("Network.emulateNetworkConditions", SLOW)
    page.goto(url)
    page.wait_for_selector("#suggest button")
    painted = float(page.evaluate(PAINTED))
    context.close()
    return painted


def line(name: str, values: list[float]) -> str:
    """The median of milliseconds with their quartiles and the worst."""
    low, middle, high = statistics.quantiles(values, n=4)
    return (
        f"{name:34} {middle:6.0f} ms  median of {len(values)}"
        f"  (quartiles {low:.0f}–{high:.0f}, worst {max(values):.0f})"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=20, help="questions a language")
    parser.add_argument("--newcomers", type=int, default=5, help="newcomers a language")
    arguments = parser.parse_args()
    from playwright.sync_api import sync_playwright

    questions: dict[str, list[str]] = {"es": [], "en": []}
    for row in QUESTIONS.read_text("utf-8").splitlines():
        one = json.loads(row)
        questions[one["lang"]].append(one["question"])

    before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        data = Path(folder)
        say("building the samples")
        build(data, str(SAMPLES))
        shutil.copy(SAMPLES / ".suggested_questions.json", data / "suggested_questions.json")
        browser = launch(playwright)
        with Server(data) as server:
            url = f"http://127.0.0.1:{server.port}/"
            for lang in ("es", "en"):
                time_question(browser, url, lang, "¿Fuente?")  # both programs have started by now
                asked = questions[lang][: arguments.questions]
                say(f"{len(asked)} questions, {lang}")
                times = [time_question(browser, url, lang, one) for one in asked]
                print(line(f"Enter to answer, {lang}", times))
                ways = [time_newcomer(browser, url, lang) for _ in range(arguments.newcomers)]
                for name, values in zip(
                    ("page opened", "its question answered", "its citation read"),
                    zip(*ways, strict=True),
                    strict=True,
                ):
                    print(line(f"newcomer, {lang}: {name}", list(values)))
            say("first paints over a slow line")
            for preload in (False, True):
                paints = [time_paint(browser, url, preload=preload) for _ in range(PAINTS)]
                name = "letters announced" if preload else "letters from the style"
                print(line(f"first paint, {name}", paints))
        browser.close()
    print(
        f"load average {before:.1f} before, {os.getloadavg()[0]:.1f} after,"
        f" on {os.cpu_count()} processors"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
