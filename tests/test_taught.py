"""Judged questions about one's own documents become lines that a reader is taught with."""

import json

import pytest
from hash_encoder import HashEncoder

from corpus.document import CorpusError
from corpus.split import Splitting
from index.local.build import build
from index.training.answered import read_answered
from qa.engine import Engine
from qa.evaluation import taught as module
from qa.evaluation.dataset import read_dataset

ENCODER = HashEncoder(256)
HUT = "# Refugio\n\nEl refugio abre de mayo a octubre.\n\n## Precios\n\nLa noche en el refugio cuesta 14 euros.\n"
POND = "# Pond\n\nThe pond of the hut opens in May. Dogs may not swim in the pond.\n"
LINES = [
    {"id": "a", "question": "¿Cuánto cuesta la noche en el refugio?", "units": [{"document": "hut.md", "parts": ["CUESTA  14 euros", "la noche"]}]},
    {"id": "b", "question": "How deep is the pond of the hut?", "unanswerable": True, "near": "pond.md"},
    {"id": "c", "question": "¿Cuándo abre el refugio?", "judgements": [{"document": "hut.md", "quote": "El refugio abre"}]},
]  # fmt: skip


@pytest.fixture
def asked(tmp_path):
    """The questions' file and the data directory in which their documents are built."""
    docs = tmp_path / "data" / "documents"
    docs.mkdir(parents=True)
    (docs / "hut.md").write_text(HUT, "utf-8")
    (docs / "pond.md").write_text(POND, "utf-8")
    build(tmp_path / "data", ENCODER, splitting=Splitting())
    path = tmp_path / "own.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in LINES), "utf-8")
    return path, tmp_path / "data"


def test_a_line_has_the_parts_that_answer_and_what_was_found_beside(asked):
    path, data = asked
    priced, missed = module.taught(read_dataset(path), Engine(data, ENCODER))
    assert priced["passage"] == "La noche en el refugio cuesta 14 euros."
    assert priced["spans"] == ["La noche", "cuesta 14 euros"]
    assert [priced["passage"][a:b] for a, b in priced["units"]] == priced["spans"]
    assert priced["heading"].endswith("Precios")
    assert {text for _, text in priced["found"]} == {
        "El refugio abre de mayo a octubre.",
        "The pond of the hut opens in May. Dogs may not swim in the pond.",
    }
    assert (missed["answerable"], missed["spans"]) == (False, [])
    assert missed["passage"].startswith("The pond")
    assert len(missed["found"]) == 2


def test_what_is_written_is_what_the_stage_reads(asked, tmp_path, monkeypatch, capsys):
    path, data = asked
    monkeypatch.setattr(module, "load_encoder", lambda name: ENCODER)
    out = tmp_path / "train" / "qa-own" / "own.jsonl"
    assert module.main([str(path), "--data", str(data), "--out", str(out)]) == 0
    assert capsys.readouterr().out == f"2 passages in {out}\n"
    books = read_answered(tmp_path / "train")
    priced, missed = sorted([*books.taught, *books.open], key=lambda one: not one.answers)
    assert [priced.passage[a:b] for a, b in priced.units] == ["La noche", "cuesta 14 euros"]
    assert (len(priced.found), missed.answers, len(missed.found)) == (2, False, 2)


def test_questions_of_another_kind_are_refused(tmp_path):
    squad = {"data": [{"title": "t", "paragraphs": [{"context": "El mar.", "qas": [{"id": "1", "question": "¿Qué?", "answers": [{"text": "mar", "answer_start": 3}]}]}]}]}  # fmt: skip
    path = tmp_path / "xquad.es.json"
    path.write_text(json.dumps(squad), "utf-8")
    with pytest.raises(CorpusError, match="has no questions of one's own; expected a file .jsonl"):
        module.main([str(path), "--out", str(tmp_path / "out.jsonl")])
