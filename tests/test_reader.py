"""The reader beside an encoder: found, refused, and what it says of passages."""

import json
import shutil

import numpy as np
import pytest

from corpus.document import EncoderError
from index import reader as module
from index.reader import READER_CARD, READER_FILE, ReaderCard, load_reader

READER = load_reader()
PASSAGES = {
    "es": "La biblioteca está junto al río. Abre de diez a ocho. El carné de socio cuesta 12 euros al año. Hay wifi.",
    "en": "The library is by the river. It opens from ten to eight. A member's card costs 12 euros a year. There is wifi.",
}
OTHER = "El volcán entró en erupción en 1902. The ashes reached the coast within a day."


def test_without_a_file_of_its_own_an_encoder_is_served_by_the_reader_that_ships(tmp_path):
    assert load_reader(str(tmp_path)).card == load_reader("no-such-encoder").card == READER.card


def test_a_reader_is_opened_once_and_anew_when_its_files_are_others(tmp_path):
    folder = tmp_path / "encoder"
    shutil.copytree(module.ENCODERS_FOLDER / module.DEFAULT_ENCODER, folder)
    first = load_reader(str(folder))
    assert load_reader(str(folder)) is first
    card = json.loads((folder / READER_CARD).read_text("utf-8"))
    (folder / READER_CARD).write_text(json.dumps({**card, "max_tokens": 100}), "utf-8")
    assert load_reader(str(folder)).card.max_tokens == 100


def test_where_none_ships_there_is_none(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "ENCODERS_FOLDER", tmp_path)
    assert load_reader(str(tmp_path)) is None


@pytest.mark.parametrize(
    ("question", "heading", "text", "answer"),
    [
        ("¿Cuánto cuesta el carné?", "Biblioteca", PASSAGES["es"], "12 euros"),
        ("How much is a card?", "Library", PASSAGES["en"], "12 euros"),
        ("¿Cuánto cuesta el carné?", "Library", PASSAGES["en"], "12 euros"),
        ("How much is a card?", "Biblioteca", PASSAGES["es"], "12 euros"),
    ],
)
def test_the_reader_that_ships_underlines_the_words_that_answer(question, heading, text, answer):
    reading, other = READER.read(question, [(heading, text), ("", OTHER)])
    at = text.index(answer)
    inside = (reading.starts >= at) & (reading.ends <= at + len(answer))
    odds = reading.marked / (1 - reading.marked)
    assert odds[inside].min() > 2 * np.median(odds)
    assert reading.answers > other.answers + 2


@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_text_in_capitals_is_read_as_one_in_small_letters(lang):
    heading, question = (
        ("Biblioteca", "¿Cuánto cuesta el carné?")
        if lang == "es"
        else ("Library", "How much is a card?")
    )
    text = PASSAGES[lang]
    [plain] = READER.read(question, [(heading, text)])
    [loud] = READER.read(question.upper(), [(heading, text.upper())])
    assert loud.answers > plain.answers - 1.5
    at = text.index("12 euros")
    inside = (loud.starts >= at) & (loud.ends <= at + len("12 euros"))
    odds = loud.marked / (1 - loud.marked)
    assert odds[inside].min() > 2 * np.median(odds)


def test_files_that_are_no_reader_are_told_in_one_line(tmp_path):
    (tmp_path / READER_FILE).write_bytes(b"x")
    with pytest.raises(EncoderError, match="expected reader.int8.onnx and reader.json") as caught:
        load_reader(str(tmp_path))
    assert "\n" not in str(caught.value)


def test_a_card_is_read(tmp_path):
    facts = {"n_layers": 8, "max_question": 64, "max_heading": 40, "max_tokens": 336, "words": "ab"}
    (tmp_path / READER_CARD).write_text(json.dumps(facts), "utf-8")
    assert ReaderCard.read(tmp_path / READER_CARD) == ReaderCard(8, 64, 40, 336, "ab")
