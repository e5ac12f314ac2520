"""Token codes: MaxSim by hand, and cosines after compression."""

from dataclasses import replace

import numpy as np
import pytest
from hash_encoder import HashEncoder
from oracle import max_sim

from index.tokens import IN_HEADING, TokenCodes, TokenIndex, compress, content_tokens


def encoded(text, dim=64):
    return HashEncoder(dim).encode_tokens([text], "passage")[0]


def test_max_sim_is_the_weighted_mean_of_each_tokens_best_cosine():
    cosines = np.array([[0.1, 0.9, 0.3], [0.5, -0.2, 0.4]], dtype=np.float32)
    score, best = max_sim(cosines, np.array([3.0, 1.0], dtype=np.float32))
    assert best.tolist() == pytest.approx([0.9, 0.5])
    assert score == pytest.approx((3 * 0.9 + 1 * 0.5) / 4)


def test_max_sim_of_nothing_is_0():
    none = np.zeros((2, 0), dtype=np.float32)
    assert max_sim(none, np.ones(2, dtype=np.float32))[0] == 0.0
    assert max_sim(np.zeros((0, 3), np.float32), np.zeros(0, np.float32))[0] == 0.0
    score, best = max_sim(np.ones((2, 3), np.float32), np.zeros(2, np.float32))
    assert (score, best.tolist()) == (0.0, [0.0, 0.0])


@pytest.mark.parametrize("dim", [64, 128])
def test_cosines_after_compression_are_close_to_those_before(dim):
    rng = np.random.default_rng(0)
    text = " ".join(f"palabra{chr(97 + i % 26)}{chr(97 + i // 26)}" for i in range(200))
    whole = encoded(text, dim)
    codes = compress(text, 0, whole, "es")
    index = TokenIndex.build([codes], dim)
    # questions near some of the tokens, as real ones are
    query = whole.tokens[rng.integers(0, 200, 50)] + 0.5 * rng.standard_normal((50, dim)) / dim**0.5
    query = (query / np.linalg.norm(query, axis=1, keepdims=True)).astype(np.float32)
    [(cosines, _)] = index.similarities(query, [0])
    exact = query @ whole.tokens.T
    # two bits of a Gaussian keep 0.94 of its direction
    assert np.abs(cosines - exact).max() < 0.25
    assert np.abs(cosines - exact).mean() < 0.05
    assert (cosines.argmax(axis=1) == exact.argmax(axis=1)).mean() > 0.98


def test_a_code_takes_a_quarter_byte_per_dimension():
    codes = compress("agua limpia", 0, encoded("agua limpia"), "es")
    assert codes.codes.shape == (2, 16)
    assert codes.codes.dtype == np.uint8


@pytest.mark.parametrize(
    ("lang", "text", "kept"),
    [
        ("es", "¿Quién es el dueño de la caña?", ["dueño", "caña"]),
        ("es", "El rehén que está en Lima", ["rehén", "Lima"]),
        ("en", "Who is the owner of the house?", ["owner", "house"]),
        ("en", "It was in Lima in 1997.", ["Lima", "1997"]),
    ],
)
def test_function_words_are_left_out(lang, text, kept):
    whole = encoded(text)
    flags = content_tokens(text, whole, lang)
    spans = zip(whole.starts[flags], whole.ends[flags], strict=True)
    assert [text[a:b] for a, b in spans] == kept
    starts = compress(text, 0, whole, lang).starts
    assert [text[s:].split(" ")[0].strip("?.") for s in starts] == kept


def test_starts_count_from_the_passage_and_mark_the_heading():
    heading, body = "Año nuevo", "Agua de Lima"
    text = f"{heading}\n{body}"
    codes = compress(text, len(heading) + 1, encoded(text), "es")
    assert codes.starts.tolist() == [IN_HEADING, IN_HEADING, 0, body.index("Lima")]


def test_a_place_too_far_to_count_is_the_last_one_and_not_the_heading():
    text = "a" * 70_000 + " lima"
    codes = compress(text, 0, encoded(text), "und")
    assert codes.starts.tolist() == [0, IN_HEADING - 1]


def three(dim=64):
    texts = ["agua limpia de la fuente", "y o a la", "the old house"]
    return [
        compress(t, 0, encoded(t, dim), lang)
        for t, lang in zip(texts, ("es", "es", "en"), strict=True)
    ]


def test_similarities_come_in_the_order_asked_for_with_one_column_per_token():
    index = TokenIndex.build(three(), 64)
    assert len(index) == 3
    query = encoded("fuente house").tokens
    found = index.similarities(query, [2, 0, 1])
    assert [cosines.shape for cosines, _ in found] == [(2, 2), (2, 3), (2, 0)]
    assert found[0][0][1].max() > 0.9 > found[0][0][0].max()
    assert found[1][0][0].argmax() == 2
    assert found[1][1].tolist() == [0, 5, 18]


def test_a_passage_without_content_has_no_columns_even_alone():
    index = TokenIndex.build(three(), 64)
    [(cosines, starts)] = index.similarities(encoded("fuente").tokens, [1])
    assert cosines.shape == (1, 0)
    assert len(starts) == 0
    only = TokenIndex.build(three()[1:2], 64)
    assert only.similarities(encoded("fuente").tokens, [0])[0][0].shape == (1, 0)


@pytest.mark.parametrize(("n_query", "n_passages"), [(1, 1), (7, 40), (300, 3), (9000, 2)])
def test_many_tokens_have_the_cosines_of_each_by_itself(n_query, n_passages):
    rng = np.random.default_rng(n_query)
    passages = [
        TokenCodes(rng.integers(0, 256, (n, 16), dtype=np.uint8), np.arange(n, dtype=np.uint16))
        for n in rng.integers(0, 200, n_passages)
    ]
    query = rng.standard_normal((n_query, 64)).astype(np.float32)
    found = TokenIndex.build(passages, 64).similarities(query, range(n_passages))
    levels = np.array([-1.510, -0.4528, 0.4528, 1.510])
    for passage, (cosines, _) in zip(passages, found, strict=True):
        codes = passage.codes.repeat(4, axis=1) >> np.tile([0, 2, 4, 6], 16) & 3
        vectors = levels[codes] / np.linalg.norm(levels[codes], axis=1, keepdims=True)
        np.testing.assert_allclose(cosines, query @ vectors.T, atol=1e-4)


def test_no_rows_give_no_similarities():
    assert TokenIndex.build(three(), 64).similarities(encoded("agua").tokens, []) == []
    assert TokenIndex.build([], 64).similarities(encoded("agua").tokens, []) == []


@pytest.mark.parametrize("n", [0, 3])
def test_a_saved_index_gives_the_same(tmp_path, n):
    index = TokenIndex.build(three()[:n], 64)
    index.save(tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(TokenIndex.file_names())
    loaded = TokenIndex.load(tmp_path)
    assert len(loaded) == n
    query = encoded("agua house").tokens
    for row in range(n):
        for ours, theirs in zip(
            index.similarities(query, [row])[0], loaded.similarities(query, [row])[0], strict=True
        ):
            np.testing.assert_array_equal(ours, theirs)
        ours, theirs = index.codes_of(row), loaded.codes_of(row)
        assert isinstance(theirs, TokenCodes)
        np.testing.assert_array_equal(ours.codes, theirs.codes)
        np.testing.assert_array_equal(ours.starts, theirs.starts)


@pytest.mark.parametrize(
    ("text", "lang"), [("la niña y la otra", "es"), ("the girl and the other", "en")]
)
def test_a_function_word_that_is_rare_enough_is_kept(text, lang):
    whole = encoded(text)
    for rarity, kept in ((0.34, False), (0.36, True)):
        # an encoder that weighs its tokens: the last word as rare as that
        weights = np.full(len(whole.starts), 0.1, dtype=np.float32)
        weights[-1] = rarity
        flags = content_tokens(text, replace(whole, weights=weights), lang)
        assert flags.tolist() == [word in ("niña", "girl") for word in text.split()[:-1]] + [kept]
