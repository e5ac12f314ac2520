"""Unmodified clients for JavaScript: openai and the AI SDK. Skipped where there is no Node or npm."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
MODULES = HERE / "node_modules"

pytestmark = pytest.mark.skipif(
    shutil.which("node") is None or not MODULES.is_dir(),
    reason="Node or its packages are not there (make clients fetches them with npm)",
)


def test_javascript_clients(service, question):
    given = [service.url, service.key, question.text, question.document or ""]
    done = subprocess.run(
        ["node", HERE / "clients.mjs", *given], capture_output=True, text=True, timeout=100
    )
    assert done.stdout.strip().endswith("fine"), done.stderr[-3000:]
