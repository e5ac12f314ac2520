"""The page's own functions, tested in node; and that every file of it is whole JavaScript."""

import shutil
import subprocess
from pathlib import Path

import pytest
from browser import PAGE

NODE = shutil.which("node") or shutil.which("nodejs")
needs_node = pytest.mark.skipif(NODE is None, reason="there is no node (apt-get install nodejs)")
SCRIPTS = sorted(PAGE.rglob("*.js"))
UNITS = Path(__file__).with_name("page.test.mjs")


@pytest.fixture
def modules(tmp_path):
    """The page's scripts where node takes them for modules."""
    for script in SCRIPTS:
        shutil.copy(script, tmp_path)
    shutil.copy(UNITS, tmp_path)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    return tmp_path


@needs_node
def test_what_the_page_reckons_is_right(modules):
    done = subprocess.run(
        [NODE, "--test", UNITS.name],
        cwd=modules,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


@needs_node
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_every_script_can_be_read(modules, script):
    done = subprocess.run(
        [NODE, "--check", script.name],
        cwd=modules,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
