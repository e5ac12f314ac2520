"""Whether what an index holds can be used: by this version of the program, and with an encoder."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from corpus.document import IncompatibleIndexError
from index.encoder import Encoder, EncoderCard

FORMAT = 6
"""Of what is kept of a passage: it grows when documents have to be read, split or encoded anew."""

# Fixed sentences whose vectors every build keeps, to know the encoder again.
PROBES = (
    "El agua de la fuente baja limpia de la montaña.",
    "The water of the spring comes down clean from the mountain.",
)
_PROBE_MIN_COSINE = 0.99


def probe(encoder: Encoder) -> npt.NDArray[np.float32]:
    """float32[2, dim], the vectors of the fixed sentences."""
    return encoder.encode_passages(list(PROBES))


def check_encoder(
    build_id: str, made_by: EncoderCard, probed: Sequence[Sequence[float]], encoder: Encoder
) -> None:
    """Nothing when an encoder is the one that made a build, and gives the vectors of the fixed sentences that it gave then.

    :raises IncompatibleIndexError: when it is another one.
    """
    ours = encoder.card
    advice = f"run `fuente build` with this encoder, or start with FUENTE_ENCODER={made_by.name}"
    if made_by.dim != ours.dim:
        raise IncompatibleIndexError(
            f"build {build_id} was made by {made_by.name} with {made_by.dim} dimensions, "
            f"the encoder {ours.name} has {ours.dim}; {advice}"
        )
    if made_by.fingerprint != ours.fingerprint:
        raise IncompatibleIndexError(
            f"build {build_id} was made by {made_by.name} (revision {made_by.revision}), "
            f"the encoder is {ours.name} (revision {ours.revision}); {advice}"
        )
    cosines = np.sum(probe(encoder) * np.array(probed, dtype=np.float32), axis=1)
    if float(cosines.min()) < _PROBE_MIN_COSINE:
        raise IncompatibleIndexError(
            f"the encoder {ours.name} gives other vectors than when build {build_id} was made "
            f"(cosine {float(cosines.min()):.3f} on a fixed sentence, expected at least {_PROBE_MIN_COSINE}); {advice}"
        )
