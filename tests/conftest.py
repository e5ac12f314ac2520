"""What all test modules share."""

from __future__ import annotations

import fcntl
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

# Threads that wait for each other in a loop take the processor from what runs beside them; on two cores that share the
# tests, training a tiny model took a minute in place of a second. Before any of these libraries is imported.
for _threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_threads, "1")

import pytest
from browser import WAIT_MS, WIDE, OpenPage, launch
from hypothesis import settings
from milvus_file import milvus as milvus
from ports import free_port as free_port
from postgres_server import database as database
from postgres_server import postgres as postgres
from s3_server import s3 as s3
from s3_server import s3_server as s3_server

from index.encoder import Encoder, load_encoder
from index.local.build import build

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page

# They have an environment of their own: make clients
collect_ignore = ["clients"]

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "corpus" / "samples"
GOLDEN = Path(__file__).parent / "data" / "golden"

needs_models = pytest.mark.skipif(
    importlib.util.find_spec("sentence_transformers") is None,
    reason="the extra [models] is not installed",
)
needs_training = pytest.mark.skipif(
    not all(importlib.util.find_spec(name) for name in ("sentence_transformers", "onnx")),
    reason="the extra [train] is not installed",
)

# On a busy machine one example may take long; what must be fast is measured in tests of its own.
settings.register_profile("fuente", deadline=None)
settings.load_profile("fuente")


def pytest_configure() -> None:
    """Have what tests start be stopped by signals as usual, also where this run was started in the background.

    A shell without job control, as continuous integration has it, starts such a run with Ctrl-C ignored, and what is
    ignored is inherited; a handler is not.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, lambda *_: None)


# Where several processes share the tests, a module that takes long must not be the last to begin: in this order first.
LONGEST = (
    *("page_chat", "page_documents", "store", "page_access", "cli", "server", "app", "engine"),
    *("page_collections", "packages", "page_hostile", "reading", "evaluate", "encoder"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest modules first; in a module, the order stays."""
    place = {f"test_{name}": n for n, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path.stem, len(place)))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="rewrite tests/data/golden/*.json; review the diff",
    )


@pytest.fixture
def check_golden(request: pytest.FixtureRequest) -> Callable[[str, object], None]:
    """``check_golden(name, value)``: the value is what ``golden/<name>.json`` holds."""

    def check(name: str, value: object) -> None:
        path = GOLDEN / f"{name}.json"
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", "utf-8")
        assert value == json.loads(path.read_text("utf-8"))

    return check


@pytest.fixture(scope="session", autouse=True)
def _no_waiting_for_the_disk() -> Iterator[None]:
    """What a test writes need not outlive a power cut: thousands of waits for the disk. A test of those puts its own in the place."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda descriptor: None)
        yield


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The encoder that ships with the project."""
    return load_encoder()


@pytest.fixture(scope="session")
def samples_data(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Path:
    """A data directory with a real build of corpus/samples; copy it before changing anything in it."""
    run = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        run = run.parent  # one for all processes of this run
    data = run / "samples" / "data"
    data.parent.mkdir(exist_ok=True)
    with (data.parent / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (data / "CURRENT").exists():
            shutil.copytree(SAMPLES, data / "documents")
            build(data, encoder)
    return data


def clean_environ() -> dict[str, str]:
    """The environment for a child process: no setting of ours, this checkout's packages."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("FUENTE_")}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}


def told_by(program: str, tree: Path, *arguments: str) -> dict[str, Any]:
    """What a Python program prints as JSON that finds our packages in ``tree``, and what stands in the tests beside them."""
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=tree,
        env=clean_environ() | {"PYTHONPATH": f"{tree}:{tree / 'tests'}"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="session")
def server_url(samples_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """``http://127.0.0.1:PORT`` of a real server over a copy of ``samples_data``."""
    folder = tmp_path_factory.mktemp("server")
    shutil.copytree(samples_data, folder / "data")
    suggested = folder / "data" / "suggested_questions.json"
    shutil.copy(SAMPLES / ".suggested_questions.json", suggested)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "api.cli", "serve", "--data", str(folder / "data")]
    log = folder / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [*command, "--port", str(port)],
            cwd=folder,
            env=clean_environ(),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_until_ready(url, server, log)
        yield url
    finally:
        server.terminate()
        try:
            server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait(timeout=20)


def wait_until_ready(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    """Come back when the service can be asked; RuntimeError with its log when it cannot within a minute."""
    deadline = time.monotonic() + 60
    last = "no answer"
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(url + "/readyz", timeout=2) as answer:
                if answer.status == 200:
                    return
        except urllib.error.HTTPError as error:
            last = f"status {error.code}"
            error.close()
        except OSError as error:
            last = str(error)
        time.sleep(0.05)
    raise RuntimeError(f"the server did not get ready ({last}):\n{log.read_text('utf-8')[-4000:]}")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for the module; its tests are skipped where there is none."""
    api = pytest.importorskip(
        "playwright.sync_api", reason="playwright is not installed (pip install playwright)"
    )
    with api.sync_playwright() as playwright:
        one = launch(playwright)
        yield one
        one.close()


@pytest.fixture
def noise() -> list[str]:
    """What the page wrote to the console as an error; a test that provokes one empties it."""
    return []


@pytest.fixture
def open_page(browser: Browser, server_url: str, noise: list[str]) -> Iterator[OpenPage]:
    """``open_page(path, size=, locale=, scheme=, route=, before=)``: the page, loaded, in a context of its own.

    ``route`` answers POST /v1/ask in the service's place, ``before(page)`` is called before anything is loaded.
    At the end of the test the console must be clean.
    """
    contexts = []

    def opened(
        path: str = "/",
        *,
        size: tuple[int, int] = WIDE,
        locale: str = "es-ES",
        scheme: Literal["light", "dark"] = "light",
        route: Any = None,
        before: Callable[[Page], object] | None = None,
    ) -> Page:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale=locale,
            color_scheme=scheme,
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(WAIT_MS)
        # A server of the test's own goes before its page does, which may still be asking it
        gone = "ERR_CONNECTION_REFUSED" if path.startswith("http") else None

        def heard(message: ConsoleMessage) -> None:
            if message.type == "error" and not (gone and gone in message.text):
                noise.append(message.text)

        page.on("console", heard)
        page.on("pageerror", lambda error: noise.append(str(error)))
        if route is not None:
            page.route("**/v1/ask", route)
        if before is not None:
            before(page)
        page.goto(path if path.startswith("http") else server_url.rstrip("/") + path)
        page.wait_for_selector("#count:not(:empty)")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert noise == []
