"""Running the service: what is done around the application, with real processes and limits on every wait."""

import contextlib
import gc
import json
import os
import platform
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import clean_environ, free_port, wait_until_ready

from api import server

QUESTION = json.dumps({"query": "¿Qué es una fuente?"}).encode()


def test_what_is_loaded_is_out_of_the_collectors_sight_and_what_comes_later_is_not():
    loaded = [[] for _ in range(100)]
    usual = sys.getswitchinterval()
    try:
        server.settle()
        assert sys.getswitchinterval() < usual
        assert gc.get_freeze_count() > len(loaded)
        later = [[]]
        seen = {id(one) for one in gc.get_objects()}
        assert id(later) in seen
        assert not seen & {id(one) for one in loaded}
    finally:
        gc.unfreeze()
        sys.setswitchinterval(usual)


HEAPS = """
import ctypes, sys, threading
from api import server
if sys.argv[1:]:
    server.share_heaps()
taken, done = threading.Barrier(13), threading.Barrier(13)
malloc = ctypes.CDLL(None).malloc
malloc.restype = ctypes.c_void_p
places = []
def work():
    places.append(malloc(1000))
    taken.wait()
    done.wait()
threads = [threading.Thread(target=work) for _ in range(12)]
for one in threads:
    one.start()
taken.wait()
# A heap of glibc that is not the first one is given 64 MiB of addresses, on a boundary of 64 MiB
print(len({place // 2**26 for place in places}))
done.wait()
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library has no such heaps")
def test_threads_share_two_heaps():
    def heaps(*arguments):
        run = [sys.executable, "-c", HEAPS, *arguments]
        done = subprocess.run(run, capture_output=True, text=True, timeout=60, env=clean_environ())
        assert done.returncode == 0, done.stderr
        return int(done.stdout)

    assert heaps("shared") <= 2 < heaps()


def test_where_the_c_library_knows_no_heaps_the_service_starts_all_the_same(monkeypatch):
    monkeypatch.setattr(server.ctypes, "CDLL", lambda name: object())
    server.share_heaps()


class Served:
    """A service of two workers, its parent process and its address."""

    def __init__(self, parent, url, log):
        self.parent, self.url, self.log = parent, url, log

    def workers(self):
        """Process ids of those that serve, not of the one that keeps count for the system."""
        tasks = Path(f"/proc/{self.parent.pid}/task")
        children = {
            pid for task in tasks.iterdir() for pid in (task / "children").read_text().split()
        }
        found = set()
        for pid in children:
            # One may end between the list and the look at it
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes():
                    found.add(int(pid))
        return found

    def ask(self):
        request = urllib.request.Request(
            f"{self.url}/v1/ask", QUESTION, {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)["status"]

    def metrics(self):
        with urllib.request.urlopen(f"{self.url}/metrics", timeout=30) as answer:
            return answer.read().decode()


@contextmanager
def served(data, folder, *, encoder=None):
    port = free_port()
    environ = clean_environ() | ({"FUENTE_ENCODER": encoder} if encoder else {})
    command = [sys.executable, "-m", "api.cli", "serve", "--workers", "2", "--data", str(data)]
    log = folder / "server.log"
    with log.open("wb") as output:
        parent = subprocess.Popen(
            [*command, "--port", str(port)],
            cwd=folder,
            env=environ | {"TMPDIR": str(folder)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield Served(parent, f"http://127.0.0.1:{port}", log)
    finally:
        parent.kill()
        parent.wait(20)


@contextmanager
def serving(samples_data, folder):
    shutil.copytree(samples_data, folder / "data")
    with served(folder / "data", folder) as one:
        wait_until_ready(one.url, one.parent, one.log)
        yield one


@pytest.fixture
def two(samples_data, tmp_path):
    """A service of its own for a test that ends it."""
    with serving(samples_data, tmp_path) as one:
        yield one


@pytest.fixture(scope="module")
def lasting(samples_data, tmp_path_factory):
    """A service that outlives what is done to its workers."""
    with serving(samples_data, tmp_path_factory.mktemp("lasting")) as one:
        yield one


def until(what, within_s):
    """What ``what()`` gives as soon as it is true, and the seconds that took."""
    began = time.monotonic()
    while time.monotonic() < began + within_s:
        found = what()
        if found:
            return found, time.monotonic() - began
        time.sleep(0.02)
    raise AssertionError(f"not within {within_s} s")


def all_asked(two):
    """The process ids of both workers, when each has answered a question."""

    def answered():
        two.ask()
        counted = {p.name for p in two.log.parent.rglob("counter_*.db")}
        workers = two.workers()
        return len(workers) == 2 and {f"counter_{pid}.db" for pid in workers} <= counted and workers

    return until(answered, 120)[0]


def gone(pids, within_s):
    """True when all these processes have ended by then."""
    handles = []
    for pid in pids:
        try:
            handles.append(os.pidfd_open(pid))
        except ProcessLookupError:
            continue
    try:
        deadline = time.monotonic() + within_s
        for handle in handles:
            if not select.select([handle], [], [], max(0, deadline - time.monotonic()))[0]:
                return False
        return True
    finally:
        for handle in handles:
            os.close(handle)


@pytest.mark.slow
def test_a_killed_worker_is_replaced_and_no_later_question_is_lost(lasting):
    two = lasting
    before = all_asked(two)
    victim = min(before)
    os.kill(victim, signal.SIGKILL)
    assert gone([victim], 10)
    failed, n_asked, stop = [], [], threading.Event()

    def ask():
        while not stop.is_set():
            try:
                n_asked.append(two.ask())
            except OSError as error:
                failed.append(error)

    askers = [threading.Thread(target=ask) for _ in range(2)]
    for asker in askers:
        asker.start()
    try:
        after, seconds = until(lambda: len(two.workers()) == 2 and two.workers(), 60)
        assert len(after - before) == 1
        all_asked(two)
    finally:
        stop.set()
        for asker in askers:
            asker.join(60)
    assert failed == []
    assert len(n_asked) > 2
    assert set(n_asked) <= {"answered", "abstained"}
    # on a machine that others keep busy, only that it is replaced at all
    if os.getloadavg()[0] < 2 * (os.cpu_count() or 1):
        assert seconds < 2
    assert "died" in two.log.read_text()


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda s: s.name)
def test_the_signal_to_stop_ends_all_processes_also_after_a_worker_was_killed(two, number):
    workers, _ = until(lambda: len(two.workers()) == 2 and two.workers(), 60)
    os.kill(min(workers), signal.SIGKILL)
    time.sleep(0.1)
    all_of_them = two.workers() | workers
    two.parent.send_signal(number)
    assert two.parent.wait(30) == 0
    assert gone(all_of_them, 10)
    assert not list(two.log.parent.glob("fuente-metrics-*"))
    with pytest.raises(OSError, match="refused"):
        two.ask()


@pytest.mark.slow
def test_workers_end_when_their_parent_is_killed(two):
    workers, _ = until(lambda: len(two.workers()) == 2 and two.workers(), 60)
    two.parent.kill()
    two.parent.wait(20)
    assert gone(workers, 20)


@pytest.mark.slow
def test_one_scrape_counts_the_questions_of_all_workers(lasting):
    two = lasting
    all_asked(two)
    asked = r'route="/v1/ask",status="200"} (\d+)\.0'

    def count():
        """A question is counted when its answer has gone out, so the last one may come a moment later."""
        time.sleep(0.5)
        return int(re.search(asked, two.metrics())[1])

    before = count()
    for _ in range(12):
        two.ask()
    until(lambda: count() == before + 12, 20)
    path = f'route="/v1/ask",status="200"}} {before + 12}.0'
    counted = {p.name for p in two.log.parent.rglob("counter_*.db")}
    victim = min(two.workers())
    os.kill(victim, signal.SIGKILL)
    assert gone([victim], 10)
    # What a dead worker had counted still counts; what it had in flight does not, once it is buried
    assert path in two.metrics()
    assert counted <= {p.name for p in two.log.parent.rglob("counter_*.db")}
    until(lambda: not Path(f"/proc/{victim}").exists(), 20)
    assert "\nfuente_questions_in_flight 0.0\n" in two.metrics()
    assert not list(two.log.parent.rglob(f"gauge_live*_{victim}.db"))


@pytest.mark.slow
def test_what_keeps_the_workers_from_starting_is_one_line_and_ends_the_service(tmp_path):
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "model.int8.onnx").touch()
    with served(tmp_path, tmp_path, encoder=str(tmp_path / "broken")) as one:
        assert one.parent.wait(60) == 1
        lines = [line for line in one.log.read_text().splitlines() if line.startswith("fuente: ")]
        assert any("broken" in line for line in lines)
        assert "Traceback" not in one.log.read_text()


def test_a_port_in_use_is_one_line(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "api.cli", "serve", "--workers", "2", "--port", str(port)],
            cwd=tmp_path,
            env=clean_environ(),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 1
    assert f"port {port} on 127.0.0.1 is in use" in done.stderr
    assert done.stderr.count("\n") == 1
