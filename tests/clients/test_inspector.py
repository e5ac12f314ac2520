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


# Both kinds of client that there are: with a handshake, and from the revision 2026-07-28 on without
ERAS = pytest.mark.parametrize(
    "era", [("--protocol-era", "legacy"), ("--protocol-era", "modern")], ids=lambda era: era[1]
)


def inspect(*arguments: str) -> dict:
    """What one method gives."""
    done = started(*arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def started(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The inspector, at its end. It wants a newer Node than many systems have, which npm brings."""
    environ = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.run(
        [BIN / "mcp-inspector", "--cli", *arguments],
        capture_output=True,
        text=True,
        timeout=100,
        env=environ,
        stdin=subprocess.DEVNULL,
    )


def over_http(service, key: str | None = None) -> list[str]:
    header = f"Authorization: Bearer {key or service.key}"
    return [f"{service.url}/mcp", "--transport", "http", "--header", header]


def asking(question: str) -> list[str]:
    return ["--method", "tools/call", "--tool-name", "ask", "--tool-arg", f"question={question}"]


@ERAS
def test_the_inspector_lists_tools_over_http(service, era):
    listed = inspect(*over_http(service), "--method", "tools/list", "--strict", *era)
    names = [tool["name"] for tool in listed["tools"]]
    assert names == ["ask", "search", "fetch", "list_documents"]


@ERAS
def test_the_inspector_asks_over_http(service, question, era):
    told = inspect(*over_http(service), *asking(question.text), *era)["structuredContent"]
    if question.document is None:
        assert (told["status"], told["quotes"]) == ("abstained", [])
        return
    assert question.words in told["answer"]
    assert question.document in [one["document_id"] for one in told["quotes"]]
    for one in told["quotes"]:
        assert service.opened(one["url"]) == one["quote"]


@ERAS
def test_the_inspector_asks_over_stdio(service, era):
    command = [FUENTE, "mcp", "--data", str(service.data)]
    told = inspect(*command, *asking(QUESTIONS["Spanish"].text), *era)["structuredContent"]
    assert told["quotes"][0]["document_id"] == PDF


def test_the_inspector_is_told_of_a_wrong_key(service):
    done = started(*over_http(service, "wrong"), "--method", "tools/list")
    assert done.returncode != 0
    assert "auth_required" in done.stdout + done.stderr
