"""The command line over a real build with the shipped encoder: output, exit status, one line for each error."""

import fcntl
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from functools import cache

import pytest
from child import WAIT_S, started
from conftest import ROOT, SAMPLES, clean_environ, needs_training
from fastapi.testclient import TestClient
from scanned import BOILER, partly_scanned

from api import __version__
from api.app import create_app
from api.cli import main
from api.cli.ask import _how_sure as how_sure
from api.cli.ask import _print_answer as print_answer
from api.settings import load_settings
from corpus.document import EncoderError
from index.encoder import load_encoder
from index.local.build import build
from index.local.store import Index, current_build_id, list_builds
from index.reader import load_reader
from qa.calibration import FILE_NAME, Calibration, load_calibration
from qa.engine import Engine, Query

ASKED = {
    "es": ("¿Cuántos libros me puedo llevar a la vez?", "seis libros", "Según «"),
    "en": ("How long does a worker bee born in summer live?", "about six weeks", "According to “"),
}
NOWHERE = {
    "es": ("¿Quién pintó Las meninas?", "Los documentos no contienen", "Lo más cercano:"),
    "en": ("Who won the 2022 World Cup?", "The documents do not hold", "The nearest passages:"),
}
NOTES = {
    "año.txt": "El año del ñandú empezó en la pampa. La cigüeña volvió a la torre en febrero.\n",
    "tea.md": "# Tea\n\nGreen tea is steamed soon after the harvest. It must not boil.\n",
}


@pytest.fixture(scope="module", autouse=True)
def _loaded_once():
    """Encoders that all commands of this module share: one process runs them, which need load each but once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.encoder.load_encoder", cache(load_encoder))
        yield


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch, tmp_path):
    """None of our settings from outside, and a working directory without data."""
    for name in [n for n in os.environ if n.startswith("FUENTE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def samples(samples_data, monkeypatch):
    """The build of the samples as FUENTE_DATA; not to be changed."""
    monkeypatch.setenv("FUENTE_DATA", str(samples_data))
    return samples_data


@pytest.fixture(scope="module")
def client(samples_data, encoder):
    """A client of a service on the build of the samples."""
    engine = Engine(samples_data, encoder, reader=load_reader())
    app = create_app(load_settings({}, samples_data), engine)
    with TestClient(app, "http://127.0.0.1:8000") as one:
        yield one
    engine.close()


@pytest.fixture
def data(tmp_path, monkeypatch):
    """A data directory of its own with two small documents, not built, as FUENTE_DATA."""
    folder = tmp_path / "datos"
    (folder / "documents").mkdir(parents=True)
    for name, text in NOTES.items():
        (folder / "documents" / name).write_text(text, "utf-8")
    monkeypatch.setenv("FUENTE_DATA", str(folder))
    return folder


@pytest.fixture
def fuente(capsys):
    """``fuente(*words)``: the exit status, and what went to stdout and stderr."""

    def run(*words):
        try:
            status = main([str(w) for w in words])
        except SystemExit as stop:
            status = stop.code
        out, err = capsys.readouterr()
        return status, out, err

    return run


def shape(value):
    """The keys and kinds of a JSON value."""
    if isinstance(value, dict):
        return {k: shape(v) for k, v in value.items()}
    if isinstance(value, list):
        return [shape(v) for v in value]
    return "number" if isinstance(value, int | float) else type(value).__name__


def one_line(err):
    assert err.startswith("fuente: ")
    assert err.count("\n") == 1
    assert err.endswith("\n")
    return err


# --------------------------------------------------------------------------- ask and search


def test_a_backup_has_a_file_to_be_written_to_and_to_be_read_from(
    samples, fuente, tmp_path, monkeypatch
):
    monkeypatch.setenv("FUENTE_LANGUAGE", "es")
    for folder in ("/", "", str(tmp_path)):
        status, _, err = fuente("backup", folder)
        assert (status, "es una carpeta" in one_line(err)) == (1, True)
    status, _, err = fuente("restore", tmp_path / "nada.tar.gz", "--data", tmp_path / "r")
    assert (status, err) == (
        1,
        f"fuente: no hay ningún archivo {tmp_path}/nada.tar.gz; comprueba el nombre\n",
    )
    assert list(tmp_path.iterdir()) == []


def test_the_range_of_a_setting_is_told_in_spanish(samples, fuente, monkeypatch):
    monkeypatch.setenv("FUENTE_LANGUAGE", "es")
    status, _, err = fuente("serve", "--port", "99999")
    assert status == 1
    assert err == "fuente: port es 99999 en --port; se espera un número entero de 1 a 65535\n"


@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_question_may_be_typed_without_quotes(samples, fuente, lang):
    question, words, _ = ASKED[lang]
    status, out, _ = fuente("ask", "--lang", lang, *question.split(), "-k", "3")
    assert (status, words in out) == (0, True)
    assert out == fuente("ask", "--lang", lang, question, "-k", "3")[1]


@pytest.mark.slow
def test_in_an_ascii_terminal_files_and_questions_keep_their_letters(data):
    """LC_ALL=C with everything off that Python has against it."""
    (data / "documents" / "Ñandú.txt").write_text("El ñandú pone treinta huevos.\n", "utf-8")
    poor = {
        "LC_ALL": "C",
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
        "PYTHONIOENCODING": "ascii",
    }
    environ = {**clean_environ(), "FUENTE_DATA": str(data), **poor}
    words = (
        ("build",),
        ("ask", "¿Cuántos huevos pone el ñandú?"),
        ("ask", "What is photosynthesis?"),
    )
    said = []
    for command in words:
        ran = subprocess.run(
            [sys.executable, "-m", "api.cli", *command],
            capture_output=True,
            env=environ,
            timeout=WAIT_S,
            check=False,
        )
        assert (ran.returncode, ran.stderr) == (0, b"")
        said.append(ran.stdout.decode("ascii"))
    assert "added  ?and?.txt" in said[0]
    assert "pone treinta huevos" in said[1]
    assert "The documents do not hold" in said[2]


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_a_question_is_understood_in_the_bytes_of_another_locale(encoding, samples, fuente):
    typed = os.fsdecode(ASKED["es"][0].encode(encoding))
    assert ASKED["es"][1] in fuente("ask", typed)[1]


@pytest.mark.parametrize("lang", ASKED)
def test_ask_prints_the_answer_and_where_its_words_stand(lang, samples, fuente):
    question, part, lead = ASKED[lang]
    status, out, err = fuente("ask", question)
    assert (status, err) == (0, "")
    assert out.startswith(lead)
    assert part in out.splitlines()[0]
    number, doc_id, start, end = re.search(
        r"^\[(\d)\] .*  \((\S+), (\d+)–(\d+)\)$", out, re.M
    ).groups()
    assert number == "1"
    text = (SAMPLES / doc_id).read_text("utf-8")
    assert text[int(start) : int(end)] in out
    sure = {"es": r"Confianza alta \(0,\d\d\)", "en": r"High confidence \(0\.\d\d\)"}[lang]
    assert re.fullmatch(sure, out.splitlines()[-1])


@pytest.mark.parametrize(
    ("confidence", "lang", "said"),
    [
        (0.28, "en", "Low confidence (0.28): read it in the source before relying on it"),
        (0.28, "es", "Confianza baja (0,28): léelo en la fuente antes de fiarte"),
        (0.6, "en", "Medium confidence (0.60): check it in the source"),
        (0.599, "es", "Confianza baja (0,60): léelo en la fuente antes de fiarte"),
        (0.75, "es", "Confianza alta (0,75)"),
    ],
)
def test_how_sure_an_answer_is_is_said_in_words(confidence, lang, said):
    assert how_sure(confidence, lang) == said


@pytest.mark.parametrize("lang", ASKED)
@pytest.mark.parametrize(("confidence", "place"), [(0.28, 0), (0.6, -1), (0.9, -1)])
def test_low_confidence_is_said_before_the_answer_and_any_other_below_it(
    samples, encoder, capsys, lang, confidence, place
):
    with closing(Engine(samples, encoder)) as engine:
        answer = engine.ask(Query(ASKED[lang][0]))
    print_answer(replace(answer, confidence=confidence))
    lines = capsys.readouterr().out.splitlines()
    assert lines[place] == how_sure(confidence, lang)
    assert lines.count(lines[place]) == 1
    assert lines[2 if place == 0 else 0].startswith(ASKED[lang][2])


@pytest.mark.parametrize("locale", ["en_GB.UTF-8", "es_ES.UTF-8"])
def test_what_to_build_is_said_with_the_data_directory_that_was_given(
    fuente, tmp_path, monkeypatch, locale
):
    monkeypatch.setenv("LC_ALL", locale)
    other = tmp_path / "otra carpeta"
    other.mkdir()
    status, _, err = fuente("ask", "¿Quién?", "--data", other)
    assert status == 1
    assert f"`fuente build --data '{other}' " in err


def test_of_a_greeting_no_confidence_is_told(samples, fuente):
    assert "onfidence" not in fuente("ask", "hello")[1]


@pytest.mark.parametrize(
    ("table", "asked", "said"),
    [
        (
            "| Room | Price | Deposit |\n|---|---|---|\n| Blue | 40 | 10 |\n| Green | 55 | 20 |\n| Red | 70 | 30 |\n",
            "What is the deposit for the green room?",
            "names of the columns",
        ),
        (
            "| Sala | Precio | Fianza |\n|---|---|---|\n| Azul | 40 | 10 |\n| Verde | 55 | 20 |\n| Roja | 70 | 30 |\n",
            "¿Cuál es la fianza de la sala verde?",
            "nombres de las columnas",
        ),
    ],
    ids=["en", "es"],
)
def test_a_quote_of_the_names_of_columns_says_so_beside_its_source(
    data, fuente, table, asked, said
):
    (data / "documents" / "salas.md").write_text(
        f"# Rooms\n\nPrices of the rooms.\n\n{table}", "utf-8"
    )
    fuente("build")
    one, two = re.findall(r"^\[\d\] .*$", fuente("ask", asked)[1], re.M)
    assert said not in one
    assert two.startswith(f"[2] Rooms, {said}  (salas.md, ")


@pytest.mark.parametrize("lang", NOWHERE)
def test_ask_declines_in_the_language_of_the_question_with_status_0(lang, samples, fuente):
    question, declined, nearest = NOWHERE[lang]
    status, out, err = fuente("ask", question, "-k", 2)
    assert (status, err) == (0, "")
    assert out.startswith(declined)
    assert nearest in out
    assert re.findall(r"^ {2}(\d)\. ", out, re.M) == ["1", "2"]


def test_ask_names_the_page_of_a_pdf_and_quotes_it_as_it_is_written(samples, fuente):
    _, out, _ = fuente("ask", "Where were the tunnels dug from?")
    assert "casas vecinas" in out
    assert re.search(r"^\[1\] .*, p\. 1 {2}\(operacion-chavin-de-huantar\.pdf, ", out, re.M)


def test_lang_decides_in_which_language_the_answer_is_told(samples, fuente):
    assert fuente("ask", "Chavín Unesco 1985", "--lang", "es")[1].startswith(("Según «", "Los doc"))
    assert fuente("ask", "Chavín Unesco 1985", "--lang", "en")[1].startswith(("According", "The d"))


@pytest.mark.parametrize("lang", ASKED)
@pytest.mark.parametrize("command", ["ask", "search"])
@pytest.mark.parametrize("explain", [False, True], ids=["plain", "explain"])
def test_json_is_the_body_of_the_http_endpoint(command, lang, explain, samples, fuente, client):
    question = ASKED[lang][0]
    given = ["--explain"] if explain else []
    status, out, _ = fuente(command, question, "--json", "-k", 3, *given)
    assert status == 0
    response = client.post(
        f"/v1/{command}", json={"query": question, "limit": 3, "explain": explain}
    )
    ours, theirs = json.loads(out), response.json()
    assert shape(ours) == shape(theirs)
    for body in (ours, theirs):
        for key in ("id", "request_id", "timings_ms"):
            body.pop(key, None)
    assert ours == theirs
    assert "\\u" not in out


@pytest.mark.parametrize("lang", ASKED)
def test_search_prints_ranks_scores_and_passages(lang, samples, fuente):
    question, part, _ = ASKED[lang]
    status, out, err = fuente("search", question, "-k", 3)
    assert (status, err) == (0, "")
    found = re.findall(r"^ {2}(\d)\. (\d\.\d{3})  .*  \((\S+#char=\d+,\d+)\)$", out, re.M)
    assert [rank for rank, _, _ in found] == ["1", "2", "3"]
    scores = [float(score) for _, score, _ in found]
    assert scores == sorted(scores, reverse=True)
    assert len(out.splitlines()) == 6


@pytest.mark.parametrize("mode", ["hybrid", "dense", "lexical"])
def test_search_takes_each_mode(mode, samples, fuente):
    status, out, _ = fuente("search", "miel de abejas", "--mode", mode, "-k", 1, "--json")
    assert status == 0
    assert len(json.loads(out)["data"]) == 1


@pytest.mark.parametrize("lang", ASKED)
def test_explain_says_how_the_scores_came_about(lang, samples, fuente):
    _, out, _ = fuente("ask", ASKED[lang][0], "--explain")
    answer, told = out.split("\n\n")[0], out.splitlines()
    heads = {
        "es": ["Palabras de la pregunta", "Pasajes", "Qué oraciones se citan"],
        "en": ["Words of the question", "Passages", "Which sentences are quoted"],
    }[lang]
    places = [told.index(head) for head in heads]
    assert places == sorted(places)
    # one decimal sign a language
    assert re.search(r"\d,\d{3}$" if lang == "es" else r"\d\.\d{3}$", out, re.M)
    assert re.search(r"^  \[1\] ", out, re.M)
    assert answer
    _, out, _ = fuente("search", ASKED[lang][0], "--explain")
    assert heads[1] in out.splitlines()


@pytest.mark.slow
def test_a_reranker_that_is_not_there_is_one_line_on_stderr(samples, fuente):
    status, out, err = fuente("ask", ASKED["es"][0], "--reranker", "no-such-model-anywhere")
    assert (status, out) == (1, "")
    assert err.startswith("fuente: reranker 'no-such-model-anywhere'")
    assert err.count("\n") == 1


# --------------------------------------------------------------------------- build and builds


def test_build_tells_what_it_did_and_the_next_one_that_nothing_changed(data, fuente):
    status, out, err = fuente("build")
    assert (status, err) == (0, "")
    assert out.splitlines()[:2] == ["   added  año.txt", "   added  tea.md"]
    assert re.search(
        r"^build \S+: 2 documents, 2 passages \(2 encoded now\), \d+\.\d s$", out, re.M
    )
    status, out, _ = fuente("build")
    assert status == 0
    assert "added" not in out
    assert "(0 encoded now)" in out


def test_names_that_turn_text_around_or_take_no_room_are_shown_by_number(data, fuente):
    (data / "documents" / "acta\u202efdp\u200b.txt").write_text(
        "El faro se encendió en 1866.\n", "utf-8"
    )
    shown = "acta\\u202efdp\\u200b.txt"
    assert f"added  {shown}" in fuente("build")[1]
    for words in (("ask", "¿Cuándo se encendió el faro?"), ("search", "faro")):
        out = fuente(*words)[1]
        assert shown in out
        assert not re.search("[\u200b\u202e]", out)
    (data / "documents" / "roto\u2066.docx").write_bytes(b"no es un Word")
    fuente("build")
    assert "skipped roto\\u2066.docx: " in fuente("doctor")[1]


def test_build_adds_a_file_and_a_folder_and_they_can_be_asked_about(data, fuente, tmp_path):
    fuente("build")
    more = tmp_path / "más papeles"
    (more / "cartas").mkdir(parents=True)
    (more / "cartas" / "Iñaki.txt").write_text("Iñaki vendió la barca azul en mayo.\n", "utf-8")
    single = tmp_path / "pear.txt"
    single.write_text("The pear tree was planted in 1911 by Agnes.\n", "utf-8")
    status, out, _ = fuente("build", more, single)
    assert status == 0
    assert [line for line in out.splitlines() if line.startswith("   added")] == [
        "   added  cartas/Iñaki.txt",
        "   added  pear.txt",
    ]
    assert "barca azul" in fuente("ask", "¿Qué vendió Iñaki en mayo?")[1]
    assert "1911" in fuente("ask", "When was the pear tree planted?")[1]


def test_build_tells_changed_and_removed_documents(data, fuente):
    fuente("build")
    (data / "documents" / "tea.md").unlink()
    (data / "documents" / "año.txt").write_text("El año empezó con lluvia en la sierra.\n", "utf-8")
    out = fuente("build")[1]
    assert out.splitlines()[:2] == [" changed  año.txt", " removed  tea.md"]


def test_a_file_that_cannot_be_read_is_left_out_with_its_reason(data, fuente):
    (data / "documents" / "roto.pdf").write_bytes(b"no es un PDF")
    (data / "documents" / "foto.png").write_bytes(b"\x89PNG")
    status, out, _ = fuente("build")
    assert status == 0
    reasons = dict(re.findall(r"^ skipped {2}(\S+): (.+)$", out, re.M))
    assert set(reasons) == {"roto.pdf", "foto.png"}
    assert "2 documents" in out


def test_a_file_of_an_added_folder_that_cannot_be_taken_is_named(data, fuente, tmp_path):
    folder = tmp_path / "mezcla"
    folder.mkdir()
    (folder / "bien.txt").write_text("La fuente es clara.\n", "utf-8")
    (folder / "foto.png").write_bytes(b"\x89PNG")
    status, out, err = fuente("build", folder)
    assert status == 0
    assert "bien.txt" in out
    assert "foto.png" in out + err


def test_dry_run_says_what_would_be_done_and_does_nothing(data, fuente):
    def files():
        return sorted(p for p in data.rglob("*") if p.is_file() and p.name != ".lock")

    before = files()
    status, out, _ = fuente("build", "--dry-run")
    assert status == 0
    assert out.splitlines() == [
        "   added  año.txt",
        "   added  tea.md",
        "would add 2, change 0, remove 0, keep 0 documents",
        "2 of 2 passages to encode, less than a minute",
    ]
    assert files() == before
    assert current_build_id(data) is None


def test_dry_run_needs_no_data_directory_yet(fuente, tmp_path):
    note = tmp_path / "nota.txt"
    note.write_text("El faro se encendió en 1897.\n", "utf-8")
    status, out, err = fuente("build", note, "--dry-run", "--data", tmp_path / "nuevo")
    assert (status, err) == (0, "would copy  nota.txt\n")
    assert out.splitlines()[1:] == [
        "would add 1, change 0, remove 0, keep 0 documents",
        "1 of 1 passages to encode, less than a minute",
    ]


def test_dry_run_counts_the_paths_it_was_given_and_copies_none(data, fuente, tmp_path):
    fuente("build")
    new = tmp_path / "nuevos"
    (new / "sub").mkdir(parents=True)
    (new / "sub" / "nuevo.txt").write_text("Algo nuevo.\n", "utf-8")
    (new / "vacío.txt").write_text("", "utf-8")
    (new / "tea.md").write_text("# Tea\n\nGreen tea must not boil.\n", "utf-8")
    (new / "año.txt").write_bytes((data / "documents" / "año.txt").read_bytes())
    before = sorted(data.rglob("*"))
    status, out, err = fuente("build", "--dry-run", "--json", new)
    report = json.loads(out)
    assert (status, err.count("would copy")) == (0, 4)
    assert (report["added"], report["changed"]) == (["sub/nuevo.txt"], ["tea.md"])
    assert (report["kept"], report["removed"]) == (["año.txt"], [])
    assert [one["doc_id"] for one in report["skipped"]] == ["vacío.txt"]
    assert (report["n_encode"], report["n_documents"]) == (2, 3)
    assert sorted(data.rglob("*")) == before
    assert fuente("build", "--dry-run", new / "nada.txt")[0] == 1


def test_full_encodes_everything_anew(data, fuente):
    fuente("build")
    assert "(2 encoded now)" in fuente("build", "--full")[1]


def test_the_report_comes_as_json(data, fuente):
    report = json.loads(fuente("build", "--json")[1])
    assert report["added"] == ["año.txt", "tea.md"]
    assert report["build_id"] == current_build_id(data)
    assert (report["n_documents"], report["n_encoded"], report["skipped"]) == (2, 2, [])
    (data / "documents" / "tea.md").write_text("# Tea\n\nBlack tea may boil.\n", "utf-8")
    planned = json.loads(fuente("build", "--dry-run", "--json")[1])
    assert (planned["build_id"], planned["kept"]) == (None, ["año.txt"])
    assert (planned["changed"], planned["n_encode"], planned["n_passages"]) == (["tea.md"], 1, 2)
    assert 0 < planned["expected_s"] < 60


def test_no_progress_line_is_written_where_there_is_no_terminal(data, fuente):
    assert fuente("build")[2] == ""


def test_in_a_spanish_terminal_build_speaks_spanish(data, fuente, monkeypatch):
    monkeypatch.setenv("LC_ALL", "es_PE.UTF-8")
    (data / "documents" / "roto.pdf").write_bytes(b"no es un PDF")
    status, out, err = fuente("build")
    assert (status, err) == (0, "")
    assert out.startswith("   nuevo  año.txt\n   nuevo  tea.md\n omitido  roto.pdf: ")
    assert re.search(
        r"^índice \S+: 2 documentos, 2 pasajes \(2 codificados ahora\), \d+,\d s$", out, re.M
    )


@pytest.mark.parametrize(
    ("name", "content"),
    [("roto.pdf", b"no es un PDF"), ("caldera.pdf", partly_scanned(BOILER))],
    ids=["file", "page"],
)
def test_a_strict_build_ends_with_a_status_of_its_own_where_something_could_not_be_read(
    data, fuente, name, content
):
    assert fuente("build", "--strict")[0] == 0
    (data / "documents" / name).write_bytes(content)
    status, out, err = fuente("build", "--strict")
    assert (status, err) == (3, "")
    assert "documents" in out.splitlines()[-1]
    # and as long as that is so, whether or not anything has changed since
    again, out_again, _ = fuente("build", "--strict")
    assert again == 3
    assert [line for line in out_again.splitlines() if name in line] == [
        line
        for line in out.splitlines()
        if name in line and line.startswith(("  unread", " skipped"))
    ]
    status, out, _ = fuente("build", "--strict", "--json")
    assert status == 3
    report = json.loads(out)
    assert name in [one["doc_id"] for one in report["skipped"]] + [
        doc_id for doc_id, _ in report["left_out"]
    ]
    assert fuente("build", "--strict", "--dry-run")[0] == 3
    assert fuente("build")[0] == 0
    (data / "documents" / name).unlink()
    assert fuente("build", "--strict")[0] == 0


def test_a_strict_build_tells_of_a_file_that_was_not_copied(data, fuente, tmp_path):
    (tmp_path / "mezcla").mkdir()
    (tmp_path / "mezcla" / "foto.png").write_bytes(b"\x89PNG")
    (tmp_path / "mezcla" / "bien.txt").write_text("La fuente es clara.\n", "utf-8")
    assert fuente("build", "--strict", tmp_path / "mezcla")[0] == 3
    status, out, err = fuente("build", "--watch", "--strict")
    assert (status, out) == (2, "")
    assert "--strict" in one_line(err.replace("fuente build:", "fuente:"))


def test_a_build_that_is_watched_cannot_be_a_dry_run(data, fuente):
    status, out, err = fuente("build", "--watch", "--dry-run")
    assert (status, out) == (2, "")
    assert "--watch" in one_line(err.replace("fuente build:", "fuente:"))
    assert not (data / "builds").exists()


def watching(data, *words):
    command = [sys.executable, "-m", "api.cli", "build", "--watch", *words]
    return started(command, {**clean_environ(), "FUENTE_DATA": str(data), "LC_ALL": "C.UTF-8"})


@pytest.mark.slow
def test_watch_builds_after_every_change_until_ctrl_c(data, encoder):
    with watching(data) as child:
        assert child.line("err") == f"fuente: watching {data}/documents; Ctrl-C ends\n"
        told = [child.line() for _ in range(3)]
        assert told[:2] == ["   added  año.txt\n", "   added  tea.md\n"]
        assert current_build_id(data) in told[2]

        new = data / "documents" / "cartas"
        new.mkdir()
        (new / "Iñaki.txt").write_text("Iñaki vendió la barca azul en mayo.\n", "utf-8")
        assert child.line() == "   added  cartas/Iñaki.txt\n"
        assert "3 documents" in child.line()

        # nothing of what is in the index changes: nothing to tell
        os.utime(new / "Iñaki.txt")
        (data / "documents" / "tea.md").unlink()
        assert child.line() == " removed  tea.md\n"
        last = child.line()
        assert "2 documents" in last
        assert current_build_id(data) in last
        child.process.send_signal(signal.SIGINT)
        assert child.end() == (130, "", "\nfuente: interrupted; what was encoded is kept\n")


@pytest.mark.slow
def test_watch_outlives_an_error_and_tells_each_build_as_a_line_of_json(data):
    (data / "builds").mkdir()
    with (data / "builds" / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with watching(data, "--json") as child:
            assert child.line("err") == "fuente: another process is building; waiting for it\n"
            fcntl.flock(lock, fcntl.LOCK_UN)
            report = json.loads(child.line())
            assert report["added"] == ["año.txt", "tea.md"]
            (data / "documents" / "año.txt").write_text("El año del ñandú.\n", "utf-8")
            report = json.loads(child.line())
            assert (report["changed"], report["kept"]) == (["año.txt"], ["tea.md"])
            child.process.send_signal(signal.SIGINT)
            assert child.end()[0] == 130


def test_a_build_shows_what_it_left_out_of_documents(data, fuente, encoder):
    (data / "documents" / "tea.md").write_text("# Tea\n\nIt must ~~never~~ not boil.\n", "utf-8")
    (data / "documents" / "roto.pdf").write_bytes(b"no es un PDF")
    assert fuente("builds", "show")[0] == 1
    build_id = build(data, encoder).build_id
    status, out, _ = fuente("builds", "show")
    assert status == 0
    first, skipped, gone = out.splitlines()
    assert first.startswith(build_id)
    assert skipped.startswith(" skipped  roto.pdf: ")
    assert gone == "  tea.md: not in the text (struck out): never"
    told = json.loads(fuente("builds", "show", build_id, "--json")[1])
    assert told["documents"] == [
        {
            "doc_id": "tea.md",
            "left_out": [{"text": "never", "page": 0, "reason": "struck out"}],
            "recognised": [],
        }
    ]
    assert [one["doc_id"] for one in told["skipped"]] == ["roto.pdf"]


@pytest.mark.parametrize(
    ("locale", "summed", "unread", "skipped"),
    [
        ("en_GB.UTF-8", "tea.md: one thing is not in the text (struck out)", "unread", "skipped"),
        ("es_ES.UTF-8", "tea.md: una cosa no está en el texto (tachado)", "sin leer", "omitido"),
    ],
)
def test_what_a_build_could_not_read_stands_last_and_what_it_left_out_in_a_line_a_file(
    data, fuente, monkeypatch, locale, summed, unread, skipped
):
    monkeypatch.setenv("LC_ALL", locale)
    (data / "documents" / "tea.md").write_text("# Tea\n\nIt must ~~never~~ not boil.\n", "utf-8")
    (data / "documents" / "caldera.pdf").write_bytes(partly_scanned(BOILER))
    (data / "documents" / "roto.pdf").write_bytes(b"no es un PDF")
    *_, notes, words, pages, file, made = fuente("build")[1].splitlines()
    assert notes == f"  {summed}"
    assert "fuente builds show" in words
    assert re.match(rf" *{unread}  caldera\.pdf, p(ág)?\. 2–3, 5: \w", pages)
    assert file.startswith(f" {skipped}  roto.pdf: ")
    assert "3 document" in made


def test_builds_are_listed_activated_and_pruned(data, fuente, encoder):
    assert fuente("builds")[1].startswith("no builds in ")
    ids = []
    for n in range(3):
        (data / "documents" / "n.txt").write_text(f"Es la nota número {n} de la serie.\n", "utf-8")
        ids.append(build(data, encoder).build_id)
    for words in (["builds"], ["builds", "list"]):
        status, out, _ = fuente(*words)
        assert status == 0
        assert len(out.splitlines()) == 3
        active = [line for line in out.splitlines() if line.startswith("* ")]
        assert len(active) == 1
        assert ids[2] in active[0]
        assert "3 documents" in active[0]
    assert {b["build_id"] for b in json.loads(fuente("builds", "--json")[1])} == set(ids)

    status, out, err = fuente("builds", "activate", ids[0])
    assert (status, out, err) == (0, f"active: {ids[0]}\n", "")
    assert current_build_id(data) == ids[0]
    assert "nota número 0" in fuente("ask", "¿Qué número tiene la nota de la serie?")[1]

    status, out, _ = fuente("builds", "prune")
    assert status == 0
    assert current_build_id(data) == ids[0]
    left = {b.build_id for b in list_builds(data)}
    assert ids[0] in left
    assert out == ("nothing to remove\n" if len(left) == 3 else out)
    assert all((b in out) != (b in left) for b in ids)

    status, out, _ = fuente("builds", "prune", "--keep", 1)
    assert (status, {b.build_id for b in list_builds(data)}) == (0, {ids[0]})
    assert out.startswith("removed ")
    assert fuente("builds", "prune", "--keep", 1)[1] == "nothing to remove\n"
    assert fuente("builds", "prune", "--keep", 0)[0] == 2


# --------------------------------------------------------------------------- errors


@pytest.mark.parametrize("command", ["ask", "search"])
@pytest.mark.parametrize("question", ["", " ¿…? "])
def test_a_question_without_words_is_refused(command, question, samples, fuente):
    status, out, err = fuente(command, question)
    assert (status, out) == (1, "")
    assert "empty" in one_line(err)


@pytest.mark.parametrize("command", ["ask", "search"])
@pytest.mark.parametrize("word", ["señal ", "signal "])
def test_a_question_of_10_kb_is_refused_with_both_numbers(command, word, samples, fuente):
    question = (word * 2000)[:10_000].strip()
    status, out, err = fuente(command, question)
    assert (status, out) == (1, "")
    assert str(len(question)) in one_line(err)
    assert "2000" in err


@pytest.mark.parametrize("words", [("ask", "¿Qué hay?"), ("search", "What is here?"), ("doctor",)])
def test_without_a_build_the_way_to_one_is_named(words, data, fuente):
    status, out, err = fuente(*words)
    assert status == 1
    assert "fuente build" in (out if words == ("doctor",) else one_line(err))


@pytest.mark.parametrize("build_id", ["20200101T000000Z-000000", "../datos", "año"])
def test_a_build_that_is_not_there_cannot_be_activated(build_id, data, fuente):
    fuente("build")
    before = current_build_id(data)
    status, _, err = fuente("builds", "activate", build_id)
    assert status == 1
    assert build_id in one_line(err)
    assert "fuente builds list" in err
    assert current_build_id(data) == before


def test_a_damaged_build_is_refused_with_what_to_do(data, fuente):
    fuente("build")
    build_id = current_build_id(data)
    with (data / "builds" / build_id / build_id / "dense.faiss").open("r+b") as file:
        file.seek(60)
        file.write(b"\0\0\0\0\xff\xff")
    status, _, err = fuente("ask", "¿Cuándo volvió la cigüeña?")
    assert status == 1
    assert "fuente build --full" in one_line(err)


@pytest.mark.parametrize("words", [("serve",), ("serve", "--workers", "2")])
def test_a_port_in_use_is_one_line(words, samples, fuente):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        status, _, err = fuente(*words, "--port", port)
    assert status == 1
    assert f"port {port} on 127.0.0.1 is in use" in one_line(err)


def test_an_open_address_without_keys_is_refused(samples, fuente):
    status, _, err = fuente("serve", "--host", "0.0.0.0", "--port", "18431")
    assert status == 1
    assert "FUENTE_KEYS" in one_line(err)


@pytest.mark.parametrize("words", [("ask", "¿Qué hay?"), ("build",), ("doctor",)])
def test_an_unknown_encoder_is_one_line_that_names_the_shipped_one(words, data, fuente, tmp_path):
    fuente("build")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FUENTE_ENCODER", str(tmp_path / "no-existe"))
        status, _, err = fuente(*words)
    assert status == 1
    assert "no-existe" in one_line(err)
    assert "fuente-es-en" in err


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("FUENTE_PORT", "ocho mil", "a whole number from 1 to 65535"),
        ("FUENTE_LANGUAGE", "fr", "one of es, en"),
        ("FUENTE_KEYS", "contraseña", "scope:sha256"),
    ],
)
def test_a_bad_setting_is_named_with_what_was_expected(
    name, value, expected, samples, fuente, monkeypatch
):
    monkeypatch.setenv(name, value)
    status, _, err = fuente("ask", ASKED["es"][0])
    assert status == 1
    assert name in one_line(err)
    assert expected in err


def test_a_bad_line_in_config_toml_is_named_with_the_file(data, fuente):
    (data / "config.toml").write_text("idioma = 'es'\n", "utf-8")
    status, _, err = fuente("builds")
    assert status == 1
    assert "config.toml" in one_line(err)
    assert "'idioma'" in err


def test_a_path_that_is_not_there_or_cannot_be_read_adds_nothing(data, fuente, tmp_path):
    status, _, err = fuente("build", tmp_path / "no está")
    assert status == 1
    assert "no está" in one_line(err)
    (tmp_path / "foto.png").write_bytes(b"\x89PNG")
    status, _, err = fuente("build", tmp_path / "foto.png")
    assert status == 1
    assert ".pdf" in one_line(err)
    assert sorted(p.name for p in (data / "documents").iterdir()) == sorted(NOTES)


def test_a_build_that_runs_already_is_told(data, fuente):
    fuente("build")
    locks = [p for p in data.rglob("*lock*") if p.is_file()]
    assert len(locks) == 1
    with locks[0].open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        status, _, err = fuente("build")
    assert status == 1
    assert "another process is building" in one_line(err)


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("evaluate", "{here}"), "xquad.es.json"),
        pytest.param(
            ("train", "{here}", "--out", "{here}/out"), "english<TAB>spanish", marks=needs_training
        ),
        pytest.param(
            ("train", "{here}", "--out", "{here}/out", "--stage", "reader"),
            "make the encoder first",
            marks=needs_training,
        ),
    ],
    ids=["evaluate", "train", "train-reader"],
)
def test_a_folder_without_data_is_told_what_it_should_hold(words, part, fuente, tmp_path):
    status, _, err = fuente(*(w.format(here=tmp_path) for w in words))
    assert status == 1
    assert part in one_line(err)


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("pregunta",),
        ("ask",),
        ("ask", "¿Qué?", "--lang", "fr"),
        ("ask", "¿Qué?", "-k", "muchos"),
        ("ask", "¿Qué?", "-k", "0"),
        ("search", "What?", "-k", "-1"),
        ("search", "What?", "--mode", "magic"),
        ("serve", "--port", "http"),
        ("builds", "destroy"),
        ("builds", "activate"),
        ("evaluate",),
        ("evaluate", "DATA", "--from-feedback", "OUT"),
        ("evaluate", "DATA", "--articles", "none"),
        ("train", "DIR"),
        ("doctor", "--heal"),
    ],
    ids=" ".join,
)
def test_wrong_usage_ends_with_2_and_says_how(words, samples, fuente):
    status, out, err = fuente(*words)
    assert (status, out) == (2, "")
    assert "usage: fuente" in err or "fuente builds list" in err


# --------------------------------------------------------------------------- evaluating


OWN = [
    {
        "id": "1",
        "question": "¿Cuántos libros me puedo llevar a la vez?",
        "judgements": [
            {
                "document": "biblioteca-valdeluna-reglamento.txt",
                "quote": "seis libros, tres revistas",
            }
        ],
        "answers": ["seis libros"],
    },
    {"id": "2", "question": "Who won the 2022 World Cup?", "unanswerable": True},
]


def test_ones_own_questions_are_measured_on_the_active_build(samples, fuente, tmp_path):
    questions = tmp_path / "mías.jsonl"
    questions.write_text("".join(json.dumps(q) + "\n" for q in OWN), "utf-8")
    status, out, err = fuente("evaluate", questions, "--json", "--run", tmp_path / "run.txt")
    assert status == 0
    assert "2 questions" in err
    (tmp_path / "earlier.json").write_text(out, "utf-8")
    figures = json.loads(out)["groups"]["es"]["figures"]
    assert figures["hybrid recall@10"]["value"] == figures["quote holds the answer"]["value"] == 1
    assert (tmp_path / "run.txt").read_text("utf-8").startswith("1 Q0 ")
    status, out, _ = fuente("evaluate", questions, "--against", tmp_path / "earlier.json")
    assert status == 0
    assert "\ndifference to the earlier run" in out
    assert re.search(r"^unanswerable declined .* 1\.0000 ", out, re.M)


@pytest.mark.slow
@needs_training
def test_calibrate_writes_weights_into_the_data_directory_and_says_what_changed(
    fuente, samples_data, tmp_path
):
    data = shutil.copytree(samples_data, tmp_path / "data")
    lines = (ROOT / "tests" / "data" / "sample_questions.jsonl").read_text("utf-8").splitlines()
    index = Index.open(data)
    texts = {d.doc_id: index.document(d.doc_id).text for d in index.documents()}
    index.close()
    judged = []
    for n, case in enumerate(json.loads(line) for line in lines if line.strip()):
        line = {"id": f"q{n}", "question": case["question"], "lang": case["lang"]}
        said = [(d, w) for d in case.get("documents", ()) for w in case["answer"] if w in texts[d]]
        if said:
            line["judgements"] = [{"document": d, "quote": words} for d, words in said]
        else:
            line["unanswerable"] = not case["answer"]
        judged.append(json.dumps(line))
    questions = tmp_path / "judged.jsonl"
    questions.write_text("\n".join(judged), "utf-8")
    status, out, err = fuente("calibrate", questions, "--data", data)
    assert (status, "asking" in out) == (0, False)
    assert re.search(r"log loss of the confidence +\d\.\d{3} -> \d\.\d{3}\n", out), out
    made = Calibration.read(data / FILE_NAME)
    assert made.readings.fitted.on.startswith("judged.jsonl")
    assert load_calibration(data=data) == made != load_calibration()
    status, out, _ = fuente("ask", "¿Quién fue Juan Julio Wicht?", "--data", data)
    assert status == 0
    (data / FILE_NAME).write_text("{}", "utf-8")
    status, out, err = fuente("ask", "¿Quién fue Juan Julio Wicht?", "--data", data)
    assert (status, err.count("\n")) == (1, 1)
    assert "calibration.json has format None" in err


def test_feedback_becomes_questions_that_can_be_measured(samples_data, fuente, tmp_path):
    data = tmp_path / "datos"
    shutil.copytree(samples_data, data)
    settings = load_settings({}, data)
    with TestClient(create_app(settings), "http://127.0.0.1:8000") as client:
        for question, *_ in (*ASKED.values(), *NOWHERE.values()):
            answer = client.post("/v1/ask", json={"query": question}).json()
            rated = {"request_id": answer["request_id"], "rating": "up"}
            assert client.post("/v1/feedback", json=rated).status_code == 201
        client.post("/v1/feedback", json={"request_id": "de-ayer", "rating": "up"})
    out_file = tmp_path / "juicios.jsonl"
    # The service's log is on stderr too
    status, out, _ = fuente("evaluate", "--data", data, "--from-feedback", out_file)
    assert status == 0
    assert out == f"{out_file}: 4 questions from 5 lines of feedback\nleft out  1 without answer\n"
    status, out, _ = fuente("evaluate", "--data", data, "--from-feedback", out_file, "--json")
    assert json.loads(out) == {"questions": 4, "lines": 5, "left_out": {"without_answer": 1}}
    status, out, _ = fuente("evaluate", "--data", data, out_file, "--json")
    assert status == 0
    figures = json.loads(out)["groups"]["all"]["figures"]
    assert figures["hybrid recall@10"] == {"value": 1.0, "low": 1.0, "high": 1.0, "n": 2}
    assert figures["unanswerable declined"]["n"] == 2


def test_feedback_that_is_not_there_is_told(data, fuente, tmp_path):
    status, out, err = fuente("evaluate", "--from-feedback", tmp_path / "out.jsonl")
    assert (status, out) == (1, "")
    assert "feedback.jsonl" in one_line(err)


# --------------------------------------------------------------------------- the rest


def test_data_on_the_command_line_wins_over_the_environment(samples, fuente, tmp_path):
    status, out, _ = fuente("builds", "--data", tmp_path / "otra")
    assert status == 0
    assert "otra" in out
    assert not (tmp_path / "otra").exists()


def test_version_is_printed(fuente):
    assert fuente("--version") == (0, f"fuente {__version__}\n", "")


@pytest.mark.parametrize("command", ["build", "ask", "search", "serve", "builds", "evaluate"])
def test_each_command_has_its_help(command, fuente):
    status, out, err = fuente(command, "--help")
    assert (status, err) == (0, "")
    assert out.startswith(f"usage: fuente {command}")


def test_doctor_names_packages_encoder_and_active_build(samples, fuente):
    status, out, err = fuente("doctor")
    assert (status, err) == (0, "")
    assert out.startswith(f"fuente {__version__}, Python ")
    assert "encoders that ship: fuente-es-en" in out
    assert f"* build {current_build_id(samples)}" in out
    assert re.search(r"^active build \S+ answers: 14 documents, \d+ passages$", out, re.M)
    fitted = load_calibration().readings.fitted
    told = f"fitted on questions about real documents: handbooks, laws, price lists and the like ({fitted.date})"
    assert f"weights of answers: {told}\n" in out
    assert "missing" not in out


@pytest.mark.parametrize("lang", ["es", "en"])
def test_doctor_names_the_programs_that_read_other_formats(
    lang, samples, fuente, monkeypatch, tmp_path
):
    monkeypatch.setenv("FUENTE_LANGUAGE", lang)
    (tmp_path / "soffice").write_text("#!/bin/sh\n")
    (tmp_path / "soffice").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    out = fuente("doctor")[1]
    there = {"es": "doc, xls y ppt", "en": "doc, xls and ppt"}[lang]
    assert f"  soffice ({there}): {tmp_path}/soffice\n" in out
    absent = {
        "es": "no está instalado: hace falta para páginas escaneadas",
        "en": "is not installed: needed for scanned pages",
    }
    assert f"  tesseract {absent[lang]}\n" in out


def test_doctor_names_what_was_skipped_and_what_is_wrong(data, fuente):
    (data / "documents" / "roto.docx").write_bytes(b"no es un Word")
    fuente("build")
    assert "  skipped roto.docx: " in fuente("doctor")[1]
    shutil.rmtree(data / "builds" / current_build_id(data))
    status, out, _ = fuente("doctor")
    assert status == 1
    assert re.search(r"^wrong: CURRENT names build ", out, re.M)


@pytest.mark.slow
@pytest.mark.parametrize("lang", ASKED)
def test_a_reader_that_goes_away_is_no_error(lang, samples):
    command = [sys.executable, "-m", "api.cli", "search", ASKED[lang][0], "-k", "50", "--json"]
    environ = {**clean_environ(), "FUENTE_DATA": str(samples)}
    out, its_out = os.pipe()
    process = subprocess.Popen(
        command, cwd=ROOT, env=environ, stdout=its_out, stderr=subprocess.PIPE
    )
    os.close(its_out)
    os.read(out, 1)
    os.close(out)
    assert process.communicate(timeout=WAIT_S) == (None, b"")


def test_asking_writes_nothing_into_the_data_directory(samples, fuente):
    def state():
        return {p: p.stat().st_mtime_ns for p in samples.rglob("*") if p.is_file()}

    before = state()
    fuente("ask", ASKED["es"][0])
    fuente("search", ASKED["en"][0])
    assert state() == before
    documents = next(p for p in before if p.name == "documents.sqlite")
    with closing(sqlite3.connect(f"file:{documents}?mode=ro", uri=True)) as connection:
        assert connection.execute("pragma integrity_check").fetchone() == ("ok",)


@pytest.mark.parametrize("buffered", [True, False])
@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_disk_that_takes_no_output_is_told_in_a_line(tmp_path, lang, buffered):
    environ = {**clean_environ(), "LANG": f"{lang}_XX.UTF-8", "LC_ALL": ""}
    environ["PYTHONUNBUFFERED"] = "" if buffered else "1"
    command = [sys.executable, "-m", "api.cli", "builds", "--data", str(tmp_path)]
    with open("/dev/full", "w") as full:
        ended = subprocess.run(
            command, stdout=full, stderr=subprocess.PIPE, env=environ, cwd=ROOT, timeout=WAIT_S
        )
    said = {"es": "no se pudo escribir la salida", "en": "the output could not be written"}[lang]
    assert ended.returncode == 1
    assert ended.stderr.decode().startswith(f"fuente: {said}: ")
    assert ended.stderr.count(b"\n") == 1


def test_ctrl_c_while_a_library_is_loaded_is_no_error_of_the_library(fuente, monkeypatch):
    def loading(arguments):
        try:
            try:
                raise KeyboardInterrupt
            except KeyboardInterrupt as stop:
                raise ImportError("initialization failed") from stop
        except ImportError as error:
            raise EncoderError("encoder folder x: ImportError: initialization failed") from error

    monkeypatch.setattr("api.cli.doctor._doctor", loading)
    status, out, err = fuente("doctor")
    assert (status, out, "interrupted" in err, "ImportError" in err) == (130, "", True, False)


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_command_whose_streams_are_closed_does_what_it_does(samples_data, lang, closed):
    line = f'exec "$0" -m api.cli ask "$1" --data "$2" {closed}'
    command = ["sh", "-c", line, sys.executable, ASKED[lang][0], str(samples_data)]
    ended = subprocess.run(
        command, capture_output=True, env=clean_environ(), cwd=ROOT, timeout=WAIT_S
    )
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert (ASKED[lang][1] in ended.stdout.decode()) == (">&-" not in closed.split())
