"""How fast a quote is seen on the page of a PDF of 300 pages, and in its text, in a real browser.

A question is asked, and its first citation clicked a second after the answer, when its page has been drawn ahead, or as soon as
the answer is there, when nothing has. The time runs from the click to the first frame with the picture, and with the quoted lines
lit; each citation is on a page that nobody has looked at. Places are opened as a page and as text, one after the other. The load of
the machine is printed, since it is what the figures most depend on.
Needs playwright and a Chromium.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from browser import WIDE, ask, launch
from local_server import local_server, write_documents
from test_pdf import pdf_of

PAGES, LINES = 300, 40
NAME = "registro.pdf"
READING_MS = 1_000
# How a place is opened: the view, how long after the answer, and how far its page is from those of the others
WAYS = {
    "ahead": ("page", READING_MS, 0),
    "at once": ("page", 0, 4),
    "text": ("text", READING_MS, 8),
}

OPEN = """async () => {
  const citation = [...document.querySelectorAll('.turn:last-child [data-citation="1"]')].at(-1);
  document.querySelector('.sheet canvas')?.setAttribute('width', 0);
  const began = performance.now();
  citation.click();
  let drawn = null;
  for (;;) {
    await new Promise(requestAnimationFrame);
    const now = performance.now() - began;
    if (document.querySelector('.sheet-paper[aria-busy=false] canvas')?.width > 0) drawn ??= now;
    if (document.querySelector('.lit') || document.querySelector('.prose mark')) return [drawn ?? now, now];
  }
}"""
QUESTION = "¿Qué anota la guardiana en la marea {} del faro?"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=20, help="places opened in each view")
    times = parser.parse_args().times
    from playwright.sync_api import sync_playwright

    drawn = [
        "".join(
            f"BT /F1 11 Tf 72 {780 - 17 * n} Td (Hoja {page}: la guardiana anota la marea {page * LINES + n} del faro) Tj ET "
            for n in range(LINES)
        )
        for page in range(1, PAGES + 1)
    ]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        write_documents(Path(folder), {NAME: pdf_of(*drawn)})
        with local_server(Path(folder)) as url:
            browser = launch(playwright)
            took: dict[str, list[list[float]]] = {way: [] for way in WAYS}
            pages = {}
            for way, (view, _, _) in WAYS.items():
                page = pages[way] = browser.new_page(viewport={"width": WIDE[0], "height": WIDE[1]})
                page.add_init_script(f"localStorage.setItem('fuente.view', '{view}')")
                page.goto(url)
                page.locator("#count:not(:empty)").wait_for()
            looked_at = set()
            for n in range(times + 1):
                number = 5 + n * (PAGES - 10) // (times + 1)
                for way, page in pages.items():
                    view, reading_ms, further = WAYS[way]
                    page.bring_to_front()
                    ask(page, QUESTION.format((number + further) * LINES + 9))
                    if reading_ms:
                        page.wait_for_timeout(reading_ms)
                    found = page.evaluate(OPEN)
                    if view == "page":
                        looked_at.add(page.locator(".sheet-foot input").input_value())
                    if n:  # the first one starts the process that draws
                        took[way].append(found)
                    page.go_back()
                    page.locator("#side").wait_for(state="hidden")
            n_opened = 2 * (times + 1)
            assert len(looked_at) == n_opened, f"expected {n_opened} pages, not {len(looked_at)}"
            text = statistics.median(lit for _, lit in took["text"])
            print(f"{PAGES} pages, medians of {times}: quote in the text {text:.0f} ms")
            for way in ("ahead", "at once"):
                picture, lit = (statistics.median(times) for times in zip(*took[way], strict=True))
                print(
                    f"page drawn {way}: picture {picture:.0f} ms, quote lit on it {lit:.0f} ms, "
                    f"ratio to the text {picture / text:.2f}"
                )
            browser.close()
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")


if __name__ == "__main__":
    main()
