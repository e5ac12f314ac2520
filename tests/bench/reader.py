"""How the reader takes a long document, in a real browser: time to the quoted words, and the frames while scrolling.

A text of five million characters and one of two thousand stand in one collection, built with the encoder for tests: the
reader shows text, whatever it was encoded with. The time runs from the change of the address to the first frame with the
mark in it; then the text is scrolled by 120 pixels a frame, new text coming in as it is needed. The load of the machine
is printed, since it is what the figures most depend on. Needs playwright and a Chromium.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from browser import WIDE, launch
from local_server import local_server, write_documents

LINE = "Día {n}: la guardiana del faro escribe la hora, el viento y la altura de la marea número {n}.\n\n"
LONG, SHORT = 54_000, 20  # lines
SCROLLS = 300

OPEN = """async (place) => {
  const [id, hash] = place;
  const began = performance.now();
  history.pushState(null, '', `/d/${id}#${hash}`);
  dispatchEvent(new PopStateEvent('popstate'));
  for (;;) {
    await new Promise(requestAnimationFrame);
    const mark = document.querySelector('#side mark');
    if (mark && document.querySelector('#side-title').textContent.toLowerCase() + '.txt' === id)
      return performance.now() - began;
  }
}"""
SCROLL = """async (steps) => {
  const body = document.querySelector('#side .side-body');
  const frames = [];
  let last = performance.now();
  for (let n = 0; n < steps; n++) {
    body.scrollTop += 120;
    await new Promise(requestAnimationFrame);
    frames.push(performance.now() - last);
    last = performance.now();
  }
  return frames;
}"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=20, help="places opened in each document")
    times = parser.parse_args().times
    from playwright.sync_api import sync_playwright

    texts = {
        f"{name}.txt": "".join(LINE.format(n=n) for n in range(lines))
        for name, lines in (("largo", LONG), ("corto", SHORT))
    }
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        write_documents(Path(folder), texts)
        with local_server(Path(folder)) as url:
            browser = launch(playwright)
            page = browser.new_page(viewport={"width": WIDE[0], "height": WIDE[1]})
            page.goto(url)
            page.locator("#count:not(:empty)").wait_for()
            took: dict[str, list[float]] = {doc_id: [] for doc_id in texts}
            for n in range(times):
                for doc_id, text in texts.items():
                    start = (n + 1) * len(text) // (times + 2)
                    place = [doc_id, f"char={start},{start + 50}"]
                    took[doc_id].append(page.evaluate(OPEN, place))
            for doc_id, text in texts.items():
                print(
                    f"{doc_id} ({len(text):,} characters): {statistics.median(took[doc_id]):.0f} ms to the "
                    f"mark, median of {times}; slowest {max(took[doc_id]):.0f} ms"
                )
            start = len(texts["largo.txt"]) // 3
            page.evaluate(OPEN, ["largo.txt", f"char={start},{start + 50}"])
            frames = page.evaluate(SCROLL, SCROLLS)
            late = sum(frame > 50 for frame in frames)
            print(
                f"scrolling {SCROLLS} frames: slowest {max(frames):.0f} ms, {late} of more than 50 ms, "
                f"{page.locator('.stretch').count()} stretches of text in the page"
            )
            browser.close()
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")


if __name__ == "__main__":
    main()
