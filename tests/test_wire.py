"""What a reading process says: data that has the declared shape, or nothing."""

import json
import pickle

import pytest
from conftest import SAMPLES
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Document, Skipped, Source
from corpus.parse import parse
from corpus.readers.pool import Read
from corpus.readers.wire import dumps, loads

SOURCE = Source("año/¿qué? 🌍.txt", "ab" * 32, 12, 1_700_000_000_000_000_001)
SKIPPED = Skipped("año.pdf", "está cifrado; quítale la contraseña")


@pytest.mark.parametrize("path", sorted(SAMPLES.rglob("*.md"))[:4], ids=lambda p: p.name)
def test_a_document_arrives_as_it_was_parsed(path):
    document = parse(path.read_bytes(), path.name)
    assert document.headings
    assert loads(dumps((SOURCE, document)), Read) == (SOURCE, document)


@pytest.mark.parametrize("said", [(SOURCE, SKIPPED), (None, SKIPPED)])
def test_a_skipped_file_arrives_with_its_reason(said):
    assert loads(dumps(said), Read) == said


def test_a_name_that_is_no_utf8_on_disk_arrives_too():
    odd = Source("a\udcf1o.txt", "", 0, 0)
    assert loads(dumps(odd), Source) == odd


@given(st.text(), st.lists(st.integers()))
def test_any_text_and_any_numbers_arrive(text, starts):
    document = Document("a.txt", text, "und", text, tuple(starts), (), "")
    assert loads(dumps(document), Document) == document


@pytest.mark.parametrize(
    "value",
    [
        None,
        7,
        "Source",
        [],
        ["Source"],
        ["Source", "a.txt", "", 1, 2, 3, 4],
        ["Skipped", "a.txt", "", 1],
        ["Source", "a.txt", "", 1, "2", 3],
        ["Source", "a.txt", "", True, 2, 3],
        ["Source", ["a.txt"], "", 1, 2, 3],
        {"Source": ["a.txt", "", 1, 2, 3]},
    ],
)
def test_what_is_no_source_is_refused(value):
    with pytest.raises(ValueError, match="expected"):
        loads(json.dumps(value).encode(), Source)


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[" * 100_000,
        pickle.dumps(SOURCE),
        b"[null]",
        b'[null,["Skipped"]]',
    ],
)
def test_what_is_no_json_of_ours_is_refused(message):
    with pytest.raises(ValueError):  # noqa: PT011 – json's own errors are among them
        loads(message, Read)
