"""Dense search against brute force in NumPy, and FAISS's edges."""

import faiss
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.local.dense import DenseIndex


def unit(rows):
    """Unit rows, as an encoder's are kept: in half floats."""
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float16).astype("f4")


def random_rows(n, dim, seed=0):
    return unit(np.random.default_rng(seed).standard_normal((n, dim)))


def brute_force(rows, queries, k, allowed=None):
    """Score descending, then row ascending, over rounded scores so that ties are ties."""
    candidates = np.arange(len(rows)) if allowed is None else np.sort(allowed)
    found = []
    for query in queries:
        scores = np.round(rows[candidates] @ query, 5)
        order = np.lexsort((candidates, -scores))[:k]
        found.append((scores[order], candidates[order]))
    return np.array([s for s, _ in found]), np.array([r for _, r in found])


@pytest.mark.parametrize("k", [1, 10, 99, 500])
@pytest.mark.parametrize(
    "n_queries", [1, 40]
)  # FAISS computes more than 20 questions in another way
def test_search_finds_what_brute_force_finds(k, n_queries):
    rows, queries = random_rows(500, 48), random_rows(n_queries, 48, seed=1)
    scores, found = DenseIndex.build(rows).search(queries, k)
    expected_scores, expected = brute_force(rows, queries, k)
    assert found.dtype == np.int64
    assert scores.dtype == np.float32
    np.testing.assert_allclose(scores, expected_scores, atol=2e-5)
    # neighbours closer than a float can tell may change places
    assert (found == expected).mean() > 0.99


# Rows of small whole numbers: their products are exact, so ties are ties in every arithmetic.
EXACT = st.lists(st.lists(st.integers(-1, 1), min_size=3, max_size=3), min_size=1, max_size=60).map(
    lambda rows: np.array(rows, dtype=np.float32)
)


@given(EXACT, st.integers(1, 70), st.data())
def test_ties_come_in_order_of_their_rows(rows, k, data):
    query = np.array([[1, 2, -1]], dtype=np.float32)
    allowed = None
    if data.draw(st.booleans()):
        drawn = data.draw(st.sets(st.integers(0, len(rows) - 1)))
        allowed = np.array(sorted(drawn), dtype=np.int64)
    scores, found = DenseIndex.build(rows).search(query, k, allowed)
    expected_scores, expected = brute_force(rows, query, k, allowed)
    np.testing.assert_array_equal(found, expected)
    np.testing.assert_array_equal(scores, expected_scores)


@pytest.mark.parametrize("k", [1, 5, 50, 150])
@pytest.mark.parametrize("n_queries", [1, 30])
def test_of_many_equal_passages_the_first_are_found(k, n_queries):
    rows = np.repeat(np.eye(3, 8, dtype=np.float32), 200, axis=0)
    queries = np.repeat(np.eye(2, 8, dtype=np.float32)[1:], n_queries, axis=0)
    _, found = DenseIndex.build(rows).search(queries, k)
    assert (found == np.arange(200, 200 + k)).all()


@pytest.mark.parametrize(
    ("n_equal", "n_better", "k"), [(40, 10, 20), (300, 50, 60), (500, 150, 200)]
)
@pytest.mark.parametrize("n_queries", [1, 30])
def test_better_passages_push_out_the_last_of_many_equal_ones(n_equal, n_better, k, n_queries):
    values = np.array([1.0] * n_equal + [2.0] * n_better, dtype=np.float32)
    queries = np.repeat(np.array([[1, 0]], dtype=np.float32), n_queries, axis=0)
    for order in (np.arange(len(values)), np.random.default_rng(0).permutation(len(values))):
        rows = np.stack([values[order], np.zeros_like(values)], axis=1)
        _, found = DenseIndex.build(rows).search(queries, k)
        assert (found == np.lexsort((np.arange(len(values)), -rows[:, 0]))[:k]).all()


def test_only_allowed_rows_are_found():
    rows, query = random_rows(300, 16), random_rows(1, 16, seed=2)
    index = DenseIndex.build(rows)
    allowed = np.arange(5, 300, 7)
    scores, found = index.search(query, 10, allowed)
    expected_scores, expected = brute_force(rows, query, 10, allowed)
    np.testing.assert_array_equal(found, expected)
    np.testing.assert_allclose(scores, expected_scores, atol=2e-5)


def test_more_neighbours_than_rows_gives_every_row_and_no_minus_one():
    index = DenseIndex.build(random_rows(7, 16))
    scores, found = index.search(random_rows(2, 16, seed=1), 100)
    assert scores.shape == found.shape == (2, 7)
    assert [sorted(row) for row in found.tolist()] == [list(range(7))] * 2
    assert scores.min() >= -1.0001
    _, few = index.search(random_rows(1, 16), 100, np.array([3, 5]))
    assert sorted(few[0].tolist()) == [3, 5]


def test_nothing_to_search_gives_no_rows():
    index = DenseIndex.build(random_rows(7, 16))
    query = random_rows(2, 16)
    for scores, rows in (
        index.search(query, 0),
        index.search(query, 5, np.zeros(0, dtype=np.int64)),
        DenseIndex.build(np.zeros((0, 16), dtype=np.float32)).search(query, 5),
    ):
        assert scores.shape == rows.shape == (2, 0)


def test_a_query_of_another_dimension_is_refused_with_both_numbers():
    index = DenseIndex.build(random_rows(7, 16))
    with pytest.raises(ValueError, match=r"queries are \(1, 12\), the index has 16 dimensions"):
        index.search(random_rows(1, 12), 3)
    with pytest.raises(ValueError, match=r"queries are \(16,\)"):
        index.search(random_rows(1, 16)[0], 3)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_row_that_is_not_finite_is_refused_at_build(bad):
    rows = random_rows(5, 8)
    rows[3, 2] = bad
    with pytest.raises(ValueError, match="1 vectors are not finite, the first at row 3"):
        DenseIndex.build(rows)


def test_vectors_of_another_shape_are_refused_at_build():
    with pytest.raises(ValueError, match="vectors have 1 dimensions, expected 2"):
        DenseIndex.build(np.ones(8, dtype=np.float32))


@pytest.mark.parametrize("n", [0, 1, 200])
def test_a_saved_index_finds_the_same(tmp_path, n):
    rows, queries = (
        random_rows(n, 24) if n else np.zeros((0, 24), np.float32),
        random_rows(3, 24, 1),
    )
    index = DenseIndex.build(rows)
    index.save(tmp_path)
    loaded = DenseIndex.load(tmp_path)
    assert (len(loaded), loaded.dim) == (n, 24)
    for ours, theirs in zip(index.search(queries, 9), loaded.search(queries, 9), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    np.testing.assert_array_equal(loaded.vectors(np.arange(n)), rows)


def test_the_rows_come_back_bit_for_bit():
    rows = random_rows(50, 24)
    wanted = np.array([49, 0, 7, 7])
    np.testing.assert_array_equal(DenseIndex.build(rows).vectors(wanted), rows[wanted])
    assert DenseIndex.build(rows).vectors(wanted[:0]).shape == (0, 24)


def test_a_file_that_is_no_index_is_refused(tmp_path):
    (tmp_path / "dense.faiss").write_bytes(b"no es un indice")
    with pytest.raises(RuntimeError):
        DenseIndex.load(tmp_path)


def test_an_index_that_cannot_be_written_is_an_os_error(tmp_path):
    with pytest.raises(OSError, match="dense.faiss could not be written"):
        DenseIndex.build(random_rows(3, 8)).save(tmp_path / "nowhere")


# ------------------------------------------------------------------------- codes first


def clustered(n, dim, seed=0):
    """Rows as texts are: about themes, and about subjects within a theme."""
    rng = np.random.default_rng(seed)
    themes = rng.standard_normal((20, dim))
    subjects = themes[rng.integers(0, 20, 200)] + 0.7 * rng.standard_normal((200, dim))
    return unit(subjects[rng.integers(0, 200, n)] + 0.5 * rng.standard_normal((n, dim)))


@pytest.fixture(scope="module")
def coded():
    rows = clustered(4000, 64)
    return rows, DenseIndex.build(rows, exact_rows=3999)


def test_with_codes_nearly_all_of_the_nearest_are_found_with_their_exact_scores(coded):
    rows, index = coded
    queries = unit(rows[::40] + 0.1 * random_rows(100, 64, seed=3))
    scores, found = index.search(queries, 10)
    expected_scores, expected = brute_force(rows, queries, 10)
    recall = np.mean([len(set(a) & set(b)) / 10 for a, b in zip(found, expected, strict=True)])
    assert recall > 0.97
    for query, own_scores, own_rows in zip(queries, scores, found, strict=True):
        np.testing.assert_allclose(own_scores, rows[own_rows] @ query, atol=2e-5)
    assert (np.diff(scores, axis=1) <= 0).all()
    assert (np.abs(scores[:, 0] - expected_scores[:, 0]) < 1e-4).mean() > 0.97


@pytest.mark.parametrize("step", [1, 2, 7, 1000])
def test_with_codes_a_search_in_allowed_rows_is_exact(coded, step):
    rows, index = coded
    allowed = np.arange(3, len(rows), step)
    queries = random_rows(5, 64, seed=4)
    scores, found = index.search(queries, 20, allowed)
    expected_scores, expected = brute_force(rows, queries, 20, allowed)
    assert (found == expected).mean() > 0.98
    np.testing.assert_allclose(scores, expected_scores, atol=2e-5)


def test_with_codes_the_rows_come_back_bit_for_bit_and_after_a_file_too(coded, tmp_path):
    rows, index = coded
    index.save(tmp_path)
    loaded = DenseIndex.load(tmp_path)
    assert (len(loaded), loaded.dim) == (4000, 64)
    wanted = np.array([3999, 0, 7, 7])
    for one in (index, loaded):
        np.testing.assert_array_equal(one.vectors(wanted), rows[wanted])
    queries = random_rows(30, 64, seed=5)
    for allowed in (None, np.arange(0, 4000, 3)):
        for ours, theirs in zip(
            index.search(queries, 9, allowed), loaded.search(queries, 9, allowed), strict=True
        ):
            np.testing.assert_array_equal(ours, theirs)


def test_with_codes_of_many_equal_passages_the_first_are_found():
    rows = np.repeat(random_rows(10, 16), 300, axis=0)
    index = DenseIndex.build(rows, exact_rows=100)
    _, found = index.search(rows[900:901], 50)
    assert found[0].tolist() == list(range(900, 950))


def test_equal_rows_give_equal_files(tmp_path):
    for name, threads in (("one", 1), ("two", 2)):
        faiss.omp_set_num_threads(threads)
        (tmp_path / name).mkdir()
        DenseIndex.build(clustered(2000, 16), exact_rows=100).save(tmp_path / name)
    [file] = DenseIndex.file_names()
    assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


@pytest.mark.parametrize(("n", "dim"), [(100, 16), (500, 15)])
def test_few_rows_and_odd_dimensions_are_searched_whole(n, dim):
    rows, queries = random_rows(n, dim), random_rows(5, dim, seed=1)
    index = DenseIndex.build(rows, exact_rows=100)
    np.testing.assert_array_equal(index.search(queries, 3)[1], brute_force(rows, queries, 3)[1])


def test_an_index_of_another_kind_is_refused(tmp_path):
    faiss.write_index(faiss.IndexFlatIP(8), str(tmp_path / "dense.faiss"))
    with pytest.raises(RuntimeError, match="IndexFlatIP, expected half floats"):
        DenseIndex.load(tmp_path)


def test_the_codes_propose_enough_to_find_nearly_all_of_the_best():
    rng = np.random.default_rng(5)
    centres = rng.normal(size=(400, 64))
    drawn = centres[rng.integers(400, size=3040)] + 0.6 * rng.normal(size=(3040, 64))
    drawn /= np.linalg.norm(drawn, axis=1, keepdims=True)
    rows, queries = drawn[:3000].astype(np.float32), drawn[3000:].astype(np.float32)
    _, found = DenseIndex.build(rows, exact_rows=100).search(queries, 100)
    best = np.argsort(-(queries @ rows.T), axis=1)[:, :100]
    shared = [len(set(a) & set(b)) for a, b in zip(found.tolist(), best.tolist(), strict=True)]
    # proposing three times as many gives .987, twice .952
    assert np.mean(shared) >= 99.5
