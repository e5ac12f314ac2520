"""Sentence vectors: what is made of the mean of a text's hidden states.

The means lie in a narrow cone, so a share of where they all are is taken away; and what is left is turned, a linear map that
begins as none and is held near that. It has few parameters and rests on layers that do not move, so questions about real
documents, of which there are thousands and not millions, teach it in minutes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


class SentenceHead:
    """What sentence vectors learn: ``turn`` [hidden, hidden], which begins as the identity; ``centre`` [hidden] is given."""

    def __init__(self, centre: Floats, device: Any):
        import torch

        self.centre = torch.tensor(np.asarray(centre, dtype=np.float32), device=device)
        self.turn = torch.nn.Parameter(torch.eye(len(centre), device=device))

    def vectors(self, means: Any) -> Any:
        """Unit sentence vectors [..., hidden] of unit means [..., hidden]."""
        from torch.nn import functional

        return functional.normalize((means - self.centre) @ self.turn.T, dim=-1)

    def strayed(self) -> Any:
        """How far the turn is from none: the sum of squares of what it changes, over ``hidden``."""
        import torch

        apart = self.turn - torch.eye(len(self.turn), device=self.turn.device)
        return apart.pow(2).sum() / len(self.turn)

    def state(self) -> dict[str, Any]:
        """What a checkpoint keeps."""
        return {"centre": self.centre, "turn": self.turn.data}

    def restore(self, state: dict[str, Any]) -> None:
        """Take up what a checkpoint kept."""
        self.centre, self.turn.data = state["centre"], state["turn"]

    def tables(self) -> tuple[Floats, Floats]:
        """The weight float32[hidden, hidden] and the bias float32[hidden] that the export takes."""
        weight = self.turn.detach()
        return weight.cpu().numpy(), -(weight @ self.centre).cpu().numpy()
