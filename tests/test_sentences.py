"""Sentence vectors: one byte a dimension, and the same cosines after it."""

import numpy as np
import pytest
from hash_encoder import HashEncoder
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import language
from index.sentences import (
    SentenceCodes,
    SentenceIndex,
    TermIndex,
    compress_sentences,
    sentence_key,
)

PASSAGES = [
    "¿Vuela el ñandú? ¡No! El ñandú corre por la pampa.",
    "The river Amazon is long. It begins in the Andes.",
    "Sin punto final",
]


def codes_of(text, dim=64):
    spans = language.sentences(text)
    vectors = HashEncoder(dim).encode_passages([text[a:b] for a, b in spans])
    return compress_sentences(vectors, spans)


@pytest.fixture
def index():
    return SentenceIndex.build([codes_of(text) for text in PASSAGES], 64)


def kept(index, row):
    """Unit rows float32[n, dim] and spans int32[n, 2] of one passage."""
    stored = index.codes_of(row)
    lengths = np.linalg.norm(stored.codes.astype(np.float32), axis=1, keepdims=True)
    return stored.codes / np.maximum(lengths, 1e-6), stored.spans


def test_each_passage_has_its_sentences_in_text_order(index):
    assert len(index) == 3
    told = [[text[a:b] for a, b in kept(index, row)[1]] for row, text in enumerate(PASSAGES)]
    assert told == [
        ["¿Vuela el ñandú?", "¡No!", "El ñandú corre por la pampa."],
        ["The river Amazon is long.", "It begins in the Andes."],
        ["Sin punto final"],
    ]


def test_vectors_come_back_as_unit_rows_close_to_what_they_were(index):
    for row, text in enumerate(PASSAGES):
        vectors, spans = kept(index, row)
        assert vectors.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-5)
        exact = HashEncoder().encode_passages([text[a:b] for a, b in spans])
        assert (vectors * exact).sum(axis=1).min() > 0.999


@pytest.mark.parametrize(
    ("question", "row", "sentence"),
    [
        ("¿Corre por la pampa?", 0, 2),
        ("¿Vuela el nandú?", 0, 0),
        ("Where are the Andes?", 1, 1),
        ("Is it a long river?", 1, 0),
    ],
)
def test_the_sentence_with_the_questions_words_is_nearest(index, question, row, sentence):
    asked = HashEncoder().encode_queries([question])[0]
    assert (kept(index, row)[0] @ asked).argmax() == sentence


def unit(rows):
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@given(st.integers(1, 30), st.sampled_from([8, 64, 384]), st.integers(0, 2**32 - 1))
def test_a_byte_a_dimension_moves_no_cosine_by_more_than_a_hundredth(n, dim, seed):
    rng = np.random.default_rng(seed)
    rows, query = unit(rng.standard_normal((n, dim))), unit(rng.standard_normal((1, dim)))[0]
    stored = compress_sentences(rows, [(i, i + 1) for i in range(n)])
    assert stored.codes.dtype == np.int8
    assert np.abs(stored.codes).max(axis=1).tolist() == [127] * n
    vectors, _ = kept(SentenceIndex.build([stored], dim), 0)
    assert np.abs(vectors @ query - rows @ query).max() < 0.01


def test_a_passage_without_sentences_and_a_vector_of_zeros_are_no_trouble():
    none = compress_sentences(np.zeros((0, 8), np.float32), [])
    zeros = compress_sentences(np.zeros((1, 8), np.float32), [(0, 3)])
    index = SentenceIndex.build([none, zeros, none], 8)
    assert [len(kept(index, row)[1]) for row in range(3)] == [0, 1, 0]
    assert kept(index, 0)[0].shape == (0, 8)
    assert np.isfinite(kept(index, 1)[0]).all()


def test_what_is_stored_can_be_built_with_again(index):
    again = SentenceIndex.build([index.codes_of(row) for row in (2, 0)], 64)
    for ours, theirs in ((0, 2), (1, 0)):
        np.testing.assert_array_equal(kept(again, ours)[0], kept(index, theirs)[0])
        assert kept(again, ours)[1].tolist() == kept(index, theirs)[1].tolist()
        assert isinstance(again.codes_of(ours), SentenceCodes)


@pytest.mark.parametrize("n", [0, 3])
def test_a_saved_index_gives_the_same(tmp_path, n):
    index = SentenceIndex.build([codes_of(text) for text in PASSAGES[:n]], 64)
    index.save(tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(SentenceIndex.file_names())
    loaded = SentenceIndex.load(tmp_path)
    assert len(loaded) == n
    for row in range(n):
        np.testing.assert_array_equal(kept(loaded, row)[0], kept(index, row)[0])
        assert kept(loaded, row)[1].tolist() == kept(index, row)[1].tolist()


def test_a_missing_or_broken_file_is_an_error(index, tmp_path):
    index.save(tmp_path)
    (tmp_path / "sentences-spans.npy").write_bytes(b"roto")
    with pytest.raises(ValueError, match=r".+"):
        SentenceIndex.load(tmp_path)
    (tmp_path / "sentences-spans.npy").unlink()
    with pytest.raises(OSError, match="sentences-spans"):
        SentenceIndex.load(tmp_path)


@settings(max_examples=50)
@given(st.lists(st.integers(0, 4), max_size=8))
def test_every_passage_keeps_its_own_sentences(counts):
    rng = np.random.default_rng(len(counts))
    parts = [
        compress_sentences(
            unit(rng.standard_normal((n, 8))), [(10 * i, 10 * i + n) for i in range(n)]
        )
        for n in counts
    ]
    index = SentenceIndex.build(parts, 8)
    assert len(index) == len(counts)
    for row, part in enumerate(parts):
        np.testing.assert_array_equal(index.codes_of(row).codes, part.codes)
        np.testing.assert_array_equal(index.codes_of(row).spans, part.spans)


# ------------------------------------------------------------------------- terms

LANGS = st.sampled_from(["es", "en", "und"])
GROUPS = st.lists(st.lists(st.text(min_size=1, max_size=4), max_size=5), min_size=1, max_size=5)


@given(st.lists(st.tuples(LANGS, GROUPS), max_size=6))
def test_every_heading_and_sentence_keeps_its_terms(passages):
    index = TermIndex.build(passages)
    assert len(index) == len(passages)
    for row, (lang, groups) in enumerate(passages):
        expected = [{sentence_key(lang, term) for term in terms} for terms in groups]
        assert index.of(row) == expected


def test_a_term_has_a_key_of_its_own_in_each_language():
    keys = {sentence_key(lang, term) for lang in ("es", "en") for term in ("ano", "año", "lima")}
    assert len(keys) == 6
    assert all(0 <= key < 2**32 for key in keys)


@pytest.mark.parametrize("n", [0, 2])
def test_saved_terms_are_the_same(tmp_path, n):
    passages = [("es", [["pampa"], ["ñandu", "corr"], []]), ("en", [[], ["river"]])][:n]
    index = TermIndex.build(passages)
    index.save(tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(TermIndex.file_names())
    loaded = TermIndex.load(tmp_path)
    assert len(loaded) == n
    assert [loaded.of(row) for row in range(n)] == [index.of(row) for row in range(n)]


def test_missing_or_broken_terms_are_an_error(tmp_path):
    TermIndex.build([("es", [["agua"]])]).save(tmp_path)
    (tmp_path / "terms-keys.npy").write_bytes(b"roto")
    with pytest.raises(ValueError, match=r".+"):
        TermIndex.load(tmp_path)
    (tmp_path / "terms-keys.npy").unlink()
    with pytest.raises(OSError, match="terms-keys"):
        TermIndex.load(tmp_path)
