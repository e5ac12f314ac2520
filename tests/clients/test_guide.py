"""The snippets of the guide "Use it from …", in both languages, run as they stand but for address and key."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
import yaml
from conftest import ROOT, Service

HERE = Path(__file__).parent
GUIDES = {"en": "clients.md", "es": "clients.es.md"}
SNIPPETS = [
    pytest.param(kind, code, id=f"{lang}-{number}-{kind}")
    for lang, name in GUIDES.items()
    for number, (kind, code) in enumerate(
        re.findall(
            r"^```(\w+)\n(.*?)^```$",
            (ROOT / "api" / "guides" / name).read_text("utf-8"),
            flags=re.MULTILINE | re.DOTALL,
        )
    )
]


def of(service: Service, code: str) -> str:
    return code.replace("http://127.0.0.1:8000", service.url).replace("KEY", service.key)


def run(command: list[str | Path], **how: object) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, **how)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.mark.parametrize(("kind", "code"), SNIPPETS)
def test_a_snippet_does_what_it_shows(service, kind, code):
    if kind == "python":
        shown = run([sys.executable, "-c", of(service, code)])
        assert service.url in shown or "part.confidence" in code, shown
    elif kind == "bash" and code.startswith("curl"):
        answer = json.loads(run(["bash", "-c", of(service, code)]))
        results = answer.get("results") or answer["choices"][0]["message"]["annotations"]
        assert results
        if "results" in answer:
            assert results[0]["index"] == 1
    elif kind == "js":
        if shutil.which("node") is None or not (HERE / "node_modules").is_dir():
            pytest.skip("Node or its packages are not there")
        shown = run(["node", "--input-type=module", "-e", of(service, code)], cwd=HERE)
        assert f"{service.url}/d/" in shown
    elif kind == "yaml":
        [endpoint] = yaml.safe_load(code)["endpoints"]["custom"]
        assert endpoint.keys() >= {"name", "apiKey", "baseURL", "models"}
    elif kind == "json":
        assert json.loads(code)
    elif kind == "html":
        [address] = re.findall(r'src="([^"]+)"', of(service, code))
        assert b"fuente-widget" in urllib.request.urlopen(address, timeout=20).read()
    else:
        # Nobody starts a container here
        assert code.startswith("docker run")
