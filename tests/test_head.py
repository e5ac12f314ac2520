"""The third stage of training: its losses against a plain computation, what it learns, and how it continues."""

import random
from collections import Counter

import numpy as np
import pytest

from corpus.document import CorpusError
from index.training.head import (
    HeadOptions,
    Round,
    _draw_texts,
    _Model,
    _question_loss,
    _read_column,
    _translation_loss,
    _write_states,
    fit_head,
)
from index.training.text import SHORT_SENTENCES, Corpora

torch = pytest.importorskip("torch", reason="the extra [train] is not installed")


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    """The products are small: more threads would mostly wait for each other."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


N_CONCEPTS, DIM, N_SPECIAL = 80, 24, 5
FILLERS = ("de", "of", "ñ")
PIECES = [
    *("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"),
    *FILLERS,
    *(f"año{i}" for i in range(N_CONCEPTS)),
    *(f"year{i}" for i in range(N_CONCEPTS)),
]
IDS = {piece: i for i, piece in enumerate(PIECES)}


class WordStates:
    """Hidden states of words that never look around: a word and its translation differ by the direction of their
    language, and words that mean nothing are long."""

    def __init__(self, seed=0):
        rng = np.random.default_rng(seed)
        meanings = rng.standard_normal((N_CONCEPTS, DIM))
        language = rng.standard_normal(DIM)
        noise = rng.standard_normal((2, N_CONCEPTS, DIM)) * 0.3
        special = rng.standard_normal((N_SPECIAL, DIM)) * 50
        fillers = rng.standard_normal((len(FILLERS), DIM)) * 2
        self.rows = np.concatenate(
            [special, fillers, meanings + language + noise[0], meanings - language + noise[1]]
        ).astype(np.float16)
        self.asked = Counter()

    def __call__(self, texts, max_tokens):
        found = []
        for text in texts:
            self.asked[text] += 1
            words = [IDS.get(word.strip("¿?.").lower(), 1) for word in text.split()]
            ids = np.array([2, *words[: max_tokens - 2], 3])
            found.append((ids, self.rows[ids]))
        return found


def pair_of(rng, n):
    concepts = rng.sample(range(N_CONCEPTS), n)
    english = [w for c in concepts for w in rng.sample([f"year{c}", "of"], rng.randint(1, 2))]
    spanish = [w for c in concepts for w in rng.sample([f"año{c}", rng.choice(["de", "ñ"])], 2)]
    keep = [f"year{concepts[0]}", f"año{concepts[0]}"]
    return " ".join([*english, keep[0]]), " ".join([*spanish, keep[1]])


def corpora(n_short=600):
    rng = random.Random(5)
    paragraphs = [pair_of(rng, 8) for _ in range(120)]
    both = [pair_of(rng, 5) for _ in range(40)]
    return Corpora(
        sentences={
            SHORT_SENTENCES[0]: [pair_of(rng, 3) for _ in range(n_short)],
            "own": [pair_of(rng, 6) for _ in range(100)],
        },
        paragraphs={"own": paragraphs},
        runs={"own": paragraphs, "english": [(e, "") for e, _ in paragraphs]},
        questions=[
            *({"en": (e.split(" ", 1)[1], e), "es": (s.split(" ", 1)[1], s)} for e, s in both),
            *({"en": (e.split(" ", 1)[1], e)} for e, _ in both[:10]),
        ],
        held_out=[pair_of(rng, 8) for _ in range(30)],
    )


def options(*rounds, **facts):
    settings = {
        "short_pairs": 300,
        "other_pairs": 80,
        "made_questions": 90,
        "real_questions": 60,
        "batch_short": 64,
        "batch_other": 32,
        "batch_questions": 16,
        "rounds": rounds or (Round(40, 1.0, 3e-2, 5e-2), Round(20, 3.0, 1e-2, 5e-2, 0.8, 0.8)),
        **facts,
    }
    return HeadOptions(**settings)


def ones():
    return np.ones(len(PIECES), dtype=np.float32)


def fit(work, states=None, pooling=None, text=None, opts=None, log=None, seed=4):
    lines = []
    found = fit_head(
        states or WordStates(),
        ones() if pooling is None else pooling,
        text or corpora(),
        opts or options(),
        work=work,
        seed=seed,
        log=log or lines.append,
    )
    return found, lines


def by_hand(texts, states, weights, head):
    """Unit vectors as the finished encoder gives them, in numpy."""
    rows = []
    for ids, hidden in states(texts, 128):
        known = ids >= N_SPECIAL
        mean = weights[ids[known]] @ hidden[known].astype(np.float32)
        rows.append(mean @ head)
    rows = np.array(rows)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def share_right(a, b):
    return float(np.mean((a @ b.T).argmax(1) == np.arange(len(a))))


# ------------------------------------------------------------------------- what it learns


@pytest.fixture(scope="module")
def fitted(tmp_path_factory):
    return fit(tmp_path_factory.mktemp("head"))


def test_translations_and_questions_are_found_better_than_before(fitted):
    found, lines = fitted
    history = found.figures["history"]
    assert found.figures["steps"] == 60
    assert [h["step"] for h in history] == [25, 40, 50, 60]
    [before] = [line for line in lines if "before" in line]
    for direction in ("text es-en", "text en-es", "question es-en", "question en-es"):
        start = float(before.split(f"'{direction}': ")[1].split(",")[0].rstrip("}"))
        assert history[-1][direction] > start + 0.1, direction
    for loss in ("loss of translations", "loss of questions"):
        assert history[1][loss] < 0.8 * history[0][loss]


def test_the_figures_are_those_of_the_head_and_the_weights_it_gives(fitted):
    found, _ = fitted
    columns = _draw_texts(corpora(), options(), random.Random(4))
    states = WordStates()
    vectors = {
        lang: by_hand(columns[f"held.{lang}"].texts, states, found.pooling_weights, found.head)
        for lang in ("es", "en")
    }
    last = found.figures["history"][-1]
    assert len(vectors["es"]) == 60
    assert share_right(vectors["es"], vectors["en"]) == pytest.approx(last["text es-en"], abs=1e-4)
    assert share_right(vectors["en"], vectors["es"]) == pytest.approx(last["text en-es"], abs=1e-4)


def test_words_that_say_nothing_weigh_less_and_special_pieces_nothing(fitted):
    found, _ = fitted
    weights = found.pooling_weights
    assert weights.dtype == found.head.dtype == np.float32
    assert (found.head.shape, weights.shape) == ((DIM, DIM), (len(PIECES),))
    assert weights[:N_SPECIAL].tolist() == [0] * N_SPECIAL
    meaning = np.median(weights[N_SPECIAL + len(FILLERS) :])
    assert all(weights[IDS[word]] < 0.8 * meaning for word in FILLERS)


# ------------------------------------------------------------------------- the losses


def columns_of(folder, texts):
    states = WordStates()
    _write_states(states, texts, folder, len(PIECES), lambda _: None)
    return {n: _read_column(folder, n, c.texts, DIM) for n, c in texts.items()}


def cross_entropy(scores):
    return float(np.mean(np.log(np.exp(scores).sum(1)) - np.diag(scores)))


def test_both_losses_are_those_of_a_plain_computation(tmp_path):
    text = corpora()
    rng = random.Random(3)
    twice = pair_of(rng, 3)
    # the same English twice, and a text in which no piece is known
    text.sentences = {
        SHORT_SENTENCES[0]: [
            *(pair_of(rng, 3) for _ in range(40)),
            twice,
            (twice[0], "año3 año4"),
            ("漢字", "ж"),
        ]
    }
    opts = options(
        held_out_pairs=1, made_questions=16, real_questions=0, share_short=1.0, temperature=0.5
    )
    texts = _draw_texts(text, opts, random.Random(1))
    assert {"both.q.en", "single.q"}.isdisjoint(texts)
    columns = columns_of(tmp_path, texts)
    model = _Model(ones(), DIM)
    with torch.no_grad():
        model.turn.copy_(torch.eye(DIM) * 0.1 + 0.05)
        model.log_weights[IDS["of"]] = -1.5
    head = np.eye(DIM) + model.turn.detach().numpy()
    weights = np.exp(model.log_weights.detach().numpy())
    states = WordStates()

    def vectors(name):
        with np.errstate(invalid="ignore"):
            return np.nan_to_num(by_hand(texts[name].texts, states, weights, head))

    scores = vectors("short.es") @ vectors("short.en").T / 0.5
    n = len(scores)
    for side in ("en", "es"):
        lines = texts[f"short.{side}"].texts
        for i in range(n):
            for j in range(n):
                if i != j and lines[i] == lines[j]:
                    scores[i, j] = -1e4
    assert (scores == -1e4).sum() == 2
    expected = 0.5 * (cross_entropy(scores) + cross_entropy(scores.T))
    with torch.no_grad():
        found = _translation_loss(model, columns, opts, random.Random(2))
    assert float(found) == pytest.approx(expected, rel=1e-3)

    plain = []
    for ask in ("es", "en"):
        for tell in ("es", "en"):
            s = vectors(f"made.q.{ask}") @ vectors(f"made.p.{tell}").T / 0.5
            plain.append(cross_entropy(s) + 0.3 * cross_entropy(s.T))
    with torch.no_grad():
        got = [
            float(_question_loss(model, columns, opts, random.Random(seed))) for seed in range(9)
        ]
    assert len({round(one, 2) for one in got}) > 2
    assert all(min(abs(one - other) for other in plain) < 2e-3 for one in got)


def test_a_round_begins_at_a_part_of_the_way():
    model = _Model(2 * ones(), 2)
    with torch.no_grad():
        model.turn.copy_(torch.tensor([[1.0, 2.0], [0.0, -4.0]]))
        model.log_weights.add_(1.0)
    model.shorten(Round(1, 1.0, 1e-3, 1e-3, head_share=0.5, weights_share=0.25))
    found = model.result({})
    np.testing.assert_allclose(found.head, [[1.5, 1.0], [0.0, -1.0]])
    np.testing.assert_allclose(found.pooling_weights[N_SPECIAL:], 2 * np.exp(0.25), rtol=1e-5)


# ------------------------------------------------------------------------- the texts


def test_held_out_texts_are_in_no_other_set_and_short_pairs_are_short_sentences():
    text = corpora()
    held_in_others = text.sentences[SHORT_SENTENCES[0]][:50]
    text.sentences["own"] = text.sentences["own"] + held_in_others * 4
    drawn = _draw_texts(text, options(), random.Random(2))
    for lang, side in (("en", 0), ("es", 1)):
        held = set(drawn[f"held.{lang}"].texts)
        assert len(held) == 60
        for name in ("short", "other"):
            assert held.isdisjoint(drawn[f"{name}.{lang}"].texts)
        named = {pair[side] for pair in text.sentences[SHORT_SENTENCES[0]]}
        assert set(drawn[f"short.{lang}"].texts) <= named
    # the paragraphs without Spanish were passed over
    assert len(drawn["made.p.es"].texts) == 90
    assert all("año" in passage for passage in drawn["made.p.es"].texts)
    assert [len(drawn[n].texts) for n in ("both.q.es", "single.q", "apart.p.en")] == [30, 10, 30]
    assert drawn["made.q.es"].max_tokens == drawn["single.q"].max_tokens == 64
    assert drawn["both.p.en"].max_tokens == 256


def test_without_a_source_of_short_sentences_all_are_drawn_from():
    text = corpora()
    text.sentences = {"own": text.sentences[SHORT_SENTENCES[0]]}
    drawn = _draw_texts(text, options(), random.Random(2))
    assert len(drawn["short.es"].texts) == 300
    assert len(drawn["other.es"].texts) > 50


# ------------------------------------------------------------------------- stopped, and started again


def stopping_at(lines, words):
    """A log that is interrupted, as by Ctrl-C, after the line with these words."""

    def log(line):
        lines.append(line)
        if words in line:
            raise KeyboardInterrupt

    return log


@pytest.mark.parametrize("words", ["step 25 of", "step 40 of", "step 50 of", "states of"])
def test_a_run_that_was_stopped_ends_as_it_would_have_without(fitted, tmp_path, words):
    first = []
    with pytest.raises(KeyboardInterrupt):
        fit(tmp_path, log=stopping_at(first, words))
    found, lines = fit(tmp_path)
    if words != "states of":
        assert lines[0] == f"head: resumed at step {words.split()[1]}"
        assert not any("states of" in line for line in lines)
    np.testing.assert_array_equal(found.head, fitted[0].head)
    np.testing.assert_array_equal(found.pooling_weights, fitted[0].pooling_weights)
    assert found.figures == fitted[0].figures
    assert [p.name for p in tmp_path.iterdir()] == ["head.pt"]


def test_states_that_were_written_are_not_computed_again(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        fit(tmp_path, log=stopping_at([], "before, held out"))
    again = WordStates()
    fit(tmp_path, states=again)
    # the first text of each set tells that the encoder is the same
    assert sum(again.asked.values()) == len(_draw_texts(corpora(), options(), random.Random(4)))


def test_a_finished_run_only_gives_its_result(fitted, tmp_path):
    whole, _ = fit(tmp_path)
    found, lines = fit(tmp_path)
    assert lines == ["head: resumed at step 60"]
    np.testing.assert_array_equal(found.head, whole.head)
    np.testing.assert_array_equal(found.head, fitted[0].head)


@pytest.mark.parametrize("what", ["encoder", "weights", "seed"])
def test_with_another_encoder_or_other_text_it_begins_anew(tmp_path, what):
    short = options(Round(2, 1.0, 1e-2, 1e-2))
    with pytest.raises(KeyboardInterrupt):
        fit(tmp_path, opts=short, log=stopping_at([], "step 2 of"))
    other = {
        "encoder": {"states": WordStates(seed=9)},
        "weights": {"pooling": 2 * ones()},
        "seed": {"seed": 5},
    }[what]
    found, lines = fit(tmp_path, opts=short, **other)
    assert "begins anew" in lines[0]
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    expected, _ = fit(fresh, opts=short, **other)
    np.testing.assert_array_equal(found.head, expected.head)


def test_a_seed_decides(tmp_path, fitted):
    other = tmp_path / "other"
    other.mkdir()
    assert not np.array_equal(fit(other, seed=5)[0].head, fitted[0].head)


# ------------------------------------------------------------------------- what does not fit


@pytest.mark.parametrize(
    ("pooling", "message"),
    [
        (np.ones((2, 3)), r"shape \(2, 3\); expected one for each piece"),
        (np.full(len(PIECES), np.nan), "finite"),
        (np.full(len(PIECES), -1.0), "none negative"),
        (np.ones(20), r"piece \d+ of 20 pooling weights"),
    ],
    ids=["matrix", "nan", "negative", "few"],
)
def test_pooling_weights_that_do_not_fit_are_refused(tmp_path, pooling, message):
    with pytest.raises(ValueError, match=message):
        fit(tmp_path, pooling=pooling)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda rows: rows[1:], r"hidden states \(\d+, 24\) of \d+ pieces; expected a line each"),
        (lambda rows: rows.ravel(), "expected a line each"),
        (lambda rows: rows * np.nan, "not finite"),
    ],
    ids=["lines", "flat", "nan"],
)
def test_states_that_do_not_fit_are_refused(tmp_path, spoil, message):
    good = WordStates()

    def states(texts, max_tokens):
        return [(ids, spoil(rows)) for ids, rows in good(texts, max_tokens)]

    with pytest.raises(ValueError, match=message):
        fit(tmp_path, states=states)


def test_too_little_text_is_told_with_its_numbers(tmp_path):
    few = corpora()
    few.sentences = {SHORT_SENTENCES[0]: few.sentences[SHORT_SENTENCES[0]][:7]}
    with pytest.raises(CorpusError, match=r"^7 pairs of sentences, 240 and 30 held-out paragraphs"):
        fit(tmp_path, text=few)
    none = corpora()
    none.held_out = []
    with pytest.raises(CorpusError, match="and 0 held-out paragraphs; expected at least 20"):
        fit(tmp_path, text=none)
