"""Rows of an index over several segments, and that a joined index is the same as one built at once."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.arrays import Numbering
from index.local.dense import DenseIndex
from index.local.lexical import LexicalIndex
from index.sentences import SentenceIndex, TermIndex, compress_sentences
from index.tokens import TokenCodes, TokenIndex

WORDS = ["rehén", "año", "ano", "café", "hostage", "túnel", "tunnel", "1997"]


@st.composite
def layouts(draw):
    """For each segment int32, the row of the index for each of its rows, -1 for a passage that is gone."""
    n_segments = draw(st.integers(1, 4))
    of = draw(st.lists(st.integers(0, n_segments - 1), max_size=30))
    found = []
    for segment in range(n_segments):
        own = [row for row, where in enumerate(of) if where == segment]
        for place in draw(st.lists(st.integers(0, 30), max_size=5)):
            own.insert(min(place, len(own)), -1)
        found.append(np.array(own, dtype=np.int32))
    return found


@given(layouts())
def test_a_row_is_found_in_its_segment_and_back(numbers):
    rows = Numbering(numbers)
    assert len(rows) == sum(int((own >= 0).sum()) for own in numbers)
    for row in range(len(rows)):
        segment, local = rows.place(row)
        assert numbers[segment][local] == row
    for segment, own in enumerate(numbers):
        gone = rows.gone(segment)
        assert (gone is None) == bool((own >= 0).all())
        if gone is not None:
            np.testing.assert_array_equal(gone, own < 0)
        assert rows.sizes[segment] == (own >= 0).sum()


@given(layouts(), st.data())
def test_split_gives_every_row_once(numbers, data):
    rows = Numbering(numbers)
    if not len(rows):
        return
    wanted = np.array(data.draw(st.lists(st.integers(0, len(rows) - 1), max_size=20)), np.int64)
    back = np.full(len(wanted), -1)
    for segment, at, local in rows.split(wanted):
        assert (back[at] == -1).all()
        back[at] = rows.numbers(segment)[local]
    np.testing.assert_array_equal(back, wanted)


@pytest.mark.parametrize("numbers", [[1, 0], [0, 2, -1, 1], [0, 0]])
def test_rows_of_a_segment_out_of_order_are_refused(numbers):
    with pytest.raises(ValueError, match="order of the index"):
        Numbering([np.array(numbers, dtype=np.int32)])


def test_several_segments_need_a_numbering():
    one = TermIndex.build([("es", [["a"]])])
    with pytest.raises(ValueError, match="2 segments"):
        TermIndex([*one._segments, *one._segments])


@settings(deadline=None)
@given(layouts(), st.integers(0, 2**32 - 1), st.data())
def test_words_are_found_and_weighed_as_in_one_segment(numbers, seed, data):
    rng = np.random.default_rng(seed)
    rows = Numbering(numbers)
    whole = [
        ("es" if rng.random() < 0.6 else "en", rng.choice(WORDS, rng.integers(0, 8)).tolist())
        for _ in range(len(rows))
    ]
    gone = ("es", ["año"] * 9)
    one = LexicalIndex.build(whole)
    joined = LexicalIndex.join(
        [
            LexicalIndex.build(whole[row] if row >= 0 else gone for row in own.tolist())
            for own in numbers
        ],
        rows,
    )
    assert len(joined) == len(one)
    np.testing.assert_array_equal(joined.langs, one.langs)
    question = {
        lang: [[(w, 1.0)] for w in data.draw(st.lists(st.sampled_from(WORDS), max_size=4))]
        + [[("año", 0.6), ("rehén", 0.3)]]
        for lang in ("es", "en")
    }
    for word in WORDS:
        assert joined.df("es", word) == one.df("es", word)
        assert joined.weight("en", [(word, 1.0)], 0.1) == one.weight("en", [(word, 1.0)], 0.1)
    k = data.draw(st.integers(0, 12))
    asked = np.arange(len(one))
    allowed = data.draw(st.sampled_from([None, asked[::2]]))
    for a, b in zip(
        joined.search(question, k, allowed, also=asked),
        one.search(question, k, allowed, also=asked),
        strict=True,
    ):
        np.testing.assert_array_equal(a, b)


@settings(deadline=None)
@given(layouts(), st.integers(0, 2**32 - 1), st.integers(1, 12), st.booleans())
def test_vectors_are_found_as_in_one_segment(numbers, seed, k, limited):
    rng = np.random.default_rng(seed)
    rows = Numbering(numbers)
    # few different vectors, so that many scores are equal
    whole = np.eye(8, dtype=np.float32)[rng.integers(0, 3, len(rows))].reshape(-1, 8)
    parts = [
        np.stack([whole[r] if r >= 0 else np.eye(8, dtype=np.float32)[0] for r in own])
        if len(own)
        else np.zeros((0, 8), np.float32)
        for own in (part.tolist() for part in numbers)
    ]
    one = DenseIndex.build(whole)
    joined = DenseIndex.join([DenseIndex.build(part) for part in parts], rows)
    allowed = np.arange(len(whole))[::2] if limited else None
    queries = np.eye(8, dtype=np.float32)[:3]
    for a, b in zip(
        joined.search(queries, k, allowed), one.search(queries, k, allowed), strict=True
    ):
        np.testing.assert_array_equal(a, b)
    wanted = rng.permutation(len(whole))
    np.testing.assert_array_equal(joined.vectors(wanted), one.vectors(wanted))


@settings(deadline=None)
@given(layouts(), st.integers(0, 2**32 - 1))
def test_tokens_sentences_and_terms_are_those_of_their_passage(numbers, seed):
    rng = np.random.default_rng(seed)
    rows = Numbering(numbers)

    def made(row):
        own = np.random.default_rng(0 if row < 0 else row + 1)
        n = int(own.integers(0, 5))
        tokens = TokenCodes(
            own.integers(0, 255, (n, 4)).astype(np.uint8), np.arange(n, dtype=np.uint16)
        )
        told = compress_sentences(
            own.standard_normal((n, 8)).astype(np.float32), [(i, i + 1) for i in range(n)]
        )
        return tokens, told, ("es", [own.choice(WORDS, 2).tolist() for _ in range(n + 1)])

    whole = [made(row) for row in range(len(rows))]
    parts = [[made(row) for row in own.tolist()] for own in numbers]
    build = {
        TokenIndex: lambda entries: TokenIndex.build([e[0] for e in entries], 16),
        SentenceIndex: lambda entries: SentenceIndex.build([e[1] for e in entries], 8),
        TermIndex: lambda entries: TermIndex.build(e[2] for e in entries),
    }
    one = {kind: make(whole) for kind, make in build.items()}
    joined = {kind: kind.join([make(p) for p in parts], rows) for kind, make in build.items()}
    wanted = rng.permutation(len(rows)).tolist()
    query = rng.standard_normal((3, 16)).astype(np.float32)
    vector = rng.standard_normal(8).astype(np.float32)
    for kind, index in joined.items():
        assert len(index) == len(one[kind]) == len(rows)
    pairs = [
        (
            kinds[TokenIndex].similarities(query, wanted),
            kinds[SentenceIndex].cosines(wanted, vector),
        )
        for kinds in (joined, one)
    ]
    for mine, expected in zip(*pairs, strict=True):
        for a, b in zip(mine, expected, strict=True):
            for x, y in zip(a, b, strict=True):
                np.testing.assert_array_equal(x, y)
    for row in wanted:
        assert joined[TermIndex].of(row) == one[TermIndex].of(row)
        np.testing.assert_array_equal(
            joined[TokenIndex].codes_of(row).codes, one[TokenIndex].codes_of(row).codes
        )
        np.testing.assert_array_equal(
            joined[SentenceIndex].codes_of(row).codes, one[SentenceIndex].codes_of(row).codes
        )
