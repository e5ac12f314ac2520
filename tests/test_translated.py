"""What the layers below say of errors is told in Spanish too, with all that stands in it."""

import ast
import json
import time
from functools import cache

import pytest
from conftest import ROOT

from api.messages import told, translated
from corpus.document import NoIndexError, StoreError
from corpus.storage import storage_error

SPANISH = json.loads((ROOT / "api" / "messages" / "errors.es.json").read_text("utf-8"))
BUILT_IN = {"ValueError", "TypeError", "RuntimeError", "OSError", "KeyError", "LookupError"}
# The door's own errors name a text of the catalogue and are no sentences themselves
OF_THE_DOOR = {"ProblemError", "OpenAIError", "HTTPException", "PydanticCustomError"}


class Module:
    """One file: the functions and constants that its messages are put together of."""

    def __init__(self, path):
        self.path = path.relative_to(ROOT).as_posix()
        self.tree = ast.parse(path.read_text("utf-8"))
        self.functions = {n.name: n for n in ast.walk(self.tree) if isinstance(n, ast.FunctionDef)}
        self.constants = {
            target.id: node.value
            for node in self.tree.body
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
            if isinstance(target, ast.Name)
        }

    def texts(self, node, depth=0):
        """What an expression can say, with ``{}`` for each value in it."""
        match node:
            case ast.Constant(value=str(text)):
                return [text]
            case ast.JoinedStr(values=values):
                return [
                    "".join(
                        getattr(v, "value", "") if isinstance(v, ast.Constant) else "{}"
                        for v in values
                    )
                ]
            case ast.IfExp(body=one, orelse=other):
                return self.texts(one, depth) + self.texts(other, depth)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                ends = self.texts(right, depth) or ["{}"]
                return [a + b for a in self.texts(left, depth) or ["{}"] for b in ends]
            case ast.Name(id=name) if name in self.constants and depth < 3:
                return self.texts(self.constants[name], depth + 1)
            case ast.Call(func=ast.Name(id=name)) if name in self.functions and depth < 3:
                returns = [n for n in ast.walk(self.functions[name]) if isinstance(n, ast.Return)]
                return [t for n in returns if n.value for t in self.texts(n.value, depth + 1)]
        return []


@cache
def modules():
    paths = [p for layer in ("corpus", "index", "qa", "api") for p in (ROOT / layer).rglob("*.py")]
    return [Module(path) for path in sorted(paths) if "training" not in path.parts]


def raised():
    """Every text of an error of ours that is raised, and of a file that is skipped, with where."""
    found = {}
    for module in modules():
        for node in ast.walk(module.tree):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            kind = node.func.id
            if kind != "Skipped" and (not kind.endswith("Error") or kind in BUILT_IN | OF_THE_DOOR):
                continue
            args = node.args[:1] if kind == "MissingExtraError" else node.args
            for text in (t for arg in args for t in module.texts(arg)):
                if any(c.isalpha() for c in text.replace("{}", "")):
                    found.setdefault(text, f"{module.path}:{node.lineno}")
    return sorted(found.items())


@pytest.mark.parametrize(("text", "where"), raised(), ids=lambda one: one[:60])
def test_every_error_is_told_in_spanish_with_all_that_stands_in_it(text, where):
    pieces, values = text.split("{}"), [f"⟨{n}⟩" for n in range(text.count("{}"))]
    english = "".join(a + b for a, b in zip(pieces, [*values, ""], strict=True))
    spanish = translated(english, "es")
    assert spanish is not None, f"{where}: write it into api/messages/errors.es.json"
    assert spanish != english
    assert [value for value in values if value not in spanish] == []
    assert translated(english, "en") == english


def kept():
    """What is said of what a disk refuses to keep, with where."""
    places = {"saving": 0, "storage_error": 1, "Lines": 1}
    found = {}
    for module in modules():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in places:
                for text in module.texts(node.args[places[node.func.id]]):
                    if any(c.isalpha() for c in text.replace("{}", "")):
                        found.setdefault(text, f"{module.path}:{node.lineno}")
    return sorted(found.items())


@pytest.mark.parametrize(("what", "where"), kept(), ids=lambda one: one[:60])
def test_what_was_not_kept_is_told_in_spanish(what, where):
    english = str(storage_error(OSError(28, "No space left"), what.replace("{}", "⟨0⟩")))
    spanish = translated(english, "es")
    words = {"the", "that", "of", "is", "was", "a", "where", "what"}
    assert not words & set(spanish.split()), f"{where}: write it into api/messages/errors.es.json"


def _parts(node):
    """The constant parts of a text with values; of a format, what stands in it too."""
    return [
        n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)
    ]


def test_every_spanish_text_is_of_something_that_is_said_and_has_the_same_places():
    said = "\n".join(
        text
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant | ast.JoinedStr)
        for text in [*module.texts(node), *_parts(node)]
    )
    for english, spanish in SPANISH.items():
        assert english.count("{}") == spanish.count("{}"), english
        assert [p for p in english.split("{}") if p not in said] == [], english


def test_a_value_that_is_a_text_itself_is_told_in_spanish_too():
    english = "build b1 is damaged: x/dense.faiss is missing; activate another build (`fuente builds list`) or run `fuente build --full`"
    spanish = "el índice b1 está dañado: falta x/dense.faiss; activa otra versión (`fuente builds list`) o ejecuta `fuente build --full`"
    assert translated(english, "es") == spanish
    assert told(StoreError(english), "es") == spanish


def test_numbers_are_written_as_spanish_has_them_and_names_stay():
    said = {
        "2,383 of the first 19,922 characters are control characters, so this is binary data and not text; give it the suffix "
        "of its real format or remove it": (
            "2383 de los primeros 19\N{NO-BREAK SPACE}922 caracteres",
        ),
        "the PDF has 1,234,567 bytes and draws so much that 1 of its 9 pages took 12.5 s; the limit is 3.1 s; print it to a new "
        "PDF or split it": (
            "1\N{NO-BREAK SPACE}234\N{NO-BREAK SPACE}567 bytes",
            "12,5 s",
            "de 3,1 s",
        ),
        "nothing has been built in a,b 1.5; run `fuente build FOLDER`": ("en a,b 1.5;",),
    }
    for english, pieces in said.items():
        spanish = translated(english, "es")
        assert [piece for piece in pieces if piece not in spanish] == [], spanish
        assert translated(english, "en") == english


def test_what_is_not_known_is_told_by_its_kind_with_its_words():
    for unknown in ("something new", "something new; do this", "a: b; c, d"):
        assert translated(unknown, "es") is None
    assert told(NoIndexError("something new"), "es").endswith("(something new)")
    assert told(NoIndexError("something new"), "en") == "something new"


def test_a_text_made_to_cost_time_costs_none():
    for part in ("a: ", "x; expected ", ": {} is , ", "the x is {} not {} (a: b); ", "; "):
        began = time.process_time()
        translated(part * 2_000, "es")
        assert time.process_time() - began < 2
