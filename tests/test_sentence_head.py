"""Sentence vectors as they are taught: less a part of where all are, and turned."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the extra [train] is not installed")

from index.training.sentence import SentenceHead  # noqa: E402


def made():
    head = SentenceHead(np.array([0.5, 0.0, 0.0], np.float32), "cpu")
    head.turn.data = torch.tensor([[1.0, 0.0, 0.0], [0.0, 0.0, 2.0], [0.0, 1.0, 0.0]])
    return head


def test_a_head_that_has_learnt_nothing_takes_the_centre_away_and_no_more():
    head = SentenceHead(np.array([0.6, 0.0], np.float32), "cpu")
    found = head.vectors(torch.tensor([[0.6, 0.8]]))
    np.testing.assert_allclose(found.detach().numpy(), [[0, 1]], atol=1e-6)
    assert head.strayed().detach() == 0


def test_the_tables_say_what_the_vectors_do():
    head = made()
    means = torch.nn.functional.normalize(torch.randn(5, 3, generator=torch.manual_seed(1)), dim=1)
    weight, bias = head.tables()
    rows = means.numpy() @ weight.T + bias
    expected = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    np.testing.assert_allclose(head.vectors(means).detach().numpy(), expected, atol=1e-6)


def test_how_far_it_strayed_is_counted_from_no_turn():
    # two ones fell away, a two and a one came
    assert float(made().strayed().detach()) == pytest.approx((1 + 1 + 4 + 1) / 3)


def test_a_checkpoint_brings_it_back():
    head = SentenceHead(np.zeros(3, np.float32), "cpu")
    head.restore(made().state())
    for found, expected in zip(head.tables(), made().tables(), strict=True):
        np.testing.assert_array_equal(found, expected)
