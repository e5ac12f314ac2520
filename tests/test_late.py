"""Token vectors as they are taught: the same scores as the index computes, and a head that learns."""

import numpy as np
import pytest
from oracle import max_sim

from index.encoder import MOST_STRESS, stressed
from index.tokens import unpacked

torch = pytest.importorskip("torch", reason="the extra [train] is not installed")

from index.training.late import (  # noqa: E402
    SILENT_WEIGHT,
    TokenHead,
    coded,
    content_pieces,
    first_head,
    idf_of,
)

PIECES = ["<s>", "<pad>", "</s>", "<unk>", "▁de", "▁niña", "▁The", "▁girl", "▁de", "la", "▁¿", "?", "▁1996", "▁según"]  # fmt: skip


def test_marks_and_function_words_say_nothing_but_parts_of_words_do():
    kept = [p for p, says in zip(PIECES, content_pieces(PIECES), strict=True) if says]
    assert kept == ["▁niña", "▁girl", "la", "▁1996"]


def test_the_idf_is_that_of_the_formula_and_1_in_running_text():
    ids = [[4, 5, 5], [4, 7], [4, 5]]
    found = idf_of(ids, 9)
    raw = np.log(4 / (np.array([3, 2, 1]) + 0.5))
    np.testing.assert_allclose(found[[4, 5, 7]] / found[5], raw / raw[1], rtol=1e-5)
    assert (found[[4, 5, 7]] * [3, 2, 1]).sum() / 6 == pytest.approx(1, rel=1e-5)
    assert found[8] > found[7] > found[4]


def test_the_first_head_takes_the_mean_away_and_keeps_what_differs():
    rng = np.random.default_rng(3)
    states = rng.standard_normal((500, 24)).astype(np.float32)
    states[:, 4:] *= 0.01
    states += 30  # a narrow cone
    weight, bias = first_head(states, 4)
    assert weight.shape == (4, 24)
    np.testing.assert_allclose(weight @ weight.T, np.eye(4), atol=1e-5)
    moved = states @ weight.T + bias
    assert abs(moved.mean(axis=0)).max() < 1e-3
    assert (moved**2).sum() > 0.99 * ((states - states.mean(axis=0)) ** 2).sum()


def test_codes_are_those_that_the_index_stores_and_gradients_pass():
    from index.tokens import _norms, pack

    rng = np.random.default_rng(5)
    rows = rng.standard_normal((20, 32)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    vectors = torch.tensor(rows, requires_grad=True)
    found = coded(vectors)
    codes = pack(rows)
    expected = unpacked(codes) / _norms(codes)[:, None]
    np.testing.assert_allclose(found.detach().numpy(), expected, atol=1e-6)
    (found * 3).sum().backward()
    np.testing.assert_allclose(vectors.grad.numpy(), 3)


def head(content=None):
    rng = np.random.default_rng(7)
    weight = rng.standard_normal((16, 8)).astype(np.float32)
    idf = rng.uniform(0.3, 3, len(PIECES)).astype(np.float32)
    says = content_pieces(PIECES) if content is None else content
    return TokenHead(weight, np.full(16, 0.1, np.float32), idf, says, "cpu"), idf


def test_the_scores_are_those_of_a_plain_computation():
    made, idf = head()
    rng = np.random.default_rng(9)
    asked_ids, told_ids = [0, 4, 5, 7, 11, 2], [0, 5, 4, 12, 9, 2]
    asked, told = (rng.standard_normal((1, 6, 8)).astype(np.float32) for _ in range(2))
    inner = torch.tensor([[False, True, True, True, True, False]])
    [[found]] = made.scores(
        (torch.tensor(asked), torch.tensor([asked_ids]), inner),
        (torch.tensor(told), torch.tensor([told_ids]), inner),
    ).tolist()
    with torch.no_grad():
        questions = made.vectors(torch.tensor(asked))[0].numpy()
        passages = coded(made.vectors(torch.tensor(told)))[0].numpy()
    # ▁niña and ▁girl ask; ▁niña, ▁1996 and la answer
    cosines = questions[[2, 3]] @ passages[[1, 3, 4]].T
    expected, _ = max_sim(cosines, idf[[5, 7]])
    assert found == pytest.approx(expected, abs=1e-5)

    made.stress.data = torch.tensor(rng.standard_normal(16).astype(np.float32))
    [[found]] = made.scores(
        (torch.tensor(asked), torch.tensor([asked_ids]), inner),
        (torch.tensor(told), torch.tensor([told_ids]), inner),
    ).tolist()
    says = stressed(questions[[2, 3]], made.tables()["stress"])
    assert abs(np.log(says)).max() > 0.1
    expected, _ = max_sim(cosines, idf[[5, 7]] * says)
    assert found == pytest.approx(expected, abs=1e-5)


def test_stress_is_held_within_bounds():
    rows = np.eye(2, dtype=np.float32)
    found = stressed(rows, np.array([0.5, -9], np.float32))
    np.testing.assert_allclose(found, np.exp([0.5, -MOST_STRESS]), rtol=1e-6)


def test_a_question_of_nothing_but_function_words_has_a_score_still():
    made, _ = head()
    states = torch.randn(1, 4, 8, generator=torch.Generator().manual_seed(1))
    inner = torch.tensor([[False, True, True, False]])
    one = (states, torch.tensor([[0, 4, 11, 2]]), inner)
    [[found]] = made.scores(one, one).tolist()
    assert 0.5 < found <= 1


def test_the_tables_hold_what_was_begun_with_and_little_for_what_says_nothing():
    made, idf = head()
    tables = made.tables()
    says = content_pieces(PIECES)
    np.testing.assert_allclose(tables["idf"][says], idf[says], rtol=1e-4)
    np.testing.assert_allclose(tables["idf"][~says], SILENT_WEIGHT)
    np.testing.assert_array_equal(tables["stress"], np.zeros(16))
    state = made.state()
    other, _ = head()
    other.restore({name: values + 1 for name, values in state.items()})
    np.testing.assert_allclose(other.tables()["head_bias"], tables["head_bias"] + 1)
    np.testing.assert_allclose(other.tables()["stress"], 1)
