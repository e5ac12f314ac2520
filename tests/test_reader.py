"""The reader beside an encoder: found, refused, and what it says of passages."""

import json

import pytest

from corpus.document import EncoderError
from index.reader import READER_CARD, READER_FILE, ReaderCard, load_reader


def test_without_a_file_there_is_no_reader(tmp_path):
    assert load_reader(str(tmp_path)) is None
    assert load_reader("no-such-encoder") is None


def test_files_that_are_no_reader_are_told_in_one_line(tmp_path):
    (tmp_path / READER_FILE).write_bytes(b"x")
    with pytest.raises(EncoderError, match="expected reader.int8.onnx and reader.json") as caught:
        load_reader(str(tmp_path))
    assert "\n" not in str(caught.value)


def test_a_card_is_read(tmp_path):
    facts = {"n_layers": 8, "max_question": 64, "max_heading": 40, "max_tokens": 336, "words": "ab"}
    (tmp_path / READER_CARD).write_text(json.dumps(facts), "utf-8")
    assert ReaderCard.read(tmp_path / READER_CARD) == ReaderCard(8, 64, 40, 336, "ab")
