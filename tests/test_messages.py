"""The catalogue of messages: the same in both languages, whole, and what the program uses."""

import ast
import re

import pytest
from conftest import ROOT

from api import cli
from api.messages import (
    LANGUAGES,
    PAGE_FILE,
    WIDGET_FILE,
    both,
    described,
    group,
    page_catalogue,
    say,
    widget_script,
)
from api.problems import PROBLEMS
from corpus.document import NoIndexError, UnknownDocumentError

PLACE = re.compile(r"\{(\w+)\}")


def texts(tree, path=""):
    """Every text with its key."""
    if isinstance(tree, str):
        yield path, tree
        return
    for key, part in tree.items() if isinstance(tree, dict) else enumerate(tree):
        yield from texts(part, f"{path}.{key}".lstrip("."))


def whole(lang):
    names = "problem error detail validation docs why page build terminal openai widget".split()
    return {name: group(lang, name) for name in names}


def test_both_languages_have_the_same_keys():
    es, en = (dict(texts(whole(lang))) for lang in LANGUAGES)
    assert list(es) == list(en)
    assert all(es.values())
    assert all(en.values())


def test_both_languages_have_the_same_places_in_each_text():
    es, en = (dict(texts(whole(lang))) for lang in LANGUAGES)
    assert {key: sorted(set(PLACE.findall(text))) for key, text in es.items()} == {
        key: sorted(set(PLACE.findall(text))) for key, text in en.items()
    }


def test_every_brace_is_part_of_a_place():
    for lang in LANGUAGES:
        for key, text in texts(whole(lang)):
            assert "{" not in PLACE.sub("", text), key
            assert "}" not in PLACE.sub("", text), key


def test_what_the_page_shows_is_what_the_catalogue_says():
    assert PAGE_FILE.read_text("utf-8") == page_catalogue(), "run: python -m api.messages"
    assert WIDGET_FILE.read_text("utf-8") == widget_script(), "run: python -m api.messages"
    assert '"title":"Preguntar a los documentos"' in WIDGET_FILE.read_text("utf-8")


def literal_keys():
    """Keys that the program writes out in full, with the names of the values that it gives."""
    for path in sorted((ROOT / "api").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            at = {"say": 1, "both": 0}.get(node.func.id)
            if at is None or len(node.args) <= at or not isinstance(node.args[at], ast.Constant):
                continue
            names = [word.arg for word in node.keywords]
            yield node.args[at].value, None if None in names else set(names)


def test_every_key_that_the_program_names_is_there_with_its_values():
    found = list(literal_keys())
    assert len(found) > 30
    for key, names in found:
        for lang in LANGUAGES:
            values = {name: "x" for name in names or PLACE.findall(say_raw(lang, key))}
            assert say(lang, key, **values)


def say_raw(lang, key):
    return dict(texts(whole(lang)))[key]


def test_every_code_of_a_problem_says_what_a_person_at_the_page_can_do():
    for lang in LANGUAGES:
        for code in PROBLEMS:
            remedy = group(lang, f"problem.{code}")["page"]
            assert not re.search(r"\b(GET|POST|DELETE|HTTP|header|cabecera)\b|/v1/", remedy)


def test_an_error_is_described_by_its_class_or_the_nearest_above_it():
    class NoChapterError(UnknownDocumentError):
        pass

    assert described(NoIndexError("x"), "es") == "Todavía no hay ningún índice."
    assert described(NoChapterError("x"), "en") == "There is no document of that id."


def test_a_text_with_a_place_left_open_is_no_text():
    with pytest.raises(KeyError):
        say("es", "detail.rate", limit=3)
    with pytest.raises(KeyError):
        both("detail.nothing_of_the_kind")
    with pytest.raises(KeyError):
        group("en", "detail.rate")


WRONG_USAGE = [
    (["ask"], "faltan los argumentos: question"),
    (["evaluate"], "hace falta uno de los argumentos"),
    (["doctor", "--nada"], "argumentos que no se conocen: --nada"),
    (
        ["ask", "x", "--mode", "magia"],
        "argumento --mode: valor no válido: 'magia' (se puede elegir",
    ),
    (["serve", "--port", "ocho"], "argumento --port: valor int no válido: 'ocho'"),
    (["ask", "x", "--lang"], "argumento --lang: se esperaba un valor"),
    (["evaluate", "x", "--from-feedback", "y"], "no se puede usar junto con"),
    (["search", "x", "-k", "0"], "argumento -k: 0 es menos de 1"),
]


@pytest.mark.parametrize(
    ("words", "told"), WRONG_USAGE, ids=lambda v: v if isinstance(v, str) else ""
)
def test_wrong_usage_is_told_in_the_language_of_the_terminal(words, told, monkeypatch, capsys):
    monkeypatch.setenv("LC_ALL", "es_PE.UTF-8")
    with pytest.raises(SystemExit) as ended:
        cli.main(words)
    assert ended.value.code == 2
    err = capsys.readouterr().err
    assert told in err
    assert err.startswith("uso: fuente")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "words", [[], ["build"], ["ask"], ["serve"], ["builds"], ["evaluate"], ["train"], ["doctor"]]
)
def test_help_is_in_one_language(lang, words, monkeypatch, capsys):
    monkeypatch.setenv("LC_ALL", f"{lang}_US.UTF-8")
    with pytest.raises(SystemExit) as ended:
        cli.main([*words, "--help"])
    assert ended.value.code == 0
    out = capsys.readouterr().out
    both_words = {"es": ("uso:", "opciones:", "muestra"), "en": ("usage:", "options:", "show")}
    assert all(word in out for word in both_words[lang])
    assert not any(word in out for word in both_words["en" if lang == "es" else "es"][:2])


def test_the_setting_goes_before_the_locale(monkeypatch, capsys):
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    monkeypatch.setenv("FUENTE_LANGUAGE", "es")
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    assert capsys.readouterr().out.startswith("uso:")


def test_an_error_is_one_line_in_the_language_of_the_terminal(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("LC_ALL", "es_ES.UTF-8")
    assert cli.main(["builds", "activate", "nada", "--data", str(tmp_path)]) == 1
    err = capsys.readouterr().err
    assert err.startswith("fuente: no hay ninguna versión 'nada' del índice; consulta `fuente")
    assert err.count("\n") == 1
