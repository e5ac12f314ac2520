"""Token vectors for late interaction: a linear head over the last hidden states, a weight for every piece of a question, and
how much more or less a token counts by what it means there (``index.encoder.stressed``).

The hidden states of the start model lie in a narrow cone, so the head has a bias that takes their mean away. It begins as the
128 directions in which the tokens of passages differ most, turned at random so that each dimension earns its two bits. What is
learnt is learnt on the codes that are stored: forward a passage's token is its code, backward it is itself (Bengio, Léonard &
Courville 2013, arXiv:1308.3432).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.languages import PACKS
from corpus.languages.pack import fold
from index.encoder import MOST_STRESS
from index.tokens import BOUNDARY, LEVELS
from index.training.e5 import SPECIAL_PIECES

Floats = npt.NDArray[np.float32]

# A piece that says nothing weighs next to nothing in a question, but a question of nothing else has a direction still.
SILENT_WEIGHT = 1e-3

# The weights that learning begins with: the idf of a piece, within these bounds.
_LEAST, _MOST = 0.05, 6.0


def content_pieces(pieces: Sequence[str]) -> npt.NDArray[np.bool_]:
    """bool[n_pieces]: which pieces say something: no marks, and no function words of either language."""
    stop = {word for pack in PACKS.values() for word in pack.stop_words}
    stop |= {fold(word) for word in stop}
    found = np.ones(len(pieces), dtype=bool)
    for i, piece in enumerate(pieces):
        word = piece.removeprefix("▁")
        is_word = word != piece and word.lower() in stop
        found[i] = any(map(str.isalnum, word)) and not is_word and i >= len(SPECIAL_PIECES)
    return found


def idf_of(ids: Sequence[Sequence[int]], n_pieces: int) -> Floats:
    """ln((N + 1) / (df + 0.5)) of every piece over some texts, scaled to mean 1 over the pieces of running text."""
    df = np.zeros(n_pieces)
    for row in ids:
        df[list(set(row))] += 1
    idf = np.log((len(ids) + 1) / (df + 0.5))
    scaled: Floats = (idf / max(1e-6, float((idf * df).sum() / max(1.0, df.sum())))).astype(
        np.float32
    )
    return scaled


def first_head(states: Floats, dim: int) -> tuple[Floats, Floats]:
    """The head to begin with: weight float32[dim, hidden] and bias float32[dim]; ``states`` float32[n, hidden] are of tokens
    that passages keep."""
    mean = states.mean(axis=0)
    centred = states - mean
    centred /= np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-6)
    dim = min(dim, states.shape[1])
    _, directions = np.linalg.eigh(centred.T.astype(np.float64) @ centred)
    rotation = np.linalg.qr(np.random.default_rng(7).standard_normal((dim, dim)))[0]
    weight = (directions[:, ::-1][:, :dim] @ rotation).T.astype(np.float32)
    return weight, -(weight @ mean).astype(np.float32)


def coded(vectors: Any) -> Any:
    """What two bits a dimension keep of unit vectors [..., dim], as unit vectors; gradients pass as if nothing were lost."""
    import torch
    from torch.nn import functional

    scaled = vectors.detach() * vectors.shape[-1] ** 0.5
    inner, outer = (float(level) for level in LEVELS[2:])
    sizes = torch.where(scaled.abs() > BOUNDARY, outer, inner)
    codes = functional.normalize(torch.where(scaled > 0, sizes, -sizes), dim=-1)
    return vectors + (codes - vectors).detach()


class TokenHead:
    """What late interaction learns: ``weight`` [dim, hidden], ``bias`` [dim], before softplus a weight for every piece, and
    ``stress`` [dim], which begins at nothing."""

    def __init__(
        self,
        weight: Floats,
        bias: Floats,
        idf: Floats,
        content: npt.NDArray[np.bool_],
        device: Any,
    ):
        import torch

        bounded = np.clip(np.asarray(idf, dtype=np.float64), _LEAST, _MOST)
        raw = np.log(np.expm1(bounded)).astype(np.float32)
        none = np.zeros(len(bias), dtype=np.float32)
        self.weight, self.bias, self.raw, self.stress = (
            torch.nn.Parameter(torch.tensor(values, device=device))
            for values in (weight, bias, raw, none)
        )
        self._content = torch.tensor(content, device=device)

    def vectors(self, hidden: Any) -> Any:
        """Unit token vectors [..., dim] of hidden states [..., hidden]."""
        from torch.nn import functional

        return functional.normalize(
            functional.linear(hidden.float(), self.weight, self.bias), dim=-1
        )

    def _kept(self, ids: Any, inner: Any) -> Any:
        """Which tokens count: those of content pieces; all of a text that has no other."""
        kept = inner & self._content[ids]
        return kept | (inner & ~kept.any(1, keepdim=True))

    def scores(self, asked: tuple[Any, Any, Any], told: tuple[Any, Any, Any]) -> Any:
        """Late interaction of every question with every passage as the index computes it, [n_questions, n_passages] in
        -1..1; each side is hidden states [n, length, hidden], ids [n, length], and which tokens stand inside the text."""
        import torch
        from torch.nn import functional

        hidden, ids, inner = asked
        questions = self.vectors(hidden)
        stressed = (questions @ self.stress).clamp(-MOST_STRESS, MOST_STRESS).exp()
        shares = functional.softplus(self.raw)[ids] * stressed * self._kept(ids, inner)
        shares = shares / shares.sum(1, keepdim=True).clamp_min(1e-6)
        hidden, ids, inner = told
        kept = self._kept(ids, inner)
        passages = coded(self.vectors(hidden))
        n, width, dim = passages.shape
        beyond = torch.where(kept, 0.0, -2.0).reshape(1, n, width)
        found = []
        for question, share in zip(questions, shares, strict=True):
            cosines = (question @ passages.reshape(n * width, dim).T).reshape(-1, n, width) + beyond
            found.append(share @ cosines.amax(-1))
        return torch.stack(found)

    def parameters(self) -> list[Any]:
        """What is learnt."""
        return [self.weight, self.bias, self.raw, self.stress]

    def state(self) -> dict[str, Any]:
        """What a checkpoint keeps."""
        return {
            "weight": self.weight.data,
            "bias": self.bias.data,
            "raw": self.raw.data,
            "stress": self.stress.data,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Take up what a checkpoint kept."""
        for name, values in state.items():
            getattr(self, name).data = values

    def tables(self) -> dict[str, Floats]:
        """``head_weight``, ``head_bias``, ``idf`` and ``stress`` as the export takes them."""
        from torch.nn import functional

        shares = functional.softplus(self.raw.detach()) * self._content
        return {
            "head_weight": self.weight.detach().cpu().numpy(),
            "head_bias": self.bias.detach().cpu().numpy(),
            "idf": np.maximum(shares.cpu().numpy(), SILENT_WEIGHT),
            "stress": self.stress.detach().cpu().numpy(),
        }
