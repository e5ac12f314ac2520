"""One score from several legs.

Every leg is on a scale that means the same for every question: cosine (dense, of the passage and of its best sentence), share
of the question's idf found (lexical), idf-weighted mean of best cosines (late interaction, with the passage and with
its best sentence). So a weighted sum needs no ranks and no statistics of the candidates. The weights depend on whether
question and passage share a language: across languages words meet only through names, numbers and the translation table.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from corpus.document import SettingsError
from index.legs import LEGS
from index.searchable import Scores
from qa.calibration import ByLanguage, Fusion


def fuse(
    legs: Mapping[str, Scores], same_language: npt.NDArray[np.bool_], weights: ByLanguage
) -> Scores:
    """float32[n], the weighted sum per candidate of all legs that have a weight; ``same_language`` says which candidates
    are in the question's language."""
    total = np.zeros(len(same_language), dtype=np.float32)
    for side, members in ((weights.same, same_language), (weights.across, ~same_language)):
        for leg in LEGS:
            if side.of(leg):
                total[members] += np.float32(side.of(leg)) * legs[leg][members]
        total[members] += np.float32(side.constant)
    return total


def checked(fusion: Fusion, proposing: tuple[str, ...]) -> Fusion:
    """The fusion itself, where every weight is that of a leg, and at first sight of one that looks at the whole index.

    :raises SettingsError: where it is not.
    """
    for where, side, known in (
        ("fusion.first.same", fusion.first.same, proposing),
        ("fusion.first.across", fusion.first.across, proposing),
        ("fusion.close.same", fusion.close.same, LEGS),
        ("fusion.close.across", fusion.close.across, LEGS),
    ):
        unknown = [name for name in side.weights if name not in known]
        if unknown:
            raise SettingsError(
                f"the calibration's {where} has a weight for {', '.join(unknown)}; expected legs: {', '.join(known)}"
            )
    return fusion
