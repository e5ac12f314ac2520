"""Who may import whom, read from the source; and what a command that only prints must not load."""

import ast
import functools
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, clean_environ

LAYERS = ["corpus", "index", "qa", "api"]
SOURCES = sorted(p for layer in LAYERS for p in (ROOT / layer).rglob("*.py"))
# package: the only files or folders that may import it
CONFINED = {
    "faiss": {"index/local/dense.py"},
    **dict.fromkeys(
        ("torch", "transformers", "sentence_transformers", "safetensors", "onnx"),
        {"index/models", "index/training"},
    ),
    "scipy": {"index/training", "qa/evaluation/calibrate.py"},
    "psycopg": {"index/postgres"},
    "pymilvus": {"index/milvus"},
    "ray": {"index/encoding/ray.py"},
    **dict.fromkeys(("fsspec", "s3fs"), {"index/objects.py"}),
    "onnxruntime": {"index/encoder.py", "index/training/train.py"},
    "fastapi": {"api"},
    "pydantic": {"api"},
    "uvicorn": {"api"},
    "starlette": {"api"},
    "prometheus_client": {"api/metrics.py"},
}


def name_of(path):
    return path.relative_to(ROOT).as_posix()


@functools.cache
def tree_of(path):
    return ast.parse(path.read_text("utf-8"), name_of(path))


def imported(tree):
    """Full names of the modules a source imports, wherever in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide the layer"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def top(module):
    return module.split(".")[0]


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_a_module_imports_no_layer_above_its_own(path):
    own = LAYERS.index(name_of(path).split("/")[0])
    above = [m for m in imported(tree_of(path)) if top(m) in LAYERS[own + 1 :]]
    assert above == []


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_a_package_is_imported_only_where_it_belongs(path):
    name = name_of(path)
    for module in imported(tree_of(path)):
        places = CONFINED.get(top(module))
        folders = {folder.as_posix() for folder in Path(name).parents}
        assert places is None or {name, *folders} & places, f"{name} imports {module}"


def test_questions_reach_an_index_through_its_contract_only():
    """But for the place where builds of a data directory are opened; evaluation makes small indexes of its own."""
    reaching = {
        (name_of(path), module)
        for path in SOURCES
        if name_of(path).startswith("qa/")
        for module in imported(tree_of(path))
        if module.startswith("index.local.") and module.count(".") == 2
    }
    assert reaching == {
        ("qa/engine.py", "index.local.store"),
        ("qa/evaluation/calibrate.py", "index.local.build"),
        ("qa/evaluation/evaluate.py", "index.local.build"),
    }


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_the_environment_is_read_only_by_the_settings(path):
    if name_of(path) == "api/settings.py":
        return
    tree = tree_of(path)
    read = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in ("environ", "environb", "getenv", "putenv")
    ]
    assert read == []
    assert not {"os.environ", "os.getenv"} & set(imported(tree))


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_only_the_command_line_and_the_trainer_print(path):
    if name_of(path).startswith("api/cli/") or name_of(path) == "index/training/train.py":
        return
    printed = [
        node.lineno
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("print", "breakpoint", "input")
    ]
    assert printed == []


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_no_error_is_swallowed_by_a_bare_except(path):
    bare = [
        n.lineno for n in ast.walk(tree_of(path)) if isinstance(n, ast.ExceptHandler) and not n.type
    ]
    assert bare == []


def test_every_layer_was_looked_at():
    assert {Path(name_of(p)).parts[0] for p in SOURCES} == set(LAYERS)
    assert len(SOURCES) > 20


def loaded_by(tmp_path, *arguments):
    program = (
        "import runpy, sys\n"
        f"sys.argv = ['fuente', *{list(arguments)!r}]\n"
        "try:\n    runpy.run_module('api.cli', run_name='__main__')\n"
        "except SystemExit as stop:\n    assert not stop.code, stop.code\n"
        "print('\\nLOADED', *sorted(m for m in sys.modules if '.' not in m))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env=clean_environ(),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return set(done.stdout.rpartition("LOADED")[2].split())


@pytest.mark.parametrize(
    "arguments", [("--help",), ("--version",), ("serve", "--help")], ids=" ".join
)
def test_help_loads_nothing_heavy(tmp_path, arguments):
    heavy = {"torch", "faiss", "transformers", "sentence_transformers", "onnxruntime", "fastapi"}
    heavy |= {"numpy", "pydantic", "uvicorn", "starlette", "tokenizers", "selectolax", "pypdfium2"}
    assert heavy & loaded_by(tmp_path, *arguments) == set()
    assert list(tmp_path.iterdir()) == []
