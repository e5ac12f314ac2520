"""What the tests compare with: the same things, written out by hand."""

import numpy as np
import numpy.typing as npt


def max_sim(
    cosines: npt.NDArray[np.float32], weights: npt.NDArray[np.float32]
) -> tuple[float, npt.NDArray[np.float32]]:
    """Weighted mean of each question token's best cosine, in -1..1, and those cosines float32[n_query]."""
    if not cosines.shape[1] or not len(weights) or weights.sum() <= 0:
        return 0.0, np.zeros(cosines.shape[0], dtype=np.float32)
    best = cosines.max(axis=1)
    return float(best @ weights / weights.sum()), best
