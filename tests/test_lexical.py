"""BM25 with the arithmetic written out, and against a slow reference on random collections."""

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.language import terms
from index.bm25 import K1, PRIOR_PASSAGES, B
from index.local.lexical import LexicalIndex

# Four Spanish passages of 3, 2, 1 and 2 terms (mean 2), two English ones of 2 and 4 terms (mean 3).
SMALL = [
    ("es", ["rehen", "lima", "rehen"]),
    ("es", ["lima", "año"]),
    ("es", ["ñandu"]),
    ("es", ["pampa", "año"]),
    ("en", ["hostag", "lima"]),
    ("en", ["hostag", "rescu", "embassi", "rescu"]),
]


def word(term):
    return [(term, 1.0)]


def all_scores(index, question, idfs=None):
    """The score of every passage, 0 for those that are not found."""
    scores, rows, _ = index.search(question, len(index), idfs=idfs)
    every = np.zeros(len(index), dtype=np.float32)
    every[rows[0]] = scores[0]
    return every


def norm(length, mean):
    return 0.9 * (1 - 0.4 + 0.4 * length / mean)


def test_a_score_is_bm25_as_the_share_of_the_question():
    # rehen: N = 4, df = 1: idf = ln(1 + 3.5 / 1.5); lima: df = 2: idf = ln(1 + 2.5 / 2.5)
    rehen, lima = math.log(1 + 3.5 / 1.5), math.log(2)
    scores = all_scores(LexicalIndex.build(SMALL), {"es": [word("rehen"), word("lima")]})
    first = (rehen * 2 / (2 + norm(3, 2)) + lima * 1 / (1 + norm(3, 2))) / (rehen + lima)
    second = lima * 1 / (1 + norm(2, 2)) / (rehen + lima)
    np.testing.assert_allclose(scores, [first, second, 0, 0, 0, 0], rtol=1e-6)


def test_a_word_nobody_has_lowers_the_share():
    index = LexicalIndex.build(SMALL)
    alone = all_scores(index, {"es": [word("ñandu")]})[2]
    idf_ñandu, idf_none = math.log(1 + 3.5 / 1.5), math.log(1 + 4.5 / 0.5)
    with_other = all_scores(index, {"es": [word("ñandu"), word("zzz")]})[2]
    assert with_other == pytest.approx(alone * idf_ñandu / (idf_ñandu + idf_none), rel=1e-6)


def test_statistics_are_those_of_the_passages_language():
    index = LexicalIndex.build(SMALL)
    assert (index.n_passages("es"), index.n_passages("en"), index.n_passages("und")) == (4, 2, 0)
    assert (index.df("es", "lima"), index.df("en", "lima"), index.df("und", "lima")) == (2, 1, 0)
    assert index.weight("es", word("lima")).idf == pytest.approx(math.log(1 + 2.5 / 2.5))
    assert index.weight("en", word("lima")).idf == pytest.approx(math.log(1 + 1.5 / 1.5))
    # the English mean length is 3, whatever the Spanish one is
    scores = all_scores(index, {"en": [word("lima")]})
    assert scores[4] == pytest.approx(1 / (1 + norm(2, 3)), rel=1e-6)
    assert np.count_nonzero(scores) == 1


def test_more_english_passages_change_no_spanish_score():
    question = {"es": [word("rehen"), word("lima")]}
    few = all_scores(LexicalIndex.build(SMALL), question)
    many = all_scores(LexicalIndex.build([*SMALL, *[("en", ["lima", "rehen"])] * 50]), question)
    np.testing.assert_array_equal(few, many[: len(SMALL)])
    assert not many[len(SMALL) :].any()


def test_a_translated_word_counts_with_its_expected_tf_and_df():
    # rehén: hostage with 0.6, rescue with 0.3. df = 0.6 * 2 + 0.3 * 1 = 1.5 of N = 2
    question = {"en": [[("hostag", 0.6), ("rescu", 0.3)]]}
    index = LexicalIndex.build(SMALL)
    weight = index.weight("en", question["en"][0])
    assert weight.df == pytest.approx(1.5)
    assert weight.idf == pytest.approx(math.log(1 + (2 - 1.5 + 0.5) / (1.5 + 0.5)))
    # tf of the first = 0.6; of the second = 0.6 * 1 + 0.3 * 2 = 1.2
    expected = [0.6 / (0.6 + norm(2, 3)), 1.2 / (1.2 + norm(4, 3))]
    np.testing.assert_allclose(all_scores(index, question)[4:], expected, rtol=1e-6)


def test_an_expected_df_is_never_more_than_the_passages():
    index = LexicalIndex.build([("en", ["a1", "b1"])] * 3)
    assert index.weight("en", [("a1", 0.9), ("b1", 0.9)]).df == 3


def test_what_is_known_of_a_word_counts_as_that_many_more_passages():
    index = LexicalIndex.build(SMALL)
    # lima: df = 2 of N = 4 here, and one ordinary passage in a hundred
    weight = index.weight("es", word("lima"), 0.01)
    n, df = 4 + PRIOR_PASSAGES, 2 + 0.01 * PRIOR_PASSAGES
    assert (weight.df, weight.seen) == (pytest.approx(df), 2)
    assert weight.idf == pytest.approx(math.log(1 + (n - df + 0.5) / (df + 0.5)))
    # without it, or with nothing known: the collection alone, or a word that only it holds
    assert index.weight("es", word("lima"), None) == index.weight("es", word("lima"))
    assert index.weight("es", word("lima"), 0.0).df == 2


def test_in_a_small_collection_ordinary_words_are_cheap_and_names_dear_wherever_they_stand():
    index = LexicalIndex.build([("es", ["cerpa", "agua"]), ("es", ["cerpa", "agua", "año"])])
    everywhere = {term: index.weight("es", word(term)).idf for term in ("cerpa", "agua", "año")}
    assert everywhere["cerpa"] == everywhere["agua"] < everywhere["año"]
    shares = {"cerpa": 0.0, "agua": 0.05, "año": 0.3}
    known = {t: index.weight("es", word(t), share).idf for t, share in shares.items()}
    assert known["cerpa"] > known["agua"] > known["año"]


@pytest.mark.parametrize(
    ("lang", "options", "seen"),
    [
        ("es", [("rehen", 1.0)], 1.0),
        ("es", [("año", 1.0)], 2.0),
        ("es", [("ano", 1.0)], 0.0),
        ("en", [("hostag", 0.6), ("rescu", 0.3)], 1.5),
        ("und", [("lima", 1.0)], 0.0),
    ],
)
def test_a_word_tells_how_many_passages_hold_it_whatever_is_known_of_it(lang, options, seen):
    index = LexicalIndex.build(SMALL)
    for prior in (None, 0.0, 0.5, 1.0):
        assert index.weight(lang, options, prior).seen == pytest.approx(seen)


@pytest.mark.parametrize("prior", [0.0, 0.001, 0.5, 1.0])
def test_an_idf_is_never_negative_and_falls_with_what_is_known(prior):
    index = LexicalIndex.build(SMALL)
    for term in ("lima", "rehen", "zzz"):
        idf = index.weight("es", word(term), prior).idf
        assert 0 <= idf <= index.weight("es", word(term), 0.0).idf


def test_scores_take_the_idf_of_each_word_in_its_place():
    index = LexicalIndex.build(SMALL)
    rehen = index.weight("es", word("rehen"), 0.001).idf
    lima = index.weight("es", word("lima"), 0.2).idf
    scores = all_scores(index, {"es": [word("rehen"), word("lima")]}, {"es": [rehen, lima]})
    first = (rehen * 2 / (2 + norm(3, 2)) + lima * 1 / (1 + norm(3, 2))) / (rehen + lima)
    second = lima * 1 / (1 + norm(2, 2)) / (rehen + lima)
    np.testing.assert_allclose(scores, [first, second, 0, 0, 0, 0], rtol=1e-6)
    turned = all_scores(index, {"es": [word("lima"), word("rehen")]}, {"es": [lima, rehen]})
    np.testing.assert_allclose(turned, scores, rtol=1e-6)


def test_a_question_in_two_languages_scores_each_passage_in_its_own():
    index = LexicalIndex.build(SMALL)
    both = all_scores(index, {"es": [word("rehen")], "en": [[("hostag", 0.8)]]})
    np.testing.assert_array_equal(both[:4], all_scores(index, {"es": [word("rehen")]})[:4])
    np.testing.assert_array_equal(both[4:], all_scores(index, {"en": [[("hostag", 0.8)]]})[4:])


def test_scores_stay_between_0_and_1_even_for_a_passage_of_one_word():
    index = LexicalIndex.build([("es", ["agua"] * 70_000), ("es", ["agua", "fuente"])])
    scores = all_scores(index, {"es": [word("agua")]})
    assert 0 < scores.min() <= scores.max() <= 1


def slow_scores(passages, question, priors=None):
    """BM25 again, one passage and one word at a time, in Python floats."""
    found = []
    for lang, passage in passages:
        own = [t for code, t in passages if code == lang]
        mean = max(1e-9, sum(map(len, own)) / len(own))
        counts, total, ceiling = Counter(passage), 0.0, 0.0
        for place, choices in enumerate(question.get(lang, ())):
            n = len(own) + (PRIOR_PASSAGES if priors else 0)
            df = sum(p * sum(term in t for t in own) for term, p in choices)
            df = min(n, df + (PRIOR_PASSAGES * priors[lang][place] if priors else 0))
            idf = math.log(1 + (n - df + 0.5) / (df + 0.5))
            tf = sum(p * counts[term] for term, p in choices)
            total += idf * tf / (tf + K1 * (1 - B + B * len(passage) / mean))
            ceiling += idf
        found.append(total / ceiling if ceiling else 0.0)
    return found


TERM = st.sampled_from(["año", "ano", "niñ", "lima", "1997", "agua", "hous", "water"])
LANG = st.sampled_from(["es", "en", "und"])
COLLECTION = st.lists(st.tuples(LANG, st.lists(TERM, max_size=9)), min_size=1, max_size=25)
WORD = st.lists(
    st.tuples(TERM, st.sampled_from([1.0, 0.5, 0.25])),
    min_size=1,
    max_size=3,
    unique_by=lambda w: w[0],
)
QUESTION = st.dictionaries(LANG, st.lists(WORD, max_size=4))


@given(COLLECTION, QUESTION)
def test_scores_are_those_of_a_slow_reference(passages, question):
    scores = all_scores(LexicalIndex.build(passages), question)
    np.testing.assert_allclose(scores, slow_scores(passages, question), rtol=1e-4, atol=1e-6)


@given(COLLECTION, QUESTION, st.data())
def test_scores_with_priors_are_those_of_a_slow_reference(passages, question, data):
    shares = st.sampled_from([0.0, 0.001, 0.1, 1.0])
    priors = {
        lang: data.draw(st.lists(shares, min_size=len(words), max_size=len(words)))
        for lang, words in question.items()
    }
    index = LexicalIndex.build(passages)
    idfs = {
        lang: [index.weight(lang, w, p).idf for w, p in zip(words, priors[lang], strict=True)]
        for lang, words in question.items()
    }
    scores = all_scores(index, question, idfs)
    expected = slow_scores(passages, question, priors)
    np.testing.assert_allclose(scores, expected, rtol=1e-4, atol=1e-6)
    assert scores.min() >= 0
    assert scores.max() <= 1


@given(COLLECTION, QUESTION, st.integers(0, 30), st.data())
def test_search_gives_the_best_in_order_and_no_zeros(passages, question, k, data):
    index = LexicalIndex.build(passages)
    allowed = None
    if data.draw(st.booleans()):
        drawn = data.draw(st.sets(st.integers(0, len(passages) - 1)))
        allowed = np.array(sorted(drawn), dtype=np.int64)
    values = all_scores(index, question)
    pool = range(len(passages)) if allowed is None else allowed.tolist()
    expected = sorted((r for r in pool if values[r] > 0), key=lambda r: (-values[r], r))[:k]
    scores, rows, also = index.search(question, k, allowed, also=np.arange(len(passages)))
    assert also.tolist() == values.tolist()
    assert rows.dtype == np.int64
    assert rows[0].tolist() == expected
    assert scores[0].tolist() == values[expected].tolist()


def test_no_places_find_nothing():
    index = LexicalIndex.build(SMALL)
    assert index.search({"es": [word("lima")]}, 0)[1].shape == (1, 0)


def test_a_question_without_known_words_finds_nothing():
    scores, rows, also = LexicalIndex.build(SMALL).search({"es": [word("zzz")], "en": []}, 5)
    assert scores.shape == rows.shape == (1, 0)
    assert also.shape == (0,)


def test_an_index_of_no_passages_finds_nothing(tmp_path):
    LexicalIndex.build([]).save(tmp_path)
    index = LexicalIndex.load(tmp_path)
    assert len(index) == 0
    assert index.search({"es": [word("agua")]}, 5)[1].shape == (1, 0)


@settings(max_examples=30)
@given(passages=COLLECTION, question=QUESTION)
def test_a_saved_index_scores_the_same(tmp_path_factory, passages, question):
    folder = tmp_path_factory.mktemp("lexical")
    index = LexicalIndex.build(passages)
    index.save(folder)
    loaded = LexicalIndex.load(folder)
    assert sorted(p.name for p in folder.iterdir()) == sorted(LexicalIndex.file_names())
    assert len(loaded) == len(index)
    np.testing.assert_array_equal(all_scores(loaded, question), all_scores(index, question))
    np.testing.assert_array_equal(loaded.langs, index.langs)


def test_the_files_of_equal_passages_are_equal(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        LexicalIndex.build(SMALL).save(tmp_path / name)
    for name in LexicalIndex.file_names():
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_a_missing_or_broken_file_is_an_error(tmp_path):
    LexicalIndex.build(SMALL).save(tmp_path)
    (tmp_path / "lexical-rows.npy").write_bytes(b"roto")
    with pytest.raises(ValueError, match=r".+"):
        LexicalIndex.load(tmp_path)
    (tmp_path / "lexical-rows.npy").unlink()
    with pytest.raises(OSError, match="lexical-rows"):
        LexicalIndex.load(tmp_path)


def test_words_are_found_however_their_accents_are_written_and_ñ_stays():
    texts = ["El rehén está en la caña", "La cana del rehen", "The hostages of the year"]
    index = LexicalIndex.build(
        [("es", terms(t, "es")) for t in texts[:2]] + [("en", terms(texts[2], "en"))]
    )
    for written in ("rehen", "rehén", "REHENES"):
        assert index.search({"es": [word(terms(written, "es")[0])]}, 9)[1][0].tolist() == [0, 1]
    assert index.search({"es": [word(terms("caña", "es")[0])]}, 9)[1][0].tolist() == [0]
    assert index.search({"en": [word(terms("hostage", "en")[0])]}, 9)[1][0].tolist() == [2]


# ------------------------------------------------------------------------- long lists


class Watched(LexicalIndex):
    """Notes how many passages each word is added to."""

    def _score(self, total, touched, tf, lists, share):
        self.scored.append(sum(one.n for one, _ in lists))
        super()._score(total, touched, tf, lists, share)


@pytest.fixture(scope="module")
def large():
    """20,000 passages, three in four Spanish, of words drawn as in real text: the n-th with a share of 1 / n."""
    rng = np.random.default_rng(5)
    shares = 1 / np.arange(1, 3000)
    drawn = rng.choice(len(shares), (20_000, 12), p=shares / shares.sum())
    langs = np.where(rng.random(20_000) < 0.75, "es", "en")
    index = Watched.build(
        (lang, [f"w{number}" for number in row])
        for lang, row in zip(langs.tolist(), drawn.tolist(), strict=True)
    )
    index.scored = []
    return index


def drawn_question(rng):
    """Rare and frequent words in two languages, some with frequent translations, one held by nobody."""
    ranks = np.exp(rng.uniform(0, np.log(3000), 24)).astype(int).tolist()
    return {
        "es": [word(f"w{rank}") for rank in ranks[:6]],
        "en": [
            [(f"w{a}", 0.6), (f"w{b}", 0.25)] for a, b in zip(ranks[6::2], ranks[7::2], strict=True)
        ],
        "und": [word("nowhere")],
    }


@pytest.mark.parametrize("k", [0, 1, 10, 100])
@pytest.mark.parametrize("step", [None, 1, 3, 400])
def test_what_is_left_out_changes_no_result(large, k, step):
    rng = np.random.default_rng(k)
    allowed = None if step is None else np.arange(1, len(large), step)
    for _ in range(15):
        question = drawn_question(rng)
        asked = rng.integers(0, len(large), 50)
        # With a place for every passage nothing can be left out
        every = all_scores(large, question)
        pool = np.flatnonzero(every > 0) if allowed is None else allowed[every[allowed] > 0]
        expected = pool[np.lexsort((pool, -every[pool]))[:k]]
        scores, rows, also = large.search(question, k, allowed, also=asked)
        np.testing.assert_array_equal(rows[0], expected)
        np.testing.assert_array_equal(scores[0], every[expected])
        np.testing.assert_array_equal(also, every[asked])


def test_frequent_words_are_left_out_when_rare_ones_decide(large):
    question = {"es": [word(f"w{rank}") for rank in (900, 800, 700, 0)]}
    large.scored.clear()
    large.search(question, 5)
    assert large.df("es", "w0") > 10_000 > 1000 > max(large.scored)
    large.search(question, len(large))
    assert max(large.scored) > 10_000
