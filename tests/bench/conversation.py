"""How long an answer takes in a conversation of hundreds of turns, against its first turn; and what is kept of each turn.

The server runs on a build of corpus/samples. In one page a few questions are asked one after the other as the first turns of
new conversations; then a conversation is filled up to ``--turns`` with turns as the page keeps them, loaded, and the same questions are
asked as its next turns. The clock starts at the key's own time stamp and stops after the first frame that shows the answer's
words. Both are asked in turns of the same run, since the load of the machine is what the figures most depend on. Needs playwright and
a Chromium.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from page import ANSWER, QUESTIONS, WATCH, line
from running import SAMPLES, Server, build, say

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from browser import LOCALES, WIDE, launch

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# Copies the turns of the conversation in the thread until it has so many; gives the bytes of a turn, as JSON.
FILL = """async (n) => {
  const reply = (asked) => new Promise((done, failed) => {
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
  const base = await reply(indexedDB.open('fuente'));
  const id = new URLSearchParams(location.search).get('talk');
  const change = base.transaction(['talks', 'turns'], 'readwrite');
  const [talk, some] = await Promise.all([
    reply(change.objectStore('talks').get(id)),
    reply(change.objectStore('turns').getAll(IDBKeyRange.bound([id], [id, []]))),
  ]);
  change.objectStore('talks').put({...talk, count: n});
  for (let at = some.length; at < n; at++) {
    const turn = some[at % some.length];
    change.objectStore('turns').put({...turn, id: `copy-${at}`, at: talk.started + at});
  }
  await new Promise((done) => { change.oncomplete = done; });
  base.close();
  const sizes = some.map((turn) => new TextEncoder().encode(JSON.stringify(turn)).length);
  return sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
}"""


def opened(browser: Browser, address: str, lang: str) -> Page:
    context = browser.new_context(
        viewport={"width": WIDE[0], "height": WIDE[1]}, locale=LOCALES[lang]
    )
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(address)
    page.wait_for_selector("#count:not(:empty)")
    return page


def time_question(page: Page, question: str) -> float:
    """Milliseconds from Enter to the answer's words in the new turn, which stands last."""
    page.locator("#question").fill(question)
    # No turn is marked yet; the new one is the first that is not
    page.evaluate(
        "() => document.querySelectorAll('.turn').forEach((one) => one.classList.add('old'))"
    )
    new = ", ".join(one.replace(".turn", ".turn:not(.old)", 1) for one in ANSWER.split(", "))
    page.evaluate("(selector) => { window.took = watch('keydown', selector); }", new)
    page.keyboard.press("Enter")
    took = float(page.evaluate("window.took"))
    page.wait_for_selector(".turn:last-child[aria-busy=false]")
    page.wait_for_timeout(150)  # what is kept of the turn is written
    return took


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=400)
    parser.add_argument("--questions", type=int, default=15)
    arguments = parser.parse_args()
    from playwright.sync_api import sync_playwright

    rows: list[dict[str, Any]] = [
        json.loads(row) for row in QUESTIONS.read_text("utf-8").splitlines()
    ]
    asked = [row["question"] for row in rows if row["lang"] == "es"][: arguments.questions]
    before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        data = Path(folder)
        say("building the samples")
        build(data, str(SAMPLES))
        browser = launch(playwright)
        with Server(data) as server:
            url = f"http://127.0.0.1:{server.port}/"
            long = opened(browser, url, "es")
            for question in asked:
                time_question(long, question)
            size = float(long.evaluate(FILL, arguments.turns))
            long.reload()
            long.wait_for_selector(".turn[data-state]")
            fresh = opened(browser, url, "es")
            time_question(fresh, asked[0])
            first, last = [], []
            for question in asked:
                fresh.bring_to_front()
                fresh.locator("#new-talk").click()
                fresh.wait_for_selector("body[data-view=empty]")
                first.append(time_question(fresh, question))
                long.bring_to_front()
                last.append(time_question(long, question))
        browser.close()
    print(line("Enter to answer, first turn", first))
    print(line(f"Enter to answer, after {arguments.turns} turns", last))
    ratios = [b / a for a, b in zip(first, last, strict=True)]
    print(
        f"ratio of the medians {statistics.median(last) / statistics.median(first):.2f},"
        f" median of the ratios {statistics.median(ratios):.2f}"
    )
    print(f"kept of a turn: {size:.0f} bytes, mean of {len(asked)}")
    print(f"load average {before:.1f} before, {os.getloadavg()[0]:.1f} after")
    return 0


if __name__ == "__main__":
    sys.exit(main())
