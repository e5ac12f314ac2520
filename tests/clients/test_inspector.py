"""The inspector of the Model Context Protocol, over HTTP and over stdio. Skipped where npm has not fetched it."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from conftest import FUENTE, PDF, QUESTIONS

BIN = Path(__file__).parent / "node_modules" / ".bin"

pytestmark = pytest.mark.skipif(
    not all((BIN / name).exists() for name in ("node", "mcp-inspector")),
    reason="the inspector is not there (make clients fetches it with npm)",
)


def inspect(*arguments: str) -> dict:
    """What one method gives. The inspector wants a newer Node than many systems have, which npm brings."""
    environ = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        [BIN / "mcp-inspector", "--cli", *arguments],
        capture_output=True,
        text=True,
        timeout=100,
        env=environ,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def over_http(service) -> list[str]:
    key = f"Authorization: Bearer {service.key}"
    return [f"{service.url}/mcp", "--transport", "http", "--header", key]


def test_the_inspector_lists_and_calls_tools_over_http(service):
    listed = inspect(*over_http(service), "--method", "tools/list")
    names = [tool["name"] for tool in listed["tools"]]
    assert names == ["ask", "search", "fetch", "list_documents"]
    question = QUESTIONS["Spanish"].text
    call = ["--method", "tools/call", "--tool-name", "ask", "--tool-arg", f"question={question}"]
    told = inspect(*over_http(service), *call)["structuredContent"]
    assert told["quotes"][0]["document_id"] == PDF
    assert service.opened(told["quotes"][0]["url"]) == told["quotes"][0]["quote"]


def test_the_inspector_lists_tools_over_stdio(service):
    command = [FUENTE, "mcp", "--data", str(service.data)]
    listed = inspect(*command, "--method", "tools/list")
    assert len(listed["tools"]) == 4
