"""The page at /docs, made from the OpenAPI description: no script, nothing from elsewhere."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from api.messages import UiLang, say
from api.problems import MEDIA_TYPE, PROBLEMS

_STYLE = """
:root{color-scheme:light dark;--line:#8884;--soft:#8881}
body{font:1rem/1.55 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
h1,h2{line-height:1.2}h2{margin-top:2.5rem}
code,pre{font:.9em ui-monospace,monospace}
pre{background:var(--soft);padding:1rem;overflow-x:auto;border-radius:.5rem}
section{border-top:1px solid var(--line);padding:.75rem 0}
section h3{margin:0;font:600 1rem ui-monospace,monospace;overflow-wrap:anywhere}
.m{display:inline-block;min-width:4.5em}
table{border-collapse:collapse;width:100%;display:block;overflow-x:auto}
th,td{text-align:left;vertical-align:top;padding:.35rem .75rem .35rem 0}
th,td{border-bottom:1px solid var(--line)}
""".strip()

_EXAMPLE = """curl http://127.0.0.1:8000/v1/ask \\
  -H 'Content-Type: application/json' \\
  -d '{"query": "…"}'"""

_NO_CONTROLS = r"^[^\u0000-\u001f\u007f-\u009f]+$"


def tell_problems(schema: dict[str, Any], is_ours: Callable[[str], bool]) -> dict[str, Any]:
    """The description, with what every endpoint says when something is wrong: of our own a problem, and of which type, of
    a door what its vendor's clients read. No parameter in an address takes control characters.

    Doing it again changes nothing.
    """
    problem = {"$ref": "#/components/schemas/ProblemBody"}
    for path, methods in schema["paths"].items():
        for operation in methods.values():
            for parameter in operation.get("parameters", ()):
                if parameter["in"] == "path" and parameter["schema"].get("type") == "string":
                    parameter["schema"].setdefault("pattern", _NO_CONTROLS)
            responses = operation["responses"]
            # The framework describes an error of its own shape here, which nobody ever gets
            responses.pop("422", None)
            if not is_ours(path):
                responses["default"] = {
                    "description": "An error, as clients of this contract read it.",
                    "content": {"application/json": {"schema": {"type": "object"}}},
                }
                continue
            for response in responses.values():
                content = response.get("content", {})
                if content.get("application/json", {}).get("schema") == problem:
                    content[MEDIA_TYPE] = content.pop("application/json")
            responses["default"] = {
                "description": "A problem (RFC 9457); `code` says which, /docs lists them all.",
                "content": {MEDIA_TYPE: {"schema": problem}},
            }
    return schema


def docs_policy() -> str:
    """The Content-Security-Policy of the page: its own style by hash, and nothing else at all."""
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )


def render_docs(schema: Mapping[str, Any], lang: UiLang) -> str:
    """The whole HTML page."""

    def words(name: str) -> str:
        return escape(say(lang, f"docs.{name}"))

    rows = [
        f'<tr id="{escape(code)}"><td><code>{escape(code)}</code><td>{problem.status}'
        f"<td>{escape(problem.title.of(lang))}<td>{escape(problem.remedy.of(lang))}"
        for code, problem in PROBLEMS.items()
    ]
    sections = [
        _operation(method, path, operation, schema, lang)
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    ]
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{words('title')}</title><style>{_STYLE}</style></head><body>"
        f"<h1>{words('title')}</h1>"
        f'<p>{words("intro")} <a href="openapi.json"><code>/openapi.json</code></a>. '
        f"{words('offsets')}</p>"
        f"<h2>{words('example')}</h2><pre>{escape(_EXAMPLE)}</pre>"
        f'<h2>{words("endpoints")}</h2><div lang="en">{"".join(sections)}</div>'
        f"<h2>{words('problems')}</h2><table><thead><tr><th>{words('code')}<th>{words('status')}"
        f"<th>{words('meaning')}<th>{words('remedy')}</thead><tbody>{''.join(rows)}</tbody></table>"
        "</body></html>"
    )


def render_no_page(lang: UiLang, home: str) -> str:
    """What a person sees at an address where nothing is: a page with the way to the question box, at ``home``."""

    def words(name: str) -> str:
        return escape(say(lang, f"docs.no_page.{name}"))

    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{words('title')} · Fuente</title><style>{_STYLE}</style></head><body>"
        f'<main><h1>{words("title")}</h1><p>{words("text")}</p><p><a href="{escape(home)}">{words("home")}</a></p>'
        "</main></body></html>"
    )


def _operation(
    method: str, path: str, operation: Mapping[str, Any], schema: Mapping[str, Any], lang: UiLang
) -> str:
    lines = [
        f'<section><h3><span class="m">{escape(method.upper())}</span>{escape(path)}</h3>',
        *(
            f"<p>{escape(part)}</p>"
            for part in operation.get("description", "").split("\n\n")
            if part
        ),
    ]
    parameters = [_parameter(one, lang) for one in operation.get("parameters", [])]
    if parameters:
        lines.append(f"<p>{escape(say(lang, 'docs.parameters'))}: {', '.join(parameters)}</p>")
    for kind, content in operation.get("requestBody", {}).get("content", {}).items():
        fields = _fields(content.get("schema", {}), schema)
        named = ", ".join(f"<code>{escape(name)}</code>" for name in fields)
        lines.append(
            f"<p>{escape(say(lang, 'docs.body'))} (<code>{escape(kind)}</code>): {named}</p>"
        )
    return "".join(lines) + "</section>"


def _parameter(parameter: Mapping[str, Any], lang: UiLang) -> str:
    default = parameter.get("schema", {}).get("default")
    shown = "" if default in (None, "") else f" ({say(lang, 'docs.default')} {default})"
    return f"<code>{escape(parameter['name'])}</code>{escape(shown)}"


def _fields(part: Mapping[str, Any], schema: Mapping[str, Any]) -> list[str]:
    """Names of the fields of a body, through references and alternatives."""
    if "$ref" in part:
        name = str(part["$ref"]).rsplit("/", 1)[-1]
        return _fields(schema["components"]["schemas"][name], schema)
    for choice in part.get("anyOf", []):
        if found := _fields(choice, schema):
            return found
    return list(part.get("properties", {}))
