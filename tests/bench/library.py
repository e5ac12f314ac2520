"""How the library of the page takes ten thousand documents, in a real browser, in contrast to a hundred.

Both collections are built with the encoder for tests. The time runs from the click on "Documents" to the first frame with a
row in it, on a page that is open already; the two take turns. The load of the machine is printed, since it is what the
figures most depend on. Needs playwright and a Chromium.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from browser import WIDE, launch
from local_server import local_server, write_documents

SIZES = (100, 10_000)
OPEN = """async () => {
  const began = performance.now();
  document.getElementById('open-library').click();
  for (;;) {
    await new Promise(requestAnimationFrame);
    if (document.querySelector('#side .document')) return performance.now() - began;
  }
}"""
DRAWN = "document.querySelectorAll('#side .document').length"


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args().rounds
    from playwright.sync_api import sync_playwright

    times: dict[int, list[float]] = {size: [] for size in SIZES}
    drawn = {}
    with (
        tempfile.TemporaryDirectory() as folder,
        contextlib.ExitStack() as held,
        sync_playwright() as playwright,
    ):
        urls = {}
        for size in SIZES:
            data = Path(folder) / str(size)
            names = (f"año-{n % 20}/acta-{n}.txt" for n in range(size))
            write_documents(data, {name: f"Acta {name}: se abre la sesión.\n" for name in names})
            environ = {"FUENTE_LOG_LEVEL": "error"}
            urls[size] = held.enter_context(local_server(data, environ=environ))
        browser = launch(playwright)
        for _ in range(rounds):
            for size in SIZES:
                page = browser.new_page(viewport={"width": WIDE[0], "height": WIDE[1]})
                page.goto(urls[size])
                page.wait_for_selector("#count:not(:empty)")
                times[size].append(page.evaluate(OPEN))
                drawn[size] = page.evaluate(DRAWN)
                page.close()
        browser.close()
    for size in SIZES:
        print(
            f"{size:6} documents: {statistics.median(times[size]):4.0f} ms to the first row, {drawn[size]} rows drawn"
        )
    few, many = (statistics.median(times[size]) for size in SIZES)
    print(f"ratio {many / few:.2f}, medians of {rounds}; load {os.getloadavg()[0]:.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
