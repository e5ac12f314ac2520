"""What the READMEs and the guides say is what the program does: settings, commands, paths, answers, figures."""

import argparse
import functools
import json
import re
import shlex
from textwrap import dedent

import pytest
from conftest import ROOT
from fastapi.testclient import TestClient
from hash_encoder import HashEncoder

from api import __version__, cli
from api.app import create_app, routers_of
from api.cli.ask import _print_answer as print_answer
from api.guard import Scopes
from api.settings import load_settings, settings_table
from index.reader import load_reader
from qa.engine import Engine, Query, SearchOptions

LANGS = ("en", "es")
ENDINGS = {"en": ".md", "es": ".es.md"}
GUIDES = sorted(
    path.name.removesuffix(".es.md") for path in (ROOT / "api" / "guides").glob("*.es.md")
)
# what there is in both languages, by its name without the ending
PAIRS = ["README", *(f"api/guides/{name}" for name in GUIDES)]
LAYERS = ["api", "corpus", "index", "qa"]
MODEL_CARD = "index/encoders/fuente-es-en/README.md"
DOCUMENTS = [
    *(pair + ending for pair in PAIRS for ending in ENDINGS.values()),
    *(f"{layer}/README.md" for layer in LAYERS),
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    MODEL_CARD,
]
MOST_LINES = 150
# Sent to people and browsers, not listed in the description for programs.
UNLISTED = {
    "GET /",
    "GET /owner",
    "GET /widget.js",
    "GET /docs",
    "GET /openapi.json",
    "GET /d/{doc_id}",
    "GET /tools/openapi.json",
}


def read(name):
    return (ROOT / name).read_text("utf-8")


def guide(name, lang):
    return read(f"api/guides/{name}{ENDINGS[lang]}")


def code_lines(text):
    """Lines of code of a Markdown text: indented by four, or between fences."""
    fenced = re.findall(r"^```\w*\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)
    indented = [line[4:] for line in text.splitlines() if line.startswith("    ")]
    return [line for block in fenced for line in block.splitlines()] + indented


def commands_in(text):
    """Every `fuente …` in the code of a Markdown text, as its words."""
    spans = re.findall(r"`([^`\n]+)`", text) + code_lines(text)
    found = []
    for span in spans:
        match = re.search(r"(?:^|[\s/])fuente ((?:--)?[a-z][^#|]*)", span)
        if match:
            found.append(match[1].replace("[", " ").replace("]", " ").split())
    return found


@functools.cache
def parsers():
    """Each subcommand with its parser."""
    actions = cli._parser()._actions
    return next(a.choices for a in actions if isinstance(a, argparse._SubParsersAction))


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    data = tmp_path_factory.mktemp("data")
    engine = Engine(data, HashEncoder())
    with TestClient(create_app(load_settings({}, data), engine), "http://127.0.0.1:8000") as client:
        yield client


def test_every_guide_is_there_in_both_languages_and_in_the_index():
    names = {path.name for path in (ROOT / "api" / "guides").glob("*.md")}
    assert names == {name + ending for name in GUIDES for ending in ENDINGS.values()}
    assert all(f"](guides/{name})" in read("api/README.md") for name in names)


@pytest.mark.parametrize("lang", LANGS)
def test_the_readme_can_be_read_in_one_sitting(lang):
    assert len(read("README" + ENDINGS[lang]).splitlines()) <= MOST_LINES


@pytest.mark.parametrize("layer", LAYERS)
def test_every_module_that_a_layer_names_is_there(layer):
    for name in re.findall(r"`([\w/]+\.py)`", read(f"{layer}/README.md")):
        found = [ROOT / name, *(ROOT / layer).rglob(name.rpartition("/")[2])]
        assert any(path.as_posix().endswith(f"/{name}") and path.exists() for path in found), name


@pytest.mark.parametrize("lang", LANGS)
def test_the_settings_are_those_of_the_program(lang, request):
    """``pytest --update-golden`` writes the tables anew."""
    if request.config.getoption("--update-golden"):
        path = ROOT / "api" / "guides" / f"settings{'' if lang == 'en' else '.es'}.md"
        before, _, after = re.split("<!-- /?settings -->", text := path.read_text("utf-8"))
        table = f"<!-- settings -->\n{settings_table(lang)}\n<!-- /settings -->"
        if f"{before}{table}{after}" != text:
            path.write_text(f"{before}{table}{after}", "utf-8")
    between = guide("settings", lang).split("<!-- settings -->")[1].split("<!-- /settings -->")[0]
    assert between.strip() == settings_table(lang)


@pytest.mark.parametrize("lang", LANGS)
def test_every_subcommand_and_option_is_named_in_its_line_of_the_table(lang):
    text = guide("commands", lang)
    rows = re.findall(r"^\| `fuente (\w+)(.*)$", text, flags=re.MULTILINE)
    assert [name for name, _ in rows] == list(parsers())
    everywhere = ("--help", "--data")
    for name, row in rows:
        for action in parsers()[name]._actions:
            for option in action.option_strings:
                named = text if option in everywhere else row
                assert option == "-h" or f"{option}" in named, f"fuente {name} {option}"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_command_is_shown_that_the_program_does_not_have(name):
    for words in commands_in(read(name)):
        first = words[0]
        if first in ("--help", "--version"):
            continue
        assert first in parsers(), words
        known = {option for a in parsers()[first]._actions for option in a.option_strings}
        given = {w.split("=")[0] for w in words[1:] if re.fullmatch(r"--?[a-z][a-z-]*(=.*)?", w)}
        assert given <= known, words


@pytest.mark.parametrize("lang", LANGS)
def test_the_table_of_paths_is_what_the_service_has(lang, client):
    named = set(re.findall(r"^\| `([A-Z]+ /[^`]*)` \|", guide("http", lang), flags=re.MULTILINE))
    served = {
        f"{method.upper()} {path}"
        for path, methods in client.app.openapi()["paths"].items()
        for method in methods
    }
    assert named - UNLISTED == served
    assert UNLISTED <= named
    for entry in UNLISTED:
        assert client.get(entry.removeprefix("GET ").format(doc_id="a.txt")).status_code == 200


@pytest.mark.parametrize("name", [name for name in DOCUMENTS if name != "CHANGELOG.md"])
def test_every_other_path_in_the_text_exists(name, client):
    paths = set(client.app.openapi()["paths"]) | {e.removeprefix("GET ") for e in UNLISTED}
    patterns = [re.sub(r"\{\w+\}", ".+", path) for path in paths]
    for path in re.findall(r"(?:8000|(?:GET|POST|PUT|DELETE) )(/[^\s'`?#|]+)", read(name)):
        path = re.sub("NAME|NOMBRE", "x", path).rstrip('.,;:"')
        # An address to which a client adds the rest itself
        whole = path in paths or any(one.startswith(f"{path}/") for one in paths)
        assert whole or any(re.fullmatch(p, path) for p in patterns), path


@pytest.mark.parametrize("lang", LANGS)
def test_the_scope_beside_each_path_is_the_one_that_is_asked_for(lang):
    scopes = Scopes([route for router in routers_of() for route in router.routes])
    rows = re.findall(
        r"^\| `([A-Z]+) (/[^`]*)` \| (\S+) \|", guide("http", lang), flags=re.MULTILINE
    )
    assert len(rows) > 20
    for method, path, scope in rows:
        filled = re.sub(r"\{\w+\}", "x", path)
        assert scope == (scopes.needed(method, filled) or "–"), f"{method} {path}"


@pytest.mark.parametrize("pair", PAIRS)
def test_both_languages_have_the_same_headings_code_tables_and_links(pair):
    english, spanish = (read(pair + ENDINGS[lang]) for lang in LANGS)

    def heads(text):
        return re.findall(r"^#+ ", text, flags=re.MULTILINE)

    def commands(text):
        code = "\n".join(code_lines(text))
        return [line for line in re.sub(r"  +#.*", "", code).splitlines() if "$ " not in line]

    def sizes(text):
        return [line.count(" |") for line in text.splitlines() if line.startswith("|")]

    def targets(text):
        # a picture with words in it is drawn once for each language
        found = re.findall(r"\]\(([^)]+)\)", text)
        return sorted(re.sub(r"\.es\.(md|svg|png)$", r".\1", target) for target in found)

    assert heads(english) == heads(spanish)
    # what the program answers is in the language of the question, so both show the same
    assert pair == "README" or commands(english) == commands(spanish)
    assert sizes(english) == sizes(spanish)
    assert targets(english) == targets(spanish)


@pytest.mark.parametrize("pair", ["README", "api/guides/figures"])
def test_both_languages_give_the_same_figures(pair):
    """Digits only: 0.95 and 10,000 are 0,95 and 10 000 in Spanish."""

    def figures(lang):
        rows = [row for row in read(pair + ENDINGS[lang]).splitlines() if row.startswith("|")]
        return [re.findall(r"\d", row) for row in rows]

    assert figures("en") == figures("es")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_file_linked_or_run_is_there(name):
    text = read(name)
    links = [t.split("#")[0] for t in re.findall(r"\]\(([^)]+)\)", text) if "://" not in t]
    scripts = re.findall(r"tests/[\w/.]+\.(?:py|jsonl)", text)
    for link in links:
        assert ((ROOT / name).parent / link).exists(), link
    for script in scripts:
        assert (ROOT / script).exists(), script


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_make_target_is_in_the_makefile(name):
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), flags=re.MULTILINE))
    named = re.findall(r"(?:`|^    )make ([a-z-]+)", read(name), flags=re.MULTILINE)
    assert set(named) <= targets
    if name.startswith(("README", "CONTRIBUTING")):
        assert {"serve", "test"} <= set(named)


def test_the_change_log_names_this_version():
    assert f"## [{__version__}] - " in read("CHANGELOG.md")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_figure_is_left_to_fill_in(name):
    assert re.findall(r"\{\{.*?\}\}", read(name)) == []


@pytest.fixture(scope="module")
def engine(samples_data, encoder):
    engine = Engine(samples_data, encoder, reader=load_reader())
    yield engine
    engine.close()


@pytest.mark.parametrize("lang", LANGS)
def test_the_answers_shown_are_those_that_the_samples_give(lang, engine, capsys):
    shown = re.findall(
        r"^    \$ \S*fuente ask ([^\n]+)\n((?:(?:    [^\n]*)?\n)+?)\n*(?=\S|    \$)",
        read("README" + ENDINGS[lang]),
        re.M,
    )
    assert len(shown) == 3
    for command, printed in shown:
        words = shlex.split(command)
        limit = int(words[words.index("-k") + 1]) if "-k" in words else 5
        print_answer(engine.ask(Query(words[-1]), SearchOptions(limit=limit)))
        assert capsys.readouterr().out.rstrip() == dedent(printed).rstrip()


@pytest.mark.parametrize("lang", LANGS)
def test_the_json_shown_is_a_part_of_the_real_body(lang, engine):
    from api.native.schemas import answer_body

    text = guide("http", lang)
    shown = json.loads(re.search(r"^```json\n(.*?)^```$", text, re.M | re.S)[1])
    question = re.search(r"""-d '\{"query": "([^"]+)", "limit": 1\}'""", text)[1]
    answer = engine.ask(Query(question), SearchOptions(limit=1))
    body = answer_body(answer, "r", explain=False).model_dump(mode="json", exclude_unset=True)

    def part_of(small, large):
        if isinstance(small, dict):
            return all(k in large and part_of(v, large[k]) for k, v in small.items())
        if isinstance(small, list):
            same = len(small) == len(large)
            return same and all(part_of(s, b) for s, b in zip(small, large, strict=True))
        return small == large

    assert part_of(shown, body), body


def test_the_model_card_gives_the_encoder_as_it_is(encoder):
    text = read(MODEL_CARD)
    config = json.loads(read("index/encoders/fuente-es-en/config.json"))
    assert f"{config['vocab_size']:,} pieces" in text
    assert f"{config['num_hidden_layers']} layers, {encoder.card.dim} dimensions" in text
    assert f"| Longest text | {encoder.card.max_tokens} tokens |" in text
    for prefix in (encoder.card.query_prefix, encoder.card.passage_prefix):
        assert f"`{prefix}` before a" in text


@pytest.mark.parametrize("lang", LANGS)
def test_the_formats_named_are_those_that_can_be_read(lang):
    from corpus.parse import SUFFIXES

    text = read("README" + ENDINGS[lang])
    line = re.search(r"^`PATH` .*: (txt.*jsonl)\.", text, flags=re.MULTILINE)[1]
    aliases = {
        ".ndjson",
        ".htm",
        ".xhtml",
        ".text",
        ".markdown",
        ".docm",
        ".xlsm",
        ".xlsb",
        ".pptm",
        ".pps",
    }
    assert {f".{name}" for name in line.split(", ")} == SUFFIXES - aliases


def test_each_version_of_the_change_log_has_each_heading_once():
    for version in read("CHANGELOG.md").split("\n## [")[1:]:
        headings = re.findall(r"(?m)^### (\w+)$", version)
        assert len(headings) == len(set(headings)), version.partition("]")[0]
        assert set(headings) <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_the_pictures_are_small_and_each_is_there_in_both_languages():
    pictures = sorted((ROOT / "api" / "page").glob("*.png"))
    assert pictures
    assert [one.name for one in pictures if one.stat().st_size > 150_000] == []
    names = {one.name for one in pictures}
    assert {name.replace(".es.png", ".png") for name in names if ".es." in name} == {
        name for name in names if ".es." not in name
    }
    shown = {
        lang: "".join(read(name + ENDINGS[lang]) for name in ("README", "api/guides/page"))
        for lang in ("en", "es")
    }
    for name in names:
        assert f"page/{name})" in shown["es" if ".es." in name else "en"]
